"""The line that says what a colleague did to the open case meanwhile, and that what was typed is kept."""

from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QWidget

from desktop.queries.rows import CaseCard, JournalRow
from desktop.ui import journal_sentences, theme
from desktop.ui.widgets.plain import IconButton, PlainLabel


class KeptNote(QFrame):
    """Hidden until there is something to tell; the person closes it."""

    def __init__(self, desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self._case_id = 0
        self._last = 0  # the newest entry of its history that was on the screen
        self._news: JournalRow | None = None
        self._typed: dict[str, Any] = {}
        self.setProperty("notice", "soon")
        self.text = PlainLabel(parent=self, wrap=True, name="case.note").make_selectable()
        self.close_it = IconButton("cross", parent=self, name="case.note_close")
        self.close_it.clicked.connect(self.hide)
        inside = QHBoxLayout(self)
        inside.setContentsMargins(theme.spacing(3), theme.spacing(1), theme.spacing(1), theme.spacing(1))
        inside.addWidget(self.text, 1)
        inside.addWidget(self.close_it, 0, Qt.AlignmentFlag.AlignTop)
        self.hide()

    def show_card(self, card: CaseCard) -> None:
        """See what happened to the case since it was last read; say it when it was not done from here."""
        newest = max(card.history, key=lambda entry: entry.entry_id, default=None)
        known = card.case_id == self._case_id
        self._news, self._typed = None, {}
        if known and newest is not None and newest.entry_id > self._last and not self._is_own(newest):
            self._news = newest
            self._say()
        self._case_id, self._last = card.case_id, newest.entry_id if newest is not None else 0

    def tell(self, typed: dict[str, Any]) -> None:
        """Say that ``typed`` is kept, with its free texts for the eye."""
        self._typed = typed
        self._say()

    def tell_gone(self, number: str, *, done: bool) -> None:
        """Say, where it outlives the case, why it is suddenly in no list of the person's; ``done``: by his own act."""
        if done:
            told = self.tr("{number}: saved. The case is with you no longer, so it left your lists.")
        else:
            told = self.tr("{number}: the case is with you no longer, so it left your lists.")
        self._desk.notices.done(told.format(number=number))

    def _is_own(self, entry: JournalRow) -> bool:
        actor = self._desk.actor
        return actor is not None and entry.actor == actor.login

    def _say(self) -> None:
        lines = []
        if self._news is not None:
            language = self._desk.language
            told = self.tr("The case was changed meanwhile: {who}, {when}: {what}")
            who = self._news.actor_name or self._news.actor
            when = language.format_moment(self._news.at)
            lines.append(
                told.format(who=who, when=when, what=journal_sentences.sentence(self._news, language))
            )
        if self._typed:
            lines.append(
                self.tr(
                    "The case has moved on meanwhile. What you typed is kept and comes back with the step."
                )
            )
            lines += [f"“{text}”" for text in _texts_of(self._typed) if text]
        self.text.setText("\n".join(lines))
        self.setVisible(bool(lines))

    def retranslate(self) -> None:
        self.close_it.set_text(self.tr("Close"))
        if self.isVisible():
            self._say()


def _texts_of(typed: Any) -> list[str]:
    """Return the free texts among what was typed, for the eye."""
    if isinstance(typed, str):
        return [typed] if " " in typed or len(typed) > 14 else []
    if isinstance(typed, dict):
        return [text for value in typed.values() for text in _texts_of(value)]
    if isinstance(typed, list | tuple):
        return [text for value in typed for text in _texts_of(value)]
    return []
