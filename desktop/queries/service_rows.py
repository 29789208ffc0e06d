"""Rows about services: what can be applied for, and what an application says besides its particulars."""

from dataclasses import dataclass
from datetime import date

from desktop.regulation.model import (
    Channel,
    Fee,
    Field,
    OperationKind,
    Paper,
    ServiceKind,
    SubType,
    Text,
)


@dataclass(frozen=True, slots=True)
class DetailRow:
    """What the act asked for besides, and what was said; ``day`` where it is a date."""

    field: str
    title: Text
    value: Text
    day: date | None = None


@dataclass(frozen=True, slots=True)
class AskedRow:
    """A field of the operation and what is kept of it: a text, an ISO day, the id of a choice; "" for nothing."""

    field: Field
    text: str


@dataclass(frozen=True, slots=True)
class NamedLicenceRow:
    """A licence a case is about (``case_id`` None: from before the register began), or the one it gave."""

    number: str
    issued_on: date | None
    holder: Text
    site: str
    status: str
    replaced_by: str
    case_id: int | None
    own: bool  # given by the case itself


@dataclass(frozen=True, slots=True)
class ServiceChoice:
    """What can be applied for, for the registration form. ``channels``: those the person may register through."""

    regulation_sha256: str
    regulation_id: str
    regulation_title: Text
    act_title: str
    repealed_by: Text | None
    service: str
    service_title: Text
    kind: ServiceKind
    operation: str
    operation_title: Text
    operation_kind: OperationKind
    channels: tuple[Channel, ...]
    sub_types: tuple[SubType, ...]
    papers: tuple[Paper, ...]
    fields: tuple[Field, ...]
    fee: Fee | None
    fee_tenge: int | None  # today's
    notes: tuple[Text, ...]

    @property
    def kbk(self) -> str:
        return self.fee.kbk if self.fee else ""

    @property
    def knp(self) -> str:
        return self.fee.knp if self.fee else ""
