"""Exactly once: a command claims its id first of all, in the transaction that does the work.

The same id sent again (a lost answer, a double click, a window that was closed) finds the claim and gets the
first one's result; while the first is still at work it waits for it. What the id stands for is an :class:`Intent`.
A connection that is lost on the way is dealt with in ``persisting``.
"""

import functools
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Concatenate, ParamSpec, TypeVar
from zoneinfo import ZoneInfo

from sqlalchemy import func, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import ProgrammingError
from sqlalchemy.orm import Session

from desktop.cases.journal import plain
from desktop.cases.persisting import Done, persist
from desktop.errors import NotAllowed, Unavailable
from desktop.models import Claim, JournalEntry, Office
from desktop.regulation.rights import Actor, Command
from desktop.store.database import Store
from desktop.store.intent import Intent

_SET_RIGHT = timedelta(minutes=2)  # a clock that runs fast is set right by less

P = ParamSpec("P")
R = TypeVar("R")
_NO_RIGHT = "42501"  # SQLSTATE insufficient_privilege; here the row policy of a claim


@dataclass(slots=True)
class Claimed:
    """The open transaction of a command, and what its row will say."""

    session: Session
    now: datetime
    row: Claim

    def returns(self, result: R) -> R:
        """Keep what the command returns, for whoever sends the same id again; and return it."""
        self.row.result = plain(result)
        return result


@contextmanager
def claiming(
    store: Store, actor: Actor | None, command: Command, *, case_id: int | None = None
) -> Iterator[Claimed]:
    """Open the transaction of ``command``; :class:`Done` when its id has been worked off before.

    ``actor`` is None only at first start. NotAllowed "case-not-found" when the database shows him no such case;
    Unavailable "clock-put-back" (now, last) on a computer without a server.
    """
    intent = store.intent or Intent.new()
    login = actor.login if actor else ""
    with store.writing(by=login) as session:
        # a server writes its own moment into the row: it is not asked for one before
        now: Any = func.clock_timestamp() if store.by_server_clock else store.now(session)
        _refuse_a_clock_put_back(store, session, now)
        row = {
            "id": intent.id,
            "kind": command.value,
            "case_id": case_id,
            "login": login,
            "workstation": (actor.workstation if actor else store.workstation)[:120],
            "digest": intent.digest,
            "at": now,
            "result": None,
        }
        dialect: Any = postgresql if store.dialect == "postgresql" else sqlite
        claim = dialect.insert(Claim).values(row).on_conflict_do_nothing()
        try:
            kept = session.scalars(claim.returning(Claim)).one_or_none()
        except ProgrammingError as error:
            if case_id is None or getattr(error.orig, "sqlstate", None) != _NO_RIGHT:
                raise
            raise _out_of_sight(store, login, intent, command) from error
        if kept is None:
            raise Done(_result(session, intent, command))
        intent.course.transaction_id = kept.transaction_id
        session.info["command_id"] = intent.id
        # PostgreSQL has written its own moment, and takes no other for what the command does
        yield Claimed(session, kept.at, kept)


_LAST_ENTRY = select(JournalEntry.at).order_by(JournalEntry.id.desc()).limit(1)


def _refuse_a_clock_put_back(store: Store, session: Session, now: datetime) -> None:
    """Without a server the computer's clock is believed, but never when it is behind the journal."""
    if not store.by_system_clock:
        return
    last = session.scalar(_LAST_ENTRY)
    if last is not None and now < last - _SET_RIGHT:
        zone = ZoneInfo(session.scalar(select(Office.time_zone)) or "UTC")
        raise Unavailable("clock-put-back", now=now.astimezone(zone), last=last.astimezone(zone))


def once(
    read: Callable[[Store, Any], R],
) -> Callable[[Callable[Concatenate[Store, P], R]], Callable[Concatenate[Store, P], R]]:
    """Make a command answer a repeated id with its first result; ``read(store, result)`` gives it its shape again."""

    def wrap(work: Callable[Concatenate[Store, P], R]) -> Callable[Concatenate[Store, P], R]:
        @functools.wraps(work)
        def run(store: Store, /, *args: P.args, **facts: P.kwargs) -> R:
            bound = store if store.intent else store.intending(Intent.new())
            return persist(bound, lambda: work(bound, *args, **facts), read)

        return run

    return wrap


def nothing(_store: Store, _result: Any) -> None:
    """``read`` of a command that returns nothing."""


def row_id(_store: Store, result: Any) -> int:
    """``read`` of a command that returns a row's id."""
    return int(result)


def as_kept(_store: Store, result: Any) -> Any:
    """``read`` of a command that returns what JSON holds as it is."""
    return result


def _out_of_sight(store: Store, login: str, intent: Intent, command: Command) -> Exception:
    """Return what to tell of a case the claim was refused for: it may have left the sight by this very command."""
    with store.reading(by=login) as session:
        if session.scalar(select(Claim.id).where(Claim.id == intent.id)) is not None:
            return Done(_result(session, intent, command))
    return NotAllowed("case-not-found")


def _result(session: Session, intent: Intent, command: Command) -> Any:
    found = session.execute(select(Claim.kind, Claim.digest, Claim.result).where(Claim.id == intent.id)).one()
    if found.kind != command.value or found.digest != intent.digest:
        raise RuntimeError(f"command id {intent.id} was used for {found.kind}")
    return found.result
