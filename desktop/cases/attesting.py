"""The attestation commission's sitting: test, interview, votes; its protocol and its decision (003, attestation, 5(4))."""

from collections import Counter
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from desktop.cases import facts, numbers
from desktop.cases.change import Change, changing
from desktop.cases.claiming import once, row_id
from desktop.cases.drawing import Draw, add_document, awaiting_code
from desktop.cases.journal import Event
from desktop.cases.numbers import Register
from desktop.cases.plain_text import TEXT, optional, required
from desktop.cases.weighing import require_weighed
from desktop.errors import BadInput, NotAllowed
from desktop.models import CaseDocument, Person, PersonRole
from desktop.models import Sitting as SittingRow
from desktop.regulation.engine import leads_to_signature
from desktop.regulation.model import Act, DocumentKind, Effect, Outcome, Role
from desktop.regulation.papers import CommissionFacts
from desktop.regulation.rights import Actor, Command
from desktop.store.database import Store

FOR, AGAINST, ABSTAINED = "for", "against", "abstained"
_MOST = 10_000  # points of a test


@dataclass(frozen=True, slots=True)
class Vote:
    """``vote``: for | against | abstained."""

    person_id: int
    vote: str


@dataclass(frozen=True, slots=True)
class Sitting:
    """What the commission did; ``votes`` has the chair first."""

    held_on: date | None
    test_score: int
    test_max: int
    interview_kk: str
    interview_ru: str
    votes: tuple[Vote, ...]
    note_kk: str = ""
    note_ru: str = ""


@once(row_id)
def attest(
    store: Store,
    actor: Actor,
    *,
    case_id: int,
    seen_version: int,
    outcome: str,
    sitting: Sitting,
    draw: Draw,
) -> int:
    """Record the sitting and take ``outcome``; draws the protocol and the decision. Returns the decision's id.

    More votes for than against are needed to pass, and otherwise he failed: NotAllowed "votes-say-otherwise"
    (votes_for, votes_against). BadInput: "field-required", "date-in-future", "sitting-before-application",
    "test-score-wrong", "vote-required", "vote-twice", "person-cannot-do".
    """
    with changing(store, actor, case_id, seen_version, Command.ATTEST) as change:
        chosen = change.choose(Act.ATTEST, outcome)
        require_weighed(change, chosen)
        members = _members(change, sitting.votes)
        told = Counter(vote.vote for vote in sitting.votes)
        _refuse_other_result(change, chosen, told)
        row = _kept(change, chosen, sitting)
        protocol, result = _drawn(change, chosen, row, members, draw)
        step = change.step.id
        voided = change.go(chosen.next, result=change.ends_with())
        change.record(
            Event.ATTESTED,
            step=step,
            outcome=chosen.id,
            passed=row.passed,
            held_on=row.held_on,
            test_score=row.test_score,
            test_max=row.test_max,
            votes_for=told[FOR],
            votes_against=told[AGAINST],
            votes_abstained=told[ABSTAINED],
            protocol=protocol.number,
            document=result.kind,
            number=result.number,
            voided=voided,
        )
        return change.claimed.returns(result.id)


def _members(change: Change, votes: tuple[Vote, ...]) -> dict[int, Person]:
    """Return who voted; each of them must be of the commission."""
    if not votes:
        raise BadInput("vote-required", field="votes")
    asked = [vote.person_id for vote in votes]
    if len(set(asked)) < len(asked):
        raise BadInput("vote-twice", field="votes")
    if any(vote.vote not in {FOR, AGAINST, ABSTAINED} for vote in votes):
        raise BadInput("vote-required", field="votes")
    found = change.session.scalars(
        select(Person)
        .join(PersonRole)
        .where(Person.id.in_(asked), Person.active.is_(True), PersonRole.role == Role.COMMISSION.value)
    ).all()
    if len(found) < len(asked):
        raise BadInput("person-cannot-do", field="votes", role=Role.COMMISSION.value)
    return {person.id: person for person in found}


def _refuse_other_result(change: Change, chosen: Outcome, told: Counter[str]) -> None:
    if (told[FOR] > told[AGAINST]) != (chosen.effect is Effect.PASSED):
        raise NotAllowed(
            "votes-say-otherwise",
            number=change.case.number,
            votes_for=told[FOR],
            votes_against=told[AGAINST],
        )


def _kept(change: Change, chosen: Outcome, sitting: Sitting) -> SittingRow:
    received_on = change.case.received_at.astimezone(change.local_now.tzinfo).date()
    if sitting.held_on is None:
        raise BadInput("field-required", field="held_on")
    if sitting.held_on > change.today:
        raise BadInput("date-in-future", field="held_on", day=sitting.held_on)
    if sitting.held_on < received_on:
        raise BadInput("sitting-before-application", field="held_on", received=received_on)
    if not 0 <= sitting.test_score <= sitting.test_max or not 1 <= sitting.test_max <= _MOST:
        raise BadInput("test-score-wrong", field="test_score", most=sitting.test_max)
    row = SittingRow(
        case_id=change.case.id,
        held_on=sitting.held_on,
        test_score=sitting.test_score,
        test_max=sitting.test_max,
        interview_kk=required(sitting.interview_kk, "interview_kk", limit=TEXT, lines=True),
        interview_ru=required(sitting.interview_ru, "interview_ru", limit=TEXT, lines=True),
        votes=[{"person_id": vote.person_id, "vote": vote.vote} for vote in sitting.votes],
        passed=chosen.effect is Effect.PASSED,
        note_kk=optional(sitting.note_kk, "note_kk", limit=TEXT, lines=True),
        note_ru=optional(sitting.note_ru, "note_ru", limit=TEXT, lines=True),
        recorded_at=change.now,
        recorded_by=change.actor.person_id,
    )
    change.session.add(row)
    return row


def _drawn(
    change: Change, chosen: Outcome, row: SittingRow, members: dict[int, Person], draw: Draw
) -> tuple[CaseDocument, CaseDocument]:
    """Return the protocol and the result: the decision under the protocol's number, or the protocol itself."""
    number = _outgoing(change, state=numbers.USED)
    page = facts.commission_facts(change, row, number, members)
    protocol = _paper(change, DocumentKind.PROTOCOL, page, number, draw)
    if chosen.produces is not DocumentKind.ATTESTATION:
        return protocol, protocol
    if not leads_to_signature(change.operation, chosen):
        return protocol, _paper(change, DocumentKind.ATTESTATION, page, number, draw)
    change.replace_drafts()
    change.case.draft_kind = DocumentKind.ATTESTATION.value
    reserved = _outgoing(change, state=numbers.RESERVED)
    person, acting = facts.expected_signer(change.session, change.now)
    signer = facts.signer_facts(person, acting)
    decision = facts.commission_decision(change, page, reserved, change.today, signer)
    return protocol, _paper(change, DocumentKind.ATTESTATION, decision, reserved, draw, signer_id=person.id)


def _outgoing(change: Change, *, state: str) -> str:
    taken = numbers.take(
        change.session,
        Register.OUTGOING,
        change.now,
        change.office.outgoing_template,
        change.case,
        state=state,
    )
    return taken.text


def _paper(
    change: Change,
    kind: DocumentKind,
    page: CommissionFacts,
    number: str,
    draw: Draw,
    *,
    signer_id: int | None = None,
) -> CaseDocument:
    """Draw a paper the commission signs by hand, or one that waits for the head's signature."""
    return add_document(
        change.session,
        change.office,
        change.case,
        kind,
        page if signer_id is None else awaiting_code(change.session, page),
        draw,
        number=number,
        dated=change.today,
        state="issued" if signer_id is None else "draft",
        now=change.now,
        by=change.actor.person_id,
        signer_id=signer_id,
    )
