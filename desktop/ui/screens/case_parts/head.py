"""The head of a case: what it is about, where it stands, by when, and why then."""

from datetime import datetime

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication, Qt, Signal
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QHBoxLayout, QWidget

from desktop.queries.rows import CaseCard
from desktop.regulation import deadlines
from desktop.ui import case_words as words
from desktop.ui import theme
from desktop.ui.diagram.window import RouteWindow
from desktop.ui.screens.case_parts.company import Company
from desktop.ui.screens.case_parts.law_notes import LawNotes
from desktop.ui.screens.case_parts.part import Part, column
from desktop.ui.widgets.chip import Chip, DeadlineChip
from desktop.ui.widgets.flow import Flow
from desktop.ui.widgets.plain import Button, ElidedLabel, PlainLabel
from desktop.ui.widgets.route_strip import RouteStrip

RESULT_TONES = {
    "licence": "done",
    "refusal": "refused",
    "termination": "refused",
    "withdrawn": "paused",
    "attestation": "done",
    "notice": "done",
}
_IDENTIFIERS = {True: QT_TRANSLATE_NOOP("Words", "BIN"), False: QT_TRANSLATE_NOOP("Words", "IIN")}


class CaseHead(Part):
    """Number, holder, identifier and site; the route; the deadlines."""

    why_asked = Signal(str)  # "step" or "total"

    def __init__(self, desk, parent: QWidget | None = None) -> None:
        super().__init__(desk, parent)
        self._low = False
        self._chip_of = "step"
        self.number = PlainLabel(parent=self, role="title", name="case.number")
        self.number.make_selectable()
        self.service = ElidedLabel(parent=self, role="muted", name="case.service")
        self.state = Chip(parent=self, name="case.state")
        self.holder = PlainLabel(parent=self, wrap=True, name="case.holder")
        self.holder.make_selectable()
        self.repealed = ElidedLabel(parent=self, role="small", name="case.repealed")
        self.others = Button(parent=self, kind="link", name="case.names_others")
        self.others.set_icon("late", "late")
        theme.mark(self.others, tone="late")
        self.route = RouteStrip(desk.language, self, name="case.route")
        self.step_due = DeadlineChip(desk.language, self, name="case.step_due")
        self._times = QWidget(self)
        self.due = PlainLabel(parent=self, name="case.due")
        self.still = Chip(parent=self, tone="paused", name="case.paused")
        self.hand_over = PlainLabel(parent=self, name="case.hand_over_by")
        self.why = Button(parent=self, kind="link", name="case.why")
        self.diagram = Button(parent=self, kind="link", name="case.diagram", shortcut="Ctrl+D")
        self.law_notes = LawNotes(desk, self)
        self.company = Company(desk, self)
        self.why.clicked.connect(lambda: self.why_asked.emit("total"))
        self.diagram.clicked.connect(self.open_diagram)
        self.step_due.why_asked.connect(lambda: self.why_asked.emit(self._chip_of))
        self._lay_out()

    def _lay_out(self) -> None:
        first = QHBoxLayout()
        first.setSpacing(theme.spacing(3))
        first.addWidget(self.number)
        first.addWidget(self.service, 1)
        first.addWidget(self.state)
        last = Flow(self._times, gap=2.5)
        for widget in (
            self.step_due, self.due, self.still, self.hand_over, self.why, self.company,
        ):  # fmt: skip
            last.addWidget(widget)
        way = QHBoxLayout()
        way.setSpacing(theme.spacing(2))
        way.addWidget(self.route, 1)
        way.addWidget(self.law_notes.asked, 0, Qt.AlignmentFlag.AlignTop)
        way.addWidget(self.diagram, 0, Qt.AlignmentFlag.AlignTop)
        whole = column(self, gap=1.5)
        whole.addLayout(first)
        whole.addWidget(self.holder)
        whole.addWidget(self.repealed)
        whole.addWidget(self.others, 0, Qt.AlignmentFlag.AlignLeft)
        whole.addLayout(way)
        whole.addWidget(self._times)
        whole.addWidget(self.law_notes)

    def show_case(self, card: CaseCard, now: datetime) -> None:
        self.card = card
        text = self.language.text
        self.number.setText(card.number)
        identifier = QCoreApplication.translate("Words", _IDENTIFIERS[card.is_legal_entity])
        self.holder.setText(f"{text(card.holder)} · {identifier} {card.identifier} · {card.site}")
        self._show_repeal(card)
        self._show_others(card)
        self.route.show_route(card.route)
        self.law_notes.show_card(card)
        self._show_state(card)
        self.show_time(now)
        self.company.be_at(card.case_id)

    def open_diagram(self) -> None:
        """Show the act's swim lanes with this case's way through them, in a window of their own."""
        if self.card is not None:
            RouteWindow(self.desk, self.card.case_id, self.card.number, self).show()

    def set_low(self, low: bool) -> None:
        """Take less height: the route without the words of the other stops, the repeal in the tip of the act."""
        self._low = low
        self.route.set_low(low)
        if self.card is not None:
            self._show_repeal(self.card)

    def _show_repeal(self, card: CaseCard) -> None:
        told = self.language.text(card.repealed_by) if card.repealed_by is not None else ""
        self.repealed.setText(told)
        self.repealed.setVisible(bool(told) and not self._low)
        theme.mark(self.repealed, tone="soon")
        theme.mark(self.service, tone="soon" if told and self._low else "")
        act = f"{self.language.text(card.service)} · {card.act_title}"
        self.service.setText(f"{act} · {told}" if told and self._low else act)

    def _show_others(self, card: CaseCard) -> None:
        """Warn of an answer that names another than the applicant; nobody has said yet what it counts for."""
        named = dict.fromkeys(one for _system, others in card.names_others for one in others)
        told = self.tr("A system answered of another, not of the applicant: {others}. See its answer")
        self.others.set_text(told.format(others=", ".join(named)))
        self.others.setVisible(bool(named))

    def show_time(self, now: datetime) -> None:
        """Say the time left anew; called every minute."""
        card = self.card
        if card is None:
            return
        self._show_chip(card, now)
        self.why.setVisible(card.closed_at is None)
        self.still.setVisible(card.closed_at is None and card.paused_since is not None)
        self.hand_over.setVisible(card.closed_at is None and card.hand_over_by is not None)
        if card.closed_at is not None:
            closed_at = self.language.format_moment(card.closed_at)
            self.due.setText(self.tr("Closed {moment}").format(moment=closed_at))
            return
        due = self.language.format_moment(card.due_at, today=now.date())
        whole = self.tr("The whole service is due {moment}").format(moment=due)
        if (
            self._chip_of == "step" and card.step_due_at is not None
        ):  # or its colour is taken for the service's
            whole = self.tr("this step · the whole service is due {moment}").format(moment=due)
        self.due.setText(whole)
        if card.paused_since is not None:
            since = self.language.format_moment(card.paused_since, today=now.date())
            words = self.tr("its term stands still since {moment}").format(moment=since)
            self.still.show_state(words, deadlines.tone(card.due_at, card.paused_since, paused=True))
        if card.hand_over_by is not None:
            by = self.language.format_moment(card.hand_over_by, today=now.date())
            self.hand_over.setText(self.tr("the result at the channel by {by}").format(by=by))

    def _show_chip(self, card: CaseCard, now: datetime) -> None:
        """Show what presses first, as the list does: the step's own term, or the whole service's while it runs."""
        runs = card.paused_since is None
        of_step = card.step_due_at is not None and (not runs or card.step_due_at <= card.due_at)
        self._chip_of = "step" if of_step else "total"
        due = card.step_due_at if of_step else card.due_at if runs else None
        self.step_due.show_due(due if card.closed_at is None else None, now)

    def _show_state(self, card: CaseCard) -> None:
        self.state.setVisible(card.closed_at is not None or bool(card.return_reason))
        if card.closed_at is not None:
            self.state.show_state(
                words.result(card.result or ""), RESULT_TONES.get(card.result or "", "calm")
            )
        elif card.return_reason:
            self.state.show_state(self.tr("returned for rework"), "soon")

    def retranslate(self) -> None:
        self.why.set_text(self.tr("why?"))
        self.law_notes.retranslate()
        self.diagram.set_text(self.tr("Route as a diagram"))  # its tip and its name
        self.diagram.setText(self.tr("Diagram"))
        self.diagram.setShortcut(QKeySequence("Ctrl+D"))  # which a new text takes away
        self.company.retranslate()
