"""What everybody sees (I11): rows of every table on the server, and the program's lists on both engines, by one oracle."""

from collections.abc import Callable

import psycopg
import pytest
from psycopg.rows import dict_row

from tests.authority.attempts import Connection
from tests.authority.oracle import Oracle, Row, World
from tests.authority.scene import ROLE_OF, Scene, Witness

Connect = Callable[[str | None], Connection]
HELD = {login: {role} for login, role in ROLE_OF.items()} | {
    "deputy": {"executor", "head"},
    "former": {"executor"},
    "executor2": {"executor"},
}


@pytest.fixture(scope="module")
def world(connected: Connect) -> World:
    """All rows there are, as the server's superuser sees them."""
    return {table: rows(connected(None), table) for table in Witness(connected(None)).tables}


def rows(connection: Connection, table: str) -> list[Row]:
    """The rows of a table the connection sees."""
    with connection.cursor(row_factory=dict_row) as cursor:
        return cursor.execute(f'SELECT * FROM "{table}"'.encode()).fetchall()


def seen(connection: Connection, table: str) -> list[Row] | str:
    """The rows a person sees of a table; the SQLSTATE when he may not even ask."""
    try:
        return rows(connection, table)
    except psycopg.Error as error:
        return error.sqlstate or "?"


@pytest.mark.parametrize("login", HELD)
def test_everybody_sees_exactly_the_rows_that_are_his(world, connected, login):
    oracle = Oracle(world, login, HELD[login])
    for table, all_rows in world.items():
        wanted = sorted(repr(row) for row in all_rows if oracle.sees(table, row))
        found = seen(connected(login), table)
        assert found != "42501" or not wanted, f"{login} may not read {table}"
        assert sorted(map(repr, found if isinstance(found, list) else [])) == wanted, f"{login} {table}"


def test_the_oracle_tells_people_apart(world):
    """A scene in which everybody saw the same would prove nothing."""
    cases = {login: Oracle(world, login, roles).cases() for login, roles in HELD.items()}
    assert len(cases["clerk"]) > len(cases["executor"]) > 1
    assert cases["executor"].isdisjoint(cases["executor2"])
    assert len(cases["secretary"]) == 1
    assert not cases["administrator"]
    assert cases["deputy"] == cases["head"]
    assert not cases["former"]


def test_who_is_blocked_sees_nothing_that_is_anybodys(scene: Scene):
    with pytest.raises(psycopg.OperationalError, match="not permitted to log in"):
        scene.connect("blocked")


def test_a_stranger_does_not_even_come_in(scene: Scene):
    with pytest.raises(psycopg.OperationalError, match="permission denied for database"):
        scene.connect("stranger")


def test_everybody_may_act_as_his_own_roles_and_nothing_else(scene: Scene, connected: Connect):
    """Asked of the server by each connection: what it may do is what the groups it is in may do."""
    for login, held in HELD.items():
        acting = {"acting_head"} if login == "deputy" else set()
        told = connected(login).execute(
            "SELECT rolname::text FROM pg_roles WHERE pg_has_role(oid, 'MEMBER') ORDER BY 1"
        )
        wanted = {
            f"{scene.prefix}__{name}" for name in {"user", *held, *acting} - ({"head"} if acting else set())
        }
        assert {row[0] for row in told} == {f"{scene.prefix}_{login}", *wanted}, login
