"""The applicant is heard before an unfavourable decision: when, whether he came, what he said."""

from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QButtonGroup, QFileDialog, QVBoxLayout

from desktop.cases.application import IncomingFile
from desktop.errors import BadInput
from desktop.queries.rows import CaseCard, OpenOutcome
from desktop.ui.screens.case_parts.part import ActPanel, Scrolling, column
from desktop.ui.screens.case_parts.verdicts import parse_day
from desktop.ui.screens.case_parts.visas import text_area
from desktop.ui.widgets.form import Field, Form, line_edit
from desktop.ui.widgets.plain import Button, ChoiceButton, PlainLabel


def hear(store, actor, **facts) -> None:
    """Run the command; imported where it runs."""
    from desktop.cases.hearing import hear as record

    record(store, actor, **facts)


class HearPanel(ActPanel):
    """Day, attendance, minutes, and the files of the hearing."""

    tells_time = True

    def __init__(self, desk, act_on, parent=None, *, now, choose_files=None) -> None:
        super().__init__(desk, act_on, parent)
        self._now = now
        self._choose = choose_files or self._choose_by_dialog
        self._files: list[str] = []
        self._page = Scrolling(self)
        self.text = PlainLabel(parent=self, wrap=True)
        self.form = Form(self, columns=1)
        self.day = self.form.add("held_on", Field(line_edit(limit=10), name="case.held_on", required=True))
        self._group = QButtonGroup(self)
        self._came = {came: ChoiceButton(self, name=f"case.came.{word}") for came, word in _WORDS}
        for number, button in enumerate(self._came.values()):
            self._group.addButton(button, number)
        self._group.idClicked.connect(lambda _: self.changed.emit())
        self.minutes = self.form.add(
            "minutes", Field(text_area(name="case.minutes", lines=6), name="case.minutes", required=True)
        )
        self.attach = Button(parent=self, icon="attach", name="case.hearing_files")
        self.attach.clicked.connect(lambda: self.take_files(self._choose()))
        self.files = PlainLabel(parent=self, role="small", wrap=True, name="case.hearing_files_chosen")
        self.day.editor.textEdited.connect(self.changed)
        self.minutes.editor.textChanged.connect(self.changed)
        files = QVBoxLayout()
        files.addWidget(self.attach, 0, Qt.AlignmentFlag.AlignLeft)
        files.addWidget(self.files)
        self.form.add_row(self.day)
        for button in self._came.values():
            self.form.add_row(button)
        self.form.add_row(self.minutes)
        self._page.column.addWidget(self.text)
        self._page.column.addWidget(self.form)
        self._page.column.addLayout(files)
        self._page.column.addStretch(1)
        column(self).addWidget(self._page)

    def show_card(self, card: CaseCard) -> None:
        first = self.card is None
        super().show_card(card)
        if first:
            today = self._now().astimezone(card.due_at.tzinfo)
            self.day.editor.setText(f"{today:%d.%m.%Y}")
        self.changed.emit()

    def came(self) -> bool | None:
        return next((came for came, button in self._came.items() if button.isChecked()), None)

    def why_not(self, outcome: OpenOutcome) -> str:
        if parse_day(self.day.editor.text()) is None:
            return self.tr("Write the day of the hearing as dd.mm.yyyy")
        if self.came() is None:
            return self.tr("Say whether the applicant came")
        if not self.minutes.editor.toPlainText().strip():
            return self.tr("Write the minutes of the hearing")
        return ""

    def take(self, outcome: OpenOutcome) -> None:
        self.form.clear_problems()
        self.act_on(
            hear,
            said=self.tr("The hearing was recorded; the case went on"),
            outcome=outcome.id,
            held_on=parse_day(self.day.editor.text()),
            came=bool(self.came()),
            minutes=self.minutes.editor.toPlainText(),
            files=tuple(IncomingFile(Path(path)) for path in self._files),
        )

    def show_error(self, error: BaseException) -> bool:
        return isinstance(error, BadInput) and self.form.show_error(error)

    # the files of the hearing

    def _choose_by_dialog(self) -> list[str]:
        kinds = self.tr("Papers (*.pdf *.jpg *.jpeg *.png *.tif *.tiff)")
        return QFileDialog.getOpenFileNames(self, self.tr("Papers of the hearing"), "", kinds)[0]

    def take_files(self, paths: list[str]) -> None:
        """Keep the files that will be attached with the minutes."""
        self._files = list(dict.fromkeys([*self._files, *paths]))
        self.files.setText(", ".join(Path(path).name for path in self._files))

    def typed(self) -> dict[str, Any]:
        minutes, came = self.minutes.editor.toPlainText(), self.came()
        if not minutes and came is None and not self._files:
            return {}
        return {
            "held_on": self.day.editor.text(),
            "came": "" if came is None else str(int(came)),
            "minutes": minutes,
            "files": list(self._files),
        }

    def restore(self, typed: dict[str, Any]) -> None:
        self.day.editor.setText(str(typed.get("held_on", "")))
        self.minutes.editor.setPlainText(str(typed.get("minutes", "")))
        if typed.get("came"):
            self._came[typed["came"] == "1"].setChecked(True)
        self._files = []
        self.take_files([str(path) for path in typed.get("files", [])])
        self.changed.emit()

    def retranslate(self) -> None:
        self.text.setText(
            self.tr("The applicant is heard before the decision: write down when, and what he said.")
        )
        self.day.set_label(self.tr("Day of the hearing (dd.mm.yyyy)"))
        self._came[True].set_words(
            self.tr("The applicant came, or his representative"),
            self.tr("What he said stands in the minutes"),
        )
        self._came[False].set_words(self.tr("Nobody came"), self.tr("The notice was sent in time"))
        self.minutes.set_label(self.tr("Minutes of the hearing"))
        self.attach.set_text(self.tr("Papers of the hearing…"))


_WORDS = ((True, "yes"), (False, "no"))
