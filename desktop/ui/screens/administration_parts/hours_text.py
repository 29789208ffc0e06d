"""Working hours as they are typed: "09:00-13:00, 14:30-18:30"; nothing typed is a day off."""

import re

from desktop.errors import BadInput

Intervals = tuple[tuple[str, str], ...]

_INTERVAL = re.compile(r"(\d{1,2})[:.]?(\d{2})\s*[-\u2013\u2014]\s*(\d{1,2})[:.]?(\d{2})", re.ASCII)


def read_hours(text: str, *, field: str) -> Intervals:
    """Return the intervals typed; BadInput "hours-wrong" at ``field`` for what is none."""
    found = []
    for part in re.split(r"[,;]", text):
        if not part.strip():
            continue
        match = _INTERVAL.fullmatch(part.strip())
        if match is None:
            raise BadInput("hours-wrong", field=field, written=part.strip())
        first, last = (f"{int(match[at]):02d}:{match[at + 1]}" for at in (1, 3))
        if max(first, last) > "23:59" or max(first[3:], last[3:]) > "59":
            raise BadInput("hours-wrong", field=field, written=part.strip())
        if first >= last or (found and found[-1][1] >= first):
            raise BadInput("hours-wrong", field=field, written=part.strip())
        found.append((first, last))
    return tuple(found)


def write_hours(intervals: Intervals) -> str:
    """Return intervals as they are read and typed."""
    return ", ".join(f"{first}\u2013{last}" for first, last in intervals)
