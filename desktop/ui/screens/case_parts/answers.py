"""Waiting for another authority: its own clock, and the record of what it answered."""

from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QVBoxLayout

from desktop.cases.application import IncomingFile
from desktop.errors import BadInput
from desktop.queries.rows import CaseCard, OpenOutcome, RequestRow
from desktop.regulation.model import Effect
from desktop.ui.screens.case_parts.part import ActPanel, Scrolling, column
from desktop.ui.screens.case_parts.verdicts import parse_day
from desktop.ui.screens.case_parts.visas import text_area
from desktop.ui.widgets.chip import DeadlineChip
from desktop.ui.widgets.form import Field, Form, line_edit
from desktop.ui.widgets.plain import Button, PlainLabel


def record_answer(store, actor, **facts) -> None:
    """Run the command; imported where it runs."""
    from desktop.cases.asking import record_answer as record

    record(store, actor, **facts)


class AskPanel(ActPanel):
    """The request, the time its answer still has, and the fields of the letter that came back."""

    tells_time = True

    def __init__(self, desk, act_on, parent=None, *, choose_files=None, now=None) -> None:
        super().__init__(desk, act_on, parent)
        self._choose = choose_files or self._choose_by_dialog
        self._now = now
        self._files: list[str] = []
        self._page = Scrolling(self)
        self.title = PlainLabel(parent=self, role="heading", wrap=True, name="case.request")
        self.addressee = PlainLabel(parent=self, wrap=True, name="case.addressee")
        self.times = PlainLabel(parent=self, role="muted", wrap=True, name="case.request_times")
        self.left = DeadlineChip(desk.language, self, name="case.answer_due")
        self.form = Form(self, columns=2)
        self.number = self.form.add("answer_number", Field(line_edit(limit=80), name="case.answer_number"))
        self.day = self.form.add("answer_date", Field(line_edit(limit=10), name="case.answer_date"))
        self.note = self.form.add("note", Field(text_area(name="case.answer_note"), name="case.answer_note"))
        self.form.add_row(self.number, self.day)
        self.form.add_row(self.note)
        self.attach = Button(parent=self, icon="attach", name="case.answer_files")
        self.attach.clicked.connect(self._ask_for_files)
        self.files = PlainLabel(parent=self, role="small", wrap=True, name="case.answer_files_chosen")
        for field in (self.number, self.day):
            field.editor.textEdited.connect(self.changed)
        files = QVBoxLayout()
        files.addWidget(self.attach, 0, Qt.AlignmentFlag.AlignLeft)
        files.addWidget(self.files)
        chip = QHBoxLayout()
        chip.addWidget(self.left)
        chip.addStretch(1)
        for item in (self.title, self.addressee, self.times):
            self._page.column.addWidget(item)
        self._page.column.addLayout(chip)
        self._page.column.addWidget(self.form)
        self._page.column.addLayout(files)
        self._page.column.addStretch(1)
        column(self).addWidget(self._page)

    def request(self) -> RequestRow | None:
        """Return the request that waits for its answer."""
        return next((item for item in reversed(self.card.requests) if item.answer is None), None)

    def show_card(self, card: CaseCard) -> None:
        super().show_card(card)
        request = self.request()
        if request is None:
            self.title.setText(self.tr("No request waits for an answer"))
            return
        day = self.language.format_moment(request.sent_at)
        self.title.setText(self.tr("Request No {number}").format(number=request.number))
        self.addressee.setText(self.language.text(request.addressee))
        due = self.language.format_moment(request.due_at)
        self.times.setText(self.tr("Sent {sent}, answer due {due}").format(sent=day, due=due))
        self.left.show_due(request.due_at, self._now())

    def _over(self) -> bool:
        request = self.request()
        return request is not None and self._now() > request.due_at

    def primary(self, outcomes: tuple[OpenOutcome, ...]) -> OpenOutcome | None:
        silent = self.card is not None and self._over() and not self.number.editor.text().strip()
        wanted = Effect.NO_ANSWER if silent else Effect.CONFORMS
        return next((item for item in outcomes if item.effect == wanted), None) or super().primary(outcomes)

    def why_not(self, outcome: OpenOutcome) -> str:
        request = self.request()
        if request is None:
            return self.tr("No request waits for an answer")
        if outcome.effect == Effect.NO_ANSWER:
            if self._over():
                return ""
            due = self.language.format_moment(request.due_at)
            return self.tr("The answer may still come until {due}").format(due=due)
        if not self.number.editor.text().strip():
            return self.tr("Write the number of the answer")
        if parse_day(self.day.editor.text()) is None:
            return self.tr("Write the date of the answer as dd.mm.yyyy")
        return ""

    def take(self, outcome: OpenOutcome) -> None:
        self.form.clear_problems()
        self.act_on(
            record_answer,
            said=self.tr("The answer was recorded"),
            outcome=outcome.id,
            answer_number=self.number.editor.text(),
            answer_date=parse_day(self.day.editor.text()),
            note=self.note.editor.toPlainText(),
            files=tuple(IncomingFile(Path(path)) for path in self._files),
        )

    def show_error(self, error: BaseException) -> bool:
        return isinstance(error, BadInput) and self.form.show_error(error)

    # the files of the answer

    def _ask_for_files(self) -> None:
        self.take_files(self._choose())

    def _choose_by_dialog(self) -> list[str]:
        kinds = self.tr("Papers (*.pdf *.jpg *.jpeg *.png *.tif *.tiff)")
        return QFileDialog.getOpenFileNames(self, self.tr("Scan of the answer"), "", kinds)[0]

    def take_files(self, paths: list[str]) -> None:
        """Keep the files that will be attached with the answer."""
        self._files = list(dict.fromkeys([*self._files, *paths]))
        self.files.setText(", ".join(Path(path).name for path in self._files))

    def typed(self) -> dict[str, Any]:
        typed = {
            "number": self.number.editor.text(),
            "day": self.day.editor.text(),
            "note": self.note.editor.toPlainText(),
            "files": list(self._files),
        }
        return typed if any(typed.values()) else {}

    def restore(self, typed: dict[str, Any]) -> None:
        self.number.editor.setText(str(typed.get("number", "")))
        self.day.editor.setText(str(typed.get("day", "")))
        self.note.editor.setPlainText(str(typed.get("note", "")))
        self._files = []
        self.take_files([str(path) for path in typed.get("files", [])])

    def retranslate(self) -> None:
        self.number.set_label(self.tr("Number of the answer"))
        self.day.set_label(self.tr("Date of the answer (dd.mm.yyyy)"))
        self.note.set_label(self.tr("What it says, in brief"))
        self.attach.set_text(self.tr("Scan of the answer…"))
