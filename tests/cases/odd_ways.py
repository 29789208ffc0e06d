"""Cases on their way through regulations nobody ships, and commands used in every way: each step a real command.

A :class:`Hand` does one command at a time, and watches what it writes when it was given something to note it in.
"""

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from sqlalchemy import select

from desktop.cases import (
    asking,
    checking,
    correcting,
    custody,
    deciding,
    filing,
    licence_states,
    office,
    routing,
    signing,
)
from desktop.cases.application import IncomingFile
from desktop.models import Licence, ResultCustody
from desktop.regulation.model import Act, Channel, Effect, Role
from tests import story
from tests.cases.commands import COMMANDS
from tests.cases.watching import Written, watched
from tests.clock import OFFICE_ZONE
from tests.story import Teller
from tests.taking import take


@dataclass(frozen=True, slots=True)
class Hand:
    tell: Teller
    found: dict[str, Written] | None
    hours: int = 0  # how long a case waits between two commands

    def watching(self) -> AbstractContextManager[None]:
        return nullcontext() if self.found is None else watched(self.tell.store, self.found)

    def use(self, case_id: int, name: str, by: str = "") -> None:
        """Use a command of ``tests.cases.commands`` on the case."""
        used = COMMANDS[name]
        actor = getattr(self.tell.people, by or used.by)
        self.tell.clock.forward(hours=self.hours, seconds=1)
        with self.watching():
            used.run(self.tell, actor, self.tell.seen(case_id))

    def sign(self, case_id: int) -> None:
        """Prepare and sign on one day."""
        self.do(signing.prepare, "head", case_id=case_id, draw=story.draw)
        replace(self, hours=0).use(case_id, "record")

    def do(self, work: Callable[..., object], by: str, *, case_id: int, **facts: Any) -> None:
        self.tell.clock.forward(hours=self.hours, seconds=1)
        with self.watching():
            work(self.tell.store, getattr(self.tell.people, by), **self.tell.seen(case_id), **facts)

    def of_result(self, work: Callable[..., object], custody_id: int, **facts: Any) -> None:
        self.tell.clock.forward(hours=self.hours, seconds=1)
        with self.watching():
            work(self.tell.store, self.tell.people.clerk, custody_id=custody_id, **facts)

    def approve(self, case_id: int, outcome: str) -> None:
        self.do(routing.approve, "department_head", case_id=case_id, outcome=outcome)

    def take(self, case_id: int, **options: Any) -> None:
        """Take the only outcome of the step the case stands at."""
        step = self.tell.step(case_id)
        assert step is not None
        (outcome,) = step.outcomes
        self.tell.clock.forward(hours=self.hours, seconds=1)
        with self.watching():
            take(self.tell, case_id, step, outcome, **options)

    def result(self, case_id: int) -> str | None:
        case = self.tell.case(case_id)
        assert case.step is None
        return case.result


def walk_every_way(hand: Hand, sha256: str, *, filed: bool) -> None:
    """Carry cases to each of the ends of an odd pack (``tests.regulation.odd_packs``)."""
    ends = _FILED if filed else _SIGNED
    for end in ends:
        end(hand, _drafted(hand, sha256))


def _drafted(hand: Hand, sha256: str) -> int:
    """A case whose licence is drafted, with a request that nobody answered."""
    case_id = hand.tell("assign", regulation_sha256=sha256, channel=Channel.STATE_CORPORATION)
    hand.use(case_id, "assign")
    hand.use(case_id, "check_papers, complete")
    hand.use(case_id, "return_for_rework", by="department_head")
    _assign_another(hand, case_id)
    hand.use(case_id, "check_papers, complete", by="executor2")
    _answer(hand, case_id)
    hand.use(case_id, "draft, licence", by="executor2")
    return case_id


def _assign_another(hand: Hand, case_id: int) -> None:
    outcome = hand.tell.outcome(case_id, Act.ASSIGN, Effect.FORWARD)
    person_id = hand.tell.people.executor2.person_id
    hand.do(routing.assign, "head", case_id=case_id, outcome=outcome, person_id=person_id)


def _answer(hand: Hand, case_id: int, effect: Effect = Effect.CONFORMS) -> None:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "answer.pdf"
        path.write_bytes(b"%PDF-1.4\n%an answer\n%%EOF\n")
        hand.do(
            asking.record_answer,
            "department_head",
            case_id=case_id,
            outcome=hand.tell.outcome(case_id, Act.ASK, effect),
            answer_number="15/2",
            answer_date=hand.tell.clock.moment.astimezone(OFFICE_ZONE).date(),
            note="Хатпен",
            files=[IncomingFile(path)],
        )


def _back(hand: Hand, case_id: int) -> None:
    hand.approve(case_id, "back")


def _refused_by_the_visa(hand: Hand, case_id: int) -> None:
    _back(hand, case_id)
    hand.use(case_id, "check_papers, complete", by="executor2")
    _answer(hand, case_id)
    hand.use(case_id, "draft, licence", by="executor2")
    hand.approve(case_id, "off")
    assert hand.result(case_id) is None


def _terminated(hand: Hand, case_id: int) -> None:
    _back(hand, case_id)
    hand.use(case_id, "check_papers, incomplete", by="executor2")
    assert hand.result(case_id) == "termination"


def _answered_to_the_end(hand: Hand, case_id: int) -> None:
    _back(hand, case_id)
    hand.use(case_id, "check_papers, complete", by="executor2")
    _answer(hand, case_id, Effect.DOES_NOT_CONFORM)
    assert hand.result(case_id) is None


def _refused(hand: Hand, case_id: int) -> None:
    _back(hand, case_id)
    hand.use(case_id, "check_papers, complete", by="executor2")
    _answer(hand, case_id)
    hand.use(case_id, "draft, refusal", by="executor2")


def _refused_unsigned(hand: Hand, case_id: int) -> None:
    _refused(hand, case_id)
    assert hand.result(case_id) == "refusal"


def _refused_and_signed(hand: Hand, case_id: int) -> None:
    _refused(hand, case_id)
    hand.sign(case_id)
    assert hand.result(case_id) == "refusal"


def _filed(hand: Hand, case_id: int) -> None:
    hand.approve(case_id, "on")
    hand.sign(case_id)
    hand.approve(case_id, "kept")
    assert hand.result(case_id) == "licence"


def _delivered(hand: Hand, case_id: int) -> None:
    hand.approve(case_id, "on")
    hand.sign(case_id)
    hand.approve(case_id, "out")
    hand.use(case_id, "hand_over")
    assert hand.result(case_id) == "licence"
    _kept_at_the_centre(hand, case_id)


def _kept_at_the_centre(hand: Hand, case_id: int) -> None:
    """Its month passes, it comes back, is asked for, is sent again and fetched."""

    def kept() -> int:
        with hand.tell.store.reading() as session:
            of_case = select(ResultCustody.id).where(ResultCustody.case_id == case_id)
            return session.scalars(of_case.order_by(ResultCustody.id.desc())).first() or 0

    replace(hand, hours=24 * 40).of_result(custody.take_back, kept())
    hand.of_result(custody.request_again, kept())
    hand.of_result(custody.send_again, kept())
    hand.of_result(
        custody.hand_out,
        kept(),
        receiver="Жүнісов А.",
        identity_document="ЖК № 1",
        power_of_attorney="№ 7",
        survey={"information": "partly_satisfied"},
    )


def _signed(hand: Hand, case_id: int) -> None:
    hand.approve(case_id, "on")
    hand.sign(case_id)
    assert hand.result(case_id) == "licence"


def _resolved(hand: Hand, case_id: int) -> None:
    hand.approve(case_id, "asked")
    hand.take(case_id)
    assert hand.result(case_id) == "notice"


def _attested(hand: Hand, case_id: int) -> None:
    hand.approve(case_id, "sat")
    hand.take(case_id)
    assert hand.result(case_id) == "attestation"


def _heard(hand: Hand, case_id: int) -> None:
    hand.approve(case_id, "heard")
    with TemporaryDirectory() as folder:
        path = Path(folder) / "minutes.pdf"
        path.write_bytes(b"%PDF-1.4\n%minutes of a hearing\n%%EOF\n")
        hand.take(case_id, executor=hand.tell.people.executor2, files=[IncomingFile(path)])
    assert hand.result(case_id) is None


def _withdrawn(hand: Hand, case_id: int) -> None:
    hand.use(case_id, "withdraw")
    assert hand.result(case_id) == "withdrawn"


_FILED = (
    _refused_by_the_visa,
    _terminated,
    _answered_to_the_end,
    _refused_unsigned,
    _filed,
    _delivered,
    _resolved,
    _attested,
    _heard,
    _withdrawn,
)
_SIGNED = (_refused_and_signed, _signed)


def use_other_operations(hand: Hand, sha256: str) -> None:
    """Use what only other operations than the issue of a licence need (``tests.regulation.many_packs``)."""
    first = hand.tell("licence")
    with hand.tell.store.reading() as session:
        number = session.scalars(select(Licence.number).where(Licence.case_id == first)).one()
    details = (("of", number), ("why", "name"))
    facts = {"regulation_sha256": sha256, "details": details, "sub_types": ()}
    case_id = hand.tell("decide", operation="duplicate", **(facts | {"sub_types": ("phc-qualified",)}))
    hand.do(
        correcting.correct,
        "clerk",
        case_id=case_id,
        changes={
            "details.of": "АА-2",
            "details.why": "lost",
            "licence_confirmed": "yes",
            "licence_issued_on": "2015-02-03",
        },
        reason="қате терілген",
    )
    hand.use(hand.tell("sign", operation="reissue", **facts), "record")


def use_everything(hand: Hand) -> None:
    """Use the commands of a case in the ways their table says and no story needs."""
    tell = hand.tell
    case_id = tell("decide")
    hand.use(case_id, "save_checks")
    hand.use(case_id, "reassign")
    hand.do(
        routing.reassign,
        "head",
        case_id=case_id,
        role=Role.DEPARTMENT_HEAD,
        person_id=tell.people.department_head.person_id,
        reason="бақылау үшін",
    )
    requirement, second = (item.id for item in tell.operation(case_id).requirements[:2])
    checks = {requirement: deciding.RequirementVerdict("unmet", "сәйкес емес")}
    hand.do(deciding.save_checks, "executor2", case_id=case_id, checks=checks)
    hand.do(
        deciding.draft,
        "executor2",
        case_id=case_id,
        outcome=tell.outcome(case_id, Act.DECIDE, Effect.REFUSE),
        checks={
            requirement: deciding.RequirementVerdict("unmet", "мүлде сәйкес емес"),
            second: deciding.RequirementVerdict("unmet"),
        },
        grounds=(tell.operation(case_id).refusal_grounds[0].id,),
        note_kk="Негіздеме",
        note_ru="Обоснование",
        draw=story.draw,
    )
    hand.use(case_id, "return_for_rework")
    hand.use(case_id, "draft, refusal", by="executor2")
    _correct_everything(hand, tell("check"))
    _check_with_notes(hand, tell("check"))
    _attach_twice(hand, tell("check"), tell("check"))
    _take_over_a_number(hand)
    _decide_about_a_licence(hand, tell("licence"))


def _correct_everything(hand: Hand, case_id: int) -> None:
    changes = {field: f"{place}" for place, field in enumerate(correcting.FIELDS, 1)}
    changes |= {
        "identifier": "050140003412",
        "email": "a@example.invalid",
        "representative_iin": "880808450057",
        "kbk": "105403",
        "knp": "912",
    }
    hand.do(correcting.correct, "clerk", case_id=case_id, changes=changes, reason="қате терілген")
    confirmed = {"identifier": "050140003413", correcting.IDENTIFIER_CONFIRMED: "yes"}
    hand.do(correcting.correct, "clerk", case_id=case_id, changes=confirmed, reason="растады")


def _check_with_notes(hand: Hand, case_id: int) -> None:
    verdicts = story.good_verdicts(hand.tell.operation(case_id))
    for name in verdicts:
        verdicts[name] = replace(verdicts[name], note="көрдім", expires_on=date(2031, 1, 1))
    hand.do(
        checking.check_papers,
        "executor",
        case_id=case_id,
        outcome=hand.tell.outcome(case_id, Act.CHECK, Effect.COMPLETE),
        verdicts=verdicts,
        draw=story.draw,
    )


def _attach_twice(hand: Hand, *cases: int) -> None:
    """The same scan for two cases: its content is kept once, and who links it again proves that he has it."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "charter.pdf"
        path.write_bytes(b"%PDF-1.4\n%the charter of both\n%%EOF\n")
        for case_id in cases:
            hand.do(filing.attach_files, "executor", case_id=case_id, files=[IncomingFile(path)])


def _decide_about_a_licence(hand: Hand, case_id: int) -> None:
    """Suspended, resumed, terminated: each by a decision with its scan."""
    with hand.tell.store.reading() as session:
        licence_id = session.scalars(select(Licence.id).where(Licence.case_id == case_id)).one()
    today = hand.tell.clock.moment.astimezone(OFFICE_ZONE).date()
    seen = 0
    with TemporaryDirectory() as folder:
        path = Path(folder) / "order.pdf"
        path.write_bytes(b"%PDF-1.4\n%an order about a licence\n%%EOF\n")
        for ground, until in (
            ("requirements-broken", today),
            ("violations-removed", None),
            ("revoked", None),
        ):
            hand.tell.clock.forward(hours=hand.hours, seconds=1)
            decision = licence_states.Decision(
                ground=ground,
                decided_by="licensor",
                decision_number="9-ө",
                decided_on=today,
                from_on=today,
                until_on=until,
                note="Бұйрық",
            )
            with hand.watching():
                seen = licence_states.change_licence(
                    hand.tell.store,
                    hand.tell.people.department_head,
                    licence_id=licence_id,
                    seen_change=seen,
                    decision=decision,
                    files=[IncomingFile(path)],
                )


def _take_over_a_number(hand: Hand) -> None:
    """A number of the central database that came to nothing is given to another case; then the office numbers again."""
    tell = hand.tell
    office.set_office(tell.store, tell.people.administrator, changes={"numbers_licences": False})
    first, second = tell("decide"), tell("decide")
    _draft_outside(hand, first, "18000777")
    hand.use(first, "withdraw")
    _draft_outside(hand, second, "18000777")
    office.set_office(tell.store, tell.people.administrator, changes={"numbers_licences": True})


def _draft_outside(hand: Hand, case_id: int, number: str) -> None:
    hand.do(
        deciding.draft,
        "executor",
        case_id=case_id,
        outcome=hand.tell.outcome(case_id, Act.DECIDE, Effect.GRANT),
        checks=story.good_checks(hand.tell.operation(case_id)),
        licence_number=number,
        draw=story.draw,
    )
