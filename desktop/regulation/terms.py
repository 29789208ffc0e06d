"""When a term ends, and why then: every date is explained interval by interval.

The rules (001 item 5 for the total; applied to steps in working days likewise, [I]): the calendar day the
term begins on is not counted, even when it is a day off or the moment is after hours; a term in working
days ends at the last closing time of its last day; minutes and hours run in working intervals only;
seconds run by the wall clock; a term in calendar days that ends on a day off moves to the next working
day (general rule of civil law on terms, [K]).
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from desktop.regulation.calendar_data import DayRule, HoursRule
from desktop.regulation.model import Term, Text, TotalTerm, Unit
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
    }
)


def due(calendar: WorkingCalendar, term: Term, start: datetime) -> Explained:
    """Return when ``term`` ends that begins at the aware moment ``start``; of an interval, its longest."""
    return _due(calendar, term, start, first_day="start-day", first_day_counts=False)


def total_due(
    calendar: WorkingCalendar, total: TotalTerm, received_at: datetime
) -> tuple[Explained, datetime | None]:
    """Return when the whole operation is due, and by when the result must be handed over (None: no such rule).

    The second is the closing time of the working day ``hand_over_days_before`` working days earlier.
    """
    explained = _due(
        calendar,
        total.term,
        received_at,
        first_day="receipt-day",
        first_day_counts=total.receipt_day_counts,
    )
    if not total.hand_over_days_before:
        return explained, None
    day = explained.due_at.date()
    for _ in range(total.hand_over_days_before):
        day = calendar.previous_working_day(day - ONE_DAY)
    return explained, calendar.closing(day)


def _due(
    calendar: WorkingCalendar, term: Term, start: datetime, *, first_day: str, first_day_counts: bool
) -> Explained:
    begun = calendar.local(start)
    amount = term.value if term.value is not None else term.maximum
    if amount is None:
        raise ValueError("a term without a length")
    match term.unit:
        case Unit.SECOND:
            ends = (begun.astimezone(UTC) + timedelta(seconds=amount)).astimezone(calendar.tz)
            return Explained(ends, (Explanation(begun, ends, True, "wall-clock"),))
        case Unit.MINUTE:
            return _working_time(calendar, timedelta(minutes=amount), begun)
        case Unit.HOUR:
            return _working_time(calendar, timedelta(hours=amount), begun)
        case Unit.WORKING_DAY:
            skipped = None if first_day_counts else first_day
            return _working_days(calendar, amount, begun, skipped)
        case Unit.CALENDAR_DAY:
            skipped = None if first_day_counts else first_day
            return _calendar_days(calendar, amount, begun, skipped)


def _working_days(calendar: WorkingCalendar, amount: int, begun: datetime, skipped: str | None) -> Explained:
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
        why = calendar.why(worked)
        opening, closing = calendar.intervals(worked)[0][0], calendar.closing(worked)
        reasons.append(Explanation(opening, closing, True, why.code, why.text))
        left -= 1
        if not left:
            return Explained(closing, tuple(reasons))
        day = worked + ONE_DAY


def _calendar_days(calendar: WorkingCalendar, amount: int, begun: datetime, skipped: str | None) -> Explained:
    reasons: list[Explanation] = []
    first = begun.date()
    if skipped is not None:
        first += ONE_DAY
        reasons.append(Explanation(begun, calendar.midnight(first), False, skipped))
    last = first + timedelta(days=amount - 1)
    ends_on = calendar.next_working_day(last)
    closing = calendar.closing(ends_on)
    if ends_on == last:
        reasons.append(Explanation(calendar.midnight(first), closing, True, "calendar-days"))
        return Explained(closing, tuple(reasons))
    # The last counted day is a day off: it is named, and the end moves on.
    if amount > 1:
        reasons.append(Explanation(calendar.midnight(first), calendar.midnight(last), True, "calendar-days"))
    _add_days_off(reasons, calendar, last, ends_on)
    opening = calendar.intervals(ends_on)[0][0]
    reasons.append(Explanation(opening, closing, True, "next-working-day"))
    return Explained(closing, tuple(reasons))


def _working_time(calendar: WorkingCalendar, length: timedelta, begun: datetime) -> Explained:
    reasons: list[Explanation] = []
    left = length
    moment = begun
    while True:
        opening, closing = calendar.stretch_from(moment)
        _add_pause(reasons, calendar, moment, opening)
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


def _add_pause(
    reasons: list[Explanation], calendar: WorkingCalendar, first: datetime, last: datetime
) -> None:
    """Add the time nobody works, from ``first`` to ``last``: a break, after hours, days off."""
    if first >= last:
        return
    first_day, last_day = first.date(), last.date()
    if first_day == last_day:
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
        reasons.append(Explanation(calendar.midnight(last_day), last, False, "after-hours"))
