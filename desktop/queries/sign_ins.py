"""When somebody was last at the desk, so that he notices a day on which he was not."""

from datetime import datetime

from sqlalchemy import select

from desktop.models import JournalEntry
from desktop.queries.moments import local, office_zone
from desktop.regulation.rights import Actor
from desktop.store.database import Store

_SIGNED_IN = "signed-in"


def last_sign_in(store: Store, actor: Actor) -> tuple[datetime, str] | None:
    """Return the moment (office time) and the workstation of the sign-in before the present one; None for the first."""
    with store.reading(by=actor.login) as session:
        found = session.execute(
            select(JournalEntry.at, JournalEntry.workstation)
            .where(JournalEntry.event == _SIGNED_IN, JournalEntry.actor == actor.login)
            .order_by(JournalEntry.id.desc())
            .limit(2)
        ).all()
        return (local(found[1].at, office_zone(session)), found[1].workstation) if len(found) > 1 else None
