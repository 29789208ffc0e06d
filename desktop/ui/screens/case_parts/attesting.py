"""The commission's sitting: the test, the interview, the votes, the decision; the protocol is seen before it is kept."""

from collections import Counter
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from desktop.errors import BadInput
from desktop.queries.rows import CaseCard, OpenOutcome, PersonRow
from desktop.regulation.model import DocumentKind, Effect, Role, Text
from desktop.ui import case_words as words
from desktop.ui import theme
from desktop.ui.messages import sentence
from desktop.ui.screens.case_parts.part import ActPanel, Scrolling, column
from desktop.ui.screens.case_parts.verdicts import Choice, Given, VerdictList, parse_day
from desktop.ui.screens.case_parts.visas import read_assignees, text_area
from desktop.ui.widgets.form import Field, Form, line_edit
from desktop.ui.widgets.plain import Button, PlainLabel

_ABSENT = "absent"  # the commission sat without him: no vote
CHOICES = (
    Choice("for", lambda: words.vote("for"), "done"),
    Choice("against", lambda: words.vote("against"), "late"),
    Choice("abstained", lambda: words.vote("abstained"), "paused"),
    Choice(_ABSENT, lambda: words.vote(_ABSENT), "paused"),
)
_INTERVIEW = ("interview_kk", "interview_ru")
_TEXTS = ("interview_kk", "interview_ru", "note_kk", "note_ru")


def _sitting(facts: dict[str, Any]) -> Any:
    from desktop.cases.attesting import Sitting, Vote

    told = dict(facts)
    votes = tuple(Vote(person_id, vote) for person_id, vote in told.pop("votes"))
    return Sitting(votes=votes, **told)


def attest(store, actor, *, facts: dict[str, Any], **more) -> int:
    """Run the command; imported where it runs."""
    from desktop.cases.attesting import attest as keep

    return keep(store, actor, sitting=_sitting(facts), **more)


def draw_protocol(
    store, actor, *, card: CaseCard, facts: dict[str, Any], names: dict[int, Text], passed: bool, draw
) -> bytes:
    """Draw the protocol as it would be kept, still without its number."""
    from desktop.queries.office import office
    from desktop.regulation.papers import CommissionFacts, HolderFacts, MemberFacts, OfficeFacts

    row = office(store)
    paper = CommissionFacts(
        office=OfficeFacts(row.name, row.bin, row.address, row.place, row.is_demo),
        holder=HolderFacts(card.holder, card.identifier, card.is_legal_entity, card.holder_address),
        number="…",
        dated=facts["held_on"],
        service=card.service,
        case_number=card.number,
        case_date=card.received_at.date(),
        site=card.site,
        passed=passed,
        test_score=facts["test_score"],
        test_most=facts["test_max"],
        interview=Text(facts["interview_kk"], facts["interview_ru"]),
        members=tuple(MemberFacts(names[person_id], vote) for person_id, vote in facts["votes"]),
        secretary=Text(actor.name_kk, actor.name_ru),
        note=Text(facts["note_kk"], facts["note_ru"]),
    )
    return draw(DocumentKind.PROTOCOL, paper, row.seal)


class AttestPanel(ActPanel):
    """Numbers 1 to 4 give a member's vote and go on to the next; the majority says which decision is open."""

    room = 0.6
    tells_time = True

    def __init__(self, desk, act_on, parent=None, *, now, read=read_assignees) -> None:
        super().__init__(desk, act_on, parent)
        self._now = now
        self._read = read
        self._names: dict[int, Text] = {}
        self._kept_votes: dict[str, str] = {}  # given back before the members were read
        self._page = Scrolling(self)
        self.form = Form(self, columns=2)
        self.day = self._field("held_on", line_edit(limit=10), needed=True)
        self.score = self._field("test_score", line_edit(limit=4), needed=True)
        self.most = self._field("test_max", line_edit(limit=4), needed=True)
        self.interview_kk = self._field("interview_kk", text_area(name="case.interview_kk"), needed=True)
        self.interview_ru = self._field("interview_ru", text_area(name="case.interview_ru"), needed=True)
        self.note_kk = self._field("note_kk", text_area(name="case.note_kk"))
        self.note_ru = self._field("note_ru", text_area(name="case.note_ru"))
        self.votes_title = PlainLabel(parent=self, role="heading", wrap=True)
        self.rows = VerdictList(CHOICES, name="case.vote", parent=self._page.page)
        self.hint = PlainLabel(parent=self, role="small", wrap=True)
        self.count = PlainLabel(parent=self, role="number", wrap=True, name="case.votes")
        self.problem = PlainLabel(parent=self, role="small", wrap=True, name="case.votes.problem")
        theme.mark(self.problem, tone="late")
        self.problem.hide()
        self.preview = Button(parent=self, icon="eye", name="case.protocol_preview")
        self.preview.clicked.connect(self._preview)
        self.rows.changed.connect(self._changed)
        self._lay_out()

    def _field(self, key: str, editor: QWidget, *, needed: bool = False) -> Field:
        field = self.form.add(key, Field(editor, name=f"case.{key}", required=needed))
        (editor.textChanged if key in _TEXTS else editor.textEdited).connect(self._changed)
        return field

    def _lay_out(self) -> None:
        self.form.add_row(self.day)
        self.form.add_row(self.score, self.most)
        self.form.add_row(self.interview_kk)
        self.form.add_row(self.interview_ru)
        notes = Form(self, columns=1)
        for field in (self.note_kk, self.note_ru):
            notes.add_row(field)
        inside = self._page.column
        inside.addWidget(self.form)
        for widget in (self.votes_title, self.rows, self.hint, self.count, self.problem, notes):
            inside.addWidget(widget)
        inside.addWidget(self.preview, 0, Qt.AlignmentFlag.AlignLeft)
        inside.addStretch(1)
        column(self).addWidget(self._page)

    def show_card(self, card: CaseCard) -> None:
        first = self.card is None
        super().show_card(card)
        if first:
            today = self._now().astimezone(card.due_at.tzinfo)
            self.day.editor.setText(f"{today:%d.%m.%Y}")
        self.desk.read(self._read, then=self._show_members, latest="commission", role=Role.COMMISSION)

    def _show_members(self, people: tuple[PersonRow, ...]) -> None:
        members = sorted(people, key=lambda one: one.person_id)
        self._names = {one.person_id: one.name for one in members}
        new = self.rows.show_items([str(one.person_id) for one in members])
        for one in members:
            row = self.rows.row(str(one.person_id))
            row.say(self.language.text(one.name), self.language.text(one.position))
            if new and (vote := self._kept_votes.get(row.item)):
                row.give(Given(vote))
        self.problem.setText(
            "" if members else self.tr("The commission has no members. The administrator can name them.")
        )
        self.problem.setVisible(not members)
        self._changed()

    # what was decided

    def votes(self) -> tuple[tuple[int, str], ...]:
        given = self.rows.given().items()
        return tuple((int(item), one.code) for item, one in given if one.code and one.code != _ABSENT)

    def majority(self) -> bool | None:
        """Return whether more are for than against; None while votes are missing."""
        if not self.votes() or self.rows.unchecked():
            return None
        counted = Counter(vote for _person, vote in self.votes())
        return counted["for"] > counted["against"]

    def facts(self) -> dict[str, Any]:
        """Return the sitting as the command wants it; a score that is no number is -1."""
        return {
            "held_on": parse_day(self.day.editor.text()),
            "test_score": _number(self.score.editor.text()),
            "test_max": _number(self.most.editor.text()),
            "votes": self.votes(),
            **{key: self.form.field(key).editor.toPlainText() for key in _TEXTS},
        }

    def _changed(self) -> None:
        counted = Counter(vote for _person, vote in self.votes())
        self.count.setText(
            self.tr("For {number}, against {against}, abstained {abstained}").format(
                number=counted["for"], against=counted["against"], abstained=counted["abstained"]
            )
        )
        self.count.setVisible(bool(self._names))
        self.preview.set_why_not(self._lacks())
        self.changed.emit()

    def primary(self, outcomes: tuple[OpenOutcome, ...]) -> OpenOutcome | None:
        wanted = Effect.FAILED if self.majority() is False else Effect.PASSED
        return next((item for item in outcomes if item.effect == wanted), None) or super().primary(outcomes)

    def why_not(self, outcome: OpenOutcome) -> str:
        if lacks := self._lacks():
            return lacks
        if (outcome.effect == Effect.PASSED) is not self.majority():
            return self.tr("The majority has voted otherwise")
        return ""

    def _lacks(self) -> str:
        if parse_day(self.day.editor.text()) is None:
            return self.tr("Write the day of the sitting as dd.mm.yyyy")
        score, most = _number(self.score.editor.text()), _number(self.most.editor.text())
        if score < 0 or most <= 0:
            return self.tr("Write the result of the test and the most it can be")
        if score > most:
            return self.tr("The result of the test is greater than the most it can be")
        if not all(self.form.field(key).editor.toPlainText().strip() for key in _INTERVIEW):
            return self.tr("Write the result of the interview in Kazakh and in Russian")
        if not self._names:
            return self.tr("The commission has no members. The administrator can name them.")
        if left := self.rows.unchecked():
            return self.tr("%n member(s) still to vote", "", left)
        return "" if self.votes() else self.tr("Nobody has voted")

    def take(self, outcome: OpenOutcome) -> None:
        self.form.clear_problems()
        passed = self.tr("The commission has decided: attested. The protocol is kept")
        failed = self.tr("The commission has decided: not attested. The protocol is kept")
        self.act_on(
            attest,
            said=passed if outcome.effect == Effect.PASSED else failed,
            shows_document=True,
            outcome=outcome.id,
            facts=self.facts(),
            draw=self.desk.draw,
        )

    def _preview(self) -> None:
        title = words.document(DocumentKind.PROTOCOL)
        self.desk.read(
            draw_protocol,
            then=lambda pdf: self.paper_wanted.emit(pdf, "application/pdf", title),
            latest="protocol",
            card=self.card,
            facts=self.facts(),
            names=dict(self._names),
            passed=bool(self.majority()),
            draw=self.desk.draw,
        )

    # errors and what was typed

    def show_error(self, error: BaseException) -> bool:
        if not isinstance(error, BadInput):
            return False
        if error.field == "votes":
            self.problem.setText(sentence(error, self.language))
            self.problem.show()
            return True
        return self.form.show_error(error)

    def typed(self) -> dict[str, Any]:
        typed = {key: self.form.field(key).editor.toPlainText() for key in _TEXTS}
        typed |= {key: self.form.field(key).editor.text() for key in ("test_score", "test_max")}
        votes = {item: one.code for item, one in self.rows.given().items() if one.code}
        if not any(typed.values()) and not votes:
            return {}
        return {**typed, "held_on": self.day.editor.text(), "votes": votes}

    def restore(self, typed: dict[str, Any]) -> None:
        for key in _TEXTS:
            self.form.field(key).editor.setPlainText(str(typed.get(key, "")))
        for key in ("held_on", "test_score", "test_max"):
            self.form.field(key).editor.setText(str(typed.get(key, "")))
        self._kept_votes = {str(person): str(vote) for person, vote in typed.get("votes", {}).items()}
        for person, vote in self._kept_votes.items():
            row = self.rows.row(person)
            if row is not None:
                row.give(Given(vote))
        self._changed()

    def retranslate(self) -> None:
        self.rows.retranslate()
        self.day.set_label(self.tr("Day of the sitting (dd.mm.yyyy)"))
        self.score.set_label(self.tr("Result of the test"))
        self.most.set_label(self.tr("Out of at most"))
        self.interview_kk.set_label(self.tr("Result of the interview, in Kazakh"))
        self.interview_ru.set_label(self.tr("Result of the interview, in Russian"))
        self.votes_title.setText(self.tr("Votes of the commission"))
        self.hint.setText(
            self.tr("1 for, 2 against, 3 abstained, 4 absent; the arrows go from member to member.")
        )
        self.note_kk.set_label(self.tr("Note of the commission, in Kazakh"))
        self.note_ru.set_label(self.tr("Note of the commission, in Russian"))
        self.preview.set_text(self.tr("Look at the protocol"))
        self._changed()


def _number(text: str) -> int:
    text = text.strip()
    return int(text) if text.isascii() and text.isdigit() else -1
