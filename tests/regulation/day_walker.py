"""An independent, slow reckoning of due dates, to check ``desktop.regulation.terms`` against.

It knows no package: the days off and the moved days of 2018 and 2019 are written out from the government's
published calendars, and time is walked day by day or minute by minute.
"""

from datetime import date, datetime, timedelta

OFF = {
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
}  # fmt: skip
WORKED_SATURDAYS = {
    (2018, 3, 3), (2018, 4, 28), (2018, 5, 5), (2018, 8, 25), (2018, 12, 29), (2019, 5, 4),
}  # fmt: skip


def works(day: date) -> bool:
    key = (day.year, day.month, day.day)
    if key in OFF:
        return False
    return day.weekday() < 5 or key in WORKED_SATURDAYS


def end_of_working_days(amount: int, start: datetime) -> datetime:
    day = start.date()
    while amount:
        day += timedelta(days=1)
        amount -= works(day)
    return datetime(day.year, day.month, day.day, 18, 30)


def end_of_calendar_days(amount: int, start: datetime) -> datetime:
    day = start.date() + timedelta(days=amount)
    while not works(day):
        day += timedelta(days=1)
    return datetime(day.year, day.month, day.day, 18, 30)


def end_of_minutes(amount: int, start: datetime) -> datetime:
    """Walk minute by minute; ``start`` is a whole minute."""
    moment = start
    while amount:
        amount -= _works_at(moment)
        moment += timedelta(minutes=1)
    return moment


def _works_at(moment: datetime) -> bool:
    minute = moment.hour * 60 + moment.minute
    return works(moment.date()) and (540 <= minute < 780 or 870 <= minute < 1110)
