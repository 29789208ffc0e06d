"""A real program that can be killed at any point: ``python -m tests.faults.child``.

It imports everything once and then forks a process for each job it reads, so that hundreds of deaths take
seconds. One JSON object a line, both ways. A job: ``do`` (a name of :mod:`tests.faults.jobs`), ``url``,
``moment``, its own facts, and what to do at the points: ``kill_at`` (a number), ``pause_at`` (beginnings of
names: tell, and wait for ``go`` or ``die``). Said: ``paused``, then ``points`` and ``done`` or ``refused`` unless
the process died, and always ``ended`` with the status of waitpid. A job with ``warm`` is done without a fork, so
that those after it find laws read and statements compiled.
"""

import json
import os
import signal
import sys
import traceback
from datetime import datetime
from typing import Any

from desktop.errors import Told
from desktop.store.database import Store
from tests.clock import Clock
from tests.faults import jobs
from tests.faults.points import Points

WORKSTATION = "WS-2"


def main() -> int:
    places = _Places()
    while line := _line():
        job = json.loads(line)
        store = places.store(job)
        if job.get("warm"):
            _say(**_done(jobs.JOBS[job["do"]](store, job)))
            store.engine.dispose()  # no connection may be shared with a fork
            _say(ended=0)
            continue
        child = os.fork()
        if child == 0:
            os._exit(_life(store, job))
        _, status = os.waitpid(child, 0)
        _say(ended=status)
    return 0


class _Places:
    """A store for each address, kept without a connection."""

    def __init__(self) -> None:
        self._stores: dict[str, tuple[Store, Clock]] = {}

    def store(self, job: dict[str, Any]) -> Store:
        url = job["url"]
        if url not in self._stores:
            clock = Clock()
            self._stores[url] = Store(url, clock=clock, workstation=WORKSTATION, exclusive=False), clock
        store, clock = self._stores[url]
        clock.set(datetime.fromisoformat(job["moment"]))
        return store


def _life(store: Store, job: dict[str, Any]) -> int:
    """Do the job in this process, as far as the points let it come."""
    try:
        at = _At(job.get("kill_at"), tuple(job.get("pause_at", ())))
        work = jobs.JOBS[job["do"]](store, job)
        points = Points(at.reached)
        points.watch(store.engine)
        points.watch_keys()
        said = _done(work)
        at.armed = False
        store.dispose()
        _say(points=at.names, **said)
    except BaseException:
        traceback.print_exc()
        return 1
    return 0


def _done(work: jobs.Work) -> dict[str, Any]:
    try:
        return {"done": work()}
    except Told as told:
        return {"refused": told.code, "facts": {name: str(fact) for name, fact in told.facts.items()}}


class _At:
    """Where the process is, and what is to happen to it there."""

    def __init__(self, kill_at: int | None, pause_at: tuple[str, ...]) -> None:
        self._kill_at = kill_at
        self._pause_at = pause_at
        self.names: list[str] = []
        self.armed = True

    def reached(self, name: str) -> None:
        if not self.armed:
            return
        self.names.append(name)
        if len(self.names) == self._kill_at:
            _say(killed=name)
            os.kill(os.getpid(), signal.SIGKILL)
        if self._pause_at and name.startswith(self._pause_at):
            _say(paused=name)
            if _line() != b"go":
                os.kill(os.getpid(), signal.SIGKILL)


def _say(**said: Any) -> None:
    os.write(1, json.dumps(said).encode() + b"\n")


def _line() -> bytes:
    """Read a line without reading ahead: the next one may be for another process."""
    line = bytearray()
    while (letter := os.read(0, 1)) not in {b"", b"\n"}:
        line += letter
    return bytes(line)


if __name__ == "__main__":
    sys.exit(main())
