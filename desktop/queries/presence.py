"""Who else has a case open now, by the server's clock."""

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import select

from desktop.models import Person, Presence
from desktop.regulation.model import Text
from desktop.regulation.rights import Actor
from desktop.store.database import Store

COUNTS = timedelta(minutes=2)  # without being renewed


@dataclass(frozen=True, slots=True)
class PresentRow:
    """A colleague who has the case open too, and for how long."""

    name: Text
    since: timedelta


def others(store: Store, actor: Actor, *, case_id: int) -> tuple[PresentRow, ...]:
    """Return the colleagues who have the case open, the first one first; nobody on a file."""
    if store.dialect != "postgresql":
        return ()
    with store.reading() as session:
        now = store.now(session)
        rows = session.execute(
            select(Person.name_kk, Person.name_ru, Presence.opened_at)
            .join(Presence, Presence.person_id == Person.id)
            .where(Presence.case_id == case_id, Presence.person_id != actor.person_id)
            .where(Presence.seen_at > now - COUNTS)
            .order_by(Presence.opened_at)
        ).all()
    return tuple(
        PresentRow(Text(row.name_kk, row.name_ru), max(timedelta(0), now - row.opened_at)) for row in rows
    )
