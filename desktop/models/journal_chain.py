"""The seal of the journal: an image of every row written, a chain of links over the images, and the chain's head.

Written by the database's own triggers (PostgreSQL) or by triggers and the program (SQLite); what the bytes are is
said in ``store.sealing``. Rows are added and never changed; only the head moves.
"""

from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint, Index, Integer, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from desktop.models.base import Base, UtcDateTime, sorted_text

_NUMBER = BigInteger().with_variant(Integer, "sqlite")


class JournalImage(Base):
    """A row as a statement left it. ``kind``: I inserted | U updated | D deleted (then as it was) | B as found.

    ``transaction_id``: PostgreSQL's (xid8); on SQLite the position the next link had when it was written.
    """

    __tablename__ = "journal_image"
    __table_args__ = (
        Index("ix_journal_image_transaction_id_id", "transaction_id", "id"),
        Index("ix_journal_image_row", "table_name", "row_key", "id"),
        Index(
            "ix_journal_image_found",
            "id",
            sqlite_where=text("kind = 'B'"),
            postgresql_where=text("kind = 'B'"),
        ),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(_NUMBER, primary_key=True)
    transaction_id: Mapped[int] = mapped_column(BigInteger)
    table_name: Mapped[str] = mapped_column(String(63))
    row_key: Mapped[str] = mapped_column(sorted_text())
    kind: Mapped[str] = mapped_column(String(1))
    content: Mapped[str] = mapped_column(Text)


class JournalLink(Base):
    """One sealed transaction: ``hash`` holds ``previous`` and its ``images`` from ``first_image`` to ``last_image``."""

    __tablename__ = "journal_link"
    __table_args__ = (
        UniqueConstraint("previous"),
        UniqueConstraint("hash"),
        Index("ix_journal_link_transaction_id", "transaction_id"),
    )

    position: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    previous: Mapped[str] = mapped_column(String(64))
    hash: Mapped[str] = mapped_column(String(64))
    transaction_id: Mapped[int] = mapped_column(BigInteger)
    first_image: Mapped[int] = mapped_column(BigInteger)
    last_image: Mapped[int] = mapped_column(BigInteger)
    images: Mapped[int]
    login: Mapped[str] = mapped_column(String(63))  # session_user on PostgreSQL
    at: Mapped[datetime] = mapped_column(UtcDateTime)


class JournalHead(Base):
    """One row: the last link. ``database`` is a UUID the database has from its first day."""

    __tablename__ = "journal_head"
    __table_args__ = (CheckConstraint("id = 1", name="single"),)

    id: Mapped[int] = mapped_column(primary_key=True, default=1)
    database: Mapped[str] = mapped_column(String(36))
    position: Mapped[int] = mapped_column(BigInteger)
    hash: Mapped[str] = mapped_column(String(64))
