"""The regulations loaded, with what a reader must be warned of; one of them whole, with what the linter finds in it."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from desktop.errors import NotAllowed
from desktop.models import Case, RegulationText
from desktop.queries import law
from desktop.queries.moments import local, office_zone
from desktop.regulation import linting
from desktop.regulation.linting import Finding
from desktop.regulation.model import Operation, Regulation, Text
from desktop.regulation.rights import Actor, Command, may
from desktop.store.database import Store
from desktop.store.sight import in_sight


@dataclass(frozen=True, slots=True)
class RegulationRow:
    """A version of a regulation. ``unverified`` are the parts shipped as defaults nobody has checked yet."""

    sha256: str
    regulation: str
    version: str
    title: Text
    act_number: str
    act_date: date | None
    in_force_from: date | None
    in_force_to: date | None
    repealed_by: Text | None
    warnings: tuple[Text, ...]
    unverified: tuple[Text, ...]
    services: tuple[Text, ...]  # service and operation
    loaded_at: datetime
    current: bool  # new cases begin under it
    open_cases: int = 0  # of those the reader sees: they finish under it
    service_ids: frozenset[str] = frozenset()  # by which services of several acts are of a kind


@dataclass(frozen=True, slots=True)
class LawReading:
    """A regulation whole, as the program holds it."""

    row: RegulationRow
    regulation: Regulation
    findings: tuple[Finding, ...]


def regulations(store: Store, actor: Actor) -> tuple[RegulationRow, ...]:
    """Return every text ever loaded: those in use first, then the last loaded, then the newest act."""
    _require_reader(actor)
    with store.reading(by=actor.login) as session:
        zone = office_zone(session)
        found = sorted(
            session.execute(
                select(RegulationText.sha256, RegulationText.loaded_at, RegulationText.current).order_by(
                    RegulationText.sha256
                )
            ).all(),
            key=lambda text: (
                not text.current,
                -text.loaded_at.timestamp(),
                law.likeliest(law.regulation(session, text.sha256)),
            ),
        )
        counts = _open_cases(session, actor)
        return tuple(
            _row(
                law.regulation(session, sha256),
                local(loaded_at, zone),
                current=current,
                open_cases=counts.get(sha256, 0),
            )
            for sha256, loaded_at, current in found
        )


def reading(store: Store, actor: Actor, *, sha256: str) -> LawReading:
    """Return one of them whole, read again with its lines; NotAllowed "regulation-not-loaded"."""
    _require_reader(actor)
    with store.reading(by=actor.login) as session:
        found = session.execute(
            select(RegulationText.content, RegulationText.loaded_at, RegulationText.current).where(
                RegulationText.sha256 == sha256
            )
        ).one_or_none()
        if found is None:
            raise NotAllowed("regulation-not-loaded")
        regulation = law.regulation(session, sha256)
        row = _row(
            regulation,
            local(found.loaded_at, office_zone(session)),
            current=found.current,
            open_cases=_open_cases(session, actor).get(sha256, 0),
        )
    return LawReading(row, regulation, linting.check(regulation, found.content).findings)


def _require_reader(actor: Actor) -> None:
    if not any(may(actor.roles, command) for command in (Command.ADMINISTER, Command.READ_CASES)):
        raise NotAllowed("role-may-not", command=Command.ADMINISTER.value)


def _open_cases(session: Session, actor: Actor) -> dict[str, int]:
    """Return how many open cases of each text the actor sees."""
    asked = (
        select(Case.regulation_sha256, func.count())
        .where(Case.closed_at.is_(None), in_sight(session, actor, Case.id))
        .group_by(Case.regulation_sha256)
    )
    return {sha256: count for sha256, count in session.execute(asked)}


def _row(found: Regulation, loaded_at: datetime, *, current: bool, open_cases: int) -> RegulationRow:
    operations = [(service, operation) for service in found.services for operation in service.operations]
    unverified = [kind.title for service in found.services for kind in service.sub_types if kind.unverified]
    for _, operation in operations:
        unverified += _unverified(operation)
    return RegulationRow(
        sha256=found.sha256,
        regulation=found.id,
        version=found.version,
        title=found.title,
        act_number=found.act_number,
        act_date=found.act_date,
        in_force_from=found.in_force_from,
        in_force_to=found.in_force_to,
        repealed_by=found.repealed_by,
        warnings=found.warnings,
        unverified=tuple(unverified),
        services=tuple(
            Text(
                f"{service.title.kk}: {operation.title.kk}",
                f"{service.title.ru}: {operation.title.ru}",
            )
            for service, operation in operations
        ),
        loaded_at=loaded_at,
        current=current,
        open_cases=open_cases,
        service_ids=frozenset(service.id for service in found.services),
    )


def _unverified(operation: Operation) -> list[Text]:
    papers = [part.title for part in operation.papers if part.unverified]
    requirements = [part.title for part in operation.requirements if part.unverified]
    return papers + requirements + [part.title for part in operation.refusal_grounds if part.unverified]
