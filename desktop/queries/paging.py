"""Pages by key: the rows after a key in an order, never a number of rows to skip.

A key that may be empty (an unfinished case has no result) is walked value by value, because neither engine
keeps empty keys in the range of a comparison.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Date, Row, Select, literal, tuple_
from sqlalchemy.orm import InstrumentedAttribute, Session

from desktop.errors import NotAllowed
from desktop.models import UtcDateTime

Key = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Order:
    """Columns that together are unique, all in one direction.

    ``values``: for a first column with few values, those it has, in order, None among them.
    """

    columns: tuple[InstrumentedAttribute[Any], ...]
    values: tuple[str | None, ...] = ()

    def clauses(self, *, descending: bool) -> list[ColumnElement[Any]]:
        return [item.desc() if descending else item.asc() for item in self.columns]


def page(
    session: Session,
    query: Select[*tuple[Any, ...]],
    order: Order,
    *,
    descending: bool,
    after: Key | None,
    limit: int,
) -> tuple[list[Row[*tuple[Any, ...]]], bool]:
    """Return at most ``limit`` rows after the key, and whether there are more."""
    if order.values:
        rows = _by_values(session, query, order, descending, after, limit + 1)
    else:
        if after is not None:
            query = query.where(_beyond(order.columns, after, descending))
        rows = list(session.execute(query.order_by(*order.clauses(descending=descending)).limit(limit + 1)))
    return rows[:limit], len(rows) > limit


def key_of(values: Sequence[Any]) -> Key:
    """Return the key as plain values that a screen can keep."""
    return tuple(_plain(value) for value in values)


def _by_values(
    session: Session,
    query: Select[*tuple[Any, ...]],
    order: Order,
    descending: bool,
    after: Key | None,
    wanted: int,
) -> list[Row[*tuple[Any, ...]]]:
    first, rest = order.columns[0], Order(order.columns[1:])
    values = list(reversed(order.values)) if descending else list(order.values)
    begin = values.index(str(after[0]) or None) if after is not None else 0
    rows: list[Row[*tuple[Any, ...]]] = []
    for value in values[begin:]:
        part = query.where(first.is_(None) if value is None else first == value)
        if after is not None:
            part = part.where(_beyond(rest.columns, after[1:], descending))
            after = None
        left = wanted - len(rows)
        rows += session.execute(part.order_by(*rest.clauses(descending=descending)).limit(left))
        if len(rows) >= wanted:
            break
    return rows


def _beyond(
    columns: tuple[InstrumentedAttribute[Any], ...], after: Key, descending: bool
) -> ColumnElement[bool]:
    if len(after) != len(columns):
        raise NotAllowed("page-key-wrong")
    bounds = [literal(_typed(item, value), item.type) for item, value in zip(columns, after, strict=True)]
    here, there = tuple_(*columns), tuple_(*bounds)
    return here < there if descending else here > there


def _plain(value: Any) -> str | int:
    if value is None:
        return ""
    if isinstance(value, date):  # a moment is a date as well
        return value.isoformat()
    return value if isinstance(value, int) else str(value)


def _typed(item: InstrumentedAttribute[Any], value: str | int) -> Any:
    if isinstance(item.type, UtcDateTime):
        return datetime.fromisoformat(str(value))
    if isinstance(item.type, Date):
        return date.fromisoformat(str(value))
    return value
