"""A page of headings and rows of words: what an act says, or two acts beside each other."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QGridLayout, QScrollArea, QVBoxLayout, QWidget

from desktop.ui import theme
from desktop.ui.widgets.plain import PlainLabel, rule


class Sheet(QScrollArea):
    """Made anew for each act shown; scrolls down only."""

    def __init__(self, parent: QWidget | None = None, *, name: str) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._grid: QGridLayout | None = None
        self._row = 0
        self.begin()

    def begin(self) -> None:
        """Begin a new page; the old one stays until :meth:`end`."""
        self.page = QWidget()
        self.page.setObjectName("page")
        self._column = QVBoxLayout(self.page)
        self._column.setContentsMargins(0, theme.spacing(2), theme.spacing(4), theme.spacing(4))
        self._column.setSpacing(theme.spacing(2))
        self._grid = None

    def end(self) -> None:
        """Show the new page in place of the old one."""
        self._column.addStretch(1)
        self.setWidget(self.page)
        self.page.show()  # an area in sight does not show a new page by itself

    def heading(self, text: str) -> None:
        self._grid = None
        if self._column.count():
            self._column.addWidget(rule(self.page))
        self._column.addWidget(PlainLabel(text, self.page, role="heading", wrap=True))

    def line(self, text: str, *, role: str = "", tone: str = "") -> None:
        """Add a line of the whole width; nothing for ""."""
        if not text:
            return
        self._grid = None
        label = PlainLabel(text, self.page, role=role, wrap=True).make_selectable()
        label.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        if tone:
            label.setProperty("tone", tone)
        self._column.addWidget(label)

    def row(self, *cells: str | QWidget, shares: tuple[int, ...], role: str = "", tone: str = "") -> None:
        """Add a row of cells; ``shares``: how much of the width each takes, 0 for what it needs."""
        if self._grid is None:
            self._grid = QGridLayout()
            self._grid.setHorizontalSpacing(theme.spacing(4))
            self._grid.setVerticalSpacing(theme.spacing(2))
            for number, share in enumerate(shares):
                self._grid.setColumnStretch(number, share)
            self._column.addLayout(self._grid)
            self._row = 0
        for number, cell in enumerate(cells):
            widget = cell
            if isinstance(cell, str):
                widget = PlainLabel(cell, self.page, role=role, wrap=bool(shares[number]))
                if tone:
                    widget.setProperty("tone", tone)
                if shares[number]:  # the same width whatever the words are
                    widget.setMinimumWidth(theme.spacing(10))
            self._grid.addWidget(widget, self._row, number, Qt.AlignmentFlag.AlignTop)
        self._row += 1

    def stack(self, text: str, *, role: str = "") -> QWidget:
        """Return a cell whose first line is strong and whose other lines are muted."""
        first, _, rest = text.partition("\n")
        cell = QWidget(self.page)
        column = QVBoxLayout(cell)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        title = PlainLabel(first, cell, role=role, wrap=True)
        title.setProperty("strong", True)
        column.addWidget(title)
        if rest:
            column.addWidget(PlainLabel(rest, cell, role="muted", wrap=True))
        cell.setMinimumWidth(theme.spacing(10))
        return cell
