"""The watchdog: a server that acknowledges and says nothing is let go; one that is only slow is not."""

import hashlib
import os
import signal
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime

import psycopg
import pytest
from sqlalchemy import text

from desktop.cases import registering
from desktop.errors import Unavailable
from desktop.store import blobs
from desktop.store.database import Store
from desktop.store.intent import Intent
from tests import story
from tests.faults import proxy
from tests.faults.proxy import PASS, Network

SILENCE = 0.6  # seconds


@pytest.fixture
def network(postgres_url: str) -> Iterator[Network]:
    with proxy.before(postgres_url) as made:
        yield made


@pytest.fixture
def far_store(network: Network, clock) -> Iterator[Store]:
    made = Store(network.url, clock=clock, silence=SILENCE)
    yield made
    made.dispose()


def _one(store: Store) -> int:
    with store.reading() as session:
        return int(session.scalar(text("SELECT 1")) or 0)


def test_a_server_that_acknowledges_and_never_answers_is_let_go(far_store: Store, network, record_property):
    assert _one(far_store) == 1
    network.stall()
    began = time.monotonic()
    with pytest.raises(Unavailable) as told:
        _one(far_store)
    took = time.monotonic() - began
    assert told.value.code == "database-gone"
    assert SILENCE <= took < SILENCE + 8  # the ping, then a new connection that gets no greeting either
    record_property(
        "told", f"a stalled server was let go after {took:.1f} s, of which {SILENCE} s are the limit"
    )
    network.flow()
    assert _one(far_store) == 1


def test_a_commit_without_an_answer_is_unknown_and_then_found_out(far_store: Store, network, people):
    form = story.application(far_store)
    bound = far_store.intending(Intent.new())

    def stall() -> str:
        network.on_commit = lambda: PASS
        network.stall()
        return PASS

    network.on_commit = stall
    with pytest.raises(Unavailable, match="save-unknown"):
        registering.register_application(bound, people.clerk, application=form, draw=story.draw)
    network.flow()
    registered = registering.register_application(bound, people.clerk, application=form, draw=story.draw)
    assert registered.number == "2018-000001"


def test_a_backend_that_stands_still_is_let_go(postgres_url: str, clock):
    store = Store(postgres_url, clock=clock, silence=SILENCE)
    with store.engine.connect() as connection:
        backend = connection.execute(text("SELECT pg_backend_pid()")).scalar_one()
        connection.rollback()
        os.kill(backend, signal.SIGSTOP)
        try:
            with pytest.raises(Exception, match="silent for") as told:
                connection.execute(text("SELECT 1"))
        finally:
            os.kill(backend, signal.SIGCONT)
        assert isinstance(told.value.__cause__, psycopg.OperationalError)
        assert connection.invalidated
    assert _one(store) == 1
    store.dispose()


def test_a_long_transfer_is_measured_by_its_bytes_and_not_by_its_time(far_store: Store, network):
    content = os.urandom(3 * 1024 * 1024)
    digest = hashlib.sha256(content).hexdigest()
    with far_store.writing() as session:
        blobs.put(session, content, "application/pdf", datetime.now(UTC))
    network.delay = 0.05
    began = time.monotonic()
    with far_store.reading() as session:
        assert hashlib.sha256(blobs.get(session, digest)).hexdigest() == digest
    assert time.monotonic() - began > 2 * SILENCE


def test_an_answer_cut_in_the_middle_of_a_scan_is_no_scan(far_store: Store, network):
    content = os.urandom(3 * 1024 * 1024)
    with far_store.writing() as session:
        digest = blobs.put(session, content, "application/pdf", datetime.now(UTC))
    network.cut_after = 1_500_000
    with pytest.raises(Unavailable, match="database-gone"), far_store.reading() as session:
        blobs.get(session, digest)
    network.cut_after = None
    with far_store.reading() as session:
        assert blobs.get(session, digest) == content


def test_the_server_ends_its_own_long_statement_before_it_counts_as_silent(far_store: Store):
    with pytest.raises(Unavailable, match="database-busy"), far_store.reading() as session:
        session.execute(text("SELECT pg_sleep(30)"))


def test_work_without_a_limit_waits_as_long_as_it_takes(postgres_url: str):
    from desktop.store.addresses import database_url
    from desktop.store.database import engine_for

    engine = engine_for(database_url(postgres_url), silence=None)
    with engine.connect() as connection:
        assert connection.execute(text("SELECT pg_sleep(1)")).scalar_one() is not None
    engine.dispose()


def test_several_stalled_lanes_are_freed_side_by_side(far_store: Store, network):
    """Each waits for itself: three stalled calls take the time of one."""
    codes: list[str] = []

    def ask() -> None:
        try:
            _one(far_store)
        except Unavailable as error:
            codes.append(error.code)

    network.stall()
    threads = [threading.Thread(target=ask) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    network.flow()
    assert codes == ["database-gone"] * 3
