"""Hearing of what colleagues change: a connection of its own that listens, and a look every ten seconds besides.

One thread a signed-in person. It tells what changed as numbers of cases; names and contents are read anew through
the ordinary queries. What arrives over the channel is anybody's word and is taken as no more than a reason to look
into the journal, under the reader's own rights. When the connection is lost it says so and tries again, farther and farther apart.
"""

import json
import logging
import select as waiting
import socket
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

import psycopg
from sqlalchemy import Connection, func, select, text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from desktop.errors import Unavailable
from desktop.models import JournalEntry
from desktop.store.database import Store

log = logging.getLogger(__name__)

CHANNEL = "ruqsat"
LOOK_EVERY = 10.0  # seconds
PAUSES = (1, 2, 4, 8, 10)  # seconds before a lost connection is tried again; the last for as long as it takes
SILENCE = 8.0  # seconds without a byte: what is asked here is answered at once
_BREATH = 0.1  # seconds between two looks
_OVERLAP = 200  # entries looked at again, for those that were numbered early and committed late
_MOST = 1000  # entries a look; after a longer absence everything is read anew
_LONGEST_WORD = 200  # characters of a notification


@dataclass(frozen=True, slots=True)
class Heard:
    """What others changed. ``cases``: by number; ``here``: cases somebody opened or left; ``office``: all else."""

    cases: frozenset[int] = field(default_factory=frozenset)
    here: frozenset[int] = field(default_factory=frozenset)
    office: bool = False

    def __bool__(self) -> bool:
        return bool(self.cases or self.here or self.office)


class Listening:
    """Listens until :meth:`stop`. All three callbacks run on its thread.

    ``heard(Heard)``; ``lost(error, seconds)`` when the server cannot be reached, with the seconds until the next try;
    ``found()`` when it can be reached, also the first time. ``is_own(command_id)`` tells the echo of what was done here.
    """

    def __init__(
        self,
        store: Store,
        *,
        heard: Callable[[Heard], None],
        lost: Callable[[BaseException, float], None],
        found: Callable[[], None],
        is_own: Callable[[str], bool] = lambda _command_id: False,
        look_every: float = LOOK_EVERY,
    ) -> None:
        self._store, self._heard, self._lost, self._found = store, heard, lost, found
        self._is_own, self._look_every = is_own, look_every
        self._seen: deque[int] = deque(maxlen=_MOST + _OVERLAP)
        self._last: int | None = None  # the highest entry seen
        self._ended = False
        self._told_lost = True  # so that the first connection is told
        self._bell, self._ring = socket.socketpair()
        self._bell.setblocking(False)
        self._thread = threading.Thread(target=self._run, name="ruqsat-listening", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """Ask it to end; does not wait."""
        self._ended = True
        self.look_now()

    def join(self, seconds: float) -> bool:
        """Wait until it has ended; False when it has not."""
        self._thread.join(seconds)
        return not self._thread.is_alive()

    def look_now(self) -> None:
        """Look, or try to connect, at once instead of after the pause."""
        with suppress(OSError):
            self._ring.send(b"!")

    # its thread

    def _run(self) -> None:
        tries = 0
        while not self._ended:
            try:
                if self._store.dialect == "sqlite":
                    self._look_from_time_to_time()
                else:
                    with self._connected() as connection:
                        tries = 0
                        self._listen(connection)
            except (SQLAlchemyError, psycopg.Error, OSError, Unavailable) as error:
                if self._ended:
                    break
                pause = PAUSES[min(tries, len(PAUSES) - 1)]
                tries += 1
                self._told_lost = True
                log.info("not listening: %s", type(error).__name__)
                self._lost(error, pause)
                self._rest(pause, None)
        self._bell.close()
        self._ring.close()

    @contextmanager
    def _connected(self) -> Any:
        """A connection that belongs to nobody else, made as every other of this store."""
        engine = self._store.engine.execution_options(isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            connection.detach()
            connection.execute(text(f"LISTEN {CHANNEL}"))
            yield connection

    def _look_from_time_to_time(self) -> None:
        """A file tells nobody of a change, and hardly anybody else changes it."""
        while not self._ended:
            with self._store.reading() as session:
                heard = self._look(session)
            self._tell(heard)
            self._tell_found()
            self._rest(self._look_every, None)

    def _listen(self, connection: Connection) -> None:
        driver: Any = connection.connection.dbapi_connection
        driver.silence = SILENCE
        while not self._ended:
            self._tell(self._look(connection))
            self._tell_found()
            until = time.monotonic() + self._look_every
            while not self._ended and (left := until - time.monotonic()) > 0:
                words = [note.payload for note in driver.notifies(timeout=0)]
                if words:
                    self._tell(Heard(here=self._visited(words)))
                    self._tell(self._look(connection))
                    self._rest(_BREATH, None)  # however many send, there are no more looks than this
                elif self._rest(left, driver.pgconn.socket):
                    break

    def _rest(self, seconds: float, handle: int | None) -> bool:
        """Wait for a word of the server, the bell or the time; True when it was the bell."""
        sources: list[Any] = [self._bell] if handle is None else [self._bell, handle]
        ready, _, _ = waiting.select(sources, [], [], seconds)
        if self._bell not in ready:
            return False
        with suppress(BlockingIOError):
            while self._bell.recv(64):
                pass
        return True

    def _tell(self, heard: Heard) -> None:
        if heard and not self._ended:
            self._heard(heard)

    def _tell_found(self) -> None:
        if self._told_lost:
            self._told_lost = False
            self._found()

    def _look(self, connection: Connection | Session) -> Heard:
        """What the journal has got since the last look, whether it was heard of or not."""
        if self._last is None:
            newest = int(connection.scalar(select(func.max(JournalEntry.id))) or 0)
            self._last = newest
            self._seen.extend(range(newest - _OVERLAP, newest + 1))
            return Heard()
        entries = connection.execute(
            select(JournalEntry.id, JournalEntry.case_id, JournalEntry.event, JournalEntry.command_id)
            .where(JournalEntry.id > self._last - _OVERLAP)
            .order_by(JournalEntry.id)
            .limit(_MOST)
        ).all()
        fresh = [entry for entry in entries if entry.id not in set(self._seen)]
        self._seen.extend(entry.id for entry in fresh)
        self._last = max([self._last, *(entry.id for entry in fresh)])
        others = [entry for entry in fresh if not self._is_own(entry.command_id or "")]
        return Heard(
            cases=frozenset(entry.case_id for entry in others if entry.case_id is not None),
            office=len(entries) == _MOST
            or any(entry.case_id is None and not entry.event.startswith("sign") for entry in others),
        )

    def _visited(self, words: Iterable[str]) -> frozenset[int]:
        """The cases that were opened or left, as far as the words can be understood; each is anybody's word."""
        cases = set()
        for word in words:
            with suppress(ValueError, RecursionError):
                told = json.loads(word) if len(word) <= _LONGEST_WORD else None
                visited = told.get("here") if isinstance(told, dict) else None
                if isinstance(visited, int):
                    cases.add(visited)
        return frozenset(cases)
