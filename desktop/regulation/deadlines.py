"""The deadline of a whole operation: when, in what colour, and why. One place for the chip, the lists and the panel.

Where an act gives no total term (003 items 5, 8), the office still owes a date: it is the sum of the terms of the
act's own steps, one after another along the longest way a case can take ([I], said wherever the date is explained).
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from desktop.regulation import engine, terms
from desktop.regulation.model import Channel, Operation, Step
from desktop.regulation.pauses import Pause
from desktop.regulation.terms import Explanation
from desktop.regulation.working_calendar import WorkingCalendar

SOON = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Deadline:
    """``of_steps``: the act gives no total term, and the terms of its steps were added up."""

    due_at: datetime
    hand_over_by: datetime | None
    reasons: tuple[Explanation, ...]
    clause: str
    of_steps: bool = False


def tone(due_at: datetime, now: datetime, *, paused: bool = False) -> str:
    """Return the meaning of a deadline: paused, late, soon (today or within a day) or calm.

    What was late before the clock stopped is late all the same: ``now`` is then the moment it stopped.
    """
    if now > due_at:
        return "late"
    if paused:
        return "paused"
    return "soon" if due_at - now <= SOON else "calm"


def deadline(
    calendar: WorkingCalendar,
    operation: Operation,
    channel: Channel,
    received_at: datetime,
    *,
    pauses: Iterable[Pause] = (),
) -> Deadline | None:
    """Return the deadline of an application; None where neither the whole nor any step has a term."""
    total = engine.total_term(operation, channel)
    if total is not None:
        explained, by = terms.total_due(calendar, total, received_at, pauses=pauses)
        return Deadline(explained.due_at, by, explained.reasons, total.clause)
    still = tuple(pauses)
    out = operation.receipt_day_out
    left_out = None
    if out is not None and channel in out.channels:
        began = calendar.local(received_at)
        next_day = calendar.midnight(began.date() + timedelta(days=1))
        left_out = Explanation(began, next_day, False, "receipt-day", clause=out.clause)
    ways = [_along(calendar, way, received_at, still, left_out) for way in _ways(operation, channel)]
    found = [way for way in ways if way is not None]
    return max(found, key=lambda item: item.due_at) if found else None


def moved_on(
    calendar: WorkingCalendar,
    operation: Operation,
    channel: Channel,
    received_at: datetime,
    stood: datetime,
    *,
    before: Iterable[Pause],
    pause: Pause,
) -> tuple[datetime, datetime | None]:
    """Return the due date ``stood`` moved on by what was lost in ``pause``, and by when the result is handed over."""
    total = engine.total_term(operation, channel)
    if total is not None:
        return terms.moved_on(calendar, total, received_at, stood, before=before, pause=pause)
    earlier = tuple(before)
    was = deadline(calendar, operation, channel, received_at, pauses=earlier)
    becomes = deadline(calendar, operation, channel, received_at, pauses=(*earlier, pause))
    if was is None or becomes is None:
        return stood, None
    return terms.shifted(calendar, stood, was.due_at, becomes.due_at), None


def _ways(operation: Operation, channel: Channel) -> Iterator[tuple[Step, ...]]:
    """Every way from the first step of the office to an end, each step at most once."""
    first = engine.first_step(operation, channel)
    here = {step.id for step in engine.route(operation, channel)}
    ahead: list[tuple[Step, ...]] = [(first,)]
    while ahead:
        way = ahead.pop()
        onward = {
            outcome.next
            for outcome in way[-1].outcomes
            if outcome.next in here and outcome.next not in {step.id for step in way}
        }
        if any(outcome.next is None for outcome in way[-1].outcomes) or not onward:
            yield way
        ahead.extend((*way, operation.step(step)) for step in sorted(filter(None, onward)))


def _along(
    calendar: WorkingCalendar,
    way: Iterable[Step],
    received_at: datetime,
    pauses: tuple[Pause, ...],
    left_out: Explanation | None,
) -> Deadline | None:
    """Add the terms of the steps up: each begins where the one before it ends. ``left_out``: the day of receipt."""
    moment, reasons, clauses = received_at, list[Explanation](), list[str]()
    if left_out is not None:
        moment = left_out.last
        reasons.append(left_out)
    for step in way:
        if step.term is None or step.pauses_total or step.other_law:
            continue
        explained = terms.due(calendar, step.term, moment, pauses=pauses)
        reasons += [replace(item, clause=item.clause or step.clause) for item in explained.reasons]
        moment = explained.due_at
        clauses.append(step.clause)
    if not clauses:
        return None
    return Deadline(moment, None, tuple(reasons), clauses[0], of_steps=True)
