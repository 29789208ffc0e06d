"""The office as the screens read it."""

from datetime import date
from typing import Any

import pytest

from desktop.cases import office as commands
from desktop.errors import NotAllowed
from desktop.queries import office
from desktop.regulation.model import Act, Role
from desktop.store.database import Store
from tests.clock import Clock
from tests.office import People


def test_before_there_is_an_office(any_empty_store: Store) -> None:
    assert office.has_office(any_empty_store) is False
    with pytest.raises(NotAllowed, match="no-office"):
        office.office(any_empty_store)


def test_the_office(any_store: Store, people: People, clock: Clock) -> None:
    assert office.has_office(any_store) is True
    row = office.office(any_store)
    assert row.name.kk == "Батыс Қазақстан облысының денсаулық сақтау басқармасы"
    assert row.head is not None
    assert row.head.kk == people.head.name_kk
    assert (row.acting, row.seal) == (None, None)

    commands.appoint_acting_head(
        any_store,
        people.administrator,
        person_id=people.department_head.person_id,
        order_number="17-ж",
        order_date=date(2018, 6, 8),
        first_day=date(2018, 6, 11),
        last_day=date(2018, 6, 15),
    )
    acting = office.office(any_store).acting
    assert acting is not None
    assert acting.kk == people.department_head.name_kk
    (order,) = office.acting_heads(any_store, people.auditor)
    assert (order.order_number, order.name) == ("17-ж", acting)
    clock.forward(days=7)
    assert office.office(any_store).acting is None


def test_people_and_how_much_waits_for_them(any_store: Store, people: People, case_at: Any) -> None:
    case_at(Act.CHECK)
    case_at(Act.ASK)
    case_at(Act.SIGN)  # the executor's part is done
    assert {row.open_cases for row in office.people(any_store, people.administrator)} == {0}  # sees no cases
    rows = {row.login: row for row in office.people(any_store, people.head)}
    assert len(rows) == len(People.__slots__)
    assert rows["executor"].open_cases == 2
    assert rows["executor"].roles == frozenset({Role.EXECUTOR})
    assert rows["head"].open_cases == 0

    chosen = office.assignees(any_store, people.head, role=Role.EXECUTOR)
    assert [row.login for row in chosen] == ["executor2", "executor"]  # the less burdened first
    commands.set_active(any_store, people.administrator, person_id=people.executor2.person_id, active=False)
    assert [row.login for row in office.assignees(any_store, people.head, role=Role.EXECUTOR)] == ["executor"]
    assert not {row.login: row for row in office.people(any_store, people.auditor)}["executor2"].active


def test_who_may_see_the_people(store: Store, people: People) -> None:
    with pytest.raises(NotAllowed, match="role-may-not"):
        office.people(store, people.clerk)


def test_rules_as_they_are_set(any_store: Store, people: People) -> None:
    hours = office.hours(any_store, people.administrator)
    assert (("09:00", "13:00"), ("14:30", "18:30")) in {row.intervals for row in hours}
    assert [
        row.tenge for row in office.fee_rates(any_store, people.clerk) if row.valid_from.year == 2018
    ] == [2405]
    before = len(office.overrides(any_store, people.auditor))
    commands.set_override(
        any_store,
        people.administrator,
        day=date(2018, 8, 31),
        intervals=(("09:00", "13:00"),),
        reason_kk="Қысқа күн",
        reason_ru="Короткий день",
    )
    rows = office.overrides(any_store, people.auditor)
    assert len(rows) == before + 1
    assert rows[-1].intervals == (("09:00", "13:00"),) or before
    assert office.trust_roots(any_store, people.auditor) == ()


def test_what_can_be_applied_for(any_store: Store, people: People, clock: Clock) -> None:
    choices = office.services(any_store, people.clerk)
    (medical,) = [item for item in choices if (item.service, item.operation) == ("medical", "issue")
                  and item.regulation_id == "wko-2018-139"]  # fmt: skip
    assert medical.fee_tenge == 24050  # ten monthly indices of 2018
    assert (medical.kbk, medical.knp) == ("105402", "911")
    assert medical.papers
    assert medical.sub_types
    assert medical.act_title == "№ 139, 07.06.2018"
    clock.set("1990-01-09T10:00")
    assert office.services(any_store, people.clerk)[0].fee_tenge is None
