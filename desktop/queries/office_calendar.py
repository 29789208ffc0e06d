"""A year of the office's calendar, day by day, as the deadlines count it."""

from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import select

from desktop.errors import NotAllowed
from desktop.models import DayOverride
from desktop.queries.moments import office_zone
from desktop.regulation.model import Text
from desktop.regulation.rights import Actor, Command, may
from desktop.store.calendar import working_calendar
from desktop.store.database import Store

FIRST_YEAR, LAST_YEAR = 1992, 2099


@dataclass(frozen=True, slots=True)
class DayRow:
    """A day. ``code`` as :meth:`WorkingCalendar.why`; ``text`` names the holiday or gives the office's reason."""

    day: date
    working: bool
    code: str
    text: Text | None
    intervals: tuple[tuple[str, str], ...]  # ("09:00", "13:00")
    overridden: bool  # the office has set this day itself

    @property
    def special(self) -> bool:
        """Whether the day differs from what its weekday alone would make it."""
        return self.code not in {"working-day", "weekend", "closed-day"}


@dataclass(frozen=True, slots=True)
class CalendarYear:
    year: int
    today: date  # in the office's time zone
    days: tuple[DayRow, ...]


def calendar_year(store: Store, actor: Actor, *, year: int | None = None) -> CalendarYear:
    """Return every day of ``year`` (None: the present one)."""
    if not any(may(actor.roles, command) for command in (Command.ADMINISTER, Command.READ_CASES)):
        raise NotAllowed("role-may-not", command=Command.ADMINISTER.value)
    with store.reading(by=actor.login) as session:
        calendar = working_calendar(session)
        today = store.now(session).astimezone(office_zone(session)).date()
        year = min(max(year or today.year, FIRST_YEAR), LAST_YEAR)
        own = set(session.scalars(select(DayOverride.day)))
    first = date(year, 1, 1)
    count = (date(year + 1, 1, 1) - first).days
    rows = []
    for day in (first + timedelta(days=number) for number in range(count)):
        why = calendar.why(day)
        intervals = tuple((f"{start:%H:%M}", f"{end:%H:%M}") for start, end in calendar.intervals(day))
        rows.append(DayRow(day, bool(intervals), why.code, why.text, intervals, day in own))
    return CalendarYear(year, today, tuple(rows))
