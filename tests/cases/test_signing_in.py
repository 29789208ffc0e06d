"""Sign-in: who gets in, who waits, who never, and what the journal says of it."""

from datetime import date

import pytest
from argon2 import PasswordHasher
from sqlalchemy import select

from desktop.cases import office, signing_in
from desktop.errors import BadInput, NotAllowed
from desktop.models import ActingHead, JournalEntry, Person
from desktop.regulation.model import Role
from tests.conftest import THE_HASHER

PASSWORD = "Қара-өлең 1812"


@pytest.fixture(autouse=True)
def _known_password(store):
    with store.writing() as session:
        session.get_one(Person, 2).password_hash = signing_in.hashed(PASSWORD)


def _sign_in(store, password=PASSWORD, login="clerk"):
    return signing_in.sign_in(store, login=login, password=password, workstation="WS-7")


def _refused(store, password="wrong", login="clerk"):
    with pytest.raises(NotAllowed) as caught:
        _sign_in(store, password, login)
    return caught.value


def _events(store):
    with store.reading() as session:
        told = select(JournalEntry.event).where(JournalEntry.workstation == "WS-7").order_by(JournalEntry.id)
        return list(session.scalars(told))


def test_gives_the_roles_and_names_the_workstation(store):
    actor = _sign_in(store, login=" CLERK ")
    assert (actor.person_id, actor.login, actor.roles) == (2, "clerk", {Role.CLERK})
    assert (actor.workstation, actor.acting) == ("WS-7", None)
    assert _events(store) == ["signed-in"]


@pytest.mark.parametrize(
    ("login", "password"), [("clerk", "wrong"), ("clerk", ""), ("nobody", PASSWORD), ("", ""), ("a\x00", "x")]
)
def test_a_wrong_login_and_a_wrong_password_sound_alike(store, login, password):
    told = _refused(store, password, login)
    assert (told.code, told.facts) == ("sign-in-wrong", {"left": 4})
    assert _events(store) == ["sign-in-failed"]


def test_after_five_wrong_passwords_even_the_right_one_waits(store, clock):
    codes = [_refused(store).code for _ in range(5)]
    assert codes == ["sign-in-wrong"] * 4 + ["sign-in-locked"]
    told = _refused(store, PASSWORD)
    assert told.code == "sign-in-locked"
    assert told.facts["until"] == clock.moment + signing_in.FIRST_DELAY
    assert told.facts["until"].utcoffset().total_seconds() == 5 * 3600
    clock.moment = told.facts["until"]
    _sign_in(store)
    assert _refused(store).code == "sign-in-wrong"
    assert _events(store).count("sign-in-locked") == 1


def test_the_delay_grows_to_an_hour_and_no_further(store, clock):
    for _ in range(4):
        _refused(store)
    delays = []
    for _ in range(9):
        until = _refused(store).facts["until"]
        delays.append((until - clock.moment).total_seconds() / 60)
        clock.moment = until
    assert delays == [1, 2, 4, 8, 16, 32, 60, 60, 60]


def test_a_blocked_person_does_not_get_in(store):
    with store.writing() as session:
        session.get_one(Person, 2).active = False
    assert _refused(store, PASSWORD).code == "sign-in-blocked"
    assert _refused(store, "wrong").code == "sign-in-wrong"


def test_an_acting_head_is_head_on_the_days_of_the_order(store, clock):
    with store.writing() as session:
        session.add(
            ActingHead(
                person_id=2,
                order_number="15-ө",
                order_date=date(2018, 6, 8),
                first_day=date(2018, 6, 11),
                last_day=date(2018, 6, 12),
            )
        )
    for moment, is_head in (
        ("2018-06-10T23:59:59", False),
        ("2018-06-11T00:00:00", True),
        ("2018-06-12T23:59:59", True),
        ("2018-06-13T00:00:00", False),
    ):
        clock.set(moment)
        actor = _sign_in(store)
        assert (Role.HEAD in actor.roles) is is_head
        assert (actor.acting is not None) is is_head


def test_a_person_changes_the_own_password(store, people):
    with pytest.raises(BadInput, match="password-wrong"):
        office.change_own_password(store, people.clerk, old="wrong", new="Jana-qupiya-1")
    with pytest.raises(BadInput) as caught:
        office.change_own_password(store, people.clerk, old=PASSWORD, new="short")
    assert (caught.value.field, caught.value.code) == ("new", "password-short")
    office.change_own_password(store, people.clerk, old=PASSWORD, new="Jana-qupiya-1")
    assert _sign_in(store, "Jana-qupiya-1").login == "clerk"
    assert "Jana-qupiya-1" not in repr(_events(store))


def test_the_shipped_hash_of_nobody_is_a_real_one():
    assert not PasswordHasher().check_needs_rehash(signing_in._NOBODY)


def test_the_program_hashes_as_rfc_9106_recommends():
    assert THE_HASHER.check_needs_rehash(signing_in._hasher.hash("as the tests do it"))
    assert not THE_HASHER.check_needs_rehash(signing_in._NOBODY)
