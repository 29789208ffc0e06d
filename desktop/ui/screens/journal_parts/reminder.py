"""On the head's desk: that a checkpoint of the journal is due. One sentence, one action."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from desktop.regulation.rights import Command
from desktop.ui import theme
from desktop.ui.screens.journal_parts.reasons import reason_words
from desktop.ui.widgets.plain import Button, PlainLabel


def read_due(store, actor) -> str:
    """Ask the query; imported where it runs."""
    from desktop.queries import journal_state

    return journal_state.due(store, actor)


class CheckpointReminder(QFrame):
    """Hidden unless one is due and the person may sign it."""

    wanted = Signal()

    def __init__(self, desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "card")
        self._desk = desk
        self._due = ""
        self.text = PlainLabel(parent=self, wrap=True, name="desk.checkpoint_due")
        self.open = Button(parent=self, icon="journal", name="desk.open_journal")
        self.open.clicked.connect(self.wanted.emit)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(*[theme.spacing(2)] * 4)
        whole.addWidget(self.text)
        whole.addWidget(self.open, 0, Qt.AlignmentFlag.AlignLeft)
        self.hide()
        self.retranslate()

    def refresh(self) -> None:
        if self._desk.may(Command.CHECKPOINT):
            self._desk.read(read_due, then=self._show, on_error=lambda _error: True, latest="checkpoint-due")

    def _show(self, due: str) -> None:
        self._due = due
        self.retranslate()
        self.setVisible(bool(due))

    def retranslate(self) -> None:
        told = self.tr("It is time to sign the checkpoint of the journal: {why}.")
        self.text.setText(told.format(why=reason_words(self._due)))
        self.open.set_text(self.tr("Open the journal"))
