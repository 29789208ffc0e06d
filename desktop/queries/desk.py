"""My desk: the cases that wait for the person signed in, and the counts beside the navigation."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, false, func, or_, select
from sqlalchemy.orm import Session, aliased

from desktop.models import Assignment, Case, CaseDocument, IncomingPackage, OutsideRequest
from desktop.queries import custody, law
from desktop.queries.confirming import number_to_confirm
from desktop.queries.moments import local, office_zone
from desktop.queries.rows import DeskRow
from desktop.regulation.model import Text
from desktop.regulation.rights import Actor, Command, may, require
from desktop.store.database import Store
from desktop.store.sight import in_sight, package_in_sight, paper_in_sight

_ENOUGH = 500
_Whose = aliased(Assignment, name="whose")


@dataclass(frozen=True, slots=True)
class DeskCounts:
    """What the navigation shows beside its entries.

    ``at_centre``: results that lie at a centre or are asked for anew; ``late_there``: of those, past their day.
    ``now``: the office's time, as the database told it. ``packages``: that wait to be registered or refused. ``to_confirm``: of what others have set, by who may.
    """

    my_desk: int = 0
    overdue: int = 0
    to_print: int = 0
    waiting_answer: int = 0
    at_centre: int = 0
    late_there: int = 0
    packages: int = 0
    to_confirm: int = 0
    now: datetime | None = None


def my_desk(store: Store, actor: Actor, *, limit: int = _ENOUGH) -> tuple[DeskRow, ...]:
    """Return the cases whose step the actor's roles do and nobody else is assigned to, least time left first."""
    require(actor, Command.READ_CASES)
    with store.reading(by=actor.login) as session:
        zone = office_zone(session)
        found = session.execute(
            select(
                Case.id,
                Case.number,
                Case.holder_kk,
                Case.holder_ru,
                Case.regulation_sha256,
                Case.service,
                Case.operation,
                Case.step,
                Case.step_due_at,
                Case.due_at,
                Case.step_entered_at,
                Case.return_reason,
            )
            .where(waiting_for(session, actor))
            .order_by(func.coalesce(Case.step_due_at, Case.due_at), Case.id)
            .limit(limit)
        )
        rows = []
        for row in found:
            service, operation = law.place(session, row.regulation_sha256, row.service, row.operation)
            step = operation.step(row.step or "")
            rows.append(
                DeskRow(
                    case_id=row.id,
                    number=row.number,
                    holder=Text(row.holder_kk, row.holder_ru),
                    service=service.title,
                    step=step.title,
                    act=step.act,
                    step_due_at=local(row.step_due_at, zone),
                    due_at=local(row.due_at, zone),
                    step_entered_at=local(row.step_entered_at, zone),
                    returned=bool(row.return_reason),
                    paused=step.pauses_total,
                )
            )
        return tuple(rows)


def counts(store: Store, actor: Actor) -> DeskCounts:
    """Return what the navigation shows; of cases nothing for who does not read them (an administrator)."""
    with store.reading(by=actor.login) as session:
        now = store.now(session)
        to_confirm = number_to_confirm(session, actor, local(now, office_zone(session)).date())
        if not may(actor.roles, Command.READ_CASES):
            return DeskCounts(to_confirm=to_confirm, now=now)
        mine = waiting_for(session, actor)
        late = or_(Case.step_due_at < now, law.overdue(session, now))
        on_desk = session.execute(
            select(func.count(), func.count().filter(late)).select_from(Case).where(mine)
        ).one()
        to_print: int | None = 0
        if may(actor.roles, Command.PRINT):
            to_print = session.scalar(
                select(func.count())
                .select_from(CaseDocument)
                .where(unprinted(), paper_in_sight(session, actor))
            )
        waiting = session.scalar(
            select(func.count())
            .select_from(OutsideRequest)
            .where(OutsideRequest.answered_at.is_(None), in_sight(session, actor, OutsideRequest.case_id))
        )
        there = custody.waiting(session, actor, now) if may(actor.roles, Command.HAND_OUT) else (0, 0)
        packages = 0
        if may(actor.roles, Command.RECEIVE_PACKAGE):
            came = select(func.count()).select_from(IncomingPackage)
            packages = (
                session.scalar(came.where(IncomingPackage.state == "waiting", package_in_sight(actor))) or 0
            )
        return DeskCounts(
            on_desk[0], on_desk[1], to_print or 0, waiting or 0, *there, packages, to_confirm, now
        )


def unprinted() -> ColumnElement[bool]:
    """The condition of a document that is final and was never printed."""
    return and_(CaseDocument.printed_at.is_(None), CaseDocument.state.in_(("issued", "signed")))


def waiting_for(session: Session, actor: Actor) -> ColumnElement[bool]:
    """The condition of a case that waits for the actor: his role's step, and nobody else's own."""
    conditions = [
        and_(condition, _nobody_elses(role.value, actor.person_id))
        for role, condition in law.waits_for_role(session).items()
        if role in actor.roles
    ]
    return and_(or_(false(), *conditions), in_sight(session, actor, Case.id))


def _nobody_elses(role: str, person_id: int) -> ColumnElement[bool]:
    """Looked up case by case: as NOT EXISTS, PostgreSQL would read everybody's assignments first."""
    whose = select(_Whose.person_id).where(_Whose.case_id == Case.id, _Whose.role == role).scalar_subquery()
    return func.coalesce(whose, person_id) == person_id
