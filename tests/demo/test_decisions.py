"""The demo's decisions: one licence is suspended and one given up, none that another application is about."""

from datetime import timedelta
from pathlib import Path

from desktop.demo import decisions
from desktop.demo.building import ZONE
from desktop.demo.scans import sample_scans
from desktop.demo.story import Office
from desktop.queries.office import services
from desktop.queries.registers import licences
from desktop.queries.rows import RegisterFilter
from tests import story
from tests.demo.test_other_services import _Told


def test_the_states_can_be_seen(store, people, case_at, clock, tmp_path: Path) -> None:
    for _ in range(3):
        clock.forward(minutes=5)
        case_at("licence")
    actors = {name: getattr(people, name) for name in type(people).__slots__}
    actors |= {"department": people.department_head}
    office = Office(
        dict.fromkeys(actors, store), clock, actors, story.verify, sample_scans(tmp_path / "scans")
    )
    office.clock = _Told(clock)
    until = clock.moment.astimezone(ZONE) + timedelta(days=7)
    midnight = until.replace(hour=0, minute=0)
    days = [midnight - timedelta(days=number) for number in range(5)]
    main = services(*office.seat("clerk"))[0]
    for moment, act in decisions.also(office, main, days, until):
        office.clock.now = moment
        act()
    rows = licences(store, people.auditor, filter=RegisterFilter(), descending=False).rows
    assert [row.status for row in rows] == ["issued", "terminated", "suspended"]
    stopped, suspended = rows[1:]
    assert stopped.basis is not None
    assert "Добровольное обращение лицензиата" in stopped.basis.ru
    assert suspended.until_on is not None
    assert suspended.until_on > until.date()


def test_where_no_licence_was_given_out_nothing_is_decided(store, people, clock) -> None:
    office = Office({"auditor": store}, clock, {"auditor": people.auditor}, story.verify, ())
    days = [clock.moment - timedelta(days=number) for number in range(5)]
    for _moment, act in decisions.also(office, None, days, clock.moment):
        act()
