"""Terms by a table of cases, and what each date says of itself."""

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

import pytest

from desktop.errors import BadInput, NotAllowed
from desktop.regulation.calendar_data import default_hours, parse_intervals, write_intervals
from desktop.regulation.model import Term, Text, TotalTerm, Unit
from desktop.regulation.terms import (
    EXPLANATION_CODES,
    DayRule,
    Explained,
    HoursRule,
    WorkingCalendar,
    default_calendar,
    due,
    total_due,
)

ORAL = ZoneInfo("Asia/Oral")
CALENDAR = default_calendar(ORAL)
DAY = ((time(9), time(13)), (time(14, 30), time(18, 30)))


def at(written: str) -> datetime:
    return datetime.fromisoformat(written).replace(tzinfo=ORAL)


def ends(amount: int, unit: Unit, start: str, calendar: WorkingCalendar = CALENDAR) -> str:
    found = due(calendar, Term(unit, amount), at(start)).due_at
    return found.replace(tzinfo=None).isoformat(timespec="seconds" if unit is Unit.SECOND else "minutes")


@pytest.mark.parametrize(
    ("amount", "unit", "start", "expected"),
    [
        # minutes: inside, over the break, at the edges of the break, over the night, over a weekend
        (15, Unit.MINUTE, "2018-07-02T10:00", "2018-07-02T10:15"),
        (15, Unit.MINUTE, "2018-07-02T12:50", "2018-07-02T14:35"),
        (10, Unit.MINUTE, "2018-07-02T12:50", "2018-07-02T13:00"),
        (15, Unit.MINUTE, "2018-07-02T13:00", "2018-07-02T14:45"),
        (15, Unit.MINUTE, "2018-07-02T14:29", "2018-07-02T14:45"),
        (15, Unit.MINUTE, "2018-07-02T14:30", "2018-07-02T14:45"),
        (15, Unit.MINUTE, "2018-07-02T18:20", "2018-07-03T09:05"),
        (15, Unit.MINUTE, "2018-07-02T18:30", "2018-07-03T09:15"),
        (15, Unit.MINUTE, "2018-07-02T23:59", "2018-07-03T09:15"),
        (15, Unit.MINUTE, "2018-07-02T00:00", "2018-07-02T09:15"),
        (15, Unit.MINUTE, "2018-06-29T18:25", "2018-07-02T09:10"),
        (15, Unit.MINUTE, "2018-06-30T12:00", "2018-07-02T09:15"),
        # hours: over the break, the night, a holiday, a moved Saturday, the New Year
        (3, Unit.HOUR, "2018-07-02T09:00", "2018-07-02T12:00"),
        (3, Unit.HOUR, "2018-07-02T11:00", "2018-07-02T15:30"),
        (3, Unit.HOUR, "2018-07-02T17:30", "2018-07-03T11:00"),
        (8, Unit.HOUR, "2018-07-02T09:00", "2018-07-02T18:30"),
        (9, Unit.HOUR, "2018-07-02T09:00", "2018-07-03T10:00"),
        (3, Unit.HOUR, "2018-07-05T17:00", "2018-07-09T10:30"),
        (3, Unit.HOUR, "2018-08-24T17:00", "2018-08-25T10:30"),
        (3, Unit.HOUR, "2018-12-29T17:00", "2019-01-03T10:30"),
        # working days: the first is not counted; Friday to Monday; holidays; moved days of 2018
        (1, Unit.WORKING_DAY, "2018-07-02T09:00", "2018-07-03T18:30"),
        (1, Unit.WORKING_DAY, "2018-06-29T16:50", "2018-07-02T18:30"),
        (1, Unit.WORKING_DAY, "2018-06-30T16:50", "2018-07-02T18:30"),
        (1, Unit.WORKING_DAY, "2018-07-05T09:00", "2018-07-09T18:30"),
        (1, Unit.WORKING_DAY, "2018-03-02T09:00", "2018-03-03T18:30"),
        (4, Unit.WORKING_DAY, "2018-03-02T09:00", "2018-03-07T18:30"),
        (5, Unit.WORKING_DAY, "2018-03-02T09:00", "2018-03-12T18:30"),
        (1, Unit.WORKING_DAY, "2018-04-27T09:00", "2018-04-28T18:30"),
        (2, Unit.WORKING_DAY, "2018-04-27T09:00", "2018-05-02T18:30"),
        (1, Unit.WORKING_DAY, "2018-05-04T09:00", "2018-05-05T18:30"),
        (2, Unit.WORKING_DAY, "2018-05-04T09:00", "2018-05-10T18:30"),
        (1, Unit.WORKING_DAY, "2018-08-24T09:00", "2018-08-25T18:30"),
        (1, Unit.WORKING_DAY, "2018-08-29T09:00", "2018-09-03T18:30"),
        (1, Unit.WORKING_DAY, "2018-08-31T09:00", "2018-09-03T18:30"),
        (1, Unit.WORKING_DAY, "2018-12-28T09:00", "2018-12-29T18:30"),
        (2, Unit.WORKING_DAY, "2018-12-28T09:00", "2019-01-03T18:30"),
        # a holiday on a weekend moves on; 7 January and Kurban Ait do not
        (1, Unit.WORKING_DAY, "2018-11-30T09:00", "2018-12-04T18:30"),
        (1, Unit.WORKING_DAY, "2017-01-06T09:00", "2017-01-09T18:30"),
        (1, Unit.WORKING_DAY, "2020-07-30T09:00", "2020-08-03T18:30"),
        (1, Unit.WORKING_DAY, "2020-05-07T09:00", "2020-05-11T18:30"),
        (1, Unit.WORKING_DAY, "2013-12-27T09:00", "2013-12-28T18:30"),
        (1, Unit.WORKING_DAY, "2014-01-02T09:00", "2014-01-06T18:30"),
        (10, Unit.WORKING_DAY, "2018-12-20T09:00", "2019-01-08T18:30"),
        # calendar days: the end moves on from a day off
        (15, Unit.CALENDAR_DAY, "2018-07-02T09:00", "2018-07-17T18:30"),
        (4, Unit.CALENDAR_DAY, "2018-07-02T09:00", "2018-07-09T18:30"),
        (5, Unit.CALENDAR_DAY, "2018-07-02T09:00", "2018-07-09T18:30"),
        (1, Unit.CALENDAR_DAY, "2018-12-29T09:00", "2019-01-03T18:30"),
        (5, Unit.CALENDAR_DAY, "2018-03-05T09:00", "2018-03-12T18:30"),
        # seconds run by the wall clock
        (30, Unit.SECOND, "2018-07-02T18:29:45", "2018-07-02T18:30:15"),
        (90, Unit.SECOND, "2018-06-30T23:59:00", "2018-07-01T00:00:30"),
    ],
)
def test_when_a_term_ends(amount: int, unit: Unit, start: str, expected: str) -> None:
    assert ends(amount, unit, start) == expected


def test_of_an_interval_the_longest_counts() -> None:
    term = Term(Unit.SECOND, minimum=10, maximum=15)
    assert due(CALENDAR, term, at("2018-07-02T10:00")).due_at == at("2018-07-02T10:00:15")


@pytest.mark.parametrize(
    ("received", "due_at", "hand_over_by"),
    [
        ("2018-06-29T16:50", "2018-07-23T18:30", "2018-07-20T18:30"),
        ("2018-06-30T16:50", "2018-07-23T18:30", "2018-07-20T18:30"),  # a Saturday
        ("2018-06-29T23:50", "2018-07-23T18:30", "2018-07-20T18:30"),  # after hours
        ("2018-07-02T09:00", "2018-07-24T18:30", "2018-07-23T18:30"),
        ("2018-08-10T09:00", "2018-09-04T18:30", "2018-09-03T18:30"),  # 25 August worked, 21, 30, 31 off
        ("2018-08-09T09:00", "2018-09-03T18:30", "2018-08-29T18:30"),
        ("2018-12-10T09:00", "2019-01-04T18:30", "2019-01-03T18:30"),
    ],
)
def test_the_total_term_of_the_decree(received: str, due_at: str, hand_over_by: str) -> None:
    total = TotalTerm(Term(Unit.WORKING_DAY, 15), (), "5", hand_over_days_before=1)
    explained, by = total_due(CALENDAR, total, at(received))
    assert (explained.due_at, by) == (at(due_at), at(hand_over_by))


def test_without_a_hand_over_rule_there_is_no_such_day() -> None:
    explained, by = total_due(CALENDAR, TotalTerm(Term(Unit.WORKING_DAY, 2), (), "5"), at("2018-07-02T09:00"))
    assert (explained.due_at, by) == (at("2018-07-04T18:30"), None)


def test_an_act_may_count_the_day_of_receipt() -> None:
    total = TotalTerm(Term(Unit.WORKING_DAY, 2), (), "5", receipt_day_counts=True)
    assert total_due(CALENDAR, total, at("2018-07-02T17:00"))[0].due_at == at("2018-07-03T18:30")
    total = TotalTerm(Term(Unit.CALENDAR_DAY, 2), (), "5", receipt_day_counts=True)
    assert total_due(CALENDAR, total, at("2018-07-02T17:00"))[0].due_at == at("2018-07-03T18:30")


def _told(explained: Explained) -> list[tuple[str, str, str, bool]]:
    assert {reason.code for reason in explained.reasons} <= EXPLANATION_CODES
    return [
        (f"{reason.first:%m-%dT%H:%M}", f"{reason.last:%m-%dT%H:%M}", reason.code, reason.counted)
        for reason in explained.reasons
    ]


def test_working_days_are_explained_one_by_one() -> None:
    explained = due(CALENDAR, Term(Unit.WORKING_DAY, 3), at("2018-08-28T11:00"))
    assert _told(explained) == [
        ("08-28T11:00", "08-29T00:00", "start-day", False),
        ("08-29T09:00", "08-29T18:30", "working-day", True),
        ("08-30T00:00", "08-31T00:00", "holiday", False),
        ("08-31T00:00", "09-01T00:00", "day-off-swapped", False),
        ("09-01T00:00", "09-03T00:00", "weekend", False),
        ("09-03T09:00", "09-03T18:30", "working-day", True),
        ("09-04T09:00", "09-04T18:30", "working-day", True),
    ]
    assert explained.reasons[2].text == Text(
        "Қазақстан Республикасының Конституциясы күні", "День Конституции Республики Казахстан"
    )
    assert explained.reasons[3].text == Text(
        "Демалыс күні (25.08.2018 бастап ауыстырылды)", "Выходной день (перенесён с 25.08.2018)"
    )


def test_hours_are_explained_with_break_night_and_days_off() -> None:
    explained = due(CALENDAR, Term(Unit.HOUR, 9), at("2018-07-05T12:00"))
    assert _told(explained) == [
        ("07-05T12:00", "07-05T13:00", "working-time", True),
        ("07-05T13:00", "07-05T14:30", "break", False),
        ("07-05T14:30", "07-05T18:30", "working-time", True),
        ("07-05T18:30", "07-06T00:00", "after-hours", False),
        ("07-06T00:00", "07-07T00:00", "holiday", False),
        ("07-07T00:00", "07-09T00:00", "weekend", False),
        ("07-09T00:00", "07-09T09:00", "after-hours", False),
        ("07-09T09:00", "07-09T13:00", "working-time", True),
    ]


def test_a_night_between_two_working_days_is_one_interval() -> None:
    explained = due(CALENDAR, Term(Unit.MINUTE, 15), at("2018-07-02T18:20"))
    assert _told(explained)[1] == ("07-02T18:30", "07-03T09:00", "after-hours", False)


def test_minutes_that_begin_on_a_day_off_say_so() -> None:
    explained = due(CALENDAR, Term(Unit.MINUTE, 15), at("2018-07-07T12:00"))
    assert [reason[2] for reason in _told(explained)] == ["weekend", "weekend", "after-hours", "working-time"]


def test_calendar_days_say_that_the_end_moved_on() -> None:
    explained = due(CALENDAR, Term(Unit.CALENDAR_DAY, 4), at("2018-07-02T09:00"))
    assert [reason[2] for reason in _told(explained)] == [
        "start-day",
        "calendar-days",
        "holiday",
        "weekend",
        "next-working-day",
    ]


def test_a_moved_saturday_has_the_hours_of_the_day_it_stands_for() -> None:
    fridays_short = HoursRule(date(2018, 1, 1), 4, ((time(9), time(12)),))
    calendar = WorkingCalendar((*default_hours(), fridays_short), {}, ORAL)
    assert calendar.intervals(date(2018, 3, 3)) == ((at("2018-03-03T09:00"), at("2018-03-03T12:00")),)
    assert calendar.closing(date(2018, 5, 5)) == at("2018-05-05T18:30")  # for a Tuesday
    assert calendar.why(date(2018, 3, 3)).code == "moved-working-day"
    assert calendar.why(date(2018, 3, 3)).text == Text(
        "Жұмыс күні (09.03.2018 орнына)", "Рабочий день (вместо 09.03.2018)"
    )


def test_an_override_gives_a_moved_saturday_hours_of_its_own_or_takes_it_away() -> None:
    reason = Text("Бұйрық", "Приказ")
    short = DayRule(((time(10), time(12)),), reason)
    calendar = WorkingCalendar(
        default_hours(), {date(2018, 3, 3): short, date(2018, 4, 28): DayRule((), reason)}, ORAL
    )
    assert calendar.closing(date(2018, 3, 3)) == at("2018-03-03T12:00")
    assert calendar.why(date(2018, 3, 3)).code == "override-working-day"
    assert not calendar.is_working(date(2018, 4, 28))
    assert calendar.why(date(2018, 4, 28)) == type(calendar.why(date(2018, 4, 28)))(
        "override-day-off", reason
    )


def test_an_override_opens_a_holiday() -> None:
    calendar = WorkingCalendar(default_hours(), {date(2018, 7, 6): DayRule(DAY, Text("Іс", "Дело"))}, ORAL)
    assert ends(1, Unit.WORKING_DAY, "2018-07-05T09:00", calendar) == "2018-07-06T18:30"


def test_hours_are_kept_by_date() -> None:
    later = HoursRule(date(2018, 7, 9), 0, ((time(8), time(17)),))
    calendar = WorkingCalendar((*default_hours(), later), {}, ORAL)
    assert calendar.closing(date(2018, 7, 2)) == at("2018-07-02T18:30")
    assert calendar.closing(date(2018, 7, 9)) == at("2018-07-09T17:00")
    closed = HoursRule(date(2018, 7, 16), 0, ())
    calendar = WorkingCalendar((*default_hours(), later, closed), {}, ORAL)
    assert not calendar.is_working(date(2018, 7, 16))
    assert calendar.why(date(2018, 7, 16)).code == "closed-day"


def test_names_of_moved_and_estimated_holidays_in_both_languages() -> None:
    moved = CALENDAR.why(date(2018, 12, 3))
    assert moved.code == "holiday-moved"
    assert moved.text == Text(
        "Қазақстан Республикасының Тұңғыш Президенті күні (қайта белгіленген демалыс)",
        "День Первого Президента Республики Казахстан (перенос выходного дня)",
    )
    estimated = CALENDAR.why(date(2026, 5, 27))
    assert estimated.text == Text("Құрбан айт (бағаланған)", "Курбан айт (расчётная дата)")


@pytest.mark.parametrize("year", range(2005, 2036))
def test_every_holiday_has_a_russian_name(year: int) -> None:
    for ordinal in range(date(year, 1, 1).toordinal(), date(year, 12, 31).toordinal() + 1):
        text = CALENDAR.why(date.fromordinal(ordinal)).text
        if text is not None:
            assert not set(text.ru) & set("әғқңөұүһі") or text.ru.startswith("Наурыз"), text


def test_an_office_without_hours_is_told_instead_of_waited_for() -> None:
    with pytest.raises(NotAllowed, match="no-working-hours"):
        due(WorkingCalendar((), {}, ORAL), Term(Unit.MINUTE, 15), at("2018-07-02T10:00"))


def test_a_moment_in_another_zone_is_the_offices_moment() -> None:
    moment = datetime(2018, 7, 2, 5, 0, tzinfo=UTC)  # 10:00 in Oral
    assert due(CALENDAR, Term(Unit.MINUTE, 15), moment).due_at == at("2018-07-02T10:15")
    late = datetime(2018, 7, 1, 20, 0, tzinfo=UTC)  # already Monday in Oral
    assert due(CALENDAR, Term(Unit.WORKING_DAY, 1), late).due_at == at("2018-07-03T18:30")


def test_a_moment_without_a_zone_is_a_defect() -> None:
    with pytest.raises(ValueError, match="time zone"):
        due(CALENDAR, Term(Unit.MINUTE, 15), datetime(2018, 7, 2, 10, 0))


@pytest.mark.parametrize(
    ("moment", "expected"),
    [
        ("2018-07-02T10:00", "2018-07-02T10:00"),
        ("2018-07-02T13:00", "2018-07-02T14:30"),
        ("2018-07-02T18:30", "2018-07-03T09:00"),
        ("2018-07-05T19:00", "2018-07-09T09:00"),
    ],
)
def test_the_next_working_moment(moment: str, expected: str) -> None:
    assert CALENDAR.next_working_moment(at(moment)) == at(expected)


@pytest.mark.parametrize(
    "written",
    [
        [["09:00"]],
        [["09:00", "8:00"]],
        [["13:00", "09:00"]],
        [["09:00", "09:00"]],
        [["09:00", "13:00"], ["12:00", "18:00"]],
        [["14:00", "18:00"], ["09:00", "13:00"]],
        [["09:00", "25:00"]],
        [["nine", "ten"]],
    ],
)
def test_impossible_hours_are_refused(written: list[list[str]]) -> None:
    with pytest.raises(BadInput, match="hours-wrong") as caught:
        parse_intervals(written)
    assert caught.value.field == "intervals"


def test_hours_are_written_as_they_are_read() -> None:
    assert write_intervals(DAY) == [["09:00", "13:00"], ["14:30", "18:30"]]
    assert parse_intervals(write_intervals(DAY)) == DAY
