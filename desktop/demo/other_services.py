"""A case or two of every other service and operation the office's acts know, each left in another state.

Unlike the sixty of the main story these know no way of their own: whoever a case waits for does what its step asks.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import partial
from itertools import count

from desktop.cases import (
    asking,
    attesting,
    checking,
    deciding,
    delivering,
    hearing,
    registering,
    resolving,
    routing,
    signing,
)
from desktop.cases.application import Application, InventoryEntry
from desktop.cases.attesting import Sitting, Vote
from desktop.cases.checking import PaperVerdict
from desktop.cases.deciding import RequirementVerdict
from desktop.demo.invented import DemoHolder, holders
from desktop.demo.story import Office, outcome
from desktop.documents.drawing import draw
from desktop.queries.case_card import case_card
from desktop.queries.office import services
from desktop.queries.registers import licences
from desktop.queries.rows import CaseCard, LicenceRow, RegisterFilter
from desktop.queries.service_rows import ServiceChoice
from desktop.regulation import identifiers
from desktop.regulation.model import (
    CENTRES,
    COUNTERS,
    Act,
    Channel,
    Effect,
    FieldKind,
    OperationKind,
    Role,
    ServiceKind,
)

REGISTRARS = ("clerk", "phc", "operator")
TO_THE_END = 20  # more acts than any operation has
ALONE = (TO_THE_END, 3, 2, 4, 1)  # of what has one operation only: a case for each of its people
STAGES = (
    TO_THE_END,
    2,
    4,
    TO_THE_END,
    1,
    5,
    3,
)  # acts done in a case, one after another, counted from its registration
_DAY = timedelta(days=1)
_OUTSIDE = "15"  # how numbers of licences from before the register begin
_CLINIC = "Орал қалалық № 4 емханасы / Уральская городская поликлиника № 4"


@dataclass(slots=True)
class OtherTale:
    """One case: who takes it in, through which channel, and how many acts are done to it."""

    choice: ServiceChoice
    channel: Channel
    registrar: str
    holder: DemoHolder
    acts: int
    received: datetime
    number: int  # of the tale
    named: set[str]  # the licences other tales are about
    case_id: int = 0
    moments: list[datetime] = field(default_factory=list)


def tales(
    office: Office, days: list[datetime], until: datetime, *, main: ServiceChoice
) -> Iterator[OtherTale]:
    """Yield a case of each operation of each act but the one the main story is about; ``days``, the newest first."""
    applicants, numbers, turns = holders(seed=509), count(), count()
    named: set[str] = set()
    for registrar in REGISTRARS:
        for choice in services(*office.seat(registrar)):
            same = (choice.regulation_id, choice.service, choice.operation)
            if same == (main.regulation_id, main.service, main.operation):
                continue
            for place, channel in enumerate(channels := _channels(choice, next(turns))):
                number = next(numbers)
                acts = ALONE[place] if len(channels) > 1 else STAGES[number % len(STAGES)]
                age = 12 if acts == TO_THE_END else acts
                received = days[min(age, len(days) - 1)] + timedelta(hours=9, minutes=20 + number % 40)
                holder = next(
                    one
                    for one in applicants
                    if choice.kind is ServiceKind.LICENCE or not one.is_legal_entity  # people are attested
                )
                tale = OtherTale(
                    choice, channel, registrar, holder, acts, min(received, until), number, named
                )
                tale.moments = list(_moments(tale, days, until))
                yield tale


def also(
    office: Office, main: ServiceChoice, days: list[datetime], until: datetime
) -> Iterator[tuple[datetime, Callable[[], None]]]:
    """Yield everything that is done to these cases, with its moment (``story.tell``)."""
    for tale in tales(office, days, until, main=main):
        for moment in tale.moments:
            yield moment, partial(turn, office, tale)


def _channels(choice: ServiceChoice, number: int) -> tuple[Channel, ...]:
    """Five cases of what has one operation only, through different channels; else one case."""
    alone = choice.operation_kind in (OperationKind.ATTEST, OperationKind.ATTACH)
    found = [
        choice.channels[(number + turn) % len(choice.channels)] for turn in range(len(ALONE) if alone else 1)
    ]
    return tuple(found)


def _moments(tale: OtherTale, days: list[datetime], until: datetime) -> Iterator[datetime]:
    moment = tale.received
    dates = [day.date() for day in days]
    for turn in range(tale.acts):
        yield moment
        place = dates.index(moment.date())
        later = moment + timedelta(minutes=11 + tale.number % 7)
        if turn and place:
            later = days[place - 1] + timedelta(hours=9, minutes=30 + (tale.number * 7 + turn) % 60)
        moment = later
        if moment > until:
            return


def turn(office: Office, tale: OtherTale) -> None:
    """Register the case, or do what it waits for; nothing once it is closed."""
    if not tale.case_id:
        _register(office, tale)
        return
    card = case_card(*office.seat("auditor"), case_id=tale.case_id)
    if card.act is not None:
        waited = {name.kk for name in card.waits_for}
        who = next(login for login, actor in office.people.items() if actor.name_kk in waited)
        _ACTS[card.act](office, tale, who, card)


def _register(office: Office, tale: OtherTale) -> None:
    registered = registering.register_application(
        *office.seat(tale.registrar), application=_application(office, tale), draw=draw
    )
    tale.case_id = registered.case_id


def _application(office: Office, tale: OtherTale) -> Application:
    choice, holder, today = tale.choice, tale.holder, office.clock.now.date()
    named = _licence(office, tale)
    at_counter = tale.channel in COUNTERS
    identifier = named.identifier if named else holder.identifier
    brought = {paper.id for paper in choice.papers if paper.required} or {
        paper.id for paper in choice.papers[:1]
    }
    return Application(
        regulation_sha256=choice.regulation_sha256,
        service=choice.service,
        operation=choice.operation,
        channel=tale.channel,
        is_legal_entity=identifiers.kind_of(identifier) == "bin",
        identifier=identifier,
        identifier_confirmed=False,
        holder_kk=named.holder.kk if named else holder.name.kk,
        holder_ru=named.holder.ru if named else holder.name.ru,
        holder_address=holder.address,
        site=named.site if named else holder.site if choice.kind is ServiceKind.LICENCE else _CLINIC,
        sub_types=() if named else tuple(item.id for item in choice.sub_types[:2]),
        inventory=tuple(
            InventoryEntry(
                paper.id,
                paper.id in brought,
                1 if paper.id in brought else 0,
                today + 400 * _DAY if paper.expires and paper.id in brought else None,
            )
            for paper in choice.papers
        ),
        consent=True,
        phone=holder.phone,
        outside_number="" if at_counter else f"{tale.received:%d%m}-{20000 + tale.number}",
        received_at=None if at_counter or tale.channel not in CENTRES else office.clock.now,
        fee_receipt=str(7000000 + tale.number) if choice.fee else "",
        fee_paid_on=today if choice.fee else None,
        fee_tenge=choice.fee_tenge if choice.fee else None,
        kbk=choice.kbk,
        knp=choice.knp,
        details=tuple(_details(tale, named, today)),
        licence_confirmed=named is None,
        licence_issued_on=None if named else today - 900 * _DAY,
    )


def _licence(office: Office, tale: OtherTale) -> LicenceRow | None:
    """Return a licence of the register for a re-issue or a duplicate of one."""
    if tale.choice.operation_kind not in (OperationKind.REISSUE, OperationKind.DUPLICATE):
        return None
    found = licences(*office.seat("auditor"), filter=RegisterFilter(state="issued"), descending=False).rows
    kinds = {item.title.kk for item in tale.choice.sub_types}
    own = (row for row in found if set(row.sub_types.kk.split("; ")) <= kinds)  # of the same service
    free = next((row for row in own if row.number not in tale.named), None)
    tale.named |= {free.number} if free else set()
    return free


def _details(tale: OtherTale, named: LicenceRow | None, today: date) -> Iterator[tuple[str, str]]:
    for item in tale.choice.fields:
        if item.kind is FieldKind.LICENCE:
            yield item.id, named.number if named else f"{_OUTSIDE}{tale.number:06d}"
        elif item.kind is FieldKind.DATE:
            yield item.id, (today - 3 * _DAY).isoformat()
        elif item.kind is FieldKind.CHOICE:
            yield item.id, item.choices[0].id
        else:
            yield item.id, _CLINIC


# what a case waits for


def _assign(office: Office, tale: OtherTale, who: str, card: CaseCard) -> None:
    wanted = card.outcomes[0].assigns
    person = next(login for login, actor in office.people.items() if wanted in actor.roles)
    if wanted is Role.EXECUTOR:
        person = "executor"
    routing.assign(
        *office.seat(who), case_id=tale.case_id, seen_version=card.version, outcome=card.outcomes[0].id,
        person_id=office.people[person].person_id,
    )  # fmt: skip


def _approve(office: Office, tale: OtherTale, who: str, card: CaseCard) -> None:
    routing.approve(
        *office.seat(who), case_id=tale.case_id, seen_version=card.version, outcome=card.outcomes[0].id
    )


def _check(office: Office, tale: OtherTale, who: str, card: CaseCard) -> None:
    verdicts = {
        row.paper.id: PaperVerdict("ok", row.expires_on) if row.brought else PaperVerdict("missing")
        for row in card.inventory
    }
    checking.check_papers(
        *office.seat(who), case_id=tale.case_id, seen_version=card.version,
        outcome=outcome(card, Effect.COMPLETE), verdicts=verdicts, draw=draw,
    )  # fmt: skip


def _answer(office: Office, tale: OtherTale, who: str, card: CaseCard) -> None:
    asking.record_answer(
        *office.seat(who), case_id=tale.case_id, seen_version=card.version,
        outcome=outcome(card, Effect.CONFORMS), answer_number=f"24-12/{300 + tale.number}",
        answer_date=office.clock.now.date(),
    )  # fmt: skip


def _decide(office: Office, tale: OtherTale, who: str, card: CaseCard) -> None:
    hears = any(item.effect is Effect.PROPOSE_REFUSAL for item in card.outcomes)  # so that it is seen
    checks = {row.requirement.id: RequirementVerdict("met") for row in card.requirements}
    if hears and checks:
        checks[card.requirements[0].requirement.id] = RequirementVerdict("unmet", "Құжатпен расталмаған")
    deciding.draft(
        *office.seat(who), case_id=tale.case_id, seen_version=card.version,
        outcome=outcome(card, Effect.PROPOSE_REFUSAL if hears else Effect.GRANT), checks=checks,
        grounds=(card.grounds[0].id,) if hears else (), draw=draw,
    )  # fmt: skip


def _hear(office: Office, tale: OtherTale, who: str, card: CaseCard) -> None:
    hearing.hear(
        *office.seat(who), case_id=tale.case_id, seen_version=card.version, outcome=card.outcomes[0].id,
        held_on=office.clock.now.date(), came=True, minutes="Өтініш беруші жетіспейтін құжаттарды көрсетті.",
    )  # fmt: skip


def _attest(office: Office, tale: OtherTale, who: str, card: CaseCard) -> None:
    members = [actor.person_id for actor in office.people.values() if Role.COMMISSION in actor.roles]
    passed = bool(tale.number % 4)
    votes = tuple(
        Vote(member, "for" if passed or not place else "against") for place, member in enumerate(members)
    )
    attesting.attest(
        *office.seat(who), case_id=tale.case_id, seen_version=card.version,
        outcome=outcome(card, Effect.PASSED if passed else Effect.FAILED),
        sitting=Sitting(
            office.clock.now.date(), 84 if passed else 41, 100,
            "Сұрақтарға толық жауап берді" if passed else "Жауаптары толық емес",
            "На вопросы ответил полностью" if passed else "Ответы неполные", votes,
        ),
        draw=draw,
    )  # fmt: skip


def _resolve(office: Office, tale: OtherTale, who: str, card: CaseCard) -> None:
    declined = tale.number % 5 == 0
    resolving.resolve(
        *office.seat(who), case_id=tale.case_id, seen_version=card.version,
        outcome=outcome(card, Effect.DECLINED if declined else Effect.ACCEPTED),
        reason_kk="Тұрғылықты жері ұйымның аумағына жатпайды" if declined else "",
        reason_ru="Место жительства не относится к территории организации" if declined else "", draw=draw,
    )  # fmt: skip


def _sign(office: Office, tale: OtherTale, who: str, card: CaseCard) -> None:
    prepared = signing.prepare(
        *office.seat(who), case_id=tale.case_id, seen_version=card.version, draw=draw, coder=office.coder
    )
    signing.record(
        *office.seat(who), case_id=tale.case_id, seen_version=prepared.version,
        document_id=prepared.document_id, signed=office.sign(prepared.pdf, office.clock.now),
        verify=office.verify,
    )  # fmt: skip


def _deliver(office: Office, tale: OtherTale, who: str, card: CaseCard) -> None:
    delivering.hand_over(
        *office.seat(who), case_id=tale.case_id, seen_version=card.version,
        outcome=outcome(card, Effect.DELIVERED), receiver=card.holder.kk,
        identity_document=f"№ 0{45000000 + tale.number}",
    )  # fmt: skip


_ACTS: dict[Act, Callable[[Office, OtherTale, str, CaseCard], None]] = {
    Act.ASSIGN: _assign,
    Act.APPROVE: _approve,
    Act.CHECK: _check,
    Act.ASK: _answer,
    Act.DECIDE: _decide,
    Act.HEAR: _hear,
    Act.ATTEST: _attest,
    Act.RESOLVE: _resolve,
    Act.SIGN: _sign,
    Act.DELIVER: _deliver,
}
