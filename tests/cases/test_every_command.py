"""What holds for every command on a case: rights, versions, one journal entry, all or nothing."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import event, select
from sqlalchemy.orm import Session

from desktop.errors import NotAllowed
from desktop.models import Case, JournalEntry, Person
from desktop.store.database import Store
from tests.cases.commands import COMMANDS, Used
from tests.cases.racing import two_at_once
from tests.cases.world import changed, world
from tests.story import teller

every_command = pytest.mark.parametrize("used", COMMANDS.values(), ids=COMMANDS.keys())


@contextmanager
def _power_cut_at_commit() -> Iterator[None]:
    def cut(_session: Session) -> None:
        raise RuntimeError("power cut")

    event.listen(Session, "before_commit", cut)
    try:
        yield
    finally:
        event.remove(Session, "before_commit", cut)


@every_command
def test_writes_one_journal_entry_and_a_new_version(store: Store, case_at, people, clock, used: Used):
    case_id = case_at(used.at)
    seen = case_at.seen(case_id)
    with store.reading() as session:
        known = set(session.scalars(select(JournalEntry.id)))
    clock.forward(minutes=1)

    used.run(case_at, used.actor(people), seen)

    with store.reading() as session:
        entries = [entry for entry in session.scalars(select(JournalEntry)) if entry.id not in known]
        case = session.get_one(Case, case_id)
    assert [entry.event for entry in entries] == [used.event]
    entry = entries[0]
    assert (entry.case_id, entry.case_number, entry.actor) == (case_id, case.number, used.by)
    assert entry.workstation == "WS-TEST"
    assert entry.at == clock.moment
    assert case_at.operation(case_id).step(entry.step).act == used.at
    assert case.version > seen["seen_version"]


@every_command
def test_refuses_a_person_without_the_role(store: Store, case_at, people, used: Used):
    case_id = case_at(used.at)
    before = world(store)
    for person in (people.auditor, people.administrator):
        with pytest.raises(NotAllowed, match="role-may-not"):
            used.run(case_at, person, case_at.seen(case_id))
    assert world(store) == before


@every_command
def test_refuses_a_blocked_person(store: Store, case_at, people, used: Used):
    case_id = case_at(used.at)
    with store.writing() as session:
        session.get_one(Person, used.actor(people).person_id).active = False
    before = world(store)
    with pytest.raises(NotAllowed, match="sign-in-blocked"):
        used.run(case_at, used.actor(people), case_at.seen(case_id))
    assert world(store) == before


@every_command
def test_refuses_a_case_seen_too_early_and_says_who_moved_it(store: Store, case_at, people, used: Used):
    case_id = case_at(used.at)
    old = case_at.seen(case_id)
    COMMANDS["correct"].run(case_at, people.clerk, old) if used.at != "deliver" else used.run(
        case_at, used.actor(people), old
    )
    before = world(store)
    with pytest.raises(NotAllowed) as caught:
        used.run(case_at, used.actor(people), old)
    assert caught.value.code == "case-moved-on"
    facts = caught.value.facts
    assert facts["number"] == case_at.case(case_id).number
    assert facts["who"] == people.clerk.name_kk
    assert facts["what"] == ("corrected" if used.at != "deliver" else "handed-over")
    assert facts["when"].utcoffset().total_seconds() == 5 * 3600
    assert world(store) == before


@every_command
def test_refuses_a_closed_case(store: Store, case_at, people, used: Used):
    case_id = case_at("licence")
    before = world(store)
    told = "case-closed" if used.by not in {"secretary", "phc"} else "case-not-found"  # out of their sight
    with pytest.raises(NotAllowed, match=told):
        used.run(case_at, used.actor(people), case_at.seen(case_id))
    assert world(store) == before


@every_command
def test_leaves_nothing_when_the_power_is_cut_before_the_commit(
    any_store: Store, case_at, people, used: Used
):
    case_id = case_at(used.at)
    before = world(any_store)
    with pytest.raises(RuntimeError, match="power cut"), _power_cut_at_commit():
        used.run(case_at, used.actor(people), case_at.seen(case_id))
    assert changed(before, world(any_store)) == set()


@every_command
def test_loses_a_race_politely(store: Store, sqlite_url: str, case_at, people, clock, used: Used):
    """Two windows, two connections, the same case, the same moment: one wins, the other is told."""
    case_id = case_at(used.at)
    seen = case_at.seen(case_id)

    def act(through: Store) -> None:
        tell = teller(through, people, clock)
        used.run(tell, used.actor(people), seen)

    told = two_at_once(store, sqlite_url, clock, act)
    moved_on = "case-moved-on" if used.by != "phc" else "case-not-found"  # it has left his sight
    assert told == sorted([moved_on, "done"])
