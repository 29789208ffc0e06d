"""The facts of each paper, built from the case, the office and the law it began under."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date, datetime
from typing import Any
from urllib.parse import quote

from sqlalchemy import select
from sqlalchemy.orm import Session

from desktop.cases.change import Change
from desktop.cases.standing import first_acting
from desktop.errors import NotAllowed
from desktop.models import Case, CaseDocument, Office, OutsideRequest, Person, PersonRole, Sitting
from desktop.regulation import marks
from desktop.regulation.model import (
    DocumentKind,
    Effect,
    Operation,
    OperationKind,
    Outcome,
    Role,
    Service,
    Text,
)
from desktop.regulation.papers import (
    AcceptanceRefusalFacts,
    AnswerFacts,
    CommissionFacts,
    Facts,
    GroundFacts,
    HolderFacts,
    InventoryLine,
    LicenceFacts,
    MemberFacts,
    NoticeFacts,
    OfficeFacts,
    ReceiptFacts,
    RefusalFacts,
    RequestFacts,
    SignerFacts,
    TerminationFacts,
    UnmetPaper,
    from_json,
)
from desktop.regulation.rights import Acting
from desktop.regulation.stated import stated

ANNEX_OF_ISSUE = "001"  # the first annex of a new licence (B2: annexes are numbered 001, 002, ...)
SUB_TYPES_BETWEEN = "; "  # in the register, where they stand in one text


def office_facts(office: Office) -> OfficeFacts:
    return OfficeFacts(
        name=Text(office.name_kk, office.name_ru),
        bin=office.bin,
        address=Text(office.address_kk, office.address_ru),
        place=Text(office.place_kk, office.place_ru),
        is_demo=office.is_demo,
    )


def holder_facts(case: Case) -> HolderFacts:
    return HolderFacts(
        name=Text(case.holder_kk, case.holder_ru),
        identifier=case.identifier,
        is_legal_entity=case.is_legal_entity,
        address=case.holder_address,
    )


def signer_facts(person: Person, acting: Acting | None = None) -> SignerFacts:
    order = f"№ {acting.order_number}, {acting.order_date:%d.%m.%Y}" if acting else ""
    return SignerFacts(
        name=Text(person.name_kk, person.name_ru),
        position=Text(person.position_kk, person.position_ru),
        acting_order=order,
    )


def expected_signer(session: Session, now: datetime) -> tuple[Person, Acting | None]:
    """Return who signs for the office today: the acting head, else the head; NotAllowed "no-head"."""
    found = first_acting(session, now)
    if found is not None:
        return found
    head = session.scalars(
        select(Person)
        .join(PersonRole)
        .where(PersonRole.role == Role.HEAD.value, Person.active.is_(True))
        .order_by(Person.id)
        .limit(1)
    ).first()
    if head is None:
        raise NotAllowed("no-head")
    return head, None


def decision_facts(
    change: Change, kind: DocumentKind, number: str, dated: date, signer: SignerFacts
) -> Facts:
    """Return the facts of a paper that is drafted and waits for a signature, from what the case says now."""
    if kind in (DocumentKind.LICENCE, DocumentKind.REFUSAL):
        page = _licence if kind == DocumentKind.LICENCE else _refusal
        return page(change, number, dated, signer)
    if kind == DocumentKind.TERMINATION:
        return termination_facts(change, number, dated, signer)
    if kind == DocumentKind.NOTICE:
        notice: NoticeFacts = _drafted(change, kind)
        return replace(notice, signer=signer, dated=dated, holder=holder_facts(change.case))
    if kind == DocumentKind.ATTESTATION:
        return commission_decision(change, _drafted(change, kind), number, dated, signer)
    raise KeyError(kind)


def _drafted(change: Change, kind: DocumentKind) -> Any:
    """Return what the draft that waits was drawn from: what was resolved or voted does not change by itself."""
    return from_json(kind, waiting_document(change).facts)


def notice_facts(
    change: Change,
    chosen: Outcome,
    number: str,
    signer: SignerFacts,
    *,
    why: Text,
    items: tuple[Text, ...],
    by_hand: bool,
) -> NoticeFacts:
    """Return a notice in the words of the outcome that produces it."""
    return NoticeFacts(
        office=office_facts(change.office),
        signer=signer,
        holder=holder_facts(change.case),
        number=number,
        dated=change.today,
        service=change.service.title,
        heading=chosen.heading or chosen.title,
        body=chosen.body or Text("", ""),
        why=why,
        items=items,
        case_number=change.case.number,
        case_date=_received_on(change),
        by_hand=by_hand,
        status_url="" if by_hand else status_url(change.office.status_address, number),
    )


def commission_facts(
    change: Change, sitting: Sitting, number: str, members: Mapping[int, Person]
) -> CommissionFacts:
    """Return what the protocol and the decision of a sitting say."""
    return CommissionFacts(
        office=office_facts(change.office),
        holder=holder_facts(change.case),
        number=number,
        dated=sitting.held_on,
        service=change.service.title,
        case_number=change.case.number,
        case_date=_received_on(change),
        site=change.case.site,
        passed=sitting.passed,
        test_score=sitting.test_score,
        test_most=sitting.test_max,
        interview=Text(sitting.interview_kk, sitting.interview_ru),
        members=tuple(MemberFacts(_name(members[vote["person_id"]]), vote["vote"]) for vote in sitting.votes),
        secretary=_name(_secretary(change)),
        note=Text(sitting.note_kk, sitting.note_ru),
    )


def commission_decision(
    change: Change, page: CommissionFacts, number: str, dated: date, signer: SignerFacts
) -> CommissionFacts:
    """Return the decision of a sitting as the head signs it: under a number and a day of its own."""
    address = status_url(change.office.status_address, number)
    return replace(page, signer=signer, decision_number=number, decided_on=dated, status_url=address)


def _secretary(change: Change) -> Person:
    """Return the secretary who has the case, or whoever records the sitting in his stead."""
    person_id = change.assignee(Role.COMMISSION_SECRETARY.value) or change.actor.person_id
    return change.session.get_one(Person, person_id)


def _name(person: Person) -> Text:
    return Text(person.name_kk, person.name_ru)


def termination_facts(
    change: Change, number: str, dated: date, signer: SignerFacts, *, by_hand: bool = False
) -> TerminationFacts:
    """Return the notice built from the papers found missing or expired."""
    case = change.case
    papers = {paper.id: paper for paper in change.operation.papers}
    worded = next(
        (
            outcome
            for step in change.operation.steps
            for outcome in step.outcomes
            if outcome.produces is DocumentKind.TERMINATION and outcome.heading is not None
        ),
        None,
    )
    return TerminationFacts(
        office=office_facts(change.office),
        signer=signer,
        holder=holder_facts(case),
        number=number,
        dated=dated,
        service=change.service.title,
        case_number=case.number,
        case_date=_received_on(change),
        unmet=tuple(
            UnmetPaper(
                title=papers[item.paper].title,
                clause=marks.cited(papers[item.paper].clause),
                verdict=item.verdict,
                expired_on=item.expires_on if item.verdict == "expired" else None,
                note=item.note,
            )
            for item in case.inventory
            if item.verdict in {"missing", "expired"}
            and (papers[item.paper].required or item.verdict == "expired")
        ),
        by_hand=by_hand,
        heading=worded.heading if worded else None,
        body=worded.body if worded else None,
        status_url="" if by_hand else status_url(change.office.status_address, number),
    )


def request_facts(change: Change, request: OutsideRequest, signer: SignerFacts) -> RequestFacts:
    case = change.case
    zone = change.local_now.tzinfo
    return RequestFacts(
        office=office_facts(change.office),
        signer=signer,
        holder=holder_facts(case),
        number=request.number,
        dated=request.sent_at.astimezone(zone).date(),
        addressee=Text(request.addressee_kk, request.addressee_ru),
        service=change.service.title,
        sub_types=sub_type_titles(change.service, case),
        site=case.site,
        case_number=case.number,
        case_date=_received_on(change),
        answer_by=request.due_at.astimezone(zone).date(),
    )


def receipt_facts(
    office: Office, service: Service, operation: Operation, case: Case, clerk: Text, moments: "Moments"
) -> ReceiptFacts:
    brought = {item.paper: item for item in case.inventory}
    return ReceiptFacts(
        office=office_facts(office),
        holder=holder_facts(case),
        number=case.number,
        received_at=moments[0],
        due_at=moments[1],
        hand_over_by=moments[2],
        service=service.title,
        channel=stated("channel", case.channel),
        inventory=tuple(
            InventoryLine(
                title=paper.title, sheets=brought[paper.id].sheets, brought=brought[paper.id].brought
            )
            for paper in operation.papers
            if paper.id in brought
        ),
        representative=case.representative,
        clerk=clerk,
    )


Moments = tuple[datetime, datetime, datetime | None]  # received, due, hand over by; office time


def acceptance_refusal_facts(
    office: Office,
    service: Service,
    holder: HolderFacts,
    number: str,
    dated: datetime,
    missing: Iterable[Text],
    reason: str,
    clerk: Text,
) -> AcceptanceRefusalFacts:
    return AcceptanceRefusalFacts(
        office=office_facts(office),
        holder=holder,
        number=number,
        dated=dated,
        service=service.title,
        missing=tuple(missing),
        reason=reason,
        clerk=clerk,
    )


def sub_type_titles(service: Service, case: Case) -> tuple[Text, ...]:
    """Return the wording of the case's sub-types, in the regulation's order."""
    chosen = {item.sub_type for item in case.sub_types}
    return tuple(item.title for item in service.sub_types if item.id in chosen)


def status_url(template: str, number: str) -> str:
    """Return the address the QR holds."""
    return template.replace("{number}", quote(number, safe=""))


def waiting_document(change: Change) -> CaseDocument:
    """Return the draft that waits; NotAllowed "nothing-to-sign" when there is none."""
    document = change.draft()
    if document is None:
        raise NotAllowed("nothing-to-sign", number=change.case.number)
    return document


def _licence(change: Change, number: str, dated: date, signer: SignerFacts) -> LicenceFacts:
    """Return the page of a licence: of a new one, of one that takes another's place, or of one there is once more."""
    case, named = change.case, change.case.licence_named
    kind = change.operation.kind
    page = LicenceFacts(
        office=office_facts(change.office),
        signer=signer,
        holder=holder_facts(case),
        number=number,
        annex_number=ANNEX_OF_ISSUE,
        issued_on=dated,
        first_issued_on=dated,
        activity=change.service.licence_activity or change.service.title,
        conditions=change.service.licence_conditions or Text("", ""),
        note=change.service.licence_note,
        sub_types=sub_type_titles(change.service, case),
        site=case.site,
        case_number=case.number,
        case_date=_received_on(change),
        status_url=status_url(change.office.status_address, number),
    )
    if not named or kind is OperationKind.ISSUE:
        return page
    first = date.fromisoformat(named["first_issued_on"])
    if kind is OperationKind.REISSUE:
        return replace(page, first_issued_on=first, sub_types=page.sub_types or _named_sub_types(named))
    page = replace(
        page, issued_on=date.fromisoformat(named["issued_on"]), first_issued_on=first, duplicate_on=dated
    )
    if "id" not in named:
        return page
    return replace(
        page,
        holder=HolderFacts(
            name=Text(named["holder_kk"], named["holder_ru"]),
            identifier=named["identifier"],
            is_legal_entity=case.is_legal_entity,
            address=named["holder_address"],
        ),
        annex_number=named["annex_number"],
        sub_types=_named_sub_types(named),
        site=named["site"],
    )


def _named_sub_types(named: Mapping[str, Any]) -> tuple[Text, ...]:
    """Return the sub-types of a licence of the register, which keeps them as one text in each language."""
    kk, ru = (named.get(name, "").split(SUB_TYPES_BETWEEN) for name in ("sub_types_kk", "sub_types_ru"))
    return tuple(Text(*pair) for pair in zip(kk, ru, strict=False) if any(pair))


def _refusal(change: Change, number: str, dated: date, signer: SignerFacts) -> RefusalFacts:
    case = change.case
    unmet = {item.requirement for item in case.requirement_checks if item.verdict == "unmet"}
    return RefusalFacts(
        office=office_facts(change.office),
        signer=signer,
        holder=holder_facts(case),
        number=number,
        dated=dated,
        service=change.service.title,
        case_number=case.number,
        case_date=_received_on(change),
        grounds=tuple(
            GroundFacts(ground.title, marks.cited(ground.clause))
            for ground in change.operation.refusal_grounds
            if ground.id in case.refusal_grounds
        ),
        unmet=tuple(
            GroundFacts(item.unmet, marks.cited(item.clause))
            for item in change.operation.requirements
            if item.id in unmet
        ),
        note=Text(case.decision_note_kk, case.decision_note_ru),
        status_url=status_url(change.office.status_address, number),
        answers=tuple(
            AnswerFacts(step.role_title or step.title, item.answer_number, item.answer_date)
            for item in case.requests
            for step in (change.operation.step(item.step),)
            if item.answer == Effect.DOES_NOT_CONFORM.value
        ),
    )


def _received_on(change: Change) -> date:
    return change.case.received_at.astimezone(change.local_now.tzinfo).date()
