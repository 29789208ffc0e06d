"""The link to the office's database while somebody sits at the desk: what others change, and whether it can be reached.

A thread of its own listens (``queries.listening``); here what it says becomes signals on the GUI thread, gathered for a
moment so that a storm of changes is one refresh. Nothing here waits.
"""

from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal

from desktop.ui.changes import Changed

GATHER_MS = 80


class Link(QObject):
    """``is_away`` until the database answers again; ``seconds_left`` until it is tried by itself.

    ``changed`` of the desk is sent for colleagues' changes, with ``by_others`` set.
    """

    away_changed = Signal(bool)
    ticked = Signal()  # the seconds until the next try are others
    visited = Signal(object)  # frozenset of the numbers of cases that somebody opened or left
    _heard = Signal(object, object)  # the listener they come from, what it heard
    _lost = Signal(object, object, float)
    _found = Signal(object)

    def __init__(self, desk, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self._listener: Any = None
        self._ended: list[Any] = []
        self._cases: set[int] = set()
        self._visits: set[int] = set()
        self._office = False
        self.is_away = False
        self.seconds_left = 0
        self._second = QTimer(self, interval=1000, timeout=self._tick)
        self._gather = QTimer(self, interval=GATHER_MS, singleShot=True, timeout=self._pass_on)
        self._heard.connect(self._hear)
        self._lost.connect(self._lose)
        self._found.connect(self._find)
        desk.signed_in.connect(self.begin)
        desk.signed_out.connect(self.end)

    def begin(self) -> None:
        """Listen for who has signed in; the listener before is let go."""
        self.end()
        store = self._desk.store
        if self._desk.actor is None or not hasattr(store, "engine"):
            return
        from desktop.queries.listening import Listening

        made: list[Any] = []
        listener = Listening(
            store,
            heard=lambda heard: self._heard.emit(made[0], heard),
            lost=lambda error, seconds: self._lost.emit(made[0], error, seconds),
            found=lambda: self._found.emit(made[0]),
            is_own=self._desk.is_own,
        )
        made.append(listener)
        self._listener = listener
        listener.start()

    def end(self) -> None:
        """Stop listening; the thread ends by itself and is waited for when the program closes."""
        if self._listener is not None:
            self._listener.stop()
            self._ended = [one for one in self._ended if not one.join(0)] + [self._listener]
        self._listener = None
        for timer in (self._second, self._gather):
            timer.stop()
        self._cases, self._visits, self._office = set(), set(), False
        self._set_away(False)

    def close(self) -> None:
        """End, and wait a little for the thread: the store is disposed after this."""
        self.end()
        for one in self._ended:
            one.join(2)

    def retry(self) -> None:
        """Try to reach the database now."""
        self.seconds_left = 0
        self.ticked.emit()
        if self._listener is not None:
            self._listener.look_now()

    def doubt(self) -> None:
        """Something could not reach the database: look at once whether it is so."""
        if self._listener is not None and not self.is_away:
            self._listener.look_now()

    # what the thread says

    def _hear(self, listener: Any, heard: Any) -> None:
        if listener is not self._listener:
            return
        self._cases |= heard.cases
        self._visits |= heard.here
        self._office = self._office or heard.office
        if not self._gather.isActive():
            self._gather.start()

    def _pass_on(self) -> None:
        cases, visits, office = self._cases, self._visits, self._office
        self._cases, self._visits, self._office = set(), set(), False
        if cases or office:
            self._desk.changed.emit(Changed(cases=frozenset(cases), office=office, by_others=True))
        if visits:
            self.visited.emit(frozenset(visits))

    def _lose(self, listener: Any, _error: BaseException, seconds: float) -> None:
        if listener is not self._listener:
            return
        self.seconds_left = round(seconds)
        self._second.start()
        self._set_away(True)
        self.ticked.emit()

    def _find(self, listener: Any) -> None:
        if listener is not self._listener:
            return
        self._second.stop()
        was_away = self.is_away
        self._set_away(False)
        self._desk.ask_again()
        if was_away:
            self._desk.notices.show(self.tr("The connection with the server is back"), "info")
            self._desk.changed.emit(Changed(by_others=True, all_cases=True))

    def _tick(self) -> None:
        self.seconds_left = max(0, self.seconds_left - 1)
        self.ticked.emit()

    def _set_away(self, away: bool) -> None:
        if away != self.is_away:
            self.is_away = away
            self.away_changed.emit(away)
