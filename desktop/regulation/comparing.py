"""Two operations beside each other: which steps, papers, requirements answer to each other, and what differs in them.

Texts of two acts are never the same word for word, and items never the same number: what is compared is what the acts
decide (terms, who acts, which ways lead out, which papers are asked for), not how they say it.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum
from typing import Any

from desktop.regulation.engine import total_term, whole_route
from desktop.regulation.model import Channel, Operation, Paper, RefusalGround, Requirement, Step, TotalTerm

_ALIKE = 0.72  # of the letters of two titles that mean one thing


class Kind(StrEnum):
    TOTAL = "total"
    FEE = "fee"
    STEP = "step"
    PAPER = "paper"
    REQUIREMENT = "requirement"
    GROUND = "ground"


@dataclass(frozen=True, slots=True)
class Pair:
    """What stands at the left and at the right; None where the other act has nothing like it.

    ``differs``: term, role, outcomes, paper, receipt, hand-over, amount, required, expires.
    """

    kind: Kind
    left: Any
    right: Any
    differs: tuple[str, ...] = ()

    @property
    def same(self) -> bool:
        return self.left is not None and self.right is not None and not self.differs


def compare(
    left: Operation, left_channel: Channel, right: Operation, right_channel: Channel
) -> tuple[Pair, ...]:
    """Return the pairs, kind by kind, each in the order of the acts."""
    return (
        *_totals(total_term(left, left_channel), total_term(right, right_channel)),
        *_fees(left, right),
        *_steps(whole_route(left, left_channel), whole_route(right, right_channel)),
        *_listed(Kind.PAPER, left.papers, right.papers, _paper),
        *_listed(Kind.REQUIREMENT, left.requirements, right.requirements, lambda one, other: ()),
        *_listed(Kind.GROUND, left.refusal_grounds, right.refusal_grounds, lambda one, other: ()),
    )


def _totals(left: TotalTerm | None, right: TotalTerm | None) -> Iterator[Pair]:
    if left is None and right is None:
        return
    differs: tuple[str, ...] = ()
    if left is not None and right is not None:
        differs = _told(
            term=left.term != right.term,
            receipt=left.receipt_day_counts != right.receipt_day_counts,
            hand_over=left.hand_over_days_before != right.hand_over_days_before,
        )
    yield Pair(Kind.TOTAL, left, right, differs)


def _fees(left: Operation, right: Operation) -> Iterator[Pair]:
    one, other = left.fee, right.fee
    if one is None and other is None:
        return
    differs: tuple[str, ...] = ()
    if one is not None and other is not None:
        differs = _told(amount=(one.rate, one.share, one.cap) != (other.rate, other.share, other.cap))
    yield Pair(Kind.FEE, one, other, differs)


def _steps(left: Sequence[Step], right: Sequence[Step]) -> Iterator[Pair]:
    """Steps of one act answer to each other in their order; what has no answer stands alone."""
    matcher = SequenceMatcher(None, [step.act for step in left], [step.act for step in right], autojunk=False)
    for _tag, first, last, other_first, other_last in matcher.get_opcodes():
        if _tag == "equal":
            for one, other in zip(left[first:last], right[other_first:other_last], strict=True):
                yield Pair(Kind.STEP, one, other, _step(one, other))
            continue
        for one in left[first:last]:
            yield Pair(Kind.STEP, one, None)
        for other in right[other_first:other_last]:
            yield Pair(Kind.STEP, None, other)


def _step(one: Step, other: Step) -> tuple[str, ...]:
    return _told(
        term=one.term != other.term,
        role=one.role is not other.role,
        outcomes={outcome.effect for outcome in one.outcomes}
        != {outcome.effect for outcome in other.outcomes},
        paper={outcome.produces for outcome in one.outcomes}
        != {outcome.produces for outcome in other.outcomes},
    )


def _paper(one: Paper, other: Paper) -> tuple[str, ...]:
    return _told(required=one.required != other.required, expires=one.expires != other.expires)


def _told(**differing: bool) -> tuple[str, ...]:
    return tuple(name.replace("_", "-") for name, differs in differing.items() if differs)


_Listed = Paper | Requirement | RefusalGround


def _listed(
    kind: Kind,
    left: Sequence[_Listed],
    right: Sequence[_Listed],
    differs: Callable[[Any, Any], tuple[str, ...]],
) -> Iterator[Pair]:
    """What has one id, or nearly one title, is one thing."""
    waiting = list(right)
    for one in left:
        other = _like(one, waiting)
        if other is not None:
            waiting.remove(other)
            yield Pair(kind, one, other, differs(one, other))
        else:
            yield Pair(kind, one, None)
    for other in waiting:
        yield Pair(kind, None, other)


def _like(one: _Listed, among: Sequence[_Listed]) -> _Listed | None:
    same = next((other for other in among if other.id == one.id), None)
    if same is not None or not among:
        return same
    best = max(among, key=lambda other: _likeness(one, other))
    return best if _likeness(one, best) >= _ALIKE else None


def _likeness(one: _Listed, other: _Listed) -> float:
    pairs = ((one.title.kk, other.title.kk), (one.title.ru, other.title.ru))
    return max(SequenceMatcher(None, a.lower(), b.lower(), autojunk=False).ratio() for a, b in pairs)
