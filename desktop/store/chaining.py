"""Puts links on the journal's chain where the program does it: on SQLite. And the images of what stood before it.

On PostgreSQL the database itself makes the link, at COMMIT (``authority/sql/50_journal.sql``).
"""

import uuid
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from itertools import islice
from typing import Any

from sqlalchemy import Connection, bindparam, event, func, insert, select, text, update
from sqlalchemy.orm import Session, SessionTransaction

from desktop.models import JournalHead, JournalImage, JournalLink
from desktop.store import imaging, sealing

_MOST = 5000  # images of one link of a migration, which may have millions

_Head = tuple[str, int, str]  # the database's UUID, the position, the hash


class Mark:
    """Remembers which images a SQLite transaction found, and seals those it added.

    An image that stood there without a link was written past the program: it is left so, for everyone to see.
    """

    def __init__(self, session: Session) -> None:
        self._session = session
        self._found: int | None = None
        self._head: _Head | None = None
        event.listen(session, "after_begin", self._begun)

    def _begun(self, _session: Session, _transaction: SessionTransaction, connection: Connection) -> None:
        if self._found is None:  # nobody else writes before this transaction ends: the head stays that
            found = connection.execute(_BEFORE).one()
            self._found, self._head = found[0] or 0, (found[1], found[2], found[3])

    def seal(self, *, login: str, now: Callable[[], datetime]) -> None:
        """Seal what was added since; the last thing a transaction does before COMMIT."""
        if self._found is not None:
            seal(self._session.connection(), after=self._found, login=login, now=now, head=self._head)


def last_image(connection: Connection) -> int:
    """Return the id of the newest image, 0 for none."""
    return connection.execute(select(func.max(JournalImage.id))).scalar() or 0


def seal(
    connection: Connection,
    *,
    after: int,
    login: str,
    now: Callable[[], datetime],
    most: int = _MOST,
    head: _Head | None = None,
) -> None:
    """Seal the images with an id above ``after``, at most ``most`` in a link: a SQLite file has one writer at a time.

    ``head``: the end of the chain, where it was read in this transaction.
    """
    images = iter(connection.execute(_IMAGES, {"after": after}))
    while group := [tuple(image) for image in islice(images, most)]:
        head = _link(connection, group, login, now(), head or _head(connection))


def settle(connection: Connection) -> None:
    """Make the journal ready at the end of a migration: its head, and on SQLite its triggers and what stands.

    On PostgreSQL the triggers come with the rights (``authority.install``), and so do the images.
    """
    if connection.execute(select(JournalHead.id)).scalar() is None:
        connection.execute(
            insert(JournalHead).values(id=1, database=str(uuid.uuid4()), position=0, hash=sealing.GENESIS)
        )
    if connection.dialect.name == "postgresql":
        return
    before = last_image(connection)
    take_images(connection)
    seal(connection, after=before, login="", now=lambda: datetime.now(UTC))
    for name, statement in imaging.sqlite_triggers().items():
        connection.exec_driver_sql(f"DROP TRIGGER IF EXISTS {name}")
        connection.exec_driver_sql(statement)


def take_images(connection: Connection) -> None:
    """Write an image of every row that has none, or another one than it would have now."""
    for statement in _missing_images(connection.dialect.name):
        connection.execute(text(statement))


def _link(
    connection: Connection, images: list[tuple[Any, ...]], login: str, at: datetime, head: _Head
) -> _Head:
    """Add one link and return the head it makes."""
    database, position, previous = head
    made, number = sealing.link_hash(
        database=database,
        position=position + 1,
        previous=previous,
        login=login,
        at=at,
        digests=(sealing.image_digest(*image[:5]) for image in images),
    )
    connection.execute(
        _NEW_LINK,
        {
            "position": position + 1,
            "previous": previous,
            "hash": made,
            "transaction_id": images[0][5],
            "first_image": images[0][0],
            "last_image": images[-1][0],
            "images": number,
            "login": login,
            "at": at,
        },
    )
    connection.execute(_NEW_HEAD, {"new_position": position + 1, "new_hash": made})
    return database, position + 1, made


def _head(connection: Connection) -> _Head:
    database, position, made = connection.execute(_HEAD).one()
    return database, position, made


_HEAD = select(JournalHead.database, JournalHead.position, JournalHead.hash).where(JournalHead.id == 1)
_BEFORE = select(
    select(func.max(JournalImage.id)).scalar_subquery(),
    JournalHead.database,
    JournalHead.position,
    JournalHead.hash,
).where(JournalHead.id == 1)
_IMAGES = (
    select(
        JournalImage.id,
        JournalImage.table_name,
        JournalImage.row_key,
        JournalImage.kind,
        JournalImage.content,
        JournalImage.transaction_id,
    )
    .where(JournalImage.id > bindparam("after"))
    .order_by(JournalImage.id)
)
_NEW_LINK = insert(JournalLink)
_NEW_HEAD = update(JournalHead).values(position=bindparam("new_position"), hash=bindparam("new_hash"))


def _missing_images(dialect: str) -> Iterator[str]:
    own = "pg_current_xact_id()::text::bigint" if dialect == "postgresql" else "head.position + 1"
    same = "IS NOT DISTINCT FROM" if dialect == "postgresql" else "IS"
    for table in imaging.imaged():
        key, row = imaging.key_sql(table, "standing", dialect), imaging.row_sql(table, "standing", dialect)
        yield (
            "INSERT INTO journal_image (transaction_id, table_name, row_key, kind, content)"  # noqa: S608 - our own names
            f" SELECT {own}, '{table.name}', found.key, 'B', found.content FROM journal_head head,"
            f' (SELECT {key} AS key, {row} AS content FROM "{table.name}" standing) found'
            " WHERE NOT (SELECT last.content FROM journal_image last WHERE"
            f" last.table_name = '{table.name}' AND last.row_key = found.key ORDER BY last.id DESC LIMIT 1) {same}"
            " found.content ORDER BY found.key"
        ).replace(":", "\\:")
