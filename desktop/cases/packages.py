"""Packages that come from the portal and the centres: kept once, checked, then registered or refused.

What a package says and whether its conditions hold is worked out in ``exchange``; here it is written down. A package
is known by its sender's id: sent or imported again it is the one that is there.
"""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from desktop.cases import facts, filing, journal, numbers, particulars
from desktop.cases.application import Application, to_json
from desktop.cases.change import law
from desktop.cases.claiming import Claimed, claiming, once, row_id
from desktop.cases.drawing import Draw, add_document
from desktop.cases.journal import Event
from desktop.cases.numbers import Register
from desktop.cases.plain_text import TEXT, required
from desktop.cases.standing import standing
from desktop.errors import BadInput, NotAllowed
from desktop.models import CaseDocument, IncomingPackage, Office, Person, RegulationText
from desktop.regulation import engine, package_checks, rights
from desktop.regulation.model import Channel, DocumentKind, Operation, Service, Text
from desktop.regulation.outside import Rejection, refusal
from desktop.regulation.package_checks import Check, Found, Verdict
from desktop.regulation.papers import Facts, HolderFacts, NoticeFacts
from desktop.regulation.rights import Actor, Command
from desktop.store import blobs
from desktop.store.database import Store
from desktop.store.sight import package_in_sight, sees_all

MEDIA_TYPE = "application/zip"
_NONE = Text("", "")


@dataclass(frozen=True, slots=True)
class PackageCame:
    """A package as it was opened and judged. ``sender``: who signed it, as pairs a window shows."""

    package_id: str
    path: Path
    application: Application
    found: tuple[Found, ...]
    sender: tuple[tuple[str, str], ...] = field(default=(), repr=False)


@dataclass(frozen=True, slots=True)
class PackageTaken:
    """The package an application is registered from. ``proved`` says how a condition was proved by hand."""

    row_id: int
    proved: str = ""


def receive(store: Store, actor: Actor, *, came: PackageCame) -> int:
    """Keep a package that came and what its checks found; the id of the row, of the first one if it came before.

    BadInput "package-id-taken" when another package has its id. NotAllowed "regulation-not-current"; "role-may-not" when
    the act has somebody else take such applications in and the actor does not see every case.
    """
    rights.require(actor, Command.RECEIVE_PACKAGE)
    with came.path.open("rb") as file:
        sha256 = hashlib.file_digest(file, "sha256").hexdigest()
    known = _known(store, actor, came, sha256)
    if known is not None:
        return known
    try:
        return _receive(store, actor, came=came)
    except (
        IntegrityError
    ) as error:  # a colleague took the same one in this very moment, or one out of sight has its id
        known = _known(store, actor, came, sha256)
        if known is not None:
            return known
        if "package_id" not in str(error.orig):
            raise
        raise BadInput("package-id-taken", field="files", package=came.package_id) from error


def _known(store: Store, actor: Actor, came: PackageCame, sha256: str) -> int | None:
    with store.reading(by=actor.login) as session:
        row = session.execute(
            select(IncomingPackage.id, IncomingPackage.content_sha256).where(
                IncomingPackage.package_id == came.package_id, package_in_sight(actor)
            )
        ).one_or_none()
    if row is None:
        return None
    if row.content_sha256 != sha256:
        raise BadInput("package-id-taken", field="files", package=came.package_id)
    return int(row.id)


@once(row_id)
def _receive(store: Store, actor: Actor, *, came: PackageCame) -> int:
    limit = filing.file_limit(store)
    application = particulars.cleaned(came.application)
    with claiming(store, actor, Command.RECEIVE_PACKAGE) as claimed:
        session = claimed.session
        acting = standing(session, actor, claimed.now)
        rights.require(acting, Command.RECEIVE_PACKAGE)
        text = session.get(RegulationText, application.regulation_sha256)
        if text is None or not text.current:
            raise NotAllowed("regulation-not-current")
        _service, operation = law(session, text.sha256, application.service, application.operation)
        _require_to_take_in(acting, operation, application.channel)
        sha256, _size = blobs.put_file(session, came.path, MEDIA_TYPE, limit, claimed.now)
        row = IncomingPackage(
            package_id=came.package_id,
            content_sha256=sha256,
            file_name=filing.safe_name(came.path.name),
            regulation_sha256=text.sha256,
            service=application.service,
            operation=application.operation,
            channel=application.channel.value,
            identifier=application.identifier[:12],
            holder_kk=application.holder_kk,
            holder_ru=application.holder_ru,
            request=to_json(application),
            sender=dict(came.sender),
            checks=[one.as_json() for one in came.found],
            checked_at=claimed.now,
            came_at=claimed.now,
            came_by=acting.person_id,
            state="waiting",
        )
        session.add(row)
        session.flush()
        _tell(claimed, acting, Event.PACKAGE_RECEIVED, row, came.found)
        return claimed.returns(row.id)


@once(row_id)
def keep_checks(
    store: Store,
    actor: Actor,
    *,
    package: int,
    found: tuple[Found, ...],
    sender: tuple[tuple[str, str], ...],
) -> int:
    """Put what a new judging found in the place of the old; NotAllowed "package-settled", "package-not-found"."""
    with claiming(store, actor, Command.RECEIVE_PACKAGE) as claimed:
        acting = standing(claimed.session, actor, claimed.now)
        rights.require(acting, Command.RECEIVE_PACKAGE)
        row = _waiting(claimed.session, acting, package)
        row.checks = [one.as_json() for one in found]
        row.sender = dict(sender)
        row.checked_at = claimed.now
        _tell(claimed, acting, Event.PACKAGE_CHECKED, row, found)
        return claimed.returns(row.id)


def _tell(claimed: Claimed, actor: Actor, event: Event, row: IncomingPackage, found: Iterable[Found]) -> None:
    journal.record(
        claimed.session,
        actor,
        event,
        None,
        at=claimed.now,
        package=row.package_id,
        holder_kk=row.holder_kk,
        holder_ru=row.holder_ru,
        identifier=row.identifier,
        sha256=row.content_sha256,
        checks={one.check: one.code for one in found},
    )


def _require_to_take_in(actor: Actor, operation: Operation, channel: Channel) -> None:
    """The counter keeps every package; anybody else those the act has him take in."""
    if sees_all(actor):
        return
    performer = engine.first_step(operation, channel).performer
    if performer not in actor.roles:
        raise NotAllowed("role-may-not", command=Command.RECEIVE_PACKAGE.value, role=performer.value)


def _waiting(session: Session, actor: Actor, package: int) -> IncomingPackage:
    row = session.scalars(
        select(IncomingPackage)
        .where(IncomingPackage.id == package, package_in_sight(actor))
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one_or_none()
    if row is None:
        raise NotAllowed("package-not-found")
    if row.state != "waiting":
        raise NotAllowed("package-settled", package=row.package_id, state=row.state)
    return row


def taken(session: Session, actor: Actor, package: PackageTaken) -> IncomingPackage:
    """Return the package an application is registered from, locked; NotAllowed when it may not become a case.

    "package-settled", "package-not-found", "package-refused-by-law" (a condition failed); BadInput "field-required"
    at "proved" when something could not be checked and nobody says how it was proved.
    """
    row = _waiting(session, actor, package.row_id)
    found = _found(row)
    failed = package_checks.first_failed(found)
    if failed is not None:
        raise NotAllowed("package-refused-by-law", package=row.package_id, check=failed.check.value)
    unproved = (Check.SIGNATURE, Check.CERTIFICATE, Check.IDENTITY)
    if any(one.verdict is Verdict.UNCHECKED and one.check in unproved for one in found):
        required(package.proved, "proved", limit=TEXT, lines=True)
    return row


def settle(row: IncomingPackage, now: datetime, by: int, *, case_id: int) -> None:
    """Make the package the case's."""
    row.state, row.settled_at, row.settled_by, row.case_id = "registered", now, by, case_id


def _found(row: IncomingPackage) -> list[Found]:
    return [package_checks.from_json(one) for one in row.checks]


@once(row_id)
def refuse_package(store: Store, actor: Actor, *, package: int, draw: Draw) -> int:
    """Refuse a package for the conditions that failed; returns the id of the paper that says so.

    The regulation's own refusal of that condition in that channel is drawn as a notice; where it names none, a refusal
    to accept. NotAllowed "package-in-order" when no condition failed.
    """
    with claiming(store, actor, Command.REFUSE_ACCEPTANCE) as claimed:
        session = claimed.session
        acting = standing(session, actor, claimed.now)
        rights.require(acting, Command.REFUSE_ACCEPTANCE)
        row = _waiting(session, acting, package)
        failed = package_checks.first_failed(_found(row))
        if failed is None:
            raise NotAllowed("package-in-order", package=row.package_id)
        office = session.get_one(Office, 1)
        service, operation = law(session, row.regulation_sha256, row.service, row.operation)
        number = numbers.take(session, Register.OUTGOING, claimed.now, office.outgoing_template, None)
        named = refusal(operation, Channel(row.channel), package_checks.ACTS[failed.check])
        drawing = _Refusal(office, service, operation, row, number.text, claimed.now, acting, session)
        kind, paper = drawing.notice(named) if named else drawing.plain()
        document = add_document(
            session,
            office,
            None,
            kind,
            paper,
            draw,
            number=number.text,
            dated=drawing.local_now.date(),
            state="issued",
            now=claimed.now,
            by=acting.person_id,
        )
        row.state, row.settled_at, row.settled_by = "refused", claimed.now, acting.person_id
        row.document_id = document.id
        _tell_refusal(claimed, acting, row, document, failed)
        return claimed.returns(document.id)


def _tell_refusal(
    claimed: Claimed, actor: Actor, row: IncomingPackage, document: CaseDocument, failed: Found
) -> None:
    words = package_checks.worded(failed) or _NONE
    journal.record(
        claimed.session,
        actor,
        Event.ACCEPTANCE_REFUSED,
        None,
        at=claimed.now,
        number=document.number,
        holder_kk=row.holder_kk,
        holder_ru=row.holder_ru,
        identifier=row.identifier,
        reason_kk=words.kk,
        reason_ru=words.ru,
        missing=[],
        package=row.package_id,
        document=document.kind,
    )


@dataclass(frozen=True, slots=True)
class _Refusal:
    """The paper of a refused package, from what was found."""

    office: Office
    service: Service
    operation: Operation
    row: IncomingPackage
    number: str
    now: datetime
    actor: Actor
    session: Session

    @property
    def local_now(self) -> datetime:
        return self.now.astimezone(ZoneInfo(self.office.time_zone))

    @property
    def holder(self) -> HolderFacts:
        told = self.row.request
        return HolderFacts(
            name=Text(self.row.holder_kk, self.row.holder_ru),
            identifier=self.row.identifier,
            is_legal_entity=bool(told.get("is_legal_entity")),
            address=str(told.get("holder_address", "")),
        )

    def sentences(self) -> list[Text]:
        failed = [one for one in _found(self.row) if one.verdict is Verdict.FAILED]
        said = [words for one in failed if (words := package_checks.worded(one)) is not None]
        return said + self.missing()

    def missing(self) -> list[Text]:
        ids = {
            paper
            for one in _found(self.row)
            if one.check is Check.PAPERS and one.verdict is Verdict.FAILED
            for paper in dict(one.facts).get("papers", "").split()
        }
        return [paper.title for paper in self.operation.papers if paper.id in ids]

    def notice(self, named: Rejection) -> tuple[DocumentKind, Facts]:
        outcome = named.outcome
        return DocumentKind.NOTICE, NoticeFacts(
            office=facts.office_facts(self.office),
            signer=facts.signer_facts(self.session.get_one(Person, self.actor.person_id)),
            holder=self.holder,
            number=self.number,
            dated=self.local_now.date(),
            service=self.service.title,
            heading=outcome.heading or outcome.title,
            body=outcome.body or outcome.title,
            why=_NONE,
            items=tuple(self.sentences()),
        )

    def plain(self) -> tuple[DocumentKind, Facts]:
        failed = [one for one in _found(self.row) if one.verdict is Verdict.FAILED]
        said = [words for one in failed if (words := package_checks.worded(one)) is not None]
        reason = " ".join(words.kk for words in said) + " / " + " ".join(words.ru for words in said)
        return DocumentKind.ACCEPTANCE_REFUSAL, facts.acceptance_refusal_facts(
            self.office,
            self.service,
            self.holder,
            self.number,
            self.local_now,
            self.missing(),
            reason,
            Text(self.actor.name_kk, self.actor.name_ru),
        )
