"""The draft of the form on disk: read and written on the lane of files, so that a slow disk never holds the window."""

from collections.abc import Callable
from functools import partial
from typing import Any

import shiboken6
from PySide6.QtCore import QObject, QTimer, Signal

from desktop.ui import drafts

KEEP_AFTER_MS = 400


class DraftKeeper(QObject):
    """Keeps what ``values`` returns under ``key``.

    It hears of every end, also after its person has left the desk: what decides whether the program may close
    must not depend on who sits there.
    """

    restored = Signal(object)  # the values, None when nothing was kept
    kept = Signal()
    forgotten = Signal()
    closable = Signal()  # what held the closing back is over

    def __init__(self, desk, key: str, values: Callable[[], dict[str, Any]], parent: QObject) -> None:
        super().__init__(parent)
        self._desk, self._key, self._values = desk, key, values
        self._begun = 0
        self._refused = False  # the last write failed; it has been told
        self._closes = False
        self._timer = QTimer(self, singleShot=True, interval=KEEP_AFTER_MS)
        self._timer.timeout.connect(self.keep)

    def may_close(self) -> bool:
        """Return whether nothing is left to be written; else write it, and tell ``closable`` afterwards.

        A disk that refuses holds the person back, once told.
        """
        typed = self.keep_now()
        self._closes = self._begun > 0
        return not self._closes and not (typed and self._refused)

    def restore(self) -> None:
        self._run(partial(drafts.load, self._key), self.restored.emit, self._not_restored)

    def keep_soon(self) -> None:
        """Write the form once nothing was typed for a moment."""
        self._timer.start()

    def keep_now(self) -> bool:
        """Write what was typed since the last write; return whether there was anything."""
        typed = self._timer.isActive()
        if typed:
            self.keep()
        return typed

    def keep(self) -> None:
        """Write the form as it stands now."""
        self._timer.stop()
        self._run(partial(drafts.save, self._key, self._values()), lambda _: self.kept.emit(), self._not_kept)

    def forget(self) -> None:
        self._timer.stop()
        self._run(partial(drafts.forget, self._key), lambda _: self.forgotten.emit(), self._desk.notices.tell)

    def _run(self, work: Callable[[], Any], then: Callable[[Any], None], failed: Callable[..., None]) -> None:
        self._begun += 1
        self._desk.tasks.run(
            work, partial(self._ended, then), on_error=partial(self._ended, failed), lane="files"
        )

    def _ended(self, tell: Callable[[Any], None], told: Any) -> None:
        if not shiboken6.isValid(self):  # another person sits down: the form is gone, its draft is on disk
            return
        self._begun -= 1
        self._refused = False
        tell(told)
        if not self._begun:
            asked, self._closes = self._closes, False
            if asked and not self._refused:
                self.closable.emit()

    def _not_restored(self, error: BaseException) -> None:
        self._desk.notices.tell(error)
        self.restored.emit(None)

    def _not_kept(self, error: BaseException) -> None:
        self._refused = True
        self._desk.notices.tell(error, retry=self.keep)
