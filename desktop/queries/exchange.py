"""Other systems as they are set and as they answered; the packages that came."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from desktop.errors import BadInput, NotAllowed
from desktop.models import (
    Case,
    CaseDocument,
    ConnectedSystem,
    ExchangeRecord,
    FeeRate,
    IncomingPackage,
    Office,
    Person,
    RegulationText,
    TrustRoot,
)
from desktop.queries import law
from desktop.queries.moments import local, office_zone
from desktop.regulation import engine, package_checks
from desktop.regulation.model import Act, Channel, Operation, Role, Text
from desktop.regulation.outside import refusal, rejection
from desktop.regulation.package_checks import ACTS, Found, Grounds
from desktop.regulation.results import ResultDocument, ResultPapers
from desktop.regulation.rights import Actor, Command, require
from desktop.regulation.systems import Connection, System
from desktop.regulation.whose_answers import others_named, unweighed
from desktop.store import blobs
from desktop.store.confirmed import root_counts
from desktop.store.database import Store
from desktop.store.sight import in_sight, package_in_sight

_ENOUGH = 500


@dataclass(frozen=True, slots=True)
class RecordRow:
    """What a system said of a case."""

    record_id: int
    case_id: int
    system: str
    question: tuple[tuple[str, str], ...]
    heard: str
    way: str
    answer: tuple[tuple[str, str], ...]
    number: str
    reason: str
    note: str
    evidence_name: str
    document_id: int | None
    recorded_at: datetime
    who: Text
    others: tuple[str, ...] = ()  # ИИН and БИН it names besides the applicant's
    unweighed: bool = False  # and nobody has said yet what it counts for


@dataclass(frozen=True, slots=True)
class CaseSystems:
    """What a case's part about other systems shows. ``notice``: the heading the act has for "no data"; None: none."""

    records: tuple[RecordRow, ...]
    connected: tuple[System, ...]
    notice: Text | None
    hints: Mapping[str, str] = field(default_factory=dict)  # what of the case a question may hold


@dataclass(frozen=True, slots=True)
class PackageRow:
    """A package that came. ``refusal``: the heading of the regulation's refusal, where a condition failed.

    ``registrar``: whose it is to take it in by the act; the counter's where the act names nobody of the office.
    """

    row_id: int
    package_id: str
    file_name: str
    came_at: datetime
    checked_at: datetime
    channel: Channel
    service: Text
    operation: Text
    holder: Text
    identifier: str
    state: str
    sender: tuple[tuple[str, str], ...]
    found: tuple[Found, ...]
    refusal: Text | None
    case_id: int | None
    case_number: str
    document_id: int | None
    registrar: Role = Role.CLERK


def connections(store: Store, actor: Actor) -> dict[System, Connection]:
    """Return how every system is reached that has been set."""
    with store.reading(by=actor.login) as session:
        return _connections(session)


def _connections(session: Session) -> dict[System, Connection]:
    known = {system.value: system for system in System}
    return {
        known[row.system]: Connection(
            known[row.system],
            row.address,
            active=row.active,
            timeout_seconds=row.timeout_seconds,
            attempts=row.attempts,
            authority_pem=row.authority_pem,
        )
        for row in session.execute(select(*ConnectedSystem.__table__.columns))
        if row.system in known  # a newer program's is left alone
    }


def case_systems(store: Store, actor: Actor, *, case_id: int) -> CaseSystems:
    """Return what other systems said of a case; NotAllowed "case-not-found"."""
    require(actor, Command.READ_CASES)
    with store.reading(by=actor.login) as session:
        case = session.execute(
            select(*Case.__table__.columns).where(Case.id == case_id, in_sight(session, actor, Case.id))
        ).one_or_none()
        if case is None:
            raise NotAllowed("case-not-found")
        zone = office_zone(session)
        rows = session.execute(
            select(*ExchangeRecord.__table__.columns, Person.name_kk, Person.name_ru)
            .join(Person, Person.id == ExchangeRecord.recorded_by)
            .where(ExchangeRecord.case_id == case_id)
            .order_by(ExchangeRecord.id.desc())
        ).all()
        holders = {"applicant": case.identifier, "representative": case.representative_iin}
        waiting = unweighed(rows, **holders)
        operation = law.place(session, case.regulation_sha256, case.service, case.operation)[1]
        named = rejection(operation, Channel(case.channel), Act.LOOK_UP)
        return CaseSystems(
            records=tuple(
                _record(row, zone, others_named(row, **holders), unweighed=row.id in waiting) for row in rows
            ),
            connected=tuple(one for one, how in _connections(session).items() if how.active),
            notice=named.outcome.heading if named else None,
            hints={
                "identifier": case.identifier,
                "receipt": case.fee_receipt,
                "kbk": case.kbk,
                "document_number": case.power_of_attorney[:120],
                "application_number": case.outside_number,
            },
        )


def _record(row: Any, zone: ZoneInfo, others: tuple[str, ...], *, unweighed: bool) -> RecordRow:
    return RecordRow(
        record_id=row.id,
        case_id=row.case_id,
        system=row.system,
        question=tuple(row.question.items()),
        heard=row.heard,
        way=row.way,
        answer=tuple(row.answer.items()),
        number=row.number,
        reason=row.reason,
        note=row.note,
        evidence_name=row.evidence_name,
        document_id=row.document_id,
        recorded_at=local(row.recorded_at, zone),
        who=Text(row.name_kk, row.name_ru),
        others=others,
        unweighed=unweighed,
    )


def evidence_bytes(store: Store, actor: Actor, *, record_id: int) -> tuple[str, bytes]:
    """Return the name of the evidence and its bytes; NotAllowed "attachment-not-found"."""
    require(actor, Command.READ_CASES)
    with store.reading(by=actor.login) as session:
        row = session.execute(
            select(ExchangeRecord.evidence_name, ExchangeRecord.evidence_sha256).where(
                ExchangeRecord.id == record_id, in_sight(session, actor, ExchangeRecord.case_id)
            )
        ).one_or_none()
        if row is None or row.evidence_sha256 is None:
            raise NotAllowed("attachment-not-found")
        return row.evidence_name, blobs.get(session, row.evidence_sha256)


def packages(store: Store, actor: Actor, *, waiting_only: bool = True) -> tuple[PackageRow, ...]:
    """Return the packages, those that wait the longest first; settled ones the newest first."""
    require(actor, Command.RECEIVE_PACKAGE)
    with store.reading(by=actor.login) as session:
        asked = (
            select(*IncomingPackage.__table__.columns, Case.number.label("case_number"))
            .outerjoin(Case, Case.id == IncomingPackage.case_id)
            .where(package_in_sight(actor))
        )
        if waiting_only:
            asked = asked.where(IncomingPackage.state == "waiting").order_by(IncomingPackage.came_at)
        else:
            asked = asked.order_by(IncomingPackage.id.desc())
        zone = office_zone(session)
        return tuple(_package(session, row, zone) for row in session.execute(asked.limit(_ENOUGH)).all())


def _package(session: Session, row: Any, zone: ZoneInfo) -> PackageRow:
    service, operation = law.place(session, row.regulation_sha256, row.service, row.operation)
    found = tuple(package_checks.from_json(one) for one in row.checks)
    failed = package_checks.first_failed(found)
    named = refusal(operation, Channel(row.channel), ACTS[failed.check]) if failed else None
    return PackageRow(
        row_id=row.id,
        package_id=row.package_id,
        file_name=row.file_name,
        came_at=local(row.came_at, zone),
        checked_at=local(row.checked_at, zone),
        channel=Channel(row.channel),
        service=service.title,
        operation=operation.title,
        holder=Text(row.holder_kk, row.holder_ru),
        identifier=row.identifier,
        state=row.state,
        sender=tuple((name, str(value)) for name, value in row.sender.items()),
        found=found,
        refusal=named.outcome.heading if named else None,
        case_id=row.case_id,
        case_number=row.case_number or "",
        document_id=row.document_id,
        registrar=_registrar(operation, Channel(row.channel)),
    )


def _registrar(operation: Operation, channel: Channel) -> Role:
    first = engine.first_step(operation, channel)
    return first.performer if first.act is Act.ACCEPT else Role.CLERK


def package_file(store: Store, actor: Actor, *, row_id: int, folder: Path) -> Path:
    """Write the package into the private ``folder``; NotAllowed "package-not-found"."""
    require(actor, Command.RECEIVE_PACKAGE)
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    with store.reading(by=actor.login) as session:
        row = session.execute(
            select(IncomingPackage.content_sha256, IncomingPackage.file_name).where(
                IncomingPackage.id == row_id, package_in_sight(actor)
            )
        ).one_or_none()
        if row is None:
            raise NotAllowed("package-not-found")
        target = folder / str(row.file_name)
        target.unlink(missing_ok=True)
        blobs.copy_to(session, row.content_sha256, target)
        return target


def known_packages(store: Store, actor: Actor) -> frozenset[str]:
    """Return the ids of every package that came: what lies in the folder again is not read again."""
    require(actor, Command.RECEIVE_PACKAGE)
    with store.reading(by=actor.login) as session:
        return frozenset(session.scalars(select(IncomingPackage.package_id).where(package_in_sight(actor))))


def grounds(store: Store, actor: Actor, *, regulation: str, service: str, operation: str) -> Grounds:
    """Return what judging a package of that service needs; BadInput "package-service-unknown"."""
    require(actor, Command.RECEIVE_PACKAGE)
    with store.reading(by=actor.login) as session:
        text = session.execute(
            select(RegulationText.sha256).where(
                RegulationText.regulation == regulation, RegulationText.current.is_(True)
            )
        ).scalar_one_or_none()
        try:
            if text is None:
                raise KeyError(regulation)
            of, what = law.place(session, text, service, operation)
        except KeyError as error:
            raise BadInput(
                "package-service-unknown",
                field="files",
                regulation=regulation,
                service=service,
                operation=operation,
            ) from error
        office = session.execute(select(Office.bin, Office.file_limit_bytes, Office.ocsp_address)).one()
        return Grounds(
            regulation_sha256=text,
            service=of,
            operation=what,
            rates=tuple(
                (row.valid_from, row.tenge)
                for row in session.execute(select(FeeRate.valid_from, FeeRate.tenge))
            ),
            trust_roots=tuple(session.scalars(select(TrustRoot.pem).where(root_counts()))),
            connections=_connections(session),
            now=store.now(session).astimezone(office_zone(session)),
            office_bin=office.bin,
            file_limit=office.file_limit_bytes,
            ocsp_address=office.ocsp_address,
        )


def office_reach(store: Store, actor: Actor) -> tuple[str, int, dict[System, Connection]]:
    """Return the office's БИН, its limit of a file in bytes and how systems are reached."""
    with store.reading(by=actor.login) as session:
        office = session.execute(select(Office.bin, Office.file_limit_bytes)).one()
        return office.bin, office.file_limit_bytes, _connections(session)


def result_papers(store: Store, actor: Actor, *, case_id: int) -> ResultPapers:
    """Return the result of a closed case, to be sent to "жеке кабинет"; NotAllowed "no-result-to-send"."""
    require(actor, Command.READ_CASES)
    with store.reading(by=actor.login) as session:
        case = session.execute(
            select(*Case.__table__.columns).where(Case.id == case_id, in_sight(session, actor, Case.id))
        ).one_or_none()
        if case is None:
            raise NotAllowed("case-not-found")
        documents = session.execute(
            select(*CaseDocument.__table__.columns)
            .where(CaseDocument.case_id == case_id, CaseDocument.state.in_(("signed", "issued")))
            .order_by(CaseDocument.id)
        ).all()
        results = [row for row in documents if row.kind in _RESULTS]
        if not results:
            raise NotAllowed("no-result-to-send", number=case.number)
        service, operation = law.place(session, case.regulation_sha256, case.service, case.operation)
        office = session.execute(select(*Office.__table__.columns)).one()
        package = session.scalar(select(IncomingPackage.package_id).where(IncomingPackage.case_id == case_id))
        zone = office_zone(session)
        return ResultPapers(
            case_number=case.number,
            channel=Channel(case.channel),
            outside_number=case.outside_number,
            package_id=package or "",
            regulation=law.regulation(session, case.regulation_sha256).id,
            service=service.title,
            operation=operation.title,
            identifier=case.identifier,
            holder=Text(case.holder_kk, case.holder_ru),
            result=case.result or results[-1].kind,
            closed_at=local(case.closed_at, zone) if case.closed_at else None,
            office=Text(office.name_kk, office.name_ru),
            office_bin=office.bin,
            is_demo=office.is_demo,
            made_at=store.now(session).astimezone(zone),
            documents=tuple(
                ResultDocument(
                    kind=row.kind,
                    number=row.number,
                    dated=row.dated.isoformat(),
                    state=row.state,
                    signer_certificate=row.signer_certificate,
                    content=blobs.get(session, row.signed_sha256 or row.unsigned_sha256 or ""),
                )
                for row in results
            ),
        )


_RESULTS = ("licence", "refusal", "termination", "attestation", "notice")
