"""What a regulation says, as frozen data.

Here are the closed lists that code may know (acts, roles, effects, units, channels, papers a
program can draw). Everything a regulation may word for itself (step ids, terms, papers,
requirements, sub-types, fees) is data read by :mod:`desktop.regulation.loader`.
"""

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum


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
    STATE_CORPORATION = "state_corporation"  # service centre (ХҚКО/ЦОН) in older acts
    PORTAL = "portal"


class DocumentKind(StrEnum):
    """Papers the program can draw."""

    LICENCE = "licence"
    REFUSAL = "refusal"
    TERMINATION = "termination"
    RECEIPT = "receipt"
    ACCEPTANCE_REFUSAL = "acceptance_refusal"
    REQUEST = "request"


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
    """``value`` units, or an interval ``minimum``..``maximum`` units (both None when ``value`` is set)."""

    unit: Unit
    value: int | None = None
    minimum: int | None = None
    maximum: int | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    id: str
    title: Text
    effect: Effect
    next: str | None  # step id, None = the end
    produces: DocumentKind | None = None
    needs_answer: tuple[Effect, ...] = ()  # answers of an earlier ASK step under which it is open
    clause: str = ""


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
class Fee:
    """``rate`` in monthly calculation indices (АЕК/МРП), as a string of a decimal; ``cap`` likewise."""

    rate: str
    clause: str
    cap: str | None = None
    kbk: str = ""
    knp: str = ""


@dataclass(frozen=True, slots=True)
class Note:
    """A contradiction or gap of the act, shown where it bites (``where`` = step/term id or "")."""

    text: Text
    where: str = ""


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
    licence_activity: Text  # wording of "Қызмет түрі / На занятие"
    licence_conditions: Text  # wording of "Ерекше шарттар / Особые условия"
    licence_note: Text | None  # wording of "Ескерту / Примечание"
    sub_types: tuple[SubType, ...]
    operations: tuple[Operation, ...]

    def operation(self, operation_id: str) -> Operation:
        for operation in self.operations:
            if operation.id == operation_id:
                return operation
        raise KeyError(operation_id)


@dataclass(frozen=True, slots=True)
class Regulation:
    id: str
    version: str
    act_number: str
    act_date: date
    title: Text
    in_force_from: date | None
    in_force_to: date | None
    repealed_by: Text | None
    services: tuple[Service, ...]
    sha256: str = ""  # of the file's bytes; a case is pinned to id + sha256
    warnings: tuple[Text, ...] = field(default=())

    def service(self, service_id: str) -> Service:
        for service in self.services:
            if service.id == service_id:
                return service
        raise KeyError(service_id)
