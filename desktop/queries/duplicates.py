"""Applications that may be the same one again, and licences already held that give what is applied for."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import chain
from typing import Any, Protocol

from sqlalchemy import Row, select
from sqlalchemy.orm import Session

from desktop.models import Case, CaseSubType, Licence
from desktop.models.folding import fold, storable
from desktop.queries import law
from desktop.queries.moments import local, office_zone
from desktop.queries.register_rows import sub_type_titles
from desktop.regulation.licence_states import LicenceState
from desktop.regulation.model import FieldKind, Operation, OperationKind, Service, ServiceKind, Text
from desktop.regulation.rights import Actor, Command, require
from desktop.store.database import Store
from desktop.store.sight import in_sight

_NOT_HELD = (LicenceState.REISSUED.value, LicenceState.TERMINATED.value)


@dataclass(frozen=True, slots=True)
class Duplicate:
    """An open case, or the case of a held licence: then ``licence_status`` is its state in the register.

    ``licence_number`` of an open case: of the licence it asks to re-issue or to copy.
    """

    case_id: int
    number: str
    received_at: datetime
    holder: Text
    site: str
    same_sub_types: tuple[Text, ...]
    licence_number: str = ""
    licence_status: str = ""

    @property
    def open(self) -> bool:
        return not self.licence_status


class Applied(Protocol):
    """What of an application says whether it is one again."""

    @property
    def regulation_sha256(self) -> str: ...
    @property
    def service(self) -> str: ...
    @property
    def operation(self) -> str: ...
    @property
    def identifier(self) -> str: ...
    @property
    def site(self) -> str: ...
    @property
    def sub_types(self) -> tuple[str, ...]: ...
    @property
    def details(self) -> tuple[tuple[str, str], ...]: ...


def possible(store: Store, actor: Actor, *, application: Applied) -> tuple[Duplicate, ...]:
    """Return open cases and held licences of the same applicant and service that may be this one, newest first.

    Open cases of the same kind of operation: for a new licence of the same site and, where the service has sub-types,
    of a common one; for a re-issue or a copy of the same licence (of the same site while one of the two names none);
    for what is a person's own (attestation, attachment) any. A new licence is held already when one that was neither
    replaced nor terminated gives it. A case that ended without a licence is no duplicate: applying again is what its
    applicant is told to do. Sites are compared without case, punctuation and the difference of Kazakh and Russian letters.
    """
    require(actor, Command.READ_CASES)
    with store.reading(by=actor.login) as session:
        service, operation = law.place(
            session, application.regulation_sha256, application.service, application.operation
        )
        asked = _Asked(application, service, operation)
        cases = session.execute(
            select(
                Case.id, Case.number, Case.received_at, Case.holder_kk, Case.holder_ru, Case.site,
                Case.regulation_sha256, Case.operation, Case.licence_named,
            ).where(
                Case.identifier == asked.identifier,
                Case.service == service.id,
                Case.step.is_not(None),
                in_sight(session, actor, Case.id),
            )
        ).all()  # fmt: skip
        licences = _held(session, actor, asked) if asked.is_new_licence else ()
        sub_types = _sub_types(session, [row.id for row in chain(cases, licences)])
        zone = office_zone(session)
        found: dict[int, Duplicate] = {}
        for row in cases:
            its_service, its_operation = law.place(session, row.regulation_sha256, service.id, row.operation)
            shared = asked.shared(sub_types.get(row.id, ()))
            number = str(row.licence_named.get("number", ""))
            if its_operation.kind is operation.kind and asked.again(row.site, number, shared):
                titles = sub_type_titles(its_service, shared)
                found[row.id] = _duplicate(row, local(row.received_at, zone), titles, licence_number=number)
        for row in licences:
            ids = sub_types.get(row.id) or asked.titled(row.sub_types_kk)
            shared = asked.shared(ids)
            if row.id not in found and asked.again(row.licence_site, "", shared):
                titles = sub_type_titles(service, shared)
                told = {"licence_number": row.licence, "licence_status": row.status}
                found[row.id] = _duplicate(row, local(row.received_at, zone), titles, **told)
        return tuple(sorted(found.values(), key=lambda one: (one.received_at, one.case_id), reverse=True))


class _Asked:
    """One application, and what makes another the same."""

    def __init__(self, application: Applied, service: Service, operation: Operation) -> None:
        self.service, self._operation = service, operation
        self.identifier = re.sub(r"[\s\-]", "", storable(application.identifier))
        self._sub_types = frozenset(application.sub_types)
        self._site = _bare(application.site)
        fields = {item.id for item in operation.fields if item.kind is FieldKind.LICENCE}
        self._licence = _bare(next((text for name, text in application.details if name in fields), ""))

    @property
    def is_new_licence(self) -> bool:
        return self.service.kind is ServiceKind.LICENCE and self._operation.kind is OperationKind.ISSUE

    def shared(self, ids: Iterable[str]) -> frozenset[str]:
        return self._sub_types.intersection(ids)

    def titled(self, told: str) -> Iterator[str]:
        """Return the sub-types a register's row tells by their titles: that of a re-issued licence has no others."""
        return (item.id for item in self.service.sub_types if item.title.kk in told)

    def again(self, site: str, licence_number: str, shared: frozenset[str]) -> bool:
        """Return whether what stands at ``site``, about this licence, is the same again."""
        if self.service.kind is not ServiceKind.LICENCE:
            return True
        same_site = _bare(site) == self._site
        if self.is_new_licence:
            return same_site and bool(shared or not self.service.sub_types)
        its_licence = _bare(licence_number)
        if self._licence and its_licence:
            return its_licence == self._licence
        return same_site


def _held(session: Session, actor: Actor, asked: _Asked) -> Sequence[Any]:
    return session.execute(
        select(
            Case.id, Case.number, Case.received_at, Licence.holder_kk, Licence.holder_ru,
            Case.site, Licence.site.label("licence_site"), Licence.number.label("licence"),
            Licence.status, Licence.sub_types_kk,
        )
        .join(Licence, Licence.case_id == Case.id)
        .where(
            Licence.identifier == asked.identifier,
            Licence.service == asked.service.id,
            Licence.status.not_in(_NOT_HELD),
            in_sight(session, actor, Licence.case_id),
        )
    ).all()  # fmt: skip


def _sub_types(session: Session, case_ids: list[int]) -> dict[int, list[str]]:
    found: dict[int, list[str]] = {}
    if case_ids:
        rows = session.execute(
            select(CaseSubType.case_id, CaseSubType.sub_type).where(CaseSubType.case_id.in_(case_ids))
        )
        for case_id, sub_type in rows:
            found.setdefault(case_id, []).append(sub_type)
    return found


def _duplicate(row: Row[Any], received_at: datetime, titles: tuple[Text, ...], **licence: str) -> Duplicate:
    return Duplicate(
        case_id=row.id,
        number=row.number,
        received_at=received_at,
        holder=Text(row.holder_kk, row.holder_ru),
        site=row.site,
        same_sub_types=titles,
        **licence,
    )


def _bare(text: str) -> str:
    return "".join(letter for letter in fold(text) if letter.isalnum())
