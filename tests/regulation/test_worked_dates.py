"""Worked due dates, written out, reached by two reckonings that share nothing; and what holds for all dates."""

from datetime import date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from desktop.regulation.calendar_data import default_hours
from desktop.regulation.model import Term, Text, TotalTerm, Unit
from desktop.regulation.terms import DayRule, WorkingCalendar, default_calendar, due, total_due
from tests.regulation import day_walker

ORAL = ZoneInfo("Asia/Oral")
CALENDAR = default_calendar(ORAL)
WALKERS = {
    Unit.WORKING_DAY: day_walker.end_of_working_days,
    Unit.CALENDAR_DAY: day_walker.end_of_calendar_days,
    Unit.MINUTE: day_walker.end_of_minutes,
}
WORKED = [
    (15, Unit.WORKING_DAY, "2018-01-08T10:00", "2018-01-29T18:30"),
    (15, Unit.MINUTE, "2018-01-08T10:00", "2018-01-08T10:15"),
    (15, Unit.CALENDAR_DAY, "2018-01-08T10:00", "2018-01-23T18:30"),
    (10, Unit.WORKING_DAY, "2018-02-26T12:55", "2018-03-13T18:30"),
    (180, Unit.MINUTE, "2018-02-26T12:55", "2018-02-26T17:25"),
    (30, Unit.CALENDAR_DAY, "2018-02-26T12:55", "2018-03-28T18:30"),
    (1, Unit.WORKING_DAY, "2018-03-02T18:10", "2018-03-03T18:30"),
    (60, Unit.MINUTE, "2018-03-02T18:10", "2018-03-03T09:40"),
    (5, Unit.CALENDAR_DAY, "2018-03-02T18:10", "2018-03-07T18:30"),
    (3, Unit.WORKING_DAY, "2018-03-07T16:00", "2018-03-14T18:30"),
    (600, Unit.MINUTE, "2018-03-07T16:00", "2018-03-12T18:00"),
    (15, Unit.CALENDAR_DAY, "2018-03-07T16:00", "2018-03-26T18:30"),
    (2, Unit.WORKING_DAY, "2018-03-19T09:00", "2018-03-26T18:30"),
    (1440, Unit.MINUTE, "2018-03-19T09:00", "2018-03-26T18:30"),
    (30, Unit.CALENDAR_DAY, "2018-03-19T09:00", "2018-04-18T18:30"),
    (15, Unit.WORKING_DAY, "2018-03-20T17:45", "2018-04-13T18:30"),
    (15, Unit.MINUTE, "2018-03-20T17:45", "2018-03-20T18:00"),
    (5, Unit.CALENDAR_DAY, "2018-03-20T17:45", "2018-03-26T18:30"),
    (10, Unit.WORKING_DAY, "2018-04-26T11:11", "2018-05-15T18:30"),
    (180, Unit.MINUTE, "2018-04-26T11:11", "2018-04-26T15:41"),
    (15, Unit.CALENDAR_DAY, "2018-04-26T11:11", "2018-05-11T18:30"),
    (1, Unit.WORKING_DAY, "2018-04-28T18:20", "2018-05-02T18:30"),
    (60, Unit.MINUTE, "2018-04-28T18:20", "2018-05-02T09:50"),
    (30, Unit.CALENDAR_DAY, "2018-04-28T18:20", "2018-05-28T18:30"),
    (3, Unit.WORKING_DAY, "2018-05-03T14:00", "2018-05-10T18:30"),
    (600, Unit.MINUTE, "2018-05-03T14:00", "2018-05-04T16:30"),
    (5, Unit.CALENDAR_DAY, "2018-05-03T14:00", "2018-05-10T18:30"),
    (2, Unit.WORKING_DAY, "2018-05-05T08:30", "2018-05-11T18:30"),
    (1440, Unit.MINUTE, "2018-05-05T08:30", "2018-05-11T18:30"),
    (15, Unit.CALENDAR_DAY, "2018-05-05T08:30", "2018-05-21T18:30"),
    (15, Unit.WORKING_DAY, "2018-06-29T16:50", "2018-07-23T18:30"),
    (15, Unit.MINUTE, "2018-06-29T16:50", "2018-06-29T17:05"),
    (30, Unit.CALENDAR_DAY, "2018-06-29T16:50", "2018-07-30T18:30"),
    (10, Unit.WORKING_DAY, "2018-07-05T18:29", "2018-07-20T18:30"),
    (180, Unit.MINUTE, "2018-07-05T18:29", "2018-07-09T11:59"),
    (5, Unit.CALENDAR_DAY, "2018-07-05T18:29", "2018-07-10T18:30"),
    (1, Unit.WORKING_DAY, "2018-08-17T10:30", "2018-08-20T18:30"),
    (60, Unit.MINUTE, "2018-08-17T10:30", "2018-08-17T11:30"),
    (15, Unit.CALENDAR_DAY, "2018-08-17T10:30", "2018-09-03T18:30"),
    (3, Unit.WORKING_DAY, "2018-08-20T12:59", "2018-08-24T18:30"),
    (600, Unit.MINUTE, "2018-08-20T12:59", "2018-08-22T16:29"),
    (30, Unit.CALENDAR_DAY, "2018-08-20T12:59", "2018-09-19T18:30"),
    (2, Unit.WORKING_DAY, "2018-08-24T20:00", "2018-08-27T18:30"),
    (1440, Unit.MINUTE, "2018-08-24T20:00", "2018-08-28T18:30"),
    (5, Unit.CALENDAR_DAY, "2018-08-24T20:00", "2018-08-29T18:30"),
    (15, Unit.WORKING_DAY, "2018-08-29T17:00", "2018-09-21T18:30"),
    (15, Unit.MINUTE, "2018-08-29T17:00", "2018-08-29T17:15"),
    (15, Unit.CALENDAR_DAY, "2018-08-29T17:00", "2018-09-13T18:30"),
    (10, Unit.WORKING_DAY, "2018-11-29T13:30", "2018-12-14T18:30"),
    (180, Unit.MINUTE, "2018-11-29T13:30", "2018-11-29T17:30"),
    (30, Unit.CALENDAR_DAY, "2018-11-29T13:30", "2018-12-29T18:30"),
    (1, Unit.WORKING_DAY, "2018-12-14T09:00", "2018-12-19T18:30"),
    (60, Unit.MINUTE, "2018-12-14T09:00", "2018-12-14T10:00"),
    (5, Unit.CALENDAR_DAY, "2018-12-14T09:00", "2018-12-19T18:30"),
    (3, Unit.WORKING_DAY, "2018-12-28T18:00", "2019-01-04T18:30"),
    (600, Unit.MINUTE, "2018-12-28T18:00", "2019-01-03T10:30"),
    (15, Unit.CALENDAR_DAY, "2018-12-28T18:00", "2019-01-14T18:30"),
    (2, Unit.WORKING_DAY, "2018-12-29T17:15", "2019-01-04T18:30"),
    (1440, Unit.MINUTE, "2018-12-29T17:15", "2019-01-08T17:15"),
    (30, Unit.CALENDAR_DAY, "2018-12-29T17:15", "2019-01-28T18:30"),
    (15, Unit.WORKING_DAY, "2019-03-20T15:15", "2019-04-15T18:30"),
    (15, Unit.MINUTE, "2019-03-20T15:15", "2019-03-20T15:30"),
    (5, Unit.CALENDAR_DAY, "2019-03-20T15:15", "2019-03-26T18:30"),
    (10, Unit.WORKING_DAY, "2019-04-30T09:30", "2019-05-17T18:30"),
    (180, Unit.MINUTE, "2019-04-30T09:30", "2019-04-30T12:30"),
    (15, Unit.CALENDAR_DAY, "2019-04-30T09:30", "2019-05-15T18:30"),
    (1, Unit.WORKING_DAY, "2019-07-05T18:00", "2019-07-09T18:30"),
    (60, Unit.MINUTE, "2019-07-05T18:00", "2019-07-09T09:30"),
    (30, Unit.CALENDAR_DAY, "2019-07-05T18:00", "2019-08-05T18:30"),
    (3, Unit.WORKING_DAY, "2019-08-29T14:31", "2019-09-04T18:30"),
    (600, Unit.MINUTE, "2019-08-29T14:31", "2019-09-02T16:31"),
    (5, Unit.CALENDAR_DAY, "2019-08-29T14:31", "2019-09-03T18:30"),
]


def _ends(amount: int, unit: Unit, start: datetime) -> datetime:
    found = due(CALENDAR, Term(unit, amount), start.replace(tzinfo=ORAL))
    return found.due_at.replace(tzinfo=None)


@pytest.mark.parametrize(("amount", "unit", "start", "expected"), WORKED)
def test_a_worked_date(amount: int, unit: Unit, start: str, expected: str) -> None:
    moment = datetime.fromisoformat(start)
    assert _ends(amount, unit, moment) == datetime.fromisoformat(expected)
    assert WALKERS[unit](amount, moment) == datetime.fromisoformat(expected)


@pytest.mark.parametrize("year", [2018, 2019])
def test_every_day_is_a_working_day_or_not_as_published(year: int) -> None:
    first = date(year, 1, 1)
    days = [first + timedelta(days=number) for number in range(365)]
    assert [day for day in days if CALENDAR.is_working(day) != day_walker.works(day)] == []


moments = st.integers(0, 700 * 24 * 60).map(lambda minutes: datetime(2018, 1, 1) + timedelta(minutes=minutes))
units = st.sampled_from([Unit.MINUTE, Unit.HOUR, Unit.WORKING_DAY, Unit.CALENDAR_DAY])
amounts = st.integers(1, 40)


@settings(max_examples=60, deadline=None)
@given(amounts, st.sampled_from(sorted(WALKERS)), moments)
def test_any_date_is_what_the_walker_finds(amount: int, unit: Unit, start: datetime) -> None:
    if start.year == 2018 or start.month < 10:
        assert _ends(amount, unit, start) == WALKERS[unit](amount, start)


@settings(max_examples=150, deadline=None)
@given(amounts, units, moments)
def test_a_due_moment_is_working_time_and_later_than_the_start(
    amount: int, unit: Unit, start: datetime
) -> None:
    moment = start.replace(tzinfo=ORAL)
    found = due(CALENDAR, Term(unit, amount), moment).due_at
    assert found > moment
    assert any(opening < found <= closing for opening, closing in CALENDAR.intervals(found.date()))


@settings(max_examples=150, deadline=None)
@given(amounts, units, moments, st.integers(0, 60 * 24 * 20))
def test_who_comes_later_is_never_due_earlier(amount: int, unit: Unit, start: datetime, wait: int) -> None:
    assert _ends(amount, unit, start) <= _ends(amount, unit, start + timedelta(minutes=wait))


@settings(max_examples=150, deadline=None)
@given(amounts, units, moments, st.integers(0, 60))
def test_one_more_day_off_never_makes_anything_due_earlier(
    amount: int, unit: Unit, start: datetime, offset: int
) -> None:
    extra = {start.date() + timedelta(days=offset): DayRule((), Text("Демалыс", "Выходной"))}
    calendar = WorkingCalendar(default_hours(), extra, ORAL)
    moment = start.replace(tzinfo=ORAL)
    total = TotalTerm(Term(unit, amount), (), "5", hand_over_days_before=1)
    plain, plain_by = total_due(CALENDAR, total, moment)
    longer, longer_by = total_due(calendar, total, moment)
    assert plain.due_at <= longer.due_at
    assert plain_by is not None
    assert longer_by is not None
    if unit is Unit.WORKING_DAY and amount > 1:
        assert plain_by <= longer_by


@settings(max_examples=150, deadline=None)
@given(amounts, units, moments)
def test_the_explanation_adds_up(amount: int, unit: Unit, start: datetime) -> None:
    moment = start.replace(tzinfo=ORAL)
    explained = due(CALENDAR, Term(unit, amount), moment)
    reasons = explained.reasons
    assert reasons[-1].last == explained.due_at
    assert all(reason.first < reason.last for reason in reasons)
    assert all(before.last <= after.first for before, after in pairwise(reasons))
    counted = [reason for reason in reasons if reason.counted]
    if unit is Unit.WORKING_DAY:
        assert len(counted) == amount
    elif unit in (Unit.MINUTE, Unit.HOUR):
        length = timedelta(minutes=amount) if unit is Unit.MINUTE else timedelta(hours=amount)
        assert sum((reason.last - reason.first for reason in counted), timedelta()) == length
        assert reasons[0].first == moment
        assert all(before.last == after.first for before, after in pairwise(reasons))
