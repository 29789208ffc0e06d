"""What waits for a second person: of people who sign or confirm, and of trust roots."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlalchemy import exists, func, or_, select
from sqlalchemy.orm import Session

from desktop.errors import NotAllowed
from desktop.models import ActingHead, Confirmation, Person, PersonRole, TrustRoot
from desktop.queries.moments import local, office_zone
from desktop.regulation.model import Role, Text
from desktop.regulation.rights import LOOKED_AT_TWICE, Actor, Command, may
from desktop.store.confirmed import alone, person_waits
from desktop.store.database import Store


@dataclass(frozen=True, slots=True)
class OrderSeen:
    """The order by which a person is to stand in for the head."""

    number: str
    first_day: date
    last_day: date


@dataclass(frozen=True, slots=True)
class WaitingRow:
    """A person (``root_sha256`` is "") or a trust root (``person_id`` is None) with changes that wait.

    ``changes``: the ids the reader may confirm; ``others_only``: how many more are his own or about himself.
    ``what``: words of :class:`Confirmation`; ``set_by``: who set them; ``set_at``: when the last was set.
    """

    changes: tuple[int, ...]
    others_only: int
    what: frozenset[str]
    set_by: tuple[Text, ...]
    set_at: datetime
    person_id: int | None = None
    login: str = ""
    name: Text | None = None  # of a person
    position: Text | None = None
    iin: str = ""
    roles: frozenset[Role] = frozenset()
    orders: tuple[OrderSeen, ...] = ()
    root_sha256: str = ""
    subject: str = ""

    @property
    def key(self) -> str:
        return self.root_sha256 or str(self.person_id)


@dataclass(frozen=True, slots=True)
class Waiting:
    """``alone``: nobody but the reader was ever there who confirms, so what he sets counts at once.

    ``himself``: something about the reader waits, so he confirms nothing.
    """

    rows: tuple[WaitingRow, ...]
    alone: bool
    himself: bool


def waiting(store: Store, actor: Actor) -> Waiting:
    """Return all that waits, people first; for who confirms and for who reads the journal."""
    if not (may(actor.roles, Command.CONFIRM) or may(actor.roles, Command.READ_JOURNAL)):
        raise NotAllowed("role-may-not", command=Command.CONFIRM.value)
    with store.reading(by=actor.login) as session:
        zone = office_zone(session)
        today = local(store.now(session), zone).date()
        who = set(people_who_wait(session, today))
        open_rows = session.scalars(
            select(Confirmation).where(Confirmation.confirmed_at.is_(None)).order_by(Confirmation.id)
        ).all()
        groups: dict[tuple[int | None, str], list[Confirmation]] = {}
        for row in open_rows:
            if row.root_sha256 or row.person_id in who:
                groups.setdefault((row.person_id, row.root_sha256 or ""), []).append(row)
        names = {
            person.id: Text(person.name_kk, person.name_ru) for person in session.scalars(select(Person))
        }
        found = [_row(session, actor, rows, names, today) for rows in groups.values()]
        return Waiting(
            tuple(
                sorted(
                    (replace(row, set_at=local(row.set_at, zone)) for row in found if row is not None),
                    key=lambda row: (bool(row.root_sha256), row.set_at),
                )
            ),
            alone=may(actor.roles, Command.CONFIRM) and alone(session, actor.person_id),
            himself=person_waits(session, actor.person_id),
        )


def people_who_wait(session: Session, today: date) -> list[int]:
    """Return the ids of those who sign or confirm and wait: what waits about others matters to nobody yet."""
    role = exists().where(
        PersonRole.person_id == Confirmation.person_id, PersonRole.role.in_(sorted(LOOKED_AT_TWICE))
    )
    order = exists().where(ActingHead.person_id == Confirmation.person_id, ActingHead.last_day >= today)
    found = session.scalars(
        select(Confirmation.person_id)
        .where(Confirmation.confirmed_at.is_(None), Confirmation.person_id.is_not(None), or_(role, order))
        .distinct()
    )
    return [person for person in found if person is not None]


def number_to_confirm(session: Session, actor: Actor, today: date) -> int:
    """Return how many people and roots wait for the actor; 0 for who may confirm nothing."""
    if not may(actor.roles, Command.CONFIRM) or person_waits(session, actor.person_id):
        return 0
    his = [
        Confirmation.confirmed_at.is_(None),
        or_(Confirmation.set_by.is_(None), Confirmation.set_by != actor.person_id),
    ]
    people = select(func.count(Confirmation.person_id.distinct())).where(
        *his,
        Confirmation.person_id != actor.person_id,
        Confirmation.person_id.in_(people_who_wait(session, today)),
    )
    known = exists().where(TrustRoot.sha256 == Confirmation.root_sha256)
    roots = select(func.count(Confirmation.root_sha256.distinct())).where(*his, known)
    return (session.scalar(people) or 0) + (session.scalar(roots) or 0)


def _row(
    session: Session, actor: Actor, rows: list[Confirmation], names: dict[int, Text], today: date
) -> WaitingRow | None:
    his = tuple(row.id for row in rows if actor.person_id not in {row.set_by, row.person_id})
    told = {
        "changes": his,
        "others_only": len(rows) - len(his),
        "what": frozenset(word for row in rows for word in row.what),
        "set_by": _once(names[row.set_by] for row in rows if row.set_by is not None),
        "set_at": max(row.set_at for row in rows),
    }
    first = rows[0]
    if first.person_id is None:
        root = session.get(TrustRoot, first.root_sha256)
        if root is None:
            return None
        return WaitingRow(**told, root_sha256=root.sha256, subject=root.subject)  # type: ignore[arg-type]
    person = session.get_one(Person, first.person_id)
    orders = session.scalars(
        select(ActingHead).where(ActingHead.person_id == person.id, ActingHead.last_day >= today)
    )
    return WaitingRow(
        **told,  # type: ignore[arg-type]
        person_id=person.id,
        login=person.login,
        name=Text(person.name_kk, person.name_ru),
        position=Text(person.position_kk, person.position_ru),
        iin=person.iin,
        roles=frozenset(Role(item.role) for item in person.roles),
        orders=tuple(OrderSeen(row.order_number, row.first_day, row.last_day) for row in orders),
    )


def _once(names: Iterable[Text]) -> tuple[Text, ...]:
    return tuple(dict.fromkeys(names))
