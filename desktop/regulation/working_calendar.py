"""When the office works: hours by date, overrides, holidays and moved days; each day says why."""

from bisect import bisect_right
from calendar import monthrange
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from desktop.errors import NotAllowed
from desktop.regulation import days_off
from desktop.regulation.calendar_data import (
    DayRule,
    HoursRule,
    Intervals,
    default_hours,
    default_overrides,
)
from desktop.regulation.model import Text

_SATURDAY = 5
_LONGEST_CLOSURE = 400  # days without one working hour: the hours are wrong, not the calendar
ONE_DAY = timedelta(days=1)

Stretch = tuple[datetime, datetime]


@dataclass(frozen=True, slots=True)
class DayReason:
    """Why the day is worked or not: a code and the name of the holiday or override, if any."""

    code: str
    text: Text | None = None


@dataclass(frozen=True, slots=True)
class _Day:
    intervals: tuple[Stretch, ...]
    reason: DayReason


class WorkingCalendar:
    """Immutable. All moments it gives are aware, in the office's time zone."""

    def __init__(self, hours: Iterable[HoursRule], overrides: Mapping[date, DayRule], tz: ZoneInfo) -> None:
        self.tz = tz
        self._overrides = dict(overrides)
        self._rules: dict[int, tuple[list[date], list[Intervals]]] = {}
        for rule in sorted(hours, key=lambda rule: rule.valid_from):
            starts, intervals = self._rules.setdefault(rule.weekday, ([], []))
            starts.append(rule.valid_from)
            intervals.append(rule.intervals)
        self._days: dict[date, _Day] = {}

    def intervals(self, day: date) -> tuple[Stretch, ...]:
        """Return the working intervals of the day, ascending; () when nobody works."""
        return self._day(day).intervals

    def is_working(self, day: date) -> bool:
        return bool(self._day(day).intervals)

    def why(self, day: date) -> DayReason:
        """Return the reason of the day.

        Worked: working-day, moved-working-day, override-working-day. Not worked: weekend, closed-day,
        holiday, holiday-moved, day-off-swapped, override-day-off.
        """
        return self._day(day).reason

    def closing(self, day: date) -> datetime:
        """Return the last closing time of a working day."""
        return self._day(day).intervals[-1][1]

    def midnight(self, day: date) -> datetime:
        """Return the day's first moment."""
        return datetime.combine(day, time(), self.tz)

    def local(self, moment: datetime) -> datetime:
        """Return an aware moment in the office's time zone; ValueError for a naive one."""
        if moment.tzinfo is None:
            raise ValueError("a moment needs a time zone")
        return moment.astimezone(self.tz)

    def next_working_day(self, day: date) -> date:
        """Return ``day`` or the first working day after it; NotAllowed "no-working-hours"."""
        return self._seek(day, ONE_DAY)

    def previous_working_day(self, day: date) -> date:
        """Return ``day`` or the last working day before it; NotAllowed "no-working-hours"."""
        return self._seek(day, -ONE_DAY)

    def next_working_moment(self, moment: datetime) -> datetime:
        """Return ``moment`` itself when somebody works then (closing times excluded), else the next opening."""
        return self.stretch_from(moment)[0]

    def stretch_from(self, moment: datetime) -> Stretch:
        """Return what is left, from ``moment`` on, of the working interval it is in, or the whole next one."""
        local = self.local(moment)
        day = self.next_working_day(local.date())
        while True:
            for opening, closing in self.intervals(day):
                if local < closing:
                    return max(opening, local), closing
            day = self.next_working_day(day + ONE_DAY)

    def worked(self, first: datetime, last: datetime) -> timedelta:
        """Return how much working time lies between two moments; none when the second is not later."""
        found = timedelta()
        moment, end = self.local(first), self.local(last)
        while moment < end:
            opening, closing = self.stretch_from(moment)
            if opening < end:
                found += min(closing, end).astimezone(UTC) - opening.astimezone(UTC)
            moment = closing
        return found

    def _seek(self, day: date, step: timedelta) -> date:
        for _ in range(_LONGEST_CLOSURE):
            if self.is_working(day):
                return day
            day += step
        raise NotAllowed("no-working-hours", day=day)

    def _day(self, day: date) -> _Day:
        found = self._days.get(day)
        if found is None:
            intervals, reason = self._decide(day)
            stretches = tuple(
                (datetime.combine(day, opening, self.tz), datetime.combine(day, closing, self.tz))
                for opening, closing in intervals
            )
            found = self._days[day] = _Day(stretches, reason)
        return found

    def _decide(self, day: date) -> tuple[Intervals, DayReason]:
        override = self._overrides.get(day)
        if override is not None:
            code = "override-working-day" if override.intervals else "override-day-off"
            return override.intervals, DayReason(code, override.reason)
        off = days_off.day_off(day)
        if off is not None:
            return (), DayReason(off.code, off.text)
        hours = self._hours(day, day.weekday())
        moved = days_off.moved_workday(day)
        if moved is not None and not hours:
            return self._hours(day, moved.instead_of.weekday()), DayReason("moved-working-day", moved.text)
        if hours:
            return hours, DayReason("working-day")
        return (), DayReason("weekend" if day.weekday() >= _SATURDAY else "closed-day")

    def _hours(self, day: date, weekday: int) -> Intervals:
        """Return the hours in force on ``day`` for a day of the week."""
        starts, intervals = self._rules.get(weekday, ([], []))
        index = bisect_right(starts, day)
        return intervals[index - 1] if index else ()


def default_calendar(tz: ZoneInfo) -> WorkingCalendar:
    """Return the calendar the program ships, for the command line and a new office."""
    return WorkingCalendar(default_hours(), default_overrides(), tz)


def months_later(day: date, months: int) -> date:
    """Return the same day of a later month, or that month's last one."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return day.replace(year=year, month=month + 1, day=min(day.day, monthrange(year, month + 1)[1]))
