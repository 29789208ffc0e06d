"""Proofs that a regulation's route is whole: nothing in it may leave a case without a way on."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from desktop.regulation.model import (
    MAP_ACTS,
    Act,
    Channel,
    DocumentKind,
    Effect,
    OfficeMove,
    OpenOfficeMove,
    Operation,
    OperationKind,
    Outcome,
    Role,
    Service,
    ServiceKind,
    Step,
)
from desktop.regulation.reach import reach
from desktop.regulation.reading import Table

# What an outcome of each act may mean. The program builds its forms and papers on this.
EFFECTS: dict[Act, frozenset[Effect]] = {
    Act.ACCEPT: frozenset({Effect.FORWARD}),
    Act.ASSIGN: frozenset({Effect.FORWARD}),
    Act.APPROVE: frozenset({Effect.FORWARD}),
    Act.CHECK: frozenset({Effect.COMPLETE, Effect.INCOMPLETE}),
    Act.ASK: frozenset({Effect.CONFORMS, Effect.DOES_NOT_CONFORM, Effect.NO_ANSWER}),
    Act.DECIDE: frozenset({Effect.GRANT, Effect.REFUSE, Effect.PROPOSE_REFUSAL}),
    Act.SIGN: frozenset({Effect.SIGNED}),
    Act.DELIVER: frozenset({Effect.DELIVERED}),
    Act.ATTEST: frozenset({Effect.PASSED, Effect.FAILED}),
    Act.RESOLVE: frozenset({Effect.ACCEPTED, Effect.DECLINED}),
    Act.HEAR: frozenset({Effect.FORWARD}),
    **dict.fromkeys(MAP_ACTS, frozenset({Effect.FORWARD, Effect.REJECT})),
    Act.NOTIFY: frozenset({Effect.TOLD}),
    Act.HAND_OUT: frozenset({Effect.DELIVERED}),
}
OPERATIONS: dict[ServiceKind, frozenset[OperationKind]] = {
    ServiceKind.LICENCE: frozenset({OperationKind.ISSUE, OperationKind.REISSUE, OperationKind.DUPLICATE}),
    ServiceKind.ATTESTATION: frozenset({OperationKind.ATTEST}),
    ServiceKind.ATTACHMENT: frozenset({OperationKind.ATTACH}),
}
_OUTSIDE = frozenset({Role.STATE_BODY, Role.APPLICANT, Role.SYSTEM})
_OFFICE_ONLY = frozenset({Role.ADMINISTRATOR, Role.AUDITOR})


@dataclass(frozen=True, slots=True)
class Written:
    """The tables an operation was read from, in the order of its parts, to name the line of a fault."""

    operation: Table
    steps: list[Table]
    outcomes: list[list[Table]]
    moves: list[Table]
    notes: list[Table]
    totals: list[Table]


def prove_unique(tables: list[Table], ids: Iterable[str], *, key: str = "id") -> None:
    seen: set[str] = set()
    for table, item in zip(tables, ids, strict=True):
        if item in seen:
            raise table.broken("duplicate-id", key, item)
        seen.add(item)


def prove_moves(tables: list[Table], moves: Iterable[OpenOfficeMove]) -> None:
    """A move may be declared anew for other steps (back to another step), once for each step."""
    seen: set[tuple[OfficeMove, str]] = set()
    for table, move in zip(tables, moves, strict=True):
        here = {(move.move, step) for step in move.steps}
        if here & seen:
            raise table.broken("duplicate-id", "move", move.move.value)
        seen |= here


def prove_step(table: Table, outcome_tables: list[Table], step: Step) -> None:
    """A step by itself: its outcomes fit its act, and somebody in the office can record it."""
    for outcome_table, outcome in zip(outcome_tables, step.outcomes, strict=True):
        if outcome.effect not in EFFECTS[step.act]:
            raise outcome_table.broken("effect-of-another-act", "effect", outcome.effect.value)
        worded = {DocumentKind.NOTICE, DocumentKind.TERMINATION}
        if outcome.heading is None and outcome.produces is DocumentKind.NOTICE:
            raise outcome_table.broken("notice-without-heading", "produces")
        if outcome.heading is not None and outcome.produces not in worded:
            raise outcome_table.broken("notice-without-heading", "heading")
        if outcome.body is not None and outcome.heading is None:
            raise outcome_table.broken("notice-without-heading", "body")
    if step.role in _OFFICE_ONLY:
        raise table.broken("role-has-no-steps", "role", step.role.value)
    if step.on_map and step.recorded_by is not None:
        raise table.broken("recorder-on-the-map", "recorded_by", step.recorded_by.value)
    if step.role in _OUTSIDE and step.recorded_by is None and not step.on_map:
        raise table.broken("recorder-missing", "role", step.role.value)
    if step.recorded_by is not None and step.recorded_by in _OUTSIDE | _OFFICE_ONLY:
        raise table.broken("role-has-no-steps", "recorded_by", step.recorded_by.value)
    if step.act is Act.ASK and step.addressee is None:
        raise table.broken("addressee-missing", "act")


def prove_operations_of(tables: list[Table], service: Service) -> None:
    """An operation does to the register of results what its service has one for."""
    for table, operation in zip(tables, service.operations, strict=True):
        if operation.kind not in OPERATIONS[service.kind]:
            raise table.broken("operation-of-another-service", "kind", operation.kind.value)


def prove_route(written: Written, operation: Operation) -> None:
    """The operation as a whole; raises BrokenRegulation at the first fault."""
    prove_unique(written.steps, [step.id for step in operation.steps])
    if not operation.steps:
        raise written.operation.broken("missing-key", "step")
    if not operation.channels:
        raise written.operation.broken("empty", "channels")
    _prove_channels(written, operation)
    _prove_targets(written, operation)
    reached: set[str] = set()
    for channel in operation.channels:
        reached |= _walk(written, operation, channel)
    for table, step in zip(written.steps, operation.steps, strict=True):
        if step.id not in reached:
            raise table.broken("unreachable-step", "id", step.id)
    _prove_answers(written, operation)


def belongs(step: Step, channel: Channel) -> bool:
    """Return whether the step is walked by applications that came through ``channel``."""
    return not step.channels or channel in step.channels


def target(operation: Operation, outcome: Outcome, channel: Channel) -> Step | None:
    """Return the step the act's arrow leads to in ``channel``, the map included; None at the end."""
    if outcome.leads_to is not None:
        return operation.step(outcome.leads_to)
    ways = (operation.step(step_id) for step_id in outcome.leads_out)
    return next((step for step in ways if belongs(step, channel)), None)


def landings(steps: Mapping[str, Step], outcome: Outcome) -> tuple[str, ...]:
    """Return the office's steps ``outcome`` comes to, over the map if the way is there; () where it ends."""
    outside = {step.id for step in steps.values() if step.on_map}

    def over_the_map(step_id: str) -> Iterable[str]:
        return (way for item in steps[step_id].outcomes for way in item.ways) if step_id in outside else ()

    # one that is unknown is told of by the proofs
    return tuple(step_id for step_id in reach(outcome.ways, over_the_map) if step_id not in outside)


def _prove_channels(written: Written, operation: Operation) -> None:
    for table, step in zip(written.steps, operation.steps, strict=True):
        if not set(step.channels) <= set(operation.channels):
            raise table.broken("channel-not-offered", "channels", step.id)
    taken: set[Channel] = set()
    for table, total in zip(written.totals, operation.total_terms, strict=True):
        channels = set(total.channels or operation.channels)
        if not channels <= set(operation.channels):
            raise table.broken("channel-not-offered", "channels")
        if channels & taken:
            raise table.broken("total-term-twice", "channels")
        taken |= channels


def _prove_targets(written: Written, operation: Operation) -> None:
    known = {step.id for step in operation.steps}
    on_map = {step.id for step in operation.steps if step.on_map}
    for step, tables in zip(operation.steps, written.outcomes, strict=True):
        for table, outcome in zip(tables, step.outcomes, strict=True):
            if outcome.leads_to is not None and outcome.leads_to not in known:
                raise table.broken("unknown-target", "next", outcome.leads_to)
            _prove_ways_out(table, operation, step, outcome)
    for table, move in zip(written.moves, operation.office_moves, strict=True):
        for step_id in move.steps:
            if step_id not in known or step_id in on_map:
                raise table.broken("unknown-target", "steps", step_id)
        if (move.next is None) == (move.move is OfficeMove.RETURN_FOR_REWORK):
            raise table.broken("move-target", "next" if move.next else "", move.move.value)
        if move.next is None and move.next_of:
            raise table.broken("move-target", "next_of", move.move.value)
        if move.next is not None and (move.next not in known or move.next in on_map):
            raise table.broken("unknown-target", "next", move.next)
        for kind, step_id in move.next_of:
            if step_id not in known or step_id in on_map:
                raise table.broken("unknown-target", f"next_of.{kind.value}", step_id)
        if not move.roles:
            raise table.broken("empty", "roles")
    for table, note in zip(written.notes, operation.notes, strict=True):
        if note.where and note.where not in known:
            raise table.broken("unknown-target", "where", note.where)
        met = (operation.step(note.where).channels if note.where else ()) or operation.channels
        if not set(note.channels) <= set(met):
            raise table.broken("channel-not-offered", "channels")


def _prove_ways_out(table: Table, operation: Operation, step: Step, outcome: Outcome) -> None:
    """Ways that differ by channel lead to the map, each to other channels; over the map the office is met once."""
    steps = {item.id: item for item in operation.steps}
    taken: set[Channel] = set()
    for step_id in outcome.leads_out:
        way = steps.get(step_id)
        if way is None:
            raise table.broken("unknown-target", "next", step_id)
        if not way.on_map or not way.channels or taken & set(way.channels):
            raise table.broken("ways-out", "next", step_id)
        taken |= set(way.channels)
    if not step.on_map and len(landings(steps, outcome)) > 1:
        raise table.broken("map-forks", "next", outcome.leads_to or "")


def _walk(written: Written, operation: Operation, channel: Channel) -> set[str]:
    """Return the steps applications of ``channel`` can come to; each of them must reach the end."""
    steps = {step.id: step for step in operation.steps}
    tables = {step.id: index for index, step in enumerate(operation.steps)}
    first = next((step for step in operation.steps if belongs(step, channel)), None)
    inside = next((step for step in operation.steps if belongs(step, channel) and not step.on_map), None)
    if first is None or inside is None:
        raise written.operation.broken("channel-without-steps", "channels", channel.value)
    before = _on_the_way_in(operation, first, channel)

    def onward(step_id: str) -> Iterator[str]:
        for outcome, table in zip(steps[step_id].outcomes, written.outcomes[tables[step_id]], strict=True):
            way = target(operation, outcome, channel)
            if way is None:
                continue
            if not belongs(way, channel):
                raise table.broken("target-of-another-channel", "next", way.id)
            if step_id in before and not way.on_map and way is not inside:
                raise table.broken("map-leads-into-the-middle", "next", way.id)
            yield way.id

    reached = set(reach([first.id], onward))
    ending: set[str] = set()
    while grown := {
        step_id for step_id in reached - ending if _ends(operation, steps[step_id], channel, ending)
    }:
        ending |= grown
    for step in operation.steps:
        if step.id in reached - ending:
            raise written.steps[tables[step.id]].broken("path-without-end", "id", step.id)
    if inside.id not in reached:
        raise written.steps[tables[inside.id]].broken("unreachable-step", "id", inside.id)
    return reached


def _on_the_way_in(operation: Operation, first: Step, channel: Channel) -> set[str]:
    """Return the steps of the map that are walked before any of the office's."""

    def outside(steps: Iterable[Step | None]) -> list[str]:
        return [step.id for step in steps if step is not None and step.on_map]

    def onward(step_id: str) -> list[str]:
        return outside(target(operation, outcome, channel) for outcome in operation.step(step_id).outcomes)

    return set(reach(outside([first]), onward))


def _ends(operation: Operation, step: Step, channel: Channel, ending: set[str]) -> bool:
    ways = [target(operation, outcome, channel) for outcome in step.outcomes]
    return any(way is None or way.id in ending for way in ways)


def _prove_answers(written: Written, operation: Operation) -> None:
    """An outcome may wait for an answer only where one is asked; every answer must leave a way on."""
    asked = {outcome.effect for step in operation.steps if step.act is Act.ASK for outcome in step.outcomes}
    for step, step_table, tables in zip(operation.steps, written.steps, written.outcomes, strict=True):
        for table, outcome in zip(tables, step.outcomes, strict=True):
            for answer in outcome.needs_answer:
                if answer not in asked:
                    raise table.broken("answer-never-asked", "needs_answer", answer.value)
        if not all(_open_after(step.outcomes, answer) for answer in asked):
            raise step_table.broken("answer-without-way-on", "id", step.id)


def _open_after(outcomes: tuple[Outcome, ...], answer: Effect) -> bool:
    return any(not outcome.needs_answer or answer in outcome.needs_answer for outcome in outcomes)
