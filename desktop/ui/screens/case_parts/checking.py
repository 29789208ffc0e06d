"""Completeness: each paper of the inventory gets a verdict; the notice is built from what is unmet."""

from typing import Any

from PySide6.QtCore import Signal

from desktop.errors import BadInput
from desktop.queries.rows import CaseCard, OpenOutcome
from desktop.regulation.model import Effect
from desktop.regulation.stated import stated
from desktop.ui import case_words as words
from desktop.ui.messages import sentence
from desktop.ui.screens.case_parts.papers import link_files, paper_meta
from desktop.ui.screens.case_parts.part import ActPanel, Scrolling, column
from desktop.ui.screens.case_parts.verdicts import Choice, Given, VerdictList, parse_day
from desktop.ui.widgets.plain import PlainLabel, PlainView


def check_papers(store, actor, *, given: dict[str, Given], **facts) -> int | None:
    """Run the command; imported where it runs."""
    from desktop.cases.checking import PaperVerdict
    from desktop.cases.checking import check_papers as check

    verdicts = {
        paper: PaperVerdict(one.code, parse_day(one.day), one.note)
        for paper, one in given.items()
        if one.code
    }
    return check(store, actor, verdicts=verdicts, **facts)


_UNMET = (
    Choice("missing", lambda: words.verdict("missing"), "late", takes_note=True),
    Choice("expired", lambda: words.verdict("expired"), "late", needs_day=True, takes_note=True),
)
CHOICES = (Choice("ok", lambda: words.verdict("ok"), "done", expires=True), *_UNMET)
NOT_BROUGHT = (
    Choice("later", lambda: words.verdict("later"), "done", needs_note=True, expires=True),
    *_UNMET,
)
"""Of a paper the inventory says was not brought: it counts as missing until somebody says how it came later."""


class CheckPanel(ActPanel):
    """The checklist beside the papers; numbers 1 to 3 give the verdict and go on to the next paper."""

    room = 0.6
    file_chosen = Signal(object)

    def __init__(self, desk, act_on, parent=None) -> None:
        super().__init__(desk, act_on, parent)
        self._page = Scrolling(self)
        self.hint = PlainLabel(parent=self, role="small", wrap=True)
        self.rows = VerdictList(CHOICES, name="case.check", parent=self._page.page)
        self.rows.changed.connect(self._changed)
        self.rows.opened.connect(self._open)
        self.problem = PlainLabel(parent=self, role="small", wrap=True, name="case.check.problem")
        self.notice_title = PlainLabel(parent=self, role="heading", wrap=True)
        self.notice = PlainView(parent=self, name="case.notice_preview")
        self.notice.setFixedHeight(self.fontMetrics().lineSpacing() * 9)
        for widget in (self.rows, self.hint, self.problem, self.notice_title, self.notice):
            self._page.column.addWidget(widget)
        self._page.column.addStretch(1)
        column(self).addWidget(self._page)
        self.problem.setProperty("tone", "late")
        self.problem.hide()

    def show_card(self, card: CaseCard) -> None:
        super().show_card(card)
        not_brought = {row.paper.id: NOT_BROUGHT for row in card.inventory if not row.brought}
        new = self.rows.show_items([row.paper.id for row in card.inventory], not_brought)
        for row in card.inventory:
            shown = self.rows.row(row.paper.id)
            shown.say(self.language.text(row.paper.title), paper_meta(row, self.language, self.tr))
            files = [file for file in card.attachments if file.paper == row.paper.id]
            link_files(shown.links, files, lambda file, *_: self.file_chosen.emit(file), shown, self.tr)
            shown.expires = row.paper.expires
            if new:
                day = self.language.format_short(row.expires_on)
                verdict = row.verdict or ("" if row.brought else "missing")
                shown.give(Given(verdict, day, row.note))
        self._changed()

    def _open(self, paper: str) -> None:
        file = next((item for item in self.card.attachments if item.paper == paper), None)
        if file is not None:
            self.file_chosen.emit(file)

    def _changed(self) -> None:
        self.problem.hide()
        self._show_notice()
        self.changed.emit()

    # what the verdicts mean

    def unmet(self) -> list[str]:
        """Return the papers that stop the consideration: a required one missing, any one expired."""
        given = self.rows.given()
        return [
            row.paper.id
            for row in self.card.inventory
            if given[row.paper.id].code == "expired"
            or (row.paper.required and given[row.paper.id].code == "missing")
        ]

    def primary(self, outcomes: tuple[OpenOutcome, ...]) -> OpenOutcome | None:
        wanted = Effect.INCOMPLETE if self.card is not None and self.unmet() else Effect.COMPLETE
        return next((item for item in outcomes if item.effect == wanted), None) or super().primary(outcomes)

    def why_not(self, outcome: OpenOutcome) -> str:
        left = self.rows.unchecked()
        if left:
            return self.tr("%n paper(s) still to be checked", "", left)
        if wrong := self._wrong_day():
            return self.tr("Write until when it was valid: {paper}").format(paper=wrong)
        if silent := self._unexplained():
            return self.tr("Write who handed it in and when: {paper}").format(paper=silent)
        unmet = self.unmet()
        if outcome.effect == Effect.COMPLETE and unmet:
            return self.tr("%n paper(s) missing or expired", "", len(unmet))
        if outcome.effect == Effect.INCOMPLETE and not unmet:
            return self.tr("All papers are in order")
        if outcome.effect == Effect.COMPLETE and self.card.names_others:
            return self.tr("A system answered of another: say in Systems whether it counts")
        return ""

    def _wrong_day(self) -> str:
        for row in self.card.inventory:
            given = self.rows.row(row.paper.id).given
            if (given.code == "expired" or given.day) and parse_day(given.day) is None:
                return self.language.text(row.paper.title)
        return ""

    def _unexplained(self) -> str:
        for row in self.card.inventory:
            if self.rows.row(row.paper.id).lacks_note:
                return self.language.text(row.paper.title)
        return ""

    def take(self, outcome: OpenOutcome) -> None:
        incomplete = outcome.effect == Effect.INCOMPLETE
        said = self.tr("The consideration was terminated; the notice is ready to print")
        done = said if incomplete else self.tr("Papers complete; the case went on")
        self.act_on(check_papers, said=done, outcome=outcome.id, given=self.rows.given(), draw=self.desk.draw)

    # the notice

    def _show_notice(self) -> None:
        unmet = self.unmet() if self.card is not None else []
        self.notice_title.setVisible(bool(unmet))
        self.notice.setVisible(bool(unmet))
        if unmet:
            self.notice.setPlainText("\n\n".join(self._notice_in(code, unmet) for code in ("kk", "ru")))

    def _notice_in(self, code: str, unmet: list[str]) -> str:
        """Return the unmet papers as the notice will list them, in one state language."""
        lines, given = [], self.rows.given()
        for number, row in enumerate((row for row in self.card.inventory if row.paper.id in unmet), 1):
            one = given[row.paper.id]
            word = stated("unmet_paper", one.code, day=one.day or "…").in_language(code)
            note = f"; {one.note}" if one.note else ""
            lines.append(f"{number}. {row.paper.title.in_language(code)} ({word}{note})")
        return "\n".join(lines)

    # what was typed

    def typed(self) -> dict[str, Any]:
        return {paper: [one.code, one.day, one.note] for paper, one in self.rows.given().items() if one.code}

    def restore(self, typed: dict[str, Any]) -> None:
        for paper, values in typed.items():
            row = self.rows.row(paper)
            if row is not None:
                row.give(Given(*(str(value) for value in values)))
        self._changed()

    def show_error(self, error: BaseException) -> bool:
        row = self.rows.row(str(error.facts.get("paper", ""))) if isinstance(error, BadInput) else None
        if row is None:
            return False
        field = row.day if "expir" in error.code else row.note
        field.show()
        field.set_problem(sentence(error, self.language))
        row.setFocus()
        return True

    def retranslate(self) -> None:
        self.rows.retranslate()
        self.hint.setText(self.tr("1 in order, 2 missing, 3 expired; the arrows go from paper to paper."))
        self.notice_title.setText(self.tr("The notice will name these papers"))
