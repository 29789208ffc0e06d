"""Everything the case screen needs, read on one snapshot in a fixed number of statements."""

from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Row, select
from sqlalchemy.orm import Session

from desktop.errors import NotAllowed
from desktop.models import Case, CaseDocument, JournalEntry, Office, OutsideRequest
from desktop.queries import case_about, case_parts, law
from desktop.queries.case_route import route
from desktop.queries.moments import local
from desktop.queries.rows import CaseCard, OpenMove, OpenOutcome
from desktop.regulation import engine, provisions
from desktop.regulation.model import (
    Act,
    Channel,
    Effect,
    OfficeMove,
    Operation,
    Regulation,
    Role,
    Service,
    Step,
    Text,
)
from desktop.regulation.rights import Actor, Command, may, require
from desktop.store.database import Store
from desktop.store.sight import in_sight

COMMAND_OF_ACT = {
    Act.ACCEPT: Command.REGISTER,
    Act.ASSIGN: Command.ASSIGN,
    Act.APPROVE: Command.APPROVE,
    Act.CHECK: Command.CHECK,
    Act.ASK: Command.RECORD_ANSWER,
    Act.DECIDE: Command.DECIDE,
    Act.SIGN: Command.SIGN,
    Act.DELIVER: Command.DELIVER,
    Act.ATTEST: Command.ATTEST,
    Act.RESOLVE: Command.RESOLVE,
    Act.HEAR: Command.HEAR,
}
COMMAND_OF_MOVE = {
    OfficeMove.RETURN_FOR_REWORK: Command.RETURN_FOR_REWORK,
    OfficeMove.WITHDRAW: Command.WITHDRAW,
    OfficeMove.CORRECT: Command.CORRECT,
    OfficeMove.REASSIGN: Command.REASSIGN,
}
_People = dict[Role, tuple[int, Text]]


def case_card(store: Store, actor: Actor, *, case_id: int) -> CaseCard:
    """Return the card; NotAllowed "case-not-found" for one that is not there, or that the actor does not see."""
    require(actor, Command.READ_CASES)
    with store.reading(by=actor.login) as session:
        case = session.execute(
            select(*Case.__table__.columns).where(Case.id == case_id, in_sight(session, actor, Case.id))
        ).one_or_none()
        if case is None:
            raise NotAllowed("case-not-found")
        office = session.execute(select(Office.time_zone, Office.numbers_licences)).one()
        return _card(store, session, actor, case, ZoneInfo(office.time_zone), office.numbers_licences)


def _card(
    store: Store, session: Session, actor: Actor, case: Row[*tuple[Any, ...]], zone: ZoneInfo, numbers: bool
) -> CaseCard:
    regulation = law.regulation(session, case.regulation_sha256)
    service = regulation.service(case.service)
    operation = service.operation(case.operation)
    step = operation.step(case.step) if case.step is not None else None
    channel = Channel(case.channel)
    answer = Effect(case.answer) if case.answer else None
    people = case_parts.assigned(session, case.id)
    entries = session.execute(
        case_parts.JOURNAL.where(JournalEntry.case_id == case.id).order_by(JournalEntry.id)
    ).all()
    history = case_parts.journal_rows(session, zone, entries)
    return CaseCard(
        case_id=case.id,
        version=case.version,
        number=case.number,
        received_at=local(case.received_at, zone),
        channel=channel,
        service=service.title,
        operation=operation.title,
        regulation_id=regulation.id,
        act_title=act_title(regulation),
        repealed_by=regulation.repealed_by,
        step=step.title if step else None,
        act=step.act if step else None,
        step_clause=step.clause if step else "",
        step_due_at=local(case.step_due_at, zone),
        due_at=local(case.due_at, zone),
        hand_over_by=local(case.hand_over_by, zone),
        closed_at=local(case.closed_at, zone),
        result=case.result,
        draft_kind=case.draft_kind,
        answer=answer,
        sub_types=case_parts.sub_types(session, case.id, service),
        decision_note=Text(case.decision_note_kk, case.decision_note_ru),
        refusal_grounds=tuple(case.refusal_grounds),
        mine=step is not None and case_parts.is_mine(actor, step.performer, people),
        waits_for=_waits_for(store, session, step, people, zone),
        outcomes=_outcomes(operation, step, actor, people, answer),
        moves=_moves(operation, step, actor, people),
        route=route(operation, channel, case.step, entries, history),
        inventory=case_parts.inventory(session, case.id, operation),
        attachments=case_parts.attachments(session, case.id),
        requests=case_parts.requests(session, zone, OutsideRequest.case_id == case.id),
        requirements=case_parts.requirements(session, case.id, operation),
        grounds=operation.refusal_grounds,
        documents=case_parts.documents(session, zone, CaseDocument.case_id == case.id),
        history=history,
        notes=tuple(note.text for note in engine.notes_at(operation, step.id, channel)) if step else (),
        provisions=_provisions(service, operation, channel, step),
        numbers_licences=numbers,
        assignees=tuple((role, name) for role, (_, name) in people.items()),
        kind=service.kind,
        operation_kind=operation.kind,
        details=case_about.details(operation, case.details),
        asked=case_about.asked(operation, case.details),
        licences=case_about.licences(session, case.id, case.licence_named),
        names_others=case_about.answers_naming_others(session, case),
        paused_since=local(case.step_entered_at, zone) if step and step.pauses_total else None,
        **_particulars(case),
    )


def _provisions(
    service: Service, operation: Operation, channel: Channel, step: Step | None
) -> tuple[tuple[str, Text], ...]:
    told = provisions.at(service, operation, channel, step.id) if step else ()
    return tuple((provision.clause, provision.text) for provision in told)


def act_title(regulation: Regulation) -> str:
    """Return "№ 139, 07.06.2018", or the id of a text that bears neither number nor day."""
    told = [f"№ {regulation.act_number}"] if regulation.act_number else []
    if regulation.act_date:
        told.append(f"{regulation.act_date:%d.%m.%Y}")
    return ", ".join(told) or regulation.id


def _particulars(case: Row[*tuple[Any, ...]]) -> dict[str, Any]:
    """What the application says, as it is stored."""
    names = (
        "is_legal_entity identifier identifier_confirmed holder_address phone email site representative"
        " representative_iin power_of_attorney outside_number consent fee_receipt fee_paid_on fee_tenge"
        " fee_due_tenge kbk knp return_reason"
    )
    kept = {name: getattr(case, name) for name in names.split()}
    return kept | {"holder": Text(case.holder_kk, case.holder_ru)}


def _waits_for(
    store: Store, session: Session, step: Step | None, people: _People, zone: ZoneInfo
) -> tuple[Text, ...]:
    if step is None:
        return ()
    if step.performer in people:
        return (people[step.performer][1],)
    return case_parts.holders_of(session, step.performer, store, zone)


def _outcomes(
    operation: Operation, step: Step | None, actor: Actor, people: _People, answer: Effect | None
) -> tuple[OpenOutcome, ...]:
    """The rules and the table of rights together: a button must not promise what the command refuses."""
    if step is None:
        return ()
    assigned = people.get(step.performer, (actor.person_id,))[0] == actor.person_id
    allowed = may(actor.roles, COMMAND_OF_ACT[step.act])
    found = engine.open_outcomes(operation, step.id, roles=actor.roles, assigned=assigned, answer=answer)
    return tuple(
        OpenOutcome(
            id=item.outcome.id,
            title=item.outcome.title,
            effect=item.outcome.effect,
            open=item.open and allowed,
            why_not=item.why_not or ("" if allowed else "role-may-not"),
            assigns=item.assigns,
        )
        for item in found
    )


def _moves(operation: Operation, step: Step | None, actor: Actor, people: _People) -> tuple[OpenMove, ...]:
    if step is None:
        return ()
    found = []
    others = frozenset(role for role, (person_id, _) in people.items() if person_id != actor.person_id)
    for item in engine.open_moves(operation, step.id, roles=actor.roles, others=others):
        allowed = may(actor.roles, COMMAND_OF_MOVE[item.move.move])
        why_not = item.why_not or ("" if allowed else "role-may-not")
        found.append(OpenMove(item.move.move, item.open and allowed, why_not))
    return tuple(found)
