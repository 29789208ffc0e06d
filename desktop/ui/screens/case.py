"""One case: what it is, where it stands, its papers, and what can be done with it now.

The screen shows a :class:`CaseCard` and asks for commands. Which panel it shows is chosen by the step's act alone;
no step of any regulation is named here.
"""

from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import Any

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import (
    QLineEdit,
    QPlainTextEdit,
    QVBoxLayout,
    QWidget,
)

from desktop.errors import NotAllowed
from desktop.queries.rows import CaseCard, OpenMove, OpenOutcome
from desktop.regulation.model import Act
from desktop.ui import theme
from desktop.ui.screens.case_parts.action_bar import NEVER, ActionBar
from desktop.ui.screens.case_parts.checking import CheckPanel
from desktop.ui.screens.case_parts.correcting import DIALOGS
from desktop.ui.screens.case_parts.delivering import DeliverPanel
from desktop.ui.screens.case_parts.head import CaseHead
from desktop.ui.screens.case_parts.kept_note import KeptNote
from desktop.ui.screens.case_parts.panels import PANELS
from desktop.ui.screens.case_parts.papers import PapersPart
from desktop.ui.screens.case_parts.part import ActPanel, Scrolling, column
from desktop.ui.screens.case_parts.particulars import ParticularsPart
from desktop.ui.screens.case_parts.reading import Reader
from desktop.ui.screens.case_parts.records import DocumentsPart, HistoryPart, RequestsPart, RequirementsPart
from desktop.ui.screens.case_parts.sharing import SharedRoom
from desktop.ui.screens.case_parts.signing import SignPanel
from desktop.ui.screens.case_parts.systems import SystemsPart
from desktop.ui.screens.case_parts.why import WhyPanel
from desktop.ui.widgets.empty import States
from desktop.ui.widgets.keys import Shortcut
from desktop.ui.widgets.pages import Pages
from desktop.ui.widgets.screen import Screen
from desktop.ui.widgets.tab_order import stops
from desktop.ui.widgets.tabs import Tabs
from desktop.ui.widgets.viewer import DocumentViewer

_NARROW = 170  # in units of the grid: below it the paper lies under the list
_LOW = 175  # of the window, in units of the grid: below it the head says less
_MINUTE = 60_000


def read_card(store, actor, *, case_id: int) -> tuple[CaseCard, datetime]:
    """Ask the query, and the time of the one who keeps it; runs on the store lane."""
    from desktop.queries.case_card import case_card

    return case_card(store, actor, case_id=case_id), store.now()


class CaseScreen(Screen):
    """``open_case`` shows a case; what was typed and not yet sent is kept for as long as the program runs."""

    gone = Signal()  # the case went to where the person does not see it any more

    def __init__(self, desk, parent: QWidget | None = None, *, read=read_card, panels=None) -> None:
        super().__init__(desk, parent)
        self.setObjectName("screen.case")
        self._read, self._panels = read, {**PANELS, **(panels or {})}
        self.case_id: int | None = None
        self.card: CaseCard | None = None
        self.panel: ActPanel | None = None
        self._panel_of: tuple[int, Act, datetime | None] | None = None
        self._kept: dict[tuple[int, Act], dict[str, Any]] = {}
        self._own_move = False  # the change came from this screen: what was typed has been sent
        self._shows_document = False
        self._quiet = False  # the case was opened by itself
        self._build()
        self._minute = QTimer(self, interval=_MINUTE)
        self._minute.timeout.connect(self._tell_time)
        self._minute.start()
        self.retranslate()

    # how it is built

    def _build(self) -> None:
        self._content = QWidget(self)
        self.head = CaseHead(self.desk, self._content)
        self.why = WhyPanel(self.desk, self._content)
        self.note = KeptNote(self.desk, self._content)
        self.tabs = Tabs(self._content)
        self.tabs.setObjectName("case.tabs")
        self.tabs.currentChanged.connect(self._tab_changed)
        self.work = QWidget(self._content)
        column(self.work)
        self.papers = PapersPart(self.desk, self.act_on, self._content)
        self.particulars = ParticularsPart(self.desk, self._content)
        self.requests = RequestsPart(self.desk, self._content)
        self.requirements = RequirementsPart(self.desk, self._content)
        self.documents = DocumentsPart(self.desk, self._content)
        self.systems = SystemsPart(self.desk, self.act_on, self._content)
        self.history = HistoryPart(self.desk, self._content)
        self.viewer = DocumentViewer(self._content, name="case.viewer")
        self.reader = Reader(self.desk, self.viewer, self)
        self.bar = ActionBar(self.desk, self._content)
        self._pages = Pages(self._content)
        for part in (self.work, *self._parts()):
            self._pages.addWidget(part)
        self._pages.setMinimumWidth(theme.spacing(70))
        self.splitter = SharedRoom(self._pages, self.viewer, self._content)
        self._lay_out()
        self._connect()

    def _parts(self) -> tuple[QWidget, ...]:
        made = (self.requests, self.requirements, self.documents, self.history, self.systems)
        return (self.papers, self.particulars, *made)

    def _lay_out(self) -> None:
        inside = column(self._content, gap=1.5)
        inside.setContentsMargins(theme.spacing(4), theme.spacing(2), theme.spacing(4), theme.spacing(2))
        for widget in (self.head, self.why, self.note, self.tabs):
            inside.addWidget(widget)
        inside.addWidget(self.splitter, 1)
        inside.addWidget(self.bar)
        self.states = States(self._content, self)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(self.states)

    def _connect(self) -> None:
        self.head.why_asked.connect(lambda which: self.why.ask(self.case_id, which))
        self.head.others.clicked.connect(lambda: self._go_to_tab(self._pages.indexOf(self.systems)))
        self.papers.file_chosen.connect(self.reader.show_attachment)
        self.systems.evidence_read.connect(self.viewer.show_paper)
        self.documents.document_chosen.connect(self.reader.show_document)
        self.documents.save_asked.connect(self.reader.save_document)
        self.documents.print_asked.connect(self.reader.print_document)
        self.bar.chosen.connect(self._take)
        self.bar.move_chosen.connect(self._open_move)
        closing = Shortcut(QKeySequence(Qt.Key.Key_Escape), self.why, self.why.close_panel)
        closing.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        for number in range(self._pages.count()):
            keys = QKeySequence(f"Alt+{number + 1}")
            Shortcut(
                keys,
                self,
                partial(self._go_to_tab, number),
                context=Qt.ShortcutContext.WidgetWithChildrenShortcut,
            )

    # reading

    def now(self) -> datetime:
        """Return the office's time."""
        return self.desk.now()

    def showEvent(self, event) -> None:
        self._fit_height()  # before the first layout: a window that grew for it does not shrink again
        super().showEvent(event)

    def open_case(self, case_id: int, *, quietly: bool = False) -> None:
        """Show a case; the one shown before keeps what was typed into it. ``quietly`` leaves the keys where they are."""
        self._quiet = quietly
        if case_id == self.case_id and self.card is not None:
            self.refresh()
            if not quietly:
                self._begin_work()
            return
        self._keep_typed()
        self._drop_panel()
        self.case_id, self.card = case_id, None
        self.why.hide()
        self.note.hide()
        self.viewer.show_nothing()
        self.states.show_loading(keep=False)
        self.refresh()

    def refresh(self) -> None:
        if self.case_id is not None:
            self.desk.read(
                self._read, then=self._show, on_error=self._failed, latest="card", case_id=self.case_id
            )

    def _failed(self, error: BaseException) -> bool:
        if getattr(error, "code", "") == "case-not-found" and self.card is not None:
            self._keep_typed()
            self._drop_panel()
            self.note.tell_gone(self.card.number, done=self._own_move)
            self.case_id = self.card = None
            self._own_move = False
            self.gone.emit()
            return True
        return self.states.show_error(error, self.refresh)

    def _show(self, answer: tuple[CaseCard, datetime]) -> None:
        card, now = answer
        if card.case_id != self.case_id:
            return
        first, had_keys = self.card is None, self._has_keys()
        self.desk.hear_time(now)
        self.card = card
        self._fit_height()
        self.note.show_card(card)
        self._show_panel(card)
        self.head.show_case(card, now)
        for part in self._parts():
            part.show_card(card)
        self._show_tabs(card, first=first)
        self.bar.show_actions(card, self.panel)
        self.states.show_content()
        if first or self._shows_document:
            self.reader.show_first(card, drawn=self._shows_document, signs=self._signs())
        if first and not self._quiet:
            self._begin_work()
        if (
            had_keys and not self._has_keys()
        ):  # what had them is gone; Qt would hand them on to whatever comes next
            self.tabs.setFocus(Qt.FocusReason.OtherFocusReason)
        self._shows_document = self._own_move = False

    def _has_keys(self) -> bool:
        here = self.window().focusWidget()
        return here is not None and self.isAncestorOf(here)

    def _signs(self) -> bool:
        """Return whether the panel itself shows the exact bytes it is about."""
        return isinstance(self.panel, SignPanel)

    def _begin_work(self) -> None:
        """Put the keys where the work is, unless the person is busy elsewhere."""
        window = self.window()
        if window.isActiveWindow() and not isinstance(window.focusWidget(), QLineEdit | QPlainTextEdit):
            first = next(iter(stops(self.panel)), self.tabs) if self.panel is not None else self.tabs
            first.setFocus(Qt.FocusReason.OtherFocusReason)

    # the panel of the step

    def _show_panel(self, card: CaseCard) -> None:
        mine = any(outcome.why_not != NEVER for outcome in card.outcomes)
        made = self._panels.get(card.act) if card.act is not None and mine else None
        # a step entered anew (returned, or the next of the same act) is a new panel even though its act is the same
        wanted = (card.case_id, card.act, card.step.kk if card.step else "") if made is not None else None
        if wanted != self._panel_of:
            lost = self._keep_typed()
            self._drop_panel()
            if lost:
                self.note.tell(lost)
            if made is not None:
                self._make_panel(made, card)
            self._panel_of = wanted
        if self.panel is not None:
            self.panel.show_card(card)
            kept = self._kept.pop((card.case_id, card.act), None) if self._fresh else None
            if kept:
                self.panel.restore(kept)
            self._fresh = False

    _fresh = False

    def _make_panel(self, made: type[ActPanel], card: CaseCard) -> None:
        facts = {"now": self.now} if made.tells_time else {}
        panel = made(self.desk, self.act_on, self.work, **facts)
        panel.retranslate()
        panel.changed.connect(self._panel_changed)
        panel.paper_wanted.connect(self.viewer.show_paper)
        if isinstance(panel, CheckPanel):
            panel.file_chosen.connect(self.reader.show_attachment)
        if isinstance(panel, DeliverPanel):
            panel.print_asked.connect(self.reader.print_document)
            panel.save_asked.connect(self.reader.save_document)
        for area in panel.findChildren(Scrolling):
            area.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # its controls are the stops
        self.work.layout().addWidget(panel)
        self.panel, self._fresh = panel, True
        self._share_room()

    def _drop_panel(self) -> None:
        if self.panel is not None:
            self.panel.leave()
            self.panel.hide()
            self.panel.deleteLater()
        self.panel, self._panel_of = None, None

    def _keep_typed(self) -> dict[str, Any]:
        """Keep what was typed into the panel that goes; return it, unless it has just been sent."""
        if self.panel is None or self._panel_of is None or self._own_move:
            return {}
        typed = self.panel.typed()
        if typed:
            self._kept[self._panel_of[:2]] = typed
        return typed

    def _panel_changed(self) -> None:
        if self.card is not None and self.panel is not None and self.panel.card is not None:
            self.bar.show_actions(self.card, self.panel)

    # tabs and papers

    def _show_tabs(self, card: CaseCard, *, first: bool) -> None:
        work = self.panel is not None
        shown = {0: work, 3: bool(card.requests), 4: any(row.verdict for row in card.requirements)}
        for number in range(self._pages.count()):
            if self.tabs.isTabVisible(number) != shown.get(
                number, True
            ):  # saying the same again forgets the layout
                self.tabs.setTabVisible(number, shown.get(number, True))
        if not work and self.tabs.currentIndex() == 0:
            self.tabs.setCurrentIndex(1)
        elif work and (first or self._own_move):
            self.tabs.setCurrentIndex(0)
        self._tab_changed(self.tabs.currentIndex())
        self.tabs.fit()
        self.tabs.updateGeometry()  # a bar not yet shown does not tell its layout that it has tabs now

    def _tab_changed(self, number: int) -> None:
        if number >= 0:
            self._pages.setCurrentIndex(number)

    def _go_to_tab(self, number: int) -> None:
        if self.tabs.isTabVisible(number):
            self.tabs.setCurrentIndex(number)

    # acting

    def act_on(
        self,
        fn: Callable[..., Any],
        *,
        said: str = "",
        then: Callable[[Any], None] | None = None,
        on_error: Callable[[BaseException], bool] | None = None,
        stays: bool = False,
        shows_document: bool = False,
        **facts: Any,
    ) -> bool:
        """Run a command on the case as it was seen. ``stays``: the step stays and so does what is typed."""

        def done(result: Any) -> None:
            self._own_move = not stays
            self._shows_document = shows_document
            if then is not None:
                then(result)

        def failed(error: BaseException) -> bool:
            handled = bool(on_error is not None and on_error(error))
            return handled or self._refused(error)

        return self.desk.do(
            fn,
            then=done,
            on_error=failed,
            said=said,
            case_id=self.card.case_id,
            seen_version=self.card.version,
            **facts,
        )

    def _take(self, outcome: OpenOutcome) -> None:
        if self.panel is None or not outcome.open:
            return
        if self.panel.why_not(outcome):
            self.tabs.setCurrentIndex(0)
            return
        self.panel.take(outcome)

    def _refused(self, error: BaseException) -> bool:
        if self.panel is not None and not isinstance(error, NotAllowed) and self.panel.show_error(error):
            self.tabs.setCurrentIndex(0)
            return True
        return False

    def _open_move(self, move: OpenMove) -> None:
        self.dialog = DIALOGS[move.move](self.desk, self.act_on, self.card, self.window())
        self.dialog.finished.connect(self.dialog.deleteLater)
        self.dialog.open()

    # time, room, words

    def _tell_time(self) -> None:
        if self.card is not None:
            self.head.show_time(self.now().astimezone(self.card.due_at.tzinfo))

    def resizeEvent(self, event) -> None:
        super().resizeEvent(event)
        self._fit_height()
        self._share_room()

    def _fit_height(self) -> None:
        self.head.set_low(self.window().height() < theme.spacing(_LOW))

    def _share_room(self) -> None:
        share = self.panel.room if self.panel is not None else ActPanel.room
        self.splitter.share(share, narrow=self.width() < theme.spacing(_NARROW))

    def retranslate(self) -> None:
        titles = (
            self.tr("To do"),
            self.tr("Papers"),
            self.tr("Particulars"),
            *(self.tr("Requests"), self.tr("Requirements"), self.tr("Documents")),
            *(self.tr("History"), self.tr("Systems")),
        )
        for number, title in enumerate(titles):
            if number < self.tabs.count():
                self.tabs.setTabText(number, title)
            else:
                self.tabs.addTab(title)
            self.tabs.setTabToolTip(number, f"{title}  (Alt+{number + 1})")
        self.tabs.setAccessibleName(self.tr("Parts of the case"))
        self.note.retranslate()
        for part in (self.head, self.why, self.bar, *self._parts(), *((self.panel,) if self.panel else ())):
            part.retranslate()
        if self.card is not None:
            now = self.now().astimezone(self.card.due_at.tzinfo)
            self.head.show_case(self.card, now)
            for part in (*self._parts(), *((self.panel,) if self.panel else ())):
                part.show_card(self.card)
            self.bar.show_actions(self.card, self.panel)
