"""What stands of every licence of the register, for the signed status list."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import aliased

from desktop.models import Licence, LicenceChange
from desktop.regulation.licence_states import IN_FORCE
from desktop.regulation.model import Text
from desktop.regulation.rights import Actor, Command, require
from desktop.store.database import Store
from desktop.store.sight import in_sight

_BATCH = 1000


@dataclass(frozen=True, slots=True)
class LicenceStatus:
    """``since``: the first day it was not in force; None while it is. ``status`` as ``Licence.status``."""

    number: str
    status: str
    issued_on: date
    since: date | None
    replaced_by: str

    @property
    def in_force(self) -> bool:
        return self.status in IN_FORCE


@dataclass(frozen=True, slots=True)
class Registered:
    """What the register says of a number; ``sub_types`` in Kazakh."""

    number: str
    status: str
    identifier: str
    holder: Text
    site: str
    sub_types: tuple[str, ...]
    issued_on: date
    first_issued_on: date


def registered(store: Store, actor: Actor, *, number: str) -> Registered | None:
    """Return the licence under a number that the actor may see: the one in force, else the latest; None for none."""
    require(actor, Command.READ_CASES)
    with store.reading(by=actor.login) as session:
        row = session.scalars(
            select(Licence)
            .where(Licence.number == number, in_sight(session, actor, Licence.case_id))
            .order_by(Licence.status.in_(IN_FORCE).desc(), Licence.id.desc())
            .limit(1)
        ).first()
        if row is None:
            return None
        kinds = tuple(kind for kind in row.sub_types_kk.split("; ") if kind)
        return Registered(
            row.number,
            row.status,
            row.identifier,
            Text(row.holder_kk, row.holder_ru),
            row.site,
            kinds,
            row.issued_on,
            row.first_issued_on,
        )


def licence_statuses(store: Store, actor: Actor) -> Iterator[LicenceStatus]:
    """Give every number once: of several rows under one number the one in force, else the latest."""
    require(actor, Command.EXPORT)
    other = aliased(Licence)
    stopped_on = (
        select(LicenceChange.from_on)
        .where(LicenceChange.licence_id == Licence.id, Licence.status.not_in(IN_FORCE))
        .order_by(LicenceChange.id.desc())
        .limit(1)
        .scalar_subquery()
    )
    query = (
        select(
            Licence.number,
            Licence.status,
            Licence.issued_on,
            other.number,
            func.coalesce(other.issued_on, stopped_on),
        )
        .outerjoin(other, Licence.replaced_by == other.id)
        .order_by(Licence.number, Licence.status.in_(IN_FORCE).desc(), Licence.id.desc())
        .execution_options(yield_per=_BATCH)
    )
    last = None
    with store.reading(by=actor.login) as session:
        for number, status, issued_on, by, since in session.execute(query):
            if number != last:
                yield LicenceStatus(number, status, issued_on, since, by or "")
            last = number
