"""Rows 21, 22 and 49: others hold what a command needs: a lock it would wait for in a circle, a long transaction, all
the connections there are."""

import threading
import time
from contextlib import ExitStack
from typing import Any

import psycopg
import pytest

from desktop.errors import Unavailable
from desktop.queries import registers
from desktop.queries.rows import RegisterFilter
from desktop.store.database import Store
from tests import story
from tests.faults import offices, proof
from tests.faults.crew import Crew, lines
from tests.faults.day import Day
from tests.faults.points import Points


def _plain(url: str) -> str:
    return url.replace("postgresql+psycopg://", "postgresql://")


@pytest.fixture
def day(postgres_url, people, clock, history, plain_begin) -> Any:
    plain_begin(postgres_url)
    store = offices.workstation(postgres_url, clock, "WS-01")
    yield Day(history, story.teller(store, people, clock), worker="WS-01")
    store.dispose()


def test_who_gives_way_in_a_deadlock_is_not_told_of_it(postgres_url, day, people, history, whole):
    """A session holds the clerk's own row and then wants the register's counter, which the command holds by then."""
    answers: list[Any] = []
    for turn in range(5 if whole else 1):
        with psycopg.connect(_plain(postgres_url)) as other:
            other.execute("SET deadlock_timeout = '60s'")  # it is the program that gives way
            other.execute("SELECT 1 FROM person WHERE id = %s FOR UPDATE", (people.clerk.person_id,))
            site = f"Орал қ., Мұхит көш., {turn}"
            thread = threading.Thread(target=lambda site=site: answers.append(day.register(site)))
            thread.start()
            _until_it_waits(postgres_url)
            other.execute("UPDATE register_counter SET last = last WHERE register = 'incoming'")
            other.commit()
            thread.join(60)
    assert {outcome.type for outcome in answers} == {"ok"}
    assert lines(history, "invoke") == lines(history, "ok") == (5 if whole else 1)
    assert proof.faults(history, postgres_url) == []


def _until_it_waits(url: str) -> None:
    deadline = time.monotonic() + 30
    with psycopg.connect(_plain(url), autocommit=True) as connection:
        while time.monotonic() < deadline:
            row = connection.execute(
                "SELECT count(*) FROM pg_stat_activity"
                " WHERE datname = current_database() AND wait_event_type = 'Lock'"
            ).fetchone()
            if row and row[0]:
                return
    raise AssertionError("nobody waits")


def test_nobody_waits_for_a_colleagues_long_transaction(
    postgres_url, case_at, postgres_store, people, clock, history, plain_begin, whole, record_property
):
    """One stands just before COMMIT, as a slow disk makes him, while all the others work on other cases."""
    busy = [case_at("decide", site=f"Орал қ., Абай даңғ., {number}") for number in range(6 if whole else 4)]
    plain_begin(postgres_url)
    slow_store = offices.workstation(postgres_url, clock, "WS-99")
    slow = Day(history, story.teller(slow_store, people, clock), worker="WS-99")
    holds, finished = threading.Event(), threading.Event()

    def reached(name: str) -> None:
        if name == "before COMMIT" and not holds.is_set():
            holds.set()
            assert finished.wait(120)

    Points(reached).watch(slow_store.engine)
    holding = threading.Thread(target=lambda: slow.use("save_checks", busy[0]))
    holding.start()
    assert holds.wait(60)
    taken: list[float] = []

    def work(other: Day, number: int) -> None:
        for turn in range(10 if whole else 3):
            began = time.monotonic()
            assert other.use("attach_files", busy[number + 1]).type == "ok", turn
            taken.append(time.monotonic() - began)

    crew = Crew(postgres_url, history, people, clock)
    with crew.at_work(len(busy) - 1, work):
        pass
    finished.set()
    holding.join(60)
    slow_store.dispose()
    assert proof.faults(history, postgres_url) == []
    taken.sort()
    p99 = taken[int(len(taken) * 0.99)]
    record_property("told", f"{len(taken)} commands beside an open transaction: p99 {p99 * 1000:.0f} ms")


def test_no_connection_is_left(own, own_office, people, clock, history, plain_begin):
    """The server takes nobody more: the person is told that there is no place, and the same command goes through later."""
    plain_begin(own_office)
    store = offices.workstation(own_office, clock, "WS-01")
    day = Day(history, story.teller(store, people, clock), worker="WS-01")
    store.engine.dispose()
    with ExitStack() as held:
        while _one_more(own.address, held):
            pass
        with pytest.raises(Unavailable, match="too-many-connections"):
            _look(store, people)
    outcome = day.register("Орал қ., Абай даңғ., 49")
    assert outcome.type == "ok"
    store.dispose()
    assert proof.faults(history, own_office) == []


def _one_more(address: str, held: ExitStack) -> bool:
    try:
        held.enter_context(psycopg.connect(address))
    except psycopg.OperationalError:
        return False
    return True


def _look(store: Store, people: Any) -> None:
    registers.applications(store, people.auditor, filter=RegisterFilter())
