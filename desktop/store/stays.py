"""Where a case stood and when, read from the journal: what pauses of its total term follow from."""

from collections.abc import Iterator
from datetime import datetime

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from desktop.models import JournalEntry
from desktop.regulation import pauses
from desktop.regulation.pauses import Stay


def stays(
    session: Session, case_id: int, here: str | None, *, until: datetime | None = None
) -> tuple[Stay, ...]:
    """Return the stays of a case in order; ``until``: what happened later is left aside.

    The journal is read as it is; what the session still holds back stays back.
    """
    with session.no_autoflush:
        found = session.execute(
            select(JournalEntry.step, JournalEntry.at)
            .where(JournalEntry.case_id == case_id, *_not_after(until))
            .order_by(JournalEntry.id)
        ).all()
    return pauses.stays([(row.step, row.at) for row in found], here)


def _not_after(until: datetime | None) -> Iterator[ColumnElement[bool]]:
    if until is not None:
        yield JournalEntry.at <= until
