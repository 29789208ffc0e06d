"""What a case is about besides its particulars: what its act asked for, and the licences it names and gave."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy import Row, or_, select
from sqlalchemy.orm import Session, aliased

from desktop.models import ExchangeRecord, Licence
from desktop.queries.service_rows import AskedRow, DetailRow, NamedLicenceRow
from desktop.regulation.model import Field, FieldKind, Operation, Text
from desktop.regulation.whose_answers import unweighed

_Next = aliased(Licence, name="next_licence")


def details(operation: Operation, said: Mapping[str, str]) -> tuple[DetailRow, ...]:
    """Return what was said besides the site, in the act's order; a date as a date, a choice in its words."""
    shown = (field for field in operation.fields if not field.site)
    return tuple(_detail(field, said[field.id]) for field in shown if said.get(field.id))


def asked(operation: Operation, said: Mapping[str, str]) -> tuple[AskedRow, ...]:
    """Return the fields of the operation besides the site with what is kept of each, for a correction."""
    return tuple(AskedRow(field, said.get(field.id, "")) for field in operation.fields if not field.site)


def _detail(field: Field, text: str) -> DetailRow:
    if field.kind is FieldKind.DATE:
        return DetailRow(field.id, field.title, Text(text, text), date.fromisoformat(text))
    if field.kind is FieldKind.CHOICE:
        words = next((item.title for item in field.choices if item.id == text), Text(text, text))
        return DetailRow(field.id, field.title, words)
    return DetailRow(field.id, field.title, Text(text, text))


def answers_naming_others(session: Session, case: Row[Any]) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Return each system whose answer names another than the applicant, with the ИИН and БИН, until it is weighed."""
    rows = session.execute(
        select(
            ExchangeRecord.id,
            ExchangeRecord.system,
            ExchangeRecord.question,
            ExchangeRecord.answer,
            ExchangeRecord.heard,
            ExchangeRecord.reason,
            ExchangeRecord.number,
        ).where(ExchangeRecord.case_id == case.id)
    ).all()
    waiting = unweighed(rows, applicant=case.identifier, representative=case.representative_iin)
    return tuple((row.system, waiting[row.id]) for row in rows if row.id in waiting)


def licences(session: Session, case_id: int, named: Mapping[str, Any]) -> tuple[NamedLicenceRow, ...]:
    """Return the licence the case names as it is now, and the one it gave."""
    found = session.execute(
        select(
            Licence.id,
            Licence.case_id,
            Licence.number,
            Licence.issued_on,
            Licence.holder_kk,
            Licence.holder_ru,
            Licence.site,
            Licence.status,
            _Next.number.label("replaced_by"),
        )
        .outerjoin(_Next, _Next.id == Licence.replaced_by)
        .where(or_(Licence.id == named.get("id"), Licence.case_id == case_id))
        .order_by(Licence.id)
    ).all()
    rows = [
        NamedLicenceRow(
            number=row.number,
            issued_on=row.issued_on,
            holder=Text(row.holder_kk, row.holder_ru),
            site=row.site,
            status=row.status,
            replaced_by=row.replaced_by or "",
            case_id=row.case_id,
            own=row.case_id == case_id,
        )
        for row in found
    ]
    if named and named.get("id") not in {row.id for row in found}:
        rows.insert(0, _as_kept(named))
    return tuple(rows)


def _as_kept(named: Mapping[str, Any]) -> NamedLicenceRow:
    """One from before the register began, or out of the reader's sight: as the case keeps it."""
    day = named.get("issued_on")
    return NamedLicenceRow(
        number=str(named.get("number", "")),
        issued_on=date.fromisoformat(day) if day else None,
        holder=Text(str(named.get("holder_kk", "")), str(named.get("holder_ru", ""))),
        site=str(named.get("site", "")),
        status="",
        replaced_by="",
        case_id=None,
        own=False,
    )
