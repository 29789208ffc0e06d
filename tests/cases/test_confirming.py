"""What one sets about who signs, confirms or is believed counts once another has confirmed it, on both engines."""

from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import or_, select

from desktop.cases import checkpoints, confirming, office, rescuing, signing, signing_in
from desktop.cases.office import PersonFacts
from desktop.errors import BadInput, NotAllowed
from desktop.models import Confirmation, JournalEntry, Office, Person
from desktop.queries.confirming import people_who_wait, waiting
from desktop.queries.office import kept_roots, trust_roots
from desktop.regulation.model import Role
from desktop.regulation.rights import Actor
from desktop.store import proving
from desktop.store.database import Store
from tests import story
from tests.cases.pems import certificate
from tests.cases.test_office import NEW
from tests.office import PASSWORD, WORKSTATION, confirm_all, people

HEAD_IIN = "700520350035"
OTHER_IIN = "880808450057"


def _facts(store: Store, who: str, /, **changes: object) -> PersonFacts:
    with store.reading() as session:
        row = session.scalars(select(Person).where(Person.login == who)).one()
        facts = PersonFacts(
            row.login,
            row.name_kk,
            row.name_ru,
            row.position_kk,
            row.position_ru,
            row.iin,
            frozenset(Role(item.role) for item in row.roles),
            row.id,
        )
    return replace(facts, **changes)  # type: ignore[arg-type]


def _appoint(store: Store, by: Actor) -> None:
    office.appoint_acting_head(
        store,
        by,
        person_id=people().executor2.person_id,
        order_number="1",
        order_date=date(2018, 6, 8),
        first_day=date(2018, 6, 11),
        last_day=date(2018, 6, 20),
    )


CHANGES = {
    "iin": lambda store, by: office.save_person(store, by, person=_facts(store, "head", iin=OTHER_IIN)),
    "name": lambda store, by: office.save_person(store, by, person=_facts(store, "head", name_ru="Другой")),
    "login": lambda store, by: office.save_person(store, by, person=_facts(store, "head", login="head9")),
    "password": lambda store, by: office.set_password(
        store, by, person_id=people().head.person_id, password="Zhana-2018-x"
    ),
    "password and all": lambda store, by: office.save_person(
        store, by, person=_facts(store, "head"), password="Zhana-2018-x"
    ),
}


@pytest.mark.parametrize("change", CHANGES)
def test_a_changed_head_signs_nothing_until_another_confirms(any_store: Store, case_at, change: str):
    everybody = people()
    case_id = case_at("sign")
    prepared = signing.prepare(any_store, everybody.head, draw=story.draw, **case_at.seen(case_id))
    CHANGES[change](any_store, everybody.administrator)
    head = replace(everybody.head, login="head9") if change == "login" else everybody.head
    with pytest.raises(NotAllowed, match="identity-unconfirmed"):
        signing.prepare(any_store, head, draw=story.draw, **case_at.seen(case_id))
    with pytest.raises(NotAllowed, match="identity-unconfirmed"):
        signing.record(
            any_store,
            head,
            document_id=prepared.document_id,
            signed=story.sign(prepared.pdf, HEAD_IIN),
            verify=story.verify,
            **case_at.seen(case_id),
        )
    with pytest.raises(NotAllowed, match="identity-unconfirmed"):
        checkpoints.prepare(any_store, head, reason="asked", draw=story.draw_checkpoint)
    (row,) = waiting(any_store, everybody.auditor).rows
    with pytest.raises(NotAllowed, match="confirm-own"):
        confirming.confirm(any_store, everybody.administrator, noted=row.changes)
    confirming.confirm(any_store, everybody.auditor, noted=row.changes)
    assert waiting(any_store, everybody.auditor).rows == ()
    signing.prepare(any_store, head, draw=story.draw, **case_at.seen(case_id))
    with any_store.reading() as session:
        told = session.scalars(select(JournalEntry).where(JournalEntry.event == "person-confirmed")).one()
    assert told.actor == "auditor"


def test_a_position_and_ones_own_password_wait_for_nobody(any_store: Store):
    everybody = people()
    office.save_person(
        any_store, everybody.administrator, person=_facts(any_store, "head", position_ru="И. о.")
    )
    assert not _open(any_store)


def test_ones_own_password_waits_for_nobody(store: Store):
    office.change_own_password(store, people().head, old=PASSWORD, new="Zhana-2018-x")
    assert not _open(store)


def test_an_order_a_role_and_letting_in_again_wait(any_store: Store):
    everybody = people()
    _appoint(any_store, everybody.administrator)
    office.save_person(
        any_store,
        everybody.administrator,
        person=_facts(any_store, "department_head", iin=OTHER_IIN, roles=frozenset({Role.HEAD})),
    )
    for active in (False, True):
        office.set_active(
            any_store, everybody.administrator, person_id=everybody.head.person_id, active=active
        )
    seen = {row.login: row.what for row in waiting(any_store, everybody.auditor).rows}
    assert seen == {
        "executor2": {"acting"},
        "department_head": {"iin", "role:head"},
        "head": {"unblocked"},
    }


def test_who_is_hired_by_one_is_no_second_person_for_him(any_store: Store):
    everybody = people()
    puppet = PersonFacts("puppet", "Қ", "К", "", "", "", frozenset({Role.ADMINISTRATOR}))
    puppet_id = office.save_person(any_store, everybody.administrator, person=puppet, password=PASSWORD)
    actor = Actor(puppet_id, "puppet", "Қ", "К", frozenset({Role.ADMINISTRATOR}), WORKSTATION)
    CHANGES["iin"](any_store, everybody.administrator)
    with pytest.raises(NotAllowed, match="identity-unconfirmed"):
        confirming.confirm(any_store, actor, noted=[_open(any_store)[-1]])
    with pytest.raises(NotAllowed, match="identity-unconfirmed"):
        confirming.confirm(any_store, actor, noted=[_open(any_store)[0]])  # himself
    confirm_all(any_store)
    assert not _open(any_store)


def test_two_administrators_confirm_each_others_changes_of_one_person(any_store: Store):
    everybody = people()
    second = PersonFacts("second", "Е", "В", "", "", "", frozenset({Role.ADMINISTRATOR}))
    second_id = office.save_person(any_store, everybody.administrator, person=second, password=PASSWORD)
    confirm_all(any_store)
    actor = Actor(second_id, "second", "Е", "В", frozenset({Role.ADMINISTRATOR}), WORKSTATION)
    CHANGES["iin"](any_store, everybody.administrator)
    CHANGES["password"](any_store, actor)
    (row,) = waiting(any_store, actor).rows
    assert (len(row.changes), row.others_only) == (1, 1)
    confirming.confirm(any_store, actor, noted=row.changes)
    assert len(_open(any_store)) == 1, "his own change waits still"
    (row,) = waiting(any_store, everybody.administrator).rows
    confirming.confirm(any_store, everybody.administrator, noted=row.changes)
    assert not _open(any_store)
    with pytest.raises(NotAllowed, match="confirm-moved-on"):
        confirming.confirm(any_store, everybody.administrator, noted=row.changes)


def test_a_root_counts_once_confirmed_and_never_by_removing_and_adding(any_store: Store):
    everybody = people()
    administrator, auditor = everybody.administrator, everybody.auditor
    sha256 = office.add_trust_root(any_store, administrator, pem=certificate())
    assert trust_roots(any_store, auditor) == ()
    assert proving.trust_roots(any_store) == ()
    (row,) = waiting(any_store, auditor).rows
    confirming.confirm(any_store, auditor, noted=row.changes)
    assert len(proving.trust_roots(any_store)) == 1
    office.remove_trust_root(any_store, administrator, sha256=sha256)
    with pytest.raises(BadInput, match="nothing-changed"):
        confirming.confirm(any_store, auditor, noted=[])
    office.add_trust_root(any_store, administrator, pem=certificate())
    assert trust_roots(any_store, auditor) == ()
    assert [item.waits for item in kept_roots(any_store, auditor)] == [True]


def test_a_demo_authority_is_believed_in_a_demo_office_only(any_store: Store):
    administrator = people().administrator
    with pytest.raises(BadInput, match="trust-root-demo"):
        office.add_trust_root(any_store, administrator, pem=certificate(), is_demo=True)
    with any_store.writing() as session:
        session.get_one(Office, 1).is_demo = True
    office.add_trust_root(any_store, administrator, pem=certificate(), is_demo=True)


def test_a_new_office_with_one_administrator_starts_and_ends_its_founding_with_the_second(
    any_empty_store: Store,
):
    store = any_empty_store
    office.create_office(store, NEW)
    actor = signing_in.sign_in(
        store, login="aigul", password=NEW.administrator_password, workstation=WORKSTATION
    )
    assert waiting(store, actor).alone
    head = PersonFacts("boss", "Б", "Б", "", "", HEAD_IIN, frozenset({Role.HEAD}))
    office.save_person(store, actor, person=head, password=PASSWORD)
    office.add_trust_root(store, actor, pem=certificate())
    assert not _open(store)
    assert len(trust_roots(store, actor)) == 1
    auditor = PersonFacts("auditor", "А", "А", "", "", "", frozenset({Role.AUDITOR}))
    auditor_id = office.save_person(store, actor, person=auditor, password=PASSWORD)
    assert not _open(store), "the founding ends with him"
    assert not waiting(store, actor).alone
    office.set_password(store, actor, person_id=auditor_id, password="Zhana-2018-x")
    assert len(_open(store)) == 1
    office.save_person(
        store, actor, person=_facts(store, "auditor", roles=frozenset({Role.CLERK}))
    )  # no way back into the founding
    office.save_person(store, actor, person=_facts(store, "boss", iin=OTHER_IIN))
    assert len(_open(store)) == 1, "the head waits; who is auditor no more is asked of by nobody"


def test_where_no_second_person_is_left_the_servers_administrator_confirms(any_store: Store):
    everybody = people()
    office.set_password(
        any_store,
        everybody.administrator,
        person_id=everybody.auditor.person_id,
        password="Zhana-2018-x",
    )
    rescuing.confirm_person(any_store, login="auditor")
    assert not _open(any_store)
    for login, code in (("auditor", "nothing-changed"), ("nobody", "login-unknown")):
        with pytest.raises(BadInput, match=code):
            rescuing.confirm_person(any_store, login=login)


def _open(store: Store) -> list[int]:
    """What waits and matters: of whom nothing depends nobody asks."""
    with store.reading() as session:
        who = people_who_wait(session, date(2018, 6, 11))
        of_these = or_(Confirmation.person_id.in_(who), Confirmation.root_sha256.is_not(None))
        waits = select(Confirmation.id).where(Confirmation.confirmed_at.is_(None), of_these)
        return list(session.scalars(waits.order_by(Confirmation.id)))
