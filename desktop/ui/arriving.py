"""Packages on their way in: opened, judged and kept one after another, from a file, a drop or the watched folder.

Each package passes four lanes: its file is opened, the office is asked what it knows, other systems are asked what
they know, and what was found is written down. One is on its way at a time; the rest wait their turn.
"""

from collections import deque
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal

from desktop.regulation.rights import Command
from desktop.ui import asking_systems
from desktop.ui.asking_systems import Opened

LOOK_S = 30  # between two looks into the folder
_Mark = tuple[str, int, int]


def read_reach(store, actor) -> Any:
    """Ask the query; imported where it runs."""
    from desktop.queries.exchange import office_reach

    return office_reach(store, actor)


def read_grounds(store, actor, **named: str) -> Any:
    """Ask the query; imported where it runs."""
    from desktop.queries.exchange import grounds

    return grounds(store, actor, **named)


def receive(store, actor, *, came: Any) -> int:
    """Run the command; imported where it runs."""
    from desktop.cases.packages import receive as keep

    return keep(store, actor, came=came)


class Arriving(QObject):
    """``take`` brings packages in; ``came(row_id)`` and ``refused(name, error)`` say what became of each."""

    came = Signal(int)
    refused = Signal(str, object)
    idle = Signal()

    def __init__(self, desk) -> None:
        super().__init__(desk)
        self._desk = desk
        self._queue: deque[str] = deque()
        self._at: str = ""
        self._opened: Opened | None = None
        self._seen: set[_Mark] = set()
        self._timer = QTimer(self, interval=LOOK_S * 1000)
        self._timer.timeout.connect(self.look)
        desk.signed_in.connect(self._begin)
        desk.signed_out.connect(self._timer.stop)

    def _begin(self) -> None:
        if self._desk.may(Command.RECEIVE_PACKAGE):
            self._timer.start()

    def look(self) -> None:
        """Look into the watched folder; what was seen before is left alone."""
        folder = self._desk.settings.incoming_folder
        away = self._desk.link.is_away or self._desk.store is None
        if folder and not away and self._desk.may(Command.RECEIVE_PACKAGE):
            self._desk.files(
                asking_systems.arrived,
                then=self._arrived,
                on_error=lambda _error: True,
                folder=folder,
                seen=frozenset(self._seen),
            )

    def _arrived(self, found: tuple[tuple[str, _Mark], ...]) -> None:
        self._seen.update(mark for _path, mark in found)
        self.take([path for path, _mark in found])

    @property
    def is_busy(self) -> bool:
        return bool(self._at)

    def take(self, paths: list[str]) -> None:
        """Bring these packages in, after those on their way."""
        self._queue.extend(paths)
        if not self._at:
            self._next()

    def _next(self) -> None:
        if not self._queue:
            self.idle.emit()
            return
        self._at = self._queue.popleft()
        self._desk.read(read_reach, then=self._open, on_error=self._failed)

    def _open(self, told: tuple[str, int, Any]) -> None:
        self._desk.files(
            asking_systems.open_package, then=self._ask, on_error=self._failed, path=self._at, limit=told[1]
        )

    def _ask(self, opened: Opened) -> None:
        self._opened = opened
        request = opened.package.request
        self._desk.read(
            read_grounds,
            then=self._judge,
            on_error=self._failed,
            regulation=request.regulation,
            service=request.service,
            operation=request.operation,
        )

    def _judge(self, grounds: Any) -> None:
        self._desk.systems(
            asking_systems.judge_package,
            then=self._keep,
            on_error=self._failed,
            opened=self._opened,
            grounds=grounds,
        )

    def _keep(self, came: Any) -> None:
        if not self._desk.do(receive, then=self._kept, on_error=self._failed, came=came):
            self._queue.append(self._at)  # another is still being found out
            self._end()

    def _kept(self, row_id: int) -> None:
        self._end()
        self.came.emit(row_id)
        self._next()

    def _failed(self, error: BaseException) -> bool:
        if not hasattr(error, "code"):
            self._end()
            return False
        name = Path(self._at).name
        self._end()
        self.refused.emit(name, error)
        self._next()
        return True

    def _end(self) -> None:
        self._at = ""
        if self._opened is not None:
            self._desk.files(asking_systems.close_package, then=self._closed, opened=self._opened)
            self._opened = None

    def _closed(self, _: None) -> None:
        """What was unpacked is gone."""
