"""The workstation as a witness: at sign-in and every minute it compares the journal with what it remembers of it.

What it finds is an alarm (:mod:`desktop.ui.alarms`): red over everything, and nothing is signed.
"""

from pathlib import Path

from PySide6.QtCore import QObject, QTimer

from desktop.errors import NotAllowed, Told
from desktop.settings import state_folder

EVERY_MS = 60_000
FILE = "witness.json"


class Witnessing(QObject):
    """Looks off the GUI thread, while somebody is signed in. ``path``: the file of the workstation's memory."""

    def __init__(self, desk, parent: QObject | None = None, *, path: Path | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self._path = path or state_folder() / FILE
        self._timer = QTimer(self, interval=EVERY_MS, timeout=self.look)
        desk.signed_in.connect(self.look)
        desk.signed_in.connect(self._timer.start)
        desk.signed_out.connect(self._timer.stop)

    def look(self) -> None:
        """Look once; a database that cannot be reached is told by others."""
        if self._desk.store is not None and self._desk.actor is not None:
            self._desk.read(
                look, then=self._seen, on_error=lambda _error: True, latest="witness", path=self._path
            )

    def _seen(self, told: list[Told]) -> None:
        self._desk.alarms.set("journal", [one for one in told if isinstance(one, NotAllowed)])
        for one in told:
            if not isinstance(one, NotAllowed):
                self._desk.notices.tell(one)


def look(store, actor, *, path: Path) -> list[Told]:
    """Run the query; imported where it runs."""
    from desktop.queries import journal_state

    return journal_state.look(store, actor, path=path, judge_of=_judge_of)


def _judge_of(roots):
    from desktop.eds.report import judge_of

    return judge_of(roots)
