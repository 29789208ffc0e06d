"""Makes an attack as it would be made: on the attacker's own connection, and tells how far he came."""

import re
from typing import Any

import psycopg

from tests.authority.hostile.kinds import HARMLESS, NOTHING, SERVER, Attack

Connection = psycopg.Connection[tuple[Any, ...]]
_NAME = re.compile("«(\\w+)»")


def filled(statement: str, names: dict[str, Any]) -> str:
    """Put what the scene calls by a name into its places; KeyError for a name it does not know."""
    while found := _NAME.search(statement):  # what a name stands for may have names in it
        statement = statement.replace(found.group(0), str(names[found.group(1)]))
    return statement


def attempt(connection: Connection, attack: Attack, names: dict[str, Any]) -> str:
    """Return what stopped him: a SQLSTATE, ``NOTHING`` (not a row), or ``HARMLESS`` (nothing stopped him).

    All is committed that can be, but for what the server's superuser does. "before: ..." when he was stopped before he came to the point.
    """
    kept = attack.by != SERVER
    alone = kept and not attack.first and not attack.commits and not attack.last.startswith("LOCK")
    try:
        if not alone:
            connection.execute("BEGIN")
        for statement in attack.first:
            stopped = _run(connection, filled(statement, names))
            if stopped not in {NOTHING, HARMLESS}:
                return f"before: {stopped}"
        stopped = _run(connection, filled(attack.last, names))
        if attack.commits and stopped in {NOTHING, HARMLESS}:
            return _run(connection, "COMMIT")
        return stopped
    finally:
        _end(connection, kept=kept)


def _run(connection: Connection, statement: str) -> str:
    try:
        if statement.endswith("TO STDOUT"):
            with connection.cursor().copy(statement.encode()) as copy:
                return HARMLESS if list(copy) else NOTHING
        cursor = connection.execute(statement.encode())
    except psycopg.Error as error:
        return error.sqlstate or type(error).__name__
    return NOTHING if cursor.rowcount == 0 else HARMLESS


def _end(connection: Connection, *, kept: bool) -> None:
    """Keep what can be kept, and give the connection back as it was."""
    if connection.info.transaction_status != psycopg.pq.TransactionStatus.IDLE:
        _run(connection, "COMMIT" if kept else "ROLLBACK")
    _run(connection, "RESET ALL")
    _run(connection, "SELECT pg_advisory_unlock_all()")
