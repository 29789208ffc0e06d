"""The facts each paper is drawn from: the contract between ``cases`` (which knows them) and ``documents`` (which draws).

Everything is a string, a number, a date or a tuple of those, so that facts are kept as JSON with the
document and the same facts give the same bytes. User text arrives here as data and is never markup.
"""

from dataclasses import asdict, dataclass, fields, is_dataclass
from datetime import date, datetime
from types import UnionType
from typing import Any, get_args, get_origin, get_type_hints

from desktop.regulation.model import DocumentKind, Text


@dataclass(frozen=True, slots=True)
class OfficeFacts:
    name: Text
    bin: str
    address: Text
    place: Text
    is_demo: bool  # "ҮЛГІ / ОБРАЗЕЦ: without legal force" stands on every page


@dataclass(frozen=True, slots=True)
class SignerFacts:
    name: Text
    position: Text
    acting_order: str = ""  # number and date of the order of the acting head, or ""


@dataclass(frozen=True, slots=True)
class HolderFacts:
    name: Text
    identifier: str  # ИИН / БИН
    is_legal_entity: bool
    address: str


@dataclass(frozen=True, slots=True)
class LicenceFacts:
    """Licence and annex (form: 000 annex 3; fields of B2)."""

    office: OfficeFacts
    signer: SignerFacts
    holder: HolderFacts
    number: str
    annex_number: str  # "001"
    issued_on: date
    first_issued_on: date
    activity: Text
    conditions: Text  # Ерекше шарттар / Особые условия
    sub_types: tuple[Text, ...]
    site: str
    case_number: str
    case_date: date
    status_url: str  # what the QR holds
    note: Text | None = None  # Ескерту / Примечание
    duplicate_on: date | None = None  # the page is a duplicate, made on that day
    code: str = ""  # KZL1: what the second QR holds, made when the page is prepared for the signature
    code_key: str = ""  # kid of the key that made it
    code_awaited: bool = False  # a draft: its place is marked


@dataclass(frozen=True, slots=True)
class GroundFacts:
    title: Text
    clause: str


@dataclass(frozen=True, slots=True)
class AnswerFacts:
    """The letter of another authority that a decision leans on; ``dated`` is None where it bears no date.

    ``authority`` in the nominative: it answered.
    """

    authority: Text
    number: str
    dated: date | None


@dataclass(frozen=True, slots=True)
class RefusalFacts:
    """Reasoned refusal (001 items 3, 7(5))."""

    office: OfficeFacts
    signer: SignerFacts
    holder: HolderFacts
    number: str
    dated: date
    service: Text
    case_number: str
    case_date: date
    grounds: tuple[GroundFacts, ...]
    unmet: tuple[GroundFacts, ...]  # requirements not met
    note: Text
    status_url: str
    answers: tuple[AnswerFacts, ...] = ()  # that the applicant does not conform
    code: str = ""
    code_key: str = ""
    code_awaited: bool = False


@dataclass(frozen=True, slots=True)
class UnmetPaper:
    title: Text
    clause: str
    verdict: str  # missing | expired
    expired_on: date | None
    note: str


@dataclass(frozen=True, slots=True)
class TerminationFacts:
    """Notice of termination of consideration (001 item 7(3)), built from the unmet items."""

    office: OfficeFacts
    signer: SignerFacts
    holder: HolderFacts
    number: str
    dated: date
    service: Text
    case_number: str
    case_date: date
    unmet: tuple[UnmetPaper, ...]
    by_hand: bool = False  # no electronic signature follows: the head signs the printed sheet
    heading: Text | None = None  # where the act calls it otherwise
    body: Text | None = None  # its first sentence then
    status_url: str = ""  # where an electronic signature follows
    code: str = ""
    code_key: str = ""
    code_awaited: bool = False


@dataclass(frozen=True, slots=True)
class InventoryLine:
    title: Text
    sheets: int
    brought: bool


@dataclass(frozen=True, slots=True)
class ReceiptFacts:
    """Acceptance receipt with the inventory (001 item 9)."""

    office: OfficeFacts
    holder: HolderFacts
    number: str  # incoming
    received_at: datetime  # office time, aware
    due_at: datetime
    hand_over_by: datetime | None
    service: Text
    channel: Text
    inventory: tuple[InventoryLine, ...]
    representative: str
    clerk: Text


@dataclass(frozen=True, slots=True)
class AcceptanceRefusalFacts:
    """Receipt of refusal to accept (001 item 9, Standard annex 8)."""

    office: OfficeFacts
    holder: HolderFacts
    number: str
    dated: datetime
    service: Text
    missing: tuple[Text, ...]
    reason: str
    clerk: Text


@dataclass(frozen=True, slots=True)
class RequestFacts:
    """Request to the sanitary authority at the place of the activity (001 item 7(3))."""

    office: OfficeFacts
    signer: SignerFacts
    holder: HolderFacts
    number: str
    dated: date
    addressee: Text
    service: Text
    sub_types: tuple[Text, ...]
    site: str
    case_number: str
    case_date: date
    answer_by: date


@dataclass(frozen=True, slots=True)
class NoticeFacts:
    """A message with a heading of the act's own (attachment, refusal at a condition, hearing); ``why`` may be empty.

    ``case_number`` is "" and ``case_date`` None where there is no case; ``items`` are what was found.
    """

    office: OfficeFacts
    signer: SignerFacts
    holder: HolderFacts
    number: str
    dated: date
    service: Text
    heading: Text
    body: Text
    why: Text
    items: tuple[Text, ...] = ()
    case_number: str = ""
    case_date: date | None = None
    by_hand: bool = True  # no electronic signature follows
    status_url: str = ""  # where one does
    code: str = ""
    code_key: str = ""
    code_awaited: bool = False


@dataclass(frozen=True, slots=True)
class MemberFacts:
    name: Text
    vote: str  # for | against | abstained


@dataclass(frozen=True, slots=True)
class CommissionFacts:
    """The commission's sitting: its protocol, and its decision for the specialist (003, attestation, item 5(4)).

    ``signer`` and what follows is of the decision that the head signs electronically (9, process 7); None of the
    protocol, and of a decision the commission signs by hand under the protocol's number.
    """

    office: OfficeFacts
    holder: HolderFacts
    number: str  # of the protocol
    dated: date  # of the sitting
    service: Text
    case_number: str
    case_date: date
    site: str  # the specialist's place of work
    passed: bool
    test_score: int
    test_most: int
    interview: Text
    members: tuple[MemberFacts, ...]  # the chair first
    secretary: Text
    note: Text
    signer: SignerFacts | None = None
    decision_number: str = ""
    decided_on: date | None = None
    status_url: str = ""
    code: str = ""
    code_key: str = ""
    code_awaited: bool = False


Facts = (
    LicenceFacts
    | RefusalFacts
    | TerminationFacts
    | ReceiptFacts
    | AcceptanceRefusalFacts
    | RequestFacts
    | NoticeFacts
    | CommissionFacts
)

FACTS: dict[DocumentKind, type[Any]] = {
    DocumentKind.LICENCE: LicenceFacts,
    DocumentKind.REFUSAL: RefusalFacts,
    DocumentKind.TERMINATION: TerminationFacts,
    DocumentKind.RECEIPT: ReceiptFacts,
    DocumentKind.ACCEPTANCE_REFUSAL: AcceptanceRefusalFacts,
    DocumentKind.REQUEST: RequestFacts,
    DocumentKind.NOTICE: NoticeFacts,
    DocumentKind.ATTESTATION: CommissionFacts,
    DocumentKind.PROTOCOL: CommissionFacts,
}


RESULTS = frozenset(
    {
        DocumentKind.LICENCE,
        DocumentKind.REFUSAL,
        DocumentKind.TERMINATION,
        DocumentKind.ATTESTATION,
        DocumentKind.NOTICE,
    }
)
"""Papers a case may end with and the applicant be given: the last one drawn, a notice only where there is no other."""


def to_json(facts: Facts) -> dict[str, Any]:
    """Return ``facts`` as plain JSON values; dates as ISO 8601."""
    plain: dict[str, Any] = _plain(asdict(facts))
    return plain


def from_json(kind: DocumentKind, stored: dict[str, Any]) -> Any:
    """Return the facts ``to_json`` stored; raises KeyError/TypeError when they are not of ``kind``."""
    return _typed(FACTS[kind], stored)


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _plain(item) for name, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    if isinstance(value, date):
        return value.isoformat()
    return value


def _typed(kind: Any, value: Any) -> Any:
    if get_origin(kind) is UnionType:
        if value is None:
            return None
        return _typed(next(item for item in get_args(kind) if item is not type(None)), value)
    if get_origin(kind) is tuple:
        return tuple(_typed(get_args(kind)[0], item) for item in value)
    if is_dataclass(kind):
        hints = get_type_hints(kind)
        known = {item.name for item in fields(kind)}
        return kind(**{name: _typed(hints[name], item) for name, item in value.items() if name in known})  # type: ignore[operator]
    if kind is datetime:
        return datetime.fromisoformat(value)
    if kind is date:
        return date.fromisoformat(value)
    return value
