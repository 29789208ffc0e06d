"""Copies of a PostgreSQL office: every row of every table on one snapshot, and the way back into an empty database.

On the way back the schema is made by the migrations (at the copy's revision), the rows are put in, the database is
brought up to date, and the rights are installed anew: none of them comes from the copy. A person's login is made
without a password; the office's administrator gives each a new one.
"""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, LiteralString, cast

import psycopg
from psycopg import sql
from sqlalchemy import Connection
from sqlalchemy.engine import URL

from desktop import __version__
from desktop.errors import Unavailable
from desktop.store import making
from desktop.store import upgrade as schema
from desktop.store.backup import archive, noting
from desktop.store.backup.archive import Manifest, Table

_Watch = Callable[[int, int], None]
_Raw = psycopg.Connection[tuple[Any, ...]]
_REVISION = "alembic_version"  # written by the migrations themselves
_TABLES = (
    "SELECT c.relname, pg_table_size(c.oid), ("
    " SELECT array_agg(a.attname ORDER BY a.attnum) FROM pg_attribute a"
    " WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = ''"
    ") FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r' ORDER BY c.relname"
)
_SEQUENCES = (
    "SELECT sequencename, last_value FROM pg_sequences WHERE schemaname = 'public' AND last_value IS NOT NULL"
)
_PEOPLE = (
    "SELECT p.login, p.active, array_agg(r.role ORDER BY r.role) FILTER (WHERE r.role IS NOT NULL)"
    " FROM person p LEFT JOIN person_role r ON r.person_id = p.id GROUP BY p.id ORDER BY p.login"
)
_FOREIGN_KEYS = (
    "SELECT conrelid::regclass::text, quote_ident(conname), pg_get_constraintdef(oid)"
    " FROM pg_constraint WHERE contype = 'f' AND connamespace = 'public'::regnamespace"
)


def copy(address: URL, part: Path, watch: _Watch) -> None:
    """Copy the office at ``address`` (its administrator's) into the archive ``part``."""
    with making.reading_all(address) as connection:
        revision = schema.postgresql_revision(connection)
        if revision is None:
            raise Unavailable("database-empty", path=str(address.database))
        raw = _raw(connection)
        found = raw.execute(_TABLES).fetchall()
        done, whole = 0, sum(size for _name, size, _columns in found)
        tables: list[Table] = []
        with archive.Writer(part) as writer:
            for name, size, columns in found:
                if name == _REVISION:
                    continue
                cursor = raw.cursor()
                with cursor.copy(_words("COPY {} ({}) TO STDOUT (FORMAT binary)", name, columns)) as rows:
                    digest = writer.table(name, _Told(map(bytes, rows), done, done + size, whole, watch))
                tables.append(Table(name, tuple(columns), cursor.rowcount, digest))
                done += size
            writer.manifest(
                Manifest(
                    revision=revision,
                    made_at=_now(raw).isoformat(),
                    program=__version__,
                    server=str(raw.info.server_version),
                    database=str(address.database),
                    tables=tuple(tables),
                    sequences={name: value for name, value in raw.execute(_SEQUENCES).fetchall()},
                    people=tuple(
                        {"login": login, "active": active, "roles": roles or []}
                        for login, active, roles in raw.execute(_PEOPLE).fetchall()
                    ),
                )
            )
        watch(whole, whole)


def note_copy(address: URL) -> None:
    """Note in the database that it was copied."""
    with making.administering(address) as connection:
        noting.note(connection, _now(_raw(connection)))


def restore(source: Path, address: URL, prefix: str, watch: _Watch) -> None:
    """Make the empty database at ``address`` into the office of the archive ``source``, in one transaction."""
    with archive.reading(source) as copied, making.administering(address) as connection:
        manifest = copied.manifest
        making.refuse_used(connection)
        schema.refuse_newer(manifest.revision)
        schema.migrate(connection, manifest.revision)
        raw = _raw(connection)
        _refuse_other_shape(raw, manifest, source)
        names = [sql.Identifier(table.name) for table in manifest.tables]
        raw.execute(sql.SQL("TRUNCATE {}").format(sql.SQL(", ").join(names)))
        with _no_foreign_keys(raw):
            done, whole = 0, copied.size()
            for table in manifest.tables:
                done += _put(raw, table, _Told(copied.rows(table), done, whole, whole, watch), source)
        for sequence, value in manifest.sequences.items():
            raw.execute("SELECT setval(%s::regclass, %s)", (sequence, value))
        schema.migrate(connection)
        raw.execute("UPDATE installation SET prefix = ''")  # the names of the old place's roles stay there
        making.install(connection, prefix)
        # numbers of transactions begin anew on another server: one of the old must not pass for one of its own
        raw.execute(
            "UPDATE command SET transaction_id = NULL WHERE transaction_id >= pg_current_xact_id()::text::bigint"
        )
        watch(whole, whole)


class _Told:
    """Pieces on their way, with the watcher told after each, of no more than ``most``; ``sent`` counts bytes."""

    def __init__(self, pieces: Iterable[bytes], done: int, most: int, whole: int, watch: _Watch) -> None:
        self._pieces, self._done, self._most, self._whole, self._watch = pieces, done, most, whole, watch
        self.sent = 0

    def __iter__(self) -> Iterator[bytes]:
        for piece in self._pieces:
            yield piece
            self.sent += len(piece)
            self._watch(min(self._done + self.sent, self._most), self._whole)


def _put(raw: _Raw, table: Table, pieces: _Told, source: Path) -> int:
    """Put the rows of a table in and return their bytes; "backup-damaged" when they are not as many as were kept."""
    cursor = raw.cursor()
    with cursor.copy(_words("COPY {} ({}) FROM STDIN (FORMAT binary)", table.name, table.columns)) as rows:
        for piece in pieces:
            rows.write(piece)
    if cursor.rowcount != table.rows:
        raise Unavailable("backup-damaged", path=str(source), reason=table.name)
    return pieces.sent


def _words(copy_words: LiteralString, table: str, columns: Iterable[str]) -> sql.Composed:
    return sql.SQL(copy_words).format(sql.Identifier(table), sql.SQL(", ").join(map(sql.Identifier, columns)))


def _refuse_other_shape(raw: _Raw, manifest: Manifest, source: Path) -> None:
    """The migrations made these tables and columns: an archive that speaks of others is no copy of ours."""
    there = {
        name: set(columns) for name, _size, columns in raw.execute(_TABLES).fetchall() if name != _REVISION
    }
    told = {table.name: set(table.columns) for table in manifest.tables}
    if told != there:
        raise Unavailable(
            "backup-damaged", path=str(source), reason=", ".join(sorted(set(told) ^ set(there)))
        )


@contextmanager
def _no_foreign_keys(raw: _Raw) -> Iterator[None]:
    """Take the foreign keys off for a block, so that tables come in any order; putting them back proves every row."""
    keys = raw.execute(_FOREIGN_KEYS).fetchall()
    for table, name, _words in keys:
        raw.execute(f"ALTER TABLE {table} DROP CONSTRAINT {name}".encode())
    yield
    for table, name, words in keys:
        raw.execute(f"ALTER TABLE {table} ADD CONSTRAINT {name} {words}".encode())


def _raw(connection: Connection) -> _Raw:
    return cast(_Raw, connection.connection.driver_connection)


def _now(raw: _Raw) -> datetime:
    row = raw.execute("SELECT now()").fetchone()
    assert row is not None
    return cast(datetime, row[0]).astimezone(UTC)
