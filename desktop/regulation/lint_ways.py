"""What is odd in the ways of an operation: terms that add up to too much, circles, ends without a paper, unsigned results.

The ways are those of the office, channel by channel, and for the ends those of the map too.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

from desktop.regulation import proofs
from desktop.regulation.engine import route, total_term, whole_route
from desktop.regulation.model import (
    Act,
    Channel,
    DocumentKind,
    Operation,
    Outcome,
    Step,
    Term,
    TotalTerm,
    Unit,
)
from desktop.regulation.oddities import Oddity
from desktop.regulation.toml_lines import Path

DAY = 8 * 60
"""Working minutes of a day, where days and hours are added up."""
_RESULTS = frozenset(
    {
        DocumentKind.LICENCE,
        DocumentKind.REFUSAL,
        DocumentKind.TERMINATION,
        DocumentKind.ACCEPTANCE_REFUSAL,
        DocumentKind.ATTESTATION,
        DocumentKind.NOTICE,
    }
)
_SIGNED = frozenset({DocumentKind.LICENCE, DocumentKind.REFUSAL})


@dataclass(frozen=True, slots=True)
class Odd:
    """Something odd in an operation: at a step, one of its outcomes, or another ``part`` of the file.

    ``about``: the steps it concerns, so that a note at any of them may declare it.
    """

    code: Oddity
    step: str = ""
    outcome: str = ""
    channel: Channel | None = None
    part: Path = ()
    about: frozenset[str] = frozenset()
    facts: Mapping[str, object] = field(default_factory=dict)

    def __post_init__(self) -> None:
        object.__setattr__(self, "about", self.about | ({self.step} if self.step else frozenset()))


def minutes_of(term: Term) -> float:
    """Return the longest a term may last, in working minutes; calendar days as few working ones as they may hold."""
    amount = term.value if term.value is not None else term.maximum or 0
    match term.unit:
        case Unit.SECOND:
            return amount / 60
        case Unit.MINUTE:
            return amount
        case Unit.HOUR:
            return amount * 60
        case Unit.WORKING_DAY:
            return amount * DAY
        case Unit.CALENDAR_DAY:
            return working_days_in(int(amount)) * DAY


def working_days_in(calendar_days: int) -> int:
    """Return how many working days that many days in a row hold at most, holidays aside."""
    return calendar_days // 7 * 5 + min(calendar_days % 7, 5)


def totals(operation: Operation) -> Iterator[Odd]:
    """Of each channel: there is a term of the whole, and the steps of the longest way keep within it."""
    round_told: set[tuple[str, str]] = set()
    told: dict[TotalTerm, set[tuple[str, ...]]] = {}
    for channel in operation.channels:
        way, circles = _longest(operation, channel)
        for step, outcome in circles:
            if (step, outcome) not in round_told:
                round_told.add((step, outcome))
                yield Odd(Oddity.GOES_ROUND, step=step, outcome=outcome)
        total = total_term(operation, channel)
        if total is None:
            yield Odd(Oddity.NO_TOTAL_TERM, channel=channel, about=frozenset(way))
            continue
        if tuple(way) in told.setdefault(total, set()):
            continue
        told[total].add(tuple(way))
        taken = sum(_length(operation.step(step_id)) for step_id in way)
        room = minutes_of(total.term) - total.hand_over_days_before * DAY
        if round(taken) > round(room):  # seconds are nobody's delay
            yield Odd(
                Oddity.TERMS_EXCEED_TOTAL,
                channel=channel,
                part=("total_term", operation.total_terms.index(total)),
                about=frozenset(way),
                facts=_amount("taken", taken) | _amount("room", room),
            )


def _amount(name: str, minutes: float) -> dict[str, object]:
    """Return days, hours and minutes as facts."""
    whole = round(minutes)
    return {
        f"{name}_days": whole // DAY,
        f"{name}_hours": whole % DAY // 60,
        f"{name}_minutes": whole % 60,
    }


def _length(step: Step) -> float:
    return minutes_of(step.term) if step.term is not None and not step.pauses_total else 0


def _longest(operation: Operation, channel: Channel) -> tuple[list[str], list[tuple[str, str]]]:
    """Return the way whose terms add up to most, and the outcomes that lead back to a step already passed."""
    steps = {step.id: step for step in route(operation, channel)}
    circles: list[tuple[str, str]] = []
    known: dict[str, tuple[float, list[str]]] = {}

    def from_here(step_id: str, passed: frozenset[str]) -> tuple[float, list[str]]:
        if step_id in known:
            return known[step_id]
        step, best = steps[step_id], (0.0, list[str]())
        for outcome in step.outcomes:
            if outcome.next is None:
                continue
            if outcome.next in passed | {step_id}:
                circles.append((step_id, outcome.id))
                continue
            best = max(best, from_here(outcome.next, passed | {step_id}), key=lambda found: found[0])
        known[step_id] = (best[0] + _length(step), [step_id, *best[1]])
        return known[step_id]

    first = next(iter(steps))
    return from_here(first, frozenset())[1], circles


def papers(operation: Operation) -> Iterator[Odd]:
    """Whoever applied gets a paper, or is told, at the end of every way."""
    told: set[tuple[str, str]] = set()
    for channel in operation.channels:
        way = whole_route(operation, channel)
        inside = next(step.id for step in way if not step.on_map)
        told |= set(_ends(operation, channel, inside, without=_gives_paper, map_too=False))
        if way[0].id != inside:
            told |= set(_ends(operation, channel, way[0].id, without=_gives_paper, map_too=True))
    for step in operation.steps:
        for outcome in step.outcomes:
            if (step.id, outcome.id) in told:
                yield Odd(Oddity.ENDS_WITHOUT_PAPER, step=step.id, outcome=outcome.id)


def _gives_paper(step: Step, outcome: Outcome) -> bool:
    return outcome.produces in _RESULTS or step.act is Act.NOTIFY


def signatures(operation: Operation) -> Iterator[Odd]:
    """What the executor drafts is signed before the case ends."""
    told: set[tuple[str, str]] = set()
    for channel in operation.channels:
        way = whole_route(operation, channel)
        for step in way:
            for outcome in step.outcomes:
                if step.on_map or outcome.produces not in _SIGNED or step.act is Act.SIGN:
                    continue
                if outcome.next is None or list(
                    _ends(operation, channel, outcome.next, without=_signs, map_too=False)
                ):
                    told.add((step.id, outcome.id))
    for step_id, outcome_id in sorted(told):
        yield Odd(Oddity.RESULT_UNSIGNED, step=step_id, outcome=outcome_id)


def _signs(step: Step, _outcome: Outcome) -> bool:
    return step.act is Act.SIGN


def _ends(
    operation: Operation,
    channel: Channel,
    first: str,
    *,
    without: Callable[[Step, Outcome], bool],
    map_too: bool,
) -> Iterator[tuple[str, str]]:
    """Give the outcomes in which a way from ``first`` ends and on which ``without`` never held.

    ``map_too``: ways outside, up to where a case begins in the office; else those of the office.
    """
    seen: set[str] = set()
    waiting = [first]
    while waiting:
        step = operation.step(waiting.pop())
        if step.id in seen or (map_too and not step.on_map):
            continue
        seen.add(step.id)
        for outcome in step.outcomes:
            if without(step, outcome):
                continue
            way = proofs.target(operation, outcome, channel)
            target = (way.id if way else None) if map_too else outcome.next
            if target is None:
                yield step.id, outcome.id
            else:
                waiting.append(target)
