"""Turns the drivers' errors into the few things a person can be told about a database.

Codes: ``database-busy``, ``database-gone``, ``database-read-only``, ``database-refused``, ``database-damaged``,
``disk-full``, ``not-a-database`` (all: nothing was saved) and ``save-unknown`` (the connection was lost while
the answer to COMMIT was awaited, so it is not known whether the change was saved). :func:`recovery` says what
may be done about it without asking anybody. What the database's own guards refuse is told as the program's guards
would tell it (``authority.refusals``).
"""

import json
import logging
import sqlite3
from enum import Enum
from typing import Any

from sqlalchemy.exc import DBAPIError

from desktop.errors import NotAllowed, Told, Unavailable
from desktop.store.authority.refusals import REFUSALS, SAYS_NO

log = logging.getLogger(__name__)

# https://www.sqlite.org/rescode.html, primary codes
_SQLITE = {
    sqlite3.SQLITE_PERM: "database-refused",
    sqlite3.SQLITE_BUSY: "database-busy",
    sqlite3.SQLITE_LOCKED: "database-busy",
    sqlite3.SQLITE_READONLY: "database-read-only",
    sqlite3.SQLITE_IOERR: "database-gone",
    sqlite3.SQLITE_CORRUPT: "database-damaged",
    sqlite3.SQLITE_FULL: "disk-full",
    sqlite3.SQLITE_CANTOPEN: "database-gone",
    sqlite3.SQLITE_AUTH: "database-refused",
    sqlite3.SQLITE_NOTADB: "not-a-database",
}

# https://www.postgresql.org/docs/current/errcodes-appendix.html; whole codes before classes
_POSTGRESQL = {
    "25006": "database-read-only",
    "40001": "database-busy",
    "40P01": "database-busy",
    "53100": "disk-full",
    "53300": "database-busy",
    "55P03": "database-busy",
    "57014": "database-busy",
    "57P01": "database-gone",
    "57P02": "database-gone",
    "57P03": "database-gone",
    "57P05": "database-gone",
    "25P03": "database-gone",
    "3D000": "database-gone",
    "XX001": "database-damaged",
    "XX002": "database-damaged",
}
_POSTGRESQL_CLASSES = {
    "08": "database-gone",
    "28": "database-refused",
    "53": "database-busy",
    "58": "database-gone",
}
_NO_RIGHT = "42501"  # insufficient_privilege: a column or a row that is not this person's
_CONFLICTS = frozenset({"40001", "40P01"})  # the server chose this transaction to give way


class Recovery(Enum):
    """What the program does by itself about a failure."""

    REPEAT = "repeat"  # rolled back for a colleague's sake: the whole unit again, at once
    RECONNECT = "reconnect"  # the connection was lost and nothing was saved: the same intent on a new one
    FIND_OUT = "find-out"  # the outcome is unknown until the server is asked
    NONE = "none"  # a person has to know


def recovery(error: Unavailable) -> Recovery:
    """Return what may be done about an error that came out of a :class:`~desktop.store.database.Store`."""
    if error.code == "save-unknown":
        return Recovery.FIND_OUT
    cause = error.__cause__
    if not isinstance(cause, DBAPIError) or isinstance(cause.orig, sqlite3.Error):
        return Recovery.NONE
    if getattr(cause.orig, "sqlstate", None) in _CONFLICTS:
        return Recovery.REPEAT
    return Recovery.RECONNECT if error.code == "database-gone" else Recovery.NONE


def sqlite_failure(error: sqlite3.Error) -> Unavailable | None:
    """Return what to tell of an error of the sqlite3 module, None when it is a defect of ours."""
    number = getattr(error, "sqlite_errorcode", None)
    code = _SQLITE.get(number & 0xFF) if isinstance(number, int) else None
    return Unavailable(code, reason=str(error)) if code else None


def failure(error: DBAPIError, *, saving: bool = False) -> Told | None:
    """Return what to tell of ``error`` (NotAllowed where the server refuses the person, else Unavailable).

    None when it is a defect of ours (a broken constraint, wrong SQL).

    ``saving``: COMMIT had been sent when it happened.
    """
    original = error.orig
    if isinstance(original, sqlite3.Error):
        return sqlite_failure(original)
    if original is not None and getattr(original, "sqlstate", None) is None:
        from desktop.store.connecting import refusal  # for a server, as its driver is

        if (refused := refusal(str(original))) is not None:
            return refused
    if (said := guarded(error)) is not None:
        return said
    code = _postgresql_code(error)
    if code is None:
        return None
    if code == "database-gone" and saving:
        code = "save-unknown"
    return Unavailable(code, reason=str(original).strip().splitlines()[0] if str(original).strip() else "")


def guarded(error: DBAPIError) -> NotAllowed | None:
    """Return what to tell of a refusal by the database's rights and guards; None for any other error.

    The program says no before the database does, so this is a race that was lost, or a program that was changed.
    """
    state = getattr(error.orig, "sqlstate", None)
    known = REFUSALS.get(str(state))
    if known is None and state != _NO_RIGHT:
        return None
    facts = _facts(error)
    log.warning("refused by the database: %s %s", state, " ".join(map(str, facts.values())))
    return NotAllowed(known.told if known else SAYS_NO, **{**facts, "reason": state})


def _facts(error: DBAPIError) -> dict[str, Any]:
    """What the guard told of it: a JSON object in the error's detail."""
    detail = getattr(getattr(error.orig, "diag", None), "message_detail", None)
    try:
        told = json.loads(detail or "{}")
    except ValueError:
        return {}
    return {str(name): value for name, value in told.items()} if isinstance(told, dict) else {}


def _postgresql_code(error: DBAPIError) -> str | None:
    state = getattr(error.orig, "sqlstate", None)
    if isinstance(state, str):
        return _POSTGRESQL.get(state) or _POSTGRESQL_CLASSES.get(state[:2])
    # without a state the server did not answer: no route, refused, no greeting in time, cut off in the middle
    kinds = {kind.__name__ for kind in type(error.orig).__mro__}
    gone = error.connection_invalidated or not kinds.isdisjoint({"OperationalError", "InterfaceError"})
    return "database-gone" if gone else None
