"""What an act asks for besides the usual fields (``Operation.fields``), field by field; and the licence a field names.

A fault stands at ``details.<field>``. A licence the register does not know may be confirmed as one issued before the
register began; then the day of its first issue is asked for, at ``licence_issued_on``.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any, Protocol

from sqlalchemy import select
from sqlalchemy.orm import Session

from desktop.cases.plain_text import LONG_LINE, clean
from desktop.errors import BadInput
from desktop.models import Licence
from desktop.regulation.licence_states import IN_FORCE, out_of_force
from desktop.regulation.model import Field, FieldKind, Operation, OperationKind


@dataclass(frozen=True, slots=True)
class NamedLicence:
    """A licence of the register that an application names, as it is now."""

    id: int
    number: str
    annex_number: str
    issued_on: date
    first_issued_on: date
    holder_kk: str
    holder_ru: str
    identifier: str
    holder_address: str
    site: str
    service: str
    sub_types_kk: str
    sub_types_ru: str
    status: str

    def kept(self) -> dict[str, Any]:
        """Return what the case keeps of it, as JSON."""
        kept = {name: getattr(self, name) for name in self.__slots__ if name not in {"service", "status"}}
        return {name: value.isoformat() if isinstance(value, date) else value for name, value in kept.items()}


class Asked(Protocol):
    """What a licence and the fields are judged by: an application, or a case that is corrected."""

    @property
    def service(self) -> str: ...
    @property
    def identifier(self) -> str: ...
    @property
    def details(self) -> tuple[tuple[str, str], ...]: ...
    @property
    def licence_confirmed(self) -> bool: ...
    @property
    def licence_issued_on(self) -> date | None: ...


_COLUMNS = tuple(getattr(Licence, name) for name in NamedLicence.__slots__)


def cleaned(details: tuple[tuple[str, str], ...]) -> tuple[tuple[str, str], ...]:
    """Return the fields with their texts as plain data; what is empty is left out."""
    told = ((name, clean(text)) for name, text in details)
    return tuple((name, text) for name, text in told if text)


def with_site(
    details: tuple[tuple[str, str], ...], operation: Operation, site: str
) -> tuple[tuple[str, str], ...]:
    """Return the fields with the one that is the application's site, where the act has it among them and it is not said."""
    said = {name for name, _text in details}
    return details + tuple(
        (item.id, site) for item in operation.fields if item.site and site and item.id not in said
    )


def named_licence(session: Session, operation: Operation, application: Asked) -> NamedLicence | None:
    """Return the licence the application names; of several under one number the one in force, the latest first."""
    number = licence_number(operation, application)
    if not number:
        return None
    found = session.execute(
        select(*_COLUMNS)
        .where(Licence.number.in_(sorted({number, number.upper()})))
        .order_by(Licence.status.in_(IN_FORCE).desc(), Licence.id.desc())
        .limit(1)
    ).one_or_none()
    return NamedLicence(*found) if found else None


def licence_number(operation: Operation, application: Asked) -> str:
    """Return what stands in the operation's field for a licence, "" when there is none."""
    said = dict(application.details)
    return next((said[item.id] for item in licence_fields(operation) if item.id in said), "")


def licence_fields(operation: Operation) -> tuple[Field, ...]:
    return tuple(item for item in operation.fields if item.kind is FieldKind.LICENCE)


def kept_licence(operation: Operation, application: Asked, named: NamedLicence | None) -> dict[str, Any]:
    """Return what the case keeps of the licence it names: of the register, or as confirmed; {} when it names none."""
    if named is not None:
        return named.kept()
    number = licence_number(operation, application)
    if not number:
        return {}
    day = application.licence_issued_on
    told = {"number": number}
    return told | {"issued_on": day.isoformat(), "first_issued_on": day.isoformat()} if day else told


def problems(
    application: Asked, operation: Operation, named: NamedLicence | None, today: date
) -> Iterator[BadInput]:
    """Yield what is wrong with cleaned fields, in the act's order."""
    known = {item.id for item in operation.fields}
    seen: set[str] = set()
    for name, _text in application.details:
        if name not in known or name in seen:
            yield BadInput("detail-unknown", field=f"details.{name}")
        seen.add(name)
    said = dict(application.details)
    for item in operation.fields:
        fault = _problem(item, said.get(item.id, ""))
        if fault is None and item.kind is FieldKind.LICENCE and item.id in said:
            fault = _licence_problem(item, application, operation, named, today)
        if fault is not None:
            yield fault


def _problem(item: Field, text: str) -> BadInput | None:
    place = f"details.{item.id}"
    if not text:
        return BadInput("field-required", field=place) if item.required else None
    limit = 80 if item.kind is FieldKind.LICENCE else LONG_LINE
    if len(text) > limit:
        return BadInput("too-long", field=place, limit=limit, length=len(text))
    if item.kind is FieldKind.CHOICE and text not in {choice.id for choice in item.choices}:
        return BadInput("choice-unknown", field=place, choice=text)
    if item.kind is FieldKind.DATE:
        try:
            day = date.fromisoformat(text)
        except ValueError:
            return BadInput("date-impossible", field=place, day=text)
        if not 1900 <= day.year <= 2200:
            return BadInput("date-impossible", field=place, day=day)
    return None


def _licence_problem(
    item: Field,
    application: Asked,
    operation: Operation,
    named: NamedLicence | None,
    today: date,
) -> BadInput | None:
    place, number = f"details.{item.id}", licence_number(operation, application)
    if named is None:
        if not application.licence_confirmed:
            return BadInput("licence-not-in-register", field=place, number=number, may_confirm=True)
        if operation.kind is OperationKind.ISSUE:
            return None
        day = application.licence_issued_on
        if day is None:
            return BadInput("field-required", field="licence_issued_on")
        if day > today:
            return BadInput("date-in-future", field="licence_issued_on", day=day)
        if day.year < 1991:
            return BadInput("date-impossible", field="licence_issued_on", day=day)
        return None
    if named.status not in IN_FORCE:
        return BadInput(out_of_force(named.status), field=place, number=named.number, status=named.status)
    if operation.kind is OperationKind.ISSUE:
        return None
    if named.service != application.service:
        return BadInput("licence-of-another-service", field=place, number=named.number)
    if operation.kind is OperationKind.DUPLICATE and named.identifier != application.identifier:
        return BadInput("licence-of-another-holder", field=place, number=named.number)
    return None
