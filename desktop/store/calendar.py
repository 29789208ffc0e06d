"""The office's working calendar, from its own tables of hours and days."""

from datetime import date
from functools import lru_cache
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from desktop.models import DayOverride, Office, WorkingHours
from desktop.regulation.calendar_data import DayRule, HoursRule, parse_intervals
from desktop.regulation.model import Text
from desktop.regulation.terms import WorkingCalendar

_Hours = tuple[HoursRule, ...]
_Overrides = tuple[tuple[date, DayRule], ...]


def working_calendar(session: Session) -> WorkingCalendar:
    """Return the calendar as it is now; the same object as long as nobody edits the tables."""
    hours = tuple(
        HoursRule(valid_from, weekday, parse_intervals(intervals))
        for valid_from, weekday, intervals in session.execute(
            select(WorkingHours.valid_from, WorkingHours.weekday, WorkingHours.intervals).order_by(
                WorkingHours.valid_from, WorkingHours.weekday
            )
        )
    )
    overrides = tuple(
        (row.day, DayRule(parse_intervals(row.intervals), Text(row.reason_kk, row.reason_ru)))
        for row in session.execute(
            select(
                DayOverride.day, DayOverride.intervals, DayOverride.reason_kk, DayOverride.reason_ru
            ).order_by(DayOverride.day)
        )
    )
    return _calendar(hours, overrides, session.get_one(Office, 1).time_zone)


@lru_cache(maxsize=4)
def _calendar(hours: _Hours, overrides: _Overrides, time_zone: str) -> WorkingCalendar:
    return WorkingCalendar(hours, dict(overrides), ZoneInfo(time_zone))
