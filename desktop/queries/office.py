"""The office and what it has set: name, people, hours, days, rates, roots of trust, the law it offers."""

from datetime import date

from sqlalchemy import ColumnElement, Select, and_, false, func, or_, select
from sqlalchemy.orm import Session

from desktop.errors import NotAllowed
from desktop.models import (
    ActingHead,
    Assignment,
    Case,
    DayOverride,
    FeeRate,
    Office,
    Person,
    PersonRole,
    RegulationText,
    TrustRoot,
    WorkingHours,
)
from desktop.queries import confirming, law
from desktop.queries.case_card import act_title
from desktop.queries.moments import local, office_zone
from desktop.queries.office_rows import ActingHeadRow
from desktop.queries.rows import (
    FeeRateRow,
    HoursRow,
    OfficeRow,
    OverrideRow,
    PersonRow,
    SigningRules,
    TrustRootRow,
)
from desktop.queries.service_rows import ServiceChoice
from desktop.regulation import engine, fees
from desktop.regulation.model import Act, Channel, Operation, Regulation, Role, Service, Text
from desktop.regulation.rights import Actor, Command, may
from desktop.store import blobs
from desktop.store.confirmed import root_counts
from desktop.store.database import Store
from desktop.store.sight import in_sight

_Rates = list[tuple[date, int]]


def has_office(store: Store) -> bool:
    """Say whether the office was founded (a new database has none)."""
    with store.reading() as session:
        return session.scalar(select(Office.id)) is not None


def office(store: Store) -> OfficeRow:
    """Return the office; readable before signing in, for its name. NotAllowed "no-office"."""
    with store.reading() as session:
        row = session.execute(select(*Office.__table__.columns)).one_or_none()
        if row is None:
            raise NotAllowed("no-office")
        today = store.now(session).astimezone(office_zone(session)).date()
        return OfficeRow(
            version=row.version,
            name=Text(row.name_kk, row.name_ru),
            bin=row.bin,
            address=Text(row.address_kk, row.address_ru),
            place=Text(row.place_kk, row.place_ru),
            time_zone=row.time_zone,
            status_address=row.status_address,
            numbers_licences=row.numbers_licences,
            incoming_template=row.incoming_template,
            outgoing_template=row.outgoing_template,
            licence_template=row.licence_template,
            is_demo=row.is_demo,
            file_limit_bytes=row.file_limit_bytes,
            signing=SigningRules(
                row.signature_level, row.stamp_address, row.ocsp_address, row.silence_allowed
            ),
            seal=blobs.get(session, row.seal_sha256) if row.seal_sha256 else None,
            head=_first_name(session, Person.roles.any(PersonRole.role == Role.HEAD.value)),
            acting=_first_name(session, Person.id.in_(_standing_in(today))),
        )


def people(store: Store, actor: Actor) -> tuple[PersonRow, ...]:
    """Return everybody, active or not, by name; for the administrator, the head and the auditor."""
    _require_one(actor, Command.ADMINISTER, Command.READ_JOURNAL)
    with store.reading(by=actor.login) as session:
        return _people(session, actor, _today(store, session))


def assignees(store: Store, actor: Actor, role: Role) -> tuple[PersonRow, ...]:
    """Return the active people of a role, the least burdened first."""
    _require_one(actor, Command.READ_CASES, Command.ADMINISTER)
    with store.reading(by=actor.login) as session:
        found = _people(
            session,
            actor,
            _today(store, session),
            Person.active.is_(True),
            Person.roles.any(PersonRole.role == role.value),
        )
        return tuple(sorted(found, key=lambda row: (row.open_cases, row.name.kk)))


def hours(store: Store, actor: Actor) -> tuple[HoursRow, ...]:
    _require_one(actor, Command.ADMINISTER, Command.READ_CASES)
    with store.reading(by=actor.login) as session:
        found = session.execute(
            select(WorkingHours.valid_from, WorkingHours.weekday, WorkingHours.intervals).order_by(
                WorkingHours.valid_from, WorkingHours.weekday
            )
        )
        return tuple(HoursRow(row.valid_from, row.weekday, _intervals(row.intervals)) for row in found)


def overrides(store: Store, actor: Actor) -> tuple[OverrideRow, ...]:
    _require_one(actor, Command.ADMINISTER, Command.READ_CASES)
    with store.reading(by=actor.login) as session:
        found = session.execute(
            select(
                DayOverride.day, DayOverride.intervals, DayOverride.reason_kk, DayOverride.reason_ru
            ).order_by(DayOverride.day)
        )
        return tuple(
            OverrideRow(row.day, _intervals(row.intervals), Text(row.reason_kk, row.reason_ru))
            for row in found
        )


def fee_rates(store: Store, actor: Actor) -> tuple[FeeRateRow, ...]:
    _require_one(actor, Command.ADMINISTER, Command.READ_CASES)
    with store.reading(by=actor.login) as session:
        found = session.execute(
            select(FeeRate.valid_from, FeeRate.tenge, FeeRate.source, FeeRate.unverified).order_by(
                FeeRate.valid_from
            )
        )
        return tuple(FeeRateRow(row.valid_from, row.tenge, row.source, row.unverified) for row in found)


def trust_roots(store: Store, actor: Actor | None) -> tuple[TrustRootRow, ...]:
    """Return the authorities trusted; None is nobody signed in: such certificates are public."""
    return tuple(row for row in kept_roots(store, actor) if not row.waits)


def kept_roots(store: Store, actor: Actor | None) -> tuple[TrustRootRow, ...]:
    """Return those too that wait to be confirmed: they are believed in nothing yet."""
    if actor is not None:
        _require_one(actor, Command.ADMINISTER, Command.READ_CASES)
    with store.reading(by=actor.login if actor else "") as session:
        zone = office_zone(session)
        counts = root_counts().label("counts")
        found = session.execute(select(TrustRoot, counts).order_by(TrustRoot.added_at, TrustRoot.sha256))
        return tuple(
            TrustRootRow(
                row.sha256,
                row.subject,
                row.is_demo,
                local(row.added_at, zone),
                row.added_by,
                row.pem,
                waits=not counted,
            )
            for row, counted in found
        )


def acting_heads(store: Store, actor: Actor) -> tuple[ActingHeadRow, ...]:
    """Return every order about an acting head, the latest first."""
    _require_one(actor, Command.ADMINISTER, Command.READ_CASES)
    with store.reading(by=actor.login) as session:
        found = session.execute(
            select(
                ActingHead.id,
                ActingHead.person_id,
                Person.name_kk,
                Person.name_ru,
                ActingHead.order_number,
                ActingHead.order_date,
                ActingHead.first_day,
                ActingHead.last_day,
            )
            .join(Person, Person.id == ActingHead.person_id)
            .order_by(ActingHead.first_day.desc(), ActingHead.id.desc())
        )
        return tuple(
            ActingHeadRow(
                row.id,
                row.person_id,
                Text(row.name_kk, row.name_ru),
                row.order_number,
                row.order_date,
                row.first_day,
                row.last_day,
            )
            for row in found
        )


def services(store: Store, actor: Actor) -> tuple[ServiceChoice, ...]:
    """Return what can be applied for under the regulations in use, with today's fee.

    The newest act first, since it is the likeliest; whole files nobody has checked stand last.
    Whoever registers applications gets what he may register himself, others everything.
    """
    _require_one(actor, Command.READ_CASES, Command.ADMINISTER)
    with store.reading(by=actor.login) as session:
        today = store.now(session).astimezone(office_zone(session)).date()
        rates = [
            (row.valid_from, row.tenge) for row in session.execute(select(FeeRate.valid_from, FeeRate.tenge))
        ]
        current = session.scalars(
            select(RegulationText.sha256)
            .where(RegulationText.current.is_(True))
            .order_by(RegulationText.regulation, RegulationText.loaded_at)
        ).all()
        loaded = [(sha256, law.regulation(session, sha256)) for sha256 in current]
        loaded.sort(key=lambda pair: law.likeliest(pair[1]))
        return tuple(
            _choice(found, sha256, service, operation, channels, rates, today)
            for sha256, found in loaded
            for service in found.services
            for operation in service.operations
            if (channels := _channels(operation, actor))
        )


def _channels(operation: Operation, actor: Actor) -> tuple[Channel, ...]:
    """Return the channels whose applications the actor takes in, all of them for who takes none in at all."""
    if not may(actor.roles, Command.REGISTER):
        return operation.channels
    return tuple(
        channel
        for channel in operation.channels
        if engine.first_step(operation, channel).performer in actor.roles
        or (engine.first_step(operation, channel).act is not Act.ACCEPT and Role.CLERK in actor.roles)
    )


def _choice(
    found: Regulation,
    sha256: str,
    service: Service,
    operation: Operation,
    channels: tuple[Channel, ...],
    rates: _Rates,
    today: date,
) -> ServiceChoice:
    return ServiceChoice(
        regulation_sha256=sha256,
        regulation_id=found.id,
        regulation_title=found.title,
        act_title=act_title(found),
        repealed_by=found.repealed_by,
        service=service.id,
        service_title=service.title,
        kind=service.kind,
        operation=operation.id,
        operation_title=operation.title,
        operation_kind=operation.kind,
        channels=channels,
        sub_types=service.sub_types,
        papers=operation.papers,
        fields=operation.fields,
        fee=operation.fee,
        fee_tenge=_fee_today(operation, rates, today),
        notes=(*found.warnings, *_notes(operation, channels)),
    )


def _notes(operation: Operation, channels: tuple[Channel, ...]) -> tuple[Text, ...]:
    """Return what is said of the operation as a whole in any of the channels, each once, in the order of the file."""
    told = [note for channel in channels for note in engine.notes_at(operation, None, channel)]
    return tuple(note.text for note in operation.notes if note in told)


def _fee_today(operation: Operation, rates: _Rates, today: date) -> int | None:
    if operation.fee is None or not any(valid_from <= today for valid_from, _ in rates):
        return None
    return fees.fee_due(operation.fee, rates, today)


def _today(store: Store, session: Session) -> date:
    return store.now(session).astimezone(office_zone(session)).date()


def _people(
    session: Session, actor: Actor, today: date, *where: ColumnElement[bool]
) -> tuple[PersonRow, ...]:
    rows = session.execute(
        select(
            Person.id,
            Person.version,
            Person.login,
            Person.name_kk,
            Person.name_ru,
            Person.position_kk,
            Person.position_ru,
            Person.iin,
            Person.active,
        )
        .where(*where)
        .order_by(Person.id)
    ).all()
    roles: dict[int, set[Role]] = {}
    for person_id, role in session.execute(select(PersonRole.person_id, PersonRole.role)):
        roles.setdefault(person_id, set()).add(Role(role))
    burden = _burden(session, actor)
    waiting = set(confirming.people_who_wait(session, today))
    return tuple(
        PersonRow(
            person_id=row.id,
            version=row.version,
            login=row.login,
            name=Text(row.name_kk, row.name_ru),
            position=Text(row.position_kk, row.position_ru),
            iin=row.iin,
            roles=frozenset(roles.get(row.id, ())),
            active=row.active,
            open_cases=burden.get(row.id, 0),
            waits=row.id in waiting,
        )
        for row in rows
    )


def _burden(session: Session, actor: Actor) -> dict[int, int]:
    """Return how many open cases, of those the actor sees, wait for each person by assignment."""
    waiting = or_(
        false(),
        *(
            and_(Assignment.role == role.value, condition)
            for role, condition in law.waits_for_role(session).items()
        ),
    )
    found = session.execute(
        select(Assignment.person_id, func.count())
        .join(Case, Case.id == Assignment.case_id)
        .where(waiting, in_sight(session, actor, Case.id))
        .group_by(Assignment.person_id)
    )
    return {person_id: number for person_id, number in found}


def _first_name(session: Session, condition: ColumnElement[bool]) -> Text | None:
    row = session.execute(
        select(Person.name_kk, Person.name_ru)
        .where(Person.active.is_(True), condition)
        .order_by(Person.id)
        .limit(1)
    ).one_or_none()
    return Text(row.name_kk, row.name_ru) if row else None


def _standing_in(today: date) -> Select[int]:
    return select(ActingHead.person_id).where(ActingHead.first_day <= today, ActingHead.last_day >= today)


def _intervals(stored: list[list[str]]) -> tuple[tuple[str, str], ...]:
    return tuple((first, last) for first, last in stored)


def _require_one(actor: Actor, *commands: Command) -> None:
    if not any(may(actor.roles, command) for command in commands):
        raise NotAllowed("role-may-not", command=commands[0].value)
