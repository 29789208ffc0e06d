"""The people of the office: who they are, what they may do, who stands in for the head."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.exc import ProgrammingError
from sqlalchemy.orm import Session

from desktop.cases.administering import Administration, administering
from desktop.cases.claiming import claiming, nothing, once, row_id
from desktop.cases.confirming import note_person
from desktop.cases.journal import Event, plain
from desktop.cases.journal import record as record_entry
from desktop.cases.plain_text import clean, clean_name, required
from desktop.cases.signing_in import kept_password, matches
from desktop.cases.standing import standing
from desktop.errors import BadInput, NotAllowed
from desktop.models import ActingHead, Installation, Person, PersonRole
from desktop.regulation import identifiers
from desktop.regulation.model import Role
from desktop.regulation.rights import Actor, Command
from desktop.store.authority.names import longest_login
from desktop.store.database import Store
from desktop.store.forgetting import forget

_LOGIN = re.compile(r"[a-z][a-z0-9._-]{1,61}[a-z0-9]")
_DUPLICATE_OBJECT = "42710"  # SQLSTATE
_OFFICE_ROLES = frozenset(Role) - {Role.STATE_BODY, Role.APPLICANT, Role.SYSTEM}


@dataclass(frozen=True, slots=True)
class PersonFacts:
    """A person as the administrator enters him; ``person_id`` is None for a new one."""

    login: str
    name_kk: str
    name_ru: str
    position_kk: str
    position_ru: str
    iin: str
    roles: frozenset[Role]
    person_id: int | None = None


@once(row_id)
def save_person(
    store: Store,
    actor: Actor,
    *,
    person: PersonFacts,
    password: str | None = None,
    seen_version: int | None = None,
) -> int:
    """Add or change a person; a new one needs a password. Returns the person's id.

    BadInput: "login-wrong", "login-taken", "field-required", the identifier codes at ``iin``, "roles-required",
    "role-unknown", "password-short"; NotAllowed "last-administrator", "person-moved-on", "rename-yourself" (on a
    server), "rights-for-yourself" (a role more for oneself).
    """
    person = _cleaned(person)
    with administering(store, actor, Command.SET_PEOPLE) as office:
        session = office.session
        _refuse_taken(session, person)
        if person.person_id is None:
            row = new_person(session, person, password or "")
            note_person(session, office.actor, office.now, row, "added", *_role_words(person.roles))
            office.record(
                Event.PERSON_ADDED,
                login=row.login,
                name_kk=row.name_kk,
                name_ru=row.name_ru,
                roles=person.roles,
            )
            return office.claimed.returns(row.id)
        row = session.get_one(Person, person.person_id)
        if seen_version is not None and row.version != seen_version:
            raise NotAllowed("person-moved-on", login=row.login)
        if store.dialect == "postgresql" and row.id == actor.person_id and row.login != person.login:
            raise NotAllowed("rename-yourself")  # a server gives no other name to who is connected
        if Role.ADMINISTRATOR not in person.roles:
            _keep_an_administrator(session, row)
        if row.id == actor.person_id and not person.roles <= {Role(item.role) for item in row.roles}:
            raise NotAllowed("rights-for-yourself")
        before = {Role(item.role) for item in row.roles}
        changes = _change(session, row, person)
        if password:
            row.password_hash = kept_password(session, row.login, password)
            changes["password"] = ["", ""]
        if not changes:
            raise BadInput("nothing-changed", field="login")
        _note_changes(office, row, changes, person.roles - before)
        office.record(Event.PERSON_CHANGED, login=row.login, changes=changes)
        return office.claimed.returns(row.id)


def _note_changes(
    office: Administration, row: Person, changes: Mapping[str, object], added: Iterable[Role]
) -> None:
    """Note what another has to confirm; one's own password is one's own affair."""
    words = {{"name_kk": "name", "name_ru": "name"}.get(name, name) for name in changes}
    words &= {"login", "name", "iin", "password"}
    if row.id == office.actor.person_id:
        words.discard("password")
    words.update(_role_words(added))
    if words:
        note_person(office.session, office.actor, office.now, row, *words)


def _role_words(roles: Iterable[Role]) -> list[str]:
    return [f"role:{role.value}" for role in roles]


def new_person(session: Session, person: PersonFacts, password: str) -> Person:
    """Add the row of a cleaned person and return it with its id; BadInput "login-long", "login-taken"."""
    refuse_long_login(session, person.login)
    row = Person(
        login=person.login,
        name_kk=person.name_kk,
        name_ru=person.name_ru,
        position_kk=person.position_kk,
        position_ru=person.position_ru,
        iin=person.iin,
        password_hash=kept_password(session, person.login, password),
        roles=[PersonRole(role=role.value) for role in sorted(person.roles)],
    )
    session.add(row)
    _flush_login(session, person.login)  # the id is told to the caller
    return row


def cleaned_person(person: PersonFacts) -> PersonFacts:
    """Return the person with plain texts; BadInput as :func:`save_person`."""
    return _cleaned(person)


@once(nothing)
def set_password(store: Store, actor: Actor, *, person_id: int, password: str) -> None:
    """Give a person a new password; it also ends a delay after wrong ones."""
    with administering(store, actor, Command.SET_PEOPLE) as office:
        row = office.session.get_one(Person, person_id)
        row.password_hash = kept_password(office.session, row.login, password)
        row.failed_attempts, row.locked_until = 0, None
        if row.id != actor.person_id:
            note_person(office.session, office.actor, office.now, row, "password")
        office.record(Event.PASSWORD_SET, login=row.login)


@once(nothing)
def change_own_password(store: Store, actor: Actor, *, old: str, new: str) -> None:
    """Change one's own password; BadInput "password-wrong" at ``old``."""
    with claiming(store, actor, Command.SET_OWN_PASSWORD) as claimed:
        session, now = claimed.session, claimed.now
        acting = standing(session, actor, now)
        row = session.get_one(Person, actor.person_id, with_for_update=True)
        known = store.proves(old) if store.dialect == "postgresql" else matches(row.password_hash, old)
        if not known:
            raise BadInput("password-wrong", field="old")
        row.password_hash = kept_password(session, row.login, new, field="new")
        record_entry(session, acting, Event.PASSWORD_SET, None, at=now, login=row.login)


@once(nothing)
def set_active(store: Store, actor: Actor, *, person_id: int, active: bool) -> None:
    """Block a person or let him in again; NotAllowed "last-administrator", "block-yourself"."""
    with administering(store, actor, Command.SET_PEOPLE) as office:
        row = office.session.get_one(Person, person_id)
        if not active and row.id == actor.person_id:
            raise NotAllowed("block-yourself")
        if row.active == active:
            raise BadInput("nothing-changed", field="active")
        row.active = active
        if not active:
            _keep_an_administrator(office.session, row)
        else:
            row.failed_attempts, row.locked_until = 0, None
            note_person(office.session, office.actor, office.now, row, "unblocked")
        office.record(Event.PERSON_UNBLOCKED if active else Event.PERSON_BLOCKED, login=row.login)


@once(row_id)
def appoint_acting_head(
    store: Store,
    actor: Actor,
    *,
    person_id: int,
    order_number: str,
    order_date: date,
    first_day: date,
    last_day: date,
) -> int:
    """Let a person stand in for the head by an order, from the first to the last day inclusive ([I]).

    BadInput: "days-reversed" at ``last_day``, "order-after-first-day" at ``order_date``, "acting-overlaps" at
    ``first_day``, "person-cannot-do" at ``person_id`` (blocked, or already the head); NotAllowed
    "rights-for-yourself".
    """
    with administering(store, actor, Command.SET_ACTING_HEAD) as office:
        session = office.session
        number = required(order_number, "order_number", limit=80)
        if last_day < first_day:
            raise BadInput("days-reversed", field="last_day", first=first_day, last=last_day)
        if order_date > first_day:
            raise BadInput("order-after-first-day", field="order_date", day=order_date)
        person = session.get(Person, person_id)
        if person is None or not person.active or Role.HEAD.value in {item.role for item in person.roles}:
            raise BadInput("person-cannot-do", field="person_id", role=Role.HEAD.value)
        if person.id == actor.person_id:
            raise NotAllowed("rights-for-yourself")
        _refuse_overlap(session, first_day, last_day)
        row = ActingHead(
            person_id=person.id,
            order_number=number,
            order_date=order_date,
            first_day=first_day,
            last_day=last_day,
        )
        session.add(row)
        session.flush()  # the id is told to the caller
        note_person(session, office.actor, office.now, person, "acting")
        office.record(
            Event.ACTING_APPOINTED,
            login=person.login,
            name_kk=person.name_kk,
            name_ru=person.name_ru,
            order_number=number,
            order_date=order_date,
            first_day=first_day,
            last_day=last_day,
        )
        return office.claimed.returns(row.id)


def _refuse_overlap(session: Session, first_day: date, last_day: date) -> None:
    other = session.scalars(
        select(ActingHead).where(ActingHead.first_day <= last_day, ActingHead.last_day >= first_day).limit(1)
    ).first()
    if other is not None:
        raise BadInput(
            "acting-overlaps", field="first_day", name=other.person.name_kk, order=other.order_number
        )


@once(nothing)
def end_acting_head(store: Store, actor: Actor, *, acting_id: int) -> None:
    """End an order before its last day: today is the last one; an order that has not begun is removed.

    NotAllowed "acting-over" once its last day has passed.
    """
    with administering(store, actor, Command.SET_ACTING_HEAD) as office:
        row = office.session.get_one(ActingHead, acting_id)
        today = office.local_now.date()
        if row.last_day < today:
            raise NotAllowed("acting-over", order=row.order_number)
        office.record(
            Event.ACTING_ENDED,
            login=row.person.login,
            name_kk=row.person.name_kk,
            name_ru=row.person.name_ru,
            order_number=row.order_number,
            last_day=today,
        )
        if row.first_day > today:
            forget(office.session, row)
        else:
            row.last_day = today


def _cleaned(person: PersonFacts) -> PersonFacts:
    login = clean(person.login).casefold()
    if not _LOGIN.fullmatch(login):
        raise BadInput("login-wrong", field="login", login=login)
    iin = re.sub(r"\s", "", clean(person.iin))
    fault = identifiers.problem(iin) if iin else None
    if fault is None and iin and identifiers.kind_of(iin) != "iin":
        fault = "identifier-other-kind"
    if fault is not None:
        raise BadInput(fault, field="iin", identifier=iin, may_confirm=False)
    if not iin and not person.roles.isdisjoint({Role.HEAD}):
        raise BadInput("field-required", field="iin")  # who signs is known by it
    if not person.roles:
        raise BadInput("roles-required", field="roles")
    if not person.roles <= _OFFICE_ROLES:
        raise BadInput("role-unknown", field="roles")
    return PersonFacts(
        login=login,
        name_kk=required(clean_name(person.name_kk), "name_kk"),
        name_ru=required(clean_name(person.name_ru), "name_ru"),
        position_kk=clean(person.position_kk)[:300],
        position_ru=clean(person.position_ru)[:300],
        iin=iin,
        roles=person.roles,
        person_id=person.person_id,
    )


def _refuse_taken(session: Session, person: PersonFacts) -> None:
    other = session.scalars(select(Person).where(Person.login == person.login)).first()
    if other is not None and other.id != person.person_id:
        raise BadInput("login-taken", field="login", login=person.login)


def _change(session: Session, row: Person, person: PersonFacts) -> dict[str, object]:
    changes: dict[str, object] = {}
    if row.login != person.login:
        refuse_long_login(session, person.login)
    for field in ("login", "name_kk", "name_ru", "position_kk", "position_ru", "iin"):
        old, new = getattr(row, field), getattr(person, field)
        if old != new:
            setattr(row, field, new)
            changes[field] = [old, new]
    before = {item.role for item in row.roles}
    after = {role.value for role in person.roles}
    if before != after:
        _set_roles(session, row, before, after)
        changes["roles"] = [plain(before), plain(after)]
    _flush_login(session, person.login)  # the count of administrators below must see it
    return changes


def _set_roles(session: Session, row: Person, before: Iterable[str], after: set[str]) -> None:
    row.roles.extend(PersonRole(role=role) for role in sorted(after - set(before)))
    for item in [item for item in row.roles if item.role not in after]:
        forget(session, item)
    session.flush()
    session.expire(row, ["roles"])


def refuse_long_login(session: Session, login: str) -> None:
    """Raise BadInput "login-long" (limit) for a login whose role the server could not name."""
    office = session.get(Installation, 1)
    if office is not None and office.prefix and len(login) > longest_login(office.prefix):
        raise BadInput("login-long", field="login", limit=longest_login(office.prefix))


def _flush_login(session: Session, login: str) -> None:
    """Write the row; BadInput "login-taken" when another office of the server has such a role."""
    try:
        session.flush()
    except ProgrammingError as error:
        if getattr(error.orig, "sqlstate", None) == _DUPLICATE_OBJECT:
            raise BadInput("login-taken", field="login", login=login) from error
        raise


def _keep_an_administrator(session: Session, row: Person) -> None:
    """Raise NotAllowed "last-administrator" when there is none but him."""
    others = session.scalar(
        select(func.count())
        .select_from(PersonRole)
        .join(Person)
        .where(PersonRole.role == Role.ADMINISTRATOR.value, Person.active.is_(True), Person.id != row.id)
    )
    if not others:
        raise NotAllowed("last-administrator", login=row.login)
