"""Row 54: the office as a small model, as SQLite and as PostgreSQL. The same commands, by the right and the wrong
people, at the right and the wrong time, once and again: all three agree on what is done and what is refused."""

import itertools
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, ClassVar

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    rule,
    run_state_machine_as_test,
)

from desktop.store.database import Store
from desktop.store.intent import Intent
from tests import story
from tests.cases.commands import COMMANDS
from tests.faults import checker, offices
from tests.faults.day import USED, Day
from tests.faults.grounds import Ground
from tests.faults.history import History, Outcome
from tests.faults.state import state

VISA, PAPERS, ANSWER, DECISION, SIGNATURE, DELIVERY = (
    "visa",
    "papers",
    "answer",
    "decision",
    "signature",
    "delivery",
)
EXECUTORS = ("executor", "executor2")
# what the decree itself knows; the other acts have their own tests on both engines (tests/cases)
OF_THE_DECREE = {
    name: used
    for name, used in COMMANDS.items()
    if used.event not in {"attested", "resolved", "heard", "system-answered"}
}
WHO = ("clerk", "head", "executor", "executor2", "department_head", "auditor", "administrator")
COMPARED = (
    *(
        "case_file",
        "journal_entry",
        "register_number",
        "register_counter",
        "case_document",
        "licence",
        "assignment",
    ),
    *("hand_over", "requirement_check", "inventory_item", "outside_request", "attachment"),
)


@dataclass(slots=True)
class Modelled:
    """A case as the decree describes it. ``step`` is None once it is closed."""

    step: str | None = VISA
    executor: str = ""
    corrected: bool = False
    result: str = ""

    def does(self, name: str, who: str) -> bool | None:
        """Return whether the office does this; None where sight and law say different things to an executor."""
        if self.step is None:
            return False
        stranger = who in EXECUTORS and who != self.executor
        mine = who == self.executor
        match name:
            case "assign":
                return who == "head" and self.step == VISA
            case "reassign":
                return (
                    who == "head" and self.step in {PAPERS, ANSWER, DECISION} and self.executor != "executor2"
                )
            case "return_for_rework":
                return who == "head" and self.step == SIGNATURE
            case "withdraw":
                return who == "clerk" and self.step != DELIVERY
            case "check_papers, complete" | "check_papers, incomplete":
                return mine and self.step == PAPERS
            case "record_answer":
                return mine and self.step == ANSWER
            case "save_checks" | "draft, licence" | "draft, refusal":
                return mine and self.step == DECISION
            case "record":
                return who == "head" and self.step == SIGNATURE
            case "hand_over":
                return who == "clerk" and self.step == DELIVERY
            case "correct":
                if stranger and self.step == VISA and not self.corrected:
                    return None
                return (who == "clerk" or mine) and self.step != DELIVERY and not self.corrected
            case "attach_files":
                return (
                    None if stranger else who in {"clerk", "head", "department_head", "executor", "executor2"}
                )
        raise KeyError(name)

    def done(self, name: str) -> None:
        """Move on as the command does."""
        match name:
            case "assign":
                self.step, self.executor = PAPERS, "executor"
            case "reassign":
                self.executor = "executor2"
            case "return_for_rework":
                self.step = DECISION
            case "withdraw":
                self.step, self.result = None, "withdrawn"
            case "check_papers, complete":
                self.step = ANSWER
            case "check_papers, incomplete":
                self.step, self.result = None, "termination"
            case "record_answer":
                self.step = DECISION
            case "draft, licence" | "draft, refusal":
                self.step, self.result = SIGNATURE, name.removeprefix("draft, ")
            case "record":
                self.step = DELIVERY
            case "hand_over":
                self.step = None
            case "correct":
                self.corrected = True


_WAY = [
    ("assign", "head", PAPERS),
    ("check_papers, complete", "executor", ANSWER),
    ("record_answer", "executor", DECISION),
    ("draft, licence", "executor", SIGNATURE),
    ("record", "head", DELIVERY),
]


class Twin:
    """The office on one engine, and how its ids are called in the model."""

    def __init__(self, ground: Ground, history: History, people: Any, clock: Any) -> None:
        ground.renew()
        self.ground = ground
        self.store = offices.workstation(ground.url, clock, "WS-2")
        history.path.unlink(missing_ok=True)
        self.history = history
        history.begin(ground.store)
        self.day = Day(history, story.teller(self.store, people, clock))
        self.ids: list[int] = []
        self.versions: list[list[int]] = []

    def register(self, site: str, intent: Intent) -> Outcome:
        outcome = self.day.register(site, intent=intent)
        if outcome.type == "ok" and outcome.result.case_id not in self.ids:
            self.ids.append(outcome.result.case_id)
            self.versions.append([outcome.result.version])
        return outcome

    def use(self, case: int, name: str, who: str, back: int, intent: Intent) -> Outcome:
        """``back``: how many versions the screen lags behind."""
        actor = getattr(self.day.tell.people, who)
        case_id, versions = self.ids[case], self.versions[case]
        seen = {"case_id": case_id, "seen_version": versions[max(0, len(versions) - 1 - back)]}

        def work(bound: Store) -> object:
            return COMMANDS[name].run(replace(self.day.tell, store=bound), actor, seen)

        outcome = self.history.run(
            self.store, actor, USED.get(name, name), work, case_id=case_id, intent=intent
        )
        now = self.day.tell.version(case_id)
        if now != versions[-1]:
            versions.append(now)
        return outcome

    def end(self) -> list[str]:
        self.store.dispose()
        return checker.check(self.history.path, self.ground.url)


Send = Callable[[Twin, Intent], Outcome]
_ROUNDS = 4
_WHAT = ("on", "on", "on", "anything", "anything", "anything", "again", "register")


class Offices(RuleBasedStateMachine):
    """Twins on both engines and the model; ``made`` gives the twins of a run."""

    made: Callable[[], list[Twin]]
    tried: ClassVar[Counter[tuple[str, bool]]] = Counter()

    def __init__(self) -> None:
        super().__init__()
        self.twins = type(self).made()
        self.cases: list[Modelled] = []
        self.turn = itertools.count()
        self.last: tuple[Send, list[Intent], list[Outcome]] | None = None

    @initialize(reached=st.sampled_from(("signature, refusal", "delivery", "decision", "answer", VISA)))
    def open_the_office(self, reached: str) -> None:
        """The first case is somewhere on its way already."""
        self.register()
        for name, who, step in _WAY:
            if self.cases[0].step == reached.partition(",")[0]:
                break
            if step == SIGNATURE and reached == "signature, refusal":
                name = "draft, refusal"
            self._use(0, name, who, 0)

    @rule(what=st.sampled_from(_WHAT), data=st.data())
    def act(self, what: str, data: st.DataObject) -> None:
        """One rule and not many: hypothesis leaves rules out of a run, and here each is wanted in each."""
        case = data.draw(st.integers(0, len(self.cases) - 1))
        if what == "register" and len(self.cases) < 3:
            self.register()
        elif what == "again" and self.last is not None:
            self._again(*self.last)
        elif what == "anything":
            name, who = data.draw(st.sampled_from(sorted(OF_THE_DECREE))), data.draw(st.sampled_from(WHO))
            self._use(case, name, who, data.draw(st.sampled_from((0, 0, 1))))
        else:  # what the model says is possible, so that cases get somewhere
            model = self.cases[case]
            possible = [(name, who) for name in OF_THE_DECREE for who in WHO if model.does(name, who)]
            if possible:
                self._use(case, *data.draw(st.sampled_from(possible)), 0)

    def register(self) -> None:
        site = f"Орал қ., Абай даңғ., {next(self.turn)}"
        told = self._all(lambda twin, intent: twin.register(site, intent), site)
        assert told == ("ok", "")
        self.cases.append(Modelled())

    def _again(self, send: Send, intents: list[Intent], before: list[Outcome]) -> None:
        """The answer was lost: the same command under the same id changes nothing and says the same."""
        for twin, intent, first in zip(self.twins, intents, before, strict=True):
            outcome = send(twin, intent)
            assert (outcome.type, _code(outcome)) == (first.type, _code(first))

    def _use(self, case: int, name: str, who: str, back: int) -> None:
        model = self.cases[case]
        lags = back and len(self.twins[0].versions[case]) > back
        asked = f"{name} by {who} #{next(self.turn)}"
        # to an executor out of whose sight the case is the server's own guard speaks first, and says less or more
        stranger = who in EXECUTORS and who != model.executor
        # where the screen lags and the person may not anyhow, either reason is right
        two_reasons = lags and model.does(name, who) is False
        told = self._all(
            lambda twin, intent: twin.use(case, name, who, back, intent),
            asked,
            codes=not stranger and not two_reasons,
        )
        wanted = model.does(name, who) and not lags
        if wanted is not None:
            assert (told[0] == "ok") == wanted, (told, name, who, model)
        self.tried[name, told[0] == "ok"] += 1
        if told[0] == "ok":
            model.done(name)
        for twin in self.twins:
            row = twin.day.tell.case(twin.ids[case])
            assert (row.step is None) == (model.step is None)
            assert model.step is not None or row.result == model.result

    def _all(self, send: Send, asked: str, *, codes: bool = True) -> tuple[str, str]:
        """Send to every engine; return what all of them say, but for the code of a refusal if that may differ."""
        intents = [Intent.new(asked) for _ in self.twins]
        outcomes = [send(twin, intent) for twin, intent in zip(self.twins, intents, strict=True)]
        told = {(outcome.type, _code(outcome) if codes else "") for outcome in outcomes}
        assert len(told) == 1, (asked, told, [repr(outcome.error) for outcome in outcomes])
        self.last = (send, intents, outcomes) if outcomes[0].type == "ok" else None
        return told.pop()

    def teardown(self) -> None:
        rows = [state(twin.ground.store) for twin in self.twins]
        for table in COMPARED:
            assert rows[0][table] == rows[1][table], table
        for twin in self.twins:
            assert twin.end() == []


def _code(outcome: Outcome) -> str:
    return getattr(outcome.error, "code", repr(outcome.error) if outcome.error else "")


@pytest.mark.timeout(1800)
def test_the_model_sqlite_and_postgresql_agree(ground_of, people, clock, tmp_path, whole, record_property):
    grounds = [ground_of(engine, lambda store: None) for engine in ("sqlite", "postgresql")]
    made: list[Twin] = []

    def make() -> list[Twin]:
        twins = [
            Twin(ground, History(tmp_path / f"{number}.jsonl"), people, clock)
            for number, ground in enumerate(grounds)
        ]
        made.extend(twins)
        return twins

    class Machine(Offices):
        made = staticmethod(make)

    for _ in range(_ROUNDS if whole else 1):  # chance may leave a command out of a round
        run_state_machine_as_test(
            Machine,
            _min_steps=30 if whole else 14,  # short runs show nothing here
            settings=settings(
                max_examples=25 if whole else 4,
                stateful_step_count=40 if whole else 16,
                deadline=None,
                derandomize=not whole,
                database=None,
                phases=(Phase.generate, Phase.shrink) if whole else (Phase.generate,),
                suppress_health_check=list(HealthCheck),
                print_blob=True,
            ),
        )
        never = sorted(set(OF_THE_DECREE) - {name for name, ok in Machine.tried if ok})
        if not never:
            break
    done = sum(count for (_, ok), count in Machine.tried.items() if ok)
    refused = Machine.tried.total() - done
    assert not never or not whole
    assert done > 20
    record_property(
        "told",
        f"{len(made)} offices of the model on two engines agree: {done} commands done, {refused} refused; never done: {never}",
    )
