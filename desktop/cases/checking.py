"""Completeness of the papers (001 item 7(3)): the request to the authority, or the end of the consideration."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm.attributes import flag_modified

from desktop.cases import facts, numbers
from desktop.cases.change import Change, changing
from desktop.cases.claiming import as_kept, once
from desktop.cases.drawing import Draw, add_document, awaiting_code
from desktop.cases.journal import Event
from desktop.cases.noticing import add_notice
from desktop.cases.numbers import Register
from desktop.cases.plain_text import TEXT, optional
from desktop.cases.weighing import require_weighed
from desktop.errors import BadInput, NotAllowed
from desktop.models import CaseDocument, OutsideRequest, RegisterNumber
from desktop.regulation.engine import leads_to_signature
from desktop.regulation.model import Act, DocumentKind, Effect, Outcome, Text
from desktop.regulation.rights import Actor, Command
from desktop.store.database import Store

OK, LATER, MISSING, EXPIRED = "ok", "later", "missing", "expired"


@dataclass(frozen=True, slots=True)
class PaperVerdict:
    """``verdict``: ok | later | missing | expired; ``expires_on`` is the last day the paper counts.

    ``later``: in order, and handed in after the registration whose inventory says that it was not; ``note`` then says
    by whom and when.
    """

    verdict: str
    expires_on: date | None = None
    note: str = ""


@once(as_kept)
def check_papers(
    store: Store,
    actor: Actor,
    *,
    case_id: int,
    seen_version: int,
    outcome: str,
    verdicts: Mapping[str, PaperVerdict],
    draw: Draw,
) -> int | None:
    """Record the verdict on every paper and take ``outcome``; return the id of the paper it produced.

    Complete: the request to the authority goes out with its own clock. Incomplete: the notice of
    termination is built from the unmet papers. BadInput at ``verdicts`` with ``paper``: "verdict-required",
    "paper-not-handed-in", "paper-handed-in-before", "handing-in-required", "expiry-date-required",
    "paper-not-expired", "paper-has-expired"; NotAllowed "papers-unmet", "papers-all-met".
    """
    with changing(store, actor, case_id, seen_version, Command.CHECK) as change:
        chosen = change.choose(Act.CHECK, outcome)
        require_weighed(change, chosen)
        _keep_verdicts(change, verdicts)
        unmet = _unmet(change)
        if chosen.effect == Effect.COMPLETE and unmet:
            raise NotAllowed("papers-unmet", number=change.case.number, papers=unmet)
        if chosen.effect == Effect.INCOMPLETE and not unmet:
            raise NotAllowed("papers-all-met", number=change.case.number)
        change.case.return_reason = ""
        step = change.step
        result = chosen.produces.value if chosen.produces and chosen.next is None else None
        signed_later = leads_to_signature(change.operation, chosen)
        voided = change.go(chosen.next, result=result)
        document = _produce(change, chosen, draw, signed_later=signed_later)
        change.record(
            Event.PAPERS_COMPLETE if chosen.effect == Effect.COMPLETE else Event.PAPERS_INCOMPLETE,
            step=step.id,
            outcome=chosen.id,
            unmet=unmet,
            **({"handed_in_later": later} if (later := _later(change)) else {}),
            document=document.kind if document else "",
            number=document.number if document else "",
            voided=voided,
        )
        return change.claimed.returns(document.id if document else None)


def _keep_verdicts(change: Change, verdicts: Mapping[str, PaperVerdict]) -> None:
    lines = {item.paper: item for item in change.case.inventory}
    for paper in change.operation.papers:
        given = verdicts.get(paper.id)
        if given is None or given.verdict not in {OK, LATER, MISSING, EXPIRED}:
            raise BadInput("verdict-required", field="verdicts", paper=paper.id)
        line = lines[paper.id]
        fault, told = _fault(given, brought=line.brought, today=change.today)
        if fault:
            raise BadInput(fault, field="verdicts", paper=paper.id, **told)
        line.verdict = given.verdict
        line.expires_on = given.expires_on
        line.note = optional(given.note, "verdicts", limit=TEXT, lines=True)
    changed = [line for line in lines.values() if change.session.is_modified(line)]
    for line in changed:  # the same columns in all of them: one statement for the whole inventory
        for column in ("verdict", "expires_on", "note"):
            flag_modified(line, column)


def _fault(given: PaperVerdict, *, brought: bool, today: date) -> tuple[str, dict[str, date]]:
    """Return what is wrong with a verdict, "" when nothing is, and the day it is about."""
    day = given.expires_on
    if given.verdict == OK and not brought:
        return "paper-not-handed-in", {}
    if given.verdict == LATER and brought:
        return "paper-handed-in-before", {}
    if given.verdict == LATER and not given.note.strip():
        return "handing-in-required", {}
    if given.verdict == EXPIRED and day is None:
        return "expiry-date-required", {}
    if given.verdict == EXPIRED and day and day >= today:
        return "paper-not-expired", {"day": day}
    if given.verdict in {OK, LATER} and day and day < today:
        return "paper-has-expired", {"day": day}
    return "", {}


def _unmet(change: Change) -> list[str]:
    """Return the papers that stop the consideration: a required one missing, any one expired."""
    lines = {item.paper: item.verdict for item in change.case.inventory}
    return [
        paper.id
        for paper in change.operation.papers
        if lines[paper.id] == EXPIRED or (paper.required and lines[paper.id] == MISSING)
    ]


def _later(change: Change) -> list[str]:
    return [item.paper for item in change.case.inventory if item.verdict == LATER]


def _produce(change: Change, chosen: Outcome, draw: Draw, *, signed_later: bool) -> CaseDocument | None:
    if chosen.next is not None and change.operation.step(chosen.next).act == Act.ASK:
        return _ask(change, draw, drawn=chosen.produces == DocumentKind.REQUEST)
    if chosen.produces is DocumentKind.NOTICE:
        unmet = _unmet(change)
        items = [paper.title for paper in change.operation.papers if paper.id in unmet]
        return add_notice(change, chosen, why=Text("", ""), items=items, draw=draw)
    if chosen.produces != DocumentKind.TERMINATION:
        return None
    number = _number(change, signed_later=signed_later)
    person, acting = facts.expected_signer(change.session, change.now)
    signer = facts.signer_facts(person, acting)
    notice = facts.termination_facts(change, number.text, change.today, signer, by_hand=not signed_later)
    change.replace_drafts()
    if signed_later:
        change.case.draft_kind = DocumentKind.TERMINATION.value
    return add_document(
        change.session,
        change.office,
        change.case,
        DocumentKind.TERMINATION,
        awaiting_code(change.session, notice) if signed_later else notice,
        draw,
        number=number.text,
        dated=change.today,
        state="draft" if signed_later else "issued",
        now=change.now,
        by=change.actor.person_id,
        signer_id=person.id,
    )


def _number(change: Change, *, signed_later: bool) -> RegisterNumber:
    """Return the number a returned draft has left to the case, or take the next one."""
    held = numbers.reserved_for(change.session, change.case, Register.OUTGOING) if signed_later else None
    return held or numbers.take(
        change.session,
        Register.OUTGOING,
        change.now,
        change.office.outgoing_template,
        change.case,
        state=numbers.RESERVED if signed_later else numbers.USED,
    )


def _ask(change: Change, draw: Draw, *, drawn: bool) -> CaseDocument | None:
    """Send the request: its clock is the ASK step's own term, counted from now."""
    case = change.case
    step = change.step
    addressee = step.addressee or step.role_title or step.title
    number = numbers.take(
        change.session, Register.OUTGOING, change.now, change.office.outgoing_template, case
    )
    request = OutsideRequest(
        step=step.id,
        number=number.text,
        addressee_kk=addressee.kk,
        addressee_ru=addressee.ru,
        sent_at=change.now,
        due_at=case.step_due_at or case.due_at,
    )
    case.requests.append(request)
    case.answer = None
    if not drawn:
        return None
    person, acting = facts.expected_signer(change.session, change.now)
    letter = facts.request_facts(change, request, facts.signer_facts(person, acting))
    return add_document(
        change.session,
        change.office,
        case,
        DocumentKind.REQUEST,
        letter,
        draw,
        number=number.text,
        dated=change.today,
        state="issued",
        now=change.now,
        by=change.actor.person_id,
        signer_id=person.id,
    )
