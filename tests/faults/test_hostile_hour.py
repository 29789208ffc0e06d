"""Rows 23, 24, 26 and 33: colleagues with psql at work beside honest ones; rights that are not what they should be.

The whole of what is refused and why is proved in ``tests/authority`` and ``tests/guards``; here an office goes on
working while it is tried, and the checker finds nothing afterwards.
"""

import threading
import time

import psycopg
from psycopg import sql

from desktop.store import authority, backup, making
from desktop.store.authority.names import login_role
from desktop.store.database import Store
from tests import seats
from tests.faults import proof
from tests.faults.crew import Crew, lines, registrations

MODES = (
    *("ROW SHARE", "ROW EXCLUSIVE", "SHARE UPDATE EXCLUSIVE", "SHARE", "SHARE ROW EXCLUSIVE", "EXCLUSIVE"),
    "ACCESS EXCLUSIVE",
)
HOSTILE = {
    "clerk": [
        "UPDATE register_counter SET last = last + 5",
        "UPDATE register_number SET text = '2018-999999'",
        "UPDATE case_file SET number = '2018-999999'",
        "UPDATE case_file SET registered_at = now() - interval '30 days'",
        "UPDATE case_file SET step = 'delivery'",
        "DELETE FROM case_file",
        "DELETE FROM journal_entry",
        "UPDATE journal_entry SET actor = 'head'",
        "TRUNCATE journal_image",
        "INSERT INTO person_role VALUES (2, 'head')",
        "ALTER TABLE case_file DISABLE TRIGGER ALL",
        "SET session_replication_role = replica",
        "CREATE TEMP TABLE case_file (id int)",
        "COPY person TO PROGRAM 'cat'",
    ],
    "executor": [
        "UPDATE case_file SET result = 'licence', step = NULL, closed_at = now()",
        "INSERT INTO case_document SELECT * FROM case_document",
        "UPDATE case_document SET state = 'signed'",
        "INSERT INTO licence SELECT * FROM licence",
        "UPDATE assignment SET person_id = 5",
    ],
    "administrator": [
        "UPDATE journal_head SET position = 1",
        "DELETE FROM journal_link",
        "ALTER ROLE CURRENT_USER SUPERUSER",
        "CREATE ROLE somebody LOGIN",
        "GRANT ALL ON case_file TO PUBLIC",
        "DROP TABLE journal_entry",
    ],
}


def _as(url: str, role: str) -> psycopg.Connection:
    """A connection of the person's own: what he does is done by his login."""
    connection = psycopg.connect(url.replace("postgresql+psycopg://", "postgresql://"), autocommit=True)
    connection.execute(sql.SQL("SET SESSION AUTHORIZATION {}").format(sql.Identifier(role)))
    return connection


def _tried(connection: psycopg.Connection, statement: str) -> str:
    """Return the SQLSTATE of the refusal; "" for a statement that did something."""
    try:
        with connection.transaction():
            return "" if connection.execute(statement.encode()).rowcount > 0 else "nothing"
    except psycopg.Error as error:
        return error.sqlstate or "?"


def test_an_office_works_beside_hostile_colleagues(
    postgres_url, people, clock, history, plain_begin, whole, record_property
):
    plain_begin(postgres_url)
    crew = Crew(postgres_url, history, people, clock)
    prefix = _prefix(postgres_url)
    told: dict[str, str] = {}
    locked: dict[str, str] = {}
    with crew.at_work(10 if whole else 4, registrations(10 if whole else 4)):
        crew.until(lambda: lines(history, "ok") > 3)
        for login, statements in HOSTILE.items():
            with _as(postgres_url, login_role(prefix, login)) as connection:
                for statement in statements:
                    told[f"{login}: {statement}"] = _tried(connection, statement)
        with _as(postgres_url, login_role(prefix, "clerk")) as connection:
            tables = [
                row[0]
                for row in connection.execute(
                    "SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace"
                ).fetchall()
            ]
            for table in tables:
                for mode in MODES:
                    locked[f"{table} {mode}"] = _tried(connection, f"LOCK TABLE {table} IN {mode} MODE")
    allowed = {"42501", "LC001", "LC002", "nothing", "42P01", "25001", "22023"}
    assert {name: state for name, state in told.items() if state not in allowed} == {}
    assert {name: state for name, state in locked.items() if state != "42501"} == {}
    assert len(locked) > 200
    assert proof.faults(history, postgres_url) == []
    record_property(
        "told",
        f"{len(told)} hostile statements and {len(locked)} locks refused beside {crew.acknowledged} commands",
    )


def test_a_colleague_who_holds_rows_delays_and_does_not_stop_the_others(
    postgres_url, people, clock, history, plain_begin
):
    """He locks what he may lock and idles; the others wait, are told that it is busy at the worst, and go on."""
    plain_begin(postgres_url)
    crew = Crew(postgres_url, history, people, clock)
    role = login_role(_prefix(postgres_url), "clerk")
    held = threading.Event()

    def hold() -> None:
        with _as(postgres_url, role) as connection, connection.transaction():
            connection.execute("SELECT id FROM case_file FOR UPDATE")
            connection.execute("SET CONSTRAINTS ALL IMMEDIATE")
            held.set()
            time.sleep(2)

    with crew.at_work(3, registrations(3)):
        crew.until(lambda: lines(history, "ok") > 2)
        holder = threading.Thread(target=hold)
        holder.start()
        assert held.wait(30)
    holder.join(30)
    assert crew.acknowledged == 18
    assert proof.faults(history, postgres_url) == []


def _prefix(url: str) -> str:
    store = seats.SeatedStore(url)
    prefix = store.prefix
    store.dispose()
    return prefix


DRIFTED = (
    "GRANT CONNECT, TEMPORARY ON DATABASE {database} TO PUBLIC",
    "DROP POLICY own_case ON case_document",
    "GRANT UPDATE (number) ON case_file TO {prefix}__clerk",
    "ALTER TABLE case_file DISABLE TRIGGER USER",
)


def test_rights_that_a_restore_or_a_hand_changed_are_told_to_everybody(
    postgres_url, bare_postgres_url, case_at, postgres_store, tmp_path
):
    """Our own restore brings every right; what a plain one leaves out, or a hand adds, is named to any clerk."""
    case_at("assign")
    backup.backup(postgres_url.replace("+psycopg", ""), tmp_path / "copy.backup")
    backup.restore(tmp_path / "copy.backup", bare_postgres_url)
    store = seats.SeatedStore(bare_postgres_url)
    assert _difference(store, "clerk") == []
    for drifted in DRIFTED:
        with store.engine.begin() as connection:
            database = f'"{store.engine.url.database}"'
            connection.exec_driver_sql(drifted.format(database=database, prefix=store.prefix))
        told = _difference(store, "clerk")
        assert len(told) >= 1, drifted
        assert told == _difference(store, "head")
        making.upgrade(bare_postgres_url)  # the administrator puts them right
        assert _difference(store, "clerk") == []
    store.dispose()


def _difference(store: Store, login: str) -> list[str]:
    with store.reading(by=login) as session:
        return authority.difference(session.connection())
