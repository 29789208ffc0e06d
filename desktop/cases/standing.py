"""Who the actor is at this moment, by the database and not by what the window remembers."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, bindparam, select, true
from sqlalchemy.orm import Session, contains_eager

from desktop.errors import NotAllowed
from desktop.models import ActingHead, Office, Person
from desktop.regulation.model import Role
from desktop.regulation.rights import Acting, Actor


def standing(session: Session, actor: Actor, now: datetime) -> Actor:
    """Return ``actor`` with the roles he has now; NotAllowed "sign-in-blocked" once he was blocked.

    A window may stay open past the last day of an acting head's order, or past a change of roles.
    """
    return at_work(session, actor, now)[1]


def at_work(session: Session, actor: Actor, now: datetime) -> tuple[Office, Actor]:
    """Return the office and :func:`standing`, read in one statement; hold the office, or whoever asks next reads it again."""
    found = session.execute(_AT_WORK, {"person_id": actor.person_id}).unique().all()
    person, office = (found[0].Person, found[0].Office) if found else (None, None)
    if person is None or not person.active or office is None:
        raise NotAllowed("sign-in-blocked", login=actor.login)
    today = _today(office, now)
    orders = [row.ActingHead for row in found if row.ActingHead is not None]
    in_force = [order for order in orders if order.first_day <= today <= order.last_day]
    order = _acting(max(in_force, key=lambda one: one.id)) if in_force else None
    return office, _actor(person, order, actor.workstation)


_AT_WORK = (
    select(Person, Office, ActingHead)
    .outerjoin(Person.roles)
    .join(Office, true(), isouter=True)
    .outerjoin(ActingHead, ActingHead.person_id == Person.id)
    .where(Person.id == bindparam("person_id"))
    .options(contains_eager(Person.roles))
)


def actor_of(session: Session, person: Person, now: datetime, workstation: str) -> Actor:
    """Return the person as an actor, with HEAD while an order makes him acting head on the office's date."""
    return _actor(person, acting_order(session, person.id, now), workstation)


def _actor(person: Person, order: Acting | None, workstation: str) -> Actor:
    roles = {Role(item.role) for item in person.roles}
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
    today = _today(office, now)
    return ActingHead.first_day <= today, ActingHead.last_day >= today


def _today(office: Office, now: datetime) -> date:
    return now.astimezone(ZoneInfo(office.time_zone)).date()


def _acting(row: ActingHead) -> Acting:
    return Acting(row.order_number, row.order_date, row.first_day, row.last_day)
