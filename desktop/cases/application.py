"""What a clerk enters at the counter, as one frozen value; checked field by field before it is registered."""

from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from desktop.regulation.model import Channel


@dataclass(frozen=True, slots=True)
class InventoryEntry:
    paper: str
    brought: bool
    sheets: int = 0
    expires_on: date | None = None


@dataclass(frozen=True, slots=True)
class IncomingFile:
    """A file to attach; ``paper`` is the inventory item it belongs to, or None."""

    path: Path
    paper: str | None = None


@dataclass(frozen=True, slots=True)
class Application:
    regulation_sha256: str
    service: str
    operation: str
    channel: Channel
    is_legal_entity: bool
    identifier: str
    identifier_confirmed: bool  # the clerk confirmed a wrong check digit
    holder_kk: str
    holder_ru: str
    holder_address: str
    site: str
    sub_types: tuple[str, ...]
    inventory: tuple[InventoryEntry, ...]
    consent: bool
    phone: str = ""
    email: str = ""
    representative: str = ""
    representative_iin: str = ""
    power_of_attorney: str = ""
    outside_number: str = ""
    received_at: datetime | None = None  # State corporation: when it took the papers; None = now
    fee_receipt: str = ""
    fee_paid_on: date | None = None
    fee_tenge: int | None = None
    kbk: str = ""
    knp: str = ""
