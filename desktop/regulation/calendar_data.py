"""Readers of ``resources/calendar``: default hours, overrides, the monthly index, names of holidays.

They return what the program ships; an office copies it into its own tables and edits it there.
"""

import tomllib
from dataclasses import dataclass
from datetime import date, time
from functools import cache
from typing import Any

from desktop import resources
from desktop.errors import BadInput
from desktop.regulation.model import Text

Intervals = tuple[tuple[time, time], ...]


@dataclass(frozen=True, slots=True)
class HoursRule:
    """Hours of a weekday (0 = Monday) from ``valid_from`` on, until a later rule; no intervals = closed."""

    valid_from: date
    weekday: int
    intervals: Intervals


@dataclass(frozen=True, slots=True)
class DayRule:
    """One date that differs; no intervals = a day off."""

    intervals: Intervals
    reason: Text


@dataclass(frozen=True, slots=True)
class IndexRate:
    """The monthly calculation index (АЕК/МРП) from ``valid_from`` on, in tenge."""

    valid_from: date
    tenge: int
    source: str
    unverified: bool


@dataclass(frozen=True, slots=True)
class HolidayNames:
    names: dict[str, str]  # Kazakh name -> Russian name
    moved_label: Text
    estimated_label: Text


def parse_intervals(written: list[list[str]] | tuple[tuple[str, str], ...]) -> Intervals:
    """Return ``[["09:00", "13:00"], …]`` as times; BadInput "hours-wrong" unless ascending and apart."""
    intervals: list[tuple[time, time]] = []
    for pair in written:
        try:
            opening, closing = (time.fromisoformat(moment) for moment in pair)
        except (ValueError, TypeError):
            raise BadInput("hours-wrong", field="intervals", written=str(pair)) from None
        after_last = not intervals or intervals[-1][1] < opening
        if opening.tzinfo or closing.tzinfo or opening >= closing or not after_last:
            raise BadInput("hours-wrong", field="intervals", written="-".join(pair))
        intervals.append((opening, closing))
    return tuple(intervals)


def write_intervals(intervals: Intervals) -> list[list[str]]:
    """Return the intervals as the tables store them; the opposite of ``parse_intervals``."""
    return [[opening.isoformat("minutes"), closing.isoformat("minutes")] for opening, closing in intervals]


def default_hours() -> tuple[HoursRule, ...]:
    return tuple(
        HoursRule(rule["valid_from"], weekday, parse_intervals(rule["intervals"]))
        for rule in _read("hours.toml").get("hours", [])
        for weekday in rule["weekdays"]
    )


def default_overrides() -> dict[date, DayRule]:
    return {
        rule["day"]: DayRule(parse_intervals(rule["intervals"]), Text(**rule["reason"]))
        for rule in _read("overrides.toml").get("override", [])
    }


def index_rates(purpose: str = "fees") -> tuple[IndexRate, ...]:
    """Return the rates for ``purpose`` by date; in 2022 benefits had a rate of their own."""
    rates = (
        IndexRate(rate["valid_from"], rate["tenge"], rate["source"], rate.get("unverified", False))
        for rate in _read("mci.toml").get("rate", [])
        if purpose in rate.get("purposes", [purpose])
    )
    return tuple(sorted(rates, key=lambda rate: rate.valid_from))


@cache
def holiday_names() -> HolidayNames:
    written = _read("holidays.toml")
    return HolidayNames(
        names={name["kk"]: name["ru"] for name in written["name"]},
        moved_label=Text(**written["moved_label"]),
        estimated_label=Text(**written["estimated_label"]),
    )


def _read(file: str) -> dict[str, Any]:
    return tomllib.loads(resources.path("calendar", file).read_text("utf-8"))
