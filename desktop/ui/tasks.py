"""Worker lanes and the way back to the GUI thread.

Four lanes of one worker each: ``store`` (the order of work is kept), ``token`` (a PKCS#11 session is not
shared), ``files`` (disk, rendering, printing), ``systems`` (other systems, which take their time). Work receives values and returns values; it never touches a
widget. One QObject, living as long as the application, brings the answers back.
"""

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import CancelledError, Future, ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

from PySide6.QtCore import QObject, Qt, Signal, Slot

LANES = ("store", "token", "files", "systems")

Then = Callable[[Any], None]
OnError = Callable[[BaseException], Any]


class Tasks(QObject):
    """Owns the lanes. ``on_error`` gets every failure that a task's own ``on_error`` does not take."""

    busy_changed = Signal(int)
    _arrived = Signal(object)

    def __init__(self, on_error: OnError, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.on_error = on_error
        self._running = 0
        self._closed = False
        self._lanes = {name: ThreadPoolExecutor(1, f"ruqsat-{name}") for name in LANES}
        self._arrived.connect(self._deliver, Qt.ConnectionType.QueuedConnection)

    @property
    def running(self) -> int:
        """How many tasks are waiting or at work."""
        return self._running

    def run(
        self,
        work: Callable[[], Any],
        then: Then | None = None,
        *,
        on_error: OnError | None = None,
        lane: str = "store",
    ) -> Future[Any] | None:
        """Do ``work`` in a lane, then hand its result to ``then`` on the GUI thread; None once closing."""
        if self._closed:
            return None
        self._count(1)
        future = self._lanes[lane].submit(work)
        future.add_done_callback(lambda done: self._back(done, then, on_error))
        return future

    def _back(self, done: Future[Any], then: Then | None, on_error: OnError | None) -> None:
        if not self._closed:
            self._arrived.emit((done, then, on_error))

    def _count(self, change: int) -> None:
        self._running += change
        self.busy_changed.emit(self._running)

    @Slot(object)
    def _deliver(self, parcel: tuple[Future[Any], Then | None, OnError | None]) -> None:
        future, then, on_error = parcel
        self._count(-1)
        if self._closed:  # it was on its way when the program ended: the windows are gone
            return
        try:
            error = future.exception()
        except CancelledError:
            return
        if error is not None:
            (on_error or self.on_error)(error)
        elif then is not None:
            then(future.result())

    def close(self) -> None:
        """Refuse new work, drop what has not begun, wait for what has. The store is disposed after this."""
        self._closed = True
        for lane in self._lanes.values():
            lane.shutdown(wait=True, cancel_futures=True)


class InlineTasks(Tasks):
    """The same, done at once in the caller's thread: screens become testable without waiting."""

    def __init__(self, on_error: OnError, parent: QObject | None = None) -> None:
        super().__init__(on_error, parent)
        self.lanes_used: list[str] = []

    def run(self, work, then=None, *, on_error=None, lane="store"):
        if self._closed:
            return None
        self.lanes_used.append(lane)
        future: Future[Any] = Future()
        try:
            future.set_result(work())
        except Exception as error:  # noqa: BLE001 - carried by the Future, as an executor does
            future.set_exception(error)
        self._count(1)
        self._deliver((future, then, on_error))
        return future


@contextmanager
def watched_calls(*places: tuple[object, str]) -> Iterator[list[str]]:
    """Yield a list that fills with the names of the calls made on the GUI thread (tests: it must stay empty).

    ``places`` are (object or class, attribute) pairs, e.g. ``(Store, "writing")``.
    """
    gui_thread = threading.get_ident()
    seen: list[str] = []
    kept = [(owner, name, getattr(owner, name)) for owner, name in places]

    def watching(name: str, call: Callable[..., Any]) -> Callable[..., Any]:
        def watched(*args: Any, **kwargs: Any) -> Any:
            if threading.get_ident() == gui_thread:
                seen.append(name)
            return call(*args, **kwargs)

        return watched

    for owner, name, call in kept:
        setattr(owner, name, watching(name, call))
    try:
        yield seen
    finally:
        for owner, name, call in kept:
            setattr(owner, name, call)
