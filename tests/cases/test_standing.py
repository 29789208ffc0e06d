"""Who signs for the office, by the orders of acting heads and the office's date."""

from datetime import date

import pytest
from sqlalchemy import event

from desktop.cases import facts
from desktop.models import ActingHead, Person
from desktop.store.database import Store
from tests.clock import Clock
from tests.office import People

TODAY = date(2018, 6, 11)


def _order(store: Store, person_id: int, number: str, first: date = TODAY, last: date = TODAY) -> None:
    with store.writing() as session:
        session.add(
            ActingHead(
                person_id=person_id, order_number=number, order_date=first, first_day=first, last_day=last
            )
        )


def _signs(store: Store, clock: Clock) -> tuple[str, str]:
    with store.reading() as session:
        person, acting = facts.expected_signer(session, clock())
        return person.login, acting.order_number if acting else ""


def test_of_several_the_first_active_one_with_an_order_of_today_signs_by_his_last(
    store: Store, people: People, clock: Clock
) -> None:
    assert _signs(store, clock) == ("head", "")
    _order(store, people.clerk.person_id, "1", last=date(2018, 6, 10), first=date(2018, 6, 1))
    _order(store, people.department_head.person_id, "2", first=date(2018, 6, 12), last=date(2018, 6, 20))
    assert _signs(store, clock) == ("head", "")
    _order(store, people.executor2.person_id, "3")
    assert _signs(store, clock) == ("executor2", "3")
    _order(store, people.executor2.person_id, "4")
    _order(store, people.auditor.person_id, "5")
    _order(store, people.executor.person_id, "6")
    assert _signs(store, clock) == ("executor", "6")
    with store.writing() as session:
        session.get_one(Person, people.executor.person_id).active = False
    assert _signs(store, clock) == ("executor2", "4")


@pytest.mark.parametrize("acting", [False, True])
def test_the_database_is_asked_as_often_in_a_large_office_as_in_a_small_one(
    store: Store, people: People, clock: Clock, acting: bool
) -> None:
    if acting:
        _order(store, people.employee.person_id, "7")
    asked: list[str] = []
    event.listen(store.engine, "before_cursor_execute", lambda *told: asked.append(told[2]))
    _signs(store, clock)
    assert len([words for words in asked if words.lstrip().upper().startswith("SELECT")]) <= 4, asked
