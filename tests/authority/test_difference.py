"""The catalogue is compared with the program's tables: any single change is seen, by any login, and hiring is none."""

import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import text

from desktop.cases import office
from desktop.regulation.model import Role
from desktop.store import authority
from desktop.store.database import Store
from tests.seats import sit

# each is what a server's administrator might do by one statement; {p} is the office's prefix
MUTATIONS = {
    "a trigger is switched off": "ALTER TABLE person DISABLE TRIGGER zz_keep_login",
    "a trigger fires on fewer statements": (
        "CREATE OR REPLACE TRIGGER zz_settle_roles AFTER INSERT ON person_role"
        " FOR EACH ROW EXECUTE FUNCTION settle_roles()"
    ),
    "a trigger is dropped": "DROP TRIGGER zz_settle_person ON person",
    "a column is granted": "GRANT UPDATE (number) ON case_file TO {p}__clerk",
    "a table is granted": "GRANT DELETE ON case_file TO {p}__clerk",
    "a column is taken": "REVOKE UPDATE (person_id) ON assignment FROM {p}__head",
    "a policy lets more through": "ALTER POLICY own_case ON case_file USING (true)",
    "a policy is dropped": "DROP POLICY own_case ON attachment",
    "a policy is added": "CREATE POLICY mine ON licence TO {p}__executor USING (true)",
    "a table's policies are switched off": "ALTER TABLE blob_chunk DISABLE ROW LEVEL SECURITY",
    "a function has another body": (
        "CREATE OR REPLACE FUNCTION sees_all_cases() RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER"
        " SET search_path = public, pg_temp AS 'SELECT true'"
    ),
    "a function looks elsewhere first": "ALTER FUNCTION session_login() SET search_path = pg_temp, public",
    "a function runs as who calls it": "ALTER FUNCTION session_roles() SECURITY INVOKER",
    "a function belongs to somebody else": "ALTER FUNCTION my_cases() OWNER TO ruqsat",
    "a function is everybody's": "GRANT EXECUTE ON FUNCTION settle_login(integer) TO PUBLIC",
    "a function more": "CREATE FUNCTION back_door() RETURNS integer LANGUAGE sql SECURITY DEFINER AS 'SELECT 1'",
    "a table belongs to somebody else": "ALTER TABLE licence OWNER TO ruqsat",
    "a view shows what policies hide": "CREATE VIEW everything AS SELECT * FROM case_file",
    "the public may connect": "GRANT CONNECT ON DATABASE {d} TO PUBLIC",
    "people may make temporary tables": "GRANT TEMP ON DATABASE {d} TO {p}__user",
    "people may make tables": "GRANT CREATE ON SCHEMA public TO {p}__user",
    "people may run code": "GRANT USAGE ON LANGUAGE plpgsql TO PUBLIC",
    "a login is a superuser": "ALTER ROLE {p}_clerk SUPERUSER",
    "a login makes roles": "ALTER ROLE {p}_administrator CREATEROLE",
    "a login passes by the policies": "ALTER ROLE {p}_auditor BYPASSRLS",
    "a login reads all of the server": "GRANT pg_read_all_data TO {p}_executor",
    "a login is in the owner": "GRANT {p}__owner TO {p}_head",
    "a login has a role he does not hold": "GRANT {p}__head TO {p}_clerk",
    "a login may give his role away": "GRANT {p}__clerk TO {p}_clerk WITH ADMIN OPTION",
    "a group is in a group": "GRANT {p}__head TO {p}__clerk",
    "a group makes databases": "ALTER ROLE {p}__user CREATEDB",
    "the owner may log in": "ALTER ROLE {p}__owner LOGIN",
    "one number may be given twice": "ALTER TABLE register_number DROP CONSTRAINT uq_register_number_register_text",
    "a case may have two licences": "ALTER TABLE licence DROP CONSTRAINT uq_licence_case_id",
    "foreign keys are not looked at": "ALTER TABLE attachment DISABLE TRIGGER ALL",
    "an update does nothing": "CREATE RULE quiet AS ON UPDATE TO office DO INSTEAD NOTHING",
    "new functions are everybody's": (
        "ALTER DEFAULT PRIVILEGES FOR ROLE {p}__owner GRANT EXECUTE ON FUNCTIONS TO PUBLIC"
    ),
}


def _differs(store: Store, by: str) -> list[str]:
    with store.reading(by=by) as session:
        return authority.difference(session.connection())


@pytest.fixture
def installed(postgres_store: Store) -> Store:
    """With the server's own clock again: the tests' one is a difference, and told as such."""
    assert [line.split(":")[1].strip() for line in _differs(postgres_store, "")] == [
        "function server_now"
    ] * 2
    with postgres_store.engine.begin() as connection:
        authority.install(connection)
    return postgres_store


def test_there_is_none_whoever_asks(installed: Store):
    for login in ("", "clerk", "executor", "auditor", "administrator"):
        assert _differs(installed, login) == []


def test_hiring_and_leaving_change_nothing(installed: Store, people):
    newcomer = office.PersonFacts(
        "newcomer", "Жаңа Адам", "Новый Человек", "", "", "", frozenset({Role.EXECUTOR, Role.AUDITOR})
    )
    person_id = office.save_person(installed, people.administrator, person=newcomer, password="Qupiya-2018")
    assert _differs(installed, "clerk") == []
    office.save_person(
        installed,
        people.administrator,
        person=replace(newcomer, person_id=person_id, roles=frozenset({Role.CLERK})),
    )
    office.set_active(installed, people.administrator, person_id=person_id, active=False)
    assert _differs(installed, "clerk") == []


def test_an_acting_head_changes_nothing(installed: Store, people, clock):
    today = clock.moment.date()
    office.appoint_acting_head(
        installed,
        people.administrator,
        person_id=people.executor.person_id,
        order_number="3",
        order_date=today,
        first_day=today,
        last_day=today.replace(year=2090),
    )
    assert _differs(installed, "clerk") == []


def test_every_single_change_is_seen_by_everybody(installed: Store):
    """In one transaction each, rolled back: told to the clerk as to the server's administrator."""
    database = installed.engine.url.database
    unseen = []
    for name, words in MUTATIONS.items():
        with installed.engine.connect() as connection:
            connection.execute(text(words.format(p=installed.prefix, d=f'"{database}"')))
            told = authority.difference(connection)
            sit(connection, f"{installed.prefix}_clerk")
            if not told or authority.difference(connection) != told:
                unseen.append(name)
            connection.rollback()
    assert unseen == []
    assert _differs(installed, "") == []


def test_a_second_installation_takes_every_change_back(installed: Store):
    with installed.engine.begin() as connection:
        for words in list(MUTATIONS.values())[:16]:
            connection.execute(text(words.format(p=installed.prefix, d="")))
    assert len(_differs(installed, "")) > 16
    with installed.engine.begin() as connection:
        authority.install(connection)
    # what is nobody's of ours is left for a person to look at
    assert [line.split(":")[1].strip() for line in _differs(installed, "")] == ["function back_door"]


def test_no_login_may_do_more_than_read_a_whole_table(installed: Store):
    """LOCK TABLE and TRUNCATE, which policies do not stop, are had with rights on a table."""
    with installed.reading() as session:
        found = session.execute(
            text(
                "SELECT grantee, table_name, privilege_type FROM information_schema.table_privileges"
                " WHERE starts_with(grantee, :start) AND grantee <> :owner AND privilege_type <> 'SELECT'"
            ),
            {"start": f"{installed.prefix}_", "owner": f"{installed.prefix}__owner"},
        )
        assert found.all() == []


def test_every_program_writes_the_same_text() -> None:
    """Sets have another order in every process: what was written by one must not differ for the next."""
    told = {
        subprocess.run(
            [sys.executable, "-c", "from desktop.store import authority; print(authority.sources('x'))"],
            env={**os.environ, "PYTHONHASHSEED": str(seed)},
            cwd=Path(__file__).parents[2],
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in range(1, 5)
    }
    assert len(told) == 1
