"""The office itself: its first start and its own facts; with its people and its rules, all the administrator does."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from desktop.cases import journal, office_signing
from desktop.cases.administering import administering
from desktop.cases.claiming import claiming, nothing, once, row_id
from desktop.cases.confirming import founded
from desktop.cases.journal import Event
from desktop.cases.numbers import template_problem
from desktop.cases.office_people import (
    PersonFacts,
    appoint_acting_head,
    change_own_password,
    cleaned_person,
    end_acting_head,
    new_person,
    save_person,
    set_active,
    set_password,
)
from desktop.cases.office_rules import (
    Intervals,
    add_trust_root,
    keep_regulation,
    load_regulation,
    parse_root,
    prove_seal,
    remove_override,
    remove_trust_root,
    set_fee_rate,
    set_hours,
    set_override,
    set_seal,
)
from desktop.cases.plain_text import required
from desktop.errors import BadInput, NotAllowed
from desktop.models import DayOverride, FeeRate, Office, TrustRoot, WorkingHours
from desktop.regulation import identifiers, loader
from desktop.regulation.calendar_data import (
    default_hours,
    default_overrides,
    index_rates,
    parse_intervals,
    write_intervals,
)
from desktop.regulation.model import Role
from desktop.regulation.rights import Actor, Command
from desktop.store import blobs
from desktop.store.database import Store

__all__ = [
    "NewOffice",
    "PersonFacts",
    "add_trust_root",
    "appoint_acting_head",
    "change_own_password",
    "create_office",
    "end_acting_head",
    "load_regulation",
    "remove_override",
    "remove_trust_root",
    "save_person",
    "set_active",
    "set_fee_rate",
    "set_hours",
    "set_office",
    "set_override",
    "set_password",
    "set_seal",
]

_TEXTS = ("name_kk", "name_ru", "address_kk", "address_ru", "place_kk", "place_ru")
_TEMPLATES = ("incoming_template", "outgoing_template", "licence_template")
_LEAST_FILE, _MOST_FILE = 1024 * 1024, 1024 * 1024 * 1024  # bytes


@dataclass(frozen=True, slots=True)
class NewOffice:
    """What the first start asks. ``head`` is None when the administrator adds the head later."""

    name_kk: str
    name_ru: str
    bin: str
    address_kk: str
    address_ru: str
    place_kk: str
    place_ru: str
    administrator: PersonFacts
    administrator_password: str
    head: PersonFacts | None = None
    head_password: str = ""
    status_address: str = "https://licence.invalid/{number}"
    numbers_licences: bool = False
    time_zone: str = "Asia/Oral"
    hours: Mapping[int, Intervals] | None = None  # weekday -> intervals; None = as shipped
    seal: bytes | None = None  # PNG
    trust_roots: tuple[str, ...] = ()  # PEM
    incoming_template: str = "{year}-{sequence:06d}"
    outgoing_template: str = "{sequence}/{year}"
    licence_template: str = "{year2}{sequence:06d}"
    is_demo: bool = False
    regulations: tuple[tuple[str, str], ...] = field(default=())  # (name, text); empty = as shipped


@once(row_id)
def create_office(store: Store, facts: NewOffice) -> int:
    """First start: write the office, its rules, its law and its first administrator; returns that person's id.

    BadInput at the fields of :class:`NewOffice`; those of the people are prefixed "administrator." and
    "head.". NotAllowed "office-exists". All of it is one transaction.
    """
    administrator = _person(facts.administrator, "administrator", Role.ADMINISTRATOR)
    head = _person(facts.head, "head", Role.HEAD) if facts.head else None
    if head is not None and head.login == administrator.login:
        raise BadInput("login-taken", field="head.login", login=head.login)
    office = _office(facts)
    with claiming(store, None, Command.FOUND) as claimed:
        session, now = claimed.session, claimed.now
        if session.get(Office, 1) is not None:
            raise NotAllowed("office-exists")
        office.created_at = now
        if facts.seal is not None:
            prove_seal(facts.seal)
            office.seal_sha256 = blobs.put(session, facts.seal, "image/png", now)
        session.add(office)
        session.flush()  # everything below belongs to the office
        _add_rules(session, facts, now)
        for pem in facts.trust_roots:
            root = parse_root(
                pem,
                is_demo=facts.is_demo,
                in_demo=facts.is_demo,
                now=now,
                by=administrator.login,
                field="trust_roots",
            )
            if session.get(TrustRoot, root.sha256) is None:
                session.add(root)
                session.add(founded(now, "added", root=root.sha256))
        first = _added(session, administrator, facts.administrator_password, "administrator", now)
        if head is not None:
            _added(session, head, facts.head_password, "head", now)
        journal.record(
            session,
            None,
            Event.OFFICE_CREATED,
            None,
            at=now,
            name_kk=office.name_kk,
            name_ru=office.name_ru,
            bin=office.bin,
            administrator=administrator.login,
        ).workstation = store.workstation[:120]
        return claimed.returns(first)


@once(nothing)
def set_office(
    store: Store,
    actor: Actor,
    *,
    changes: Mapping[str, str | bool | int],
    seen_version: int | None = None,
) -> None:
    """Change the office's own facts; ``changes`` maps fields of :class:`NewOffice` (and file_limit_bytes, and
    those of ``office_signing``).

    BadInput at the field: "field-required", identifier codes, "time-zone-unknown", "address-wrong",
    "template-wrong", "file-limit-wrong", "nothing-changed".
    """
    with administering(store, actor, Command.SET_OFFICE, seen_version=seen_version) as change:
        told: dict[str, list[object]] = {}
        for name, value in changes.items():
            proved = _proved(name, value)
            old = getattr(change.office, name)
            if proved != old:
                setattr(change.office, name, proved)
                told[name] = [old, proved]
        office_signing.prove_whole(change.office)
        if not told:
            raise BadInput("nothing-changed", field=next(iter(changes), "name_kk"))
        change.record(Event.OFFICE_CHANGED, changes=told)


def _proved(name: str, value: str | bool | int) -> str | bool | int:
    """Return the value as it is kept; KeyError for what is no fact of the office."""
    if name in ("numbers_licences", "silence_allowed"):
        return bool(value)
    if name in ("signature_level", "stamp_address", "ocsp_address"):
        return office_signing.proved(name, str(value))
    if name == "file_limit_bytes":
        if not _LEAST_FILE <= int(value) <= _MOST_FILE:
            raise BadInput("file-limit-wrong", field=name, least=_LEAST_FILE, most=_MOST_FILE)
        return int(value)
    text = str(value)
    if name in _TEXTS:
        return required(text, name)
    if name == "bin":
        return _bin(text)
    if name in _TEMPLATES:
        code = template_problem(text)
        if code is not None:
            raise BadInput(code, field=name)
        return text
    if name == "time_zone":
        return _zone(text)
    if name == "status_address":
        return _address(text)
    raise KeyError(name)


def _office(facts: NewOffice) -> Office:
    names = (*_TEXTS, "bin", *_TEMPLATES, "time_zone", "status_address", "numbers_licences")
    proved = {name: _proved(name, getattr(facts, name)) for name in names}
    return Office(id=1, is_demo=facts.is_demo, **proved)


def _bin(text: str) -> str:
    digits = required(text, "bin").replace(" ", "")
    fault = identifiers.problem(digits)
    if fault is None and identifiers.kind_of(digits) != "bin":
        fault = "identifier-other-kind"
    if fault is not None:
        raise BadInput(fault, field="bin", identifier=digits, may_confirm=False)
    return digits


def _zone(name: str) -> str:
    try:
        return str(ZoneInfo(name))
    except (KeyError, ValueError, OSError) as error:  # no such zone, a path, a folder
        raise BadInput("time-zone-unknown", field="time_zone", name=name) from error


def _address(text: str) -> str:
    address = required(text, "status_address")
    try:
        parts = urlsplit(address)
    except ValueError as error:
        raise BadInput("address-wrong", field="status_address") from error
    if parts.scheme not in {"https", "http"} or not parts.netloc or address.count("{number}") != 1:
        raise BadInput("address-wrong", field="status_address")
    return address


def _add_rules(session: Session, facts: NewOffice, now: datetime) -> None:
    """Copy hours, overrides and index from what the program ships, and the law the office begins with."""
    shipped_hours = default_hours()
    earliest = min(rule.valid_from for rule in shipped_hours)
    given = facts.hours
    hours = (
        {(rule.valid_from, rule.weekday): write_intervals(rule.intervals) for rule in shipped_hours}
        if given is None
        else {
            (earliest, weekday): write_intervals(parse_intervals(tuple(intervals)))
            for weekday, intervals in given.items()
        }
    )
    if not any(hours.values()):
        raise BadInput("hours-all-closed", field="hours")
    session.add_all(
        WorkingHours(valid_from=valid_from, weekday=weekday, intervals=intervals)
        for (valid_from, weekday), intervals in hours.items()
    )
    session.add_all(
        DayOverride(
            day=day,
            intervals=write_intervals(rule.intervals),
            reason_kk=rule.reason.kk,
            reason_ru=rule.reason.ru,
        )
        for day, rule in default_overrides().items()
    )
    session.add_all(
        FeeRate(valid_from=rate.valid_from, tenge=rate.tenge, source=rate.source, unverified=rate.unverified)
        for rate in index_rates()
    )
    for name, text in facts.regulations or loader.shipped():
        keep_regulation(session, loader.load_text(text, name=name), text, now)


def _person(person: PersonFacts, prefix: str, role: Role) -> PersonFacts:
    with_role = PersonFacts(
        login=person.login,
        name_kk=person.name_kk,
        name_ru=person.name_ru,
        position_kk=person.position_kk,
        position_ru=person.position_ru,
        iin=person.iin,
        roles=person.roles | {role},
    )
    try:
        return cleaned_person(with_role)
    except BadInput as fault:
        raise _prefixed(fault, prefix) from fault


def _added(session: Session, person: PersonFacts, password: str, prefix: str, now: datetime) -> int:
    try:
        row = new_person(session, person, password)
    except BadInput as fault:
        raise _prefixed(fault, prefix) from fault
    session.add(founded(now, "added", *(f"role:{role.value}" for role in person.roles), person_id=row.id))
    return row.id


def _prefixed(fault: BadInput, prefix: str) -> BadInput:
    facts = {name: value for name, value in fault.facts.items() if name != "field"}
    return BadInput(fault.code, field=f"{prefix}.{fault.field}", **facts)
