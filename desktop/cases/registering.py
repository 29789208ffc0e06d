"""The counter: an application is taken in, numbered and sent on, or its acceptance is refused (001 items 6, 7(1), 9)."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from desktop.cases import details, facts, filing, journal, numbers, packages, particulars
from desktop.cases.application import Application, IncomingFile
from desktop.cases.change import law
from desktop.cases.claiming import claiming, once, row_id
from desktop.cases.drawing import Draw, add_document
from desktop.cases.journal import Event
from desktop.cases.numbers import Register
from desktop.cases.packages import PackageTaken
from desktop.cases.plain_text import TEXT, required
from desktop.cases.standing import at_work
from desktop.errors import BadInput, NotAllowed
from desktop.models import Case, CaseSubType, FeeRate, IncomingPackage, InventoryItem, Office, RegulationText
from desktop.models.folding import fold, sort_key
from desktop.regulation import deadlines, engine, rights, terms
from desktop.regulation.model import (
    COUNTERS,
    Act,
    DocumentKind,
    Operation,
    Outcome,
    Paper,
    Role,
    Service,
    Step,
    Text,
)
from desktop.regulation.papers import HolderFacts
from desktop.regulation.rights import Actor, Command
from desktop.store.calendar import working_calendar
from desktop.store.database import Store


@dataclass(frozen=True, slots=True)
class Registered:
    case_id: int
    number: str
    version: int
    due_at: datetime  # office time
    hand_over_by: datetime | None
    receipt_document_id: int


def _registered_before(_store: Store, told: Any) -> Registered:
    moments = {name: told[name] and datetime.fromisoformat(told[name]) for name in ("due_at", "hand_over_by")}
    return Registered(**{**told, **moments})


@dataclass(frozen=True, slots=True)
class _Counter:
    """One application at the counter, with all that is known when it is taken in."""

    session: Session
    actor: Actor
    office: Office
    service: Service
    operation: Operation
    now: datetime
    rates: tuple[tuple[date, int], ...]  # the monthly calculation index by its first day, in tenge

    @property
    def local_now(self) -> datetime:
        return self.now.astimezone(ZoneInfo(self.office.time_zone))


def problems(
    store: Store, actor: Actor, *, application: Application, files: Sequence[IncomingFile] = ()
) -> tuple[BadInput, ...]:
    """Return everything wrong with the form as it stands, in its order; nothing is changed."""
    application = particulars.cleaned(application)
    with store.reading(by=actor.login) as session:
        at = _open(session, actor, application, Command.REGISTER, store.now(session))
        return _problems(at, _sited(at, application), files)


@once(_registered_before)
def register_application(
    store: Store,
    actor: Actor,
    *,
    application: Application,
    files: Sequence[IncomingFile] = (),
    draw: Draw,
    package: PackageTaken | None = None,
) -> Registered:
    """Take the application in: number, moment, dates, scans, receipt; the case goes to the step after acceptance.

    ``package``: it came in this one, which becomes the case's; raises as ``packages.taken``.

    BadInput names the first wrong field; ``facts["also"]`` holds the others (tuple of BadInput).
    """
    application = particulars.cleaned(application)
    limit = filing.file_limit(store) if files else 0  # asked before the claim, and only for what it limits
    ready = filing.inspect_all(files, limit)
    with claiming(store, actor, Command.REGISTER) as claimed:
        session = claimed.session
        at = _open(session, actor, application, Command.REGISTER, claimed.now)
        application = _sited(at, application)
        came = packages.taken(session, at.actor, package) if package else None
        _refuse_wrong(_problems(at, application, files))
        case, first = _new_case(at, application)
        # contents first: the counter's row is held from the number on until the end
        papers = {paper.id for paper in at.operation.papers}
        told = filing.add(session, case, ready, limit, papers, at.now, at.actor.person_id)
        _number(at, case)
        receipt = _draw_receipt(at, case, draw)
        _tell(
            at,
            case,
            first,
            told,
            application.taken_in_at,
            package=came,
            proved=package.proved if package else "",
        )
        if came is not None:
            packages.settle(came, at.now, at.actor.person_id, case_id=case.id)
        session.flush()
        _received, due_at, hand_over_by = _moments(at, case)
        claimed.row.case_id = case.id
        registered = Registered(case.id, case.number, case.version, due_at, hand_over_by, receipt)
        claimed.returns(asdict(registered))
        return registered


@once(row_id)
def refuse_acceptance(
    store: Store, actor: Actor, *, application: Application, reason: str, draw: Draw
) -> int:
    """Refuse an incomplete package at the counter: a numbered receipt of the refusal and no case. Returns its id.

    The papers not brought are listed. BadInput "field-required" for the name, and for the reason when no
    required paper is missing.
    """
    application = particulars.cleaned(application)
    with claiming(store, actor, Command.REFUSE_ACCEPTANCE) as claimed:
        session = claimed.session
        at = _open(session, actor, application, Command.REFUSE_ACCEPTANCE, claimed.now)
        missing = _missing(at, application)
        for field in ("holder_kk", "holder_ru"):
            fault = particulars.text_problem(field, getattr(application, field))
            if fault is not None:
                raise fault
        if not missing or reason.strip():
            reason = required(reason, "reason", limit=TEXT, lines=True)
        number = numbers.take(session, Register.OUTGOING, at.now, at.office.outgoing_template, None)
        holder = HolderFacts(
            name=Text(application.holder_kk, application.holder_ru),
            identifier=application.identifier[:12],
            is_legal_entity=application.is_legal_entity,
            address=application.holder_address,
        )
        clerk = Text(at.actor.name_kk, at.actor.name_ru)
        titles = [item.title for item in missing]
        paper = facts.acceptance_refusal_facts(
            at.office, at.service, holder, number.text, at.local_now, titles, reason, clerk
        )
        document = add_document(
            session,
            at.office,
            None,
            DocumentKind.ACCEPTANCE_REFUSAL,
            paper,
            draw,
            number=number.text,
            dated=at.local_now.date(),
            state="issued",
            now=at.now,
            by=at.actor.person_id,
        )
        journal.record(
            session,
            at.actor,
            Event.ACCEPTANCE_REFUSED,
            None,
            at=at.now,
            number=number.text,
            holder_kk=application.holder_kk,
            holder_ru=application.holder_ru,
            identifier=holder.identifier,
            reason=reason,
            missing=[item.id for item in missing],
        )
        return claimed.returns(document.id)


def _missing(at: _Counter, application: Application) -> list[Paper]:
    brought = {line.paper for line in application.inventory if line.brought}
    return [paper for paper in at.operation.papers if paper.required and paper.id not in brought]


def _open(
    session: Session, actor: Actor, application: Application, command: Command, now: datetime
) -> _Counter:
    office, acting = at_work(session, actor, now)
    rights.require(acting, command)
    sha256 = application.regulation_sha256
    if not session.scalar(select(RegulationText.current).where(RegulationText.sha256 == sha256)):
        raise NotAllowed("regulation-not-current")
    service, operation = law(session, sha256, application.service, application.operation)
    rates = _rates(session) if command is Command.REGISTER else ()
    return _Counter(session, acting, office, service, operation, now, rates)


def _problems(at: _Counter, application: Application, files: Sequence[IncomingFile]) -> tuple[BadInput, ...]:
    about = particulars.Circumstances(
        at.service, at.operation, at.rates, at.local_now, _licence(at, application)
    )
    return particulars.problems(application, files, about)


def _sited(at: _Counter, application: Application) -> Application:
    return replace(
        application, details=details.with_site(application.details, at.operation, application.site)
    )


def _licence(at: _Counter, application: Application) -> details.NamedLicence | None:
    return details.named_licence(at.session, at.operation, application)


def _rates(session: Session) -> tuple[tuple[date, int], ...]:
    found = session.execute(select(FeeRate.valid_from, FeeRate.tenge))
    return tuple((valid_from, tenge) for valid_from, tenge in found)


def _refuse_wrong(found: tuple[BadInput, ...]) -> None:
    if found:
        first = found[0]
        first.facts["also"] = found[1:]
        raise first


def _accepted(at: _Counter, first: Step) -> Outcome | None:
    """Return the outcome that sends the application on, chosen by the actor's own right; None if it is not ACCEPT.

    Where the act has nobody accept, whoever does its first step takes the application in, or the counter.
    """
    if first.act != Act.ACCEPT:
        if first.performer not in at.actor.roles and Role.CLERK not in at.actor.roles:
            raise NotAllowed("role-may-not", command=Command.REGISTER.value, role=first.performer.value)
        return None
    return engine.choose(
        at.operation, first.id, first.outcomes[0].id, roles=at.actor.roles, assigned=True, answer=None
    )


def _number(at: _Counter, case: Case) -> None:
    number = numbers.take(at.session, Register.INCOMING, at.now, at.office.incoming_template, None)
    case.number = number.text
    case.search = _search(case)
    at.session.add(case)
    at.session.flush()  # the journal, the number and the receipt need the case's id
    number.case_id = case.id


def _tell(
    at: _Counter,
    case: Case,
    first: Step,
    files: list[dict[str, object]],
    taken_in_at: datetime | None,
    *,
    package: IncomingPackage | None,
    proved: str,
) -> None:
    accepted = _accepted(at, first)
    taken_in: dict[str, object] = {"taken_in_at": taken_in_at} if taken_in_at else {}
    if package is not None:
        taken_in |= {"package": package.package_id, "note": proved}
    journal.record(
        at.session,
        at.actor,
        Event.REGISTERED,
        case,
        at=at.now,
        step=first.id,
        number=case.number,
        holder_kk=case.holder_kk,
        holder_ru=case.holder_ru,
        identifier=case.identifier,
        identifier_confirmed=case.identifier_confirmed,
        site=case.site,
        sub_types=[item.sub_type for item in case.sub_types],
        received_at=case.received_at,
        channel=case.channel,
        due_at=case.due_at,
        hand_over_by=case.hand_over_by,
        details=case.details,
        outcome=accepted.id if accepted else "",
        files=files,
        **taken_in,
    )


def _new_case(at: _Counter, application: Application) -> tuple[Case, Step]:
    """Return the case, still without a number, and the step of its acceptance."""
    if application.channel in COUNTERS and application.received_at is not None:
        raise ValueError("the moment at the office's own counter is the server's")
    first = engine.first_step(at.operation, application.channel)
    calendar = working_calendar(at.session)
    received_at = application.received_at or at.now
    due_at, hand_over_by = _dates(at, application, received_at, calendar)
    accepted = _accepted(at, first)
    step = at.operation.step(accepted.next) if accepted and accepted.next else first
    case = Case(
        number="",
        received_at=received_at,
        registered_at=at.now,
        registered_by=at.actor.person_id,
        channel=application.channel.value,
        regulation_sha256=application.regulation_sha256,
        service=application.service,
        operation=application.operation,
        step=step.id,
        step_entered_at=at.now,
        step_due_at=terms.due(calendar, step.term, at.now).due_at if step.term else None,
        due_at=due_at,
        hand_over_by=hand_over_by,
        fee_due_tenge=particulars.fee_due(at.operation, at.rates, application.fee_paid_on),
        holder_sort=sort_key(application.holder_kk),
        details=dict(application.details),
        licence_named=details.kept_licence(at.operation, application, _licence(at, application)),
        **{field: getattr(application, field) for field in _COPIED},
    )
    fee = at.operation.fee
    if fee is not None:
        case.kbk = case.kbk or fee.kbk
        case.knp = case.knp or fee.knp
    case.sub_types = [CaseSubType(sub_type=item) for item in dict.fromkeys(application.sub_types)]
    case.inventory = _inventory(at, application)
    case.documents = []  # known to be none: the receipt is added without asking for others
    return case, first


def _inventory(at: _Counter, application: Application) -> list[InventoryItem]:
    lines = {line.paper: line for line in application.inventory}
    return [
        InventoryItem(
            paper=paper.id,
            position=position,
            brought=lines[paper.id].brought if paper.id in lines else False,
            sheets=lines[paper.id].sheets if paper.id in lines else 0,
            expires_on=lines[paper.id].expires_on if paper.id in lines else None,
        )
        for position, paper in enumerate(at.operation.papers)
    ]


_COPIED = (
    "is_legal_entity",
    "identifier",
    "identifier_confirmed",
    "holder_kk",
    "holder_ru",
    "holder_address",
    "phone",
    "email",
    "site",
    "representative",
    "representative_iin",
    "power_of_attorney",
    "outside_number",
    "consent",
    "fee_receipt",
    "fee_paid_on",
    "fee_tenge",
    "kbk",
    "knp",
)


def _dates(
    at: _Counter, application: Application, received_at: datetime, calendar: terms.WorkingCalendar
) -> tuple[datetime, datetime | None]:
    found = deadlines.deadline(calendar, at.operation, application.channel, received_at)
    if found is None:
        raise NotAllowed("no-total-term", channel=application.channel.value)
    return found.due_at, found.hand_over_by


def _search(case: Case) -> str:
    return fold(" ".join((case.number, case.identifier, case.holder_kk, case.holder_ru, case.site)))


def _moments(at: _Counter, case: Case) -> facts.Moments:
    """Return when the case was received, is due and must be handed over, in office time."""
    zone = at.local_now.tzinfo
    hand_over_by = case.hand_over_by.astimezone(zone) if case.hand_over_by else None
    return case.received_at.astimezone(zone), case.due_at.astimezone(zone), hand_over_by


def _draw_receipt(at: _Counter, case: Case, draw: Draw) -> int:
    clerk = Text(at.actor.name_kk, at.actor.name_ru)
    paper = facts.receipt_facts(at.office, at.service, at.operation, case, clerk, _moments(at, case))
    document = add_document(
        at.session,
        at.office,
        case,
        DocumentKind.RECEIPT,
        paper,
        draw,
        number=case.number,
        dated=at.local_now.date(),
        state="issued",
        now=at.now,
        by=at.actor.person_id,
    )
    return document.id
