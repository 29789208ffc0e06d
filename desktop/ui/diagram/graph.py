"""The ways of an operation as a graph: lanes, rows, columns, and what leads where. No coordinates, no Qt.

A lane is an actor as the act titles him; a row is how many steps lie before; a lane is as many columns wide as steps of
it stand in one row. Everything comes from the regulation, so any pack can be drawn.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from desktop.queries.way_rows import Passage, Trace
from desktop.regulation import proofs
from desktop.regulation.engine import notes_of, total_term, whole_route
from desktop.regulation.model import (
    Act,
    Channel,
    DocumentKind,
    Effect,
    Note,
    OfficeMove,
    OpenOfficeMove,
    Operation,
    Outcome,
    Role,
    Step,
    Text,
    TotalTerm,
)

REFUSALS = frozenset(
    {
        Effect.INCOMPLETE,
        Effect.DOES_NOT_CONFORM,
        Effect.REFUSE,
        Effect.PROPOSE_REFUSAL,
        Effect.FAILED,
        Effect.DECLINED,
        Effect.REJECT,
    }
)
"""What is drawn in the colour of refusals."""


_LOWER = 2  # rows by which a last message may stand lower than it could


@dataclass(frozen=True, slots=True)
class Lane:
    """An actor: the act's own title, or only the role where the act gives none."""

    role: Role
    title: Text | None


@dataclass(frozen=True, slots=True)
class Exit:
    """One way out of a step. ``target`` None: the case, or the way outside, ends here."""

    id: str
    title: Text | None  # None: a return for rework, which has no title in the act
    kind: str  # forward | refusal | return
    target: str | None
    produces: DocumentKind | None
    clause: str
    taken: bool


@dataclass(frozen=True, slots=True)
class Spot:
    """A step in its place. ``state``: "" (no case), done | here | ahead. ``notes``: numbers in the list of notes."""

    step: Step
    lane: int
    column: int
    row: int
    exits: tuple[Exit, ...]  # the last one is the main way on
    refusal: bool  # nothing but refusals leads here
    state: str
    passage: Passage | None
    notes: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Graph:
    lanes: tuple[Lane, ...]
    columns: tuple[int, ...]  # the lane of each column
    spots: tuple[Spot, ...]  # in the order of the act
    rows: int
    total: TotalTerm | None
    notes: tuple[Note, ...]  # those of the operation as a whole first
    due_at: datetime | None = None  # of the step where the case is

    def spot(self, step_id: str) -> Spot:
        for spot in self.spots:
            if spot.step.id == step_id:
                return spot
        raise KeyError(step_id)


def of(operation: Operation, channel: Channel, trace: Trace | None = None) -> Graph:
    """Return the graph of what applications of ``channel`` go through."""
    steps = whole_route(operation, channel)
    lanes, lane_of = _lanes(steps)
    exits = {step.id: _exits(operation, channel, step, trace) for step in steps}
    rows = _rows(steps, exits)
    refusals = _refusals(steps, exits)
    _move_last_words(steps, exits, lane_of, rows)
    notes = _notes(operation, channel, steps)
    columns, column_of = _columns(steps, lane_of, rows, refusals, len(lanes))
    spots = []
    for step in steps:
        passage = trace.last(step.id) if trace else None
        spots.append(
            Spot(
                step=step,
                lane=lane_of[step.id],
                column=column_of[step.id],
                row=rows[step.id],
                exits=exits[step.id],
                refusal=step.id in refusals,
                state=_state(step, trace, passage),
                passage=passage,
                notes=tuple(number for number, note in enumerate(notes, 1) if note.where == step.id),
            )
        )
    due_at = trace.due_at if trace is not None else None
    total = total_term(operation, channel)
    return Graph(lanes, columns, tuple(spots), max(rows.values()) + 1, total, notes, due_at)


def _state(step: Step, trace: Trace | None, passage: Passage | None) -> str:
    if trace is None:
        return ""
    if step.id == trace.here:
        return "here"
    return "done" if passage else "ahead"


def _lanes(steps: tuple[Step, ...]) -> tuple[tuple[Lane, ...], dict[str, int]]:
    """Each actor gets a lane, in the order he first acts; a step without a title joins its role's first lane."""
    lanes: list[Lane] = []
    lane_of: dict[str, int] = {}
    titled = {step.role for step in steps if step.role_title}
    for step in steps:
        if step.role_title is None and step.role in titled:
            continue
        lane = Lane(step.role, step.role_title)
        if lane not in lanes:
            lanes.append(lane)
        lane_of[step.id] = lanes.index(lane)
    for step in steps:
        if step.id not in lane_of:
            lane_of[step.id] = next(at for at, lane in enumerate(lanes) if lane.role is step.role)
    return tuple(lanes), lane_of


def _exits(operation: Operation, channel: Channel, step: Step, trace: Trace | None) -> tuple[Exit, ...]:
    ways = [
        _exit(step, outcome, proofs.target(operation, outcome, channel), trace) for outcome in step.outcomes
    ]
    main = next((way for way in ways if way.kind == "forward"), ways[0])
    returns = [
        back
        for move in operation.office_moves
        if move.move is OfficeMove.RETURN_FOR_REWORK and step.id in move.steps
        for back in _returns(move)
    ]
    return (*returns, *(way for way in ways if way is not main), main)


def _returns(move: OpenOfficeMove) -> Iterator[Exit]:
    """One for drafts in general, one for each kind that goes back elsewhere: it names the paper."""
    name = move.move.value
    yield Exit(name, None, "return", move.next, None, move.clause, taken=False)
    for kind, target in move.next_of:
        yield Exit(f"{name} {kind.value}", None, "return", target, kind, move.clause, taken=False)


def _exit(step: Step, outcome: Outcome, target: Step | None, trace: Trace | None) -> Exit:
    return Exit(
        outcome.id,
        outcome.title,
        "refusal" if outcome.effect in REFUSALS else "forward",
        target.id if target is not None else None,
        outcome.produces,
        outcome.clause,
        taken=trace is not None and trace.took(step.id, outcome.id),
    )


def _rows(steps: tuple[Step, ...], exits: dict[str, tuple[Exit, ...]]) -> dict[str, int]:
    """A step stands below everything that leads to it, circles and returns aside."""
    order: list[str] = []
    closed: set[str] = set()
    ahead: dict[str, list[str]] = {step.id: [] for step in steps}

    def walk(step_id: str, above: frozenset[str]) -> None:
        if step_id in closed:
            return
        for way in exits[step_id]:
            if way.target is None or way.kind == "return" or way.target in above | {step_id}:
                continue
            ahead[step_id].append(way.target)
            walk(way.target, above | {step_id})
        closed.add(step_id)
        order.append(step_id)

    for step in steps:
        walk(step.id, frozenset())
    rows = dict.fromkeys(ahead, 0)
    for step_id in reversed(order):
        for target in ahead[step_id]:
            rows[target] = max(rows[target], rows[step_id] + 1)
    return rows


def _refusals(steps: tuple[Step, ...], exits: dict[str, tuple[Exit, ...]]) -> set[str]:
    """Return the messages to which nothing but a refusal leads."""
    leading: dict[str, set[str]] = {step.id: set() for step in steps}
    for step in steps:
        for way in exits[step.id]:
            if way.target is not None:
                leading[way.target].add(way.kind)
    told = {step.id for step in steps if step.act is Act.NOTIFY}
    return {step_id for step_id, kinds in leading.items() if kinds == {"refusal"} and step_id in told}


def _notes(operation: Operation, channel: Channel, steps: Iterable[Step]) -> tuple[Note, ...]:
    order = {"": -1} | {step.id: at for at, step in enumerate(steps)}
    return tuple(sorted(notes_of(operation, channel), key=lambda note: order[note.where]))


def _move_last_words(
    steps: tuple[Step, ...],
    exits: dict[str, tuple[Exit, ...]],
    lane_of: dict[str, int],
    rows: dict[str, int],
) -> None:
    """Where a row of a lane is taken, put a message in which a way outside ends a little lower: lanes stay narrow."""
    last = [step.id for step in steps if step.on_map and all(way.target is None for way in exits[step.id])]
    taken = [(lane_of[step.id], rows[step.id]) for step in steps if step.id not in last]
    for step_id in sorted(last, key=lambda step_id: rows[step_id]):
        lane = lane_of[step_id]
        lower = range(rows[step_id], rows[step_id] + _LOWER + 1)
        rows[step_id] = min(lower, key=lambda row: (taken.count((lane, row)), row))
        taken.append((lane, rows[step_id]))


def _columns(
    steps: tuple[Step, ...], lane_of: dict[str, int], rows: dict[str, int], refusals: set[str], lanes: int
) -> tuple[tuple[int, ...], dict[str, int]]:
    """Return the lane of every column, and the column of every step."""
    inside: dict[str, int] = {}
    widths = [1] * lanes
    for lane in range(lanes):
        by_row: dict[int, list[str]] = {}
        for step in sorted(
            (step for step in steps if lane_of[step.id] == lane), key=lambda step: step.id in refusals
        ):
            row = by_row.setdefault(rows[step.id], [])
            inside[step.id] = len(row)
            row.append(step.id)
            widths[lane] = max(widths[lane], len(row))
    first = [sum(widths[:lane]) for lane in range(lanes)]
    columns = tuple(lane for lane in range(lanes) for _ in range(widths[lane]))
    return columns, {step.id: first[lane_of[step.id]] + inside[step.id] for step in steps}
