"""Who comes in is told when he was last here, and what others changed about him since: on both engines."""

from dataclasses import replace

from desktop.cases import office, signing_in
from desktop.models import Person
from desktop.queries.sign_ins import changed_about_me, last_sign_in
from desktop.regulation.model import Role
from tests.office import PASSWORD

NEW_PASSWORD = "Jana-qupiya-3"


def _come_in(store, login: str, password: str = PASSWORD):
    return signing_in.sign_in(store, login=login, password=password, workstation="WS-1")


def _facts(store, person_id: int, **changes):
    with store.reading() as session:
        row = session.get_one(Person, person_id)
        known = office.PersonFacts(
            row.login, row.name_kk, row.name_ru, row.position_kk, row.position_ru, row.iin,
            frozenset(Role(item.role) for item in row.roles), row.id,
        )  # fmt: skip
    return replace(known, **changes)


def test_what_others_changed_about_a_signer_is_told_when_he_comes_in(any_store, people, clock):
    head, administrator = people.head, people.administrator
    _come_in(any_store, head.login)
    assert changed_about_me(any_store, head) == ()
    office.set_password(any_store, administrator, person_id=head.person_id, password=NEW_PASSWORD)
    changed = _facts(any_store, head.person_id, iin="061211600012", name_ru="Другой Человек")
    office.save_person(any_store, administrator, person=changed)
    office.save_person(
        any_store, administrator, person=_facts(any_store, people.clerk.person_id, name_ru="К.")
    )
    _come_in(any_store, head.login, NEW_PASSWORD)
    told = changed_about_me(any_store, head)
    assert [one.fields for one in told] == [("password",), ("iin", "name")]
    assert {one.by for one in told} == {administrator.name_kk}
    assert told[0].at.tzinfo is not None
    _come_in(any_store, head.login, NEW_PASSWORD)
    assert changed_about_me(any_store, head) == ()
    assert last_sign_in(any_store, head) is not None


def test_ones_own_new_password_is_no_news(any_store, people):
    _come_in(any_store, people.head.login)
    signing_in_again = NEW_PASSWORD
    if any_store.dialect == "sqlite":
        office.change_own_password(any_store, people.head, old=PASSWORD, new=signing_in_again)
        _come_in(any_store, people.head.login, signing_in_again)
    assert changed_about_me(any_store, people.head) == ()
