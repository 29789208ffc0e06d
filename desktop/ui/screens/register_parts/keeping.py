"""The draft of the form on disk: read and written on the lane of files, so that a slow disk never holds the window."""

from collections.abc import Callable
from functools import partial
from typing import Any

import shiboken6
from PySide6.QtCore import QObject, Signal

from desktop.ui import drafts


class DraftKeeper(QObject):
    """Keeps what ``values`` returns under ``key``. ``settled`` tells that all that was begun has ended.

    It hears of every end, also after its person has left the desk: what decides whether the program may close
    must not depend on who sits there.
    """

    restored = Signal(object)  # the values, None when nothing was kept
    kept = Signal()
    forgotten = Signal()
    settled = Signal()

    def __init__(self, desk, key: str, values: Callable[[], dict[str, Any]], parent: QObject) -> None:
        super().__init__(parent)
        self._desk, self._key, self._values = desk, key, values
        self._begun = 0
        self.refused = False  # the last write failed; it has been told

    @property
    def busy(self) -> bool:
        """Return whether something is still being read or written."""
        return self._begun > 0

    def restore(self) -> None:
        self._run(partial(drafts.load, self._key), self.restored.emit, self._not_restored)

    def keep(self) -> None:
        """Write the form as it stands now."""
        self._run(partial(drafts.save, self._key, self._values()), lambda _: self.kept.emit(), self._not_kept)

    def forget(self) -> None:
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
        self.refused = False
        tell(told)
        if not self.busy:
            self.settled.emit()

    def _not_restored(self, error: BaseException) -> None:
        self._desk.notices.tell(error)
        self.restored.emit(None)

    def _not_kept(self, error: BaseException) -> None:
        self.refused = True
        self._desk.notices.tell(error, retry=self.keep)
