"""Rows of the registers from what was selected; what a page needs besides comes in one statement for all its rows."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache, lru_cache, partial
from typing import Any

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    CompoundSelect,
    Row,
    bindparam,
    exists,
    func,
    null,
    select,
    union_all,
)
from sqlalchemy.orm import InstrumentedAttribute, Session, aliased

from desktop.models import (
    Assignment,
    Case,
    CaseDocument,
    CaseSubType,
    HandOver,
    Licence,
    LicenceChange,
    Person,
)
from desktop.queries import law, search
from desktop.queries.moments import local, office_zone
from desktop.queries.rows import ApplicationRow, LicenceRow
from desktop.regulation.licence_states import licence_law
from desktop.regulation.model import Channel, Role, Service, Text

_Signer = aliased(Person, name="signer")
_Next = aliased(Licence, name="next_licence")
_Handler = aliased(Assignment, name="handler")

APPLICATIONS = select(
    Case.id,
    Case.number,
    Case.received_at,
    Case.channel,
    Case.holder_kk,
    Case.holder_ru,
    Case.holder_sort,
    Case.identifier,
    Case.site,
    Case.regulation_sha256,
    Case.service,
    Case.operation,
    Case.step,
    Case.step_entered_at,
    Case.due_at,
    Case.result,
    Case.closed_at,
    Case.fee_receipt,
    Case.fee_paid_on,
    Case.fee_tenge,
)

_BETWEEN = "\x1f"  # the separator of units, which is in no id
_CHANNELS = {channel.value: channel for channel in Channel}

EXPORTED = APPLICATIONS.add_columns(
    select(func.aggregate_strings(CaseSubType.sub_type, _BETWEEN))
    .where(CaseSubType.case_id == Case.id)
    .scalar_subquery(),
    select(Assignment.person_id)
    .where(Assignment.case_id == Case.id, Assignment.role == Role.EXECUTOR.value)
    .scalar_subquery(),
)
"""The same with the sub-types and the executor of each: for a list that is read to its end, where asking for a batch
of cases again costs more than asking with each."""

LICENCES = (
    select(
        Licence.id,
        Licence.case_id,
        Licence.document_id,
        Licence.number,
        Licence.annex_number,
        Licence.issued_on,
        Licence.first_issued_on,
        Licence.holder_kk,
        Licence.holder_ru,
        Licence.holder_sort,
        Licence.identifier,
        Licence.holder_address,
        Licence.site,
        Licence.sub_types_kk,
        Licence.sub_types_ru,
        Licence.status,
        Case.number.label("case_number"),
        _Signer.name_kk.label("signer_kk"),
        _Signer.name_ru.label("signer_ru"),
        _Next.number.label("replaced_by"),
        _Next.issued_on.label("replaced_on"),
    )
    .join(Case, Case.id == Licence.case_id)
    .outerjoin(_Next, _Next.id == Licence.replaced_by)
    .join(CaseDocument, CaseDocument.id == Licence.document_id)
    .outerjoin(_Signer, _Signer.id == CaseDocument.signer_id)
)


def handled_by(
    session: Session, case_id: InstrumentedAttribute[int], person_id: int, *, page: bool
) -> ColumnElement[bool]:
    """The condition of a case somebody was assigned to, in any role."""
    hits = select(_Handler.case_id).where(_Handler.person_id == person_id)
    walked = exists().where(_Handler.case_id == case_id, _Handler.person_id == person_id)
    return search.few_or_walk(session, case_id, hits, walked, page=page)


def application_rows(session: Session, rows: Sequence[Row[*tuple[Any, ...]]]) -> Iterator[ApplicationRow]:
    """Return the rows of a page; what each has besides is asked for these cases alone."""
    sub_types, executors, names = _besides(session, [row[0] for row in rows])
    made = Applications(session, names)
    return (made.row((*row, sub_types.get(row[0]), executors.get(row[0]))) for row in rows)


def all_names(session: Session) -> dict[int, Text]:
    """Return what everybody of the office is called, which is a few hundred names."""
    found = session.execute(select(Person.id, Person.name_kk, Person.name_ru))
    return {row.id: Text(row.name_kk, row.name_ru) for row in found}


class Applications:
    """Makes rows of the register from what :data:`EXPORTED` selects; ``names``: of the executors."""

    def __init__(self, session: Session, names: Mapping[int, Text]) -> None:
        self._names = names
        self._zone = office_zone(session)
        # most rows are of the same law; known by its names, not by its contents, which take long to compare
        self._place = cache(partial(law.place, session))
        self._titles = lru_cache(2048)(self._sub_types)

    def row(self, selected: Sequence[Any]) -> ApplicationRow:
        (
            case_id,
            number,
            received_at,
            channel,
            holder_kk,
            holder_ru,
            _sort,
            identifier,
            site,
            sha256,
            service_id,
            operation_id,
            step_id,
            step_entered_at,
            due_at,
            result,
            closed_at,
            fee_receipt,
            fee_paid_on,
            fee_tenge,
            sub_types,
            executor_id,
        ) = selected
        zone = self._zone
        service, operation = self._place(sha256, service_id, operation_id)
        step = operation.step(step_id) if step_id is not None else None
        return ApplicationRow(
            case_id,
            number,
            received_at.astimezone(zone),
            _CHANNELS[channel],
            Text(holder_kk, holder_ru),
            identifier,
            site,
            service.title,
            operation.title,
            step.title if step else None,
            self._names.get(executor_id),
            due_at.astimezone(zone),
            result,
            local(closed_at, zone),
            fee_receipt,
            fee_paid_on,
            fee_tenge,
            self._titles(sub_types, sha256, service_id, operation_id),
            local(step_entered_at, zone) if step and step.pauses_total else None,
        )

    def _sub_types(self, joined: str | None, sha256: str, service: str, operation: str) -> tuple[Text, ...]:
        return sub_type_titles(self._place(sha256, service, operation)[0], (joined or "").split(_BETWEEN))


def licence_rows(session: Session, rows: Sequence[Row[*tuple[Any, ...]]]) -> Iterator[LicenceRow]:
    handed = handed_to(session, [row.document_id for row in rows])
    decided = _last_decisions(session, [row.id for row in rows if row.status != "issued"])
    for row in rows:
        last = decided.get(row.id) if row.replaced_on is None else None
        yield LicenceRow(
            licence_id=row.id,
            case_id=row.case_id,
            document_id=row.document_id,
            number=row.number,
            annex_number=row.annex_number,
            issued_on=row.issued_on,
            first_issued_on=row.first_issued_on,
            holder=Text(row.holder_kk, row.holder_ru),
            identifier=row.identifier,
            holder_address=row.holder_address,
            site=row.site,
            sub_types=Text(row.sub_types_kk, row.sub_types_ru),
            status=row.status,
            signer=Text(row.signer_kk or "", row.signer_ru or ""),
            case_number=row.case_number,
            handed_to=handed.get(row.document_id, ""),
            replaced_by=row.replaced_by or "",
            changed_on=last.from_on if last else row.replaced_on,
            until_on=last.until_on if last else None,
            basis=_basis(last) if last else None,
        )


def _last_decisions(session: Session, licence_ids: Sequence[int]) -> dict[int, LicenceChange]:
    if not licence_ids:
        return {}
    found = session.scalars(
        select(LicenceChange).where(LicenceChange.licence_id.in_(licence_ids)).order_by(LicenceChange.id)
    )
    return {row.licence_id: row for row in found}


def _basis(change: LicenceChange) -> Text:
    law = licence_law()
    ground, decider = law.ground_title(change.ground), law.decider_title(change.decided_by)
    decision = f", № {change.decision_number}" if change.decision_number else ""
    decision += f", {change.decided_on:%d.%m.%Y}" if change.decided_on else ""
    return Text(f"{ground.kk} ({decider.kk}{decision})", f"{ground.ru} ({decider.ru}{decision})")


def handed_to(session: Session, document_ids: Sequence[int]) -> dict[int, str]:
    """Return who received each document; the last one when it was handed out twice."""
    if not document_ids:
        return {}
    found = session.execute(
        select(HandOver.document_id, HandOver.receiver)
        .where(HandOver.document_id.in_(document_ids))
        .order_by(HandOver.id)
    )
    return {row.document_id: row.receiver for row in found}


def sub_type_titles(service: Service, ids: Iterable[str]) -> tuple[Text, ...]:
    """Return the titles in the order of the act."""
    wanted = set(ids)
    return tuple(item.title for item in service.sub_types if item.id in wanted)


def _besides(
    session: Session, case_ids: Sequence[int]
) -> tuple[dict[int, str], dict[int, int], dict[int, Text]]:
    """Return the sub-types of each case, who its executor is and the names: for these cases alone."""
    sub_types: dict[int, list[str]] = {}
    executors: dict[int, int] = {}
    names: dict[int, Text] = {}
    if case_ids:
        for case_id, sub_type, person_id, name_kk, name_ru in session.execute(
            _BESIDES, {"case_ids": case_ids}
        ):
            if sub_type is not None:
                sub_types.setdefault(case_id, []).append(sub_type)
            else:
                executors[case_id] = person_id
                names[person_id] = Text(name_kk, name_ru)
    return {case_id: _BETWEEN.join(ids) for case_id, ids in sub_types.items()}, executors, names


_IDS: BindParameter[int] = bindparam("case_ids", expanding=True)
_BESIDES: CompoundSelect[*tuple[Any, ...]] = union_all(
    select(CaseSubType.case_id, CaseSubType.sub_type, null(), null(), null()).where(
        CaseSubType.case_id.in_(_IDS)
    ),
    select(Assignment.case_id, null(), Person.id, Person.name_kk, Person.name_ru)
    .join(Person, Person.id == Assignment.person_id)
    .where(Assignment.case_id.in_(_IDS), Assignment.role == Role.EXECUTOR.value),
)
