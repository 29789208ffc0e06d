"""A layout for buttons: in a row, going on in the next one when a language or a text size needs more room."""

from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtWidgets import QLayout, QWidget

from desktop.ui import theme


class Flow(QLayout):
    """Buttons in a row that go on in the next one when a language needs more room."""

    def __init__(self, parent: QWidget, *, gap: float = 2) -> None:
        super().__init__(parent)
        self.setContentsMargins(0, 0, 0, 0)
        self._gap = gap
        self._items: list = []

    def insert(self, position: int, widget: QWidget) -> None:
        self.addWidget(widget)
        self._items.insert(position, self._items.pop())

    def addItem(self, item) -> None:
        self._items.append(item)

    def count(self) -> int:
        return len(self._items)

    def itemAt(self, index: int):
        return self._items[index] if 0 <= index < len(self._items) else None

    def takeAt(self, index: int):
        return self._items.pop(index) if 0 <= index < len(self._items) else None

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        return self._place(QRect(0, 0, width, 0), move=False)

    def setGeometry(self, rect: QRect) -> None:
        super().setGeometry(rect)
        self._place(rect, move=True)

    def expandingDirections(self) -> Qt.Orientation:
        return Qt.Orientation(0)

    def sizeHint(self) -> QSize:
        return self.minimumSize()

    def minimumSize(self) -> QSize:
        shown = [item.sizeHint() for item in self._items if not item.isEmpty()]
        widest = max((size.width() for size in shown), default=0)
        return QSize(widest, max((size.height() for size in shown), default=0))

    def _place(self, rect: QRect, *, move: bool) -> int:
        top, gap = rect.top(), theme.spacing(self._gap)
        for line in self._lines(rect.width(), gap):
            tallest = max(item.sizeHint().height() for item in line)
            left = rect.left()
            for item in line:
                size = item.sizeHint()
                if move:  # what is lower than its line stands on its middle
                    spot = QPoint(left, top + (tallest - size.height()) // 2)
                    item.setGeometry(QRect(spot, size))
                left += size.width() + gap
            top += tallest + gap
        return max(0, top - gap - rect.top())

    def _lines(self, width: int, gap: int) -> list[list]:
        lines: list[list] = []
        left = 0
        for item in self._items:
            if item.isEmpty():
                continue
            wide = item.sizeHint().width()
            if not lines or left + wide > width:
                lines.append([])
                left = 0
            lines[-1].append(item)
            left += wide + gap
        return lines
