"""Two people on one case at once, and two counters at once: one is first, the other is told, nothing is lost.

The moments are chosen by the hooks of :mod:`tests.faults.points`: the first stands just before its COMMIT when the
second asks for the same row.
"""

import threading
import time
from collections.abc import Callable
from datetime import datetime
from typing import Any

import psycopg
import pytest

from desktop.errors import NotAllowed
from desktop.store.database import Store
from tests import story
from tests.clock import OFFICE_ZONE
from tests.faults import jobs, pages
from tests.faults.conftest import PIN
from tests.faults.points import Points
from tests.faults.state import books, faults, state
from tests.faults.zygote import Zygote

MORNING = "2018-06-11T09:30+05:00"
ASSIGN = {"do": "assign", "person": "executor"}
ASSIGN_ANOTHER = {"do": "assign", "person": "executor2"}
SIGN, WITHDRAW, CORRECT, DRAFT = ({"do": name} for name in ("sign", "withdraw", "correct", "draft"))
RACES = [
    # where the case stands, the first, the second, what the second is told
    ("assign", ASSIGN, ASSIGN_ANOTHER, ("Басшыбаев Ерлан Қуатұлы", "assigned")),
    ("assign", ASSIGN_ANOTHER, ASSIGN, ("Басшыбаев Ерлан Қуатұлы", "assigned")),
    ("sign", SIGN, WITHDRAW, ("Басшыбаев Ерлан Қуатұлы", "signed")),
    ("sign", WITHDRAW, SIGN, ("Кеңсебаева Гүлнәр Ұланқызы", "withdrawn")),
    ("decide", CORRECT, DRAFT, ("Кеңсебаева Гүлнәр Ұланқызы", "corrected")),
    ("decide", DRAFT, CORRECT, ("Орындаушина Сәуле Маратқызы", "drafted")),
]
races = pytest.mark.parametrize(("at", "first", "second", "told"), RACES)


@pytest.fixture
def case_on(ground_of, trusted, people, clock) -> Callable[[str, str], tuple[Any, dict[str, Any]]]:
    """``case_on(engine, at)``: a ground with one case at the step, and what a job on it must know."""

    def make(engine: str, at: str) -> tuple[Any, dict[str, Any]]:
        seen: dict[str, int] = {}

        def before(store: Store) -> None:
            trusted(store)
            tell = story.teller(store, people, clock)
            seen.update(tell.seen(tell(at, draw=pages.draw)))

        return ground_of(engine, before), {"moment": MORNING, "pin": PIN, **seen}

    return make


@races
def test_of_two_sessions_on_sqlite_the_second_is_told(case_on, key_file, clock, at, first, second, told):
    ground, shared = case_on("sqlite", at)
    shared["key"] = key_file
    jobs.JOBS[first["do"]](ground.store, {**shared, **first})()
    alone = books(state(ground.store))
    ground.renew()

    stores = [Store(ground.url, clock=clock, workstation="WS-2", exclusive=False) for _ in range(2)]
    works = [
        jobs.JOBS[job["do"]](store, {**shared, **job})
        for store, job in zip(stores, (first, second), strict=True)
    ]
    holds, asks = threading.Event(), threading.Event()
    answers: dict[int, Any] = {}
    commits = iter(["prepared", "recorded"] if first is SIGN else ["done"])

    def first_reached(name: str) -> None:
        if name == "before COMMIT" and next(commits) != "prepared":
            holds.set()
            assert asks.wait(30)

    def second_reached(name: str) -> None:
        if name == "before BEGIN IMMEDIATE":
            asks.set()

    Points(first_reached).watch(stores[0].engine)
    Points(second_reached).watch(stores[1].engine)

    def act(number: int) -> None:
        try:
            answers[number] = works[number]()
        except Exception as error:
            answers[number] = error

    threads = [threading.Thread(target=act, args=(number,)) for number in range(2)]
    threads[0].start()
    assert holds.wait(30), answers
    threads[1].start()
    for thread in threads:
        thread.join(30)
    for store in stores:
        store.dispose()
    assert not isinstance(answers[0], Exception), answers
    assert isinstance(answers[1], NotAllowed), answers
    assert answers[1].code == "case-moved-on"
    assert (answers[1].facts["who"], answers[1].facts["what"]) == told
    assert answers[1].facts["when"] == datetime(2018, 6, 11, 9, 30, tzinfo=OFFICE_ZONE)
    assert books(state(ground.store)) == alone
    assert faults(ground.store) == []


@pytest.fixture(scope="module")
def zygotes():
    with Zygote() as one, Zygote() as other:
        yield one, other


@races
def test_of_two_processes_on_postgresql_the_second_is_told(
    case_on, key_file, zygotes, at, first, second, told
):
    ground, shared = case_on("postgresql", at)
    shared |= {"key": key_file, "url": ground.url}
    quick, slow = zygotes
    quick.run(**(shared | first))
    alone = books(state(ground.store))
    ground.renew()

    if second is SIGN:  # the key is at work when the colleague withdraws
        slow.begin(**(shared | second), pause_at=["before closing the key file"])
        slow.paused()
    quick.begin(**(shared | first), pause_at=["before COMMIT"])
    quick.paused()
    if first is SIGN:  # prepared; the second COMMIT is that of the record
        quick.go()
        quick.paused()
    if second is SIGN:
        slow.go()
    else:
        slow.begin(**(shared | second))
    _wait_for_a_waiting_session(ground.url)
    quick.go()
    assert "done" in quick.end()
    said = slow.end()
    assert said["refused"] == "case-moved-on", said
    assert (said["facts"]["who"], said["facts"]["what"]) == told
    assert said["facts"]["when"] == "2018-06-11 09:30:00+05:00"
    assert books(state(ground.store)) == alone
    assert faults(ground.store) == []


@pytest.mark.parametrize("end", ["commit", "rollback", "kill"])
@pytest.mark.parametrize("begun", [0, 2])
def test_two_counters_at_once_leave_no_gap(ground_of, zygotes, end, begun):
    """The second asks for its number while the first holds one, which then commits, fails or dies."""
    ground = ground_of("postgresql", lambda store: None)
    one, other = zygotes
    job = {"url": ground.url, "moment": MORNING}
    for turn in range(begun):
        one.run(do="register", site=f"бұрын {turn}", **job)
    taken = "after INSERT INTO register_counter"
    one.begin(do="register", site="бірінші", fail=end == "rollback", pause_at=[taken], **job)
    one.paused()
    other.begin(do="register", site="екінші", **job)
    _wait_for_a_waiting_session(ground.url)
    if end == "kill":
        one.die()
    else:
        one.go()
    assert ("done" in one.end()) == (end == "commit")
    kept = begun + (2 if end == "commit" else 1)
    assert other.end()["done"] == f"2018-{kept:06d}"
    assert faults(ground.store) == []


def test_two_counters_in_disorder_leave_no_gap(ground_of, zygotes):
    """Both register as fast as they can, every third paper cannot be drawn, and each dies again and again."""
    ground = ground_of("postgresql", lambda store: None)
    sites = [f"{'-' if turn % 3 == 2 else ''}{turn}" for turn in range(6)]
    deaths = 0
    for kill_at in (25, 58, 91, 124, 157, 10_000):
        for zygote in zygotes:
            zygote.begin(do="register_many", sites=sites, url=ground.url, moment=MORNING, kill_at=kill_at)
        deaths += sum("killed" in zygote.end() for zygote in zygotes)
    assert deaths == 10
    assert faults(ground.store) == []
    with ground.store.reading() as session:
        assert session.connection().exec_driver_sql("SELECT count(*) FROM case_file").scalar_one() > 8


def _wait_for_a_waiting_session(url: str) -> None:
    """Ask the server until a session of this database waits for another's lock."""
    deadline = time.monotonic() + 30
    with psycopg.connect(
        url.replace("postgresql+psycopg://", "postgresql://"), autocommit=True
    ) as connection:
        while time.monotonic() < deadline:
            waiting = connection.execute(
                "SELECT count(*) FROM pg_stat_activity"
                " WHERE datname = current_database() AND wait_event_type = 'Lock'"
            ).fetchone()
            if waiting and waiting[0]:
                return
    raise AssertionError("nobody waits")
