# ruff: noqa: PT012 - what must fail is the whole block of a session
"""Sessions: what reading refuses, what writing keeps, how two writers meet, what is told when things fail."""

import sqlite3
import subprocess
import sys
import threading
import time
from datetime import UTC, datetime
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import insert, select, text, update
from sqlalchemy.engine import make_url
from sqlalchemy.exc import IntegrityError

from desktop.errors import BadInput, Unavailable
from desktop.models import FeeRate, Office, Person, RegisterCounter
from desktop.models.migrations import HEAD
from desktop.store.addresses import database_url, refuse_network
from desktop.store.database import APPLICATION_ID, Store
from tests.clock import Clock


def _counter(last: int = 1, register: str = "test") -> RegisterCounter:
    return RegisterCounter(register=register, year=2018, last=last)


def _counters(store: Store) -> list[int]:
    with store.reading() as session:
        return list(session.scalars(select(RegisterCounter.last).order_by(RegisterCounter.register)))


def test_a_change_is_kept(any_store: Store) -> None:
    with any_store.writing() as session:
        session.add(_counter())

    assert _counters(any_store) == [1]


def test_a_block_that_raises_leaves_nothing(any_store: Store) -> None:
    with pytest.raises(ZeroDivisionError), any_store.writing() as session:
        session.add(_counter())
        session.flush()
        raise ZeroDivisionError

    assert _counters(any_store) == []


def test_a_broken_constraint_leaves_nothing_and_is_not_hidden(any_store: Store) -> None:
    with pytest.raises(IntegrityError), any_store.writing() as session:
        session.add(_counter())
        session.flush()
        session.add(Person(login="clerk", name_kk="-", name_ru="-", password_hash="-"))

    assert _counters(any_store) == []


def test_a_reading_session_refuses_to_flush(any_store: Store) -> None:
    with pytest.raises(RuntimeError), any_store.reading() as session:
        session.add(_counter())
        session.flush()

    assert _counters(any_store) == []


@pytest.mark.parametrize("statement", [insert(RegisterCounter).values(register="x", year=1, last=1),
                                       update(Person).values(active=False)])  # fmt: skip
def test_a_reading_session_refuses_a_statement(any_store: Store, statement: object) -> None:
    with pytest.raises(RuntimeError), any_store.reading() as session:
        session.execute(statement)


def test_the_database_itself_refuses_to_write_for_a_reader(any_store: Store) -> None:
    with pytest.raises(Unavailable, match="database-read-only"), any_store.reading() as session:
        session.execute(text("UPDATE person SET active = NOT active"))

    with any_store.writing() as session:  # the same connection writes again
        session.add(_counter())


def test_a_reading_session_sees_one_snapshot(any_store: Store) -> None:
    with any_store.reading() as session:
        before = session.scalar(select(Office.name_ru))
        with any_store.writing() as other:
            other.execute(update(Office).values(name_ru="Другое имя"))
        assert session.scalar(select(Office.name_ru)) == before

    with any_store.reading() as session:
        assert session.scalar(select(Office.name_ru)) == "Другое имя"


def test_two_writers_wait_for_each_other(any_store: Store) -> None:
    """Each reads the counter and writes one more: no number may be given twice."""
    with any_store.writing() as session:
        session.add(_counter(0))

    def count() -> None:
        for _ in range(20):
            with any_store.writing() as session:
                row = session.get_one(RegisterCounter, ("test", 2018), with_for_update=True)
                row.last += 1

    threads = [threading.Thread(target=count) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert _counters(any_store) == [40]


def test_a_writer_who_waits_too_long_is_told(sqlite_url: str, clock: Clock) -> None:
    first = Store(sqlite_url, clock=clock, exclusive=False)
    second = Store(sqlite_url, clock=clock, exclusive=False)
    with first.writing() as session:
        session.add(_counter())
        session.flush()
        with pytest.raises(Unavailable, match="database-busy"), second.writing() as other:
            other.execute(text("PRAGMA busy_timeout=10"))
            other.add(_counter())
    first.dispose()
    second.dispose()


@pytest.fixture(autouse=True)
def _short_patience(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("desktop.store.database._BUSY_MILLISECONDS", 2000)


def test_moments_are_stored_in_utc(any_store: Store, clock: Clock) -> None:
    with any_store.writing() as session:
        session.execute(update(Person).where(Person.id == 1).values(locked_until=clock.moment))

    with any_store.reading() as session:
        stored = session.execute(text("SELECT locked_until FROM person WHERE id = 1")).scalar_one()
        read = session.scalar(select(Person.locked_until).where(Person.id == 1))
    assert str(stored).startswith("2018-06-11 04:30:00")
    assert read == clock.moment
    assert read is not None
    assert read.utcoffset() == UTC.utcoffset(None)


def test_a_naive_moment_is_refused(any_store: Store) -> None:
    with pytest.raises(Exception, match="naive"), any_store.writing() as session:
        session.execute(update(Person).values(locked_until=datetime(2018, 6, 11)))


def test_now_is_the_clock_when_there_is_one(any_store: Store, clock: Clock) -> None:
    assert any_store.now() == clock.moment
    assert any_store.now().tzinfo is UTC


def test_now_is_the_servers_time_on_postgresql(postgres_url: str) -> None:
    store = Store(postgres_url)
    try:
        first = store.now()
        with store.writing() as session:
            second, third = store.now(session), store.now(session)
        assert first < second < third  # not the moment the transaction began
        assert first.tzinfo is UTC
    finally:
        store.dispose()


def test_the_settings_of_a_sqlite_connection(store: Store) -> None:
    with store.writing() as session:
        found = {
            name: session.execute(text(f"PRAGMA {name}")).scalar_one()
            for name in ("journal_mode", "synchronous", "foreign_keys", "application_id", "user_version")
        }
    assert found == {
        "journal_mode": "wal",
        "synchronous": 2,
        "foreign_keys": 1,
        "application_id": APPLICATION_ID,
        "user_version": int(HEAD),
    }


def test_a_reader_does_not_trust_the_files_own_code(store: Store) -> None:
    with store.reading() as session:
        assert session.execute(text("PRAGMA trusted_schema")).scalar_one() == 0
        assert session.execute(text("PRAGMA query_only")).scalar_one() == 1


def test_a_lost_server_is_told_and_the_next_try_works(postgres_store: Store, postgres_url: str) -> None:
    with pytest.raises(Unavailable, match="database-gone"), postgres_store.writing() as session:
        session.add(_counter())
        session.flush()
        _cut_others(postgres_url)
        session.execute(select(Person.id))

    assert _counters(postgres_store) == []


def test_a_connection_lost_while_saving_is_told_as_unknown(postgres_store: Store, postgres_url: str) -> None:
    with pytest.raises(Unavailable, match="save-unknown"), postgres_store.writing() as session:
        session.add(_counter())
        session.flush()
        _cut_others(postgres_url)


def _cut_others(url: str) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
        time.sleep(0.05)


def test_no_server_at_all_is_told(tmp_path: Path) -> None:
    store = Store(f"postgresql://nobody@/nothing?host={tmp_path}")
    with pytest.raises(Unavailable, match="database-gone"), store.reading() as session:
        session.execute(select(Person.id))
    store.dispose()


def test_a_full_disk_is_told_and_nothing_is_saved(sqlite_url: str, clock: Clock) -> None:
    store = Store(sqlite_url, clock=clock, exclusive=False)
    with store.writing() as session:
        pages = session.execute(text("PRAGMA page_count")).scalar_one()
    with pytest.raises(Unavailable, match="disk-full"), store.writing() as session:
        session.execute(text(f"PRAGMA max_page_count={pages}"))
        for number in range(2000):
            session.add(_counter(register=f"{number:019d}"))
    assert _counters(store) == []
    store.dispose()


def test_a_killed_writer_leaves_nothing(sqlite_url: str, clock: Clock) -> None:
    _in_another_process(
        sqlite_url,
        "import os\n"
        "with store.writing() as session:\n"
        "    session.add(RegisterCounter(register='test', year=2018, last=1))\n"
        "    session.flush()\n"
        "    os.kill(os.getpid(), 9)\n",
    )

    store = Store(sqlite_url, clock=clock)  # the lock went with the process
    assert _counters(store) == []
    with store.writing() as session:
        session.add(_counter(7))
    assert _counters(store) == [7]
    store.dispose()


def test_a_second_program_on_the_same_file_is_refused(sqlite_url: str, clock: Clock) -> None:
    store = Store(sqlite_url, clock=clock, workstation="WS-07")
    try:
        said = _in_another_process(sqlite_url, "print('opened')\n")
        assert "database-in-use" in said
        assert "WS-07" in said
        assert "opened" not in said
    finally:
        store.dispose()
    assert "opened" in _in_another_process(sqlite_url, "print('opened')\n")


def _in_another_process(url: str, program: str) -> str:
    begin = (
        "from desktop.store.database import Store\n"
        "from desktop.models import RegisterCounter\n"
        f"store = Store({url!r})\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", begin + program],
        capture_output=True,
        check=False,
        text=True,
        cwd=Path(__file__).parents[2],
    )
    return done.stdout + done.stderr


def test_a_missing_file_is_not_created_by_opening_it(tmp_path: Path) -> None:
    with pytest.raises(Unavailable, match="database-missing"):
        Store(f"sqlite:///{tmp_path / 'none.sqlite'}")
    assert list(tmp_path.iterdir()) == []


def test_garbage_is_told_as_garbage(tmp_path: Path) -> None:
    path = tmp_path / "photo.sqlite"
    path.write_bytes(b"\xff\xd8\xff\xe0 not a database " * 500)
    store = Store(str(path))
    with pytest.raises(Unavailable, match="not-a-database"), store.reading() as session:
        session.execute(select(FeeRate.tenge))
    store.dispose()


def test_foreign_keys_hold_on_both(any_store: Store) -> None:
    with pytest.raises(IntegrityError), any_store.writing() as session:
        session.execute(text("INSERT INTO person_role (person_id, role) VALUES (999, 'clerk')"))


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("postgresql://a@h/d", "postgresql+psycopg://a@h/d"),
        ("postgres://a@h/d", "postgresql+psycopg://a@h/d"),
        ("postgresql+psycopg://a@h/d", "postgresql+psycopg://a@h/d"),
        ("sqlite:////srv/o.sqlite", "sqlite+pysqlite:////srv/o.sqlite"),
        ("/srv/o.sqlite", "sqlite+pysqlite:////srv/o.sqlite"),
    ],
)
def test_an_address_is_understood(written: str, meant: str) -> None:
    assert database_url(written) == make_url(meant)


@pytest.mark.parametrize(
    "written", ["", "  ", "mysql://a@h/d", "sqlite://", "sqlite:///:memory:", "://", "http://x"]
)
def test_another_address_is_bad_input(written: str) -> None:
    with pytest.raises(BadInput, match="database-address"):
        database_url(written)


MOUNTS = """\
/dev/sda1 / ext4 rw 0 0
server:/export /srv/share nfs4 rw 0 0
//server/docs /srv/two\\040words cifs rw 0 0
/dev/sdb1 /srv/share/local ext4 rw 0 0
"""


@pytest.mark.parametrize(
    "path",
    [
        "/srv/share/office.sqlite",
        "/srv/two words/deep/office.sqlite",
        "//server/docs/x",
        "\\\\server\\docs\\x",
    ],
)
def test_a_file_on_another_machine_is_refused(path: str) -> None:
    with pytest.raises(Unavailable, match="sqlite-on-network"):
        refuse_network(Path(path), mounts=MOUNTS)


@pytest.mark.parametrize("path", ["/office.sqlite", "/srv/share2/office.sqlite"])
def test_a_file_on_this_machine_is_not(path: str) -> None:
    refuse_network(Path(path), mounts=MOUNTS)


def test_the_driver_accepts_only_our_transactions(store: Store) -> None:
    """The sqlite3 module must not begin transactions of its own."""
    with store.engine.connect() as connection:
        raw = connection.connection.driver_connection
        assert isinstance(raw, sqlite3.Connection)
        assert raw.isolation_level is None
