"""The table every list is shown in: whole rows, one selected, Enter opens, Tab leaves."""

from PySide6.QtCore import QItemSelectionModel, Qt, Signal
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView, QWidget

from desktop.ui import theme
from desktop.ui.rows_model import RowsModel


class RowsTable(QTableView):
    """Shows a :class:`RowsModel`. ``row_chosen`` gives the row that became current, ``row_opened`` the one opened."""

    row_chosen = Signal(object)
    row_opened = Signal(object)

    def __init__(self, model: RowsModel, parent: QWidget | None = None, *, name: str) -> None:
        super().__init__(parent)
        self._whole: frozenset[str] = frozenset()  # columns that are never cut
        self.setObjectName(name)
        self.rows = model
        self.setModel(model)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        self.setTextElideMode(Qt.TextElideMode.ElideRight)
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(theme.spacing(9))
        self.horizontalHeader().setHighlightSections(False)
        self.horizontalHeader().setTextElideMode(Qt.TextElideMode.ElideRight)
        self.horizontalHeader().setSectionsClickable(any(column.sortable for column in model.columns))
        for number, column in enumerate(model.columns):
            if not column.width:
                self.horizontalHeader().setSectionResizeMode(number, QHeaderView.ResizeMode.Stretch)
        self.selectionModel().currentRowChanged.connect(self._changed)
        self.doubleClicked.connect(lambda index: self.row_opened.emit(self.rows.row_at(index)))

    def current_row(self):
        """Return the row the cursor is on, or None."""
        index = self.currentIndex()
        return self.rows.row_at(index) if index.isValid() else None

    def show_rows(self, rows, *, same=None, more: bool = False) -> None:
        """Show ``rows`` and keep the cursor on the row for which ``same(old, new)`` holds."""
        kept, scroll = self.current_row(), self.verticalScrollBar().value()
        blocked = self.blockSignals(True)
        self.rows.show_rows(rows, more=more)
        number = -1
        if kept is not None and same is not None:
            number = self.rows.find(lambda row: same(kept, row))
        if number >= 0:
            self.put_cursor(number)
        self.verticalScrollBar().setValue(scroll)
        self.blockSignals(blocked)
        if self._whole:
            self._share_width()

    def put_cursor(self, number: int) -> None:
        """Set the cursor on a row; it is selected and in sight."""
        index = self.rows.index(number, 0)
        flags = QItemSelectionModel.SelectionFlag.ClearAndSelect | QItemSelectionModel.SelectionFlag.Rows
        self.selectionModel().setCurrentIndex(index, flags)

    def resizeEvent(self, event) -> None:
        super().resizeEvent(event)
        self._share_width()

    def setColumnHidden(self, column: int, hide: bool) -> None:
        super().setColumnHidden(column, hide)
        self._share_width()

    def keep_whole(self, *keys: str) -> None:
        """Never cut what stands in these columns, the rows being few: the others give way."""
        self._whole = frozenset(keys)
        self._share_width()

    def _share_width(self) -> None:
        """Let the columns of a fixed width give way, so that the one that takes the rest keeps a third.

        None becomes narrower than its own heading.
        """
        wished = {
            number: theme.spacing(column.width)
            for number, column in enumerate(self.rows.columns)
            if not self.isColumnHidden(number)
        }
        room = self.viewport().width() * (1.0 if all(wished.values()) else 0.64)
        share = min(1.0, room / max(1, sum(wished.values())))
        for number, width in wished.items():
            if width:
                heading = min(width, self.horizontalHeader().sectionSizeHint(number))
                if self.rows.columns[number].id in self._whole:
                    heading = max(
                        self.horizontalHeader().sectionSizeHint(number), self.sizeHintForColumn(number)
                    )
                    self.setColumnWidth(number, heading)
                else:
                    self.setColumnWidth(number, max(int(width * share), heading))

    def fit_height(self, most: int) -> None:
        """Take the height of the rows there are, ``most`` rows at the most."""
        shown = min(max(self.rows.rowCount(), 1), most)
        header = max(self.horizontalHeader().sizeHint().height(), theme.spacing(8))
        self.setFixedHeight(header + shown * self.verticalHeader().defaultSectionSize() + theme.spacing(1))

    def keyPressEvent(self, event) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.modifiers():
            row = self.current_row()
            if row is not None:
                self.row_opened.emit(row)
            return
        super().keyPressEvent(event)

    def _changed(self, current, _previous) -> None:
        self.row_chosen.emit(self.rows.row_at(current) if current.isValid() else None)
