"""What a regulation says, as frozen data.

The closed lists that code may know (acts, roles, effects, units, channels, papers a program can draw) are in
:mod:`desktop.regulation.closed_lists`, and are named here too. Everything a regulation may word for itself (step ids,
terms, papers, requirements, sub-types, fees) is data read by :mod:`desktop.regulation.loader`.
"""

from dataclasses import dataclass, field
from datetime import date

from desktop.regulation.closed_lists import (
    CENTRES,
    COUNTERS,
    MAP_ACTS,
    Act,
    Channel,
    DocumentKind,
    Effect,
    FieldKind,
    OfficeMove,
    OperationKind,
    ProvisionKind,
    Role,
    ServiceKind,
    Unit,
)
from desktop.regulation.oddities import Oddity

__all__ = [
    "CENTRES",
    "COUNTERS",
    "MAP_ACTS",
    "Act",
    "Channel",
    "Choice",
    "Custody",
    "DocumentKind",
    "Effect",
    "Fee",
    "Field",
    "FieldKind",
    "Note",
    "OfficeMove",
    "OpenOfficeMove",
    "Operation",
    "OperationKind",
    "Outcome",
    "Paper",
    "Provision",
    "ProvisionKind",
    "ReceiptDayOut",
    "RefusalGround",
    "Regulation",
    "Requirement",
    "Role",
    "Service",
    "ServiceKind",
    "Step",
    "SubType",
    "Term",
    "Text",
    "TotalTerm",
    "Unit",
]


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

    @property
    def ways(self) -> tuple[str, ...]:
        """Return every step the act's arrow leads to; none at the end."""
        return self.leads_out if self.leads_to is None else (self.leads_to, *self.leads_out)


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
    other_law: bool = (
        False  # the term is another law's, the act names none: no part of the sum of the act's terms
    )

    @property
    def on_map(self) -> bool:
        """True for what is done outside: shown, and no case stands there."""
        return self.act in MAP_ACTS

    @property
    def onward(self) -> tuple[str, ...]:
        """Return the steps a case may go to from here."""
        return tuple(outcome.next for outcome in self.outcomes if outcome.next is not None)

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
    next_of: tuple[tuple[DocumentKind, str], ...] = ()  # drafts of these kinds go back elsewhere

    def target(self, draft: str | None) -> str | None:
        """Return where a case goes whose draft is of this kind (the word a case keeps it by); None at the end."""
        return next((step for kind, step in self.next_of if kind == draft), self.next)

    @property
    def targets(self) -> tuple[str, ...]:
        """Return every step it may lead to."""
        steps = (self.next, *(step for _, step in self.next_of))
        return tuple(dict.fromkeys(step for step in steps if step is not None))


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
    site: bool = False  # the place the application names anyway (of work, of attachment): said once


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
    """A contradiction or gap of the act, shown where it bites (``where`` = step id or "") and in ``channels`` (empty: all)."""

    text: Text
    where: str = ""
    declares: tuple[Oddity, ...] = ()  # what the linter would warn of and the reader is told of here already
    channels: tuple[Channel, ...] = ()


@dataclass(frozen=True, slots=True)
class Provision:
    """What else an item says, of the decree or of a service.

    ``clause`` is empty for the heading of a decree. ``operations`` and ``channels``: empty for all. ``where``: the steps at which a case is told of it, empty for none.
    """

    kind: ProvisionKind
    text: Text
    clause: str
    operations: tuple[str, ...] = ()
    channels: tuple[Channel, ...] = ()
    where: tuple[str, ...] = ()


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
    provisions: tuple[Provision, ...] = ()

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
    provisions: tuple[Provision, ...] = ()  # of the decree itself

    def service(self, service_id: str) -> Service:
        for service in self.services:
            if service.id == service_id:
                return service
        raise KeyError(service_id)
