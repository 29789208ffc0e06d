"""The register of a million applications on both engines: bulk-loaded into the real schema, kept for the next run.

What is kept lies in the temporary folder (RUQSAT_BENCH_CACHE overrides) under a name made from the migrations,
the rights and what fills the tables, so that a change of any makes it anew. The registering and the steps that are
measured in it stay there: some hundred cases a run.
"""

import contextlib
import fcntl
import hashlib
import os
import shutil
import sqlite3
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator
from contextlib import closing
from datetime import UTC, date, datetime
from itertools import islice
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql
from sqlalchemy import select
from sqlalchemy.engine import make_url

import desktop.models.folding
import desktop.models.migrations
from desktop.models import Base, RegulationText
from desktop.queries import law
from desktop.store import authority, making
from desktop.store.database import Store
from tests import office as offices
from tests import servers
from tests.benchmarks import applicants

SETTING = "RUQSAT_BENCH_CACHE"
# a server as an office would run it, not one for throw-away tests
_HONEST = {"fsync": "on", "synchronous_commit": "on", "full_page_writes": "on", "shared_buffers": "256MB"}
_LOADED = ("case_file", "case_sub_type", "assignment")


@contextlib.contextmanager
def registers() -> Iterator[dict[str, str]]:
    """Yield the address of the million on each engine; one run at a time uses them."""
    folder = _folder()
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o755)  # the server runs as another user
    with (folder.parent / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        for outdated in folder.parent.glob("*-*"):
            if outdated != folder:
                shutil.rmtree(outdated)
        with servers.postgresql(kept=folder / "cluster", settings=_HONEST) as server:
            yield {"SQLite": _sqlite(folder), "PostgreSQL": _postgresql(server, folder.name)}


def _folder() -> Path:
    base = Path(os.environ.get(SETTING) or Path(tempfile.gettempdir()) / "ruqsat-benchmarks")
    sources = [
        Path(applicants.__file__),
        Path(desktop.models.folding.__file__),
        *sorted(Path(desktop.models.migrations.__path__[0]).rglob("*.py")),
        # the rights are in the database, and in what is measured
        *sorted(path for path in Path(authority.__path__[0]).rglob("*") if path.suffix in {".py", ".sql"}),
    ]
    made_from = hashlib.sha256(b"".join(path.read_bytes() for path in sources)).hexdigest()[:12]
    return base / f"{desktop.models.migrations.HEAD}-{made_from}"


def _sqlite(folder: Path) -> str:
    path, fresh = folder / "office.sqlite", folder / "fresh.sqlite"
    if not path.exists():
        for leftover in folder.glob("fresh.sqlite*"):
            leftover.unlink()
        with said("SQLite"):
            office = found(f"sqlite:///{fresh}")
            with closing(sqlite3.connect(fresh, isolation_level=None)) as connection:
                _fill_sqlite(connection, office)
            os.replace(fresh, path)
    return f"sqlite:///{path}"


def _fill_sqlite(connection: sqlite3.Connection, office: applicants.Office) -> None:
    connection.execute("PRAGMA synchronous=OFF")
    connection.execute("PRAGMA foreign_keys=OFF")
    connection.execute("PRAGMA cache_size=-262144")
    later = connection.execute(
        "SELECT type, name, sql FROM sqlite_master WHERE type IN ('index', 'trigger') AND sql IS NOT NULL"
        f" AND tbl_name IN {_LOADED}"
    ).fetchall()
    for kind, name, _ in later:
        connection.execute(f"DROP {kind} {name}")
    connection.execute("BEGIN")
    for table, rows in _tables(office, applicants.ROWS):
        for batch in _batches(_plain(rows)):
            marks = ", ".join("?" * len(batch[0]))
            connection.executemany(f"INSERT INTO {table} ({_columns(table)}) VALUES ({marks})", batch)
    connection.execute("COMMIT")
    connection.execute("INSERT INTO case_file_search(case_file_search) VALUES ('rebuild')")
    for _, _, statement in later:
        connection.execute(statement)
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def _plain(rows: Iterable[tuple[Any, ...]]) -> Iterator[tuple[Any, ...]]:
    """Moments as the program stores them on SQLite: naive UTC with six digits; days in ISO 8601."""
    for row in rows:
        yield tuple(_text(value) if isinstance(value, date) else value for value in row)


def _text(value: date) -> str:
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d %H:%M:%S}.000000"
    return value.isoformat()


def _postgresql(server: str, key: str) -> str:
    name = f"ruqsat_million_{key.replace('-', '_')}"
    server = server.replace("postgresql+psycopg://", "postgresql://")
    url = make_url(server).set(database=name).render_as_string(hide_password=False)
    with psycopg.connect(server, autocommit=True) as connection:
        there = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone()
        if there and marked(url):
            return url
        database = sql.Identifier(name)
        connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(database))
        connection.execute(sql.SQL("CREATE DATABASE {} TEMPLATE template0 ENCODING 'UTF8'").format(database))
    with said("PostgreSQL"):
        office = found(url)
        with psycopg.connect(url, autocommit=True) as connection:
            fill_postgresql(connection, office)
            mark(connection)
    return url


def marked(url: str) -> bool:
    """True for a database that was filled to the end."""
    with psycopg.connect(url) as connection:
        row = connection.execute(
            "SELECT obj_description(oid) FROM pg_class WHERE oid = to_regclass('case_file')"
        ).fetchone()
    return row is not None and row[0] == "filled"


def fill_postgresql(
    connection: psycopg.Connection[Any], office: applicants.Office, *, count: int = applicants.ROWS
) -> None:
    """Load that many applications, with who they are assigned to; :func:`mark` says that it was done."""
    connection.execute("SET maintenance_work_mem = '512MB'")
    later = connection.execute(
        "SELECT indexname, indexdef FROM pg_indexes WHERE tablename = ANY(%s) AND indexname LIKE 'ix%%'",
        [list(_LOADED)],
    ).fetchall()
    for name, _ in later:
        connection.execute(sql.SQL("DROP INDEX {}").format(sql.Identifier(name)))
    connection.execute(
        "SET session_replication_role = replica"
    )  # a million images are no part of what is measured
    for table, rows in _tables(office, count):
        with (
            connection.cursor() as cursor,
            cursor.copy(f"COPY {table} ({_columns(table)}) FROM STDIN".encode()) as copy,
        ):
            for row in rows:
                copy.write_row(row)
    connection.execute("RESET session_replication_role")
    for _, statement in later:
        connection.execute(statement)
    connection.execute("SELECT setval(pg_get_serial_sequence('case_file', 'id'), %s)", [count])


def mark(connection: psycopg.Connection[Any]) -> None:
    """The last thing done to a filled database."""
    connection.execute("VACUUM ANALYZE")
    connection.execute("COMMENT ON TABLE case_file IS 'filled'")


def _tables(office: applicants.Office, count: int) -> Iterator[tuple[str, Iterator[tuple[Any, ...]]]]:
    yield "case_file", applicants.cases(office, count=count)
    yield "case_sub_type", applicants.sub_types(office, count=count)
    yield "assignment", applicants.assignments(office, count=count)


def _columns(table: str) -> str:
    """The columns in the order the rows are made in, which need not be the database's."""
    return ", ".join(column.name for column in Base.metadata.tables[table].columns)


def _batches(rows: Iterator[tuple[Any, ...]]) -> Iterator[list[tuple[Any, ...]]]:
    while batch := list(islice(rows, 5000)):
        yield batch


def found(url: str) -> applicants.Office:
    """Migrate the database, found the office of the tests in it, and say what a case there refers to."""
    making.create(url)
    store = Store(url, clock=lambda: datetime(2000, 1, 3, 3, 0, tzinfo=UTC), exclusive=False)
    offices.found(store)
    with store.reading() as session:
        text = session.scalars(
            select(RegulationText).where(
                RegulationText.current.is_(True), RegulationText.regulation == "wko-2018-139"
            )
        ).first()
        assert text is not None
        service, operation = law.place(session, text.sha256, "medical", "issue")
    store.dispose()
    people = offices.people()
    return applicants.Office(
        text.sha256,
        service.id,
        operation.id,
        tuple(step.id for step in operation.steps if not step.on_map),
        tuple(kind.id for kind in service.sub_types),
        people.clerk.person_id,
        (people.executor.person_id, people.executor2.person_id),
    )


@contextlib.contextmanager
def said(engine: str, count: int = applicants.ROWS) -> Iterator[None]:
    sys.stderr.write(f"Filling a register of {count:,} applications on {engine} (once) ... ")
    sys.stderr.flush()
    started = time.monotonic()
    yield
    sys.stderr.write(f"{time.monotonic() - started:.0f} s\n")
