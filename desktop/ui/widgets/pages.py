"""Pages of which one is seen: it alone says how much room is needed."""

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget


class Pages(QStackedWidget):
    """A stack as narrow as the page shown allows; Qt's own asks for the room of its widest page."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.currentChanged.connect(lambda _number: self.updateGeometry())

    def sizeHint(self) -> QSize:
        page = self.currentWidget()
        return page.sizeHint() if page is not None else super().sizeHint()

    def minimumSizeHint(self) -> QSize:
        page = self.currentWidget()
        return page.minimumSizeHint().expandedTo(page.minimumSize()) if page is not None else QSize(0, 0)

    def hasHeightForWidth(self) -> bool:
        return False  # else the tallest page, seen or not, would say how low the window may be


def side_by_side(layout: QHBoxLayout | QVBoxLayout, *widgets: QWidget, roomy: QWidget) -> QWidget:
    """Return a widget that holds others edge to edge; ``roomy`` takes the room."""
    layout.setContentsMargins(0, 0, 0, 0)
    layout.setSpacing(0)
    for widget in widgets:
        layout.addWidget(widget, int(widget is roomy))
    holder = QWidget()
    holder.setLayout(layout)
    return holder
