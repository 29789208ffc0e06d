"""When a term ends, and why then: every date is explained interval by interval.

The rules (001 item 5 for the total; applied to steps in working days likewise, [I]): the calendar day the
term begins on is not counted, even when it is a day off or the moment is after hours; a term in working
days ends at the last closing time of its last day; minutes and hours run in working intervals only;
seconds run by the wall clock; a term in calendar days that ends on a day off moves to the next working
day (general rule of civil law on terms, [K]).

A paused term stands still: a day does not count whose closing time (midnight, on a day off) passes during a pause, so
that the day a pause begins is lost and the day it ends counts (as Civil Code art. 182 has it, [K]); of minutes, hours
and seconds nothing counts that lies in a pause.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from desktop.regulation.calendar_data import DayRule, HoursRule
from desktop.regulation.model import Term, Text, TotalTerm, Unit
from desktop.regulation.pauses import Pause, merged
from desktop.regulation.working_calendar import ONE_DAY, DayReason, WorkingCalendar, default_calendar

__all__ = [
    "DayReason",
    "DayRule",
    "Explained",
    "Explanation",
    "HoursRule",
    "WorkingCalendar",
    "default_calendar",
    "due",
    "moved_on",
    "shifted",
    "total_due",
]


@dataclass(frozen=True, slots=True)
class Explanation:
    """One interval on the way to the date. ``code`` is listed in ``EXPLANATION_CODES``."""

    first: datetime
    last: datetime
    counted: bool
    code: str
    text: Text | None = None
    clause: str = ""  # of the act, where it is another than that of the term


@dataclass(frozen=True, slots=True)
class Explained:
    due_at: datetime
    reasons: tuple[Explanation, ...]


EXPLANATION_CODES = frozenset(
    {
        "receipt-day",  # the day of receipt, not counted (total term)
        "start-day",  # the day the step began, not counted
        "working-day",
        "moved-working-day",
        "override-working-day",
        "weekend",
        "closed-day",
        "holiday",
        "holiday-moved",
        "day-off-swapped",
        "override-day-off",
        "working-time",  # minutes and hours that count
        "break",
        "after-hours",
        "calendar-days",
        "next-working-day",  # the end moved on from a day off
        "wall-clock",  # seconds
        "paused",  # the total term stood still while the case was at a step
    }
)


def due(calendar: WorkingCalendar, term: Term, start: datetime, *, pauses: Iterable[Pause] = ()) -> Explained:
    """Return when ``term`` ends that begins at the aware moment ``start``; of an interval, its longest."""
    return _due(calendar, term, start, pauses, first_day="start-day", first_day_counts=False)


def total_due(
    calendar: WorkingCalendar, total: TotalTerm, received_at: datetime, *, pauses: Iterable[Pause] = ()
) -> tuple[Explained, datetime | None]:
    """Return when the whole operation is due, and by when the result must be handed over (None: no such rule)."""
    explained = _due(
        calendar,
        total.term,
        received_at,
        pauses,
        first_day="receipt-day",
        first_day_counts=total.receipt_day_counts,
    )
    return explained, hand_over_by(calendar, total, received_at, explained.due_at)


def hand_over_by(
    calendar: WorkingCalendar, total: TotalTerm, received_at: datetime, due_at: datetime
) -> datetime | None:
    """Return the closing time of the working day ``hand_over_days_before`` the due day; None without such a rule.

    Never before the application was received: then it is that moment.
    """
    if not total.hand_over_days_before:
        return None
    day = calendar.local(due_at).date()
    for _ in range(total.hand_over_days_before):
        day = calendar.previous_working_day(day - ONE_DAY)
    return max(calendar.closing(day), calendar.local(received_at))


def moved_on(
    calendar: WorkingCalendar,
    total: TotalTerm,
    received_at: datetime,
    stood: datetime,
    *,
    before: Iterable[Pause],
    pause: Pause,
) -> tuple[datetime, datetime | None]:
    """Return the due date ``stood``, moved on by what was lost in ``pause``, and when the result must be handed over.

    ``before``: the pauses that have moved it already. The date given to the applicant stands whatever became of the
    calendar since: it moves by as many working days, days or minutes as the calendar of today finds lost.
    """
    earlier = tuple(before)
    was = total_due(calendar, total, received_at, pauses=earlier)[0].due_at
    becomes = total_due(calendar, total, received_at, pauses=(*earlier, pause))[0].due_at
    found = shifted(calendar, stood, was, becomes, unit=total.term.unit)
    return found, hand_over_by(calendar, total, received_at, found)


def shifted(
    calendar: WorkingCalendar, stood: datetime, was: datetime, becomes: datetime, *, unit: Unit = Unit.MINUTE
) -> datetime:
    """Return ``stood`` moved on by as much, counted in ``unit``, as lies between the two other moments."""
    stood = calendar.local(stood)
    if becomes <= was:
        return stood
    if stood == was:
        return becomes
    match unit:
        case Unit.SECOND:
            return _after(stood, becomes.astimezone(UTC) - was.astimezone(UTC))
        case Unit.MINUTE | Unit.HOUR:
            return _working_time(calendar, calendar.worked(was, becomes), stood, ()).due_at
        case Unit.WORKING_DAY:
            days = 0
            day = was.date()
            while day < becomes.date():
                day += ONE_DAY
                days += calendar.is_working(day)
            return _working_days(calendar, days, stood, "", ()).due_at if days else stood
        case Unit.CALENDAR_DAY:
            days = (becomes.date() - was.date()).days
            return calendar.closing(calendar.next_working_day(stood.date() + timedelta(days=days)))


def _due(
    calendar: WorkingCalendar,
    term: Term,
    start: datetime,
    pauses: Iterable[Pause],
    *,
    first_day: str,
    first_day_counts: bool,
) -> Explained:
    begun = calendar.local(start)
    amount = term.value if term.value is not None else term.maximum
    if amount is None or amount < 1:
        raise ValueError("a term without a length")
    still = merged((_local(calendar, pause) for pause in pauses), since=begun)
    skipped = None if first_day_counts else first_day
    match term.unit:
        case Unit.SECOND:
            return _wall_clock(timedelta(seconds=amount), begun, still)
        case Unit.MINUTE:
            return _working_time(calendar, timedelta(minutes=amount), begun, still)
        case Unit.HOUR:
            return _working_time(calendar, timedelta(hours=amount), begun, still)
        case Unit.WORKING_DAY:
            return _working_days(calendar, int(amount), begun, skipped, still)
        case Unit.CALENDAR_DAY:
            return _calendar_days(calendar, int(amount), begun, skipped, still)


def _local(calendar: WorkingCalendar, pause: Pause) -> Pause:
    return Pause(calendar.local(pause.first), calendar.local(pause.last), pause.text, pause.clause)


def _paused(first: datetime, last: datetime, pause: Pause) -> Explanation:
    return Explanation(first, last, False, "paused", pause.text, pause.clause)


def _lost(calendar: WorkingCalendar, day: date, pauses: tuple[Pause, ...]) -> Pause | None:
    """Return the pause in which the day closes: it does not count."""
    ends = calendar.closing(day) if calendar.is_working(day) else calendar.midnight(day + ONE_DAY)
    return next((pause for pause in pauses if pause.first < ends <= pause.last), None)


def _working_days(
    calendar: WorkingCalendar, amount: int, begun: datetime, skipped: str | None, pauses: tuple[Pause, ...]
) -> Explained:
    """``skipped``: the code under which the first day is not counted; None when it is counted."""
    reasons: list[Explanation] = []
    day = begun.date()
    if skipped is not None:
        day += ONE_DAY
        reasons.append(Explanation(begun, calendar.midnight(day), False, skipped))
    left = amount
    while True:
        worked = calendar.next_working_day(day)
        _add_days_off(reasons, calendar, day, worked)
        opening, closing = calendar.intervals(worked)[0][0], calendar.closing(worked)
        day = worked + ONE_DAY
        pause = _lost(calendar, worked, pauses)
        if pause is not None:
            reasons.append(_paused(opening, closing, pause))
            continue
        why = calendar.why(worked)
        reasons.append(Explanation(opening, closing, True, why.code, why.text))
        left -= 1
        if not left:
            return Explained(closing, tuple(reasons))


def _calendar_days(
    calendar: WorkingCalendar, amount: int, begun: datetime, skipped: str | None, pauses: tuple[Pause, ...]
) -> Explained:
    reasons: list[Explanation] = []
    day = begun.date()
    if skipped is not None:
        day += ONE_DAY
        reasons.append(Explanation(begun, calendar.midnight(day), False, skipped))
    runs, last = _runs_of_days(calendar, amount, day, pauses)
    ends_on = calendar.next_working_day(last)
    while (pause := _lost(calendar, ends_on, pauses)) is not None and ends_on != last:
        ends_on = calendar.next_working_day(ends_on + ONE_DAY)
    closing = calendar.closing(ends_on)
    for first, after, pause in runs:
        ends = calendar.midnight(after)
        if after == last + ONE_DAY:
            ends = closing if ends_on == last else calendar.midnight(last)
        if calendar.midnight(first) < ends:
            starts = calendar.midnight(first)
            reasons.append(
                _paused(starts, ends, pause) if pause else Explanation(starts, ends, True, "calendar-days")
            )
    if ends_on != last:
        # The last counted day is a day off: it is named, and the end moves on.
        _add_days_passed(reasons, calendar, last, ends_on, pauses)
        opening = calendar.intervals(ends_on)[0][0]
        reasons.append(Explanation(opening, closing, True, "next-working-day"))
    return Explained(closing, tuple(reasons))


def _runs_of_days(
    calendar: WorkingCalendar, amount: int, first: date, pauses: tuple[Pause, ...]
) -> tuple[list[tuple[date, date, Pause | None]], date]:
    """Return the days as runs (first, day after the last, the pause they are lost in), and the last counted day."""
    runs: list[tuple[date, date, Pause | None]] = []
    day, left = first, amount
    while True:
        pause = _lost(calendar, day, pauses)
        if runs and runs[-1][2] == pause:
            runs[-1] = (runs[-1][0], day + ONE_DAY, pause)
        else:
            runs.append((day, day + ONE_DAY, pause))
        left -= pause is None
        if not left:
            return runs, day
        day += ONE_DAY


def _wall_clock(length: timedelta, begun: datetime, pauses: tuple[Pause, ...]) -> Explained:
    reasons: list[Explanation] = []
    moment, left = begun, length
    for pause in pauses:
        room = pause.first.astimezone(UTC) - moment.astimezone(UTC)
        if room >= left:
            break
        if room:
            reasons.append(Explanation(moment, pause.first, True, "wall-clock"))
        reasons.append(_paused(pause.first, pause.last, pause))
        moment, left = pause.last, left - room
    ends = _after(moment, left)
    reasons.append(Explanation(moment, ends, True, "wall-clock"))
    return Explained(ends, tuple(reasons))


def _after(moment: datetime, length: timedelta) -> datetime:
    """Return the moment after a length of real time, whatever the zone's clocks do meanwhile."""
    return (moment.astimezone(UTC) + length).astimezone(moment.tzinfo)


def _working_time(
    calendar: WorkingCalendar, length: timedelta, begun: datetime, pauses: tuple[Pause, ...]
) -> Explained:
    reasons: list[Explanation] = []
    ahead = list(pauses)
    left = length
    moment = begun
    while True:
        if ahead and ahead[0].first <= moment:
            pause = ahead.pop(0)
            reasons.append(_paused(moment, pause.last, pause))
            moment = pause.last
            continue
        opening, closing = calendar.stretch_from(moment)
        if ahead and ahead[0].first <= opening:
            _add_pause(reasons, calendar, moment, ahead[0].first)
            moment = ahead[0].first
            continue
        _add_pause(reasons, calendar, moment, opening)
        closing = min(closing, ahead[0].first) if ahead else closing
        room = closing.astimezone(UTC) - opening.astimezone(UTC)
        ends = closing if room <= left else opening + left
        reasons.append(Explanation(opening, ends, True, "working-time", calendar.why(opening.date()).text))
        left -= room
        if left <= timedelta():
            return Explained(ends, tuple(reasons))
        moment = closing


def _add_days_off(reasons: list[Explanation], calendar: WorkingCalendar, first: date, before: date) -> None:
    """Add the days off from ``first`` up to, not including, ``before``; neighbours of one reason as one."""
    day = first
    while day < before:
        why = calendar.why(day)
        ends = day + ONE_DAY
        while ends < before and calendar.why(ends) == why:
            ends += ONE_DAY
        reasons.append(
            Explanation(calendar.midnight(day), calendar.midnight(ends), False, why.code, why.text)
        )
        day = ends


def _add_days_passed(
    reasons: list[Explanation],
    calendar: WorkingCalendar,
    first: date,
    before: date,
    pauses: tuple[Pause, ...],
) -> None:
    """Add the days off from ``first`` up to ``before``, and the days between them that are lost in a pause."""
    day = first
    while day < before:
        worked = min(calendar.next_working_day(day), before)
        _add_days_off(reasons, calendar, day, worked)
        pause = _lost(calendar, worked, pauses) if worked < before else None
        if pause is not None:
            reasons.append(_paused(calendar.intervals(worked)[0][0], calendar.closing(worked), pause))
        day = worked + ONE_DAY


def _add_pause(
    reasons: list[Explanation], calendar: WorkingCalendar, first: datetime, last: datetime
) -> None:
    """Add the time nobody works, from ``first`` to ``last``: a break, after hours, days off."""
    if first >= last:
        return
    first_day, last_day = first.date(), last.date()
    if first_day == last_day:
        if not calendar.is_working(first_day):
            why = calendar.why(first_day)
            reasons.append(Explanation(first, last, False, why.code, why.text))
            return
        began_before = any(opening <= first for opening, _ in calendar.intervals(first_day))
        reasons.append(Explanation(first, last, False, "break" if began_before else "after-hours"))
        return
    next_day = first_day + ONE_DAY
    night = last
    if next_day < last_day or not calendar.is_working(first_day):
        night = calendar.midnight(next_day)
    if calendar.is_working(first_day):
        reasons.append(Explanation(first, night, False, "after-hours"))
    else:
        why = calendar.why(first_day)
        reasons.append(Explanation(first, night, False, why.code, why.text))
    _add_days_off(reasons, calendar, next_day, last_day)
    if night < last and calendar.midnight(last_day) < last:
        _add_pause(reasons, calendar, calendar.midnight(last_day), last)
