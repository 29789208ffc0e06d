"""An independent, slow reckoning of due dates, to check ``desktop.regulation.terms`` against.

It knows no package and shares no code with the program: the days off and the moved days are written out, as the law "On
holidays" and the government's yearly decrees have them, and time is walked day by day, minute by minute, second by
second. Moments are naive: the office's wall clock. A pause is a pair of them.
"""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta

Pauses = Sequence[tuple[datetime, datetime]]

OFF = {
    # 2012: 1 January is a Sunday (moved to the 3rd); 7 January does not move; 1, 16 December on days off
    (2012, 1, 1), (2012, 1, 2), (2012, 1, 3), (2012, 1, 7), (2012, 3, 8), (2012, 3, 9),
    (2012, 3, 21), (2012, 3, 22), (2012, 3, 23), (2012, 4, 30), (2012, 5, 1), (2012, 5, 9), (2012, 7, 6),
    (2012, 8, 30), (2012, 10, 26), (2012, 12, 3), (2012, 12, 16), (2012, 12, 17), (2012, 12, 18), (2012, 12, 31),
    # 2013: 23 March, 6 July, 1 December on days off; 10 May and 14 October by decree
    (2013, 1, 1), (2013, 1, 2), (2013, 1, 7), (2013, 3, 8), (2013, 3, 21), (2013, 3, 22), (2013, 3, 25),
    (2013, 5, 1), (2013, 5, 7), (2013, 5, 9), (2013, 5, 10), (2013, 7, 8), (2013, 8, 30),
    (2013, 10, 14), (2013, 10, 15), (2013, 12, 2), (2013, 12, 16), (2013, 12, 17),
    # 2015: nothing by decree; 8, 21 and 22 March, 9 May, 30 August on days off
    (2015, 1, 1), (2015, 1, 2), (2015, 1, 7), (2015, 3, 9), (2015, 3, 23), (2015, 3, 24), (2015, 3, 25),
    (2015, 5, 1), (2015, 5, 7), (2015, 5, 11), (2015, 7, 6), (2015, 8, 31), (2015, 9, 24),
    (2015, 12, 1), (2015, 12, 16), (2015, 12, 17),
    # 2016: 2 January, 1 and 7 May, 17 December on days off; 7 March by decree
    (2016, 1, 1), (2016, 1, 2), (2016, 1, 4), (2016, 1, 7), (2016, 3, 7), (2016, 3, 8),
    (2016, 3, 21), (2016, 3, 22), (2016, 3, 23), (2016, 5, 2), (2016, 5, 9), (2016, 5, 10), (2016, 7, 6),
    (2016, 8, 30), (2016, 9, 12), (2016, 12, 1), (2016, 12, 16), (2016, 12, 17), (2016, 12, 19),
    # 2018
    (2018, 1, 1), (2018, 1, 2), (2018, 1, 7),
    (2018, 3, 8), (2018, 3, 9), (2018, 3, 21), (2018, 3, 22), (2018, 3, 23),
    (2018, 4, 30), (2018, 5, 1), (2018, 5, 7), (2018, 5, 8), (2018, 5, 9),
    (2018, 7, 6), (2018, 8, 21), (2018, 8, 30), (2018, 8, 31),
    (2018, 12, 3), (2018, 12, 17), (2018, 12, 18), (2018, 12, 31),
    # 2019
    (2019, 1, 1), (2019, 1, 2), (2019, 1, 7), (2019, 3, 8), (2019, 3, 21), (2019, 3, 22), (2019, 3, 25),
    (2019, 5, 1), (2019, 5, 7), (2019, 5, 9), (2019, 5, 10), (2019, 7, 8), (2019, 8, 30),
    (2019, 12, 2), (2019, 12, 16), (2019, 12, 17),
    # 2020: 9 May is a Saturday, and the Monday after it is swapped for the 8th
    (2020, 1, 1), (2020, 1, 2), (2020, 1, 3), (2020, 1, 7), (2020, 3, 9), (2020, 3, 23), (2020, 3, 24), (2020, 3, 25),
    (2020, 5, 1), (2020, 5, 7), (2020, 5, 8), (2020, 7, 6), (2020, 7, 31), (2020, 8, 31),
    (2020, 12, 1), (2020, 12, 16), (2020, 12, 17), (2020, 12, 18),
    # 2025
    (2025, 1, 1), (2025, 1, 2), (2025, 1, 3), (2025, 1, 7), (2025, 3, 10), (2025, 3, 21), (2025, 3, 24), (2025, 3, 25),
    (2025, 5, 1), (2025, 5, 7), (2025, 5, 9), (2025, 6, 6), (2025, 7, 7), (2025, 9, 1), (2025, 10, 27), (2025, 12, 16),
}  # fmt: skip
WORKED_DAYS_OFF = {
    (2012, 3, 11), (2012, 4, 28), (2012, 12, 29), (2013, 5, 4), (2013, 10, 12), (2013, 12, 28), (2016, 3, 5),
    (2018, 3, 3), (2018, 4, 28), (2018, 5, 5), (2018, 8, 25), (2018, 12, 29), (2019, 5, 4),
    (2020, 1, 5), (2020, 5, 11), (2020, 12, 20), (2025, 1, 5),
}  # fmt: skip
YEARS = (2012, 2013, 2015, 2016, 2018, 2019, 2020, 2025)
_CLOSES = time(18, 30)


def works(day: date) -> bool:
    key = (day.year, day.month, day.day)
    if key in OFF:
        return False
    return day.weekday() < 5 or key in WORKED_DAYS_OFF


def end_of_working_days(
    amount: int, start: datetime, pauses: Pauses = (), *, first_counts: bool = False
) -> datetime:
    day = start.date() - timedelta(days=first_counts)
    while amount:
        day += timedelta(days=1)
        amount -= works(day) and not _lost(day, pauses)
    return datetime.combine(day, _CLOSES)


def end_of_calendar_days(
    amount: int, start: datetime, pauses: Pauses = (), *, first_counts: bool = False
) -> datetime:
    day = start.date() - timedelta(days=first_counts)
    while amount:
        day += timedelta(days=1)
        amount -= not _lost(day, pauses)
    while not works(day):
        day += timedelta(days=1)
        while works(day) and _lost(day, pauses):
            day += timedelta(days=1)
    return datetime.combine(day, _CLOSES)


def end_of_minutes(amount: int, start: datetime, pauses: Pauses = ()) -> datetime:
    """Walk minute by minute; ``start`` and the pauses are whole minutes."""
    moment = start
    while amount:
        amount -= _works_at(moment) and not any(first <= moment < last for first, last in pauses)
        moment += timedelta(minutes=1)
    return moment


def end_of_seconds(amount: int, start: datetime, pauses: Pauses = ()) -> datetime:
    moment = start
    while amount:
        amount -= not any(first <= moment < last for first, last in pauses)
        moment += timedelta(seconds=1)
    return moment


def end(
    amount: int, unit: str, start: datetime, pauses: Pauses = (), *, first_counts: bool = False
) -> datetime:
    """``unit`` as in a regulation file."""
    match unit:
        case "working_day":
            return end_of_working_days(amount, start, pauses, first_counts=first_counts)
        case "calendar_day":
            return end_of_calendar_days(amount, start, pauses, first_counts=first_counts)
        case "hour":
            return end_of_minutes(60 * amount, start, pauses)
        case "minute":
            return end_of_minutes(amount, start, pauses)
        case "second":
            return end_of_seconds(amount, start, pauses)
    raise ValueError(unit)


def one_day_before(due: datetime) -> datetime:
    day = due.date() - timedelta(days=1)
    while not works(day):
        day -= timedelta(days=1)
    return datetime.combine(day, _CLOSES)


def _works_at(moment: datetime) -> bool:
    minute = moment.hour * 60 + moment.minute
    return works(moment.date()) and (540 <= minute < 780 or 870 <= minute < 1110)


def _lost(day: date, pauses: Pauses) -> bool:
    """A day is lost when its closing time, or midnight on a day off, passes during a pause."""
    ends = datetime.combine(day, _CLOSES) if works(day) else datetime.combine(day + timedelta(days=1), time())
    return any(first < ends <= last for first, last in pauses)
