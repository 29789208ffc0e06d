"""Makes a database ready for this program: creates it, migrates it, or says why it must be left alone.

A SQLite file is never migrated in place: a copy is, it is checked, and it takes the old file's name; the old
file stays beside it as ``<name>.before-<revision>``. A shared database is its administrator's: ``store.making``.
Codes: ``database-empty``, ``database-older``, ``database-newer``, ``database-in-use``, ``sqlite-on-network``,
``not-a-database``, ``not-our-database``, ``database-missing``, ``database-damaged``, ``folder-missing``, and those
of ``store.failures``.
"""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from sqlalchemy import Connection, inspect, text
from sqlalchemy.engine import URL
from sqlalchemy.exc import DBAPIError

from desktop.errors import NotAllowed, Unavailable
from desktop.models.migrations import HEAD, search
from desktop.store import chaining, imaging
from desktop.store.addresses import database_url, refuse_network, sqlite_path
from desktop.store.database import APPLICATION_ID, engine_for
from desktop.store.failures import failure, sqlite_failure
from desktop.store.file_lock import FileLock


def prepare(url: str, *, exclusive: bool = True) -> None:
    """Create or migrate the SQLite file at ``url``; does nothing to one that is ready. PostgreSQL is only looked at.

    ``exclusive=False`` is for a reader beside the program: it leaves the lock of a SQLite file alone as long as the
    file is ready (to be migrated it must be nobody else's) and makes no database: "database-missing" for an empty one.
    """
    address = database_url(url)
    if address.get_backend_name() == "sqlite":
        _prepare_sqlite(sqlite_path(address), exclusive=exclusive)
    else:
        _check_postgresql(address)


def _prepare_sqlite(path: Path, *, exclusive: bool) -> None:
    refuse_network(path)
    if not path.parent.is_dir():
        raise Unavailable("folder-missing", path=str(path.parent))
    if path.is_dir():
        raise Unavailable("database-missing", path=str(path))
    lock = FileLock(path, who=str(os.getpid())) if exclusive else None
    try:
        with _sqlite_told():
            found = sqlite_revision(path)
            if found is None and not exclusive:
                raise Unavailable("database-missing", path=str(path))
            if found != HEAD:
                refuse_newer(found)
                if lock is None:
                    lock = FileLock(path, who=str(os.getpid()))
                    found = sqlite_revision(path)  # another may just have migrated it
                if found != HEAD:
                    _migrate_copy(path, found)
    finally:
        if lock is not None:
            lock.release()


def sqlite_revision(path: Path) -> str | None:
    """Return the file's revision, None for a new or empty file; refuse what is not ours."""
    if not path.exists() or path.stat().st_size == 0:
        return None
    with closing(sqlite3.connect(path, timeout=5, isolation_level=None)) as connection:
        tables = {name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type='table'")}
        if not tables:
            return None
        (application,) = connection.execute("PRAGMA application_id").fetchone()
        if application != APPLICATION_ID or "alembic_version" not in tables:
            raise Unavailable("not-our-database", path=str(path))
        row = connection.execute("SELECT version_num FROM alembic_version").fetchone()
        revision = str(row[0]) if row else None
        if revision == HEAD:
            _refuse_foreign_code(connection, path)
        return revision


def _refuse_foreign_code(connection: sqlite3.Connection, path: Path) -> None:
    """A file that came from elsewhere may carry triggers and views that run with our rights: none but ours may."""
    found = connection.execute("SELECT name, sql FROM sqlite_master WHERE type IN ('trigger', 'view')")
    if dict(found.fetchall()) != search.sqlite_triggers() | imaging.sqlite_triggers():
        raise Unavailable("not-our-database", path=str(path))


def _migrate_copy(path: Path, found: str | None) -> None:
    fresh = path.with_name(path.name + ".new")
    for leftover in (fresh, *(fresh.with_name(fresh.name + end) for end in ("-wal", "-shm", "-journal"))):
        leftover.unlink(missing_ok=True)
    fresh.touch(mode=0o600)  # its owner's alone
    if found is not None:
        _copy(path, fresh)
    engine = engine_for(URL.create("sqlite+pysqlite", database=str(fresh)))
    try:
        with engine.begin() as connection:
            migrate(connection)
            connection.exec_driver_sql(f"PRAGMA application_id={APPLICATION_ID}")
            connection.exec_driver_sql(f"PRAGMA user_version={int(HEAD)}")
    except DBAPIError as error:
        told = failure(error)
        if told is None:
            raise
        raise told from error
    finally:
        engine.dispose()
    check_and_settle(fresh)
    if found is not None:
        _keep_old(path, found)
    os.replace(fresh, path)
    _sync_folder(path.parent)


def _copy(source: Path, target: Path) -> None:
    with closing(sqlite3.connect(source, timeout=5)) as old, closing(sqlite3.connect(target)) as new:
        old.backup(new)


def check_and_settle(path: Path) -> None:
    """Check the migrated copy and leave it as one file without a write-ahead log."""
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        verdict = connection.execute("PRAGMA integrity_check(1)").fetchone()[0]
        orphan = connection.execute("PRAGMA foreign_key_check").fetchone()
        if verdict != "ok" or orphan is not None:
            raise Unavailable("database-damaged", reason=str(orphan or verdict))
        connection.execute("PRAGMA journal_mode=DELETE")


def _keep_old(path: Path, found: str) -> None:
    """Give the old file its second name before the new one takes the first; the moment between has both."""
    with closing(sqlite3.connect(path, timeout=5, isolation_level=None)) as connection:
        connection.execute("PRAGMA journal_mode=DELETE")  # what is in the log goes into the file
    kept, number = path.with_name(f"{path.name}.before-{HEAD}-{found}"), 2
    while kept.exists():
        kept, number = path.with_name(f"{path.name}.before-{HEAD}-{found}-{number}"), number + 1
    try:
        os.link(path, kept)
    except OSError:  # a file system without second names: a copy does
        _copy(path, kept)


def _sync_folder(folder: Path) -> None:
    if os.name != "posix":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _check_postgresql(address: URL) -> None:
    """A shared database is made and migrated by its administrator alone (``store.making``): here it is only looked at."""
    engine = engine_for(address, application_name="ruqsat/check")
    try:
        with engine.connect() as connection:
            refuse_other(postgresql_revision(connection), place=str(address.database))
    except DBAPIError as error:
        told = failure(error)
        if told is None:
            raise
        raise told from error
    finally:
        engine.dispose()


def refuse_other(found: str | None, *, place: str) -> None:
    """Raise unless ``found`` is the revision of this program: "database-empty", "database-older", "database-newer"."""
    if found is None:
        raise Unavailable("database-empty", path=place)
    refuse_newer(found)
    if found != HEAD:
        raise NotAllowed("database-older", found=found, known=HEAD)


def postgresql_revision(connection: Connection) -> str | None:
    """Return the revision of a PostgreSQL database, None for one without a table; "not-our-database"."""
    tables = set(inspect(connection).get_table_names())
    if not tables:
        return None
    if "alembic_version" not in tables:
        raise Unavailable("not-our-database", path=str(connection.engine.url.database))
    return connection.execute(text("SELECT version_num FROM alembic_version")).scalar()


def refuse_newer(found: str | None) -> None:
    """Raise "database-newer" when the revision is one this program does not know."""
    if found is None:
        return
    if not found.isdigit():
        raise Unavailable("not-our-database", path=found)
    if int(found) > int(HEAD):
        raise NotAllowed("database-newer", found=found, known=HEAD)


def migrate(connection: Connection, revision: str = HEAD) -> None:
    """Bring the database on ``connection`` to ``revision`` (that of this program), inside its transaction."""
    # Alembic is needed once in a version's life: not at every start
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", "desktop.models:migrations")
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    command.upgrade(config, revision)
    if revision == HEAD:
        chaining.settle(connection)


@contextmanager
def _sqlite_told() -> Iterator[None]:
    try:
        yield
    except sqlite3.Error as error:
        told = sqlite_failure(error)
        if told is None:
            raise
        raise told from error
    except PermissionError as error:
        raise Unavailable("database-read-only", reason=str(error)) from error
