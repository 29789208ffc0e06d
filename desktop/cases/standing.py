"""Who the actor is at this moment, by the database and not by what the window remembers."""

from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from desktop.errors import NotAllowed
from desktop.models import ActingHead, Office, Person
from desktop.regulation.model import Role
from desktop.regulation.rights import Acting, Actor


def standing(session: Session, actor: Actor, now: datetime) -> Actor:
    """Return ``actor`` with the roles he has now; NotAllowed "sign-in-blocked" once he was blocked.

    A window may stay open past the last day of an acting head's order, or past a change of roles.
    """
    person = session.get(Person, actor.person_id)
    if person is None or not person.active:
        raise NotAllowed("sign-in-blocked", login=actor.login)
    return actor_of(session, person, now, actor.workstation)


def actor_of(session: Session, person: Person, now: datetime, workstation: str) -> Actor:
    """Return the person as an actor, with HEAD while an order makes him acting head on the office's date."""
    roles = {Role(item.role) for item in person.roles}
    order = acting_order(session, person.id, now)
    if order is not None and Role.HEAD not in roles:
        roles.add(Role.HEAD)
    else:
        order = None
    return Actor(
        person_id=person.id,
        login=person.login,
        name_kk=person.name_kk,
        name_ru=person.name_ru,
        roles=frozenset(roles),
        workstation=workstation,
        acting=order,
    )


def acting_order(session: Session, person_id: int, now: datetime) -> Acting | None:
    """Return the order under which the person is acting head on the office's date of ``now``."""
    office = session.get(Office, 1)
    if office is None:
        return None
    row = session.scalars(
        select(ActingHead)
        .where(ActingHead.person_id == person_id, *_in_force(office, now))
        .order_by(ActingHead.id.desc())
        .limit(1)
    ).first()
    return None if row is None else _acting(row)


def first_acting(session: Session, now: datetime) -> tuple[Person, Acting] | None:
    """Return the first active person who is acting head on the office's date of ``now``, with his last order."""
    office = session.get(Office, 1)
    if office is None:
        return None
    found = session.execute(
        select(Person, ActingHead)
        .join(ActingHead, ActingHead.person_id == Person.id)
        .where(Person.active.is_(True), *_in_force(office, now))
        .order_by(Person.id, ActingHead.id.desc())
        .limit(1)
    ).first()
    return None if found is None else (found[0], _acting(found[1]))


def _in_force(office: Office, now: datetime) -> tuple[ColumnElement[bool], ...]:
    today = now.astimezone(ZoneInfo(office.time_zone)).date()
    return ActingHead.first_day <= today, ActingHead.last_day >= today


def _acting(row: ActingHead) -> Acting:
    return Acting(row.order_number, row.order_date, row.first_day, row.last_day)
