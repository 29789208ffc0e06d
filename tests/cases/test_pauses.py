"""The total term of a case stands still at a step that pauses it, and moves on when the case leaves it."""

import tomllib
from datetime import datetime

import pytest

from desktop.cases import office, routing
from desktop.queries.case_card import case_card
from desktop.queries.clock import explain_due
from desktop.queries.desk import my_desk
from desktop.queries.registers import applications
from desktop.queries.rows import RegisterFilter
from desktop.regulation.model import Channel
from tests import story
from tests.cases.commands import COMMANDS
from tests.cases.office_commands import shipped_pack
from tests.clock import OFFICE_ZONE
from tests.regulation.randomised import write_toml


@pytest.fixture
def tell(any_store, people, clock):
    """Cases of a regulation under which the total term stands still while the sanitary authority is asked."""
    tell = story.teller(any_store, people, clock)
    pack = tomllib.loads(shipped_pack())
    pack["version"] += "-still"
    for service in pack["service"]:
        for operation in service["operation"]:
            for step in operation["step"]:
                step["pauses_total"] = step["act"] == "ask"
    sha256 = office.load_regulation(any_store, people.administrator, text=write_toml(pack), name="still.toml")
    return lambda wanted, **facts: tell(wanted, regulation_sha256=sha256, **facts), tell


def at(written: str) -> datetime:
    return datetime.fromisoformat(written).replace(tzinfo=OFFICE_ZONE)


def _answer(teller: story.Teller, people, case_id: int) -> None:
    COMMANDS["record_answer"].run(teller, people.executor, teller.seen(case_id))


def test_the_due_day_moves_on_by_the_days_that_were_lost(tell, people, clock) -> None:
    """Registered on Monday 11 June; asked on the same day; answered on Thursday the 14th: the 12th and the 13th are lost."""
    case_at, teller = tell
    case_id = case_at("ask", channel=Channel.STATE_CORPORATION)
    before = teller.case(case_id)
    assert (before.due_at, before.hand_over_by) == (at("2018-07-02T18:30"), at("2018-06-29T18:30"))
    card = case_card(teller.store, people.executor, case_id=case_id)
    assert card.paused_since == card.history[-1].at
    clock.set("2018-06-14T12:00")
    _answer(teller, people, case_id)
    after = teller.case(case_id)
    assert (after.due_at, after.hand_over_by) == (at("2018-07-04T18:30"), at("2018-07-03T18:30"))
    assert case_card(teller.store, people.executor, case_id=case_id).paused_since is None
    told = explain_due(teller.store, people.executor, case_id=case_id)
    assert told.due_at == at("2018-07-04T18:30")
    assert [reason.first for reason in told.reasons if reason.code == "paused"] == [
        at("2018-06-12T09:00"),  # the 11th, on which it was received, is not counted anyway
        at("2018-06-13T09:00"),
    ]
    assert "calendar-changed" not in {reason.code for reason in told.reasons}


def test_what_stands_still_is_not_overdue(tell, people, clock) -> None:
    case_at, teller = tell
    case_id = case_at("ask")
    clock.set("2018-08-01T12:00")
    late = RegisterFilter(state="overdue")
    assert not applications(teller.store, people.clerk, filter=late).rows
    row = applications(teller.store, people.clerk, filter=RegisterFilter()).rows[0]
    assert row.paused_since is not None
    assert my_desk(teller.store, people.executor)[0].paused
    _answer(teller, people, case_id)
    assert teller.case(case_id).due_at > at("2018-08-01T12:00")
    assert not applications(teller.store, people.clerk, filter=late).rows
    clock.set("2018-09-01T12:00")
    assert len(applications(teller.store, people.clerk, filter=late).rows) == 1


def test_a_case_withdrawn_while_its_term_stands_still_has_its_date_moved(tell, people, clock) -> None:
    case_at, teller = tell
    case_id = case_at("ask")
    clock.set("2018-06-13T20:00")  # after closing time: the 13th is lost too
    routing.withdraw(teller.store, people.clerk, **teller.seen(case_id), reason="өз еркімен")
    assert teller.case(case_id).due_at == at("2018-07-04T18:30")
    assert explain_due(teller.store, people.clerk, case_id=case_id).due_at == at("2018-07-04T18:30")
