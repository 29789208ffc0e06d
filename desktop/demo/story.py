"""About sixty applications in every state, told to the program in the order of time.

Every case is a list of moments and acts; all lists are merged and carried out by the office's people
through the program's own commands, with the office's clock set to each moment.
"""

import heapq
import random
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import partial
from pathlib import Path

from desktop.cases import asking, checking, deciding, delivering, registering, routing, signing
from desktop.cases.application import Application, IncomingFile, InventoryEntry
from desktop.cases.checking import PaperVerdict
from desktop.cases.deciding import RequirementVerdict
from desktop.cases.drawing import Coder
from desktop.cases.signing import SignerSeen
from desktop.demo.invented import DemoHolder, holders
from desktop.documents.drawing import draw
from desktop.queries.case_card import case_card
from desktop.queries.office import services
from desktop.queries.rows import CaseCard
from desktop.queries.service_rows import ServiceChoice
from desktop.regulation.model import Channel, Effect
from desktop.regulation.rights import Actor
from desktop.store.database import Store

# one case of each of these is late: its last act was this many working days after its receipt
LATE = {"ask": 18, "check": 5, "sign": 9}
OPEN = frozenset({"assign", "check", "ask", "decide", "sign", "deliver"})

Sign = Callable[[bytes, datetime], bytes]
Verify = Callable[[bytes], SignerSeen]
Progress = Callable[[int, int], None]
Also = Callable[
    ["Office", ServiceChoice, list[datetime], datetime], Iterable[tuple[datetime, Callable[[], None]]]
]

# how far each case has come, and how many of them there are
ENDINGS = (
    ("licence", 24), ("refusal", 6), ("termination", 4), ("withdrawn", 2), ("deliver", 4), ("sign", 5),
    ("decide", 5), ("ask", 5), ("check", 4), ("assign", 4),
)  # fmt: skip


@dataclass(slots=True)
class Clock:
    """The office's clock while the story is told: it stands at ``now`` until it is set."""

    now: datetime

    def __call__(self) -> datetime:
        return self.now


@dataclass(slots=True)
class Tale:
    """One case of the story: what it will come to, and where it stands."""

    ending: str
    holder: DemoHolder
    choice: ServiceChoice
    received: datetime
    chance: random.Random
    case_id: int = 0
    acts: list[tuple[datetime, Callable[["Tale"], None]]] = field(default_factory=list)


@dataclass(slots=True)
class Office:
    """The people of the demo office at work; each through a store of his own, which in a file is one for all."""

    stores: Mapping[str, Store]
    clock: Clock
    people: dict[str, Actor]
    verify: Verify
    scans: tuple[Path, ...]
    sign: Sign = field(init=False)  # the head's key, once it is open
    coder: Coder | None = None  # the department's key of codes

    def card(self, who: str, tale: Tale) -> CaseCard:
        return case_card(*self.seat(who), case_id=tale.case_id)

    def seat(self, who: str) -> tuple[Store, Actor]:
        """Return what the person works with, and who he is."""
        return self.stores[who], self.people[who]

    def register(self, tale: Tale) -> None:
        application = application_of(tale, self.clock.now.date())
        files = tuple(
            IncomingFile(path, entry.paper)
            for path, entry in zip(
                self.scans, (item for item in application.inventory if item.brought), strict=False
            )
        )
        registered = registering.register_application(
            *self.seat("clerk"),
            application=application,
            files=files[: 1 + tale.chance.randrange(2)],
            draw=draw,
        )
        tale.case_id = registered.case_id
        if tale.ending != "assign":
            self.print("clerk", registered.receipt_document_id)

    def assign(self, tale: Tale) -> None:
        card = self.card("head", tale)
        person = "executor" if tale.chance.random() < 0.7 else "department"
        routing.assign(
            *self.seat("head"), case_id=tale.case_id, seen_version=card.version,
            outcome=card.outcomes[0].id, person_id=self.people[person].person_id,
        )  # fmt: skip

    def check(self, tale: Tale) -> None:
        who = self.executor_of(tale)
        card = self.card(who, tale)
        gone = tale.ending == "termination"
        required = [row for row in card.inventory if row.paper.required]
        verdicts = {
            row.paper.id: PaperVerdict("ok", row.expires_on) if row.brought else PaperVerdict("missing")
            for row in card.inventory
        }
        if gone:
            verdicts[required[-1].paper.id] = PaperVerdict("missing")
        drawn = checking.check_papers(
            *self.seat(who), case_id=tale.case_id, seen_version=card.version,
            outcome=outcome(card, Effect.INCOMPLETE if gone else Effect.COMPLETE), verdicts=verdicts, draw=draw,
        )  # fmt: skip
        if drawn is not None and tale.chance.random() < 0.9:
            self.print(who, drawn)

    def print(self, who: str, document_id: int) -> None:
        delivering.mark_printed(*self.seat(who), document_id=document_id, copies=1)

    def answer(self, tale: Tale) -> None:
        who = self.executor_of(tale)
        card = self.card(who, tale)
        bad = tale.ending == "refusal" and tale.chance.random() < 0.5
        asking.record_answer(
            *self.seat(who), case_id=tale.case_id, seen_version=card.version,
            outcome=outcome(card, Effect.DOES_NOT_CONFORM if bad else Effect.CONFORMS),
            answer_number=f"24-11/{100 + tale.chance.randrange(800)}", answer_date=self.clock.now.date(),
        )  # fmt: skip

    def draft(self, tale: Tale) -> None:
        who = self.executor_of(tale)
        card = self.card(who, tale)
        refused = tale.ending == "refusal"
        checks = {row.requirement.id: RequirementVerdict("met") for row in card.requirements}
        if refused:
            checks[card.requirements[-1].requirement.id] = RequirementVerdict("unmet")
        deciding.draft(
            *self.seat(who), case_id=tale.case_id, seen_version=card.version,
            outcome=outcome(card, Effect.REFUSE if refused else Effect.GRANT), checks=checks,
            grounds=(card.grounds[0].id,) if refused else (), draw=draw,
        )  # fmt: skip

    def put_signature(self, tale: Tale) -> None:
        card = self.card("head", tale)
        prepared = signing.prepare(
            *self.seat("head"), case_id=tale.case_id, seen_version=card.version, draw=draw,
            coder=self.coder,
        )  # fmt: skip
        signing.record(
            *self.seat("head"), case_id=tale.case_id, seen_version=prepared.version, document_id=prepared.document_id,
            signed=self.sign(prepared.pdf, self.clock.now), verify=self.verify,
        )  # fmt: skip

    def deliver(self, tale: Tale) -> None:
        card = self.card("clerk", tale)
        paper = next(row for row in reversed(card.documents) if row.state == "signed")
        self.print("clerk", paper.document_id)
        card = self.card("clerk", tale)
        delivering.hand_over(
            *self.seat("clerk"), case_id=tale.case_id, seen_version=card.version,
            outcome=outcome(card, Effect.DELIVERED), receiver=tale.holder.name.kk,
            identity_document=f"№ 0{40000000 + tale.chance.randrange(9999999)}",
        )  # fmt: skip

    def withdraw(self, tale: Tale) -> None:
        card = self.card("clerk", tale)
        routing.withdraw(
            *self.seat("clerk"), case_id=tale.case_id, seen_version=card.version,
            reason="Өтініш берушінің жазбаша өтініші / Письменная просьба заявителя",
        )  # fmt: skip

    def executor_of(self, tale: Tale) -> str:
        """Return who of the two executors has the case."""
        assigned = {name.kk for _role, name in self.card("clerk", tale).assignees}
        return "executor" if self.people["executor"].name_kk in assigned else "department"


def outcome(card: CaseCard, effect: Effect) -> str:
    """Return the id the regulation gave the outcome that means ``effect`` at the card's step."""
    return next(item.id for item in card.outcomes if item.effect == effect)


def application_of(tale: Tale, today: date) -> Application:
    """Return what the clerk types for the case."""
    choice, holder = tale.choice, tale.holder
    wanted = tale.chance.sample(choice.sub_types, k=1 + tale.chance.randrange(3))
    return Application(
        regulation_sha256=choice.regulation_sha256,
        service=choice.service,
        operation=choice.operation,
        channel=Channel.STATE_CORPORATION if tale.chance.random() < 0.6 else Channel.OFFICE,
        is_legal_entity=holder.is_legal_entity,
        identifier=holder.identifier,
        identifier_confirmed=False,
        holder_kk=holder.name.kk,
        holder_ru=holder.name.ru,
        holder_address=holder.address,
        site=holder.site,
        sub_types=tuple(sorted(item.id for item in wanted)),
        inventory=tuple(
            InventoryEntry(
                paper.id,
                paper.required,
                1 if paper.required else 0,
                _expiry(paper.expires, paper.required, today),
            )
            for paper in choice.papers
        ),
        consent=True,
        phone=holder.phone,
        outside_number=f"{tale.received:%d%m}-{tale.chance.randrange(90000) + 10000}",
        fee_receipt=str(1000000 + tale.chance.randrange(8999999)),
        fee_paid_on=today,
        fee_tenge=choice.fee_tenge,
        kbk=choice.kbk,
        knp=choice.knp,
    )


def _expiry(expires: bool, brought: bool, today: date) -> date | None:
    return today + timedelta(days=400) if expires and brought else None


def tell(
    office: Office,
    until: datetime,
    *,
    progress: Progress = lambda done, of: None,
    seed: int = 139,
    also: Also = lambda office, choice, days, until: (),
) -> int:
    """Carry out the story up to ``until`` (aware, office time); return how many cases it told.

    ``also``: what else is done, each thing with its moment.
    """
    chance = random.Random(seed)
    office.clock.now = until
    choice = services(*office.seat("clerk"))[0]
    tales = list(_tales(office, choice, until, chance))
    todo: list[tuple[datetime, int, Callable[[], None]]] = [
        (moment, number, partial(act, tale)) for number, tale in enumerate(tales) for moment, act in tale.acts
    ]
    more = also(office, choice, list(_working_days(until, 46)), until)
    todo += [(moment, len(tales) + number, act) for number, (moment, act) in enumerate(more)]
    queue = [(moment, number, position) for position, (moment, number, _act) in enumerate(todo)]
    heapq.heapify(queue)
    done = 0
    while queue:
        moment, _number, position = heapq.heappop(queue)
        if moment > until:
            break
        office.clock.now = moment
        todo[position][2]()
        done += 1
        progress(done, len(todo))
    office.clock.now = until
    return sum(1 for tale in tales if tale.case_id)


def _tales(office: Office, choice: ServiceChoice, until: datetime, chance: random.Random) -> Iterator[Tale]:
    days = list(_working_days(until, 46))  # the newest first
    applicants = holders()
    for ending, count in ENDINGS:
        for turn in range(count):
            acts = _acts(office, ending)
            late = turn == 0 and ending in LATE
            youngest = LATE[ending] if late else sum(wait for wait, _act in acts)
            spread = 2 if ending in OPEN else 24
            age = youngest + (0 if late else chance.randrange(spread))
            received = _at(days[min(age, len(days) - 1)], 9, chance.randrange(200))
            tale = Tale(
                ending, next(applicants), choice, min(received, until), random.Random(chance.random())
            )
            tale.acts = list(_moments(acts, tale.received, days, chance))
            if ending in OPEN and not late:
                tale.acts[-1] = (_fresh(until, days[0], turn, after=tale.acts), tale.acts[-1][1])
            yield tale


def _fresh(
    until: datetime, last_day: datetime, turn: int, *, after: list[tuple[datetime, Callable[[Tale], None]]]
) -> datetime:
    """Return a moment just before ``until``, in working hours, so that a case left open has only just come in."""
    moment = min(until, _at(last_day, 18, 20)) - timedelta(minutes=2 + 2 * turn)
    return max(moment, after[-2][0] + timedelta(seconds=1)) if len(after) > 1 else moment


def _acts(office: Office, ending: str) -> list[tuple[int, Callable[[Tale], None]]]:
    """Return the acts up to ``ending``, each with the working days since the act before it."""
    whole: list[tuple[str, int, Callable[[Tale], None]]] = [
        ("assign", 0, office.register), ("check", 0, office.assign), ("ask", 1, office.check), ("decide", 4, office.answer),
        ("sign", 1, office.draft), ("deliver", 0, office.put_signature), ("end", 1, office.deliver),
    ]  # fmt: skip
    if ending == "withdrawn":
        return [(0, office.register), (0, office.assign), (2, office.withdraw)]
    if ending == "termination":
        return [(days, act) for _name, days, act in whole[:3]]
    last = {"licence": "end", "refusal": "end"}.get(ending, ending)
    names = [name for name, _days, _act in whole]
    return [(days, act) for _name, days, act in whole[: names.index(last) + 1]]


def _moments(
    acts: list[tuple[int, Callable[[Tale], None]]],
    received: datetime,
    days: list[datetime],
    chance: random.Random,
) -> Iterator[tuple[datetime, Callable[[Tale], None]]]:
    moment = received
    dates = [day.date() for day in days]
    for wait, act in acts:
        if wait:
            place = dates.index(moment.date()) - wait
            if place < 0:
                return
            moment = _at(days[place], 9, chance.randrange(150))
        yield moment, act
        moment += timedelta(minutes=6 + chance.randrange(20), seconds=chance.randrange(60))


def _working_days(until: datetime, count: int) -> Iterator[datetime]:
    """Yield the weekdays at and before ``until``, the newest first, as midnights of the office."""
    day = until.replace(hour=0, minute=0, second=0, microsecond=0)
    while count:
        if day.weekday() < 5 and day + timedelta(hours=9) <= until:
            yield day
            count -= 1
        day -= timedelta(days=1)


def _at(day: datetime, hour: int, minutes: int) -> datetime:
    return day + timedelta(hours=hour, minutes=minutes)
