"""The office's working calendar, from its own tables of hours and days."""

from collections.abc import Sequence
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import CompoundSelect, Row, null, select, union_all
from sqlalchemy.orm import Session

from desktop.models import DayOverride, Office, WorkingHours
from desktop.regulation.calendar_data import DayRule, HoursRule, parse_intervals
from desktop.regulation.model import Text
from desktop.regulation.terms import WorkingCalendar

_ENOUGH = 4  # calendars that are kept: of an office and of those beside it in a test
_Rows = Sequence[Row[*tuple[Any, ...]]]

# one statement: hours of weekdays, and after them days that differ, which have no weekday
_HOURS_AND_DAYS: CompoundSelect[*tuple[Any, ...]] = union_all(
    select(
        WorkingHours.valid_from.label("day"),
        WorkingHours.weekday.label("weekday"),
        WorkingHours.intervals.label("intervals"),
        null().label("reason_kk"),
        null().label("reason_ru"),
    ),
    select(DayOverride.day, null(), DayOverride.intervals, DayOverride.reason_kk, DayOverride.reason_ru),
).order_by("day", "weekday")

_known: dict[tuple[object, ...], WorkingCalendar] = {}


def working_calendar(session: Session) -> WorkingCalendar:
    """Return the calendar as it is now; the same object as long as nobody edits the tables."""
    rows = session.execute(_HOURS_AND_DAYS).all()
    zone = session.get_one(Office, 1).time_zone
    key = (zone, *((row.day, row.weekday, str(row.intervals), row.reason_kk, row.reason_ru) for row in rows))
    found = _known.get(key)
    if found is None:
        if len(_known) >= _ENOUGH:
            _known.clear()
        found = _known[key] = _made(rows, ZoneInfo(zone))
    return found


def _made(rows: _Rows, zone: ZoneInfo) -> WorkingCalendar:
    hours = tuple(
        HoursRule(row.day, row.weekday, parse_intervals(row.intervals))
        for row in rows
        if row.weekday is not None
    )
    overrides = {
        row.day: DayRule(parse_intervals(row.intervals), Text(row.reason_kk, row.reason_ru))
        for row in rows
        if row.weekday is None
    }
    return WorkingCalendar(hours, overrides, zone)
