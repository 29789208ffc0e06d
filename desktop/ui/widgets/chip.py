"""Chips: a deadline in words, colour and shape at once; a state in a word."""

from datetime import datetime

from PySide6.QtCore import QSize, Signal
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QPushButton, QWidget

from desktop.regulation.deadlines import tone as deadline_tone
from desktop.ui import theme
from desktop.ui.widgets.plain import PlainLabel, set_tip


class Chip(PlainLabel):
    """A state in a word; ``tone`` is late, soon, done, refused, paused, accent or calm."""

    def __init__(
        self, text: str = "", tone: str = "calm", parent: QWidget | None = None, *, name: str = ""
    ) -> None:
        super().__init__(text, parent, name=name)
        self.setProperty("chip", tone)

    def show_state(self, text: str, tone: str) -> None:
        self.setText(text)
        self.setAccessibleName(text)
        theme.mark(self, chip=tone)


class DeadlineChip(QPushButton):
    """How much time is left. A click (or Space) asks why the date is that date."""

    why_asked = Signal()

    def __init__(self, language, parent: QWidget | None = None, *, name: str = "deadline") -> None:
        super().__init__(parent)
        self._language = language
        self._shown: tuple[datetime, datetime] | None = None
        self.setObjectName(name)
        self.setAutoDefault(False)
        self.setProperty("chip", "calm")
        self.clicked.connect(self.why_asked)
        language.changed.connect(self._again)
        self.hide()

    def show_due(self, due_at: datetime | None, now: datetime) -> None:
        """Show the time left until ``due_at``; None hides the chip."""
        self.setVisible(due_at is not None)
        if due_at is None:
            self._shown = None
            return
        self._shown = (due_at, now)
        self._again()

    def _again(self) -> None:
        if self._shown is None:
            return
        due_at, now = self._shown
        tone = deadline_tone(due_at, now)
        text = self._language.format_left(due_at, now)
        self.setText(text)
        self.setIcon(theme.icon(tone, tone) if tone != "calm" else theme.icon("clock", "muted"))
        self.setIconSize(QSize(theme.spacing(4), theme.spacing(4)))
        theme.mark(self, chip=tone)
        whole = self.tr("Due {moment}").format(moment=self._language.format_moment(due_at))
        self.setAccessibleName(f"{whole}: {text}")
        set_tip(self, self.tr("{due}. Click to see why").format(due=whole))


def tone_icon(tone: str) -> QIcon:
    """Return the shape that goes with a meaning, in its colour."""
    return theme.icon(tone, tone) if tone in ("late", "soon", "done", "refused", "paused") else QIcon()
