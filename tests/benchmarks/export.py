"""A hundred thousand rows into a workbook, in a process of its own so that its memory is its own.

The floor: the same statement by the bare driver into a CSV file. Beside it the usual way, openpyxl's write-only
mode, for a tenth of the rows.
"""

import csv
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any

from desktop.documents import register_columns, registers_xlsx
from desktop.queries import office, registers
from desktop.queries.rows import RegisterFilter
from desktop.regulation.model import Role
from desktop.regulation.rights import Actor
from desktop.store.database import Store
from tests.benchmarks.figures import Figure

ROWS = 100_000
SECONDS_GOAL = 3
MEGABYTES_GOAL = 80
USUAL = ROWS // 10
TIMES = 3
# as the command line reads; whoever it was of the office of the tests would bring that into this process's memory
_READER = Actor(0, "command-line", "", "", frozenset({Role.AUDITOR}), "")


def measure(urls: dict[str, str]) -> Iterator[Figure]:
    for engine, url in urls.items():
        told = [_in_a_process(what, url) for _ in range(TIMES) for what in ("workbook", "csv")]
        seconds, floor = (_middle(told[at::2], "seconds") for at in (0, 1))
        memory = _middle(told[0::2], "megabytes")
        usual = _in_a_process("usual", url)["seconds"] * ROWS / USUAL
        yield Figure(
            "export of 100,000 rows to Excel",
            seconds,
            floor,
            "the same rows bare into CSV",
            TIMES,
            engine,
            unit="s",
            goal=SECONDS_GOAL,
            note=f"openpyxl write-only would take {usual:.1f} s ({USUAL:,} rows, scaled)",
        )
        yield Figure(
            "  its peak memory, libraries included",
            memory,
            None,
            "",
            TIMES,
            engine,
            unit="MB",
            goal=MEGABYTES_GOAL,
        )


def _middle(told: list[dict[str, float]], name: str) -> float:
    return sorted(item[name] for item in told)[len(told) // 2]


def _in_a_process(what: str, url: str) -> dict[str, float]:
    with tempfile.TemporaryDirectory() as folder:
        done = subprocess.run(
            [sys.executable, "-m", "tests.benchmarks.export", what, url, str(Path(folder) / what)],
            cwd=Path(__file__).resolve().parents[2],
            stdout=subprocess.PIPE,
            text=True,
            check=True,
            timeout=600,
        )
    told: dict[str, float] = json.loads(done.stdout)
    return told


# in the child


def _workbook(store: Store, path: Path) -> int:
    own = office.office(store)
    heading = registers_xlsx.Heading(own.name, register_columns.filter_words(RegisterFilter()), store.now())
    return registers_xlsx.write(path, kind="applications", rows=_rows(store, ROWS), heading=heading) or 0


def _usual(store: Store, path: Path) -> int:
    """What one would write first: openpyxl's write-only mode over the same rows and columns."""
    from openpyxl import Workbook

    book = Workbook(write_only=True)
    sheet = book.create_sheet()
    shown = register_columns.columns("applications")
    sheet.append([column.heading.ru for column in shown])
    written = 0
    for row in _rows(store, USUAL):
        sheet.append([_without_zone(column.value(row, "kk")) for column in shown])
        written += 1
    book.save(path)
    return written


def _csv(store: Store, path: Path) -> int:
    from tests.benchmarks.registers import sent_by

    with sent_by(store) as statements:
        next(_rows(store, 1))
    register = next(item for item in statements if "ORDER BY case_file" in item[0])
    written = 0
    connection: Any = store.engine.raw_connection()
    cursor = connection.cursor() if store.dialect == "sqlite" else connection.cursor(name="export")
    cursor.execute(*register)
    with path.open("w", encoding="utf-8", newline="") as file:
        lines = csv.writer(file)
        while written < ROWS and (rows := cursor.fetchmany(1000)):
            lines.writerows(rows)
            written += len(rows)
    connection.close()
    return written


def _rows(store: Store, limit: int) -> Iterator[Any]:
    return islice(registers.stream_applications(store, _READER, filter=RegisterFilter()), limit)


def _without_zone(value: Any) -> Any:
    return value.replace(tzinfo=None) if hasattr(value, "tzinfo") else value


def _peak() -> float:
    """The most memory this process ever held, in MB (``ru_maxrss`` would begin at the parent's)."""
    for line in Path("/proc/self/status").read_text(encoding="ascii").splitlines():
        if line.startswith("VmHWM"):
            return int(line.split()[1]) / 1024
    return 0.0


def _child(what: str, url: str, path: Path) -> None:
    store = Store(url, exclusive=False)
    work = {"workbook": _workbook, "usual": _usual, "csv": _csv}[what]
    wanted = USUAL if what == "usual" else ROWS
    started = time.perf_counter()
    written = work(store, path)
    seconds = time.perf_counter() - started
    if written != wanted:
        raise RuntimeError(f"{what}: {written} rows instead of {wanted}")
    sys.stdout.write(json.dumps({"seconds": seconds, "megabytes": _peak()}))


if __name__ == "__main__":
    _child(sys.argv[1], sys.argv[2], Path(sys.argv[3]))
