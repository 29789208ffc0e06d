"""What holds of every term, whenever it begins and however often it stands still."""

from datetime import datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from desktop.regulation.calendar_data import default_hours
from desktop.regulation.model import Term, Text, TotalTerm, Unit
from desktop.regulation.pauses import Pause, Stay, merged, stays
from desktop.regulation.terms import (
    DayRule,
    WorkingCalendar,
    default_calendar,
    due,
    moved_on,
    total_due,
)
from tests.regulation import day_walker

ORAL = ZoneInfo("Asia/Oral")
CALENDAR = default_calendar(ORAL)
NAMES = {
    Unit.WORKING_DAY: "working_day",
    Unit.CALENDAR_DAY: "calendar_day",
    Unit.MINUTE: "minute",
    Unit.HOUR: "hour",
}

moments = st.integers(0, 600 * 24 * 60).map(lambda minutes: datetime(2018, 1, 1) + timedelta(minutes=minutes))
units = st.sampled_from(sorted(NAMES))
amounts = st.integers(1, 40)
# (minutes from the start of the term, minutes long)
gaps = st.lists(st.tuples(st.integers(-2000, 40_000), st.integers(0, 12_000)), max_size=4)


def _aware(moment: datetime) -> datetime:
    return moment.replace(tzinfo=ORAL)


def _ends(amount: int, unit: Unit, start: datetime, pauses: tuple[Pause, ...] = ()) -> datetime:
    found = due(CALENDAR, Term(unit, amount), _aware(start), pauses=pauses)
    return found.due_at.replace(tzinfo=None)


def _pauses(start: datetime, found: list[tuple[int, int]]) -> tuple[Pause, ...]:
    begun = [start + timedelta(minutes=after) for after, _ in found]
    return tuple(
        Pause(_aware(first), _aware(first + timedelta(minutes=length)))
        for first, (_, length) in zip(begun, found, strict=True)
    )


@settings(max_examples=200, deadline=None)
@given(amounts, units, moments, gaps)
def test_any_date_is_what_the_walker_finds(
    amount: int, unit: Unit, start: datetime, found: list[tuple[int, int]]
) -> None:
    pauses = _pauses(start, found)
    plain = [(item.first.replace(tzinfo=None), item.last.replace(tzinfo=None)) for item in pauses]
    walked = day_walker.end(amount, NAMES[unit], start, plain)
    if walked.year <= 2019:
        assert _ends(amount, unit, start, pauses) == walked


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


@settings(max_examples=150, deadline=None)
@given(amounts, units, moments, gaps)
def test_a_pause_is_explained_and_what_counts_still_adds_up(
    amount: int, unit: Unit, start: datetime, found: list[tuple[int, int]]
) -> None:
    pauses = _pauses(start, found)
    explained = due(CALENDAR, Term(unit, amount), _aware(start), pauses=pauses)
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
        assert all(before.last == after.first for before, after in pairwise(reasons))
        for reason in counted:
            lasted = [item for item in pauses if item.first < item.last]  # one of no length takes nothing out
            assert not any(item.first < reason.last and reason.first < item.last for item in lasted)


@settings(max_examples=150, deadline=None)
@given(amounts, units, moments, gaps)
def test_a_due_moment_is_working_time_after_pauses_too(
    amount: int, unit: Unit, start: datetime, found: list[tuple[int, int]]
) -> None:
    ends = due(CALENDAR, Term(unit, amount), _aware(start), pauses=_pauses(start, found)).due_at
    assert ends > _aware(start)
    assert any(opening < ends <= closing for opening, closing in CALENDAR.intervals(ends.date()))


@settings(max_examples=150, deadline=None)
@given(amounts, units, moments, gaps, st.tuples(st.integers(-2000, 40_000), st.integers(0, 12_000)))
def test_one_more_pause_never_makes_anything_due_earlier(
    amount: int, unit: Unit, start: datetime, found: list[tuple[int, int]], more: tuple[int, int]
) -> None:
    assert _ends(amount, unit, start, _pauses(start, found)) <= _ends(
        amount, unit, start, _pauses(start, [*found, more])
    )


@settings(max_examples=150, deadline=None)
@given(amounts, units, moments, gaps)
def test_pauses_merge(amount: int, unit: Unit, start: datetime, found: list[tuple[int, int]]) -> None:
    """In any order, split anywhere, or merged beforehand, they lose the same."""
    pauses = _pauses(start, found)
    ends = _ends(amount, unit, start, pauses)
    one = merged(pauses)
    assert all(before.last < after.first for before, after in pairwise(one))
    assert _ends(amount, unit, start, one) == ends
    assert _ends(amount, unit, start, pauses[::-1]) == ends
    split = tuple(
        part
        for item in pauses
        for middle in [item.first + (item.last - item.first) // 2]
        for part in (Pause(item.first, middle), Pause(middle, item.last))
    )
    assert _ends(amount, unit, start, split) == ends
    assert _ends(amount, unit, start, (*pauses, *pauses)) == ends


@settings(max_examples=150, deadline=None)
@given(st.integers(1, 20), st.integers(1, 20), units, moments)
def test_terms_add(first: int, second: int, unit: Unit, start: datetime) -> None:
    """One term after another is the two as one; of calendar days only while the first ends on a working day."""
    middle = _ends(first, unit, start)
    if unit is Unit.CALENDAR_DAY and (middle.date() - start.date()).days != first:
        return
    assert _ends(second, unit, middle) == _ends(first + second, unit, start)


@settings(max_examples=150, deadline=None)
@given(amounts, units, moments, gaps)
def test_the_date_moves_on_pause_by_pause_as_if_all_were_known(
    amount: int, unit: Unit, start: datetime, found: list[tuple[int, int]]
) -> None:
    """A case learns of each pause when it is over."""
    total = TotalTerm(Term(unit, amount), (), "5", hand_over_days_before=1)
    received = _aware(start)
    pauses = merged(_pauses(start, found), since=received)
    whole, by = total_due(CALENDAR, total, received)
    stood = whole.due_at
    for number, pause in enumerate(pauses):
        before = stood
        stood, by = moved_on(CALENDAR, total, received, stood, before=pauses[:number], pause=pause)
        assert stood >= before
    explained, at_once = total_due(CALENDAR, total, received, pauses=pauses)
    assert (stood, by) == (explained.due_at, at_once)


@settings(max_examples=100, deadline=None)
@given(st.integers(2, 40), units, moments, st.integers(0, 9), st.integers(1, 9))
def test_a_given_date_stands_whatever_becomes_of_the_calendar(
    amount: int, unit: Unit, start: datetime, day: int, days: int
) -> None:
    """A day off decreed later moves nothing; a pause moves the date given by what it lost, from where it stood."""
    extra = {start.date() + timedelta(days=day): DayRule((), Text("Демалыс", "Выходной"))}
    later = WorkingCalendar(default_hours(), extra, ORAL)
    total = TotalTerm(Term(unit, amount), (), "5")
    given_at = total_due(CALENDAR, total, _aware(start))[0].due_at
    nothing = Pause(_aware(start), _aware(start))
    assert moved_on(later, total, _aware(start), given_at, before=(), pause=nothing)[0] == given_at
    pause = Pause(_aware(start), _aware(start) + timedelta(days=days))
    assert moved_on(later, total, _aware(start), given_at, before=(), pause=pause)[0] >= given_at


@settings(max_examples=150, deadline=None)
@given(amounts, units, moments, st.integers(1, 5))
def test_nothing_is_handed_over_before_it_is_received_or_after_it_is_due(
    amount: int, unit: Unit, start: datetime, days: int
) -> None:
    total = TotalTerm(Term(unit, amount), (), "5", hand_over_days_before=days)
    explained, by = total_due(CALENDAR, total, _aware(start))
    assert by is not None
    assert _aware(start) <= by <= explained.due_at


@pytest.mark.parametrize("unit", sorted(Unit))
@pytest.mark.parametrize("amount", [0, -1])
def test_no_term_takes_no_time_or_less(unit: Unit, amount: int) -> None:
    with pytest.raises(ValueError, match="without a length"):
        due(CALENDAR, Term(unit, amount), _aware(datetime(2018, 7, 2, 10, 0)))


def test_a_pause_takes_no_time_away() -> None:
    with pytest.raises(ValueError, match="before it begins"):
        Pause(_aware(datetime(2018, 7, 3)), _aware(datetime(2018, 7, 2)))
    with pytest.raises(ValueError, match="time zone"):
        Pause(datetime(2018, 7, 2), datetime(2018, 7, 3))


def test_stays_follow_from_what_happened_where() -> None:
    def at(hour: int) -> datetime:
        return _aware(datetime(2018, 7, 2, hour))

    told = [("a", at(9)), ("b", at(10)), ("b", at(11)), ("c", at(12)), ("b", at(13)), ("d", at(14))]
    gone = (Stay("b", at(9), at(11)), Stay("c", at(11), at(12)), Stay("b", at(12), at(13)))
    assert stays(told, "d") == (*gone, Stay("d", at(13), None))
    assert stays(told, "e") == (*gone, Stay("d", at(13), at(14)), Stay("e", at(14), None))
    assert stays(told, None) == (*gone, Stay("d", at(13), at(14)))
    assert stays([], "a") == ()
    assert stays(told[:1], "a") == ()
    assert stays(told[:1], "b") == (Stay("b", at(9), None),)
