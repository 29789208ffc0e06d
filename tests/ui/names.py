"""Finds controls a screen reader cannot say, or a script cannot find: no accessible name, no name of their own."""

from collections.abc import Iterator

from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSpinBox,
    QCalendarWidget,
    QComboBox,
    QHeaderView,
    QLineEdit,
    QPlainTextEdit,
    QTabBar,
    QTextEdit,
    QWidget,
)

_CONTROLS = (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSpinBox,
    QComboBox,
    QLineEdit,
    QPlainTextEdit,
    QTabBar,
    QTextEdit,
)
_WHOLES = (QAbstractSpinBox, QCalendarWidget, QComboBox, QLineEdit, QTabBar)


def unnamed(window: QWidget) -> Iterator[str]:
    """Yield what each visible control lacks; the parts Qt makes inside a control belong to that control."""
    for control in window.findChildren(QWidget):
        if not isinstance(control, _CONTROLS) or not control.isVisibleTo(window) or _is_part(control):
            continue
        place = f"{type(control).__name__} in {_place(control)}"
        if not control.objectName():
            yield f"no objectName: {place}"
        spoken = QAccessible.queryAccessibleInterface(control)
        if spoken is None or not spoken.text(QAccessible.Text.Name).strip():
            yield f"no accessible name: {control.objectName() or place}"


def _is_part(control: QWidget) -> bool:
    """A spin box's field, a table's header and corner; what a screen puts into a cell is the screen's own."""
    if isinstance(control, QHeaderView) or control.objectName().startswith("qt_"):
        return True
    parent = control.parentWidget()
    while parent is not None:
        if isinstance(parent, _WHOLES):
            return True
        parent = parent.parentWidget()
    return False


def _place(control: QWidget) -> str:
    parent = control.parentWidget()
    while parent is not None and not parent.objectName():
        parent = parent.parentWidget()
    return parent.objectName() if parent is not None else "nothing"
