"""A hand on the tables past every trigger: what a superuser of the server, or whoever has the file, can do."""

import re
import sqlite3
from contextlib import closing

import psycopg

from desktop.store import authority, imaging, proving
from desktop.store.database import Store
from desktop.store.proving import Proof
from tests.seats import SeatedStore


def write(store: Store, *statements: str) -> None:
    """Run statements with the journal's triggers switched off, and leave no trace of that."""
    url = store.url.render_as_string(hide_password=False)
    store.engine.dispose()
    if store.dialect == "postgresql":
        with psycopg.connect(re.sub(r"^postgresql\+psycopg:", "postgresql:", url)) as connection:
            connection.execute("SET session_replication_role = replica")
            for statement in statements:
                connection.execute(statement.encode())
        return
    with closing(sqlite3.connect(str(store.url.database))) as connection:
        for name in imaging.sqlite_triggers():
            connection.execute(f"DROP TRIGGER {name}")
        for statement in statements:
            connection.execute(statement)
        for words in imaging.sqlite_triggers().values():
            connection.execute(words)
        connection.commit()


def proved(store: Store, **options) -> Proof:
    """The proof of a database but for what is the tests' own, and rightly found: their clock, and that it is a copy."""
    proof = proving.prove(store, **options)
    ours = [one for one in proof.findings if _is_of_the_tests(str(one.facts.get("difference", "")))]
    assert bool(ours) == (store.dialect == "postgresql")
    proof.findings = [one for one in proof.findings if one not in ours]
    proof.number -= len(ours)
    return proof


def _is_of_the_tests(difference: str) -> bool:
    """A database copied from a template has neither its owner nor its grants; the server tells the test's time."""
    return "server_now" in difference or " database " in difference


def make_real(store: Store) -> None:
    """Let the server tell its own time and the database be the office's own; no command of a person works after it."""
    if isinstance(store, SeatedStore):
        with store.engine.begin() as connection:
            authority.install(connection)
