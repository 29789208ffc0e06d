"""Other systems: how they are reached, and what one of them said of a case, kept with the case as evidence."""

from pathlib import Path

from cryptography import x509

from desktop.cases import facts, filing, numbers
from desktop.cases.administering import administering
from desktop.cases.change import Change, changing
from desktop.cases.claiming import nothing, once, row_id
from desktop.cases.drawing import Draw, add_document
from desktop.cases.filing import Inspected
from desktop.cases.journal import Event
from desktop.cases.numbers import Register
from desktop.cases.plain_text import TEXT, clean, optional
from desktop.errors import BadInput, NotAllowed
from desktop.models import ConnectedSystem, ExchangeRecord, Person
from desktop.regulation.model import Act, Channel, DocumentKind, Text
from desktop.regulation.outside import rejection
from desktop.regulation.papers import NoticeFacts
from desktop.regulation.rights import Actor, Command
from desktop.regulation.systems import SYSTEMS, Answer, Connection, Heard, Way, check_address, title
from desktop.store import blobs
from desktop.store.database import Store

MOST_SECONDS, MOST_ATTEMPTS = 30, 4
_PEM_LIMIT = 64 * 1024
_VALUE, _FACTS = 2000, 50


@once(nothing)
def set_system(store: Store, actor: Actor, *, connection: Connection, with_token: bool = False) -> None:
    """Set how a system is reached. ``with_token``: a token of this workstation goes with the questions.

    BadInput "system-address-wrong", "system-address-open", "system-seconds-wrong", "system-attempts-wrong",
    "certificate-unreadable".
    """
    address = connection.address.strip()
    if connection.active or address:
        check_address(address, with_token=with_token)
    if not 1 <= connection.timeout_seconds <= MOST_SECONDS:
        raise BadInput("system-seconds-wrong", field="timeout_seconds", most=MOST_SECONDS)
    if not 1 <= connection.attempts <= MOST_ATTEMPTS:
        raise BadInput("system-attempts-wrong", field="attempts", most=MOST_ATTEMPTS)
    pem = _authority(connection.authority_pem)
    with administering(store, actor, Command.SET_SYSTEMS) as office:
        row = office.session.get(ConnectedSystem, connection.system.value)
        if row is None:
            row = ConnectedSystem(system=connection.system.value)
            office.session.add(row)
        row.address, row.active, row.authority_pem = address, connection.active, pem
        row.timeout_seconds, row.attempts = connection.timeout_seconds, connection.attempts
        office.record(Event.SYSTEM_SET, system=connection.system, address=address, active=connection.active)


def _authority(pem: str) -> str:
    pem = pem.strip()
    if not pem:
        return ""
    try:
        if len(pem) > _PEM_LIMIT:
            raise ValueError("too long for certificates")
        x509.load_pem_x509_certificates(pem.encode("ascii"))
    except ValueError as error:
        raise BadInput("certificate-unreadable", field="authority_pem") from error
    return pem + "\n"


@once(row_id)
def record_answer_of_system(
    store: Store,
    actor: Actor,
    *,
    case_id: int,
    seen_version: int,
    answer: Answer,
    note: str = "",
    print_out: Path | None = None,
    notify: bool = False,
    draw: Draw,
) -> int:
    """Keep what a system said of the case; returns the record's id.

    By hand the clerk's ``print_out`` is the evidence, over the network the answer's own bytes. ``notify`` draws the
    notice the regulation names for "no data" in the case's channel. BadInput "evidence-required" for an answer by
    hand with neither print-out nor note, "field-required"; NotAllowed "no-notice-named".
    """
    _prove(answer, note, print_out)
    note = optional(note, "note", limit=TEXT, lines=True)
    limit = filing.file_limit(store)
    scan = _inspected(print_out, limit)
    with changing(store, actor, case_id, seen_version, Command.RECORD_SYSTEM) as change:
        sha256, name = _evidence(change, answer, scan, limit)
        document = _notice(change, answer, draw) if notify else None
        record = ExchangeRecord(
            case_id=change.case.id,
            system=answer.question.system.value,
            question=dict(answer.question.asked),
            heard=answer.heard.value,
            way=answer.way.value,
            answer=dict(_told(answer)),
            number=clean(answer.number)[:120],
            reason=answer.reason,
            note=note,
            evidence_name=name,
            evidence_sha256=sha256,
            document_id=document,
            recorded_at=change.now,
            recorded_by=change.actor.person_id,
        )
        change.session.add(record)
        change.session.flush()
        change.record(
            Event.SYSTEM_ANSWERED,
            system=answer.question.system,
            question=dict(answer.question.asked),
            heard=answer.heard,
            way=answer.way,
            number=record.number,
            sha256=sha256,
            note=note,
        )
        return change.claimed.returns(record.id)


def _prove(answer: Answer, note: str, print_out: Path | None) -> None:
    asks = SYSTEMS[answer.question.system].asks
    if asks and not answer.question.value(asks[0]) and not any(value for _, value in answer.question.asked):
        raise BadInput("field-required", field=asks[0])
    if (
        answer.way is Way.BY_HAND
        and answer.heard is Heard.ANSWERED
        and print_out is None
        and not note.strip()
    ):
        raise BadInput("evidence-required", field="note")
    if len(answer.told) > _FACTS:
        raise ValueError("more facts than an answer holds")


def _told(answer: Answer) -> tuple[tuple[str, str], ...]:
    return tuple((name[:80], clean(value)[:_VALUE]) for name, value in answer.told if clean(value))


def _inspected(print_out: Path | None, limit: int) -> Inspected | None:
    if print_out is None:
        return None
    media_type, flags = filing.inspect(print_out, limit)
    return Inspected(print_out, None, filing.safe_name(print_out.name), media_type, flags)


def _evidence(change: Change, answer: Answer, scan: Inspected | None, limit: int) -> tuple[str | None, str]:
    if scan is not None:
        sha256, _size = blobs.put_file(change.session, scan.path, scan.media_type, limit, change.now)
        return sha256, scan.name
    if answer.evidence:
        name = f"{answer.question.system.value}-{answer.heard.value}.json"
        media_type = answer.media_type or "application/octet-stream"
        return blobs.put(change.session, answer.evidence, media_type, change.now), name
    return None, ""


def _notice(change: Change, answer: Answer, draw: Draw) -> int:
    """Draw what the act says to the applicant of whom the database knows nothing; the clerk signs it by hand."""
    case = change.case
    named = rejection(change.operation, Channel(case.channel), Act.LOOK_UP)
    if answer.heard is not Heard.NO_DATA or named is None or named.outcome.heading is None:
        raise NotAllowed("no-notice-named", number=case.number)
    outcome = named.outcome
    number = numbers.take(
        change.session, Register.OUTGOING, change.now, change.office.outgoing_template, case
    )
    system = title(answer.question.system)
    paper = NoticeFacts(
        office=facts.office_facts(change.office),
        signer=facts.signer_facts(change.session.get_one(Person, change.actor.person_id)),
        holder=facts.holder_facts(case),
        number=number.text,
        dated=change.today,
        service=change.service.title,
        heading=named.outcome.heading,
        body=outcome.body or outcome.title,
        why=Text("", ""),
        items=(system,),
        case_number=case.number,
        case_date=case.received_at.astimezone(change.local_now.tzinfo).date(),
    )
    document = add_document(
        change.session,
        change.office,
        case,
        DocumentKind.NOTICE,
        paper,
        draw,
        number=number.text,
        dated=change.today,
        state="issued",
        now=change.now,
        by=change.actor.person_id,
    )
    return document.id
