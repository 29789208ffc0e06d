"""Fixtures every test may ask for: stores on both engines, a clock, people, stories.

``store``, ``postgres_store`` and ``any_store`` hold a founded office (tests/office.py); the ``empty_`` ones
hold the tables only. Each test has a database of its own, copied from one that was prepared once. On PostgreSQL
the rights are there too, and who writes has his own and no others (tests/seats.py).
"""

import gc
import os
import shutil
import uuid
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import psycopg
import pytest
from argon2 import PasswordHasher
from psycopg import sql
from sqlalchemy.engine import make_url

from desktop.cases import signing_in
from desktop.store import making, upgrade
from desktop.store.addresses import database_url
from desktop.store.authority.names import prefix_of
from desktop.store.database import Store
from tests import compiled, memory, office, servers
from tests.clock import OFFICE_ZONE, Clock
from tests.longest import LONGEST
from tests.seats import Logins, SeatedStore, install

# Thirteen people's passwords cost seconds at full strength; tests/cases/test_signing_in.py proves the strength.
THE_HASHER = signing_in._hasher
signing_in._hasher = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
compiled.share()

_FOUNDED_AT = datetime(2018, 6, 1, 9, 0, tzinfo=OFFICE_ZONE)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--postgres-only", action="store_true", help="only what concerns the server")
    parser.addoption(
        "--fuzz", type=int, default=0, metavar="N",
        help="new spoiled inputs to try for each kind of file (installer/test --fuzz N); 0: the same few each time",
    )  # fmt: skip
    parser.addoption(
        "--whole", action="store_true", help="the fault catalogue at full size (installer/test --faults)"
    )


def pytest_configure(config: pytest.Config) -> None:
    """Have every ``tmp_path`` in memory; the whole lane writes to a disk, as an office does."""
    place = memory.folder()
    if place is not None and not config.getoption("--whole"):
        os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(place))  # a setting of pytest itself


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Put the longest files first; with ``--postgres-only`` leave out what has nothing to do with the server."""
    place = {name: number for number, name in enumerate(LONGEST)}
    items.sort(key=lambda item: place.get(item.nodeid.partition("::")[0], len(place)))
    if not config.getoption("--postgres-only"):
        return
    about = {
        path: "postgres" in path.read_text(encoding="utf-8").lower() for path in {item.path for item in items}
    }
    left_out = [item for item in items if not about[item.path] or "[sqlite" in item.nodeid]
    config.hook.pytest_deselected(items=left_out)
    items[:] = [item for item in items if item not in set(left_out)]


def pytest_collection_finish() -> None:
    """Let the collector pass over what stays to the end: modules, tests and their parameters are most of what there is."""
    gc.collect()
    gc.freeze()


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def people() -> office.People:
    return office.people()


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say what tests told by ``record_property("told", ...)``: how much they tried."""
    for report in terminalreporter.getreports("passed"):
        for name, told in report.user_properties:
            if name == "told" and report.when == "call":
                terminalreporter.write_line(f"told: {told}")


# SQLite


@pytest.fixture(scope="session")
def _empty_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("template") / "empty.sqlite"
    upgrade.prepare(f"sqlite:///{path}")
    return path


@pytest.fixture(scope="session")
def _office_file(_empty_file: Path) -> Path:
    path = _empty_file.with_name("office.sqlite")
    shutil.copy(_empty_file, path)
    store = Store(f"sqlite:///{path}", clock=lambda: _FOUNDED_AT, workstation=office.WORKSTATION)
    office.found(store)
    store.dispose()
    return path


@pytest.fixture
def sqlite_url(_office_file: Path, tmp_path: Path) -> str:
    """A SQLite database of its own, with an office."""
    return f"sqlite:///{shutil.copy(_office_file, tmp_path / 'office.sqlite')}"


@pytest.fixture
def store(sqlite_url: str, clock: Clock) -> Iterator[Store]:
    yield from _opened(sqlite_url, clock)


@pytest.fixture
def empty_store(_empty_file: Path, tmp_path: Path, clock: Clock) -> Iterator[Store]:
    yield from _opened(f"sqlite:///{shutil.copy(_empty_file, tmp_path / 'empty.sqlite')}", clock)


# PostgreSQL


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """The address of a running server."""
    with servers.postgresql() as address:
        yield address


@pytest.fixture(scope="session")
def _tables_template(postgres_server: str) -> Iterator[str]:
    with _database(postgres_server, None) as url:
        with making.administering(database_url(url)) as connection:
            upgrade.migrate(connection)
        yield url


@pytest.fixture(scope="session")
def _empty_template(postgres_server: str, _tables_template: str) -> Iterator[tuple[str, Logins]]:
    prefix = f"rq{os.getpid()}e"
    with _database(postgres_server, _tables_template) as url:
        install(url, prefix)
        logins = Logins(postgres_server, url, prefix)
        logins.remember()
        yield url, logins
    logins.drop()


@pytest.fixture(scope="session")
def _office_template(postgres_server: str, _tables_template: str) -> Iterator[tuple[str, Logins]]:
    prefix = f"rq{os.getpid()}o"
    with _database(postgres_server, _tables_template) as url:
        install(url, prefix)
        store = SeatedStore(url, clock=lambda: _FOUNDED_AT, workstation=office.WORKSTATION)
        office.found(store)
        store.dispose()
        logins = Logins(postgres_server, url, prefix)
        logins.remember()
        yield url, logins
    logins.drop()


@pytest.fixture(scope="session")
def guarded_office() -> Iterator[Any]:
    """A server that asks for TLS and passwords, with an office whose people come in as themselves."""
    from tests import guarded_server

    with guarded_server.with_office() as server:
        yield server


@pytest.fixture
def bare_postgres_url(postgres_server: str) -> Iterator[str]:
    """A PostgreSQL database of its own without a single table."""
    with _database(postgres_server, None) as url:
        yield url


@pytest.fixture
def postgres_url(postgres_server: str, _office_template: tuple[str, Logins]) -> Iterator[str]:
    """A PostgreSQL database of its own, with an office."""
    template, logins = _office_template
    with logins.undone(), _database(postgres_server, template) as url:
        logins.shut(make_url(url).database or "")
        yield url


@pytest.fixture
def postgres_store(postgres_url: str, clock: Clock) -> Iterator[Store]:
    yield from _opened(postgres_url, clock)


@pytest.fixture
def empty_postgres_store(
    postgres_server: str, _empty_template: tuple[str, Logins], clock: Clock
) -> Iterator[Store]:
    template, logins = _empty_template
    with logins.undone(), _database(postgres_server, template) as url:
        logins.shut(make_url(url).database or "")
        yield from _opened(url, clock)


# both


@pytest.fixture(params=["sqlite", "postgresql"])
def any_store(request: pytest.FixtureRequest) -> Store:
    """The same test on both engines."""
    found: Store = request.getfixturevalue("store" if request.param == "sqlite" else "postgres_store")
    return found


@pytest.fixture(params=["sqlite", "postgresql"])
def any_empty_store(request: pytest.FixtureRequest) -> Store:
    name = "empty_store" if request.param == "sqlite" else "empty_postgres_store"
    found: Store = request.getfixturevalue(name)
    return found


@pytest.fixture
def case_at(request: pytest.FixtureRequest, clock: Clock, people: office.People) -> Callable[..., Any]:
    """``case_at(act, **facts)`` brings a new case to the step with that act, through the real commands.

    In the store the test uses: ``any_store`` or ``postgres_store`` when it asks for one, else ``store``.
    """
    from tests import story  # needs the whole write side; most tests do not

    asked = [name for name in ("any_store", "postgres_store") if name in request.fixturenames]
    return story.teller(request.getfixturevalue(asked[0] if asked else "store"), people, clock)


def _opened(url: str, clock: Clock) -> Iterator[Store]:
    kind = Store if url.startswith("sqlite") else SeatedStore
    store = kind(url, clock=clock, workstation=office.WORKSTATION, exclusive=False)
    yield store
    store.dispose()


class _database:
    """A database created for a block, a copy of ``template`` when there is one."""

    def __init__(self, server: str, template: str | None) -> None:
        self._server = server.replace("postgresql+psycopg://", "postgresql://")
        self._name = f"ruqsat_{os.getpid()}_{uuid.uuid4().hex[:12]}"
        self._template = make_url(template).database if template else None

    def __enter__(self) -> str:
        words = sql.SQL("CREATE DATABASE {name} TEMPLATE {template}").format(
            name=sql.Identifier(self._name), template=sql.Identifier(self._template or "template0")
        )
        with psycopg.connect(self._server, autocommit=True) as connection:
            if self._template is None:
                words += sql.SQL(" ENCODING 'UTF8'")
            elif connection.info.server_version >= 150000:  # by way of the log it costs nearly twice as much
                words += sql.SQL(" STRATEGY FILE_COPY")
            connection.execute(words)
        url = make_url(self._server).set(database=self._name)
        return url.render_as_string(hide_password=False)

    def __exit__(self, *_error: object) -> None:
        with psycopg.connect(self._server, autocommit=True) as connection:
            connection.execute(
                sql.SQL("DROP DATABASE {name} WITH (FORCE)").format(name=sql.Identifier(self._name))
            )
            left = connection.execute(  # of an office that was made in it: the roles outlive their database
                "SELECT rolname FROM pg_roles WHERE starts_with(rolname, %s) ORDER BY starts_with(rolname, %s)",
                (f"{prefix_of(self._name)}_", f"{prefix_of(self._name)}__"),
            ).fetchall()
            for (role,) in left:
                connection.execute(sql.SQL("DROP ROLE {}").format(sql.Identifier(role)))
