"""How to reach the database: one :class:`Store` for PostgreSQL or SQLite, sessions to read and sessions to write.

A session lives one command or one query. What may be told to a person leaves here as ``Unavailable``.
"""

import copy
import os
import socket
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, text
from sqlalchemy.engine import URL
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.orm import ORMExecuteState, Session, UOWTransaction
from sqlalchemy.pool import NullPool

from desktop import __version__
from desktop.errors import Told, Unavailable
from desktop.store import chaining
from desktop.store.addresses import database_url, refuse_network, sqlite_path
from desktop.store.failures import failure
from desktop.store.file_lock import FileLock
from desktop.store.intent import Intent

APPLICATION_ID = 0x52555153  # "RUQS": PRAGMA application_id of our SQLite files
_BUSY_MILLISECONDS = 5000
_MODE = "ruqsat_mode"
SILENCE_S = 20.0  # without a byte from the server; less than the limit of a statement would cut honest work


class Store:
    """The database of one office, and its clock.

    ``exclusive``: on SQLite, hold the lock that keeps a second program away for this object's life
    (Unavailable "database-in-use"); tests that open several stores on one file switch it off.
    ``silence``: seconds without a byte after which a server is given up.
    """

    def __init__(
        self,
        url: str,
        *,
        clock: Callable[[], datetime] | None = None,
        workstation: str = "",
        exclusive: bool = True,
        silence: float | None = SILENCE_S,
    ) -> None:
        self.url = database_url(url)
        self.workstation = workstation or socket.gethostname()
        self.intent: Intent | None = None
        self.doubts: dict[
            str, tuple[Told, ...]
        ] = {}  # by who found them; shared by all copies (store.doubts)
        self._clock = clock
        self._lock: FileLock | None = None
        if self.dialect == "sqlite":
            path = sqlite_path(self.url)
            refuse_network(path)
            if not path.is_file():
                raise Unavailable("database-missing", path=str(path))
            if exclusive:
                self._lock = FileLock(path, who=f"{self.workstation}, {os.getpid()}")
        self.engine: Engine = engine_for(
            self.url, application_name=f"ruqsat/{__version__} {self.workstation}", silence=silence
        )
        options: dict[str, Any] = {_MODE: "read"}
        if self.dialect == "postgresql":
            # one snapshot for all statements of a card, and the server itself refuses to write
            options |= {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
        self._reading_engine = self.engine.execution_options(**options)

    @property
    def dialect(self) -> str:
        """``sqlite`` or ``postgresql``."""
        return self.url.get_backend_name()

    @property
    def by_system_clock(self) -> bool:
        """True when moments are those of this computer's own clock, which nobody else keeps right."""
        return self._clock is None and self.dialect == "sqlite"

    @property
    def by_server_clock(self) -> bool:
        """True when moments are those of the server."""
        return self._clock is None and self.dialect == "postgresql"

    def intending(self, intent: Intent) -> "Store":
        """Return this store for one command: what is written through it claims ``intent``."""
        bound = copy.copy(self)
        bound.intent = intent
        return bound

    @contextmanager
    def writing(self, *, by: str = "") -> Iterator[Session]:
        """A session that commits at the end of the block and rolls back when the block raises.

        ``by``: the login of who writes; a store that was opened with a person's own login serves nobody else.
        """
        session = Session(self.engine, expire_on_commit=False)
        mark = chaining.Mark(session) if self.dialect == "sqlite" else None
        saving = False
        try:
            self._seat(session, by)
            yield session
            session.flush()
            if mark is not None:  # PostgreSQL seals by itself
                mark.seal(login=by, now=self.now)
            saving = True
            session.commit()
        except DBAPIError as error:
            told = failure(error, saving=saving)
            if told is None:
                raise
            raise told from error
        finally:
            _close(session)

    @contextmanager
    def reading(self, *, by: str = "") -> Iterator[Session]:
        """A session on one snapshot that cannot write: neither by flush nor by a statement.

        ``by``: the login of who reads, as in :meth:`writing`.
        """
        session = Session(self._reading_engine, autoflush=False, expire_on_commit=False)
        event.listen(session, "before_flush", _refuse_flush)
        event.listen(session, "do_orm_execute", _refuse_statement)
        try:
            self._seat(session, by)
            yield session
        except DBAPIError as error:
            told = failure(error)
            if told is None:
                raise
            raise told from error
        finally:
            _close(session)

    def _seat(self, session: Session, by: str) -> None:
        """Make sure that the connection is the own one of who reads or writes."""

    def proves(self, password: str) -> bool:
        """True when the server lets this store's own login in with ``password`` (PostgreSQL; a fresh connection)."""
        engine = create_engine(
            self.url.set(password=password),
            poolclass=NullPool,
            connect_args=_postgresql_arguments(self.url, "ruqsat/password"),
        )
        try:
            engine.connect().close()
        except OperationalError as error:
            told = failure(error)
            if told is not None and told.code == "sign-in-refused":
                return False
            raise
        return True

    def now(self, session: Session | None = None) -> datetime:
        """The authoritative moment, aware, UTC: the injected clock, the server's time, or the system's.

        With ``session`` a PostgreSQL server is asked on its connection instead of a second one.
        """
        if self._clock is not None:
            return self._clock().astimezone(UTC)
        if self.dialect == "sqlite":
            return datetime.now(UTC)
        if session is not None:
            return _server_time(session.connection())
        with self.reading() as own:
            return _server_time(own.connection())

    def dispose(self) -> None:
        """Close the connections and let another program have the file."""
        self.engine.dispose()
        if self._lock is not None:
            self._lock.release()
            self._lock = None


def engine_for(url: URL, *, application_name: str = "ruqsat", silence: float | None = SILENCE_S) -> Engine:
    """An engine with the settings every connection of this program has (no lock, no check of the schema).

    ``silence=None`` is for work during which a server may say nothing for long: a migration, a restore.
    """
    if url.get_backend_name() == "sqlite":
        engine = create_engine(url, connect_args={"timeout": _BUSY_MILLISECONDS / 1000})
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
        return engine
    from desktop.store.watching import watch  # the driver of a server: not for the file

    engine = create_engine(
        url,
        pool_size=2,
        max_overflow=3,
        pool_pre_ping=True,
        pool_recycle=1800,
        connect_args=_postgresql_arguments(url, application_name, silence),
    )
    watch(engine, silence)
    return engine


def _postgresql_arguments(
    url: URL, application_name: str, silence: float | None = SILENCE_S
) -> dict[str, Any]:
    """Limits in seconds and milliseconds (measured: without them a cut network hangs for minutes).

    The server ends a long statement itself, and says so, before its silence is taken for a lost connection.
    """
    statement = 30_000 if silence is None else int(silence * 900)
    arguments = {
        "connect_timeout": 5,
        "tcp_user_timeout": 15000,
        "keepalives_idle": 30,
        "keepalives_interval": 10,
        "keepalives_count": 3,
        "application_name": application_name[:63],
        "options": f"-c statement_timeout={statement} -c lock_timeout=8000"
        " -c idle_in_transaction_session_timeout=60000 -c timezone=UTC",
    }
    from desktop.store.connecting import tls_arguments  # for a server, as its driver is

    usual = {name: value for name, value in arguments.items() if name not in url.query}
    return usual | tls_arguments(url)


def _prepare_sqlite(connection: sqlite3.Connection, _record: object) -> None:
    connection.isolation_level = None  # BEGIN is ours, see _begin_sqlite
    cursor = connection.cursor()
    cursor.execute(f"PRAGMA busy_timeout={_BUSY_MILLISECONDS}")
    cursor.execute("PRAGMA journal_mode=WAL")
    cursor.execute("PRAGMA synchronous=FULL")
    cursor.execute("PRAGMA foreign_keys=ON")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    """A writer takes the lock at once: a reader that becomes a writer would fail without waiting.

    Only a writer trusts the file's triggers: those of the search use FTS5, which SQLite before 3.41 counts as
    unsafe. That they are ours and no others is proved when the file is opened (``store.upgrade``).
    """
    mode = connection.get_execution_options().get(_MODE, "write")
    if (
        connection.info.get(_MODE) != mode
    ):  # kept beside the file's own connection, which keeps the two settings
        connection.info.pop(_MODE, None)
        connection.exec_driver_sql(f"PRAGMA query_only={'ON' if mode == 'read' else 'OFF'}")
        connection.exec_driver_sql(f"PRAGMA trusted_schema={'OFF' if mode == 'read' else 'ON'}")
        connection.info[_MODE] = mode
    connection.exec_driver_sql("BEGIN" if mode == "read" else "BEGIN IMMEDIATE")


def _refuse_flush(session: Session, _context: UOWTransaction, _instances: object) -> None:
    if session.new or session.dirty or session.deleted:
        raise RuntimeError("a reading session must not write")


def _refuse_statement(state: ORMExecuteState) -> None:
    if state.is_insert or state.is_update or state.is_delete:
        raise RuntimeError("a reading session must not write")


def _server_time(connection: Connection) -> datetime:
    moment: datetime = connection.execute(text("SELECT clock_timestamp()")).scalar_one()
    return moment.astimezone(UTC)


def _close(session: Session) -> None:
    """Close; a connection that cannot even roll back is thrown away."""
    try:
        session.close()
    except DBAPIError:
        session.invalidate()
