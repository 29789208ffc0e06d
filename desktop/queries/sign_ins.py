"""When somebody was last at the desk, and what was changed about him since: so that he notices what he did not do."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from desktop.models import JournalEntry
from desktop.queries.moments import local, office_zone
from desktop.regulation.rights import Actor
from desktop.store.database import Store

_SIGNED_IN = "signed-in"
_ABOUT_PEOPLE = ("person-changed", "password-set")


@dataclass(frozen=True, slots=True)
class ChangedAboutMe:
    """What another changed of a person's sign-in, roles or signature; ``fields``: password, iin, login, roles, names."""

    at: datetime  # office time
    by: str
    fields: tuple[str, ...]


def changed_about_me(store: Store, actor: Actor) -> tuple[ChangedAboutMe, ...]:
    """Return what others changed about the actor since he last signed in before now, the first change first.

    Only who may read those entries of the journal is told: the head, who signs, is.
    """
    with store.reading(by=actor.login) as session:
        signed_in = session.scalars(
            select(JournalEntry.id)
            .where(JournalEntry.event == _SIGNED_IN, JournalEntry.actor == actor.login)
            .order_by(JournalEntry.id.desc())
            .limit(2)
        ).all()
        since = signed_in[1] if len(signed_in) > 1 else 0
        found = session.execute(
            select(JournalEntry.at, JournalEntry.actor_name, JournalEntry.event, JournalEntry.facts)
            .where(JournalEntry.id > since, JournalEntry.event.in_(_ABOUT_PEOPLE))
            .where(JournalEntry.actor != actor.login)
            .order_by(JournalEntry.id)
        ).all()
        zone = office_zone(session)
        return tuple(
            ChangedAboutMe(local(entry.at, zone), entry.actor_name, _fields(entry.event, entry.facts))
            for entry in found
            if entry.facts.get("login") == actor.login
        )


def _fields(event: str, facts: dict[str, Any]) -> tuple[str, ...]:
    if event == "password-set":
        return ("password",)
    return tuple(sorted({field.partition("_")[0] for field in facts.get("changes", {})}))


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
