"""What finds nameless controls does find them."""

from PySide6.QtWidgets import QComboBox, QLineEdit, QPushButton, QSpinBox, QTableWidget, QVBoxLayout, QWidget

from tests.ui.names import unnamed


def _page(qtbot, *controls: QWidget) -> QWidget:
    page = QWidget(objectName="page")
    layout = QVBoxLayout(page)
    for control in controls:
        layout.addWidget(control)
    qtbot.addWidget(page)
    return page


def test_a_control_without_names_is_found(qtbot):
    page = _page(qtbot, QLineEdit(), QPushButton("", objectName="go"), QComboBox(), QTableWidget(2, 2))
    found = "\n".join(unnamed(page))
    assert "no objectName: QLineEdit in page" in found
    assert "no accessible name: QLineEdit in page" in found
    assert "no accessible name: go" in found
    assert "no objectName: QComboBox in page" in found
    assert "no objectName: QTableWidget in page" in found


def test_the_parts_of_a_named_control_are_its_own(qtbot):
    box, table = QSpinBox(objectName="copies"), QTableWidget(2, 2, objectName="rows")
    chosen = QComboBox(objectName="who")
    chosen.setEditable(True)
    for control in (box, table, chosen):
        control.setAccessibleName("said")
    assert not list(unnamed(_page(qtbot, box, table, chosen)))


def test_what_a_screen_puts_into_a_cell_needs_names_too(qtbot):
    table = QTableWidget(1, 1, objectName="rows", accessibleName="said")
    table.setCellWidget(0, 0, QPushButton(""))
    assert any("QPushButton" in text for text in unnamed(_page(qtbot, table)))
