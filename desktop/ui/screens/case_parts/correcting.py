"""Correction of what an application says: its particulars, and what the act asks for besides."""

from typing import Any

from PySide6.QtWidgets import QComboBox, QWidget

from desktop.errors import BadInput
from desktop.queries.service_rows import AskedRow
from desktop.regulation.model import FieldKind, OfficeMove, OperationKind
from desktop.regulation.sight import Sight, sight_of
from desktop.ui import case_words as words
from desktop.ui.screens.case_parts.moves import MoveDialog, ReassignDialog, ReturnDialog, WithdrawDialog
from desktop.ui.screens.register_parts.entry import DETAIL, read_date
from desktop.ui.screens.register_parts.fields import DOUBT, DateEdit, Tick
from desktop.ui.widgets.form import Field, choice, line_edit

CORRECTABLE = (
    "identifier", "holder_kk", "holder_ru", "holder_address", "site", "phone", "email",
    "representative", "representative_iin", "power_of_attorney", "outside_number", "fee_receipt", "kbk", "knp",
)  # fmt: skip
_ISSUED_ON = "licence_issued_on"


def correct(store, actor, *, corrections: dict[str, str], **facts) -> None:
    """Run the command; imported where it runs. (``Desk.do`` has a ``changes`` of its own.)"""
    from desktop.cases import correcting

    correcting.correct(store, actor, changes=corrections, **facts)


class CorrectDialog(MoveDialog):
    """Corrects what the application says; the old value stays in the history.

    Another licence can be named by who sees the register; one it does not know is confirmed as older, with its day.
    """

    command = staticmethod(correct)

    def add_fields(self) -> None:
        for name in CORRECTABLE:
            field = self.form.add(name, Field(line_edit(limit=1000), name=f"case.move.{name}"))
            field.editor.setText(self._old(name))
            field.editor.setCursorPosition(0)
            self.form.add_row(field)
            if name == "identifier":
                self.confirm = Tick(name="case.move.identifier_confirmed", parent=self)
                self.confirm.hide()
                self.form.add_row(self.confirm)
        self.older = Tick(name="case.move.licence_confirmed", parent=self)
        self.issued_on = self.form.add(
            _ISSUED_ON, Field(DateEdit(), name=f"case.move.{_ISSUED_ON}", required=True)
        )
        self.older.toggled.connect(lambda _: self._show_older())
        for row in self._asked():
            field = Field(
                self._editor(row), name=f"case.move.{DETAIL}{row.field.id}", required=row.field.required
            )
            self.form.add_row(self.form.add(DETAIL + row.field.id, field))
            if row.field.kind is FieldKind.LICENCE:
                self.form.add_row(self.older)
                self.form.add_row(self.issued_on)
        for widget in (self.older, self.issued_on):
            widget.hide()

    def _asked(self) -> tuple[AskedRow, ...]:
        roles = self.desk.actor.roles if self.desk.actor else ()
        sees_register = sight_of(roles) is Sight.ALL
        return tuple(
            row for row in self.card.asked if sees_register or row.field.kind is not FieldKind.LICENCE
        )

    def _editor(self, row: AskedRow) -> QWidget:
        if row.field.kind is FieldKind.CHOICE:
            box = choice(
                [("", ""), *((self.desk.language.text(one.title), one.id) for one in row.field.choices)]
            )
            box.setCurrentIndex(max(box.findData(row.text), 0))
            return box
        editor = DateEdit() if row.field.kind is FieldKind.DATE else line_edit(limit=1000)
        editor.setText(row.text)
        if row.field.kind is FieldKind.DATE:
            editor.setPlaceholderText("31.12.2026")
            editor.editingFinished.emit()  # shown as a day is
        editor.setCursorPosition(0)
        return editor

    def _show_older(self) -> None:
        again = self.card.operation_kind is not OperationKind.ISSUE
        self.issued_on.setVisible(self.older.is_checked() and again)

    def _old(self, name: str) -> str:
        if name in ("holder_kk", "holder_ru"):
            return self.card.holder.kk if name == "holder_kk" else self.card.holder.ru
        return str(getattr(self.card, name))

    def facts(self) -> dict[str, Any]:
        texts = {name: self.form.field(name).editor.text() for name in CORRECTABLE}
        changes = {name: text for name, text in texts.items() if text != self._old(name)}
        if self.confirm.is_checked():
            changes["identifier_confirmed"] = "yes"
        for row in self._asked():
            text = _told(self.form.field(DETAIL + row.field.id).editor)
            if text != row.text:
                changes[DETAIL + row.field.id] = text
        if self.older.is_checked():
            changes |= {"licence_confirmed": "yes", _ISSUED_ON: _told(self.issued_on.editor)}
        return {"corrections": changes}

    def said(self) -> str:
        return self.tr("Particulars corrected")

    def _show_error(self, error: BaseException) -> bool:
        if isinstance(error, BadInput) and error.field == "identifier" and "check-digit" in error.code:
            self.confirm.show()
        if isinstance(error, BadInput) and error.code == "licence-not-in-register":
            self.older.show()
        return super()._show_error(error)

    def retranslate(self) -> None:
        self.title.setText(self.tr("Correct particulars"))
        self.causes.setText(
            self.tr(
                "Old and new values stay in the history. A draft that waits for the signature is drawn anew "
                "under the same number."
            )
        )
        for name in CORRECTABLE:
            self.form.field(name).set_label(words.field(name))
        for row in self._asked():
            mark = DOUBT if row.field.unverified else ""
            label = f"{self.desk.language.text(row.field.title)}{mark}"
            self.form.field(DETAIL + row.field.id).set_label(label)
        self.confirm.set_text(
            self.tr("The IIN/BIN is written so in the papers, although its check digit is wrong")
        )
        self.older.set_text(
            self.tr("The licence was issued before this register began: I have seen the paper")
        )
        self.issued_on.set_label(self.tr("First issued on"))
        self.issued_on.editor.setPlaceholderText("31.12.2026")
        self.do.set_text(self.tr("Correct"))
        super().retranslate()


def _told(editor: QWidget) -> str:
    """Return what an editor holds, as it is kept: a day in ISO, a choice by its id; nonsense as it was typed."""
    if isinstance(editor, QComboBox):
        return str(editor.currentData() or "")
    if not isinstance(editor, DateEdit):
        return str(editor.text())
    try:
        day = read_date(editor.text())
    except ValueError:
        return editor.text()
    return day.isoformat() if day else ""


DIALOGS: dict[OfficeMove, type[MoveDialog]] = {
    OfficeMove.RETURN_FOR_REWORK: ReturnDialog,
    OfficeMove.WITHDRAW: WithdrawDialog,
    OfficeMove.REASSIGN: ReassignDialog,
    OfficeMove.CORRECT: CorrectDialog,
}
