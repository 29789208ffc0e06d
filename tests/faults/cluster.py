"""A PostgreSQL of our own that may be crashed, stopped and started while people work on it.

Unlike the server of the other tests it waits for its log at COMMIT, so that what it acknowledged survives its death.
It must be started again by the thread that started it first: it dies with that thread (``tests.servers``).
"""

import contextlib
import os
import signal
import time
from collections.abc import Iterator, Mapping
from pathlib import Path

import psycopg

from tests import servers

_DURABLE = {
    "synchronous_commit": "on",
    "max_connections": "120",
    "restart_after_crash": "on",
}


class Cluster(servers._Started):
    """``address`` stays the same over all deaths."""

    def __init__(
        self, settings: Mapping[str, str] | None = None, *, environment: Mapping[str, str] | None = None
    ) -> None:
        self._environment = dict(environment or {})
        laid = {**servers._UNSAFE_BUT_FAST, **_DURABLE, **(settings or {})}
        super().__init__(servers._binaries(), None, laid)
        self.address = ""

    def __enter__(self) -> str:
        self.address = super().__enter__()
        return self.address

    def _as_user(self) -> dict[str, object]:
        given = super()._as_user()
        known: object = given.get("env", os.environ)
        return {**given, "env": {**known, **self._environment}}  # type: ignore[dict-item]

    @property
    def postmaster(self) -> int:
        assert self._server is not None
        return self._server.pid

    def stop(self, way: signal.Signals) -> None:
        """SIGQUIT: immediate, as a crash; SIGINT: fast, everybody is sent away; SIGKILL: the postmaster alone."""
        assert self._server is not None
        children = self._children()
        self._server.send_signal(way)
        self._server.wait(60)
        for child in children:  # after SIGKILL they notice by themselves
            _wait_for_the_end(child)

    def start(self) -> None:
        self._start()

    def _children(self) -> list[int]:
        listed = Path(f"/proc/{self.postmaster}/task/{self.postmaster}/children").read_text()
        return [int(child) for child in listed.split()]


def _wait_for_the_end(child: int) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        try:
            os.kill(child, 0)
        except ProcessLookupError:
            return
        time.sleep(0.01)
    raise AssertionError(f"backend {child} outlives its server")


@contextlib.contextmanager
def cluster(settings: Mapping[str, str] | None = None) -> Iterator[Cluster]:
    """Yield a running one; it goes with the block."""
    one = Cluster(settings)
    with one:
        yield one


def terminate_all(address: str, database: str) -> int:
    """Terminate every session of the database, as an administrator may; return how many there were."""
    with psycopg.connect(address, autocommit=True) as connection:
        row = connection.execute(
            "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity"
            " WHERE datname = %s AND pid <> pg_backend_pid()",
            (database,),
        ).fetchone()
    return int(row[0]) if row else 0


def backends(address: str, database: str) -> list[int]:
    """Return the process ids of the database's sessions."""
    with psycopg.connect(address, autocommit=True) as connection:
        rows = connection.execute(
            "SELECT pid FROM pg_stat_activity WHERE datname = %s AND pid <> pg_backend_pid()", (database,)
        ).fetchall()
    return [int(row[0]) for row in rows]
