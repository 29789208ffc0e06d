"""Why a date is that date: the office's calendar and the act's term, interval by interval."""

from datetime import datetime

from sqlalchemy import select

from desktop.errors import NotAllowed
from desktop.models import Case
from desktop.queries import law
from desktop.queries.rows import ExplainedDate, Reason
from desktop.regulation import deadlines, terms
from desktop.regulation.model import Channel
from desktop.regulation.pauses import pauses
from desktop.regulation.rights import Actor, Command, require
from desktop.regulation.terms import Explanation
from desktop.store.calendar import working_calendar
from desktop.store.database import Store
from desktop.store.sight import in_sight
from desktop.store.stays import stays

calendar = working_calendar


def explain_due(store: Store, actor: Actor, *, case_id: int, which: str = "total") -> ExplainedDate:
    """Explain the due date of the case (``which`` "total") or of its step ("step").

    A date given to an applicant stands even if the calendar is edited later: then the last reason is
    "calendar-changed" and tells the difference. Where the act gives no total term the first reason is "steps-added".
    While the total term stands still, what is lost until now is not in its date yet. NotAllowed "case-not-found",
    "no-term".
    """
    require(actor, Command.READ_CASES)
    now = store.now()
    with store.reading(by=actor.login) as session:
        case = session.execute(
            select(
                Case.regulation_sha256,
                Case.service,
                Case.operation,
                Case.channel,
                Case.step,
                Case.received_at,
                Case.due_at,
                Case.step_entered_at,
                Case.step_due_at,
            ).where(Case.id == case_id, in_sight(session, actor, Case.id))
        ).one_or_none()
        if case is None:
            raise NotAllowed("case-not-found")
        _, operation = law.place(session, case.regulation_sha256, case.service, case.operation)
        days = working_calendar(session)
        if which == "step":
            step = operation.step(case.step) if case.step is not None else None
            if step is None or step.term is None:
                raise NotAllowed("no-term")
            found = terms.due(days, step.term, case.step_entered_at)
            return _explained(
                found.due_at, found.reasons, step.clause, days.local(case.step_due_at or found.due_at)
            )
        over = tuple(stay for stay in stays(session, case_id, case.step) if stay.left is not None)
        whole = deadlines.deadline(
            days, operation, Channel(case.channel), case.received_at, pauses=pauses(operation, over, now)
        )
        if whole is None:
            raise NotAllowed("no-term")
        told = _explained(whole.due_at, whole.reasons, whole.clause, days.local(case.due_at))
        if not whole.of_steps:
            return told
        begun = days.local(case.received_at)
        return ExplainedDate(told.due_at, (Reason(begun, begun, False, "steps-added"), *told.reasons))


def _explained(
    due_at: datetime, found: tuple[Explanation, ...], clause: str, stored: datetime
) -> ExplainedDate:
    reasons = [
        Reason(
            first=item.first,
            last=item.last,
            counted=item.counted,
            code=item.code,
            clause=item.clause or (clause if item.text is None else ""),
            text=item.text,
        )
        for item in found
    ]
    if stored != due_at:
        first, last = sorted((due_at, stored))
        reasons.append(Reason(first, last, False, "calendar-changed"))
    return ExplainedDate(stored, tuple(reasons))
