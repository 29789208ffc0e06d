"""Public holidays and moved working days of Kazakhstan, from the ``holidays`` package.

Transfers: Law "On holidays" art. 5 (a holiday on a weekend moves to the next working day; Kurban Ait and
7 January do not move); government substitutions: Labour Code art. 85. The package names days in Kazakh;
Russian names are data (``resources/calendar/holidays.toml``).
"""

import re
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache

from desktop.regulation.calendar_data import holiday_names
from desktop.regulation.model import Text
from desktop.regulation.stated import stated

FIRST_YEAR, LAST_YEAR = 1991, 2099  # what the package knows, less the year a term may run into
_SWAPPED = re.compile(r"(\d\d)\.(\d\d)\.(\d{4})")
_FORMAT = "%d.%m.%Y"


@dataclass(frozen=True, slots=True)
class DayOff:
    """``code``: holiday | holiday-moved (from a weekend) | day-off-swapped (for a working weekend day)."""

    code: str
    text: Text


@dataclass(frozen=True, slots=True)
class MovedWorkday:
    """A weekend day that is worked; it has the hours of the day ``instead_of`` it was swapped with."""

    instead_of: date
    text: Text


def day_off(day: date) -> DayOff | None:
    return _year(day.year)[0].get(day)


def moved_workday(day: date) -> MovedWorkday | None:
    return _year(day.year)[1].get(day)


@cache
def _year(year: int) -> tuple[dict[date, DayOff], dict[date, MovedWorkday]]:
    """Return the days off and the moved working days of the year; a swap may cross the year's end."""
    from holidays.countries.kazakhstan import Kazakhstan  # slow to import; not at the program's start

    known = Kazakhstan(years=[year - 1, year, year + 1], language="kk")
    off: dict[date, DayOff] = {}
    worked: dict[date, MovedWorkday] = {}
    for day, name in sorted(known.items()):
        swapped = _SWAPPED.search(name)
        if swapped is None:
            off[day] = _holiday(name)
            continue
        other = datetime.strptime(swapped.group(), _FORMAT).date()  # noqa: DTZ007 - a day, not a moment
        off[day] = DayOff("day-off-swapped", stated("day", "off", name=name, day=f"{other:{_FORMAT}}"))
        worked[other] = MovedWorkday(
            day,
            stated("day", "worked", day=f"{day:{_FORMAT}}"),
        )
    return (
        {day: found for day, found in off.items() if day.year == year},
        {day: found for day, found in worked.items() if day.year == year and day not in off},
    )


def _holiday(name: str) -> DayOff:
    """Translate "A; B (label)" part by part; a name the table lacks stays Kazakh."""
    names = holiday_names()
    moved = False
    russian: list[str] = []
    for part in name.split("; "):
        stem, _, label = part.partition(" (")
        moved = moved or label.startswith(names.moved_label.kk)
        words = [
            label_text.ru
            for label_text in (names.moved_label, names.estimated_label)
            if label_text.kk in label
        ]
        translated = names.names.get(stem, stem)
        russian.append(f"{translated} ({', '.join(words)})" if words else translated)
    return DayOff("holiday-moved" if moved else "holiday", Text(name, "; ".join(russian)))
