"""The parts of a case card: one statement each, one kind of row each."""

from collections.abc import Sequence
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Row, and_, select
from sqlalchemy.orm import Session, aliased

from desktop.models import (
    ActingHead,
    Assignment,
    Attachment,
    Case,
    CaseDocument,
    CaseSubType,
    InventoryItem,
    JournalEntry,
    OutsideRequest,
    Person,
    PersonRole,
    RequirementCheck,
)
from desktop.queries import law
from desktop.queries.moments import local
from desktop.queries.register_rows import handed_to
from desktop.queries.rows import (
    AttachmentRow,
    DocumentRow,
    InventoryRow,
    JournalRow,
    RequestRow,
    RequirementRow,
)
from desktop.regulation.model import DocumentKind, Effect, Operation, Role, Service, SubType, Text
from desktop.regulation.rights import Actor
from desktop.store.database import Store

Rows = Sequence[Row[*tuple[Any, ...]]]

_Signer = aliased(Person, name="signer")

DOCUMENTS = (
    select(
        CaseDocument.id,
        CaseDocument.case_id,
        CaseDocument.kind,
        CaseDocument.number,
        CaseDocument.dated,
        CaseDocument.state,
        CaseDocument.facts,
        CaseDocument.signed_at,
        CaseDocument.printed_at,
        CaseDocument.copies,
        Case.number.label("case_number"),
        Case.holder_kk,
        Case.holder_ru,
        _Signer.name_kk.label("signer_kk"),
        _Signer.name_ru.label("signer_ru"),
    )
    .outerjoin(Case, Case.id == CaseDocument.case_id)
    .outerjoin(_Signer, _Signer.id == CaseDocument.signer_id)
)

REQUESTS = select(
    OutsideRequest.id,
    OutsideRequest.case_id,
    OutsideRequest.number,
    OutsideRequest.addressee_kk,
    OutsideRequest.addressee_ru,
    OutsideRequest.sent_at,
    OutsideRequest.due_at,
    OutsideRequest.answer,
    OutsideRequest.answered_at,
    OutsideRequest.answer_number,
    OutsideRequest.answer_date,
    OutsideRequest.answer_note,
    Case.number.label("case_number"),
    Case.holder_kk,
    Case.holder_ru,
).join(Case, Case.id == OutsideRequest.case_id)

JOURNAL = (
    select(
        JournalEntry.id,
        JournalEntry.at,
        JournalEntry.actor,
        JournalEntry.actor_name,
        JournalEntry.on_behalf,
        JournalEntry.workstation,
        JournalEntry.event,
        JournalEntry.case_id,
        JournalEntry.case_number,
        JournalEntry.step,
        JournalEntry.facts,
        Person.name_kk,
        Person.name_ru,
        Case.regulation_sha256,
        Case.service,
        Case.operation,
    )
    .outerjoin(Person, Person.login == JournalEntry.actor)
    .outerjoin(Case, Case.id == JournalEntry.case_id)
)


def sub_types(session: Session, case_id: int, service: Service) -> tuple[SubType, ...]:
    chosen = set(session.scalars(select(CaseSubType.sub_type).where(CaseSubType.case_id == case_id)))
    return tuple(item for item in service.sub_types if item.id in chosen)


def inventory(session: Session, case_id: int, operation: Operation) -> tuple[InventoryRow, ...]:
    papers = {paper.id: paper for paper in operation.papers}
    found = session.execute(
        select(
            InventoryItem.paper,
            InventoryItem.brought,
            InventoryItem.sheets,
            InventoryItem.expires_on,
            InventoryItem.verdict,
            InventoryItem.note,
        )
        .where(InventoryItem.case_id == case_id)
        .order_by(InventoryItem.position)
    )
    return tuple(
        InventoryRow(papers[row.paper], row.brought, row.sheets, row.expires_on, row.verdict, row.note)
        for row in found
    )


def attachments(session: Session, case_id: int) -> tuple[AttachmentRow, ...]:
    found = session.execute(
        select(
            Attachment.id,
            Attachment.paper,
            Attachment.file_name,
            Attachment.media_type,
            Attachment.size,
            Attachment.sha256,
            Attachment.flags,
        )
        .where(Attachment.case_id == case_id)
        .order_by(Attachment.id)
    )
    return tuple(
        AttachmentRow(
            row.id, row.paper, row.file_name, row.media_type, row.size, row.sha256, tuple(row.flags)
        )
        for row in found
    )


def requirements(session: Session, case_id: int, operation: Operation) -> tuple[RequirementRow, ...]:
    """Every requirement of the operation, answered or not."""
    found = session.execute(
        select(RequirementCheck.requirement, RequirementCheck.verdict, RequirementCheck.note).where(
            RequirementCheck.case_id == case_id
        )
    )
    answers = {row.requirement: (row.verdict, row.note) for row in found}
    return tuple(RequirementRow(item, *answers.get(item.id, ("", ""))) for item in operation.requirements)


def requests(session: Session, zone: ZoneInfo, *where: ColumnElement[bool]) -> tuple[RequestRow, ...]:
    found = session.execute(REQUESTS.where(*where).order_by(OutsideRequest.due_at, OutsideRequest.id))
    return tuple(
        RequestRow(
            request_id=row.id,
            case_id=row.case_id,
            case_number=row.case_number,
            number=row.number,
            addressee=Text(row.addressee_kk, row.addressee_ru),
            sent_at=local(row.sent_at, zone),
            due_at=local(row.due_at, zone),
            answer=Effect(row.answer) if row.answer else None,
            answered_at=local(row.answered_at, zone),
            answer_number=row.answer_number,
            answer_date=row.answer_date,
            answer_note=row.answer_note,
            holder=Text(row.holder_kk, row.holder_ru),
        )
        for row in found
    )


def documents(
    session: Session, zone: ZoneInfo, *where: ColumnElement[bool], limit: int | None = None
) -> tuple[DocumentRow, ...]:
    rows = session.execute(DOCUMENTS.where(*where).order_by(CaseDocument.id).limit(limit)).all()
    received = handed_to(session, [row.id for row in rows])
    return tuple(
        DocumentRow(
            document_id=row.id,
            case_id=row.case_id,
            case_number=row.case_number or "",
            kind=DocumentKind(row.kind),
            number=row.number,
            dated=row.dated,
            state=row.state,
            signer=Text(row.signer_kk, row.signer_ru) if row.signer_kk is not None else None,
            signed_at=local(row.signed_at, zone),
            printed_at=local(row.printed_at, zone),
            copies=row.copies,
            holder=_document_holder(row),
            handed_to=received.get(row.id, ""),
        )
        for row in rows
    )


def journal_rows(session: Session, zone: ZoneInfo, rows: Rows) -> tuple[JournalRow, ...]:
    return tuple(
        JournalRow(
            entry_id=row.id,
            at=local(row.at, zone),
            actor=row.actor,
            actor_name=row.actor_name,
            on_behalf=row.on_behalf,
            workstation=row.workstation,
            event=row.event,
            case_id=row.case_id,
            case_number=row.case_number,
            step=law.step_title(session, row.regulation_sha256, row.service, row.operation, row.step)
            if row.regulation_sha256
            else None,
            facts=row.facts,
        )
        for row in rows
    )


def assigned(session: Session, case_id: int) -> dict[Role, tuple[int, Text]]:
    """Return who, of each role, works on the case."""
    found = session.execute(
        select(Assignment.role, Person.id, Person.name_kk, Person.name_ru)
        .join(Person, Person.id == Assignment.person_id)
        .where(Assignment.case_id == case_id)
        .order_by(Assignment.role)
    )
    return {Role(row.role): (row.id, Text(row.name_kk, row.name_ru)) for row in found}


def holders_of(session: Session, role: Role, store: Store, zone: ZoneInfo) -> tuple[Text, ...]:
    """Return the active people of a role; for the head also who stands in today."""
    condition = Person.roles.any(PersonRole.role == role.value)
    if role is Role.HEAD:
        today = store.now(session).astimezone(zone).date()
        acting = select(ActingHead.person_id).where(
            and_(ActingHead.first_day <= today, ActingHead.last_day >= today)
        )
        condition = condition | Person.id.in_(acting)
    found = session.execute(
        select(Person.name_kk, Person.name_ru).where(Person.active.is_(True), condition).order_by(Person.id)
    )
    return tuple(Text(row.name_kk, row.name_ru) for row in found)


def is_mine(actor: Actor, performer: Role, people: dict[Role, tuple[int, Text]]) -> bool:
    return performer in actor.roles and people.get(performer, (actor.person_id,))[0] == actor.person_id


def _document_holder(row: Any) -> Text:
    """A receipt of refusal at the counter has no case: its own page names the applicant."""
    if row.holder_kk is not None:
        return Text(row.holder_kk, row.holder_ru)
    name = row.facts.get("holder", {}).get("name", {})
    return Text(str(name.get("kk", "")), str(name.get("ru", "")))
