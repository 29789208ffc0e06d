"""Which moves are open at a step, and which move an outcome is: one source for the buttons and the guards.

An unknown id is a defect (KeyError); a move that is not open is NotAllowed with the same code the button
gave as its ``why_not``. The engine knows no step id, no clock and no database.
"""

from dataclasses import dataclass

from desktop.errors import NotAllowed
from desktop.regulation.model import (
    Act,
    Channel,
    Effect,
    Note,
    OfficeMove,
    OpenOfficeMove,
    Operation,
    Outcome,
    Role,
    Step,
    TotalTerm,
)
from desktop.regulation.proofs import belongs
from desktop.regulation.reach import reach


@dataclass(frozen=True, slots=True)
class Opening:
    """An outcome of the step: open now, or not and why (a message code)."""

    outcome: Outcome
    open: bool
    why_not: str
    assigns: Role | None  # the role somebody must be chosen for


@dataclass(frozen=True, slots=True)
class MoveOpening:
    """An office move declared at the step: open to these roles, or not and why (a message code)."""

    move: OpenOfficeMove
    open: bool
    why_not: str


def first_step(operation: Operation, channel: Channel) -> Step:
    """Return where a case that came through ``channel`` begins in the office; KeyError when it is not offered."""
    if channel in operation.channels:
        for step in route(operation, channel):
            return step
    raise KeyError(channel)


def route(operation: Operation, channel: Channel) -> tuple[Step, ...]:
    """Return the office's steps of ``channel`` in the order of the act."""
    return tuple(step for step in whole_route(operation, channel) if not step.on_map)


def whole_route(operation: Operation, channel: Channel) -> tuple[Step, ...]:
    """Return the steps of ``channel`` in the order of the act, what is done outside included."""
    return tuple(step for step in operation.steps if belongs(step, channel))


def total_term(operation: Operation, channel: Channel) -> TotalTerm | None:
    """Return the term of the whole operation for ``channel``; None when the act gives none."""
    for total in operation.total_terms:
        if not total.channels or channel in total.channels:
            return total
    return None


def notes_of(operation: Operation, channel: Channel) -> tuple[Note, ...]:
    """Return the contradictions met in ``channel``, in the order of the file."""
    met = {step.id for step in whole_route(operation, channel)} | {""}
    return tuple(
        note
        for note in operation.notes
        if note.where in met and (not note.channels or channel in note.channels)
    )


def notes_at(operation: Operation, step_id: str | None, channel: Channel) -> tuple[Note, ...]:
    """Return the contradictions shown at the step in ``channel``; with None, those of the operation as a whole."""
    return tuple(note for note in notes_of(operation, channel) if note.where == (step_id or ""))


def open_outcomes(
    operation: Operation,
    step_id: str,
    *,
    roles: frozenset[Role],
    assigned: bool,
    answer: Effect | None,
) -> tuple[Opening, ...]:
    """Return every outcome of the step in the act's order.

    ``assigned``: nobody in particular is assigned for the performer's role, or the actor is that person.
    ``answer``: what the authority asked earlier has answered.
    """
    step = operation.step(step_id)
    assigns = {outcome.id: _assigns(operation, step, outcome) for outcome in step.outcomes}
    told = {outcome.id: _why_not(step, outcome, roles, assigned, answer) for outcome in step.outcomes}
    return tuple(
        Opening(outcome, not told[outcome.id], told[outcome.id], assigns[outcome.id])
        for outcome in step.outcomes
    )


def choose(
    operation: Operation,
    step_id: str,
    outcome_id: str,
    *,
    roles: frozenset[Role],
    assigned: bool,
    answer: Effect | None,
) -> Outcome:
    """Return the outcome; NotAllowed "role-may-not", "not-assigned-to-you" or "answer-forbids"."""
    for opening in open_outcomes(operation, step_id, roles=roles, assigned=assigned, answer=answer):
        if opening.outcome.id == outcome_id:
            if not opening.open:
                step = operation.step(step_id)
                raise NotAllowed(opening.why_not, command=step.act.value, role=step.performer.value)
            return opening.outcome
    raise KeyError(outcome_id)


def open_moves(
    operation: Operation, step_id: str, *, roles: frozenset[Role], others: frozenset[Role] = frozenset()
) -> tuple[MoveOpening, ...]:
    """Return the office moves declared at the step.

    ``others``: the roles in which the case is assigned to somebody who is not the actor.
    """
    operation.step(step_id)
    told = [
        (move, _move_why_not(move, roles, others)) for move in operation.office_moves if step_id in move.steps
    ]
    return tuple(MoveOpening(move, not why_not, why_not) for move, why_not in told)


def choose_move(
    operation: Operation,
    step_id: str,
    move: OfficeMove,
    *,
    roles: frozenset[Role],
    others: frozenset[Role] = frozenset(),
) -> OpenOfficeMove:
    """Return the move; NotAllowed "move-not-open-here", "role-may-not" or "not-assigned-to-you"."""
    for opening in open_moves(operation, step_id, roles=roles, others=others):
        if opening.move.move is move:
            if not opening.open:
                raise NotAllowed(opening.why_not, command=move.value)
            return opening.move
    raise NotAllowed("move-not-open-here", command=move.value)


def leads_to_signature(operation: Operation, outcome: Outcome) -> bool:
    """True when a paper drawn by ``outcome`` will pass a SIGN step before anybody examines the case anew."""

    def passed_on(step_id: str) -> tuple[str, ...]:
        step = operation.step(step_id)
        return step.onward if step.act in {Act.ASSIGN, Act.APPROVE} else ()

    ahead = reach([outcome.next] if outcome.next else [], passed_on)
    return any(operation.step(step_id).act is Act.SIGN for step_id in ahead)


def _assigns(operation: Operation, step: Step, outcome: Outcome) -> Role | None:
    if step.act is not Act.ASSIGN or outcome.next is None:
        return None
    return operation.step(outcome.next).performer


def _why_not(
    step: Step, outcome: Outcome, roles: frozenset[Role], assigned: bool, answer: Effect | None
) -> str:
    if step.performer not in roles:
        return "role-may-not"
    if not assigned:
        return "not-assigned-to-you"
    if outcome.needs_answer and answer not in outcome.needs_answer:
        return "answer-forbids"
    return ""


def _move_why_not(move: OpenOfficeMove, roles: frozenset[Role], others: frozenset[Role]) -> str:
    able = roles.intersection(move.roles)
    if not able:
        return "role-may-not"
    return "not-assigned-to-you" if able <= others else ""
