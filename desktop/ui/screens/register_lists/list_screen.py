"""A register on the screen: filter bar over a table that reads page after page as one scrolls."""

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QFileDialog, QVBoxLayout, QWidget

from desktop.queries import office
from desktop.queries.rows import Page, RegisterFilter
from desktop.regulation.model import Role
from desktop.regulation.rights import Command
from desktop.ui import theme
from desktop.ui.rows_model import Column
from desktop.ui.screens.register_lists.export import ExportDialog, Wanted
from desktop.ui.screens.register_lists.filter_bar import FilterBar
from desktop.ui.screens.register_lists.table import RegisterModel, RegisterTable
from desktop.ui.widgets.empty import States
from desktop.ui.widgets.keys import Shortcut
from desktop.ui.widgets.screen import Screen

PAGE = 128
COUNT_AFTER_MS = 350


class ListScreen(Screen):
    """Base of the registers. A subclass says what its columns, states and queries are."""

    shows_what_others_do = True

    KIND = ""  # applications | licences
    STATES: Sequence[tuple[str, str]] = ()
    SORT = ""  # column id of the first order, newest first
    read_page: Callable[..., Page]
    read_count: Callable[..., int]

    def __init__(self, desk, parent: QWidget | None = None) -> None:
        super().__init__(desk, parent)
        self.setObjectName(f"screen.{self.KIND}")
        self._sort, self._descending = self.SORT, True
        self._after = None
        self._count: int | None = None
        self._shown_filter = RegisterFilter()
        self.bar = FilterBar(desk.language, self.KIND, list(self.STATES), self)
        self.model = RegisterModel(self.columns(), self)
        self.table = RegisterTable(self.model, self.KIND, name=f"{self.KIND}.table")
        self.states = States(self.table, self)
        self.choose_file: Callable[[str], str] = self._ask_file  # tests hand in their own
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.bar)
        layout.addWidget(self.states, 1)
        self._count_timer = QTimer(self, singleShot=True, interval=COUNT_AFTER_MS)
        self._count_timer.timeout.connect(self._read_count)
        self.table.show_order(self._sort, self._descending)
        self.table.horizontalHeader().sortIndicatorChanged.connect(self._header_clicked)
        self.table.row_opened.connect(lambda row: self.case_chosen.emit(row.case_id))
        self.model.more_wanted.connect(self._read_more)
        self.bar.changed.connect(self._filter_changed)
        self.bar.export.clicked.connect(self.export)
        self.bar.export.setVisible(desk.may(Command.EXPORT))
        self.bar.columns.clicked.connect(self._choose_columns)
        keys = Qt.ShortcutContext.WidgetWithChildrenShortcut
        Shortcut(QKeySequence("Ctrl+F"), self, self._find, context=keys)
        Shortcut(QKeySequence("Ctrl+Return"), self, self._open_current, context=keys)
        Shortcut(QKeySequence("Ctrl+Enter"), self, self._open_current, context=keys)
        Shortcut(
            QKeySequence(Qt.Key.Key_Down),
            self.bar.text,
            self._to_table,
            context=Qt.ShortcutContext.WidgetShortcut,
        )
        self.retranslate()

    def columns(self) -> tuple[Column, ...]:
        """Return the columns of the register."""
        raise AssertionError("a register has columns")

    # reading

    def refresh(self) -> None:
        """Read anew what one has scrolled through; selection, scroll and focus stay."""
        below = self.table.rowAt(self.table.viewport().height() - 1)
        seen = self.model.rowCount() if below < 0 else below + PAGE
        self._read(limit=max(PAGE, min(seen, self.model.rowCount())), keep=True)
        self.desk.read(
            office.assignees,
            then=self.bar.show_people,
            on_error=_quietly,
            latest="people",
            role=Role.EXECUTOR,
        )

    def show_filter(self, wanted: RegisterFilter) -> None:
        """Show the register narrowed to what was asked for elsewhere."""
        self.bar.show_filter(wanted)

    def _filter_changed(self) -> None:
        if self.bar.chosen() != self._shown_filter:
            self._count = None
            self.bar.show_count(None)
            self._read(limit=PAGE, keep=False)

    def _read(self, *, limit: int, keep: bool) -> None:
        self._shown_filter = self.bar.chosen()
        self.states.show_loading()
        self.desk.read(
            type(self).read_page,
            then=partial(self._show_first, keep),
            on_error=partial(self.states.show_error, retry=self.refresh),
            latest="page",
            filter=self._shown_filter,
            sort=self._sort,
            descending=self._descending,
            limit=limit,
        )

    def _show_first(self, keep: bool, page: Page) -> None:
        self._after = page.after
        more = page.after is not None
        if not page.rows:
            self.model.show_rows(())
            self._show_nothing()
        else:
            self.states.show_content()
            if keep:
                self.table.show_rows(page.rows, same=self.same, more=more)
            else:
                self.table.show_rows(page.rows, more=more)
                self.table.scrollToTop()
            if not self.table.currentIndex().isValid():
                self.table.put_cursor(0)
        self._count_timer.start()

    def _show_nothing(self) -> None:
        if self._shown_filter == RegisterFilter():
            self.states.show_empty(self.tr("The register is empty"), icon=self.KIND)
        else:
            self.states.show_empty(
                self.tr("Nothing is found"),
                self.tr("No record fits the filter."),
                icon="search",
                action=self.tr("Show all"),
                act=self.bar.show_all,
            )

    def _read_more(self) -> None:
        if self._after is None:
            return
        self.desk.read(
            type(self).read_page,
            then=partial(self._show_more, self._after),
            latest="page",
            filter=self._shown_filter,
            sort=self._sort,
            descending=self._descending,
            after=self._after,
            limit=PAGE,
        )

    def _show_more(self, asked: tuple, page: Page) -> None:
        if asked == self._after:
            self._after = page.after
            self.model.add_rows(page.rows, more=page.after is not None)

    def _read_count(self) -> None:
        """Count afterwards: the page does not wait for it."""
        self.desk.read(
            type(self).read_count,
            then=self._show_count,
            on_error=_quietly,
            latest="count",
            filter=self._shown_filter,
        )

    def _show_count(self, count: int) -> None:
        self._count = count
        self.bar.show_count(count)

    @staticmethod
    def same(old, new) -> bool:
        return old.case_id == new.case_id

    # what the person does

    def _header_clicked(self, number: int, order: Qt.SortOrder) -> None:
        column = self.model.columns[number]
        if not column.sortable:
            self.table.show_order(self._sort, self._descending)
            return
        self._sort, self._descending = column.id, order == Qt.SortOrder.DescendingOrder
        self.table.show_order(self._sort, self._descending)
        self._read(limit=PAGE, keep=False)

    def _open_current(self) -> None:
        row = self.table.current_row()
        if row is not None:
            self.case_chosen.emit(row.case_id)

    def _find(self) -> None:
        self.bar.text.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.bar.text.selectAll()

    def _to_table(self) -> None:
        self.table.setFocus(Qt.FocusReason.ShortcutFocusReason)
        if self.model.rowCount() and not self.table.currentIndex().isValid():
            self.table.put_cursor(0)

    def _choose_columns(self) -> None:
        below = self.bar.columns.mapToGlobal(self.bar.columns.rect().bottomLeft())
        self.table.column_menu().popup(below)

    def export(self) -> None:
        """Write what is shown into a workbook the person names."""
        chosen = self.choose_file(f"{self.KIND}.xlsx")
        if not chosen:
            return
        path = Path(chosen if chosen.lower().endswith(".xlsx") else f"{chosen}.xlsx")
        wanted = Wanted(
            self.KIND,
            self._shown_filter,
            self._sort,
            self._descending,
            self.bar.executor_name(),
            self.desk.language.code,
        )
        dialog = ExportDialog(self.desk, wanted, path, self._count, self)
        dialog.open()
        dialog.start()

    def _ask_file(self, name: str) -> str:
        folder = self.desk.settings.save_folder
        start = str(Path(folder) / name) if folder else name
        return QFileDialog.getSaveFileName(self, self.tr("Export to Excel"), start, "Excel (*.xlsx)")[0]

    def focusInEvent(self, event) -> None:
        super().focusInEvent(event)
        (self._to_table if self.model.rowCount() else self._find)()

    # saying

    def retranslate(self) -> None:
        self.bar.retranslate()
        self.model.retranslate()
        self.bar.show_count(self._count)
        self.table.setAccessibleName(self.title())
        if self.states.currentWidget() is self.states.empty:
            self._show_nothing()

    def title(self) -> str:
        """Return the register's name in the language in use."""
        return self.KIND

    def changeEvent(self, event) -> None:
        super().changeEvent(event)
        if event.type() == event.Type.StyleChange and hasattr(self, "table"):
            self.table.verticalHeader().setDefaultSectionSize(theme.spacing(9))


def _quietly(_error: BaseException) -> bool:
    """The list itself says what is wrong; what only goes with it keeps still."""
    return True
