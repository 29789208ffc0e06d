"""What is wrong with an application, field by field; the fields are those of :class:`Application`."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from desktop.cases import details
from desktop.cases.application import Application, IncomingFile
from desktop.cases.plain_text import LINE, LONG_LINE, TEXT, clean, clean_name
from desktop.errors import BadInput, NotAllowed
from desktop.regulation import fees, identifiers
from desktop.regulation.model import Operation, OperationKind, Service

_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
_SHEETS = 99_999
# longest text of a field, as the database keeps it
_LIMITS = {
    "holder_kk": LONG_LINE,
    "holder_ru": LONG_LINE,
    "holder_address": TEXT,
    "site": TEXT,
    "phone": 80,
    "email": 254,
    "representative": LINE,
    "representative_iin": 12,
    "power_of_attorney": LONG_LINE,
    "outside_number": 80,
    "fee_receipt": 80,
    "kbk": 20,
    "knp": 20,
}
_NAMES = frozenset({"holder_kk", "holder_ru", "representative"})
_NEEDED = ("holder_kk", "holder_ru", "holder_address", "site")


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What the checks must know besides the application."""

    service: Service
    operation: Operation
    rates: tuple[tuple[date, int], ...]
    now: datetime  # office time
    licence: details.NamedLicence | None = None  # of the register, where the application names one


def cleaned(application: Application) -> Application:
    """Return the application with its texts as plain data (no control characters, names without direction marks)."""
    texts: dict[str, Any] = {
        field: clean_text(field, getattr(application, field)) for field in (*_LIMITS, "identifier")
    }
    return replace(application, **texts, details=details.cleaned(application.details))


def clean_text(field: str, text: str) -> str:
    """Return one field's text as it will be kept."""
    kept = clean_name(text) if field in _NAMES else clean(text)
    if field in {"identifier", "representative_iin", "kbk", "knp"}:
        kept = re.sub(r"[\s\-]", "", kept)
    return kept


def problems(
    application: Application, files: Iterable[IncomingFile], about: Circumstances
) -> tuple[BadInput, ...]:
    """Return everything wrong with a cleaned application, in the order of the form; at most one for a field."""
    faults = (
        _channel(application, about.operation),
        _received(application, about),
        identifier_problem(
            application.identifier,
            is_legal_entity=application.is_legal_entity,
            confirmed=application.identifier_confirmed,
        ),
        *(text_problem(field, getattr(application, field)) for field in _LIMITS),
        _representative(application),
        *details.problems(application, about.operation, about.licence, about.now.date()),
        _sub_types(application, about),
        _fee(application, about),
        _consent(application),
        _inventory(application, about.operation),
        _files(application, files),
    )
    found: dict[str, BadInput] = {}
    for fault in faults:
        if fault is not None:
            found.setdefault(fault.field, fault)
    return tuple(found.values())


def text_problem(field: str, text: str) -> BadInput | None:
    """Return what is wrong with a cleaned text of the field."""
    limit = _LIMITS[field]
    if not text:
        return BadInput("field-required", field=field) if field in _NEEDED else None
    if len(text) > limit:
        return BadInput("too-long", field=field, limit=limit, length=len(text))
    if field == "email" and not _EMAIL.fullmatch(text):
        return BadInput("email-wrong", field=field)
    if field in {"kbk", "knp"} and not (text.isascii() and text.isdigit()):
        return BadInput("digits-only", field=field)
    if field == "representative_iin" and identifiers.problem(text) is not None:
        return BadInput(str(identifiers.problem(text)), field=field, identifier=text)
    return None


def identifier_problem(identifier: str, *, is_legal_entity: bool, confirmed: bool) -> BadInput | None:
    """Return what is wrong with an ИИН/БИН; a fault that may exist in life ends with the clerk's confirmation."""
    if not identifier:
        return BadInput("field-required", field="identifier")
    fault = identifiers.problem(identifier)
    kind = identifiers.kind_of(identifier)
    if fault is None and is_legal_entity != (kind == "bin"):
        fault = "identifier-other-kind"  # a joint entrepreneur (БИН, fifth digit 6) is no legal entity
    if fault is None or (confirmed and not identifiers.is_impossible(fault)):
        return None
    return BadInput(
        fault,
        field="identifier",
        identifier=identifier,
        may_confirm=not identifiers.is_impossible(fault),
    )


def fee_due(operation: Operation, rates: tuple[tuple[date, int], ...], paid_on: date | None) -> int | None:
    """Return the fee in tenge for a payment of that day; None when there is no fee or no rate for the day."""
    if operation.fee is None or paid_on is None:
        return None
    try:
        return fees.fee_due(operation.fee, rates, paid_on)
    except NotAllowed:
        return None


def _channel(application: Application, operation: Operation) -> BadInput | None:
    if application.channel not in operation.channels:
        return BadInput("channel-not-offered", field="channel", channel=application.channel.value)
    return None


def _received(application: Application, about: Circumstances) -> BadInput | None:
    if application.received_at is None:
        return None
    if application.received_at.tzinfo is None:
        raise ValueError("received_at must be aware")
    if application.received_at > about.now:
        return BadInput("date-in-future", field="received_at", day=application.received_at)
    if application.received_at.year < 1991:
        return BadInput("date-impossible", field="received_at", day=application.received_at)
    return None


def _representative(application: Application) -> BadInput | None:
    if application.representative and not application.power_of_attorney:
        return BadInput("power-of-attorney-required", field="power_of_attorney")
    if not application.representative and (application.representative_iin or application.power_of_attorney):
        return BadInput("field-required", field="representative")
    return None


def _sub_types(application: Application, about: Circumstances) -> BadInput | None:
    """A licence of the register brings its own."""
    known = {item.id for item in about.service.sub_types}
    kept = about.licence is not None and about.operation.kind is not OperationKind.ISSUE
    if known and not application.sub_types and not kept:
        return BadInput("sub-type-required", field="sub_types")
    for chosen in application.sub_types:
        if chosen not in known:
            return BadInput("sub-type-unknown", field="sub_types", sub_type=chosen)
    return None


def _fee(application: Application, about: Circumstances) -> BadInput | None:
    if about.operation.fee is None:
        return None
    if not application.fee_receipt:
        return BadInput("field-required", field="fee_receipt")
    paid_on = application.fee_paid_on
    if paid_on is None:
        return BadInput("field-required", field="fee_paid_on")
    if paid_on > about.now.date():
        return BadInput("date-in-future", field="fee_paid_on", day=paid_on)
    received = (application.received_at or about.now).astimezone(about.now.tzinfo).date()
    if paid_on > received:
        return BadInput("fee-paid-after-receipt", field="fee_paid_on", day=paid_on, received=received)
    due = fee_due(about.operation, about.rates, paid_on)
    if due is None:
        return BadInput("fee-rate-unknown", field="fee_paid_on", day=paid_on)
    if application.fee_tenge is None:
        return BadInput("field-required", field="fee_tenge")
    if application.fee_tenge < due:
        return BadInput("fee-too-low", field="fee_tenge", paid=application.fee_tenge, due=due)
    if application.fee_tenge > 2_000_000_000:
        return BadInput("fee-too-high", field="fee_tenge", paid=application.fee_tenge, due=due)
    return None


def _consent(application: Application) -> BadInput | None:
    return None if application.consent else BadInput("consent-required", field="consent")


def _inventory(application: Application, operation: Operation) -> BadInput | None:
    known = {paper.id: paper for paper in operation.papers}
    seen: set[str] = set()
    for line in application.inventory:
        if line.paper not in known:
            return BadInput("paper-unknown", field="inventory", paper=line.paper)
        if line.paper in seen:
            return BadInput("paper-twice", field="inventory", paper=line.paper)
        seen.add(line.paper)
        if not 0 <= line.sheets <= _SHEETS:
            return BadInput("sheets-wrong", field="inventory", paper=line.paper, sheets=line.sheets)
        if line.sheets and not line.brought:
            return BadInput("sheets-without-paper", field="inventory", paper=line.paper)
    if not any(line.brought for line in application.inventory) and known:
        return BadInput("nothing-brought", field="inventory")
    return None


def _files(application: Application, files: Iterable[IncomingFile]) -> BadInput | None:
    brought = {line.paper for line in application.inventory if line.brought}
    for file in files:
        if file.paper is not None and file.paper not in brought:
            return BadInput(
                "file-of-paper-not-brought", field="files", file_name=file.path.name, paper=file.paper
            )
    return None
