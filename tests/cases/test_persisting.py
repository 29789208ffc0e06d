"""The connection is lost while a command is sent: it is done once, and nobody is told anything else."""

import itertools
import os
import random
import threading
from collections.abc import Iterator

import psycopg
import pytest
from sqlalchemy import event, func, select, text
from sqlalchemy.orm import Session

from desktop.cases import registering, routing
from desktop.cases.persisting import CONFLICTS
from desktop.errors import NotAllowed, Unavailable
from desktop.models import Case, Claim, RegisterNumber
from desktop.regulation.model import Act, Effect
from desktop.store.database import Store
from desktop.store.intent import Intent
from tests import office, story
from tests.faults import proxy
from tests.faults.proxy import AFTER, ANSWERED, BEFORE, PASS, Network
from tests.seats import SeatedStore

WORKERS = 8
INTENTS = int(os.environ.get("RUQSAT_INTENTS", "100"))  # how many are registered through cuts


@pytest.fixture
def network(postgres_url: str) -> Iterator[Network]:
    with proxy.before(postgres_url) as made:
        yield made


@pytest.fixture
def far_store(network: Network, clock) -> Iterator[Store]:
    """The office's database behind a network that misbehaves on demand."""
    made = SeatedStore(network.url, clock=clock, workstation=office.WORKSTATION)
    yield made
    made.dispose()


def _cut(network: Network, *ways: str) -> None:
    """Treat the next COMMITs so, the later ones well."""
    coming = iter(ways)
    network.on_commit = lambda: next(coming, PASS)


def _cases(store: Store) -> int:
    with store.reading() as session:
        return int(session.scalar(select(func.count()).select_from(Case)) or 0)


@pytest.mark.parametrize("way", [BEFORE, AFTER, ANSWERED])
def test_a_cut_around_commit_is_not_even_noticed(far_store: Store, network, postgres_store, people, way):
    form = story.application(far_store)
    _cut(network, way)
    registered = registering.register_application(far_store, people.clerk, application=form, draw=story.draw)
    assert network.cuts == 1
    assert _cases(postgres_store) == 1
    with postgres_store.reading() as session:
        assert session.scalars(select(Case.number)).all() == [registered.number]


@pytest.mark.parametrize("way", [BEFORE, ANSWERED])
def test_while_the_server_is_away_the_outcome_stays_unknown_and_then_is_the_truth(
    far_store: Store, network, postgres_store, people, way
):
    form = story.application(far_store)
    bound = far_store.intending(Intent.new("the application"))

    def leave() -> str:
        network._refusing = True
        return way

    network.on_commit = leave
    for _ in range(2):  # asked again, it is still unknown: neither an error nor done
        with pytest.raises(Unavailable) as told:
            registering.register_application(bound, people.clerk, application=form, draw=story.draw)
        assert told.value.code == "save-unknown"
        network.on_commit = lambda: PASS
    assert _cases(postgres_store) == (way == ANSWERED)
    network.come_back()
    registered = registering.register_application(bound, people.clerk, application=form, draw=story.draw)
    with postgres_store.reading() as session:
        assert session.scalars(select(Case.number)).all() == [registered.number]
    assert not bound.intent.course.unknown


def test_a_colleague_who_was_quicker_is_told_once_it_is_known_that_nothing_was_saved(
    far_store: Store, network, postgres_store, case_at, people
):
    """Between the cut and the repeat somebody else moves the case: the truth is a refusal, not "done"."""
    case_id = case_at(Act.ASSIGN)
    seen = case_at.seen(case_id)
    outcome = case_at.outcome(case_id, Act.ASSIGN, Effect.FORWARD)
    bound = far_store.intending(Intent.new())

    def leave() -> str:
        network._refusing = True
        return BEFORE

    network.on_commit = leave
    with pytest.raises(Unavailable, match="save-unknown"):
        routing.assign(bound, people.head, outcome=outcome, person_id=people.executor.person_id, **seen)
    routing.assign(postgres_store, people.head, outcome=outcome, person_id=people.executor2.person_id, **seen)
    network.come_back()
    network.on_commit = lambda: PASS
    with pytest.raises(NotAllowed) as told:
        routing.assign(bound, people.head, outcome=outcome, person_id=people.executor.person_id, **seen)
    assert told.value.code == "case-moved-on"


def test_a_transaction_still_under_way_keeps_the_outcome_unknown(postgres_store: Store, people):
    """What held the first COMMIT up may let it through yet: asked meanwhile, nobody guesses."""
    form = story.application(postgres_store)
    bound = postgres_store.intending(Intent.new())
    with postgres_store.engine.connect() as other:
        row = {"id": bound.intent.id, "kind": "register", "login": "clerk", "workstation": "", "digest": ""}
        other.execute(Claim.__table__.insert().values(**row, at=postgres_store.now(), result=None))
        bound.intent.course.unknown = True
        bound.intent.course.transaction_id = int(
            other.execute(text("SELECT pg_current_xact_id()::text")).scalar_one()
        )
        with pytest.raises(Unavailable, match="save-unknown"):
            registering.register_application(bound, people.clerk, application=form, draw=story.draw)
        other.rollback()
    registering.register_application(bound, people.clerk, application=form, draw=story.draw)
    assert _cases(postgres_store) == 1


def test_a_number_of_a_transaction_that_a_crash_lost_is_not_believed(postgres_store: Store, people):
    form = story.application(postgres_store)
    bound = postgres_store.intending(Intent.new())
    for lost in (2**40, 3):  # never given yet; long forgotten
        bound.intent.course.unknown, bound.intent.course.transaction_id = True, lost
        registering.register_application(bound, people.clerk, application=form, draw=story.draw)
    assert _cases(postgres_store) == 1


@pytest.mark.parametrize("state", ["40001", "40P01"])
def test_who_had_to_give_way_goes_again_and_no_more_than_agreed(postgres_store: Store, people, state):
    form = story.application(postgres_store)
    with postgres_store.writing() as session:  # raises what a real conflict would
        session.connection().exec_driver_sql(
            "CREATE FUNCTION public.give_way() RETURNS void LANGUAGE plpgsql AS "
            f"$$ BEGIN RAISE 'conflict' USING ERRCODE = '{state}'; END $$"
        )
        session.connection().exec_driver_sql("GRANT EXECUTE ON FUNCTION public.give_way() TO PUBLIC")
    tries = itertools.count(1)
    raised = []

    def give_way(session, _context) -> None:
        raised.append(next(tries))
        if raised[-1] <= CONFLICTS or not ends_well:
            raise_in_server(session)

    def raise_in_server(session) -> None:
        session.connection().exec_driver_sql("SELECT public.give_way()")

    event.listen(Session, "after_flush", give_way)
    try:
        ends_well = False
        with pytest.raises(Unavailable, match="database-busy"):
            registering.register_application(postgres_store, people.clerk, application=form, draw=story.draw)
        assert len(raised) == CONFLICTS + 1
        assert _cases(postgres_store) == 0
        tries, ends_well = itertools.count(1), True
        raised.clear()
        registering.register_application(postgres_store, people.clerk, application=form, draw=story.draw)
    finally:
        event.remove(Session, "after_flush", give_way)
    assert _cases(postgres_store) == 1


def _register_all(store: Store, form, people, intents: list[Intent], told: dict[str, str]) -> None:
    for intent in intents:
        bound = store.intending(intent)
        for _ in range(200):
            try:
                done = registering.register_application(
                    bound, people.clerk, application=form, draw=story.draw
                )
            except Unavailable:
                continue
            else:
                told[intent.id] = done.number
                break


def test_so_many_intents_through_cuts_are_so_many_numbers(
    network, postgres_store, postgres_url, clock, people, record_property
):
    """Cut before and after COMMIT, and backends ended by the administrator, while eight workstations register."""
    seed = random.randrange(2**32)
    chance = random.Random(seed)
    network.on_commit = lambda: chance.choices((PASS, BEFORE, AFTER, ANSWERED), (70, 12, 12, 6))[0]
    stores = [SeatedStore(network.url, clock=clock, workstation=f"WS-{n}") for n in range(WORKERS)]
    intents = [Intent.new(str(n)) for n in range(INTENTS)]
    told: dict[str, str] = {}
    form = story.application(postgres_store)
    threads = [
        threading.Thread(target=_register_all, args=(stores[n], form, people, intents[n::WORKERS], told))
        for n in range(WORKERS)
    ]
    for thread in threads:
        thread.start()
    killed = 0
    with psycopg.connect(postgres_url.replace("+psycopg", ""), autocommit=True) as administrator:
        while any(thread.is_alive() for thread in threads):
            killed += len(
                administrator.execute(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name LIKE %s"
                    " AND random() < 0.3",
                    ("ruqsat/% WS-_",),
                ).fetchall()
            )
            next(thread for thread in [*threads] if thread.is_alive() or thread is threads[-1]).join(0.25)
    for store in stores:
        store.dispose()
    record_property(
        "told",
        f"{INTENTS} intents, {network.cuts} cuts, {killed} backends ended (seed {seed}): {len(told)} numbers",
    )
    with postgres_store.reading() as session:
        given = session.scalars(
            select(RegisterNumber.sequence).where(RegisterNumber.register == "incoming")
        ).all()
        numbers = set(session.scalars(select(Case.number)))
    assert len(told) == INTENTS
    assert sorted(given) == list(range(1, INTENTS + 1))
    assert set(told.values()) == numbers
    assert network.cuts > INTENTS / 20
