"""What stands in the registration form, as typed, and the application it makes.

The form is kept as plain values (``Values``: texts exactly as typed, ticks, lists), so that an unfinished one can be
written to disk and read back. Nothing here knows Qt.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, tzinfo
from pathlib import Path
from typing import Any

from desktop.cases.application import Application, IncomingFile, InventoryEntry
from desktop.errors import BadInput
from desktop.queries.service_rows import ServiceChoice
from desktop.regulation.model import CENTRES, COUNTERS, Channel, FieldKind, OperationKind

Values = dict[str, Any]
DETAIL = "details."  # leads the name of a field the act asks for besides

TEXTS = (
    "outside_number",
    "identifier",
    "holder_kk",
    "holder_ru",
    "holder_address",
    "phone",
    "email",
    "representative",
    "representative_iin",
    "power_of_attorney",
    "site",
    "fee_receipt",
    "kbk",
    "knp",
)
# sections in reading order, each with the fields of Application it holds
SECTIONS: dict[str, tuple[str, ...]] = {
    "service": ("service", "operation", "channel", "outside_number", "received_at"),
    "details": ("details", "licence_issued_on"),
    "applicant": ("identifier", "holder_kk", "holder_ru", "holder_address", "phone", "email"),
    "representative": ("representative", "representative_iin", "power_of_attorney"),
    "activity": ("site", "sub_types"),
    "fee": ("fee_receipt", "fee_paid_on", "fee_tenge", "kbk", "knp"),
    "papers": ("inventory",),
    "files": ("files",),
    "consent": ("consent",),
}
_ORDER = [field for fields in SECTIONS.values() for field in fields]


@dataclass(frozen=True, slots=True)
class Made:
    """The application a form makes (None until a service is chosen) and what the form itself found wrong."""

    application: Application | None
    files: tuple[IncomingFile, ...]
    problems: tuple[BadInput, ...]


def section_of(field: str) -> str:
    """Return the section a field (of a BadInput) stands in."""
    if field.startswith(DETAIL):
        return "details"
    return next((section for section, fields in SECTIONS.items() if field in fields), "service")


def in_order(problems: Iterable[BadInput]) -> tuple[BadInput, ...]:
    """Return the problems in reading order, the first of each field."""
    found: dict[str, BadInput] = {}
    for problem in problems:
        found.setdefault(problem.field, problem)
    return tuple(sorted(found.values(), key=lambda one: place_of(one.field)))


def place_of(field: str) -> int:
    """Return where a field stands in reading order; those an act asks for keep the act's own order."""
    field = "details" if field.startswith(DETAIL) else field
    return _ORDER.index(field) if field in _ORDER else -1


def read_date(text: str) -> date | None:
    """Return the day typed as 14.12.2026, 14/12/26, 14122026 or 2026-12-14; None for nothing.

    ValueError for what is no day of the calendar.
    """
    text = text.strip()
    if not text:
        return None
    if found := re.fullmatch(r"(\d{4})-(\d{1,2})-(\d{1,2})", text, re.ASCII):
        year, month, day = (int(part) for part in found.groups())
    elif found := re.fullmatch(
        r"(\d{1,2})[.,/ -](\d{1,2})[.,/ -](\d{4}|\d{2})", text, re.ASCII
    ) or re.fullmatch(r"(\d{2})(\d{2})(\d{4}|\d{2})", text, re.ASCII):
        day, month, year = (int(part) for part in found.groups())
        year += 2000 if year < 100 else 0
    else:
        raise ValueError(text)
    return date(year, month, day)


def read_time(text: str) -> time | None:
    """Return the time typed as 16:50, 16.50 or 1650; None for nothing; ValueError for what is no time."""
    text = text.strip()
    if not text:
        return None
    found = re.fullmatch(r"(\d{1,2})[:. -]?(\d{2})", text, re.ASCII)
    if found is None:
        raise ValueError(text)
    return time(int(found[1]), int(found[2]))


def read_tenge(text: str) -> int | None:
    """Return the sum typed, thousands separated or not; None for nothing; ValueError for what is no sum."""
    digits = re.sub(r"[\s\u00a0\u202f]|₸|тг\.?|тенге|теңге", "", text)
    if not digits:
        return None
    whole = re.fullmatch(r"(\d{1,12})(?:[.,]00?)?", digits, re.ASCII)
    if whole is None:
        raise ValueError(text)
    return int(whole[1])


def read_sheets(text: str) -> int:
    """Return the number of sheets typed, 0 for nothing; ValueError for what is no number."""
    if not text.strip():
        return 0
    if not re.fullmatch(r"\d{1,5}", text.strip(), re.ASCII):
        raise ValueError(text)
    return int(text)


def files_of(values: Values) -> tuple[IncomingFile, ...]:
    """Return the scans of a form, each with the paper it belongs to."""
    return tuple(IncomingFile(Path(one["path"]), one.get("paper") or None) for one in values.get("files", []))


def make(values: Values, choice: ServiceChoice | None, zone: tzinfo) -> Made:
    """Return what the form makes; a piece that cannot be read is left out and named among the problems."""
    problems: list[BadInput] = []
    files = files_of(values)
    if choice is None:
        return Made(None, files, (BadInput("service-required", field="service"),))
    channel = Channel(values["channel"]) if values.get("channel") else choice.channels[0]
    received_at = _received_at(values, channel, zone, problems)
    application = Application(
        regulation_sha256=choice.regulation_sha256,
        service=choice.service,
        operation=choice.operation,
        channel=channel,
        is_legal_entity=bool(values.get("is_legal_entity", True)),
        identifier_confirmed=bool(values.get("identifier_confirmed")),
        sub_types=tuple(values.get("sub_types", [])) if takes_sub_types(choice, values) else (),
        inventory=_inventory(values, choice, problems),
        consent=bool(values.get("consent")),
        received_at=received_at,
        fee_paid_on=_day(values.get("fee_paid_on", ""), "fee_paid_on", problems) if choice.fee else None,
        fee_tenge=_tenge(values.get("fee_tenge", ""), problems) if choice.fee else None,
        details=_details(values, choice, problems),
        licence_confirmed=bool(values.get("licence_confirmed")),
        licence_issued_on=_day(values.get("licence_issued_on", ""), "licence_issued_on", problems),
        **{field: str(values.get(field, "")) for field in TEXTS if not _hidden(field, channel, choice)},
    )
    return Made(application, files, in_order(problems))


def takes_sub_types(choice: ServiceChoice, values: Values) -> bool:
    """Return whether kinds of the activity are asked for: a licence of the register brings its own."""
    again = choice.operation_kind in (OperationKind.REISSUE, OperationKind.DUPLICATE)
    return bool(choice.sub_types) and not (again and not values.get("licence_confirmed"))


def _hidden(field: str, channel: Channel, choice: ServiceChoice) -> bool:
    if field in ("fee_receipt", "kbk", "knp"):
        return choice.fee is None
    return field == "outside_number" and channel in COUNTERS


def _details(values: Values, choice: ServiceChoice, problems: list[BadInput]) -> tuple[tuple[str, str], ...]:
    """Return what the act asks for besides the site, dates as ISO 8601."""
    typed, found = values.get("details", {}), []
    for field in choice.fields:
        if field.site:
            continue  # what stands in the form as the site
        text = str(typed.get(field.id, "")).strip()
        if field.kind is FieldKind.DATE and text:
            day = _day(text, f"{DETAIL}{field.id}", problems)
            text = day.isoformat() if day else ""
        if text:
            found.append((field.id, text))
    return tuple(found)


def _received_at(values: Values, channel: Channel, zone: tzinfo, problems: list[BadInput]) -> datetime | None:
    """The moment a centre (or the portal) took the papers; the counter's own is the program's."""
    if channel in COUNTERS:
        return None
    needed = channel in CENTRES
    if needed and not str(values.get("outside_number", "")).strip():
        problems.append(BadInput("field-required", field="outside_number"))
    day = _day(values.get("received_date", ""), "received_at", problems)
    try:
        at = read_time(values.get("received_time", ""))
    except ValueError:
        problems.append(BadInput("time-impossible", field="received_at", typed=values["received_time"]))
        return None
    if day is None or at is None:
        if needed or day is not None or at is not None:
            problems.append(BadInput("received-moment-required", field="received_at"))
        return None
    return datetime.combine(day, at, zone)


def _day(text: str, field: str, problems: list[BadInput]) -> date | None:
    try:
        return read_date(text)
    except ValueError:
        problems.append(BadInput("date-impossible", field=field, day=text))
        return None


def _tenge(text: str, problems: list[BadInput]) -> int | None:
    try:
        return read_tenge(text)
    except ValueError:
        problems.append(BadInput("sum-impossible", field="fee_tenge", typed=text))
        return None


def _inventory(values: Values, choice: ServiceChoice, problems: list[BadInput]) -> tuple[InventoryEntry, ...]:
    lines: list[InventoryEntry] = []
    typed = values.get("inventory", {})
    for paper in choice.papers:
        line = typed.get(paper.id, {})
        sheets, expires_on = 0, None
        try:
            sheets = read_sheets(line.get("sheets", ""))
            expires_on = read_date(line.get("expires_on", "")) if paper.expires else None
        except ValueError as error:
            problems.append(
                BadInput(
                    "inventory-line-wrong",
                    field="inventory",
                    paper=paper.id,
                    title=paper.title,
                    typed=str(error),
                )
            )
        brought = bool(line.get("brought"))
        lines.append(
            InventoryEntry(paper.id, brought, sheets if brought else 0, expires_on if brought else None)
        )
    return tuple(lines)
