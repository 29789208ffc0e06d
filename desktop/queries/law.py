"""The law a case began under, parsed once in a program's life: a text is known by the hash of its bytes."""

from collections.abc import Iterator
from datetime import date, datetime

from sqlalchemy import ColumnElement, and_, false, not_, or_, select
from sqlalchemy.orm import Session
from sqlalchemy.orm.util import AliasedClass

from desktop.models import Case, RegulationText
from desktop.regulation import loader
from desktop.regulation.model import Operation, Regulation, Role, Service, Text

_PARSED: dict[str, Regulation] = {}


def regulation(session: Session, sha256: str) -> Regulation:
    """Return the regulation; asks the database for its text only the first time."""
    found = _PARSED.get(sha256)
    if found is None:
        row = session.execute(
            select(RegulationText.content, RegulationText.regulation).where(RegulationText.sha256 == sha256)
        ).one()
        found = _PARSED[sha256] = loader.load_text(row.content, name=row.regulation)
    return found


def likeliest(found: Regulation) -> tuple[bool, int]:
    """Return what to sort regulations by: the newest act first, whole files nobody has checked last."""
    return found.unverified, -(found.act_date or date.min).toordinal()


def place(session: Session, sha256: str, service: str, operation: str) -> tuple[Service, Operation]:
    """Return the service and the operation a case is of."""
    found = regulation(session, sha256).service(service)
    return found, found.operation(operation)


def step_title(session: Session, sha256: str, service: str, operation: str, step: str | None) -> Text | None:
    if not step:
        return None
    return place(session, sha256, service, operation)[1].step(step).title


def waits_for_role(session: Session) -> dict[Role, ColumnElement[bool]]:
    """Return, for each office role, the condition under which an open case waits for it.

    Made from every regulation loaded: a step id means nothing outside its own text.
    """
    steps: dict[Role, list[ColumnElement[bool]]] = {}
    for sha256, service, operation in _operations(session):
        for role, ids in _steps_by_performer(operation).items():
            steps.setdefault(role, []).append(_stands(Case, ids, sha256, service, operation))
    return {role: or_(false(), *conditions) for role, conditions in steps.items()}


def overdue(
    session: Session, now: datetime, case: type[Case] | AliasedClass[Case] = Case
) -> ColumnElement[bool]:
    """The condition of an open case whose total term has passed; it does not pass where it stands still."""
    stands_still = [
        _stands(case, ids, sha256, service, operation)
        for sha256, service, operation in _operations(session)
        if (ids := [step.id for step in operation.steps if step.pauses_total])
    ]
    late = case.due_at < now
    if not stands_still:
        return late
    return and_(late, or_(not_(or_(false(), *stands_still)), case.due_at < case.step_entered_at))


def _stands(
    case: type[Case] | AliasedClass[Case], ids: list[str], sha256: str, service: Service, operation: Operation
) -> ColumnElement[bool]:
    """The condition of a case at one of these steps: an id means nothing outside its own text and operation."""
    return and_(
        case.step.in_(ids),
        case.regulation_sha256 == sha256,
        case.service == service.id,
        case.operation == operation.id,
    )


def _operations(session: Session) -> Iterator[tuple[str, Service, Operation]]:
    for sha256 in session.scalars(select(RegulationText.sha256).order_by(RegulationText.sha256)):
        for service in regulation(session, sha256).services:
            for operation in service.operations:
                yield sha256, service, operation


def _steps_by_performer(operation: Operation) -> dict[Role, list[str]]:
    found: dict[Role, list[str]] = {}
    for step in operation.steps:
        if step.on_map:
            continue
        found.setdefault(step.performer, []).append(step.id)
    return found
