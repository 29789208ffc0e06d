"""The program's commands done for the sake of what happens, and undone: everything but the COMMIT.

A :class:`Rehearsal` is the program's own store that rolls back where it would commit, after all that a COMMIT would
prove was proved. ``taped`` writes down what a command sends to the server, to be sent again by somebody else: that is
what a patched program, or psql, can send.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import psycopg
from sqlalchemy import event, select, text
from sqlalchemy.orm import Session

from desktop.models import Claim
from desktop.regulation.rights import Actor
from desktop.store.database import Store
from tests.authority.attempts import Connection


class Rehearsal(Store):
    """Nothing is ever kept but the moments of the commands."""

    def __init__(self, url: str) -> None:
        super().__init__(url, workstation="WS-RED", exclusive=False)
        self.moments: list[datetime] = []

    @contextmanager
    def writing(self, *, by: str = "") -> Iterator[Session]:
        """A session whose work is proved to the end and rolled back."""
        with super().writing(by=by) as session:
            yield session
            session.flush()
            self.moments += session.scalars(select(Claim.at).where(Claim.id == session.info["command_id"]))
            if self.dialect == "postgresql":
                session.execute(text("SET CONSTRAINTS ALL IMMEDIATE"))
            session.connection().exec_driver_sql("ROLLBACK")  # what was loaded stays readable


@dataclass(slots=True)
class Tape:
    """The statements of one command, and whose and of what moment they are."""

    statements: list[tuple[str, Any]] = field(default_factory=list)
    by: Actor | None = None
    at: datetime | None = None

    @property
    def kind(self) -> str:
        return str(self.claim["kind"])

    @property
    def claim(self) -> Mapping[str, Any]:
        return next(told for words, told in self.statements if words.startswith("INSERT INTO command"))

    def sent_by(self, actor: Actor, moment: Callable[[], datetime]) -> Iterator[tuple[str, Any]]:
        """The statements as ``actor`` would send them: in his own name, and at the moment the server gave his claim."""
        now = self.at
        for words, parameters in self.statements:
            for each in parameters if isinstance(parameters, list) else [parameters]:
                yield words, {name: self._his(name, value, actor, now) for name, value in dict(each).items()}
            if words.startswith("INSERT INTO command"):
                now = moment()

    def _his(self, name: str, value: Any, actor: Actor, now: datetime) -> Any:
        assert self.by is not None
        if value == self.by.login and _LOGIN.match(name):
            return actor.login
        if value == self.by.person_id and _PERSON.match(name):
            return actor.person_id
        return now if isinstance(value, datetime) and value == self.at else value


_LOGIN = re.compile(r"(login|actor|added_by)(_\d+|__\d+)*$")
_PERSON = re.compile(
    r"(registered_by|recorded_by|settled_by|came_by|created_by|added_by|checked_by|handed_by|confirmed_by|set_by|sent_by|returned_by|requested_by|signer_id)(_\d+|__\d+)*$"
)
_READS = re.compile(r"\s*SELECT\b(?!\s+forget_row)", re.IGNORECASE)


@contextmanager
def taped(store: Rehearsal, by: Actor) -> Iterator[Tape]:
    """Write down what the block sends through ``store``, but for what only reads."""
    tape = Tape(by=by)

    def note(_connection: Any, _cursor: Any, words: str, parameters: Any, _context: Any, _many: bool) -> None:
        if not _READS.match(words) and not words.startswith(("SET ", "SAVEPOINT", "RELEASE")):
            tape.statements.append((words, parameters))

    event.listen(store.engine, "before_cursor_execute", note)
    try:
        yield tape
        tape.at = store.moments[-1]
    finally:
        event.remove(store.engine, "before_cursor_execute", note)


def _moment(cursor: psycopg.Cursor[tuple[Any, ...]]) -> datetime:
    """What the server wrote into the claim of this transaction."""
    found = cursor.execute(
        "SELECT at FROM command WHERE transaction_id = pg_current_xact_id()::text::bigint"
    ).fetchone()
    return found[0] if found else datetime.now(UTC)


def replayed(connection: Connection, tape: Tape, actor: Actor) -> str:
    """Send a tape as ``actor`` on his own connection and roll it back; "" or the SQLSTATE that stopped him."""
    with psycopg.Cursor(connection) as cursor:
        cursor.execute("BEGIN")
        try:
            for words, parameters in tape.sent_by(actor, lambda: _moment(cursor)):
                cursor.execute(words.encode(), parameters)
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        except psycopg.Error as error:
            return error.sqlstate or type(error).__name__
        finally:
            cursor.execute("ROLLBACK")
    return ""


class Sequences:
    """Puts the ids the server gives back to where they were: what was undone had taken some."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        names = [
            row[0]
            for row in connection.execute(
                "SELECT relname FROM pg_class WHERE relkind = 'S' AND relnamespace = 'public'::regnamespace"
            ).fetchall()
        ]
        told = []
        for name in names:
            row = connection.execute(f'SELECT last_value, is_called FROM public."{name}"'.encode()).fetchone()
            assert row is not None
            told.append(f"setval('public.\"{name}\"', {row[0]}, {row[1]})")
        self._words = f"SELECT {', '.join(told)}"

    def reset(self) -> None:
        self._connection.execute(self._words.encode())
