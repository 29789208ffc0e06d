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

from desktop.cases import checking, deciding, office, registering, routing, signing
from desktop.cases.application import Application, InventoryEntry
from desktop.cases.change import law
from desktop.models import Case, CaseDocument, Person, RegulationText
from desktop.regulation import engine, loader
from desktop.regulation.model import Act, Channel, DocumentKind, Effect, Operation, Outcome, Step
from desktop.regulation.papers import Facts, to_json
from desktop.regulation.rights import Actor, Command, may
from desktop.store import blobs
from desktop.store.database import Store
from desktop.store.statements import Page
from tests.clock import Clock
from tests.office import People
from tests.taking import details_of, take, who

LONG_AGO = date(2009, 5, 4)  # before the register of licences began
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
        channel=Channel.OFFICE if Channel.OFFICE in operation.channels else operation.channels[0],
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
        details=details_of(operation),
    )
    return replace(plain, **changes)


_MANY: dict[str, dict[str, str]] = {
    "attest": {"service": "attestation", "operation": "attest"},
    "resolve": {"service": "attachment", "operation": "attach"},
    "hear": {"service": "medical", "operation": "issue"},
}
"""Acts the shipped law of the tests' office does not have, and where a law of the tests' own has them."""


@dataclass(frozen=True, slots=True)
class Standing:
    """A case as one look finds it: its row, detached (its own columns only), and the law it is under."""

    case: Case
    operation: Operation

    @property
    def step(self) -> Step | None:
        """The step the case stands at, None once it is closed."""
        return self.operation.step(self.case.step) if self.case.step else None

    @property
    def seen(self) -> dict[str, int]:
        """``case_id`` and ``seen_version`` as every command takes them."""
        return {"case_id": self.case.id, "seen_version": self.case.version}


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
        if wanted in _MANY and "regulation_sha256" not in told:
            told = {"regulation_sha256": self._many(), **_MANY[wanted], **told}
        form = application(self.store, **told)
        registered = registering.register_application(
            self.store,
            self.registrar(form),
            application=form,
            files=options.get("files", ()),
            draw=options.get("draw", draw),
        )
        _Case(self, registered.case_id, options).until(wanted)
        return registered.case_id

    def _many(self) -> str:
        """The hash of a law with every act in it, loaded when it is first needed."""
        from tests.regulation.many_packs import many_pack

        text = next(told for name, told in loader.shipped() if name.startswith("wko-2018-139"))
        with self.store.reading() as session:
            found = session.scalars(
                select(RegulationText.sha256).where(RegulationText.regulation == "zz-many")
            ).first()
        return found or office.load_regulation(
            self.store, self.people.administrator, text=many_pack(text), name="many.toml"
        )

    def registrar(self, form: Application) -> Actor:
        """Who takes the application in: whoever the act has do its first step, if he may."""
        with self.store.reading() as session:
            operation = law(session, form.regulation_sha256, form.service, form.operation)[1]
        role = engine.first_step(operation, form.channel).performer
        return who(self.people, role) if may([role], Command.REGISTER) else self.people.clerk

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

    def standing(self, case_id: int) -> Standing:
        """Return how the case stands, by one reading."""
        with self.store.reading() as session:
            case = session.get_one(Case, case_id)
            return Standing(case, law(session, case.regulation_sha256, case.service, case.operation)[1])

    def step(self, case_id: int) -> Step | None:
        """Return the step the case stands at, None once it is closed."""
        return self.standing(case_id).step

    def operation(self, case_id: int) -> Operation:
        return self.standing(case_id).operation

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
            standing = self.teller.standing(self.case_id)
            step = standing.step
            if self._arrived(standing, wanted):
                return
            assert step is not None, f"the case ended before {wanted}"
            if wanted == "withdrawn":
                routing.withdraw(
                    self.teller.store, self.teller.people.clerk, reason="Өз еркімен", **standing.seen
                )
            elif wanted == "returned" and step.act == Act.SIGN:
                routing.return_for_rework(
                    self.teller.store,
                    self.teller.people.head,
                    reason="Мекенжайды тексеріңіз",
                    **standing.seen,
                )
            else:
                outcome = self._outcome(standing, step, wanted)
                take(self.teller, self.case_id, step, outcome, standing=standing, **self.options)
        raise AssertionError(f"{wanted} was never reached")

    @staticmethod
    def _arrived(standing: Standing, wanted: str) -> bool:
        case, step = standing.case, standing.step
        if step is None:
            return case.result == wanted
        if wanted == "returned":
            return bool(case.return_reason)
        return step.act.value == wanted

    def _outcome(self, standing: Standing, step: Step, wanted: str) -> Outcome:
        """The outcome on the way to what is wanted: the first of the act, but where it says yes or no."""
        refused = wanted in {"refusal", "hear"}
        asked = Effect.DOES_NOT_CONFORM if refused else Effect.CONFORMS
        answer = standing.case.answer
        wishes: dict[Act, tuple[Effect, ...]] = {
            Act.CHECK: (Effect.INCOMPLETE if wanted == "termination" else Effect.COMPLETE,),
            Act.ASK: (self.options.get("answer", asked),),
            Act.DECIDE: (
                (Effect.PROPOSE_REFUSAL, Effect.REFUSE)
                if refused or answer == Effect.DOES_NOT_CONFORM.value
                else (Effect.GRANT,)
            ),
        }
        for effect in wishes.get(step.act, ()):
            for outcome in step.outcomes:
                if outcome.effect == effect:
                    return outcome
        return step.outcomes[0]


Draw = Callable[[DocumentKind, Facts, bytes | None], bytes]
