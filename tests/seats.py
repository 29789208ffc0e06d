"""Everybody in his own seat: on PostgreSQL a test's command runs as the very login of the person who does it.

The tests' connection is the server's superuser; ``SET LOCAL SESSION AUTHORIZATION`` makes a transaction the person's
own, with his rights and no more, until it ends. What a test arranges itself (``store.writing()``) stays the
superuser's. The server's clock is the test's, by a function that only the tests' templates have.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
from psycopg import sql
from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from desktop.errors import NotAllowed
from desktop.store import authority
from desktop.store.addresses import database_url
from desktop.store.authority.names import login_role
from desktop.store.database import Store, engine_for

_CLOCK = """
    CREATE OR REPLACE FUNCTION server_now() RETURNS timestamptz
    LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp
    AS $$ SELECT coalesce(nullif(current_setting('ruqsat.clock', true), '')::timestamptz, clock_timestamp()) $$
"""


class SeatedStore(Store):
    """A store of the tests' server in which each writes with his own rights, at the test's time."""

    _prefix: str | None = None

    def _seat(self, session: Session, by: str) -> None:
        connection = session.connection()
        if self._clock is not None:
            told = {"now": self._clock().isoformat()}
            connection.execute(text("SELECT set_config('ruqsat.clock', :now, true)"), told)
        if by:
            sit(connection, login_role(self.prefix, by))

    @property
    def prefix(self) -> str:
        """The office's prefix on the server."""
        if self._prefix is None:
            with self.engine.connect() as connection:
                self._prefix = authority.installed_prefix(connection)
        return self._prefix


def sit(connection: Connection, role: str) -> None:
    """Make the rest of the transaction that of a login of the server; "sign-in-wrong" as for one it does not know."""
    try:
        name = sql.Identifier(role).as_string(connection.connection.driver_connection)
        connection.exec_driver_sql(f"SET LOCAL SESSION AUTHORIZATION {name}".replace("%", "%%"))
    except (DBAPIError, psycopg.Error, UnicodeError) as error:
        if isinstance(error, DBAPIError) and error.connection_invalidated:
            raise  # the connection was lost, which says nothing about the login
        raise NotAllowed("sign-in-wrong", left=4) from error


def install(url: str, prefix: str) -> None:
    """Set up the rights of a template, with a clock that tests may set."""
    engine = engine_for(database_url(url))
    with engine.begin() as connection:
        authority.install(connection, prefix)
        connection.execute(text(_CLOCK))
    engine.dispose()


class Logins:
    """The logins of one prefix as a template left them; whatever a test did to them is undone after it."""

    def __init__(self, server: str, template: str, prefix: str) -> None:
        self._server = re.sub(r"^postgresql\+psycopg:", "postgresql:", server)
        self._template = re.sub(r"^postgresql\+psycopg:", "postgresql:", template)
        self._prefix = prefix
        self._kept: dict[str, tuple[object, ...]] = {}

    def remember(self) -> None:
        with psycopg.connect(self._server, autocommit=True) as connection:
            self._kept = self._now(connection)

    def shut(self, database: str) -> None:
        """Give a copy what CREATE DATABASE leaves behind: its owner, and that not everybody may come in."""
        owner, group = sql.Identifier(f"{self._prefix}__owner"), sql.Identifier(f"{self._prefix}__user")
        with psycopg.connect(self._server, autocommit=True) as connection:
            for words in (
                "ALTER DATABASE {database} OWNER TO {owner}",
                "REVOKE ALL ON DATABASE {database} FROM PUBLIC",
                "GRANT CONNECT ON DATABASE {database} TO {group}",
            ):
                connection.execute(
                    sql.SQL(words).format(database=sql.Identifier(database), owner=owner, group=group)
                )

    @contextmanager
    def undone(self) -> Iterator[None]:
        """Give the logins back after the block."""
        try:
            yield
        finally:
            with psycopg.connect(self._server, autocommit=True) as connection:
                if self._now(connection) != self._kept:
                    self._give_back(connection)

    def drop(self) -> None:
        """Drop every role of the prefix, once its databases are gone."""
        with psycopg.connect(self._server, autocommit=True) as connection:
            for (role,) in connection.execute(
                "SELECT rolname FROM pg_roles WHERE starts_with(rolname, %s) ORDER BY starts_with(rolname, %s)",
                (f"{self._prefix}_", f"{self._prefix}__"),
            ).fetchall():
                connection.execute(sql.SQL("DROP ROLE {}").format(sql.Identifier(role)))

    def _now(self, connection: psycopg.Connection) -> dict[str, tuple[object, ...]]:
        found = connection.execute(
            "SELECT a.rolname, a.rolcanlogin, a.rolpassword, a.rolsuper, a.rolcreaterole,"
            " ARRAY(SELECT g.rolname::text FROM pg_auth_members m JOIN pg_roles g ON g.oid = m.roleid"
            "  WHERE m.member = a.oid ORDER BY 1)"
            " FROM pg_authid a WHERE starts_with(a.rolname, %s) AND NOT starts_with(a.rolname, %s)",
            (f"{self._prefix}_", f"{self._prefix}__"),
        )
        return {row[0]: (*row[1:5], tuple(row[5])) for row in found.fetchall()}

    def _give_back(self, connection: psycopg.Connection) -> None:
        changed = self._now(connection)
        for role in changed:
            if changed[role] != self._kept.get(role):
                connection.execute(sql.SQL("DROP ROLE {}").format(sql.Identifier(role)))
        with psycopg.connect(self._template, autocommit=True) as template:
            template.execute("SELECT settle_login(id) FROM person ORDER BY id")
        for role, kept in self._kept.items():
            connection.execute(
                sql.SQL("ALTER ROLE {} PASSWORD {}").format(sql.Identifier(role), sql.Literal(kept[1]))
            )
        assert self._now(connection) == self._kept
