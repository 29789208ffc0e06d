"""Several workstations at once, each a thread with a store of its own, while something is done to the server."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from desktop.store.database import Store
from tests import story
from tests.clock import Clock
from tests.faults import offices
from tests.faults.day import Day, Sign, stand_in
from tests.faults.history import History
from tests.office import People

Work = Callable[[Day, int], None]
StoreOf = Callable[[str, Clock | None, str], Store]


class Crew:
    """Workstations that do their work and end; ``failed`` holds what no history could record."""

    def __init__(
        self, url: str, history: History, people: People, clock: Clock, *, patience: float = 60
    ) -> None:
        self.url = url
        self.history = history
        self.people = people
        self.clock = clock
        self.patience = patience
        self.failed: list[BaseException] = []
        self.acknowledged = 0
        self._lock = threading.Lock()
        self._threads: list[threading.Thread] = []

    @contextmanager
    def at_work(
        self, workers: int, work: Work, *, sign: Sign = stand_in, store: StoreOf = offices.workstation
    ) -> Iterator["Crew"]:
        """Let ``work(day, number)`` run on each workstation; the block is for what is done to the server meanwhile.

        Leaving the block waits for everybody.
        """

        def one(number: int) -> None:
            mine = store(self.url, self.clock, f"WS-{number:02d}")
            day = Day(
                self.history,
                story.teller(mine, self.people, self.clock),
                sign=sign,
                worker=f"WS-{number:02d}",
                patience=self.patience,
            )
            try:
                work(day, number)
            except BaseException as error:
                self.failed.append(error)
            finally:
                mine.dispose()
                with self._lock:
                    self.acknowledged += day.acknowledged

        self._threads = [threading.Thread(target=one, args=(number,)) for number in range(workers)]
        for thread in self._threads:
            thread.start()
        try:
            yield self
        finally:
            for thread in self._threads:
                thread.join(300)
        assert not any(thread.is_alive() for thread in self._threads), "somebody never came back"
        if self.failed:
            raise self.failed[0]
        if not self.url.startswith("sqlite"):
            offices.look(self.history, self.url)

    @property
    def working(self) -> bool:
        return any(thread.is_alive() for thread in self._threads)

    def until(self, reached: Callable[[], bool], *, within: float = 60) -> None:
        """Wait until the state is reached, or everybody has ended."""
        deadline = time.monotonic() + within
        while not reached() and self.working:
            assert time.monotonic() < deadline, "the state is never reached"
            time.sleep(0.005)


def lines(history: History, line_type: str) -> int:
    """Return how many lines of a type the history has by now."""
    marked = f'"type": "{line_type}"'
    if not history.path.exists():
        return 0
    return history.path.read_text(encoding="utf-8").count(marked)


def registrations(turns: int, *, and_the_visa: bool = True) -> Work:
    """Return the work of registering ``turns`` applications, each sent on to an executor."""

    def work(day: Day, number: int) -> None:
        for turn in range(turns):
            outcome: Any = day.register(f"Орал қ., Мұхит көш., {number}-{turn}")
            if outcome.type == "ok" and and_the_visa:
                day.advance(outcome.result.case_id)

    return work
