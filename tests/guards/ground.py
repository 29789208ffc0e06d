"""A ground for attacks: one office on PostgreSQL with a case at every step, and people who write SQL by hand.

Each attempt is one transaction of one login, told the time the cases stood still at; whatever it did is rolled back, so
that all attempts meet the same office.
"""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import psycopg
from psycopg import sql
from sqlalchemy import select

from desktop.models import CaseDocument
from desktop.regulation.model import Act
from desktop.store.authority.names import login_role
from tests.clock import Clock
from tests.office import People
from tests.seats import SeatedStore
from tests.story import Teller

Step = str | tuple[str, dict[str, Any]]

WHOLE = tuple(
    act.value
    for act in (Act.ASSIGN, Act.CHECK, Act.ASK, Act.DECIDE, Act.SIGN, Act.DELIVER, Act.ATTEST, Act.HEAR)
)


@dataclass(slots=True)
class Ground:
    """``cases``: the id of the case that waits at each act, and of those that ended (licence, withdrawn)."""

    url: str
    store: SeatedStore
    people: People
    clock: Clock
    cases: dict[str, int] = field(default_factory=dict)
    request_sha256: str | None = None  # a file of the case at "decide"

    @classmethod
    def made(cls, url: str, store: SeatedStore, people: People, clock: Clock) -> "Ground":
        """Tell every case up to its step, then let a minute pass."""
        ground = cls(url.replace("postgresql+psycopg:", "postgresql:"), store, people, clock)
        tell = Teller(store, people, clock)
        for wanted in (*WHOLE, "licence", "returned"):
            clock.forward(seconds=1)
            ground.cases[wanted] = tell(wanted)
        clock.forward(minutes=1)
        with store.reading() as session:
            ground.request_sha256 = session.scalars(
                select(CaseDocument.unsigned_sha256).where(
                    CaseDocument.case_id == ground.cases["decide"], CaseDocument.kind == "request"
                )
            ).one()
        return ground

    def facts(self, **more: Any) -> dict[str, Any]:
        """Return what statements may name: %(at)s, %(clerk)s (ids of people), %(sign_case)s (ids of cases) ..."""
        told: dict[str, Any] = {f"{name}_case": case for name, case in self.cases.items()}
        told |= {name: getattr(self.people, name).person_id for name in People.__slots__}
        return {**told, "at": self.clock.moment, "request_sha256": self.request_sha256, **more}

    def attempt(
        self,
        by: str,
        claims: Sequence[tuple[str, int | None]] | tuple[str, int | None] | None,
        *steps: Step,
        at: datetime | None = None,
    ) -> str:
        """Return the SQLSTATE a transaction of ``by`` ends with, "" when COMMIT would have been done.

        ``claims``: command and case to claim first. ``by`` "owner" stays the server's administrator.
        """
        try:
            self.tried(by, claims, *steps, at=at)
        except psycopg.Error as error:
            return error.sqlstate or type(error).__name__
        return ""

    def tried(
        self,
        by: str,
        claims: Sequence[tuple[str, int | None]] | tuple[str, int | None] | None,
        *steps: Step,
        at: datetime | None = None,
    ) -> None:
        """Do an attempt and raise what the server says; nothing stays."""
        with psycopg.connect(self.url) as connection:
            moment = (at or self.clock.moment).isoformat()
            connection.execute("SELECT set_config('ruqsat.clock', %s, true)", (moment,))
            if by != "owner":
                role = sql.Identifier(login_role(self.store.prefix, by))
                connection.execute(sql.SQL("SET LOCAL SESSION AUTHORIZATION {}").format(role))
            given = self.facts()
            for number, (kind, case) in enumerate(_each(claims)):
                given["command" if not number else f"command{number}"] = name = str(uuid.uuid4())
                connection.execute(CLAIM, {"id": name, "kind": kind, "case": case, "at": self.clock.moment})
            for step in steps:
                words, more = step if isinstance(step, tuple) else (step, {})
                connection.execute(words, {**given, **more})
            connection.execute("SET CONSTRAINTS ALL IMMEDIATE")  # what COMMIT would prove
            connection.rollback()


CLAIM = (
    "INSERT INTO command (id, kind, case_id, login, workstation, digest, at, result)"
    " VALUES (%(id)s, %(kind)s, %(case)s, 'somebody', 'WS', '', %(at)s, 'null')"
)


def entry(event: str, case: str | None = None, **changes: str) -> Step:
    """Return the statement that tells the journal; ``case`` is the name of the case's id, ``changes`` are SQL."""
    value = {
        "at": "%(at)s",
        "actor": "'somebody'",
        "actor_name": "''",
        "on_behalf": "''",
        "workstation": "'WS'",
        "event": f"'{event}'",
        "case_id": f"%({case})s" if case else "NULL",
        "case_number": f"(SELECT number FROM case_file WHERE id = %({case})s)" if case else "''",
        "step": "''",
        "facts": "'{}'",
        "command_id": "%(command)s",
        **changes,
    }
    return f"INSERT INTO journal_entry ({', '.join(value)}) VALUES ({', '.join(value.values())})"


def _each(claims: Any) -> list[tuple[str, int | None]]:
    if claims is None:
        return []
    return [claims] if isinstance(claims, tuple) and isinstance(claims[0], str) else list(claims)
