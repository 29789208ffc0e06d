"""The regulations the program ships, and a randomised copy of each: all load, every path ends."""

import json
from datetime import date

import pytest

from desktop.regulation.engine import first_step, route, total_term
from desktop.regulation.loader import load_text, shipped
from desktop.regulation.model import (
    Act,
    Channel,
    Effect,
    OfficeMove,
    Operation,
    Paper,
    RefusalGround,
    Regulation,
    Requirement,
    Role,
    Unit,
)
from desktop.regulation.summary import as_json
from tests.regulation.randomised import randomised_pack

PACKS = shipped()
NAMES = [name for name, _ in PACKS]


def _paths(operation: Operation, channel: Channel) -> list[list[str]]:
    """Return every way through the operation that comes to no step twice."""
    found: list[list[str]] = []
    waiting = [[first_step(operation, channel).id]]
    while waiting:
        path = waiting.pop()
        for outcome in operation.step(path[-1]).outcomes:
            if outcome.next is None:
                found.append([*path, outcome.id])
            elif outcome.next not in path:
                waiting.append([*path, outcome.next])
    return found


def _operations(regulation: Regulation) -> list[Operation]:
    return [operation for service in regulation.services for operation in service.operations]


def _wko() -> Operation:
    text = dict(PACKS)["wko-2018-139.toml"]
    return load_text(text, name="wko").service("medical").operation("issue")


@pytest.mark.parametrize(("name", "text"), PACKS, ids=NAMES)
def test_every_path_of_a_shipped_pack_ends(name: str, text: str) -> None:
    regulation = load_text(text, name=name)
    assert name == f"{regulation.id}.toml"
    for operation in _operations(regulation):
        for channel in operation.channels:
            assert _paths(operation, channel)


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("act", ["assign", "approve"])
@pytest.mark.parametrize(("name", "text"), PACKS, ids=NAMES)
def test_a_randomised_copy_loads_and_every_path_ends(name: str, text: str, act: str, seed: int) -> None:
    plain = load_text(text, name=name)
    other = load_text(randomised_pack(text, seed, act=act), name=name)
    assert other.sha256 != plain.sha256
    for before, after in zip(_operations(plain), _operations(other), strict=True):
        assert len(after.steps) == len(before.steps) + any(step.act is Act.ASSIGN for step in before.steps)
        assert {step.id for step in before.steps}.isdisjoint(step.id for step in after.steps)
        for channel in after.channels:
            assert len(_paths(after, channel)) == len(_paths(before, channel))


def test_the_decree_as_item_7_says_it() -> None:
    steps = route(_wko(), Channel.OFFICE)
    told = [
        (step.act, step.role, step.clause, step.term and (step.term.value, step.term.unit)) for step in steps
    ]
    assert told == [
        (Act.ACCEPT, Role.CLERK, "7(1)", (15, Unit.MINUTE)),
        (Act.ASSIGN, Role.HEAD, "7(2)", (15, Unit.MINUTE)),
        (Act.CHECK, Role.EXECUTOR, "7(3)", (1, Unit.WORKING_DAY)),
        (Act.ASK, Role.STATE_BODY, "7(4)", (10, Unit.WORKING_DAY)),
        (Act.DECIDE, Role.EXECUTOR, "7(5)", (1, Unit.WORKING_DAY)),
        (Act.SIGN, Role.HEAD, "7(6)", (3, Unit.HOUR)),
        (Act.DELIVER, Role.CLERK, "7(7)", (3, Unit.HOUR)),
    ]
    assert [step.performer for step in steps][3] is Role.EXECUTOR


def test_the_total_term_of_item_5() -> None:
    operation = _wko()
    for channel, days in ((Channel.STATE_CORPORATION, 1), (Channel.PORTAL, 0), (Channel.OFFICE, 0)):
        total = total_term(operation, channel)
        assert total is not None
        assert (total.term.value, total.term.unit) == (15, Unit.WORKING_DAY)
        assert total.hand_over_days_before == days
        assert not total.receipt_day_counts
    assert len(route(operation, Channel.OFFICE)) == 7


def test_the_office_moves_reach_where_they_should() -> None:
    operation = _wko()
    moves = {move.move: move for move in operation.office_moves}
    acts = {move: {operation.step(step).act for step in moves[move].steps} for move in moves}
    before_delivery = {Act.ACCEPT, Act.ASSIGN, Act.CHECK, Act.ASK, Act.DECIDE, Act.SIGN}
    assert acts[OfficeMove.WITHDRAW] == acts[OfficeMove.CORRECT] == before_delivery
    assert acts[OfficeMove.REASSIGN] == {Act.CHECK, Act.ASK, Act.DECIDE}
    assert acts[OfficeMove.RETURN_FOR_REWORK] == {Act.SIGN}
    target = moves[OfficeMove.RETURN_FOR_REWORK].next
    assert target is not None
    assert operation.step(target).act is Act.DECIDE


def test_silence_of_the_authority_opens_the_licence() -> None:
    decide = next(step for step in _wko().steps if step.act is Act.DECIDE)
    needs = {outcome.effect: outcome.needs_answer for outcome in decide.outcomes}
    assert needs == {Effect.GRANT: (Effect.CONFORMS, Effect.NO_ANSWER), Effect.REFUSE: ()}


def test_the_regulation_says_that_it_is_repealed() -> None:
    regulation = load_text(dict(PACKS)["wko-2018-139.toml"], name="wko")
    assert regulation.repealed_by is not None
    assert "20.04.2020 № 75" in regulation.repealed_by.kk
    assert "20.04.2020 № 75" in regulation.repealed_by.ru
    assert regulation.act_date == date(2018, 6, 7)
    assert regulation.in_force_to == date(2020, 4, 20)


def test_what_is_not_from_the_decree_is_flagged() -> None:
    operation = _wko()
    items: list[Paper | Requirement | RefusalGround] = [*operation.papers, *operation.requirements]
    for item in [*items, *operation.refusal_grounds]:
        assert item.unverified == ("[K]" in item.clause), item.id


def test_the_summary_has_the_shape_that_was_agreed() -> None:
    regulation = load_text(dict(PACKS)["wko-2018-139.toml"], name="wko")
    (told,) = json.loads(json.dumps(as_json([regulation])))
    assert {"id", "act_number", "act_date", "services"} <= set(told)
    assert (told["id"], told["act_number"], told["act_date"]) == ("wko-2018-139", "139", "2018-06-07")
    operation = told["services"][0]["operations"][0]
    assert {"id", "channels", "total_terms", "steps"} <= set(operation)
    agreed = {"value": 15, "unit": "working_day", "channels": ["portal"]}
    assert any(agreed.items() <= total.items() for total in operation["total_terms"])
    for step in operation["steps"]:
        assert {"id", "act", "role", "channels", "term", "clause", "outcomes"} <= set(step)
        assert all({"id", "next"} <= set(outcome) for outcome in step["outcomes"])
    steps = {step["id"]: step for step in operation["steps"]}
    assert steps["registration"]["term"] == {"value": 15, "unit": "minute"}
    # by channel: at the State corporation (item 10), in the cabinet (item 11), and at the counter nothing follows
    ways = {tuple(outcome["channels"]): outcome["next"] for outcome in steps["delivery"]["outcomes"]}
    assert [steps[ways[channel,]]["channels"] for channel in ("state_corporation", "portal")] == [
        ["state_corporation"],
        ["portal"],
    ]
    assert ways["office",] is None
    assert [(item["id"], item["next"]) for item in steps["cabinet"]["outcomes"]] == [("received", None)]
