"""The decision: requirements item by item, grounds for a refusal, the draft."""

from typing import Any

from PySide6.QtWidgets import QVBoxLayout

from desktop.errors import BadInput
from desktop.queries.rows import CaseCard, OpenOutcome
from desktop.regulation.model import Effect
from desktop.ui import case_words as words
from desktop.ui import theme
from desktop.ui.messages import sentence
from desktop.ui.screens.case_parts.part import ActPanel, Scrolling, clear, column
from desktop.ui.screens.case_parts.verdicts import Choice, Given, VerdictList
from desktop.ui.screens.case_parts.visas import text_area
from desktop.ui.screens.register_parts.fields import Tick
from desktop.ui.widgets.form import Field, Form, line_edit
from desktop.ui.widgets.plain import Button, PlainLabel
from desktop.ui.words import cited_item

UNFAVOURABLE = frozenset({Effect.REFUSE, Effect.PROPOSE_REFUSAL})
CHOICES = (
    Choice("met", lambda: words.verdict("met"), "done"),
    Choice("unmet", lambda: words.verdict("unmet"), "late", takes_note=True),
    Choice("not_applicable", lambda: words.verdict("not_applicable"), "paused"),
)


def _verdicts(given: dict[str, Given]) -> dict[str, Any]:
    from desktop.cases.deciding import RequirementVerdict

    return {item: RequirementVerdict(one.code, one.note) for item, one in given.items() if one.code}


def draft(store, actor, *, given: dict[str, Given], **facts) -> int:
    """Run the command; imported where it runs."""
    from desktop.cases.deciding import draft as make_draft

    return make_draft(store, actor, checks=_verdicts(given), **facts)


def save_checks(store, actor, *, given: dict[str, Given], **facts) -> None:
    """Run the command; imported where it runs."""
    from desktop.cases.deciding import save_checks as save

    save(store, actor, checks=_verdicts(given), **facts)


class DecidePanel(ActPanel):
    """Examine, choose the grounds when refusing, number the licence where the office must, draft."""

    room = 0.6

    def __init__(self, desk, act_on, parent=None) -> None:
        super().__init__(desk, act_on, parent)
        self._page = Scrolling(self)
        self.returned = PlainLabel(parent=self, wrap=True, name="case.return_reason")
        self.answer = PlainLabel(parent=self, role="heading", wrap=True, name="case.answer")
        self.hint = PlainLabel(parent=self, role="small", wrap=True)
        self.rows = VerdictList(CHOICES, name="case.requirement_check", parent=self._page.page)
        self.rows.changed.connect(self.changed)
        self.save = Button(parent=self, icon="save", name="case.save_checks")
        self.save.clicked.connect(self._save)
        self.grounds_title = PlainLabel(parent=self, role="heading", wrap=True)
        self.grounds_problem = PlainLabel(parent=self, role="small", wrap=True, name="case.grounds.problem")
        self._grounds = QVBoxLayout()
        self._ticks: dict[str, Tick] = {}
        self.form = Form(self, columns=1)
        number = Field(line_edit(limit=80), name="case.licence_number")
        self.number = self.form.add("licence_number", number)
        self.confirm = Tick(name="case.licence_number_confirmed", parent=self)
        self.note_kk = self.form.add("note_kk", Field(text_area(name="case.note_kk"), name="case.note_kk"))
        self.note_ru = self.form.add("note_ru", Field(text_area(name="case.note_ru"), name="case.note_ru"))
        for field in (self.number, self.confirm, self.note_kk, self.note_ru):
            self.form.add_row(field)
        self.number.editor.textEdited.connect(self._number_edited)
        for widget in (self.returned, self.answer, self.rows, self.hint, self.save, self.grounds_title):
            self._page.column.addWidget(widget)
        self._page.column.addLayout(self._grounds)
        self._page.column.addWidget(self.grounds_problem)
        self._page.column.addWidget(self.form)
        self._page.column.addStretch(1)
        column(self).addWidget(self._page)
        theme.mark(self.returned, tone="soon")
        theme.mark(self.grounds_problem, tone="late")
        self.grounds_problem.hide()
        self.confirm.hide()

    def show_card(self, card: CaseCard) -> None:
        super().show_card(card)
        new = self.rows.show_items([row.requirement.id for row in card.requirements])
        for row in card.requirements:
            shown = self.rows.row(row.requirement.id)
            unverified = self.tr("not checked against its source")
            item = cited_item(row.requirement.clause)
            meta = " · ".join(one for one in (item, unverified if row.requirement.unverified else "") if one)
            shown.say(self.language.text(row.requirement.title), meta)
            if new:
                shown.give(Given(row.verdict, "", row.note))
        for widget in (self.rows, self.hint, self.save):  # an act may ask nothing item by item
            widget.setVisible(bool(card.requirements))
        self._show_grounds(card)
        if new:
            self.note_kk.editor.setPlainText(card.decision_note.kk)
            self.note_ru.editor.setPlainText(card.decision_note.ru)
        self.number.setVisible(not card.numbers_licences)
        self.returned.setVisible(bool(card.return_reason))
        told = self.tr("The draft was returned for rework: {reason}").format(reason=card.return_reason)
        self.returned.setText(told)
        self.answer.setVisible(card.answer is not None)
        if card.answer is not None:
            self.answer.setText(self.tr("Answer: {answer}").format(answer=words.answer(card.answer)))
        self.changed.emit()

    def _show_grounds(self, card: CaseCard) -> None:
        if list(self._ticks) != [ground.id for ground in card.grounds]:
            clear(self._grounds)
            self._ticks = {}
            for ground in card.grounds:
                tick = Tick(name=f"case.ground.{ground.id}", parent=self)
                tick.set_checked(ground.id in card.refusal_grounds)
                tick.toggled.connect(self._grounds_changed)
                self._grounds.addWidget(tick)
                self._ticks[ground.id] = tick
        for ground in card.grounds:
            title = self.language.text(ground.title)
            item = cited_item(ground.clause)
            self._ticks[ground.id].set_text(f"{title} ({item})" if item else title)
        self.grounds_title.setVisible(bool(card.grounds))

    def _grounds_changed(self) -> None:
        self.grounds_problem.hide()
        self.changed.emit()

    def _number_edited(self) -> None:
        self.number.set_problem("")
        self.confirm.hide()
        self.confirm.set_checked(False)
        self.changed.emit()

    def grounds(self) -> tuple[str, ...]:
        return tuple(ground for ground, tick in self._ticks.items() if tick.is_checked())

    def _unmet(self) -> int:
        return sum(one.code == "unmet" for one in self.rows.given().values())

    # what can be done

    def primary(self, outcomes: tuple[OpenOutcome, ...]) -> OpenOutcome | None:
        granting = next((item for item in outcomes if item.effect == Effect.GRANT), None)
        refusing = next((item for item in outcomes if item.effect in UNFAVOURABLE), None)
        refuse = bool(self._unmet() or self.grounds()) or granting is None or not granting.open
        return (refusing if refuse else granting) or super().primary(outcomes)

    def why_not(self, outcome: OpenOutcome) -> str:
        if outcome.effect in UNFAVOURABLE:
            return "" if self.grounds() else self.tr("Choose a ground for the refusal")
        left = self.rows.unchecked()
        if left:
            return self.tr("%n requirement(s) still to be examined", "", left)
        if unmet := self._unmet():
            return self.tr("%n requirement(s) not met", "", unmet)
        if not self.card.numbers_licences and not self.number.editor.text().strip():
            return self.tr("Write the licence number given by the central database")
        if self.card.names_others:
            return self.tr("A system answered of another: say in Systems whether it counts")
        return ""

    def take(self, outcome: OpenOutcome) -> None:
        self.form.clear_problems()
        refusing = outcome.effect in UNFAVOURABLE
        said = self.tr("The refusal was drafted; read it on the right")
        said = said if refusing else self.tr("The licence was drafted; read it on the right")
        if outcome.effect == Effect.PROPOSE_REFUSAL:
            said = self.tr("The notice of the hearing is ready; read it on the right")
        facts: dict[str, Any] = {
            "outcome": outcome.id,
            "given": self.rows.given(),
            "grounds": self.grounds() if refusing else (),
            "note_kk": self.note_kk.editor.toPlainText(),
            "note_ru": self.note_ru.editor.toPlainText(),
            "licence_number": None if self.card.numbers_licences else self.number.editor.text(),
            "licence_number_confirmed": self.confirm.is_checked(),
        }
        self.act_on(draft, said=said, shows_document=True, draw=self.desk.draw, **facts)

    def _save(self) -> None:
        self.act_on(
            save_checks, said=self.tr("The examination was saved"), stays=True, given=self.rows.given()
        )

    def show_error(self, error: BaseException) -> bool:
        if not isinstance(error, BadInput):
            return False
        if error.code == "licence-number-form":
            self.confirm.show()
        if error.field == "grounds":
            self.grounds_problem.setText(sentence(error, self.language))
            self.grounds_problem.show()
            return True
        row = self.rows.row(str(error.facts.get("requirement", "")))
        if row is not None:
            row.note.show()
            row.note.set_problem(sentence(error, self.language))
            row.setFocus()
            return True
        return self.form.show_error(error)

    def typed(self) -> dict[str, Any]:
        typed = {
            "checks": {item: [one.code, one.note] for item, one in self.rows.given().items() if one.code},
            "grounds": list(self.grounds()),
            "number": self.number.editor.text(),
            "note_kk": self.note_kk.editor.toPlainText(),
            "note_ru": self.note_ru.editor.toPlainText(),
        }
        return typed if any(typed.values()) else {}

    def restore(self, typed: dict[str, Any]) -> None:
        for item, (code, note) in typed.get("checks", {}).items():
            row = self.rows.row(item)
            if row is not None:
                row.give(Given(str(code), "", str(note)))
        for ground in typed.get("grounds", []):
            if ground in self._ticks:
                self._ticks[ground].set_checked(True)
        self.number.editor.setText(str(typed.get("number", "")))
        self.note_kk.editor.setPlainText(str(typed.get("note_kk", "")))
        self.note_ru.editor.setPlainText(str(typed.get("note_ru", "")))
        self.changed.emit()

    def retranslate(self) -> None:
        self.rows.retranslate()
        self.hint.setText(self.tr("1 met, 2 not met, 3 does not apply; the arrows go from item to item."))
        self.save.set_text(self.tr("Save the examination"))
        self.grounds_title.setText(self.tr("Grounds for a refusal"))
        self.number.set_label(self.tr("Licence number given by the central database"))
        self.confirm.set_text(self.tr("The number is right although its form is unusual"))
        self.note_kk.set_label(self.tr("Addition to the paper, in Kazakh"))
        self.note_ru.set_label(self.tr("Addition to the paper, in Russian"))
