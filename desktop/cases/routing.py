"""Moves that send a case to somebody: the visa, a plain approval, and what the act leaves to the office."""

from sqlalchemy.orm import Session, joinedload

from desktop.cases.change import changing
from desktop.cases.claiming import nothing, once
from desktop.cases.journal import Event
from desktop.cases.plain_text import TEXT, optional, required
from desktop.errors import BadInput, NotAllowed
from desktop.models import Person
from desktop.regulation.model import Act, OfficeMove, Role
from desktop.regulation.rights import Actor, Command
from desktop.store.database import Store


@once(nothing)
def assign(
    store: Store,
    actor: Actor,
    *,
    case_id: int,
    seen_version: int,
    outcome: str,
    person_id: int,
    note: str = "",
) -> None:
    """Put the visa: choose who does the next step and send the case there (001 item 7(2)).

    BadInput "person-cannot-do" at ``person_id`` when that person is blocked or lacks the next step's role.
    """
    with changing(store, actor, case_id, seen_version, Command.ASSIGN) as change:
        chosen = change.choose(Act.ASSIGN, outcome)
        note = optional(note, "note", limit=TEXT, lines=True)
        if chosen.next is None:
            raise KeyError(outcome)  # a visa that leads nowhere is a defect of the pack
        role = change.operation.step(chosen.next).performer
        person = _able(change.session, person_id, role)
        change.assign(role.value, person)
        change.record(
            Event.ASSIGNED,
            outcome=chosen.id,
            role=role,
            person_kk=person.name_kk,
            person_ru=person.name_ru,
            note=note,
        )
        change.go(chosen.next)


@once(nothing)
def approve(store: Store, actor: Actor, *, case_id: int, seen_version: int, outcome: str) -> None:
    """Put a visa that chooses nobody and send the case on."""
    with changing(store, actor, case_id, seen_version, Command.APPROVE) as change:
        chosen = change.choose(Act.APPROVE, outcome)
        change.record(Event.APPROVED, outcome=chosen.id)
        change.go(chosen.next, result=change.ends_with())


@once(nothing)
def reassign(
    store: Store, actor: Actor, *, case_id: int, seen_version: int, role: Role, person_id: int, reason: str
) -> None:
    """Give the case to another person of ``role`` ([I]); the step and its clock do not change."""
    with changing(store, actor, case_id, seen_version, Command.REASSIGN) as change:
        change.choose_move(OfficeMove.REASSIGN)
        reason = required(reason, "reason", limit=TEXT, lines=True)
        person = _able(change.session, person_id, role)
        before = change.assignee(role.value)
        if before == person.id:
            raise BadInput("already-assigned", field="person_id", name=person.name_kk)
        former = change.session.get(Person, before) if before is not None else None
        change.assign(role.value, person)
        change.record(
            Event.REASSIGNED,
            role=role,
            from_kk=former.name_kk if former else "",
            from_ru=former.name_ru if former else "",
            person_kk=person.name_kk,
            person_ru=person.name_ru,
            reason=reason,
        )


@once(nothing)
def return_for_rework(store: Store, actor: Actor, *, case_id: int, seen_version: int, reason: str) -> None:
    """Send the draft back with a reason ([I]). The total term runs on; the draft is void, its number stays reserved."""
    with changing(store, actor, case_id, seen_version, Command.RETURN_FOR_REWORK) as change:
        move = change.choose_move(OfficeMove.RETURN_FOR_REWORK)
        if not change.assigned(change.step):
            raise NotAllowed("not-assigned-to-you", role=change.step.performer.value)
        reason = required(reason, "reason", limit=TEXT, lines=True)
        target = move.target(change.case.draft_kind)
        if target is None:
            raise KeyError(move.move)  # a return that leads nowhere is a defect of the pack
        draft = change.draft()
        change.record(
            Event.RETURNED,
            reason=reason,
            document=draft.kind if draft else "",
            number=draft.number if draft else "",
        )
        if draft is not None:
            draft.state = "replaced"
        change.case.draft_kind = None
        change.case.return_reason = reason
        change.go(target)


@once(nothing)
def withdraw(store: Store, actor: Actor, *, case_id: int, seen_version: int, reason: str) -> None:
    """Close the case at the applicant's own wish ([I]); numbers reserved for a draft are voided."""
    with changing(store, actor, case_id, seen_version, Command.WITHDRAW) as change:
        change.choose_move(OfficeMove.WITHDRAW)
        reason = required(reason, "reason", limit=TEXT, lines=True)
        step = change.case.step
        voided = change.go(None, result="withdrawn")
        change.record(Event.WITHDRAWN, step=step, reason=reason, voided=voided)


_WITH_ROLES = (joinedload(Person.roles),)  # one statement for both


def _able(session: Session, person_id: int, role: Role) -> Person:
    person = session.get(Person, person_id, options=_WITH_ROLES)
    if person is None or not person.active or role.value not in {item.role for item in person.roles}:
        raise BadInput("person-cannot-do", field="person_id", role=role.value)
    return person
