"""One table model for every list: frozen rows in, words out.

A column says how a row reads; ``key`` says what it sorts by when the whole list is here. Registers that page
by key leave sorting to the query and listen to ``sort_asked``.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QCoreApplication, QModelIndex, QObject, Qt, Signal
from PySide6.QtGui import QBrush, QColor

from desktop.ui import theme

ROW_ROLE = Qt.ItemDataRole.UserRole + 1


@dataclass(frozen=True)
class Column:
    """``title`` is an English source marked with QT_TRANSLATE_NOOP("Column", …); it is translated when shown."""

    id: str
    title: str
    value: Callable[[Any], str]
    align: str = "left"  # left | right | centre
    width: int = 0  # in units of the 4-px grid; 0 = takes what is left
    sortable: bool = False
    tone: Callable[[Any], str] | None = None  # name of a colour token, "" = ordinary
    tip: Callable[[Any], str] | None = None
    icon: Callable[[Any], str] | None = None  # name of an icon


_ALIGN = {
    "left": Qt.AlignmentFlag.AlignLeft,
    "right": Qt.AlignmentFlag.AlignRight,
    "centre": Qt.AlignmentFlag.AlignHCenter,
}


class RowsModel(QAbstractTableModel):
    """Shows rows; keeps nothing but them. ``more_wanted`` asks the screen for the next page."""

    more_wanted = Signal()
    sort_asked = Signal(str, bool)  # column id, descending

    def __init__(self, columns: Sequence[Column], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._columns = tuple(columns)
        self._rows: list[Any] = []
        self._texts: list[list[str | None]] = []
        self._more = False

    @property
    def columns(self) -> tuple[Column, ...]:
        return self._columns

    @property
    def rows(self) -> tuple[Any, ...]:
        return tuple(self._rows)

    def show_rows(self, rows: Sequence[Any], *, more: bool = False) -> None:
        """Show exactly these rows; ``more`` = another page can be asked for."""
        self.beginResetModel()
        self._rows = list(rows)
        self._texts = [[None] * len(self._columns) for _ in self._rows]
        self._more = more
        self.endResetModel()

    def add_rows(self, rows: Sequence[Any], *, more: bool = False) -> None:
        """Add a page at the end; selection and scroll stay."""
        self._more = more
        if not rows:
            return
        first = len(self._rows)
        self.beginInsertRows(QModelIndex(), first, first + len(rows) - 1)
        self._rows.extend(rows)
        self._texts.extend([None] * len(self._columns) for _ in rows)
        self.endInsertRows()

    def retranslate(self) -> None:
        """Say everything again in the language now in use."""
        self._texts = [[None] * len(self._columns) for _ in self._rows]
        if self._rows:
            self.dataChanged.emit(self.index(0, 0), self.index(len(self._rows) - 1, len(self._columns) - 1))
        self.headerDataChanged.emit(Qt.Orientation.Horizontal, 0, len(self._columns) - 1)

    def row_at(self, index: QModelIndex | int) -> Any:
        """Return the row behind an index (or a number); None when there is none."""
        number = index if isinstance(index, int) else index.row()
        return self._rows[number] if 0 <= number < len(self._rows) else None

    def find(self, matches: Callable[[Any], bool]) -> int:
        """Return the number of the first row that matches, -1 for none (to keep a selection over a refresh)."""
        return next((number for number, row in enumerate(self._rows) if matches(row)), -1)

    def rowCount(self, parent: QModelIndex = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: QModelIndex = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        return 0 if parent.isValid() else len(self._columns)

    def canFetchMore(self, parent: QModelIndex) -> bool:
        return self._more and not parent.isValid()

    def fetchMore(self, parent: QModelIndex) -> None:
        self._more = False
        self.more_wanted.emit()

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        if 0 <= column < len(self._columns) and self._columns[column].sortable:
            self.sort_asked.emit(self._columns[column].id, order == Qt.SortOrder.DescendingOrder)

    def data(self, index: QModelIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        row, column = self._rows[index.row()], self._columns[index.column()]
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return self._text(index.row(), index.column())
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return int(_ALIGN[column.align] | Qt.AlignmentFlag.AlignVCenter)
        if role == Qt.ItemDataRole.ForegroundRole and column.tone and (tone := column.tone(row)):
            return QBrush(QColor(theme.colour(tone)))
        if role == Qt.ItemDataRole.DecorationRole and column.icon and (name := column.icon(row)):
            return theme.icon(name, column.tone(row) or "muted" if column.tone else "muted")
        if role == Qt.ItemDataRole.ToolTipRole:
            return theme.plain_tip(column.tip(row) if column.tip else self._text(index.row(), index.column()))
        return row if role == ROW_ROLE else None

    def _text(self, row: int, column: int) -> str:
        text = self._texts[row][column]
        if text is None:
            text = " ".join(self._columns[column].value(self._rows[row]).split())
            self._texts[row][column] = text
        return text

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        if orientation != Qt.Orientation.Horizontal or not 0 <= section < len(self._columns):
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return QCoreApplication.translate("Column", self._columns[section].title)
        if role == Qt.ItemDataRole.ToolTipRole:
            return theme.plain_tip(QCoreApplication.translate("Column", self._columns[section].title))
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return int(_ALIGN[self._columns[section].align] | Qt.AlignmentFlag.AlignVCenter)
        return None
