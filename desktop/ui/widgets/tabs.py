"""Tabs that stand closer together where they would not fit: scrolling hides the last ones."""

from PySide6.QtWidgets import QTabBar, QWidget

from desktop.ui import theme

_ROOMY = 2  # of the grid, at each side of a word; the style sheet has the same
_EDGE = 2  # pixels of the frame, as there


class Tabs(QTabBar):
    """A row of tabs, each as wide as its word. Only when even close together they do not fit does the row scroll."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setExpanding(False)
        self.setUsesScrollButtons(True)

    def resizeEvent(self, event) -> None:
        super().resizeEvent(event)
        self.fit()

    def fit(self) -> None:
        """Choose the room between the words by what there is; to be called when the words change."""
        words = [self.tabText(number) for number in range(self.count()) if self.isTabVisible(number)]
        beside = 2 * (theme.spacing(_ROOMY) + _EDGE)
        wished = sum(self.fontMetrics().horizontalAdvance(word) + beside for word in words)
        theme.mark(self, close=wished > self.width())
