"""The head of a case: what it is about, where it stands, by when, and why then."""

from datetime import datetime

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication, Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from desktop.queries.rows import CaseCard
from desktop.ui import case_words as words
from desktop.ui import theme
from desktop.ui.screens.case_parts.part import Part, column
from desktop.ui.widgets.chip import Chip, DeadlineChip
from desktop.ui.widgets.plain import Button, ElidedLabel, PlainLabel
from desktop.ui.widgets.route_strip import RouteStrip

RESULT_TONES = {"licence": "done", "refusal": "refused", "termination": "refused", "withdrawn": "paused"}
_IDENTIFIERS = {True: QT_TRANSLATE_NOOP("Words", "BIN"), False: QT_TRANSLATE_NOOP("Words", "IIN")}


class CaseHead(Part):
    """Number, holder, identifier and site; the route; the deadlines."""

    why_asked = Signal(str)  # "step" or "total"

    def __init__(self, desk, parent: QWidget | None = None) -> None:
        super().__init__(desk, parent)
        self.number = PlainLabel(parent=self, role="title", name="case.number")
        self.number.make_selectable()
        self.service = ElidedLabel(parent=self, role="muted", name="case.service")
        self.state = Chip(parent=self, name="case.state")
        self.holder = PlainLabel(parent=self, wrap=True, name="case.holder")
        self.holder.make_selectable()
        self.repealed = ElidedLabel(parent=self, role="small", name="case.repealed")
        self.route = RouteStrip(desk.language, self, name="case.route")
        self.step_due = DeadlineChip(desk.language, self, name="case.step_due")
        self.due = PlainLabel(parent=self, name="case.due")
        self.why = Button(parent=self, kind="link", name="case.why")
        self.why.clicked.connect(lambda: self.why_asked.emit("total"))
        self.step_due.why_asked.connect(lambda: self.why_asked.emit("step"))
        self._lay_out()

    def _lay_out(self) -> None:
        first = QHBoxLayout()
        first.setSpacing(theme.spacing(3))
        first.addWidget(self.number)
        first.addWidget(self.service, 1)
        first.addWidget(self.state)
        last = QHBoxLayout()
        last.setSpacing(theme.spacing(3))
        for widget in (self.step_due, self.due, self.why):
            last.addWidget(widget)
        last.addStretch(1)
        whole = column(self, gap=1.5)
        whole.addLayout(first)
        whole.addWidget(self.holder)
        whole.addWidget(self.repealed)
        whole.addWidget(self.route)
        whole.addLayout(last)

    def show_case(self, card: CaseCard, now: datetime) -> None:
        self.card = card
        text = self.language.text
        self.number.setText(card.number)
        self.service.setText(f"{text(card.service)} · {card.act_title}")
        identifier = QCoreApplication.translate("Words", _IDENTIFIERS[card.is_legal_entity])
        self.holder.setText(f"{text(card.holder)} · {identifier} {card.identifier} · {card.site}")
        self.repealed.setText(text(card.repealed_by))
        self.repealed.setVisible(card.repealed_by is not None)
        theme.mark(self.repealed, tone="soon")
        self.route.show_route(card.route)
        self._show_state(card)
        self.show_time(now)

    def show_time(self, now: datetime) -> None:
        """Say the time left anew; called every minute."""
        card = self.card
        if card is None:
            return
        self.step_due.show_due(card.step_due_at if card.closed_at is None else None, now)
        self.why.setVisible(card.closed_at is None)
        if card.closed_at is not None:
            closed_at = self.language.format_moment(card.closed_at)
            self.due.setText(self.tr("Closed {moment}").format(moment=closed_at))
            return
        due = self.language.format_moment(card.due_at, today=now.date())
        if card.hand_over_by is None:
            self.due.setText(self.tr("The whole service is due {moment}").format(moment=due))
            return
        by = self.language.format_moment(card.hand_over_by, today=now.date())
        told = self.tr("The whole service is due {moment}, the result at the channel by {by}")
        self.due.setText(told.format(moment=due, by=by))

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
