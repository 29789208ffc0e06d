"""Rows 17, 19 and 20: two people want the same case. One is first; the other reads who, what and when; nothing is lost."""

import threading
from collections.abc import Callable
from typing import Any

import pytest

from desktop.cases import correcting, signing
from desktop.store.database import Store
from desktop.ui.messages import sentence
from tests import story
from tests.faults import offices, pages, proof
from tests.faults.day import Day
from tests.faults.history import History, Outcome
from tests.office import People


def _both(works: list[Callable[[], Outcome]]) -> list[Outcome]:
    """Let them run at once; return what came of each."""
    start, answers = threading.Barrier(len(works)), [None] * len(works)

    def act(number: int) -> None:
        start.wait(30)
        answers[number] = works[number]()  # type: ignore[call-overload]

    threads = [threading.Thread(target=act, args=(number,)) for number in range(len(works))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return answers  # type: ignore[return-value]


@pytest.fixture
def desks(postgres_url, clock) -> Any:
    """Stores of two workstations."""
    stores = [offices.workstation(postgres_url, clock, f"WS-{number}") for number in (1, 2)]
    yield stores
    for store in stores:
        store.dispose()


def _signature(
    history: History, store: Store, people: People, facts: dict[str, Any], pdf: bytes, iin: str
) -> Callable[[], Outcome]:
    def work(bound: Store) -> None:
        signing.record(bound, people.head, signed=story.sign(pdf, iin), verify=story.verify, **facts)

    def run() -> Outcome:
        asked = f"sign {facts['case_id']} at {store.workstation}"
        return history.run(store, people.head, "sign", work, case_id=facts["case_id"], asked=asked)

    return run


def test_of_two_signatures_of_one_case_one_is_first(
    postgres_url, postgres_store, desks, case_at, people, history, plain_begin, whole, record_property
):
    races = 50 if whole else 3
    cases = [case_at("sign", site=f"Орал қ., Абай даңғ., {turn}", draw=pages.draw) for turn in range(races)]
    iin = case_at.iin(people.head)
    plain_begin(postgres_url)
    told = []
    for case_id in cases:
        prepared = signing.prepare(postgres_store, people.head, draw=pages.draw, **case_at.seen(case_id))
        facts = {"case_id": case_id, "seen_version": prepared.version, "document_id": prepared.document_id}
        outcomes = _both([_signature(history, store, people, facts, prepared.pdf, iin) for store in desks])
        assert sorted(outcome.type for outcome in outcomes) == ["fail", "ok"]
        (refused,) = (outcome.error for outcome in outcomes if outcome.error)
        told.append((refused.code, refused.facts["who"], refused.facts["what"]))  # type: ignore[union-attr]
    assert set(told) == {("case-moved-on", people.head.name_kk, "signed")}
    found = proof.faults(history, postgres_url)
    assert [fault for fault in found if "nobody asked for it" not in fault] == []  # the preparing was ours
    record_property("told", f"{races} races of two signatures: exactly one was first each time")


def test_two_correct_one_application(
    postgres_url, postgres_store, desks, case_at, people, clock, history, plain_begin
):
    """The second reads who was quicker, looks again, and corrects what he came for: both corrections are there."""
    case_id = case_at("check")
    plain_begin(postgres_url)
    changes = [{"phone": "+7 7112 51 11 11"}, {"holder_address": "Орал қ., Сырым Датов көш., 5"}]
    seen = case_at.version(case_id)

    def correction(number: int, version: int) -> Callable[[], Outcome]:
        def work(bound: Store) -> None:
            correcting.correct(
                bound,
                people.clerk,
                case_id=case_id,
                seen_version=version,
                changes=changes[number],
                reason="өтініш иесінің хаты",
            )

        asked = f"correct {number} at {version}"
        return lambda: history.run(desks[number], people.clerk, "correct", work, case_id=case_id, asked=asked)

    outcomes = _both([correction(number, seen) for number in (0, 1)])
    assert sorted(outcome.type for outcome in outcomes) == ["fail", "ok"]
    late = next(number for number, outcome in enumerate(outcomes) if outcome.type == "fail")
    refusal: Any = outcomes[late].error
    assert (refusal.code, refusal.facts["what"]) == ("case-moved-on", "corrected")
    assert correction(late, case_at.version(case_id))().type == "ok"
    row = case_at.case(case_id)
    assert (row.phone, row.holder_address) == (changes[0]["phone"], changes[1]["holder_address"])
    assert proof.faults(history, postgres_url) == []


def test_a_case_taken_away_while_its_executor_writes(any_store, case_at, people, clock, tmp_path):
    """He is told, nothing of his is kept, and the colleague goes on with the case."""
    case_id = case_at("decide")
    history = History(tmp_path / "history.jsonl")
    store = offices.workstation(any_store.url.render_as_string(hide_password=False), clock, "WS-1")
    history.begin(store)
    day = Day(history, story.teller(store, people, clock))
    seen = day.tell.version(case_id)
    assert day.use("reassign", case_id).type == "ok"
    late = day.use("save_checks", case_id, seen_version=seen)
    assert late.type == "fail"
    told: Any = late.error
    assert told.code in {"case-not-found", "not-assigned-to-you"}
    assert "no longer" in sentence(told, "en") or "another person" in sentence(told, "en")
    again = day.use("save_checks", case_id)
    assert again.type == "fail"
    day.options["executor"] = people.executor2
    assert [outcome.type for outcome in day.carry(case_id)] == ["ok"] * 3
    url = any_store.url.render_as_string(hide_password=False)
    store.dispose()
    assert proof.faults(history, url) == []


def test_a_scan_that_lies_in_a_case_out_of_sight_is_attached_all_the_same(
    postgres_url, people, clock, history, plain_begin
):
    """The same charter is brought with two applications: its content is kept once, and nobody is told of the other."""
    plain_begin(postgres_url)
    store = offices.workstation(postgres_url, clock, "WS-1")
    day = Day(history, story.teller(store, people, clock))
    first, second = (day.register(f"Орал қ., Абай даңғ., {turn}").result.case_id for turn in (1, 2))
    assert day.use("assign", second).type == "ok"
    assert day.use("attach_files", first, by=people.clerk).type == "ok"
    assert day.use("attach_files", second, by=people.executor).type == "ok"
    store.dispose()
    assert proof.faults(history, postgres_url) == []
