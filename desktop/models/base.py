"""The declarative base: naming of constraints, and moments stored in UTC on both engines."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import DateTime, MetaData, String, Text
from sqlalchemy.engine import Dialect
from sqlalchemy.orm import DeclarativeBase
from sqlalchemy.types import TypeDecorator


class UtcDateTime(TypeDecorator[datetime]):
    """An aware moment; stored as timestamptz on PostgreSQL and as naive UTC on SQLite."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> Any:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a naive datetime must not be stored")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[[Any], datetime | None]:
        """What reads a moment, without the steps between of a decorated type: lists read them by the thousand."""
        return _of_text if dialect.name == "sqlite" else _of_moment


_STORED = len("2018-06-29 11:50:00.000000")


def _of_text(text: str | None) -> datetime | None:
    """Naive UTC as SQLite has it; written past the program it may look different."""
    if text is None:
        return None
    if len(text) == _STORED:
        return datetime.fromisoformat(text + "+00:00")
    found = datetime.fromisoformat(text)
    return found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)


def _of_moment(moment: datetime | None) -> datetime | None:
    return moment if moment is None or moment.tzinfo is UTC else moment.astimezone(UTC)


def sorted_text(length: int | None = None) -> String:
    """A text whose order is that of its code points on both engines (SQLite's own; "C" on PostgreSQL)."""
    kind, same = (String(length), String(length, collation="C")) if length else (Text(), Text(collation="C"))
    return kind.with_variant(same, "postgresql")


class Base(DeclarativeBase):
    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
