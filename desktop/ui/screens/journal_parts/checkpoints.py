"""The checkpoints of the journal: what the head signed and when; for the head, the next one."""

from functools import partial
from pathlib import Path

from PySide6.QtCore import QT_TRANSLATE_NOOP, Signal
from PySide6.QtWidgets import QDialog, QFileDialog, QHBoxLayout, QVBoxLayout, QWidget

from desktop.errors import Told, Unavailable
from desktop.regulation.rights import Command
from desktop.ui import theme
from desktop.ui.checkpoint_flow import CheckpointFlow
from desktop.ui.messages import sentence
from desktop.ui.rows_model import Column, RowsModel
from desktop.ui.screens.case_parts.keys import KeyChooser, PinDialog
from desktop.ui.screens.journal_parts.reasons import reason_words
from desktop.ui.signing_work import NCALAYER, Key
from desktop.ui.widgets.plain import Button, PlainLabel
from desktop.ui.widgets.rows_table import RowsTable
from desktop.ui.widgets.tab_order import TabsByEye


def read_all(store, actor):
    """Return the checkpoints and why one is due; imported where it runs."""
    from desktop.queries import journal_state

    return journal_state.checkpoints(store, actor), journal_state.due(store, actor)


def read_one(store, actor, *, number: int) -> bytes:
    from desktop.queries import journal_state

    return journal_state.document(store, actor, number=number)


def write_file(*, path: str, content: bytes) -> str:
    """Write a checkpoint into a file; Unavailable "file-not-written"."""
    try:
        Path(path).write_bytes(content)
    except OSError as error:
        raise Unavailable("checkpoint-not-written", path=path, reason=str(error)) from error
    return path


class CheckpointsDialog(TabsByEye, QDialog):
    """``signed``: another one is there."""

    signed = Signal()

    def __init__(self, desk, parent: QWidget | None = None, *, choose_file=None, save_as=None) -> None:
        super().__init__(parent)
        self.setObjectName("checkpoints")
        self.setModal(True)
        self.desk = desk
        self._due = ""
        self._trouble: Told | None = None
        self._save_as = save_as or self._ask_where
        self._dialog: PinDialog | None = None
        self.title = PlainLabel(parent=self, role="heading", wrap=True)
        self.explained = PlainLabel(parent=self, role="muted", wrap=True)
        self.table = RowsTable(RowsModel(self._columns(), self), self, name="checkpoints.list")
        self.table.keep_whole("made_at", "position")
        self.none = PlainLabel(parent=self, role="muted", wrap=True, name="checkpoints.none")
        self.due = PlainLabel(parent=self, wrap=True, name="checkpoints.due")
        self.keys = KeyChooser(desk, self, choose_file=choose_file, compact=True)
        self.problem = PlainLabel(parent=self, wrap=True, name="checkpoints.problem").make_selectable()
        theme.mark(self.problem, tone="late")
        self.save = Button(parent=self, icon="save", name="checkpoints.save")
        self.sign = Button(parent=self, kind="primary", icon="sign", name="checkpoints.sign")
        self.leave = Button(parent=self, name="checkpoints.close")
        self.flow = CheckpointFlow(desk, self)
        self._lay_out()
        for widget in (self.keys, self.sign, self.due):
            widget.setVisible(desk.may(Command.CHECKPOINT))
        self.problem.hide()
        self.none.hide()
        self.save.clicked.connect(self._save)
        self.sign.clicked.connect(self._sign)
        self.leave.clicked.connect(self.accept)
        self.keys.changed.connect(self._show)
        self.keys.chosen_anew.connect(self._clear_refusal)
        self.table.row_chosen.connect(lambda _row: self._show())
        self.flow.stage_changed.connect(lambda _stage: self._show())
        self.flow.pin_needed.connect(self._ask_pin)
        self.flow.pin_again.connect(partial(self._ask_pin, last_try=True))
        self.flow.refused.connect(self._show_refusal)
        self.flow.signed.connect(self._tell_signed)
        self.resize(theme.spacing(170), theme.spacing(130))
        self.retranslate()
        self.refresh()

    def _columns(self) -> tuple[Column, ...]:
        language = self.desk.language
        return (
            Column(
                "made_at",
                QT_TRANSLATE_NOOP("Column", "When"),
                lambda row: language.format_short_moment(row.made_at),
                width=36,
            ),
            Column(
                "position", QT_TRANSLATE_NOOP("Column", "Position"), lambda row: str(row.position), width=24
            ),
            Column(
                "reason", QT_TRANSLATE_NOOP("Column", "Why"), lambda row: reason_words(row.reason), width=44
            ),
            Column("by", QT_TRANSLATE_NOOP("Column", "Signed by"), lambda row: language.text(row.by)),
        )

    def _lay_out(self) -> None:
        whole = QVBoxLayout(self)
        whole.setContentsMargins(*[theme.spacing(5)] * 4)
        whole.setSpacing(theme.spacing(3))
        for widget in (self.title, self.explained):
            whole.addWidget(widget)
        whole.addWidget(self.table, 1)
        for widget in (self.none, self.due, self.keys, self.problem):
            whole.addWidget(widget)
        buttons = QHBoxLayout()
        buttons.addWidget(self.save)
        buttons.addStretch(1)
        buttons.addWidget(self.leave)
        buttons.addWidget(self.sign)
        whole.addLayout(buttons)

    def refresh(self) -> None:
        self.desk.read(read_all, then=self._shown, latest="checkpoints")

    def _shown(self, answer) -> None:
        rows, self._due = answer
        self.table.show_rows(rows, same=lambda old, new: old.number == new.number, more=False)
        self.none.setVisible(not rows)
        self.retranslate()

    @property
    def reason(self) -> str:
        """Why the next one is signed: a lost part of the journal goes before everything."""
        lost = any(one.code.startswith("witness-") for one in self.desk.alarms.told)
        return "restored" if lost else self._due or "asked"

    def _sign(self) -> None:
        key = self.keys.key()
        if key is not None:
            self._clear_refusal()
            self.flow.start(key, self.reason)

    def _ask_pin(self, key: Key, *, last_try: bool = False) -> None:
        if key.has_pin_pad or key.kind == NCALAYER:
            self.flow.go_on(None, last_try=last_try)
            return
        words = self.tr("Checkpoint of the journal, position {position}").format(position=self.flow.number)
        self._dialog = PinDialog(key, words, self)
        self._dialog.given.connect(lambda pin: self.flow.go_on(pin, last_try=last_try))
        self._dialog.rejected.connect(self.flow.give_up)
        self._dialog.finished.connect(self._dialog.deleteLater)
        self._dialog.open()

    def _tell_signed(self, position: str) -> None:
        key = self.keys.key()
        if key is not None:
            self.keys.keep(self.flow.key or key)
        told = self.tr("The checkpoint of position {position} is signed and kept. Save it as a file, too.")
        self.desk.notices.done(told.format(position=position))
        self.refresh()
        self.signed.emit()

    def _show_refusal(self, error: BaseException) -> None:
        if isinstance(error, Told):
            self._trouble = error
            self.problem.setText(sentence(error, self.desk.language))
            self.problem.show()

    def _clear_refusal(self) -> None:
        self._trouble = None
        self.problem.hide()

    def _save(self) -> None:
        row = self.table.current_row()
        path = self._save_as(f"checkpoint-{row.position}.pdf") if row is not None else ""
        if path:
            self.desk.read(read_one, then=partial(self._write, path), latest="checkpoint", number=row.number)

    def _write(self, path: str, content: bytes) -> None:
        self.desk.files(write_file, then=self._written, path=path, content=content)

    def _written(self, path: str) -> None:
        self.desk.notices.done(self.tr("Saved: {path}").format(path=path))

    def _ask_where(self, name: str) -> str:
        return QFileDialog.getSaveFileName(self, self.tr("Save the checkpoint"), name, "PDF (*.pdf)")[0]

    def _show(self) -> None:
        self.save.set_why_not("" if self.table.current_row() is not None else self.tr("Choose a checkpoint"))
        why = {
            "prepare": self.tr("Preparing the exact paper…"),
            "token": self.tr("The key is signing…"),
            "record": self.tr("Checking the signature and writing it down…"),
        }.get(self.flow.stage, "")
        if not why and self.keys.key() is None:
            why = self.tr("Choose the key file or the token")
        self.sign.set_why_not(why)

    def retranslate(self) -> None:
        self.setWindowTitle(self.tr("Checkpoints of the journal"))
        self.title.setText(self.windowTitle())
        self.explained.setText(
            self.tr(
                "A checkpoint says with the head's signature what the journal and the registers were. "
                "Keep its file outside this office's computers."
            )
        )
        self.none.setText(self.tr("No checkpoint was signed yet."))
        self.due.setText(self.tr("The next one: {why}").format(why=reason_words(self.reason)))
        self.table.setAccessibleName(self.windowTitle())
        self.table.rows.retranslate()
        self.keys.retranslate()
        self.save.set_text(self.tr("Save as a file…"))
        self.sign.set_text(self.tr("Sign a checkpoint"))
        self.leave.set_text(self.tr("Close"))
        if self._trouble is not None:
            self.problem.setText(sentence(self._trouble, self.desk.language))
        self._show()
