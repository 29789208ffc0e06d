"""The law on screen: the acts loaded, one of them read, drawn, compared with another, and what is odd in it."""

from PySide6.QtCore import QT_TRANSLATE_NOOP, Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QHBoxLayout, QSplitter, QTabBar, QVBoxLayout, QWidget

from desktop.queries.regulations import LawReading, RegulationRow, reading, regulations
from desktop.regulation.rights import Command
from desktop.ui import theme
from desktop.ui.diagram.paper import DrawingDialog
from desktop.ui.diagram.view import DiagramView
from desktop.ui.law_words import LawWords
from desktop.ui.rows_model import Column, RowsModel
from desktop.ui.screens.regulations_parts.adding import LawLoader
from desktop.ui.screens.regulations_parts.checking import CheckingPart
from desktop.ui.screens.regulations_parts.choosing import Chooser
from desktop.ui.screens.regulations_parts.comparing import ComparingPart
from desktop.ui.screens.regulations_parts.reading import ReadingPart
from desktop.ui.widgets.empty import States
from desktop.ui.widgets.keys import Shortcut
from desktop.ui.widgets.pages import Pages
from desktop.ui.widgets.plain import PlainLabel
from desktop.ui.widgets.rows_table import RowsTable
from desktop.ui.widgets.screen import Screen

_SHARES = (26, 74)  # list and act, in hundredths of the width
_LIST = 86  # at the least, in units of the grid: an act's number and version, and its state
_NARROW = 240  # of the screen, in units of the grid: below it a drop-down takes the list's place


class RegulationsScreen(Screen):
    """The list at the left; the act chosen in it at the right, operation by operation and channel by channel."""

    shows_what_others_do = True

    def __init__(self, desk, parent: QWidget | None = None) -> None:
        super().__init__(desk, parent)
        self.setObjectName("screen.regulations")
        self._words = LawWords(desk.language)
        self._rows: tuple[RegulationRow, ...] = ()
        self.law: LawReading | None = None
        self._build()
        self._lay_out()
        self._connect()
        self.retranslate()

    def _build(self) -> None:
        language = self.desk.language
        self.title = PlainLabel(parent=self, role="title", name="regulations.title")
        self.note = PlainLabel(parent=self, role="small", wrap=True, name="regulations.note")
        columns = (
            Column(
                "act",
                QT_TRANSLATE_NOOP("Column", "Act"),
                self._words.short,
                tip=lambda row: language.text(row.title),
            ),
            Column(
                "state",
                QT_TRANSLATE_NOOP("Column", "State"),
                self._state_of,
                width=32,
                tone=self._tone_of,
                tip=self._state_of,
            ),
        )
        self.table = RowsTable(RowsModel(columns, self), self, name="regulations.list")
        self.loader = LawLoader(self.desk, self, name="regulations.add")
        self.loader.setVisible(self.desk.may(Command.SET_LAW))
        self.chooser = Chooser(self.desk, self, name="regulations.of", acts=False)
        self.tabs = QTabBar(self)
        self.tabs.setObjectName("regulations.tabs")
        self.tabs.setExpanding(False)
        self.tabs.setUsesScrollButtons(True)
        self.read_part = ReadingPart(self.desk, self)
        self.diagram = DiagramView(language, self, name="regulations.diagram")
        self.comparing = ComparingPart(self.desk, self)
        self.checking = CheckingPart(self.desk, self)
        self._pages = Pages(self)
        for part in (self.read_part, self.diagram, self.comparing, self.checking):
            self._pages.addWidget(part)

    def _lay_out(self) -> None:
        self._left, right = QWidget(self), QWidget(self)
        self._left.setMinimumWidth(theme.spacing(_LIST))
        first = QVBoxLayout(self._left)
        first.setContentsMargins(0, 0, theme.spacing(2), 0)
        first.setSpacing(theme.spacing(3))
        for widget in (self.title, self.note, self.table, self.loader):
            first.addWidget(widget)
        first.setStretch(2, 1)
        second = QVBoxLayout(right)
        second.setContentsMargins(theme.spacing(2), 0, 0, 0)
        second.setSpacing(theme.spacing(2))
        for widget in (self.chooser, self.tabs, self._pages):
            second.addWidget(widget)
        second.setStretch(2, 1)
        self.splitter = QSplitter(Qt.Orientation.Horizontal, self)
        self.splitter.setObjectName("regulations.splitter")
        self.splitter.setChildrenCollapsible(False)
        self.splitter.addWidget(self._left)
        self.splitter.addWidget(right)
        self.splitter.setStretchFactor(0, _SHARES[0])
        self.splitter.setStretchFactor(1, _SHARES[1])
        self.states = States(self.splitter, self)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(theme.spacing(4), theme.spacing(4), theme.spacing(4), theme.spacing(3))
        layout.addWidget(self.states)
        self.setFocusProxy(self.table)

    def _connect(self) -> None:
        self.table.row_chosen.connect(self._choose)
        self.table.row_opened.connect(lambda _: self.tabs.setFocus())
        self.loader.loaded.connect(self.refresh)
        self.chooser.changed.connect(self._show_chosen)
        self.chooser.law_wanted.connect(self._choose_by_hash)
        self.tabs.currentChanged.connect(self._tab_changed)
        self.diagram.paper_asked.connect(self.open_paper)
        for number in range(self._pages.count()):
            Shortcut(
                QKeySequence(f"Alt+{number + 1}"),
                self,
                lambda number=number: self.tabs.setCurrentIndex(number),
                context=Qt.ShortcutContext.WidgetWithChildrenShortcut,
            )

    # reading

    def refresh(self) -> None:
        self.states.show_loading()
        self.desk.read(regulations, then=self._show_rows, on_error=self._failed, latest="laws")

    def _failed(self, error: BaseException) -> bool:
        return self.states.show_error(error, self.refresh)

    def _show_rows(self, rows: tuple[RegulationRow, ...]) -> None:
        self._rows = rows
        self.table.show_rows(rows, same=lambda old, new: old.sha256 == new.sha256)
        self.chooser.show_rows(rows)
        self.comparing.show_rows(rows)
        if not rows:
            self.states.show_empty(self.tr("No act is loaded"), icon="law")
            return
        self.states.show_content()
        if self.table.current_row() is None:
            self.table.put_cursor(0)
        else:
            self._choose(self.table.current_row())

    def _choose(self, row: RegulationRow | None) -> None:
        if row is not None:
            self.desk.read(
                reading, then=self._show_law, on_error=self._failed, latest="law", sha256=row.sha256
            )

    def _choose_by_hash(self, sha256: str) -> None:
        at = self.table.rows.find(lambda row: row.sha256 == sha256)
        if at >= 0:
            self.table.put_cursor(at)

    def resizeEvent(self, event) -> None:
        super().resizeEvent(event)
        narrow = self.width() < theme.spacing(_NARROW)
        self._left.setVisible(not narrow)
        self.chooser.act.setVisible(narrow)
        self.setFocusProxy(self.chooser.act if narrow else self.table)

    def _show_law(self, law: LawReading) -> None:
        self.law = law
        self.chooser.choose_act(law.row.sha256)
        self.chooser.show_law(law)
        self.checking.show_law(law)
        self._name_tabs()
        self._show_chosen()

    def _show_chosen(self) -> None:
        """Show the operation and channel that are chosen, in the part that is in sight."""
        chosen = self.chooser.chosen()
        if self.law is None or chosen is None:
            return
        part = self._pages.currentWidget()
        if part is self.read_part:
            self.read_part.show_law(self.law, *chosen)
        elif part is self.diagram:
            self.diagram.show_operation(self.law.regulation, *chosen)
        elif part is self.comparing:
            self.comparing.show_left(self.law, *chosen)

    def _tab_changed(self, number: int) -> None:
        if number >= 0:
            self._pages.setCurrentIndex(number)
            self._show_chosen()

    def open_paper(self) -> None:
        """Show the diagram as it will be printed."""
        if self.diagram.shapes is not None:
            DrawingDialog(self.desk, self.diagram.shapes, self.diagram.title, self).open()

    # words

    def _state_of(self, row: RegulationRow) -> str:
        if not row.current:
            return self.tr("replaced")
        return self.tr("in use, repealed") if row.repealed_by else self.tr("in use")

    def _tone_of(self, row: RegulationRow) -> str:
        return "late" if row.current and row.repealed_by else "" if row.current else "muted"

    def _name_tabs(self) -> None:
        odd = sum(1 for finding in self.law.findings if not finding.declared) if self.law else 0
        look = self.tr("To look at ({count})").format(count=odd) if odd else self.tr("To look at")
        titles = (self.tr("Text"), self.tr("Diagram"), self.tr("Compare"), look)
        for number, title in enumerate(titles):
            if number < self.tabs.count():
                self.tabs.setTabText(number, title)
            else:
                self.tabs.addTab(title)
            self.tabs.setTabToolTip(number, f"{title}  (Alt+{number + 1})")

    def retranslate(self) -> None:
        self.title.setText(self.tr("Regulations"))
        self.note.setText(
            self.tr("The acts the program works by. A case stays under the version it began under.")
        )
        self.table.setAccessibleName(self.tr("Regulations"))
        self.table.rows.retranslate()
        self.tabs.setAccessibleName(self.tr("What is shown of the act"))
        self._name_tabs()
        self.loader.retranslate()
        self.chooser.retranslate()
        self.comparing.retranslate()
        if self.law is not None:
            self.checking.show_law(self.law)
            self._show_chosen()
