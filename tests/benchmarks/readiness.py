"""A database ready for a test run: a new PostgreSQL with an empty database; the migrations beside it."""

import os
import time
from collections.abc import Iterator

from desktop.store import making
from tests import servers
from tests.benchmarks.figures import Figure, median

TIMES = 3


def measure() -> Iterator[Figure]:
    if os.environ.get(servers.SETTING):
        return  # a server of somebody else: nothing is started here
    ready: list[float] = []
    migrated: list[float] = []
    for _ in range(TIMES):
        started = time.perf_counter()
        with servers.postgresql() as address:
            there = time.perf_counter()
            making.create(address)
            ready.append(there - started)
            migrated.append(time.perf_counter() - there)
    yield Figure(
        "PostgreSQL ready for a test run",
        median(ready),
        None,
        "",
        TIMES,
        "PostgreSQL",
        unit="s",
        goal=1,
        note=f"the migrations, once a run, take {median(migrated):.2f} s more",
    )
