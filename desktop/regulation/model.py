"""What a regulation says, as frozen data.

Here are the closed lists that code may know (acts, roles, effects, units, channels, papers a
program can draw). Everything a regulation may word for itself (step ids, terms, papers,
requirements, sub-types, fees) is data read by :mod:`desktop.regulation.loader`.
"""

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from desktop.regulation.oddities import Oddity


class Role(StrEnum):
    """Who acts. The pack maps the act's own titles onto these; the last two exist only in the office."""

    CLERK = "clerk"
    HEAD = "head"
    DEPARTMENT_HEAD = "department_head"
    EXECUTOR = "executor"
    COMMISSION_SECRETARY = "commission_secretary"
    COMMISSION = "commission"
    STATE_BODY = "state_body"
    CENTRE_OPERATOR = "centre_operator"
    PHC_EMPLOYEE = "phc_employee"
    DEPARTMENT_EMPLOYEE = "department_employee"
    APPLICANT = "applicant"
    SYSTEM = "system"
    ADMINISTRATOR = "administrator"
    AUDITOR = "auditor"


class ServiceKind(StrEnum):
    """What the service gives; the program chooses its registers by it."""

    LICENCE = "licence"
    ATTESTATION = "attestation"
    ATTACHMENT = "attachment"  # of a person to an organisation of primary care


class OperationKind(StrEnum):
    """What the operation does to the register of results."""

    ISSUE = "issue"
    REISSUE = "reissue"  # a licence there is gets another holder, name or address
    DUPLICATE = "duplicate"  # the same licence on paper once more
    ATTEST = "attest"
    ATTACH = "attach"


class Act(StrEnum):
    """What a step *is*. The program chooses its form, its rights and its papers by this alone."""

    ACCEPT = "accept"  # take in, register, send on
    ASSIGN = "assign"  # visa: choose who does the next step
    APPROVE = "approve"  # visa without choosing anybody
    CHECK = "check"  # completeness of the papers
    ASK = "ask"  # wait for another authority's answer
    DECIDE = "decide"  # examine against the requirements, draft the result
    SIGN = "sign"  # electronic signature on the drafted result
    DELIVER = "deliver"  # print, hand over, close
    ATTEST = "attest"  # test, interview, votes, protocol: the commission decides
    RESOLVE = "resolve"  # accept the request or decline it with a reason
    HEAR = "hear"  # the applicant is heard before an unfavourable decision
    # what people and systems outside the office do: the law's map, where no case of the office ever stands
    LOG_IN = "log_in"
    FILL_IN = "fill_in"  # the service chosen, the form filled in, copies attached
    LOOK_UP = "look_up"  # a question to a state database
    PAY = "pay"
    CHECK_SIGNATURE = "check_signature"  # the certificate is in date, not revoked, of the same person
    CHECK_PACKAGE = "check_package"  # the papers are complete
    SUBMIT = "submit"  # signed, sent, routed, numbered by another system
    NOTIFY = "notify"  # a message to the applicant
    HAND_OUT = "hand_out"  # the result reaches the applicant's hands


MAP_ACTS = frozenset(
    {
        Act.LOG_IN,
        Act.FILL_IN,
        Act.LOOK_UP,
        Act.PAY,
        Act.CHECK_SIGNATURE,
        Act.CHECK_PACKAGE,
        Act.SUBMIT,
        Act.NOTIFY,
        Act.HAND_OUT,
    }
)
"""Acts of the law's map: shown and drawn, never a step a case of the office stands at."""


class Effect(StrEnum):
    """What an outcome *means*. The outcome's own id and wording belong to the pack."""

    FORWARD = "forward"  # registered, visa given: simply goes on
    COMPLETE = "complete"  # papers complete -> a request or the next step
    INCOMPLETE = "incomplete"  # papers incomplete or expired -> consideration is terminated
    CONFORMS = "conforms"
    DOES_NOT_CONFORM = "does_not_conform"
    NO_ANSWER = "no_answer"  # silence in time: deemed agreed
    GRANT = "grant"  # draft of the licence
    REFUSE = "refuse"  # draft of the reasoned refusal
    SIGNED = "signed"
    DELIVERED = "delivered"
    PROPOSE_REFUSAL = "propose_refusal"  # the applicant is heard before it becomes one
    PASSED = "passed"
    FAILED = "failed"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    REJECT = "reject"  # on the map: a condition is not met
    TOLD = "told"  # on the map: the message has reached the applicant


class OfficeMove(StrEnum):
    """Moves the act leaves to the office; each pack declares where they are open ([I])."""

    RETURN_FOR_REWORK = "return_for_rework"
    WITHDRAW = "withdraw"
    CORRECT = "correct"
    REASSIGN = "reassign"


class Unit(StrEnum):
    SECOND = "second"
    MINUTE = "minute"
    HOUR = "hour"
    WORKING_DAY = "working_day"
    CALENDAR_DAY = "calendar_day"


class Channel(StrEnum):
    OFFICE = "office"  # the counter
    STATE_CORPORATION = "state_corporation"
    SERVICE_CENTRE = "service_centre"  # ХҚКО/ЦОН: what came before the State corporation
    PROVIDER = "provider"  # the office's own employee enters it for the applicant
    PORTAL = "portal"


CENTRES = frozenset({Channel.STATE_CORPORATION, Channel.SERVICE_CENTRE})
"""Channels that take the papers in elsewhere and give the result out there."""
COUNTERS = frozenset({Channel.OFFICE, Channel.PROVIDER})
"""Channels of the office's own counter: received is when it is registered."""


class DocumentKind(StrEnum):
    """Papers the program can draw."""

    LICENCE = "licence"
    REFUSAL = "refusal"
    TERMINATION = "termination"
    RECEIPT = "receipt"
    ACCEPTANCE_REFUSAL = "acceptance_refusal"
    REQUEST = "request"
    ATTESTATION = "attestation"  # the commission's decision, for the specialist
    PROTOCOL = "protocol"  # of the commission's meeting
    NOTICE = "notice"  # a message with a heading of the act's own, and a reason


class FieldKind(StrEnum):
    """Of a field of the application that the act asks for besides the usual ones."""

    TEXT = "text"
    DATE = "date"
    CHOICE = "choice"
    LICENCE = "licence"  # the number of a licence there is


@dataclass(frozen=True, slots=True)
class Text:
    """A legal text in both state languages; never machine-joined, never translated by the UI."""

    kk: str
    ru: str

    def in_language(self, language: str) -> str:
        """Return the text a reader of ``language`` (kk, ru, en) sees; English readers get Russian."""
        return self.kk if language == "kk" else self.ru


@dataclass(frozen=True, slots=True)
class Term:
    """``value`` units (1.5 minutes there are), or an interval ``minimum``..``maximum`` (None when ``value`` is set)."""

    unit: Unit
    value: int | float | None = None
    minimum: int | None = None
    maximum: int | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """``next`` is where the case goes, ``leads_to`` what the act says: they differ where the map goes on outside.

    ``leads_out``: steps of the map, each of other channels, where the way out depends on them (``leads_to`` is None
    then). ``proofs.target`` knows both.
    """

    id: str
    title: Text
    effect: Effect
    next: str | None  # step id, None = the end of the case
    produces: DocumentKind | None = None
    needs_answer: tuple[Effect, ...] = ()  # answers of an earlier ASK step under which it is open
    clause: str = ""
    leads_to: str | None = None  # step id as written, None = the end
    heading: Text | None = None  # of the NOTICE it produces, or of a TERMINATION the act calls otherwise
    body: Text | None = None  # what that paper says, in the act's words
    leads_out: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Step:
    id: str
    title: Text
    act: Act
    role: Role
    clause: str
    outcomes: tuple[Outcome, ...]
    term: Term | None = None
    channels: tuple[Channel, ...] = ()  # empty = all
    recorded_by: Role | None = None  # who in the office records it, when ``role`` stands outside
    role_title: Text | None = None  # the act's own title of the actor
    addressee: Text | None = None  # of the request, where the act of the step is ASK
    pauses_total: bool = False  # the total term stands still while the case is here

    @property
    def on_map(self) -> bool:
        """True for what is done outside: shown, and no case stands there."""
        return self.act in MAP_ACTS

    @property
    def performer(self) -> Role:
        """The office role that does, or records, this step."""
        return self.recorded_by or self.role


@dataclass(frozen=True, slots=True)
class OpenOfficeMove:
    move: OfficeMove
    roles: tuple[Role, ...]
    steps: tuple[str, ...]  # where it is open
    next: str | None = None  # only RETURN_FOR_REWORK has one; WITHDRAW ends
    clause: str = "[I]"


@dataclass(frozen=True, slots=True)
class TotalTerm:
    term: Term
    channels: tuple[Channel, ...]  # empty = all
    clause: str
    receipt_day_counts: bool = False
    hand_over_days_before: int = 0  # working days before the due day the result must be at the channel
    unverified: bool = False  # [K]: the act names none, or none that was at hand


@dataclass(frozen=True, slots=True)
class Paper:
    """An item of the inventory."""

    id: str
    title: Text
    clause: str
    required: bool = True
    expires: bool = False  # has a date after which it no longer counts
    unverified: bool = False  # [K]: shipped as an editable default, flagged in the program


@dataclass(frozen=True, slots=True)
class Requirement:
    """A qualification requirement, with the sentence used in a refusal when it is not met."""

    id: str
    title: Text
    unmet: Text
    clause: str
    unverified: bool = False


@dataclass(frozen=True, slots=True)
class SubType:
    id: str
    title: Text
    unverified: bool = False


@dataclass(frozen=True, slots=True)
class RefusalGround:
    id: str
    title: Text
    clause: str
    unverified: bool = False


@dataclass(frozen=True, slots=True)
class Choice:
    id: str
    title: Text


@dataclass(frozen=True, slots=True)
class Field:
    """What the act has an applicant say besides who he is and where: told in the case, and on the papers."""

    id: str
    title: Text
    kind: FieldKind
    clause: str
    required: bool = True
    choices: tuple[Choice, ...] = ()  # of a CHOICE
    unverified: bool = False


@dataclass(frozen=True, slots=True)
class Custody:
    """How long a centre keeps a result nobody fetches, and how soon it is sent there again (001 item 10)."""

    channels: tuple[Channel, ...]
    keep_months: int
    send_again: Term
    clause: str


@dataclass(frozen=True, slots=True)
class ReceiptDayOut:
    """The day of receipt is no part of the term, where the terms of the steps make it up (003b item 9)."""

    channels: tuple[Channel, ...]
    clause: str


@dataclass(frozen=True, slots=True)
class Fee:
    """``rate`` in monthly calculation indices (АЕК/МРП), as a string of a decimal; ``cap`` likewise."""

    rate: str
    clause: str
    cap: str | None = None
    share: str = "1"  # the part of the rate that is due: "0.1" is ten per cent
    unverified: bool = False
    kbk: str = ""
    knp: str = ""


@dataclass(frozen=True, slots=True)
class Note:
    """A contradiction or gap of the act, shown where it bites (``where`` = step id or "")."""

    text: Text
    where: str = ""
    declares: tuple[Oddity, ...] = ()  # what the linter would warn of and the reader is told of here already


@dataclass(frozen=True, slots=True)
class Operation:
    id: str
    title: Text
    channels: tuple[Channel, ...]
    total_terms: tuple[TotalTerm, ...]
    steps: tuple[Step, ...]  # the first is where a case begins
    office_moves: tuple[OpenOfficeMove, ...]
    papers: tuple[Paper, ...]
    requirements: tuple[Requirement, ...]
    refusal_grounds: tuple[RefusalGround, ...]
    fee: Fee | None
    notes: tuple[Note, ...] = ()
    kind: OperationKind = OperationKind.ISSUE
    fields: tuple[Field, ...] = ()
    custody: Custody | None = None
    receipt_day_out: ReceiptDayOut | None = None

    def step(self, step_id: str) -> Step:
        """Return the step; KeyError for an unknown id (a defect, not a user's mistake)."""
        for step in self.steps:
            if step.id == step_id:
                return step
        raise KeyError(step_id)


@dataclass(frozen=True, slots=True)
class Service:
    id: str
    title: Text
    licence_activity: Text | None  # wording of "Қызмет түрі / На занятие"; None where no licence is given
    licence_conditions: Text | None  # wording of "Ерекше шарттар / Особые условия"
    licence_note: Text | None  # wording of "Ескерту / Примечание"
    sub_types: tuple[SubType, ...]
    operations: tuple[Operation, ...]
    kind: ServiceKind = ServiceKind.LICENCE

    def operation(self, operation_id: str) -> Operation:
        for operation in self.operations:
            if operation.id == operation_id:
                return operation
        raise KeyError(operation_id)


@dataclass(frozen=True, slots=True)
class Regulation:
    id: str
    version: str
    act_number: str  # "" where the text that was at hand bears none
    act_date: date | None
    title: Text
    in_force_from: date | None
    in_force_to: date | None
    repealed_by: Text | None
    services: tuple[Service, ...]
    sha256: str = ""  # of the file's bytes; a case is pinned to id + sha256
    warnings: tuple[Text, ...] = field(default=())
    unverified: bool = False  # nothing of it has been checked against its source

    def service(self, service_id: str) -> Service:
        for service in self.services:
            if service.id == service_id:
                return service
        raise KeyError(service_id)
