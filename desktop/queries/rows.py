"""The rows the screens show. Frozen, of plain values, safe to hand from one thread to another.

Moments are aware and in the office's time zone; dates are dates; nothing is pre-translated:
legal texts come as :class:`Text` (kk and ru) and closed-list codes as their enums.
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Generic, NamedTuple, TypeVar

from desktop.queries.service_rows import AskedRow, DetailRow, NamedLicenceRow
from desktop.regulation.model import (
    Act,
    Channel,
    DocumentKind,
    Effect,
    OfficeMove,
    OperationKind,
    Paper,
    RefusalGround,
    Requirement,
    Role,
    ServiceKind,
    SubType,
    Text,
)

Row = TypeVar("Row")


@dataclass(frozen=True, slots=True)
class PersonRow:
    person_id: int
    version: int
    login: str
    name: Text
    position: Text
    iin: str
    roles: frozenset[Role]
    active: bool
    open_cases: int = 0  # how many open cases wait for this person
    waits: bool = False  # signs or confirms, and another has to confirm what was set about him


@dataclass(frozen=True, slots=True)
class DeskRow:
    """A case waiting for the person signed in."""

    case_id: int
    number: str
    holder: Text
    service: Text
    step: Text
    act: Act
    step_due_at: datetime | None
    due_at: datetime
    step_entered_at: datetime
    returned: bool  # the head sent the draft back
    paused: bool = False  # the total term stands still at this step


@dataclass(frozen=True, slots=True)
class PaperStand:
    """A case whose paper was in the list; ``signed``: the paper of it the actor signed, that one or a newer; or 0."""

    case_id: int
    number: str
    holder: Text
    signed: int


@dataclass(frozen=True, slots=True)
class BatchStand:
    """``database``: the UUID of the database asked, which knows nothing of another's papers."""

    database: str
    papers: tuple[PaperStand, ...]


class ApplicationRow(
    NamedTuple
):  # an export makes a hundred thousand; a frozen class takes ten times as long
    case_id: int
    number: str
    received_at: datetime
    channel: Channel
    holder: Text
    identifier: str
    site: str
    service: Text
    operation: Text
    step: Text | None  # None: closed
    executor: Text | None
    due_at: datetime
    result: str | None
    closed_at: datetime | None
    fee_receipt: str
    fee_paid_on: date | None
    fee_tenge: int | None
    sub_types: tuple[Text, ...]
    paused_since: datetime | None = None


@dataclass(frozen=True, slots=True)
class LicenceRow:
    licence_id: int
    case_id: int
    document_id: int
    number: str
    annex_number: str
    issued_on: date
    first_issued_on: date
    holder: Text
    identifier: str
    holder_address: str
    site: str
    sub_types: Text
    status: str
    signer: Text
    case_number: str
    handed_to: str
    replaced_by: str = ""  # the number of the licence that took its place
    changed_on: date | None = None  # since when it is in its state, where that is not the issue
    until_on: date | None = None  # the last day of a suspension
    basis: Text | None = None  # the decision that brought the state


@dataclass(frozen=True, slots=True)
class RegisterFilter:
    """What the screen filters by; the Excel export takes the very same object."""

    text: str = ""  # number, ИИН/БИН, name in any alphabet, site
    first_day: date | None = None
    last_day: date | None = None
    state: str = ""  # open | overdue | closed, or a result; of licences their state; "" for all
    channel: Channel | None = None
    executor_id: int | None = None


@dataclass(frozen=True, slots=True)
class Page(Generic[Row]):
    """A slice of a register. ``after`` is the key to ask the next page with, None at the end."""

    rows: tuple[Row, ...]
    after: tuple[str | int, ...] | None


@dataclass(frozen=True, slots=True)
class InventoryRow:
    paper: Paper
    brought: bool
    sheets: int
    expires_on: date | None
    verdict: str  # "" | ok | missing | expired
    note: str


@dataclass(frozen=True, slots=True)
class AttachmentRow:
    attachment_id: int
    paper: str | None
    file_name: str
    media_type: str
    size: int
    sha256: str
    flags: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DocumentRow:
    document_id: int
    case_id: int | None
    case_number: str
    kind: DocumentKind
    number: str
    dated: date
    state: str  # issued | draft | signed | replaced
    signer: Text | None
    signed_at: datetime | None
    printed_at: datetime | None
    copies: int
    holder: Text
    handed_to: str


@dataclass(frozen=True, slots=True)
class RequestRow:
    request_id: int
    case_id: int
    case_number: str
    number: str
    addressee: Text
    sent_at: datetime
    due_at: datetime
    answer: Effect | None
    answered_at: datetime | None
    answer_number: str
    answer_date: date | None
    answer_note: str
    holder: Text


@dataclass(frozen=True, slots=True)
class RequirementRow:
    requirement: Requirement
    verdict: str  # "" | met | unmet | not_applicable
    note: str


@dataclass(frozen=True, slots=True)
class OpenOutcome:
    """A move of the regulation, open or not now; ``why_not`` is a message code with its facts."""

    id: str
    title: Text
    effect: Effect
    open: bool
    why_not: str = ""
    assigns: Role | None = None  # the role somebody must be chosen for


@dataclass(frozen=True, slots=True)
class OpenMove:
    move: OfficeMove
    open: bool
    why_not: str = ""


@dataclass(frozen=True, slots=True)
class RouteStop:
    """A step on the case's route, for the strip at the head of the card."""

    title: Text
    act: Act
    role: Role
    role_title: Text | None
    clause: str
    term: str  # "15 minute" - number and unit code, "" when none
    state: str  # done | here | ahead
    done_by: Text | None
    done_at: datetime | None


@dataclass(frozen=True, slots=True)
class JournalRow:
    entry_id: int
    at: datetime
    actor: str
    actor_name: str
    on_behalf: str
    workstation: str
    event: str
    case_id: int | None
    case_number: str
    step: Text | None
    facts: dict[str, object]


@dataclass(frozen=True, slots=True)
class CaseCard:
    """Everything the case screen needs, read in one go."""

    case_id: int
    version: int
    number: str
    received_at: datetime
    channel: Channel
    service: Text
    operation: Text
    regulation_id: str
    act_title: str  # "№ 139, 07.06.2018"
    repealed_by: Text | None
    step: Text | None
    act: Act | None
    step_clause: str
    step_due_at: datetime | None
    due_at: datetime
    hand_over_by: datetime | None
    closed_at: datetime | None
    result: str | None
    draft_kind: str | None
    answer: Effect | None
    is_legal_entity: bool
    identifier: str
    identifier_confirmed: bool
    holder: Text
    holder_address: str
    phone: str
    email: str
    site: str
    representative: str
    representative_iin: str
    power_of_attorney: str
    outside_number: str
    consent: bool
    sub_types: tuple[SubType, ...]
    fee_receipt: str
    fee_paid_on: date | None
    fee_tenge: int | None
    fee_due_tenge: int | None
    kbk: str
    knp: str
    decision_note: Text
    refusal_grounds: tuple[str, ...]
    return_reason: str
    mine: bool  # waits for the person signed in
    waits_for: tuple[Text, ...]  # names of those it waits for
    outcomes: tuple[OpenOutcome, ...]
    moves: tuple[OpenMove, ...]
    route: tuple[RouteStop, ...]
    inventory: tuple[InventoryRow, ...]
    attachments: tuple[AttachmentRow, ...]
    requests: tuple[RequestRow, ...]
    requirements: tuple[RequirementRow, ...]
    grounds: tuple[RefusalGround, ...]
    documents: tuple[DocumentRow, ...]
    history: tuple[JournalRow, ...]
    notes: tuple[Text, ...]  # contradictions of the act that bite at this step
    numbers_licences: bool
    assignees: tuple[tuple[Role, Text], ...]
    kind: ServiceKind
    operation_kind: OperationKind
    details: tuple[DetailRow, ...]
    asked: tuple[AskedRow, ...]
    licences: tuple[NamedLicenceRow, ...]
    paused_since: datetime | None = None  # the total term stands still from then on
    names_others: tuple[
        tuple[str, tuple[str, ...]], ...
    ] = ()  # systems whose answer, not weighed yet, is another's
    provisions: tuple[tuple[str, Text], ...] = ()  # item and words: what the act says besides at this step


@dataclass(frozen=True, slots=True)
class Reason:
    """One interval of an explained date: ``code`` is a message code, ``clause`` the act's item, ``text`` a holiday's name."""

    first: datetime
    last: datetime
    counted: bool
    code: str
    clause: str = ""
    text: Text | None = None


@dataclass(frozen=True, slots=True)
class ExplainedDate:
    due_at: datetime
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class SigningRules:
    """What the office asks of its signatures: the level, where to ask, and whether silence is enough."""

    level: str = "b-b"
    stamp_address: str = ""
    ocsp_address: str = ""
    silence_allowed: bool = False


@dataclass(frozen=True, slots=True)
class OfficeRow:
    version: int
    name: Text
    bin: str
    address: Text
    place: Text
    time_zone: str
    status_address: str
    numbers_licences: bool
    incoming_template: str
    outgoing_template: str
    licence_template: str
    is_demo: bool
    file_limit_bytes: int
    signing: "SigningRules"
    seal: bytes | None
    head: Text | None
    acting: Text | None


@dataclass(frozen=True, slots=True)
class HoursRow:
    valid_from: date
    weekday: int
    intervals: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class OverrideRow:
    day: date
    intervals: tuple[tuple[str, str], ...]
    reason: Text


@dataclass(frozen=True, slots=True)
class FeeRateRow:
    valid_from: date
    tenge: int
    source: str
    unverified: bool


@dataclass(frozen=True, slots=True)
class TrustRootRow:
    sha256: str
    subject: str
    is_demo: bool
    added_at: datetime
    added_by: str
    pem: str
    waits: bool = False  # for another to confirm it
