"""A command sent until its outcome is known: what to do when the connection is lost on the way.

A transaction the server rolled back for a colleague's sake is repeated at once. A connection lost before COMMIT
saved nothing: the same intent goes out again on a new one. A connection lost while COMMIT was awaited leaves the
outcome unknown: the server is asked before anything else is done, and nobody is told of an error or of success
before it has answered. Each of this is bounded here, so that a worker is never held for long; who sent the command
goes on later with the same :class:`Intent`, which remembers that its outcome is unknown.
"""

import random
import time
from collections.abc import Callable
from typing import Any, TypeVar

from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from desktop.errors import Unavailable
from desktop.models import Claim
from desktop.store.database import Store
from desktop.store.failures import Recovery, recovery

R = TypeVar("R")

CONFLICTS = 3  # times a unit is repeated that gave way to another
PAUSES = (0.05, 0.25, 1.0)  # seconds before a lost connection is tried again
NO_LONGER_THAN = 5.0  # seconds from the first try on in which a lost one is tried again here


class Done(Exception):
    """The command of this id was done before; ``result`` is what it returned, as JSON holds it."""

    def __init__(self, result: Any) -> None:
        super().__init__(result)
        self.result = result


def persist(store: Store, work: Callable[[], R], read: Callable[[Store, Any], R]) -> R:
    """Return what ``work`` returns, or ``read(store, result)`` of what its intent returned before.

    ``store`` is bound to the intent. Unavailable "save-unknown": the outcome could not be found out yet; the same
    intent must be sent again. Every other error means that nothing was saved.
    """
    assert store.intent is not None
    course = store.intent.course
    conflicts = lost = 0
    began = time.monotonic()
    while True:
        try:
            if course.unknown:
                find_out(store)
            return work()
        except Done as done:
            trouble = _read_again(store, done, read)
            if not isinstance(trouble, Unavailable):
                course.unknown = False
                return trouble
            course.unknown = True  # it was saved, and what it gave cannot be told yet
        except Unavailable as error:
            trouble = error
        way = recovery(trouble)
        course.unknown = course.unknown or way is Recovery.FIND_OUT
        if way is Recovery.REPEAT and conflicts < CONFLICTS:
            conflicts += 1
            time.sleep(random.uniform(0.01, 0.1) * conflicts)  # noqa: S311 - to fall out of step, not to be secret
        elif _tries_again(way, lost, began):
            time.sleep(PAUSES[lost])
            lost += 1
        elif course.unknown and trouble.code != "save-unknown":
            raise Unavailable("save-unknown", reason=str(trouble.facts.get("reason", ""))) from trouble
        else:
            raise trouble


def find_out(store: Store) -> None:
    """Return when the intent of ``store`` was certainly not done; :class:`Done` when it was.

    Unavailable when that cannot be known yet. Asked in two snapshots: a transaction that is no longer under way
    is either in the second one or nowhere. The row alone is believed: after a crash the number of a transaction
    may belong to another.
    """
    intent = store.intent
    assert intent is not None
    if store.dialect == "postgresql" and _is_under_way(store, intent.course.transaction_id):
        raise Unavailable("save-unknown", reason="the transaction is still under way")
    found = done_before(store)
    if found is not None:
        raise found
    intent.course.unknown = False


def done_before(store: Store) -> Done | None:
    """Return what the intent of ``store`` was answered, None when it was not done."""
    assert store.intent is not None
    with store.reading() as session:
        found = session.execute(select(Claim.result).where(Claim.id == store.intent.id)).one_or_none()
    return Done(found.result) if found is not None else None


def _is_under_way(store: Store, transaction_id: int | None) -> bool:
    if transaction_id is None:
        return False
    asked = text("SELECT pg_xact_status(CAST(:id AS xid8))")
    try:
        with store.reading() as session:
            return bool(session.scalar(asked, {"id": str(transaction_id)}) == "in progress")
    except DBAPIError as error:
        if getattr(error.orig, "sqlstate", None) == _NOT_YET_GIVEN:
            return False
        raise


_NOT_YET_GIVEN = "22023"  # a crash took the transaction and its number with it


def _read_again(store: Store, done: Done, read: Callable[[Store, Any], R]) -> R | Unavailable:
    try:
        return read(store, done.result)
    except Unavailable as error:
        return error


def _tries_again(way: Recovery, lost: int, began: float) -> bool:
    soon = lost < len(PAUSES) and time.monotonic() - began < NO_LONGER_THAN
    return soon and way in (Recovery.RECONNECT, Recovery.FIND_OUT)
