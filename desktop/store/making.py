"""An administrator's work on a database: makes an empty one into an office's, and brings an older one up to date.

On PostgreSQL each is one transaction under one lock: schema, rights and office are there together or not at all.
On SQLite a new file takes its name when it is whole. Codes: ``database-not-empty``, ``not-database-administrator``
and those of ``store.upgrade``.
"""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

import psycopg
from sqlalchemy import Connection, text
from sqlalchemy.engine import URL
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from desktop.errors import NotAllowed, Unavailable
from desktop.models.migrations import HEAD
from desktop.store import authority
from desktop.store import upgrade as schema
from desktop.store.addresses import database_url, sqlite_path
from desktop.store.database import Store, engine_for
from desktop.store.failures import failure

_ADVISORY_LOCK = 0x52555153
_LOCK_SECONDS = 120  # how long four administrators at once wait for each other
_OWN_RELATIONS = text(
    "SELECT count(*) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
    " WHERE n.nspname NOT LIKE 'pg\\_%' AND n.nspname <> 'information_schema'"
    " AND NOT EXISTS (SELECT 1 FROM pg_depend d WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid"
    " AND d.deptype = 'e')"
)
_MAY_ADMINISTER = text(
    "SELECT pg_has_role(session_user, datdba, 'MEMBER') FROM pg_database WHERE datname = current_database()"
)


def create(
    url: str,
    *,
    prefix: str = "",
    then: Callable[[Any], None] | None = None,
    clock: Callable[[], datetime] | None = None,
) -> None:
    """Make the empty database at ``url`` (its administrator's) ready for an office; "database-not-empty" otherwise.

    ``then(store)`` founds the office in it, in the same transaction (on PostgreSQL the store is a
    :class:`OneTransaction`): when it raises, the database is as empty as before. ``clock``: the store's, where told.
    """
    address = database_url(url)
    if address.get_backend_name() == "sqlite":
        _create_file(sqlite_path(address), then)
        return
    with administering(address) as connection:
        refuse_used(connection)
        schema.migrate(connection)
        install(connection, prefix)
        if then is not None:
            then(OneTransaction(url, connection, clock=clock))


def upgrade(url: str) -> tuple[str, str]:
    """Bring the database at ``url`` (its administrator's) up to date; return its revision before and now."""
    address = database_url(url)
    if address.get_backend_name() == "sqlite":
        before = schema.sqlite_revision(sqlite_path(address))
        if before is None:
            raise Unavailable("database-missing", path=str(sqlite_path(address)))
        schema.prepare(url)
        return before, HEAD
    with administering(address) as connection:
        found = schema.postgresql_revision(connection)
        if found is None:
            raise Unavailable("database-empty", path=str(address.database))
        schema.refuse_newer(found)
        if found != HEAD:
            schema.migrate(connection)
        install(connection)
        return found, HEAD


def in_one_transaction(url: str, work: Callable[[Store], None]) -> None:
    """Run ``work`` on the ready database at ``url`` as its administrator (on PostgreSQL), or in the file of one's own."""
    address = database_url(url)
    if address.get_backend_name() == "sqlite":
        schema.prepare(url)
        store = Store(url)
        try:
            work(store)
        finally:
            store.dispose()
        return
    with administering(address) as connection:
        schema.refuse_other(schema.postgresql_revision(connection), place=str(address.database))
        work(OneTransaction(url, connection))


def install(connection: Connection, prefix: str = "") -> None:
    """Put the rights in and prove that they are there; ``prefix`` begins the names of roles (default: the database's)."""
    authority.install(connection, prefix or None)
    different = authority.difference(connection)
    if different:
        raise Unavailable("rights-differ", number=len(different), first=different[0])


def refuse_used(connection: Connection) -> None:
    """Raise "database-not-empty" unless the database holds no table of anybody's."""
    if connection.execute(_OWN_RELATIONS).scalar():
        raise NotAllowed("database-not-empty", path=str(connection.engine.url.database))


@contextmanager
def administering(address: URL) -> Iterator[Connection]:
    """One transaction of the database's administrator: alone, without a limit of time, told when it cannot be."""
    with _administrators(address) as connection:
        connection.execute(text(f"SET LOCAL lock_timeout = '{_LOCK_SECONDS}s'"))
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _ADVISORY_LOCK})
        connection.execute(text("SET LOCAL lock_timeout = '15s'"))
        yield connection


@contextmanager
def reading_all(address: URL) -> Iterator[Connection]:
    """One snapshot of everything for the database's administrator; an answer without hidden rows, or none."""
    with _administrators(address, isolation_level="REPEATABLE READ", postgresql_readonly=True) as connection:
        connection.execute(text("SET LOCAL row_security = off"))
        yield connection


@contextmanager
def _administrators(address: URL, **options: Any) -> Iterator[Connection]:
    engine = engine_for(address, application_name="ruqsat/administrator", silence=None)
    try:
        with engine.execution_options(**options).begin() as connection:
            if not connection.execute(_MAY_ADMINISTER).scalar():
                raise NotAllowed("not-database-administrator", path=str(address.database))
            connection.execute(text("SET LOCAL statement_timeout = 0"))
            connection.execute(text("SET LOCAL idle_in_transaction_session_timeout = 0"))
            yield connection
    except (DBAPIError, psycopg.Error) as error:
        told = failure(error if isinstance(error, DBAPIError) else DBAPIError(None, None, error))
        if told is None:
            raise
        raise told from error
    finally:
        engine.dispose()


class OneTransaction(Store):
    """A store whose commands all belong to the transaction of ``connection``: it commits them, or none."""

    def __init__(
        self, url: str, connection: Connection, *, clock: Callable[[], datetime] | None = None
    ) -> None:
        super().__init__(url, clock=clock)
        self.connection = connection

    @contextmanager
    def writing(self, *, by: str = "") -> Iterator[Session]:
        """A session on the shared connection; ``by`` is nobody's: the administrator writes."""
        with Session(
            self.connection, expire_on_commit=False, join_transaction_mode="create_savepoint"
        ) as session:
            yield session
            session.commit()


def _create_file(path: Path, then: Callable[[Store], None] | None) -> None:
    """Make the file beside its place and move it there when it is whole."""
    if path.exists() and path.stat().st_size:
        raise NotAllowed("database-not-empty", path=str(path))
    building = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        schema.prepare(f"sqlite:///{building}")
        if then is not None:
            store = Store(f"sqlite:///{building}")
            try:
                then(store)
            finally:
                store.dispose()
        os.replace(building, path)
    finally:
        for end in ("", "-wal", "-shm", "-journal", ".lock"):
            building.with_name(building.name + end).unlink(missing_ok=True)
