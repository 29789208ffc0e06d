"""Every command on an open case, and how it is used rightly: for the tests that hold for all of them."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy import select

from desktop.cases import (
    asking,
    checking,
    correcting,
    deciding,
    delivering,
    filing,
    routing,
    signing,
    systems,
)
from desktop.cases.application import IncomingFile
from desktop.models import CaseDocument
from desktop.regulation.model import Act, Effect, Role
from desktop.regulation.rights import Actor
from desktop.regulation.systems import Answer, Heard, System, Way, asks_about
from tests import story, taking
from tests.clock import OFFICE_ZONE
from tests.office import People
from tests.story import Teller

Run = Callable[[Teller, Actor, dict[str, int]], object]


@dataclass(frozen=True, slots=True)
class Used:
    """``at``: the step a case is brought to; ``by``: who does it; ``event``: what the journal calls it."""

    at: str
    by: str
    event: str
    run: Run

    def actor(self, people: People) -> Actor:
        return getattr(people, self.by)


def _assign(tell: Teller, actor: Actor, seen: dict[str, int]) -> None:
    outcome = tell.outcome(seen["case_id"], Act.ASSIGN, Effect.FORWARD)
    routing.assign(tell.store, actor, outcome=outcome, person_id=tell.people.executor.person_id, **seen)


def _reassign(tell: Teller, actor: Actor, seen: dict[str, int]) -> None:
    person_id = tell.people.executor2.person_id
    routing.reassign(
        tell.store, actor, role=Role.EXECUTOR, person_id=person_id, reason="еңбек демалысы", **seen
    )


def _return(tell: Teller, actor: Actor, seen: dict[str, int]) -> None:
    routing.return_for_rework(tell.store, actor, reason="мекенжай қате", **seen)


def _withdraw(tell: Teller, actor: Actor, seen: dict[str, int]) -> None:
    routing.withdraw(tell.store, actor, reason="өз еркімен", **seen)


def _complete(tell: Teller, actor: Actor, seen: dict[str, int]) -> None:
    checking.check_papers(
        tell.store,
        actor,
        outcome=tell.outcome(seen["case_id"], Act.CHECK, Effect.COMPLETE),
        verdicts=story.good_verdicts(tell.operation(seen["case_id"])),
        draw=story.draw,
        **seen,
    )


def _incomplete(tell: Teller, actor: Actor, seen: dict[str, int]) -> None:
    verdicts = story.good_verdicts(tell.operation(seen["case_id"]))
    verdicts[next(iter(verdicts))] = checking.PaperVerdict("missing")
    checking.check_papers(
        tell.store,
        actor,
        outcome=tell.outcome(seen["case_id"], Act.CHECK, Effect.INCOMPLETE),
        verdicts=verdicts,
        draw=story.draw,
        **seen,
    )


def _answer(tell: Teller, actor: Actor, seen: dict[str, int]) -> None:
    asking.record_answer(
        tell.store,
        actor,
        outcome=tell.outcome(seen["case_id"], Act.ASK, Effect.CONFORMS),
        answer_number="15/1",
        answer_date=tell.clock.moment.astimezone(OFFICE_ZONE).date(),
        **seen,
    )


def _save_checks(tell: Teller, actor: Actor, seen: dict[str, int]) -> None:
    checks = dict(list(story.good_checks(tell.operation(seen["case_id"])).items())[:2])
    deciding.save_checks(tell.store, actor, checks=checks, **seen)


def _draft(tell: Teller, actor: Actor, seen: dict[str, int]) -> None:
    deciding.draft(
        tell.store,
        actor,
        outcome=tell.outcome(seen["case_id"], Act.DECIDE, Effect.GRANT),
        checks=story.good_checks(tell.operation(seen["case_id"])),
        draw=story.draw,
        **seen,
    )


def _refuse(tell: Teller, actor: Actor, seen: dict[str, int]) -> None:
    deciding.draft(
        tell.store,
        actor,
        outcome=tell.outcome(seen["case_id"], Act.DECIDE, Effect.REFUSE),
        checks={},
        grounds=(tell.operation(seen["case_id"]).refusal_grounds[0].id,),
        draw=story.draw,
        **seen,
    )


def _record_signature(tell: Teller, actor: Actor, seen: dict[str, int]) -> None:
    """The draft of the day, not redrawn, is what the head signs."""
    with tell.store.reading() as session:
        documents = session.scalars(
            select(CaseDocument).where(CaseDocument.case_id == seen["case_id"], CaseDocument.state == "draft")
        ).all()
        document = documents[-1] if documents else session.scalars(select(CaseDocument)).all()[-1]  # signed
        pdf = story.content(session, document)
    signing.record(
        tell.store,
        actor,
        document_id=document.id,
        signed=story.sign(pdf, tell.iin(actor)),
        verify=story.verify,
        **seen,
    )


def _hand_over(tell: Teller, actor: Actor, seen: dict[str, int]) -> None:
    delivering.hand_over(
        tell.store,
        actor,
        outcome=tell.outcome(seen["case_id"], Act.DELIVER, Effect.DELIVERED),
        receiver="Жүнісов А.",
        survey={"process": "satisfied"},
        identity_document="ЖК № 1",
        **seen,
    )


def _correct(tell: Teller, actor: Actor, seen: dict[str, int]) -> None:
    correcting.correct(
        tell.store, actor, changes={"site": "Орал қ., Сырым Датов к., 2"}, reason="қате терілген", **seen
    )


def _attach(tell: Teller, actor: Actor, seen: dict[str, int]) -> None:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "scan.pdf"
        path.write_bytes(b"%PDF-1.4\n%%EOF\n")
        filing.attach_files(tell.store, actor, files=[IncomingFile(path)], **seen)


def _record_system(tell: Teller, actor: Actor, seen: dict[str, int]) -> None:
    question = asks_about(System.GBD_UL, identifier="210440038887")
    answer = Answer(question, Heard.ANSWERED, Way.HTTP, told=(("head", "Жүнісов А."),), evidence=b"{}")
    systems.record_answer_of_system(tell.store, actor, answer=answer, draw=story.draw, **seen)


def _take(act: Act, effect: Effect) -> Run:
    """Take an outcome of an act the shipped law does not have; of a case that has no such step, one that is not."""

    def run(tell: Teller, actor: Actor, seen: dict[str, int]) -> None:
        case_id = seen["case_id"]
        steps = [step for step in tell.operation(case_id).steps if step.act == act]
        named = steps[0] if steps else tell.operation(case_id).steps[0]
        outcome = next((item for item in named.outcomes if item.effect == effect), named.outcomes[0])
        step = replace(named, act=act)
        taking.take(tell, case_id, step, outcome, by=actor, seen=seen)

    return run


COMMANDS = {
    "assign": Used("assign", "head", "assigned", _assign),
    "reassign": Used("check", "head", "reassigned", _reassign),
    "return_for_rework": Used("sign", "head", "returned", _return),
    "withdraw": Used("decide", "clerk", "withdrawn", _withdraw),
    "check_papers, complete": Used("check", "executor", "papers-complete", _complete),
    "check_papers, incomplete": Used("check", "executor", "papers-incomplete", _incomplete),
    "record_answer": Used("ask", "executor", "answer-recorded", _answer),
    "save_checks": Used("decide", "executor", "checks-saved", _save_checks),
    "draft, licence": Used("decide", "executor", "drafted", _draft),
    "draft, refusal": Used("decide", "executor", "drafted", _refuse),
    "attest, passed": Used("attest", "secretary", "attested", _take(Act.ATTEST, Effect.PASSED)),
    "attest, failed": Used("attest", "secretary", "attested", _take(Act.ATTEST, Effect.FAILED)),
    "resolve, accepted": Used("resolve", "phc", "resolved", _take(Act.RESOLVE, Effect.ACCEPTED)),
    "resolve, declined": Used("resolve", "phc", "resolved", _take(Act.RESOLVE, Effect.DECLINED)),
    "hear": Used("hear", "executor", "heard", _take(Act.HEAR, Effect.FORWARD)),
    "record": Used("sign", "head", "signed", _record_signature),
    "hand_over": Used("deliver", "clerk", "handed-over", _hand_over),
    "correct": Used("ask", "clerk", "corrected", _correct),
    "record_answer_of_system": Used("check", "executor", "system-answered", _record_system),
    "attach_files": Used("check", "executor", "files-attached", _attach),
}
