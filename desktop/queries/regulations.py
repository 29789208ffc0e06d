"""The regulations loaded, with what a reader must be warned of."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select

from desktop.errors import NotAllowed
from desktop.models import RegulationText
from desktop.queries import law
from desktop.queries.moments import local, office_zone
from desktop.regulation.model import Operation, Regulation, Text
from desktop.regulation.rights import Actor, Command, may
from desktop.store.database import Store


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


def regulations(store: Store, actor: Actor) -> tuple[RegulationRow, ...]:
    """Return every text ever loaded: those in use first, then by the moment of loading, the newest first."""
    if not any(may(actor.roles, command) for command in (Command.ADMINISTER, Command.READ_CASES)):
        raise NotAllowed("role-may-not", command=Command.ADMINISTER.value)
    with store.reading(by=actor.login) as session:
        zone = office_zone(session)
        found = session.execute(
            select(RegulationText.sha256, RegulationText.loaded_at, RegulationText.current).order_by(
                RegulationText.current.desc(), RegulationText.loaded_at.desc(), RegulationText.sha256
            )
        ).all()
        return tuple(
            _row(law.regulation(session, sha256), local(loaded_at, zone), current=current)
            for sha256, loaded_at, current in found
        )


def _row(found: Regulation, loaded_at: datetime, *, current: bool) -> RegulationRow:
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
    )


def _unverified(operation: Operation) -> list[Text]:
    papers = [part.title for part in operation.papers if part.unverified]
    requirements = [part.title for part in operation.requirements if part.unverified]
    return papers + requirements + [part.title for part in operation.refusal_grounds if part.unverified]
