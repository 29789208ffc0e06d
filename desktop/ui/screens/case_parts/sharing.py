"""The room of a case, shared between the work and the paper: side by side, or one under the other when narrow."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QSplitter, QWidget


class SharedRoom(QSplitter):
    """Work first, paper second. Once the person has moved the divider, it stays where he put it."""

    def __init__(self, work: QWidget, paper: QWidget, parent: QWidget | None = None) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self.setObjectName("case.splitter")
        self.setChildrenCollapsible(False)
        self.addWidget(work)
        self.addWidget(paper)
        self._own_sizes = False
        self.splitterMoved.connect(self._moved)

    def share(self, part: float, *, narrow: bool) -> None:
        """Give the work its ``part`` (0 to 1) and the paper the rest, unless the person has divided them."""
        wanted = Qt.Orientation.Vertical if narrow else Qt.Orientation.Horizontal
        if self.orientation() != wanted:
            self.setOrientation(wanted)
        if not self._own_sizes:
            whole = self.height() if narrow else self.width()
            self.setSizes([round(whole * part), round(whole * (1 - part))])

    def _moved(self) -> None:
        self._own_sizes = True
