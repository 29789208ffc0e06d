"""Examination against the requirements and the draft of the result (001 item 7(5))."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from desktop.cases import facts, numbers
from desktop.cases.change import Change, changing
from desktop.cases.claiming import nothing, once, row_id
from desktop.cases.drawing import Draw, add_document, awaiting_code
from desktop.cases.journal import Event
from desktop.cases.noticing import add_notice
from desktop.cases.numbers import Register
from desktop.cases.plain_text import TEXT, clean, optional
from desktop.cases.weighing import require_weighed
from desktop.errors import BadInput, NotAllowed
from desktop.models import CaseDocument, RegisterNumber, RequirementCheck
from desktop.regulation.engine import leads_to_signature
from desktop.regulation.model import Act, DocumentKind, Effect, OperationKind, Outcome, Text
from desktop.regulation.rights import Actor, Command
from desktop.store.database import Store

MET, UNMET, NOT_APPLICABLE = "met", "unmet", "not_applicable"

# B2: numbers of the central database since 2022 and before; older papers bear other forms
_CENTRAL_NUMBER = re.compile(r"\d{8}|KZ\d{2}[A-Z]{3}\d{8}")


@dataclass(frozen=True, slots=True)
class RequirementVerdict:
    """``verdict``: met | unmet | not_applicable."""

    verdict: str
    note: str = ""


@once(nothing)
def save_checks(
    store: Store,
    actor: Actor,
    *,
    case_id: int,
    seen_version: int,
    checks: Mapping[str, RequirementVerdict],
) -> None:
    """Keep the verdicts given so far; the case stays where it is."""
    with changing(store, actor, case_id, seen_version, Command.SAVE_CHECKS) as change:
        change.performs(Act.DECIDE)
        _keep_checks(change, checks)
        change.record(Event.CHECKS_SAVED, checks={name: item.verdict for name, item in checks.items()})


@once(row_id)
def draft(
    store: Store,
    actor: Actor,
    *,
    case_id: int,
    seen_version: int,
    outcome: str,
    checks: Mapping[str, RequirementVerdict],
    grounds: tuple[str, ...] = (),
    note_kk: str = "",
    note_ru: str = "",
    licence_number: str | None = None,
    licence_number_confirmed: bool = False,
    draw: Draw,
) -> int:
    """Draft the licence or the refusal and send it on; fixes its number and its exact bytes. Returns its id.

    Where the office does not number licences itself, ``licence_number`` is the one the central database gave;
    a form it does not use must be confirmed. BadInput: "check-required" (requirement), "ground-required",
    "licence-number-required", "licence-number-form", "licence-number-taken"; NotAllowed "requirements-unmet".
    """
    with changing(store, actor, case_id, seen_version, Command.DECIDE) as change:
        chosen = change.choose(Act.DECIDE, outcome)
        require_weighed(change, chosen)
        if chosen.produces is None:
            raise KeyError(outcome)  # the loader proves that a decision draws a paper
        _keep_checks(change, checks)
        _examine(change, chosen.effect, grounds)
        case = change.case
        case.refusal_grounds = list(grounds) if chosen.effect != Effect.GRANT else []
        case.decision_note_kk = optional(note_kk, "note_kk", limit=TEXT, lines=True)
        case.decision_note_ru = optional(note_ru, "note_ru", limit=TEXT, lines=True)
        case.return_reason = ""
        if chosen.produces is DocumentKind.NOTICE:
            document = _told(change, chosen, draw)
        else:
            number = _number_of(change, chosen, licence_number, confirmed=licence_number_confirmed)
            document = _drawn(change, chosen, chosen.produces, number, draw)
        change.record(
            Event.DRAFTED,
            outcome=chosen.id,
            document=chosen.produces,
            number=document.number,
            sha256=document.unsigned_sha256,
            grounds=grounds,
            checks={item.requirement: item.verdict for item in change.case.requirement_checks},
        )
        change.go(chosen.next, result=chosen.produces.value)
        return change.claimed.returns(document.id)


def _told(change: Change, chosen: Outcome, draw: Draw) -> CaseDocument:
    """Draw the notice of what is going to be decided, and why."""
    case = change.case
    unmet = {item.requirement for item in case.requirement_checks if item.verdict == UNMET}
    items = [item.title for item in change.operation.refusal_grounds if item.id in case.refusal_grounds]
    items += [item.unmet for item in change.operation.requirements if item.id in unmet]
    why = Text(case.decision_note_kk, case.decision_note_ru)
    return add_notice(change, chosen, why=why, items=items, draw=draw)


def _drawn(change: Change, chosen: Outcome, kind: DocumentKind, number: str, draw: Draw) -> CaseDocument:
    """Draw the result; it waits for a signature when the act's route leads to one."""
    signed_later = leads_to_signature(change.operation, chosen)
    change.replace_drafts()
    change.case.draft_kind = kind.value if signed_later else None
    person, acting = facts.expected_signer(change.session, change.now)
    signer = facts.signer_facts(person, acting)
    page = facts.decision_facts(change, kind, number, change.today, signer)
    return add_document(
        change.session,
        change.office,
        change.case,
        kind,
        awaiting_code(change.session, page) if signed_later else page,
        draw,
        number=number,
        dated=change.today,
        state="draft" if signed_later else "issued",
        now=change.now,
        by=change.actor.person_id,
        signer_id=person.id,
    )


def _keep_checks(change: Change, checks: Mapping[str, RequirementVerdict]) -> None:
    known = {item.id for item in change.operation.requirements}
    kept = {item.requirement: item for item in change.case.requirement_checks}
    for requirement, given in checks.items():
        if requirement not in known:
            raise KeyError(requirement)
        if given.verdict not in {MET, UNMET, NOT_APPLICABLE}:
            raise BadInput("check-required", field="checks", requirement=requirement)
        item = kept.get(requirement)
        if item is None:
            item = RequirementCheck(requirement=requirement)
            change.case.requirement_checks.append(item)
        note = optional(given.note, "checks", limit=TEXT, lines=True)
        if item.verdict != given.verdict or item.note != note:
            item.verdict, item.note = given.verdict, note
            item.checked_at, item.checked_by = change.now, change.actor.person_id


def _examine(change: Change, effect: Effect, grounds: tuple[str, ...]) -> None:
    verdicts = {item.requirement: item.verdict for item in change.case.requirement_checks}
    for requirement in change.operation.requirements:
        if effect == Effect.GRANT and requirement.id not in verdicts:
            raise BadInput("check-required", field="checks", requirement=requirement.id)
    unmet = [item.id for item in change.operation.requirements if verdicts.get(item.id) == UNMET]
    if effect == Effect.GRANT and unmet:
        raise NotAllowed("requirements-unmet", number=change.case.number, requirements=unmet)
    if effect != Effect.GRANT:
        known = {ground.id for ground in change.operation.refusal_grounds}
        if not grounds:
            raise BadInput("ground-required", field="grounds")
        for ground in grounds:
            if ground not in known:
                raise KeyError(ground)


def _number_of(change: Change, chosen: Outcome, licence_number: str | None, *, confirmed: bool) -> str:
    """Return the number the paper bears. A duplicate bears the licence's own, which was given long ago."""
    kind, named = change.operation.kind, change.case.licence_named
    if chosen.produces == DocumentKind.LICENCE and kind is not OperationKind.ISSUE:
        if not named:
            raise NotAllowed("licence-not-named", number=change.case.number)
        if kind is OperationKind.DUPLICATE and "id" in named:
            return str(named["number"])
        if kind is OperationKind.DUPLICATE:
            licence_number, confirmed = named["number"], True
    return _number(change, chosen, licence_number, confirmed=confirmed).text


def _number(
    change: Change, chosen: Outcome, licence_number: str | None, *, confirmed: bool
) -> RegisterNumber:
    """Return the number the case already holds for such a paper, or take the next one: reserved for a signature, or used."""
    session, case, office = change.session, change.case, change.office
    state = numbers.RESERVED if leads_to_signature(change.operation, chosen) else numbers.USED
    given = change.operation.kind is OperationKind.DUPLICATE or not office.numbers_licences
    if chosen.produces == DocumentKind.LICENCE and given:
        number = _outside(change, licence_number, confirmed=confirmed)
        number.state = state
        return number
    licence = chosen.produces == DocumentKind.LICENCE
    register = Register.LICENCE if licence else Register.OUTGOING
    held = numbers.reserved_for(session, case, register)
    if held is not None:
        held.state = state
        return held
    template = office.licence_template if licence else office.outgoing_template
    return numbers.take(session, register, change.now, template, case, state=state)


def _outside(change: Change, licence_number: str | None, *, confirmed: bool) -> RegisterNumber:
    """Keep the licence number the central database gave."""
    session, case = change.session, change.case
    text = clean(licence_number or "").upper()
    if not text:
        raise BadInput("licence-number-required", field="licence_number")
    if len(text) > 80:
        raise BadInput("too-long", field="licence_number", limit=80, length=len(text))
    if not confirmed and not _CENTRAL_NUMBER.fullmatch(text):
        raise BadInput("licence-number-form", field="licence_number", number=text)
    held = numbers.reserved_for(session, case, Register.OUTSIDE_LICENCE)
    if held is not None and held.text != text:
        numbers.void(held, "replaced-by-executor")
        session.flush()  # the old number is free for another case before the new one is looked for
    return numbers.reserve_outside(session, text, change.now, case)
