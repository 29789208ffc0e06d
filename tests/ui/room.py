"""Finds words that have no room: compares the extent of every visible label and button with its size."""

from collections.abc import Iterator

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QCheckBox, QLabel, QRadioButton, QScrollArea, QWidget

from desktop.ui.widgets.plain import ElidedLabel

SLACK = 2  # px of rounding


def tight(window: QWidget) -> Iterator[str]:
    """Yield "name: text" of each visible label and button whose text is cut."""
    for widget in window.findChildren(QWidget):
        if not widget.isVisibleTo(window) or isinstance(widget, ElidedLabel):
            continue
        if isinstance(widget, QLabel) and widget.text():
            if _label_needs(widget):
                yield f"{widget.objectName() or type(widget).__name__}: {widget.text()}"
        elif isinstance(widget, QAbstractButton) and widget.text() and _button_needs(widget):
            yield f"{widget.objectName() or type(widget).__name__}: {widget.text()}"


def _label_needs(label: QLabel) -> bool:
    room = label.contentsRect()
    flags = Qt.TextFlag.TextWordWrap if label.wordWrap() else Qt.TextFlag.TextSingleLine
    needed = label.fontMetrics().boundingRect(
        0, 0, room.width() if label.wordWrap() else 100_000, 100_000, flags, label.text()
    )
    return needed.width() > room.width() + SLACK or needed.height() > room.height() + SLACK


def _button_needs(button: QAbstractButton) -> bool:
    lines = button.text().replace("&&", "&").split("\n")
    words = max(button.fontMetrics().horizontalAdvance(line) for line in lines)
    icon = 0 if button.icon().isNull() else button.iconSize().width()
    box = button.fontMetrics().height() if isinstance(button, QCheckBox | QRadioButton) else 0
    return (
        words + icon + box > button.width() + SLACK
        or button.fontMetrics().height() * len(lines) > button.height() + SLACK
    )


def beyond(window: QWidget) -> Iterator[str]:
    """Yield the name of each page that is wider than what shows it and cannot be scrolled sideways."""
    for area in window.findChildren(QScrollArea):
        page, bar = area.widget(), area.horizontalScrollBarPolicy()
        if page is None or not area.isVisibleTo(window) or bar != Qt.ScrollBarPolicy.ScrollBarAlwaysOff:
            continue
        if page.width() > area.viewport().width() + SLACK:
            yield f"{area.objectName() or type(area.parentWidget()).__name__}: {page.width()} in {area.viewport().width()} px"
