"""Puts links on the journal's chain where the program does it: on SQLite. And the images of what stood before it.

On PostgreSQL the database itself makes the link, at COMMIT (``authority/sql/50_journal.sql``).
"""

import uuid
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from itertools import islice

from sqlalchemy import Connection, event, func, insert, select, text, update
from sqlalchemy.orm import Session, SessionTransaction

from desktop.models import JournalHead, JournalImage, JournalLink
from desktop.store import imaging, sealing

_MOST = 5000  # images of one link of a migration, which may have millions

_Image = tuple[int, str, str, str, str]


class Mark:
    """Remembers which images a SQLite transaction found, and seals those it added.

    An image that stood there without a link was written past the program: it is left so, for everyone to see.
    """

    def __init__(self, session: Session) -> None:
        self._session = session
        self._found: int | None = None
        event.listen(session, "after_begin", self._begun)

    def _begun(self, _session: Session, _transaction: SessionTransaction, connection: Connection) -> None:
        if self._found is None:
            self._found = last_image(connection)

    def seal(self, *, login: str, now: Callable[[], datetime]) -> None:
        """Seal what was added since; the last thing a transaction does before COMMIT."""
        if self._found is not None:
            seal(self._session.connection(), after=self._found, login=login, now=now)


def last_image(connection: Connection) -> int:
    """Return the id of the newest image, 0 for none."""
    return connection.execute(select(func.max(JournalImage.id))).scalar() or 0


def seal(
    connection: Connection, *, after: int, login: str, now: Callable[[], datetime], most: int = _MOST
) -> None:
    """Seal the images with an id above ``after``, at most ``most`` in a link: a SQLite file has one writer at a time."""
    images = iter(
        connection.execute(
            select(
                JournalImage.id,
                JournalImage.table_name,
                JournalImage.row_key,
                JournalImage.kind,
                JournalImage.content,
            )
            .where(JournalImage.id > after)
            .order_by(JournalImage.id)
        )
    )
    while group := [tuple(image) for image in islice(images, most)]:
        _link(connection, group, login, now())


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


def _link(connection: Connection, images: list[tuple[object, ...]], login: str, at: datetime) -> None:
    head = connection.execute(
        select(JournalHead.database, JournalHead.position, JournalHead.hash).where(JournalHead.id == 1)
    ).one()
    made, number = sealing.link_hash(
        database=head.database,
        position=head.position + 1,
        previous=head.hash,
        login=login,
        at=at,
        digests=(sealing.image_digest(*image) for image in images),  # type: ignore[arg-type]
    )
    first, last = images[0][0], images[-1][0]
    connection.execute(
        insert(JournalLink).values(
            position=head.position + 1,
            previous=head.hash,
            hash=made,
            transaction_id=select(JournalImage.transaction_id)
            .where(JournalImage.id == first)
            .scalar_subquery(),
            first_image=first,
            last_image=last,
            images=number,
            login=login,
            at=at,
        )
    )
    connection.execute(update(JournalHead).values(position=head.position + 1, hash=made))


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
