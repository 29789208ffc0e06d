"""The demo office that is tried: cases of every service, worked on by people of every role."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from desktop.demo import invented, other_services
from desktop.demo.building import ZONE
from desktop.demo.story import Office
from desktop.models import Case
from desktop.queries.custody import at_centre
from desktop.queries.desk import counts
from desktop.queries.office import services
from desktop.regulation.model import Role
from tests import story
from tests.office import People


@pytest.fixture
def told(store, people: People, clock, monkeypatch) -> Office:
    """The cases, told in the tests' office by its own people."""
    monkeypatch.setattr(other_services, "draw", story.draw)
    actors = {name: getattr(people, name) for name in People.__slots__}
    actors |= {"operator": people.centre}
    office = Office(dict.fromkeys(actors, store), clock, actors, story.verify, ())
    with store.reading() as session:
        head = session.get_one(story.Person, people.head.person_id).iin
    office.sign = lambda pdf, _at: story.sign(pdf, head)
    office.clock = _Told(clock)
    until = clock.moment.astimezone(ZONE).replace(hour=17)
    midnight = until.replace(hour=0, minute=0)
    days = [midnight - timedelta(days=number) for number in range(20)]
    main = services(*office.seat("clerk"))[0]
    for moment, act in sorted(other_services.also(office, main, days, until), key=lambda pair: pair[0]):
        office.clock.now = moment
        act()
    office.clock.now = until
    return office


class _Told:
    """The story's clock over the tests' one."""

    def __init__(self, clock) -> None:
        self._clock = clock

    @property
    def now(self):
        return self._clock.moment

    @now.setter
    def now(self, moment) -> None:
        self._clock.set(moment)


def test_every_service_has_cases_in_several_states(told: Office, store):
    wanted = {
        (one.regulation_sha256, one.service, one.operation)
        for login in other_services.REGISTRARS
        for one in services(*told.seat(login))
    }
    with store.reading() as session:
        cases = session.scalars(select(Case)).all()
    found = {(case.regulation_sha256, case.service, case.operation) for case in cases}
    assert len(wanted - found) == 1  # what the main story is about
    assert {case.step is None for case in cases} == {True, False}
    assert {case.result for case in cases if case.step is None} >= {"licence", "attestation", "notice"}


def test_the_operator_of_the_centre_has_a_result_to_hand_out(told: Office):
    """No act gives him a step of the office: what is his to do stands at the centre."""
    (row, *_) = at_centre(*told.seat("operator"))
    assert row.state == "at_centre"
    assert counts(*told.seat("operator")).at_centre == len(at_centre(*told.seat("operator"))) > 0


def test_each_role_has_a_login():
    assert {role for person in invented.EVERYBODY for role in person.roles} == set(Role) - {
        Role.STATE_BODY,
        Role.APPLICANT,
        Role.SYSTEM,
    }
