"""A table for registers of any length: words are made once a row, cells are painted with one look-up each."""

from PySide6.QtCore import QRect, QSettings, Qt
from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QMenu, QStyle, QStyledItemDelegate, QWidget

from desktop.settings import state_folder
from desktop.ui import theme
from desktop.ui.rows_model import RowsModel
from desktop.ui.widgets.rows_table import RowsTable

_ALIGN = {
    "left": Qt.AlignmentFlag.AlignLeft,
    "right": Qt.AlignmentFlag.AlignRight,
    "centre": Qt.AlignmentFlag.AlignHCenter,
}


class RegisterModel(RowsModel):
    """Gives the painter what a cell needs in one call."""

    def cell(self, row: int, column: int) -> tuple[str, str, Qt.AlignmentFlag, str]:
        """Return text, tone ("" = ordinary), alignment and icon ("" = none) of a cell."""
        shown = self._columns[column]
        tone = shown.tone(self._rows[row]) if shown.tone else ""
        icon = shown.icon(self._rows[row]) if shown.icon else ""
        return self._text(row, column), tone, _ALIGN[shown.align], icon


class LightDelegate(QStyledItemDelegate):
    """Paints text, and an icon where there is one: no style sheet, one call into the model a cell."""

    def paint(self, painter, option, index) -> None:
        text, tone, align, icon = index.model().cell(index.row(), index.column())
        rect: QRect = option.rect
        if option.state & QStyle.StateFlag.State_Selected:
            painter.fillRect(rect, option.palette.color(QPalette.ColorRole.Highlight))
        painter.setPen(QColor(theme.colour("line")))
        painter.drawLine(rect.bottomLeft(), rect.bottomRight())
        if not text:
            return
        room = rect.adjusted(theme.spacing(2), 0, -theme.spacing(2), 0)
        if icon:
            side = theme.spacing(4)
            theme.icon(icon, tone or "muted").paint(
                painter, QRect(room.left(), room.top(), side, room.height())
            )
            room.setLeft(room.left() + side + theme.spacing(2))
        metrics = option.fontMetrics
        if len(text) * metrics.averageCharWidth() > room.width() // 2:  # short words need no measuring
            text = metrics.elidedText(text, Qt.TextElideMode.ElideRight, room.width())
        painter.setPen(QColor(theme.colour(tone or "text")))
        painter.drawText(room, int(align | Qt.AlignmentFlag.AlignVCenter), text)


class RegisterTable(RowsTable):
    """Columns can be hidden, widened and moved; the workstation remembers it."""

    def __init__(self, model: RegisterModel, key: str, parent: QWidget | None = None, *, name: str) -> None:
        super().__init__(model, parent, name=name)
        self._key = key
        self.setItemDelegate(LightDelegate(self))
        header = self.horizontalHeader()
        header.setSectionsMovable(True)
        header.setSortIndicatorShown(True)
        header.setStretchLastSection(False)
        header.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        header.customContextMenuRequested.connect(lambda at: self.column_menu().popup(header.mapToGlobal(at)))
        for number, column in enumerate(model.columns):
            self.setColumnWidth(number, max(theme.spacing(column.width), header.sectionSizeHint(number)))
        self._restore()
        header.sectionResized.connect(self._remember)
        header.sectionMoved.connect(self._remember)

    def _share_width(self) -> None:
        """A register is wider than its window; its columns have the widths people gave them."""

    def show_order(self, column_id: str, descending: bool) -> None:
        """Show the arrow over the column the rows are ordered by, and let headers be clicked."""
        number = next(at for at, column in enumerate(self.rows.columns) if column.id == column_id)
        order = Qt.SortOrder.DescendingOrder if descending else Qt.SortOrder.AscendingOrder
        header = self.horizontalHeader()
        blocked = header.blockSignals(True)
        header.setSortIndicator(number, order)
        header.blockSignals(blocked)

    def column_menu(self) -> QMenu:
        """Return the menu that shows and hides columns; the first one always stays."""
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.setObjectName(f"{self.objectName()}.columns")
        for number, _column in enumerate(self.rows.columns):
            title = self.rows.headerData(number, Qt.Orientation.Horizontal)
            action = menu.addAction(str(title).replace("&", "&&"))
            action.setCheckable(True)
            action.setChecked(not self.isColumnHidden(number))
            action.setEnabled(number > 0)
            action.toggled.connect(lambda on, at=number: self.show_column(at, on))
        return menu

    def show_column(self, number: int, shown: bool) -> None:
        self.setColumnHidden(number, not shown)
        if shown and self.columnWidth(number) < theme.spacing(6):
            self.setColumnWidth(number, theme.spacing(30))
        self._remember()

    def _settings(self) -> QSettings:
        return QSettings(str(state_folder() / "registers.ini"), QSettings.Format.IniFormat)

    def _names(self) -> str:
        return ",".join(column.id for column in self.rows.columns)

    def _remember(self, *_: object) -> None:
        kept = self._settings()
        kept.setValue(f"{self._key}/columns", self._names())
        kept.setValue(f"{self._key}/scale", theme.spacing(100))
        kept.setValue(f"{self._key}/header", self.horizontalHeader().saveState())

    def _restore(self) -> None:
        kept = self._settings()
        same = kept.value(f"{self._key}/columns") == self._names()
        if same and int(kept.value(f"{self._key}/scale", 0)) == theme.spacing(100):
            self.horizontalHeader().restoreState(kept.value(f"{self._key}/header"))
