"""The story of one case, told by really running the office's commands up to the step a test wants.

``case_at = story.teller(store, people, clock)``; ``case_at("decide")`` is a case that waits at its DECIDE step.
Besides the acts, these words name an ending or a turn: licence, refusal, termination, withdrawn, returned,
acceptance. Facts: anything of :class:`Application` (``site=``, ``holder_kk=``, ``channel=`` ...), ``answer=``
(an Effect), ``executor=`` (an Actor), ``files=``, ``draw=``.
"""

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass, fields, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from desktop.cases import (
    asking,
    checking,
    deciding,
    delivering,
    registering,
    routing,
    signing,
)
from desktop.cases.application import Application, InventoryEntry
from desktop.cases.change import law
from desktop.models import Case, CaseDocument, Person, RegulationText
from desktop.regulation.model import Act, Channel, DocumentKind, Effect, Operation, Outcome, Step
from desktop.regulation.papers import Facts, to_json
from desktop.regulation.rights import Actor
from desktop.store import blobs
from desktop.store.database import Store
from desktop.store.statements import Page
from tests.clock import Clock
from tests.office import People

CERTIFICATE = "c0ffee" * 10 + "c0ff"
_SIGNATURE = b"\n%%signature of "


def draw(kind: DocumentKind, facts: Facts, seal: bytes | None) -> bytes:
    """Draw nothing but the facts: the same facts give the same bytes, and a test can read them."""
    told = json.dumps(to_json(facts), ensure_ascii=False, sort_keys=True)
    mark = hashlib.sha256(seal).hexdigest() if seal else "no seal"
    return f"%PDF-1.7\n%{kind.value}\n%{told}\n%{mark}\n%%EOF\n".encode()


def draw_checkpoint(page: Page) -> bytes:
    """Draw nothing but the hash of the statement."""
    return f"%PDF-1.7\n%sha256:{page.statement.sha256}\n%%EOF\n".encode()


def sign(pdf: bytes, iin: str) -> bytes:
    """Sign as a token would: the prepared bytes and something after them."""
    return pdf + _SIGNATURE + iin.encode()


def verify(signed: bytes) -> signing.SignerSeen:
    """See what :func:`sign` wrote."""
    _, _, iin = signed.rpartition(_SIGNATURE)
    return signing.SignerSeen(iin=iin.decode(), certificate_sha256=CERTIFICATE, valid=_SIGNATURE in signed)


def content(session: Session, document: CaseDocument) -> bytes:
    """Return the bytes of a paper: signed if it is, else as drawn."""
    return blobs.get(session, document.signed_sha256 or document.unsigned_sha256 or "")


def application(store: Store, **changes: Any) -> Application:
    """Return a form with nothing wrong in it, under the office's current law."""
    with store.reading() as session:
        text = session.scalars(
            select(RegulationText)
            .where(RegulationText.current.is_(True))
            .order_by(
                RegulationText.regulation != "wko-2018-139", RegulationText.regulation, RegulationText.sha256
            )
        ).first()
        assert text is not None
        sha256 = changes.get("regulation_sha256", text.sha256)
        service, operation = law(
            session, sha256, changes.get("service", "medical"), changes.get("operation", "issue")
        )
        today = store.now(session).date()
    plain = Application(
        regulation_sha256=sha256,
        service=service.id,
        operation=operation.id,
        channel=Channel.OFFICE,
        is_legal_entity=True,
        identifier="210440038887",
        identifier_confirmed=False,
        holder_kk="«Ақ жайық» ЖШС",
        holder_ru="ТОО «Ақ жайық»",
        holder_address="Орал қ., Абай даңғ., 1",
        site="Орал қ., Достық-Дружба даңғ., 201",
        sub_types=tuple(item.id for item in service.sub_types[:2]),
        inventory=tuple(
            InventoryEntry(
                paper.id, brought=True, sheets=2, expires_on=date(2035, 1, 1) if paper.expires else None
            )
            for paper in operation.papers
            if paper.required
        ),
        consent=True,
        phone="+7 7112 50 00 00",
        fee_receipt="K-1",
        fee_paid_on=min(today, date(2018, 6, 8)) if today.year == 2018 else today,
        fee_tenge=43_250,
    )
    return replace(plain, **changes)


@dataclass(slots=True)
class Teller:
    """Calls itself ``case_at``: returns the id of a new case at the wanted step."""

    store: Store
    people: People
    clock: Clock

    def __call__(self, wanted: Act | str, **facts: Any) -> int:
        wanted = str(getattr(wanted, "value", wanted))
        told = dict(facts)
        options = {name: told.pop(name) for name in ("answer", "executor", "files", "draw") if name in told}
        unknown = set(told) - {item.name for item in fields(Application)}
        assert not unknown, unknown
        registered = registering.register_application(
            self.store,
            self.people.clerk,
            application=application(self.store, **told),
            files=options.get("files", ()),
            draw=options.get("draw", draw),
        )
        _Case(self, registered.case_id, options).until(wanted)
        return registered.case_id

    def go_on(self, case_id: int, wanted: Act | str, **options: Any) -> None:
        """Bring a case there is to the wanted step or end; ``options`` as those of a new one."""
        _Case(self, case_id, options).until(str(getattr(wanted, "value", wanted)))

    def version(self, case_id: int) -> int:
        """Return the version a screen would show now."""
        return self.case(case_id).version

    def case(self, case_id: int) -> Case:
        """Return the row, detached: its own columns only."""
        with self.store.reading() as session:
            return session.get_one(Case, case_id)

    def step(self, case_id: int) -> Step | None:
        """Return the step the case stands at, None once it is closed."""
        with self.store.reading() as session:
            case = session.get_one(Case, case_id)
            operation = law(session, case.regulation_sha256, case.service, case.operation)[1]
        return operation.step(case.step) if case.step else None

    def operation(self, case_id: int) -> Operation:
        with self.store.reading() as session:
            case = session.get_one(Case, case_id)
            return law(session, case.regulation_sha256, case.service, case.operation)[1]

    def outcome(self, case_id: int, act: Act, effect: Effect) -> str:
        """Return the id of the outcome with ``effect`` at the first step with ``act``, wherever the case is."""
        step = next(step for step in self.operation(case_id).steps if step.act == act)
        return outcome_of(step, effect).id

    def iin(self, actor: Actor) -> str:
        with self.store.reading() as session:
            return session.get_one(Person, actor.person_id).iin

    def seen(self, case_id: int) -> dict[str, int]:
        """Return ``case_id`` and ``seen_version`` as every command takes them."""
        return {"case_id": case_id, "seen_version": self.version(case_id)}

    def forward_to(self, moment: datetime) -> None:
        if moment > self.clock.moment:
            self.clock.set(moment)


def teller(store: Store, people: People, clock: Clock) -> Teller:
    return Teller(store, people, clock)


def outcome_of(step: Step, effect: Effect) -> Outcome:
    return next(outcome for outcome in step.outcomes if outcome.effect == effect)


def good_verdicts(operation: Operation) -> dict[str, checking.PaperVerdict]:
    """Every required paper is there and in date."""
    return {
        paper.id: checking.PaperVerdict(
            "ok" if paper.required else "missing",
            date(2035, 1, 1) if paper.expires and paper.required else None,
        )
        for paper in operation.papers
    }


def good_checks(operation: Operation) -> dict[str, deciding.RequirementVerdict]:
    return {item.id: deciding.RequirementVerdict("met") for item in operation.requirements}


@dataclass(slots=True)
class _Case:
    """One case on its way."""

    teller: Teller
    case_id: int
    options: dict[str, Any]

    def until(self, wanted: str) -> None:
        for _ in range(30):
            step = self.teller.step(self.case_id)
            if self._arrived(step, wanted):
                return
            assert step is not None, f"the case ended before {wanted}"
            if wanted == "withdrawn":
                routing.withdraw(
                    self.teller.store, self.teller.people.clerk, reason="Өз еркімен", **self._seen()
                )
            elif wanted == "returned" and step.act == Act.SIGN:
                routing.return_for_rework(
                    self.teller.store, self.teller.people.head, reason="Мекенжайды тексеріңіз", **self._seen()
                )
            else:
                getattr(self, f"_{step.act.value}")(step, wanted)
        raise AssertionError(f"{wanted} was never reached")

    def _arrived(self, step: Step | None, wanted: str) -> bool:
        case = self.teller.case(self.case_id)
        if step is None:
            return case.result == wanted
        if wanted == "returned":
            return bool(case.return_reason)
        return step.act.value == wanted

    def _seen(self) -> dict[str, int]:
        return self.teller.seen(self.case_id)

    @property
    def _executor(self) -> Actor:
        chosen: Actor = self.options.get("executor", self.teller.people.executor)
        return chosen

    def _assign(self, step: Step, _wanted: str) -> None:
        outcome = step.outcomes[0]
        assert outcome.next is not None
        role = self.teller.operation(self.case_id).step(outcome.next).performer
        chosen = self._executor if role in self._executor.roles else self._of(role.value)
        routing.assign(
            self.teller.store,
            self._of(step.performer.value),
            outcome=outcome.id,
            person_id=chosen.person_id,
            **self._seen(),
        )

    def _approve(self, step: Step, _wanted: str) -> None:
        routing.approve(
            self.teller.store, self._of(step.performer.value), outcome=step.outcomes[0].id, **self._seen()
        )

    def _check(self, step: Step, wanted: str) -> None:
        operation = self.teller.operation(self.case_id)
        verdicts = good_verdicts(operation)
        effect = Effect.COMPLETE
        if wanted == "termination":
            effect = Effect.INCOMPLETE
            first = next(paper.id for paper in operation.papers if paper.required)
            verdicts[first] = checking.PaperVerdict("missing", note="жоқ")
        checking.check_papers(
            self.teller.store,
            self._executor,
            outcome=outcome_of(step, effect).id,
            verdicts=verdicts,
            draw=self.options.get("draw", draw),
            **self._seen(),
        )

    def _ask(self, step: Step, wanted: str) -> None:
        usual = Effect.DOES_NOT_CONFORM if wanted == "refusal" else Effect.CONFORMS
        effect = self.options.get("answer", usual)
        answer: dict[str, Any] = {}
        if effect == Effect.NO_ANSWER:
            due_at = self.teller.case(self.case_id).step_due_at
            assert due_at is not None
            self.teller.forward_to(due_at.replace(microsecond=1))
        else:
            today = self.teller.clock.moment.date()
            answer = {"answer_number": "15-07/214", "answer_date": today}
        asking.record_answer(
            self.teller.store, self._executor, outcome=outcome_of(step, effect).id, **answer, **self._seen()
        )

    def _decide(self, step: Step, wanted: str) -> None:
        operation = self.teller.operation(self.case_id)
        checks = good_checks(operation)
        answer = self.teller.case(self.case_id).answer
        refused = wanted == "refusal" or answer == Effect.DOES_NOT_CONFORM.value
        grounds: tuple[str, ...] = ()
        if refused:
            first = operation.requirements[0].id
            checks[first] = deciding.RequirementVerdict("unmet", "сәйкес емес")
            grounds = (operation.refusal_grounds[0].id,)
        deciding.draft(
            self.teller.store,
            self._executor,
            outcome=outcome_of(step, Effect.REFUSE if refused else Effect.GRANT).id,
            checks=checks,
            grounds=grounds,
            note_kk="Негіздеме" if refused else "",
            note_ru="Обоснование" if refused else "",
            licence_number=None,
            draw=self.options.get("draw", draw),
            **self._seen(),
        )

    def _sign(self, _step: Step, _wanted: str) -> None:
        head = self.teller.people.head
        prepared = signing.prepare(
            self.teller.store, head, draw=self.options.get("draw", draw), **self._seen()
        )
        signing.record(
            self.teller.store,
            head,
            case_id=self.case_id,
            seen_version=prepared.version,
            document_id=prepared.document_id,
            signed=sign(prepared.pdf, self.teller.iin(head)),
            verify=verify,
        )

    def _deliver(self, step: Step, _wanted: str) -> None:
        delivering.hand_over(
            self.teller.store,
            self.teller.people.clerk,
            outcome=step.outcomes[0].id,
            receiver="Жүнісов Айбек Серікұлы",
            identity_document="ЖК № 041234567",
            **self._seen(),
        )

    def _of(self, role: str) -> Actor:
        return getattr(self.teller.people, role)  # type: ignore[no-any-return]


Draw = Callable[[DocumentKind, Facts, bytes | None], bytes]
