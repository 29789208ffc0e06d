"""The worked dates (worked_dates.tsv, worked_operations.tsv), reached by reckonings that share nothing."""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from desktop.regulation.loader import load_text, shipped
from desktop.regulation.model import Channel, Term, TotalTerm, Unit
from desktop.regulation.pauses import Pause
from desktop.regulation.summary import due_as_json
from desktop.regulation.terms import default_calendar, due, total_due
from tests.regulation import day_walker

ORAL = ZoneInfo("Asia/Oral")
CALENDAR = default_calendar(ORAL)
PACKS = tuple(load_text(text, name=name) for name, text in shipped())
_HERE = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Worked:
    """A line of one of the files. ``what``: a term, or an operation."""

    by: str
    what: str
    received: str
    pauses: str
    due: str
    hand_over_by: str
    why: str

    @property
    def start(self) -> datetime:
        return datetime.fromisoformat(self.received)

    @property
    def still(self) -> tuple[tuple[datetime, datetime], ...]:
        pairs = (pause.split("/") for pause in self.pauses.split())
        return tuple((datetime.fromisoformat(first), datetime.fromisoformat(last)) for first, last in pairs)

    @property
    def term(self) -> tuple[Term, set[str]]:
        """Return the term, and its marks: "=", "-1"."""
        amount, unit, *marks = self.what.split()
        least, dash, most = amount.partition("-")
        if dash:
            return Term(Unit(unit), minimum=int(least), maximum=int(most)), set(marks)
        return Term(Unit(unit), int(amount)), set(marks)


def _lines(name: str) -> list[Worked]:
    told = [line for line in (_HERE / name).read_text("utf-8").splitlines() if not line.startswith("#")]
    return [Worked(*line.split("\t")) for line in told[1:]]


DATES = _lines("worked_dates.tsv")
OPERATIONS = _lines("worked_operations.tsv")


def _told(moment: datetime | None) -> str:
    if moment is None:
        return ""
    plain = moment.replace(tzinfo=None)
    return plain.isoformat(timespec="seconds" if plain.second else "minutes")


def _aware(moment: datetime) -> datetime:
    return moment.replace(tzinfo=ORAL)


def _named(line: Worked) -> str:
    return f"{line.what} from {line.received} {line.pauses}".strip()


def test_there_are_enough_of_them() -> None:
    assert len(DATES) >= 200
    assert len([line for line in DATES if line.by == "hand"]) >= 40
    assert len({_named(line) for line in DATES}) == len(DATES)
    assert {line.what.split()[0] for line in OPERATIONS} == {pack.id for pack in PACKS}


@pytest.mark.parametrize("line", DATES, ids=_named)
def test_a_worked_date(line: Worked) -> None:
    term, marks = line.term
    total = TotalTerm(
        term, (), "5", receipt_day_counts="=" in marks, hand_over_days_before=int("-1" in marks)
    )
    pauses = tuple(Pause(_aware(first), _aware(last)) for first, last in line.still)
    explained, by = total_due(CALENDAR, total, _aware(line.start), pauses=pauses)
    assert (_told(explained.due_at), _told(by)) == (line.due, line.hand_over_by)
    if "=" not in marks:
        assert due(CALENDAR, term, _aware(line.start), pauses=pauses).due_at == explained.due_at


@pytest.mark.parametrize("line", DATES, ids=_named)
def test_the_walker_finds_it_too(line: Worked) -> None:
    term, marks = line.term
    days = term.unit in (Unit.WORKING_DAY, Unit.CALENDAR_DAY)
    first = {"first_counts": "=" in marks} if days else {}
    found = day_walker.end(term.value or term.maximum, term.unit.value, line.start, line.still, **first)
    assert _told(found) == line.due
    assert line.hand_over_by == (_told(day_walker.one_day_before(found)) if "-1" in marks else "")


@pytest.mark.parametrize("line", DATES, ids=_named)
def test_ruqsat_due_tells_it(line: Worked) -> None:
    """The same through the function of the command line: a regulation that says nothing but this term."""
    term, marks = line.term
    total = TotalTerm(
        term,
        (Channel.STATE_CORPORATION,),
        "5",
        receipt_day_counts="=" in marks,
        hand_over_days_before=int("-1" in marks),
    )
    act = next(pack for pack in PACKS if pack.id == "wko-2018-139")
    service = act.services[0]
    operation = replace(service.operations[0], total_terms=(total,))
    pack = replace(act, services=(replace(service, operations=(operation,)),))
    told = due_as_json(
        [pack],
        CALENDAR,
        regulation=pack.id,
        service=service.id,
        operation=operation.id,
        channel="state_corporation",
        received=line.start,
        pauses=line.still,
    )
    assert (told["due"], told["hand_over_by"] or "") == (line.due, line.hand_over_by)
    assert told["why"][-1]["last"] == line.due


@pytest.mark.parametrize("line", OPERATIONS, ids=_named)
def test_a_worked_operation(line: Worked) -> None:
    regulation, service, operation, channel = line.what.split()
    told = due_as_json(
        PACKS,
        CALENDAR,
        regulation=regulation,
        service=service,
        operation=operation,
        channel=channel,
        received=line.start,
        pauses=line.still,
    )
    assert (told["due"], told["hand_over_by"] or "") == (line.due, line.hand_over_by)


@pytest.mark.parametrize("year", day_walker.YEARS)
def test_every_day_is_a_working_day_or_not_as_published(year: int) -> None:
    first = date(year, 1, 1)
    days = [first + timedelta(days=number) for number in range((date(year + 1, 1, 1) - first).days)]
    assert [day for day in days if CALENDAR.is_working(day) != day_walker.works(day)] == []
