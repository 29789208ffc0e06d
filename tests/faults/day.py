"""An office's day, recorded: the real commands one by one, each under an intent of its own, through a history.

A step that lost its answer is sent again under the same intent, as the program does; a step that was refused is not.
"""

import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any, TypeVar

from desktop.cases import registering, signing
from desktop.cases.signing import Prepared
from desktop.errors import Unavailable
from desktop.queries import office
from desktop.regulation.model import Act
from desktop.regulation.rights import Actor
from desktop.store.database import Store
from desktop.store.intent import Intent
from desktop.ui import signing_flow
from tests import story
from tests.cases.commands import COMMANDS
from tests.faults import pages
from tests.faults.history import History, Outcome
from tests.story import Teller
from tests.taking import take

R = TypeVar("R")
KINDS = {
    Act.ASSIGN: "assign",
    Act.APPROVE: "approve",
    Act.CHECK: "check",
    Act.ASK: "record_answer",
    Act.DECIDE: "decide",
    Act.DELIVER: "deliver",
}
Sign = Callable[[Teller, Prepared], Callable[..., None]]
"""Signs a prepared page; the answer records it: ``record(store, **facts of signing.record)``."""


def stand_in(tell: Teller, prepared: Prepared) -> Callable[..., None]:
    """Sign as the stories do: no key, no time."""
    head = tell.people.head
    signed = story.sign(prepared.pdf, tell.iin(head))
    return lambda store, **facts: signing.record(store, head, signed=signed, verify=story.verify, **facts)


def with_key(key: signing_flow.Key, pin: str) -> Sign:
    """Sign with a real key, and prove the signature by the office's roots, as the window does."""

    def sign(tell: Teller, prepared: Prepared) -> Callable[..., None]:
        store, head = tell.store, tell.people.head
        roots = office.trust_roots(store, head)
        signer = signing_flow.SignerFacts(
            iin=tell.iin(head),
            bin=office.office(store).bin,
            at=store.now(),
            trust_roots=tuple(root.pem for root in roots if not root.is_demo),
            demo_roots=tuple(root.pem for root in roots if root.is_demo),
        )
        signed = signing_flow.check_and_sign(prepared=prepared, signer=signer, key=key, pin=pin)
        return lambda store, **facts: signing_flow.record(store, head, signer=signer, signed=signed, **facts)

    return sign


@dataclass(slots=True)
class Day:
    """``store_of``: whose connection a person works on; one store for all when it is not given."""

    history: History
    tell: Teller
    sign: Sign = stand_in
    store_of: Callable[[Actor], Store] | None = None
    worker: str = ""
    patience: float = 0  # seconds in which a server that is away is tried again
    acknowledged: int = 0
    options: dict[str, Any] = field(default_factory=lambda: {"draw": pages.draw})

    def register(self, site: str, *, intent: Intent | None = None, **facts: Any) -> Outcome:
        """Take in an application for ``site``, which should be unlike any other."""
        clerk = self.tell.people.clerk
        form = self._read(lambda: story.application(self._store(clerk), site=site, **facts))

        def work(bound: Store) -> registering.Registered:
            return registering.register_application(bound, clerk, application=form, draw=pages.draw)

        return self._run(clerk, "register", work, None, f"register {site}", intent)

    def advance(
        self, case_id: int, wanted: str = "licence", *, intent: Intent | None = None
    ) -> Outcome | None:
        """Do the next step of the case on its way to ``wanted``; None once it is closed."""
        step, seen = self._read(lambda: (self.tell.step(case_id), self.tell.version(case_id)))
        if step is None:
            return None
        if step.act == Act.SIGN:
            return self._signature(case_id, seen, intent)

        def work(bound: Store) -> None:
            tell = _Seen(bound, self.tell, seen)
            standing = tell.standing(case_id)
            outcome = story._Case(tell, case_id, self.options)._outcome(standing, step, wanted)
            take(tell, case_id, step, outcome, standing=standing, **self.options)

        asked = f"{step.id} of {case_id} at {seen}"
        return self._run(self._performer(step), KINDS[step.act], work, case_id, asked, intent)

    def carry(self, case_id: int, wanted: str = "licence") -> list[Outcome]:
        """Do every step to the end of the case."""
        done = []
        for _ in range(30):
            outcome = self.advance(case_id, wanted)
            if outcome is None:
                break
            done.append(outcome)
            if outcome.type != "ok":
                break
        return done

    def use(
        self,
        name: str,
        case_id: int,
        *,
        by: Actor | None = None,
        seen_version: int | None = None,
        intent: Intent | None = None,
    ) -> Outcome:
        """Use one of ``tests.cases.commands`` on the case as it stood at ``seen_version``."""
        used = COMMANDS[name]
        actor = by or used.actor(self.tell.people)
        seen = {
            "case_id": case_id,
            "seen_version": seen_version or self._read(lambda: self.tell.version(case_id)),
        }
        kind = USED.get(name, name)

        def work(bound: Store) -> object:
            return used.run(replace(self.tell, store=bound), actor, seen)

        asked = f"{name} of {case_id} at {seen['seen_version']}"
        return self._run(actor, kind, work, case_id, asked, intent)

    def _signature(self, case_id: int, version: int, intent: Intent | None) -> Outcome:
        head = self.tell.people.head
        seen = {"case_id": case_id, "seen_version": version}
        asked = f"prepare {case_id} at {version}, {uuid.uuid4()}"  # may be asked again and again
        outcome = self._run(
            head,
            "prepare",
            lambda bound: signing.prepare(bound, head, draw=pages.draw, **seen),
            case_id,
            asked,
            None,
        )
        if outcome.type != "ok":
            return outcome
        prepared: Prepared = outcome.result
        record = self._read(lambda: self.sign(self.tell, prepared))
        facts = {"case_id": case_id, "seen_version": prepared.version, "document_id": prepared.document_id}

        def work(bound: Store) -> None:
            record(bound, **facts)

        return self._run(head, "sign", work, case_id, f"sign {case_id} {prepared.number}", intent)

    def _run(
        self,
        actor: Actor,
        kind: str,
        work: Callable[[Store], Any],
        case_id: int | None,
        asked: str,
        intent: Intent | None,
    ) -> Outcome:
        intent = intent or Intent.new(asked)
        deadline = time.monotonic() + self.patience
        while True:
            outcome = self.history.run(
                self._store(actor), actor, kind, work, case_id=case_id, intent=intent, worker=self.worker
            )
            self.acknowledged += outcome.type == "ok"
            if not _away(outcome.error) or time.monotonic() > deadline:
                return outcome
            time.sleep(0.02)  # as a person who presses "Try again"

    def _read(self, read: Callable[[], R]) -> R:
        deadline = time.monotonic() + self.patience
        while True:
            try:
                return read()
            except Unavailable as error:
                if not _away(error) or time.monotonic() > deadline:
                    raise
                time.sleep(0.02)

    def _store(self, actor: Actor) -> Store:
        return self.store_of(actor) if self.store_of else self.tell.store

    def _performer(self, step: Any) -> Actor:
        if step.act in {Act.CHECK, Act.ASK, Act.DECIDE}:
            chosen: Actor = self.options.get("executor", self.tell.people.executor)
            return chosen
        if step.act == Act.DELIVER:
            return self.tell.people.clerk
        performer: Actor = getattr(self.tell.people, step.performer.value)
        return performer


USED = {
    "check_papers, complete": "check",
    "check_papers, incomplete": "check",
    "draft, licence": "decide",
    "draft, refusal": "decide",
    "record": "sign",
    "hand_over": "deliver",
    "attach_files": "attach",
}


def _away(error: BaseException | None) -> bool:
    """True when the server was away or busy: the same is tried again."""
    return getattr(error, "code", "") in {
        "database-gone",
        "database-busy",
        "too-many-connections",
        "save-unknown",
    }


class _Seen(Teller):
    """A teller that sends what was seen, not what is there now: a case may have moved on in between."""

    def __init__(self, store: Store, tell: Teller, version: int) -> None:
        Teller.__init__(self, store, tell.people, tell.clock)
        self._version = version

    def standing(self, case_id: int) -> story.Standing:
        found = Teller.standing(self, case_id)
        found.case.version = self._version  # of a row no session has: nothing is written
        return found
