"""Hearing of colleagues' changes: at once, of what one may see, through every loss of the connection."""

import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import psycopg
import pytest

from desktop.cases import presence, routing
from desktop.errors import NotAllowed
from desktop.models import JournalEntry
from desktop.queries.listening import Heard, Listening
from desktop.queries.presence import others
from desktop.regulation.model import Act, Effect
from desktop.store.database import Store
from desktop.store.intent import Intent
from tests.faults import proxy


@dataclass
class Ear:
    """What was heard, and when; waits for more."""

    heard: list[tuple[float, Heard]] = field(default_factory=list)
    lost: list[BaseException] = field(default_factory=list)
    found: int = 0
    own: set[str] = field(default_factory=set)
    _news: threading.Condition = field(default_factory=threading.Condition)

    def hear(self, heard: Heard) -> None:
        with self._news:
            self.heard.append((time.monotonic(), heard))
            self._news.notify_all()

    def lose(self, error: BaseException, _seconds: float) -> None:
        with self._news:
            self.lost.append(error)
            self._news.notify_all()

    def find(self) -> None:
        with self._news:
            self.found += 1
            self._news.notify_all()

    def wait(self, until: Callable[[], object], seconds: float = 10) -> None:
        with self._news:
            assert self._news.wait_for(until, seconds)

    @property
    def cases(self) -> set[int]:
        return {case for _, heard in self.heard for case in heard.cases}

    @property
    def here(self) -> set[int]:
        return {case for _, heard in self.heard for case in heard.here}


@pytest.fixture
def listen() -> Iterator[Callable[..., tuple[Ear, Listening]]]:
    begun: list[Listening] = []

    def begin(store: Store, **options: object) -> tuple[Ear, Listening]:
        ear = Ear()
        made = Listening(
            store, heard=ear.hear, lost=ear.lose, found=ear.find, is_own=lambda m: m in ear.own, **options
        )
        begun.append(made)
        made.start()
        ear.wait(lambda: ear.found)
        return ear, made

    yield begin
    for one in begun:
        one.stop()
    assert all(one.join(15) for one in begun)


def _assign(case_at, people, case_id: int, store: Store) -> None:
    outcome = case_at.outcome(case_id, Act.ASSIGN, Effect.FORWARD)
    routing.assign(
        store, people.head, outcome=outcome, person_id=people.executor.person_id, **case_at.seen(case_id)
    )


def test_a_change_is_heard_at_once_and_once(postgres_store: Store, case_at, people, listen, record_property):
    case_id = case_at(Act.ASSIGN)
    ear, listening = listen(postgres_store)
    _assign(case_at, people, case_id, postgres_store)
    sent = time.monotonic()
    ear.wait(lambda: ear.cases)
    took = ear.heard[0][0] - sent
    record_property(
        "told", f"a colleague's change was heard {max(took, 0) * 1000:.0f} ms after its command returned"
    )
    assert took < 1
    listening.look_now()
    assert ear.cases == {case_id}
    assert len([1 for _, heard in ear.heard if case_id in heard.cases]) == 1


def test_what_was_done_here_is_no_news(postgres_store: Store, case_at, people, listen):
    first, second = case_at(Act.ASSIGN), case_at(Act.ASSIGN)
    ear, _ = listen(postgres_store)
    intent = Intent.new()
    ear.own.add(intent.id)
    _assign(case_at, people, first, postgres_store.intending(intent))
    _assign(case_at, people, second, postgres_store)
    ear.wait(lambda: second in ear.cases)
    assert first not in ear.cases


@pytest.mark.parametrize("any_store", ["sqlite", "postgresql"], indirect=True)
def test_without_a_word_it_looks_by_itself(any_store: Store, case_at, people, listen, monkeypatch):
    monkeypatch.setattr("desktop.queries.listening.CHANNEL", "nothing")
    case_id = case_at(Act.ASSIGN)
    ear, _ = listen(any_store, look_every=0.1)
    _assign(case_at, people, case_id, any_store)
    ear.wait(lambda: case_id in ear.cases)


def test_after_a_loss_it_comes_back_by_itself_and_has_missed_nothing(
    postgres_url: str, postgres_store: Store, case_at, people, listen, clock
):
    first, second = case_at(Act.ASSIGN), case_at(Act.ASSIGN)
    with proxy.before(postgres_url) as network:
        far = Store(network.url, clock=clock)
        ear, listening = listen(far)
        network.go_away()
        ear.wait(lambda: ear.lost)
        _assign(case_at, people, first, postgres_store)
        network.come_back()
        listening.look_now()
        ear.wait(lambda: ear.found == 2)
        ear.wait(lambda: first in ear.cases)
        _assign(case_at, people, second, postgres_store)
        ear.wait(lambda: second in ear.cases)
        listening.stop()
        assert listening.join(15)
        far.dispose()


def test_its_backend_ended_by_the_administrator_is_a_loss_like_any(
    postgres_url: str, postgres_store: Store, listen
):
    ear, listening = listen(postgres_store)
    with psycopg.connect(postgres_url.replace("+psycopg", ""), autocommit=True) as administrator:
        administrator.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE 'LISTEN%'"
            " OR (datname = current_database() AND pid <> pg_backend_pid())"
        )
    ear.wait(lambda: ear.lost)
    listening.look_now()
    ear.wait(lambda: ear.found == 2)


def test_nonsense_on_the_channel_is_no_news_and_no_harm(
    postgres_url: str, postgres_store: Store, case_at, people, listen
):
    case_id = case_at(Act.ASSIGN)
    ear, _ = listen(postgres_store)
    with psycopg.connect(postgres_url.replace("+psycopg", ""), autocommit=True) as anybody:
        for word in (
            "",
            "null",
            "[" * 5000,
            '{"case": 7}',
            '{"here": "x"}',
            '{"here": 1e999}',
            "changed" * 900,
        ):
            anybody.execute("SELECT pg_notify('ruqsat', %s)", (word,))
    _assign(case_at, people, case_id, postgres_store)
    ear.wait(lambda: case_id in ear.cases)
    assert (ear.cases, ear.here, ear.lost) == ({case_id}, set(), [])


def test_it_stops_at_once_whatever_it_waits_for(postgres_url: str, clock):
    with proxy.before(postgres_url) as network:
        store = Store(network.url, clock=clock)
        ear = Ear()
        for stalls in (False, True):
            listening = Listening(store, heard=ear.hear, lost=ear.lose, found=ear.find)
            listening.start()
            ear.wait(lambda: ear.found)
            ear.found = 0
            network.stall() if stalls else None
            listening.stop()
            assert listening.join(2)
        network.flow()
        store.dispose()


def test_a_colleague_who_has_the_case_open_is_seen_until_he_leaves(
    postgres_store: Store, case_at, people, clock, listen
):
    case_id = case_at(Act.CHECK)
    ear, _ = listen(postgres_store)
    presence.note(postgres_store, people.executor, case_id=case_id, here=True)
    ear.wait(lambda: case_id in ear.here)
    (seen,) = others(postgres_store, people.head, case_id=case_id)
    assert seen.name.ru == people.executor.name_ru
    assert others(postgres_store, people.executor, case_id=case_id) == ()  # oneself is no company
    clock.forward(minutes=1)
    presence.note(postgres_store, people.executor, case_id=case_id, here=True)
    clock.forward(minutes=1)
    (seen,) = others(postgres_store, people.head, case_id=case_id)
    assert round(seen.since.total_seconds()) == 120
    clock.forward(minutes=2)
    assert others(postgres_store, people.head, case_id=case_id) == ()  # not renewed: the program died
    presence.note(postgres_store, people.executor, case_id=case_id, here=True)
    assert round(others(postgres_store, people.head, case_id=case_id)[0].since.total_seconds()) == 0
    presence.note(postgres_store, people.executor, case_id=case_id, here=False)
    assert others(postgres_store, people.head, case_id=case_id) == ()


def test_presence_leaves_no_trace_in_the_journal_and_is_nobody_elses_to_write(
    postgres_store: Store, case_at, people
):
    case_id = case_at(Act.CHECK)
    with postgres_store.reading() as session:
        before = session.query(JournalEntry).count()
    presence.note(postgres_store, people.executor, case_id=case_id, here=True)
    with postgres_store.reading() as session:
        assert session.query(JournalEntry).count() == before
    for words in (
        f"INSERT INTO presence VALUES ({case_id}, 3, now(), now())",
        "UPDATE presence SET opened_at = now()",
        "DELETE FROM presence",
        "LOCK TABLE presence IN ROW EXCLUSIVE MODE",
    ):
        with (
            pytest.raises(NotAllowed, match="database-says-no"),
            postgres_store.writing(by="clerk") as session,
        ):
            session.connection().exec_driver_sql(words)


def test_on_a_file_nobody_else_is_here(store: Store, case_at, people):
    case_id = case_at(Act.CHECK)
    presence.note(store, people.executor, case_id=case_id, here=True)
    assert others(store, people.head, case_id=case_id) == ()
