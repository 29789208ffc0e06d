"""Lists of those who see their own cases alone, over 200,000 cases, each on his own login of PostgreSQL.

The floor: the very statements the list sent, bare, by the server's superuser, whom no row policy narrows. Half of the
cases of the main job are the executor's; the other roles have some thousands each, and the centre's operator what was
sent to the centre.
"""

from collections.abc import Callable, Iterator
from contextlib import closing
from typing import Any

import psycopg
from psycopg import sql
from sqlalchemy.engine import make_url

from desktop.queries import desk, registers
from desktop.queries.rows import RegisterFilter
from desktop.regulation.model import Role
from desktop.regulation.rights import Actor
from desktop.store.authority.names import login_role, prefix_of
from desktop.store.database import Store
from tests.benchmarks import million
from tests.benchmarks.figures import Figure, by_turns, median, p95
from tests.benchmarks.registers import bare, sent_by
from tests.office import people

CASES = 200_000
TIMES = 15
GOAL = 50
_FLOOR_IS = "the same statements bare, without policies"
_SHARE = 20  # of twenty cases one is of each of these, the others of the main job
_OTHERS = {
    Role.COMMISSION_SECRETARY: "secretary",
    Role.COMMISSION: "commission",
    Role.PHC_EMPLOYEE: "phc",
    Role.DEPARTMENT_EMPLOYEE: "employee",
}
_EVERY_SENT = 50  # of the closed cases of the main job one result was sent to a centre
_ROLES = ("executor", *_OTHERS.values(), "centre", "department_head")


def measure(urls: dict[str, str]) -> Iterator[Figure]:
    url = _database(urls["PostgreSQL"])
    for login in _ROLES:
        actor: Actor = getattr(people(), login)
        own = make_url(url).set(username=login_role(prefix_of(make_url(url).database or ""), login))
        store = Store(own.render_as_string(hide_password=False), exclusive=False)
        try:
            yield _figure(
                f"{login}'s list over {CASES:,} cases",
                store,
                url,
                lambda: registers.applications(store, actor, filter=RegisterFilter()),  # noqa: B023 - asked at once
            )
            if login == "executor":
                yield _figure("  his desk", store, url, lambda: desk.my_desk(store, actor))  # noqa: B023
        finally:
            store.dispose()


def _figure(name: str, store: Store, url: str, work: Callable[[], Any]) -> Figure:
    with sent_by(store) as statements:
        found = work()
    rows = len(found) if isinstance(found, tuple) else len(found.rows)
    if not rows:
        raise RuntimeError(f"{name}: nothing is shown")
    with bare(url) as fetch:
        taken, floors = by_turns(work, lambda: fetch(statements), TIMES)
    note = f"{len(statements)} statements, {rows} rows"
    return Figure(
        name,
        median(taken),
        median(floors),
        _FLOOR_IS,
        TIMES,
        "PostgreSQL",
        goal=GOAL,
        p95=p95(taken),
        note=note,
    )


def _database(beside: str) -> str:
    """Return the address of the 200,000 on the same server; made when it is not there yet."""
    address = make_url(beside)
    name = f"ruqsat_own_{(address.database or '')[-12:]}"
    url = address.set(database=name).render_as_string(hide_password=False)
    with closing(psycopg.connect(beside, autocommit=True)) as connection:
        there = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone()
        if there and million.marked(url):
            return url
        database = sql.Identifier(name)
        connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(database))
        connection.execute(sql.SQL("CREATE DATABASE {} TEMPLATE template0 ENCODING 'UTF8'").format(database))
    with million.said("PostgreSQL", CASES):
        office = million.found(url)
        with psycopg.connect(url, autocommit=True) as connection:
            million.fill_postgresql(connection, office, count=CASES)
            _share_out(connection)
            million.mark(connection)
    return url


def _share_out(connection: psycopg.Connection[Any]) -> None:
    """Give one case of twenty to each of the other roles, at a step of theirs while it is open; send results to the centre."""
    connection.execute("SET session_replication_role = replica")
    for number, (role, login) in enumerate(_OTHERS.items()):
        place = connection.execute(
            "SELECT regulation_sha256, service, operation, min(step) FROM law_step WHERE performer = %s"
            " GROUP BY 1, 2, 3 ORDER BY 1, 2, 3 LIMIT 1",
            [role.value],
        ).fetchone()
        assert place is not None
        sha256, service, operation, step = place
        connection.execute(
            "UPDATE case_file SET regulation_sha256 = %s, service = %s, operation = %s,"
            " step = CASE WHEN step IS NOT NULL THEN %s END WHERE id %% %s = %s",
            [sha256, service, operation, step, _SHARE, number],
        )
        person = getattr(people(), login).person_id
        connection.execute(
            "UPDATE assignment SET role = %s, person_id = %s WHERE case_id %% %s = %s",
            [role.value, person, _SHARE, number],
        )
    connection.execute(
        "INSERT INTO result_custody (case_id, document_id, channel, sent_at, sent_by, kept_until, receiver,"
        " identity_document, power_of_attorney)"
        " SELECT id, id, 'state_corporation', closed_at, registered_by, closed_at, '', '', '' FROM case_file"
        " WHERE step IS NULL AND id %% %s >= %s AND id %% %s = 0",
        [_SHARE, len(_OTHERS), _EVERY_SENT],
    )
    connection.execute("RESET session_replication_role")
