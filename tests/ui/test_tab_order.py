"""Tab goes in the order of what is seen, whenever it was made; Enter presses the button it stands on."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLineEdit, QScrollArea, QVBoxLayout, QWidget

from desktop.ui.widgets.plain import Button
from desktop.ui.widgets.tab_order import TabsByEye


class _Window(TabsByEye, QWidget):
    pass


@pytest.fixture
def window(qtbot):
    """A window whose middle is made last, with a grid filled from its end and a list that scrolls."""
    window = _Window()
    qtbot.addWidget(window)
    whole = QVBoxLayout(window)
    last = Button("last", name="last")
    middle = QHBoxLayout()
    whole.addLayout(middle)
    whole.addWidget(last)
    area = QScrollArea()
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    area.setWidgetResizable(True)
    page = QWidget()
    lines = QVBoxLayout(page)
    area.setWidget(page)
    grid = QGridLayout()
    for at in ((1, 1), (1, 0), (0, 1), (0, 0)):
        field = QLineEdit()
        field.setObjectName(f"grid{at[0]}{at[1]}")
        grid.addWidget(field, *at)
    middle.addLayout(grid)
    middle.addWidget(area)
    for number in range(20):
        field = QLineEdit()
        field.setObjectName(f"line{number}")
        field.setMinimumHeight(30)
        lines.addWidget(field)
    window.area = area
    window.resize(400, 200)
    window.show()
    qtbot.waitExposed(window)
    return window


def _tabbed(qtbot, window, times: int, key=Qt.Key.Key_Tab) -> list[str]:
    seen = []
    for _ in range(times):
        qtbot.keyClick(window.focusWidget() or window, key)
        seen.append(window.focusWidget().objectName())
    return seen


def test_tab_goes_by_place_not_by_birth(window, qtbot):
    window.findChild(QLineEdit, "grid00").setFocus()
    lines = [f"line{number}" for number in range(20)]
    assert _tabbed(qtbot, window, 25) == ["grid01", "grid10", "grid11", *lines, "last", "grid00"]
    assert _tabbed(qtbot, window, 3, Qt.Key.Key_Backtab) == ["last", "line19", "line18"]


def test_what_cannot_be_used_or_seen_is_passed_over(window, qtbot):
    window.findChild(QLineEdit, "grid00").setFocus()
    window.findChild(QLineEdit, "grid01").setEnabled(False)
    window.findChild(QLineEdit, "grid10").hide()
    assert _tabbed(qtbot, window, 1) == ["grid11"]


def test_where_tab_goes_is_brought_into_view(window, qtbot):
    window.findChild(Button, "last").setFocus()
    assert _tabbed(qtbot, window, 1, Qt.Key.Key_Backtab) == ["line19"]
    field, area = window.findChild(QLineEdit, "line19"), window.area.viewport()
    assert area.rect().contains(field.mapTo(area, field.rect().center()))


def test_enter_presses_the_button_it_stands_on(window, qtbot):
    button = window.findChild(Button, "last")
    button.setFocus()
    with qtbot.waitSignal(button.clicked):
        qtbot.keyClick(button, Qt.Key.Key_Return)
    pressed = []
    button.clicked.connect(lambda: pressed.append(1))
    qtbot.keyClick(button, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert not pressed
