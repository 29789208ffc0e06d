"""Removes one of the few rows that may go. On PostgreSQL nobody has DELETE on a table: a function of the database does it."""

import json

from sqlalchemy import inspect, text
from sqlalchemy.orm import Session

from desktop.models import Base


def forget(session: Session, row: Base) -> None:
    """Remove ``row``, which the session has loaded; what was changed before goes to the database first."""
    session.flush()
    if session.get_bind().dialect.name == "sqlite":
        session.delete(row)
        session.flush()
        return
    kept = inspect(row)
    key = {
        column.name: str(value)
        for column, value in zip(kept.mapper.primary_key, kept.identity or (), strict=True)
    }
    session.execute(
        text("SELECT forget_row(:table, CAST(:key AS jsonb))"),
        {"table": kept.mapper.local_table.description, "key": json.dumps(key)},
    )
    session.expunge(row)
