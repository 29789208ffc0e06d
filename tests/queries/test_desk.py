"""My desk: what waits for whom."""

from typing import Any

import pytest

from desktop.cases import routing
from desktop.errors import NotAllowed
from desktop.queries import desk
from desktop.regulation.model import Act, Role
from desktop.regulation.rights import Actor
from desktop.store.database import Store
from tests.clock import Clock
from tests.office import People


def _desk(store: Store, actor: Actor) -> list[int]:
    return [row.case_id for row in desk.my_desk(store, actor)]


def test_a_case_is_on_the_desks_it_waits_for_and_on_no_other(
    any_store: Store, people: People, case_at: Any
) -> None:
    waiting = {
        act: case_at(act) for act in (Act.ASSIGN, Act.CHECK, Act.ASK, Act.DECIDE, Act.SIGN, Act.DELIVER)
    }
    closed = case_at("withdrawn")

    assert set(_desk(any_store, people.head)) == {waiting[Act.ASSIGN], waiting[Act.SIGN]}
    assert set(_desk(any_store, people.executor)) == {
        waiting[Act.CHECK],
        waiting[Act.ASK],
        waiting[Act.DECIDE],
    }
    assert _desk(any_store, people.executor2) == []  # everything is assigned to the other one
    assert _desk(any_store, people.clerk) == [waiting[Act.DELIVER]]
    assert _desk(any_store, people.auditor) == []
    assert closed not in waiting.values()


def test_somebody_elses_case_comes_with_the_reassignment(
    any_store: Store, people: People, case_at: Any
) -> None:
    case_id = case_at(Act.CHECK)
    routing.reassign(
        any_store,
        people.head,
        role=Role.EXECUTOR,
        person_id=people.executor2.person_id,
        reason="Демалыс",
        **case_at.seen(case_id),
    )
    assert _desk(any_store, people.executor) == []
    assert _desk(any_store, people.executor2) == [case_id]


def test_the_least_time_left_comes_first(
    any_store: Store, people: People, case_at: Any, clock: Clock
) -> None:
    later_step = case_at(Act.ASK)  # ten working days
    sooner_step = case_at(Act.CHECK)
    rows = desk.my_desk(any_store, people.executor)
    assert [row.case_id for row in rows] == [sooner_step, later_step]
    assert rows[0].step_due_at is not None
    assert rows[1].step_due_at is not None
    assert rows[0].step_due_at <= rows[1].step_due_at
    assert rows[0].act is Act.CHECK
    assert rows[0].due_at.tzinfo is not None
    assert _desk(any_store, people.executor) == [sooner_step, later_step]
    assert len(desk.my_desk(any_store, people.executor, limit=1)) == 1
    assert clock.moment.tzinfo is not None


def test_a_returned_draft_says_so(any_store: Store, people: People, case_at: Any) -> None:
    case_at("returned")
    case_at(Act.DECIDE)
    assert sorted(row.returned for row in desk.my_desk(any_store, people.executor)) == [False, True]


def test_counts(any_store: Store, people: People, case_at: Any, clock: Clock) -> None:
    case_at(Act.CHECK)
    case_at(Act.ASK)
    found = desk.counts(any_store, people.executor)
    assert (found.my_desk, found.overdue, found.waiting_answer) == (2, 0, 1)
    assert found.to_print == 3  # two receipts and a request

    clock.forward(days=90)
    assert desk.counts(any_store, people.executor).overdue == 2
    assert desk.counts(any_store, people.head).my_desk == 0
    assert desk.counts(any_store, people.head).to_print == 0  # the head does not print
    nothing = desk.counts(any_store, people.administrator)
    assert (nothing.my_desk, nothing.overdue, nothing.to_print, nothing.waiting_answer) == (0, 0, 0, 0)


def test_an_administrator_has_no_desk(store: Store, people: People) -> None:
    with pytest.raises(NotAllowed, match="role-may-not"):
        desk.my_desk(store, people.administrator)
