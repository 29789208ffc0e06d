"""Takes any outcome of any step by a real command, done by whoever the act names: no step is known by its id."""

from datetime import date
from typing import TYPE_CHECKING, Any

from desktop.cases import (
    asking,
    attesting,
    checking,
    deciding,
    delivering,
    hearing,
    resolving,
    routing,
    signing,
)
from desktop.regulation.model import Effect, FieldKind, Operation, Outcome, Role, Step
from desktop.regulation.rights import Actor
from tests.clock import OFFICE_ZONE
from tests.office import People

if TYPE_CHECKING:
    from tests.story import Standing, Teller

LOGINS = {
    Role.COMMISSION_SECRETARY: "secretary",
    Role.CENTRE_OPERATOR: "centre",
    Role.PHC_EMPLOYEE: "phc",
    Role.DEPARTMENT_EMPLOYEE: "employee",
}


def who(people: People, role: Role) -> Actor:
    """Return the person of the tests' office who holds ``role``."""
    found: Actor = getattr(people, LOGINS.get(role, role.value))
    return found


def take(
    tell: "Teller",
    case_id: int,
    step: Step,
    outcome: Outcome,
    *,
    standing: "Standing | None" = None,
    **options: Any,
) -> None:
    """Take ``outcome`` of the step the case stands at; ``standing`` spares looking at it once more.

    ``executor``: who does an executor's work; ``by``: who does it whatever the act says; ``seen``: as it was seen.
    """
    taken = _Taken(tell, standing or tell.standing(case_id), step, outcome, options)
    getattr(taken, step.act.value)()


def details_of(operation: Operation, licence: str = "") -> tuple[tuple[str, str], ...]:
    """Return something for every field the act asks for; ``licence`` for one that names a licence."""
    told = {FieldKind.TEXT: "сөз", FieldKind.DATE: "2018-06-01", FieldKind.LICENCE: licence}
    said = [
        (item.id, item.choices[0].id if item.kind is FieldKind.CHOICE else told[item.kind])
        for item in operation.fields
    ]
    return tuple((name, text) for name, text in said if text)


class _Taken:
    def __init__(
        self, tell: "Teller", standing: "Standing", step: Step, outcome: Outcome, options: dict[str, Any]
    ) -> None:
        from tests import story

        self.story = story
        self.tell, self.standing, self.step, self.outcome = tell, standing, step, outcome
        self.case_id = standing.case.id
        self.options = options
        self.operation = standing.operation
        self.draw = options.get("draw", story.draw)

    def _person(self, role: Role) -> Actor:
        executor: Actor | None = self.options.get("executor")
        return executor if executor and role in executor.roles else who(self.tell.people, role)

    def _facts(self) -> dict[str, Any]:
        seen = self.options.get("seen") or self.standing.seen
        return {"outcome": self.outcome.id, **seen}

    @property
    def _by(self) -> Actor:
        by: Actor | None = self.options.get("by")
        return by or self._person(self.step.performer)

    def assign(self) -> None:
        assert self.outcome.next is not None
        chosen = self._person(self.operation.step(self.outcome.next).performer)
        routing.assign(self.tell.store, self._by, person_id=chosen.person_id, **self._facts())

    def approve(self) -> None:
        routing.approve(self.tell.store, self._by, **self._facts())

    def check(self) -> None:
        verdicts = self.story.good_verdicts(self.operation)
        if self.outcome.effect is Effect.INCOMPLETE:
            first = next((paper.id for paper in self.operation.papers if paper.required), None)
            last = self.operation.papers[-1].id
            verdicts[first or last] = (
                checking.PaperVerdict("missing", note="жоқ")
                if first
                else checking.PaperVerdict("expired", date(2018, 1, 1))
            )
        checking.check_papers(self.tell.store, self._by, verdicts=verdicts, draw=self.draw, **self._facts())

    def ask(self) -> None:
        answer: dict[str, Any] = {}
        if self.outcome.effect is Effect.NO_ANSWER:
            case = self.standing.case
            due_at = case.step_due_at or case.due_at
            self.tell.forward_to(due_at.replace(microsecond=1))
        else:
            answer = {
                "answer_number": "15-07/214",
                "answer_date": self.tell.clock.moment.astimezone(OFFICE_ZONE).date(),
            }
        asking.record_answer(self.tell.store, self._by, **answer, **self._facts())

    def decide(self) -> None:
        checks = self.story.good_checks(self.operation)
        refused = self.outcome.effect is not Effect.GRANT
        if refused and self.operation.requirements:
            first = self.operation.requirements[0].id
            checks[first] = deciding.RequirementVerdict("unmet", "сәйкес емес")
        deciding.draft(
            self.tell.store,
            self._by,
            checks=checks,
            grounds=(self.operation.refusal_grounds[0].id,) if refused else (),
            note_kk="Негіздеме" if refused else "",
            note_ru="Обоснование" if refused else "",
            draw=self.draw,
            **self._facts(),
        )

    def attest(self) -> None:
        people, passed = self.tell.people, self.outcome.effect is Effect.PASSED
        votes = [(people.commission, passed), (people.commission2, passed), (people.commission3, not passed)]
        attesting.attest(
            self.tell.store,
            self._by,
            sitting=attesting.Sitting(
                held_on=self.tell.clock.moment.astimezone(OFFICE_ZONE).date(),
                test_score=80 if passed else 20,
                test_max=100,
                interview_kk="Сұрақтарға жауап берді",
                interview_ru="Ответил на вопросы",
                votes=tuple(
                    attesting.Vote(person.person_id, "for" if agrees else "against")
                    for person, agrees in votes
                ),
            ),
            draw=self.draw,
            **self._facts(),
        )

    def resolve(self) -> None:
        declined = self.outcome.effect is Effect.DECLINED
        reason = {"reason_kk": "Учаске басқа", "reason_ru": "Другой участок"} if declined else {}
        resolving.resolve(self.tell.store, self._by, draw=self.draw, **reason, **self._facts())

    def hear(self) -> None:
        hearing.hear(
            self.tell.store,
            self._by,
            held_on=self.tell.clock.moment.astimezone(OFFICE_ZONE).date(),
            came=True,
            minutes="Қарсылығын айтты",
            files=self.options.get("files", ()),
            **self._facts(),
        )

    def sign(self) -> None:
        prepared = signing.prepare(self.tell.store, self._by, draw=self.draw, **self.standing.seen)
        signing.record(
            self.tell.store,
            self._by,
            case_id=self.case_id,
            seen_version=prepared.version,
            document_id=prepared.document_id,
            signed=self.story.sign(prepared.pdf, self.tell.iin(self._by)),
            verify=self.story.verify,
        )

    def deliver(self) -> None:
        delivering.hand_over(
            self.tell.store,
            self._by,
            receiver="Жүнісов Айбек Серікұлы",
            identity_document="ЖК № 041234567",
            **self._facts(),
        )
