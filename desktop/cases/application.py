"""What a clerk enters at the counter, as one frozen value; checked field by field before it is registered."""

from dataclasses import asdict, dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

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
    received_at: datetime | None = (
        None  # when another counter than the office's own took the papers; None = now
    )
    fee_receipt: str = ""
    fee_paid_on: date | None = None
    fee_tenge: int | None = None
    kbk: str = ""
    knp: str = ""
    taken_in_at: datetime | None = None  # at the counter, while the server was away; no term counts from it
    details: tuple[
        tuple[str, str], ...
    ] = ()  # what the act asks for besides: field -> text, dates as ISO 8601
    licence_confirmed: bool = False  # the licence a field names was issued before the register began
    licence_issued_on: date | None = None  # when such a licence was first issued


def to_json(application: Application) -> dict[str, Any]:
    """Return the application as plain JSON, for one that waits for its registration."""
    told = asdict(application)
    told["channel"] = application.channel.value
    for name in _MOMENTS:
        told[name] = told[name] and told[name].isoformat()
    for line in told["inventory"]:
        line["expires_on"] = line["expires_on"] and line["expires_on"].isoformat()
    return told


def from_json(told: dict[str, Any]) -> Application:
    """Return what :func:`to_json` gave; KeyError, TypeError or ValueError for anything else."""
    kept = dict(told)
    kept["channel"] = Channel(kept["channel"])
    kept["sub_types"] = tuple(kept["sub_types"])
    kept["inventory"] = tuple(
        InventoryEntry(
            **{**line, "expires_on": line["expires_on"] and date.fromisoformat(line["expires_on"])}
        )
        for line in kept["inventory"]
    )
    kept["details"] = tuple((name, text) for name, text in kept.get("details", ()))
    for name in ("fee_paid_on", "licence_issued_on"):
        kept[name] = kept.get(name) and date.fromisoformat(kept[name])
    for name in ("received_at", "taken_in_at"):
        kept[name] = kept[name] and datetime.fromisoformat(kept[name])
    return Application(**kept)


_MOMENTS = ("received_at", "taken_in_at", "fee_paid_on", "licence_issued_on")
