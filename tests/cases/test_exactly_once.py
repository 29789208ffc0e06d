"""A command sent twice under one id is done once, and says the same both times."""

import threading

import pytest
from sqlalchemy import event, func, select

from desktop.cases import office, registering, routing
from desktop.errors import NotAllowed
from desktop.models import Case, Claim, JournalEntry, Person
from desktop.regulation.model import Act, Effect
from desktop.store.database import Store
from desktop.store.intent import Intent
from tests import story
from tests.cases.commands import COMMANDS, Used
from tests.cases.world import world

every_command = pytest.mark.parametrize("used", COMMANDS.values(), ids=COMMANDS.keys())


@every_command
def test_a_command_sent_again_changes_nothing_and_is_no_refusal(
    any_store: Store, case_at, people, used: Used
):
    case_id = case_at(used.at)
    seen = case_at.seen(case_id)
    case_at.store = any_store.intending(Intent.new("what was asked"))
    used.run(case_at, used.actor(people), seen)
    after = world(any_store)
    used.run(case_at, used.actor(people), seen)
    assert world(any_store) == after
    with any_store.reading() as session:
        claim = session.get_one(Claim, case_at.store.intent.id)
        told = session.scalars(select(JournalEntry.event).where(JournalEntry.command_id == claim.id)).all()
    assert (claim.case_id, claim.login, claim.workstation) == (case_id, used.by, "WS-TEST")
    assert told == [used.event]


def test_a_registration_sent_again_gives_the_same_receipt(any_store: Store, people):
    form = story.application(any_store)
    bound = any_store.intending(Intent.new())
    first = registering.register_application(bound, people.clerk, application=form, draw=story.draw)
    assert registering.register_application(bound, people.clerk, application=form, draw=story.draw) == first
    with any_store.reading() as session:
        assert session.scalar(select(func.count()).select_from(Case)) == 1
        assert session.get_one(Claim, bound.intent.id).case_id == first.case_id


def test_a_person_added_twice_is_one_person(any_store: Store, people):
    facts = office.PersonFacts("aigerim", "Айгерім", "Айгерим", "", "", "", people.clerk.roles)
    bound = any_store.intending(Intent.new())
    added = [
        office.save_person(bound, people.administrator, person=facts, password="Qwerty-1812")
        for _ in range(2)
    ]
    assert added[0] == added[1]
    with any_store.reading() as session:
        assert session.get_one(Person, added[0]).login == "aigerim"


def test_twins_in_flight_are_one_command(any_store: Store, case_at, people):
    """The second waits for the first on the claim and gets its result instead of being told of a colleague."""
    case_id = case_at(Act.ASSIGN)
    seen = case_at.seen(case_id)
    bound = any_store.intending(Intent.new())
    start, told = threading.Barrier(4), []

    def send() -> None:
        outcome = case_at.outcome(case_id, Act.ASSIGN, Effect.FORWARD)
        start.wait()
        try:
            routing.assign(bound, people.head, outcome=outcome, person_id=people.executor.person_id, **seen)
            told.append("done")
        except Exception as error:
            told.append(str(error))

    threads = [threading.Thread(target=send) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert told == ["done"] * 4
    assert case_at.version(case_id) == seen["seen_version"] + 1


def test_an_id_used_for_something_else_is_a_defect(any_store: Store, case_at, people):
    case_id = case_at(Act.CHECK)
    bound = any_store.intending(Intent.new("one thing"))
    COMMANDS["attach_files"].run(_with(case_at, bound), people.executor, case_at.seen(case_id))
    before = world(any_store)
    other = any_store.intending(Intent(bound.intent.id, "another thing"))
    with pytest.raises(RuntimeError, match="was used for attach"):
        COMMANDS["attach_files"].run(_with(case_at, other), people.executor, case_at.seen(case_id))
    assert world(any_store) == before


def test_a_refused_command_leaves_its_id_free(any_store: Store, case_at, people):
    case_id = case_at(Act.ASSIGN)
    bound = any_store.intending(Intent.new())
    with pytest.raises(Exception, match="role-may-not"):
        COMMANDS["assign"].run(_with(case_at, bound), people.clerk, case_at.seen(case_id))
    COMMANDS["assign"].run(_with(case_at, bound), people.head, case_at.seen(case_id))
    assert case_at.case(case_id).step is not None


def _with(case_at, store: Store):
    case_at.store = store
    return case_at


def test_two_commands_on_one_case_wait_for_each_other_and_never_deadlock(
    postgres_store: Store, case_at, people
):
    """Both are about to claim, which on this server already takes the case; the second waits and is told."""
    case_id = case_at(Act.ASSIGN)
    url = postgres_store.url.render_as_string(hide_password=False)
    claimed, meetings, told = threading.Barrier(2), [], []

    def correct(store: Store) -> None:
        met = []

        def meet(_connection, _cursor, statement, *_rest) -> None:
            if statement.startswith("INSERT INTO command") and not met:
                met.append(claimed.wait(30))
                meetings.extend(met)

        event.listen(store.engine, "before_cursor_execute", meet)
        try:
            COMMANDS["correct"].run(story.teller(store, people, case_at.clock), people.clerk, seen)
            told.append("done")
        except NotAllowed as error:
            told.append(error.code)

    seen = case_at.seen(case_id)
    stores = [type(postgres_store)(url, clock=case_at.clock, exclusive=False) for _ in range(2)]
    threads = [threading.Thread(target=correct, args=(store,)) for store in stores]
    deadlocks = "SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()"
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    for store in stores:
        store.dispose()
    assert (sorted(meetings), sorted(told)) == ([0, 1], ["case-moved-on", "done"])
    with postgres_store.reading() as session:
        assert session.connection().exec_driver_sql(deadlocks).scalar_one() == 0
