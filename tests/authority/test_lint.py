"""What is lent out at all, read from the catalogue and held against lists written by hand."""

import pytest

from desktop.store.authority.differing import difference
from tests.authority.oracle import PUBLIC

# functions a person may call himself: each tells him of himself, or does what its name says for who may
_CALLED = {
    "has_many_cases()",
    "is_staff()",
    "my_case_roles()",
    "my_cases()",
    "my_cases_at_hand()",
    "my_starts()",
    "note_presence(integer,boolean)",
    "number_taken(text,text,integer)",
    "office_today()",
    "reads_whole_journal()",
    "registering_since()",
    "sees_all_cases()",
    "server_now()",
    "session_login()",
    "session_person()",
    "session_roles()",
}
_CALLED_BY_ADMINISTRATOR = {"forget_row(text,jsonb)"}

_OWN_FUNCTIONS = """
    SELECT p.oid::regprocedure::text, p.prosecdef, p.proconfig::text FROM pg_proc p
    WHERE p.pronamespace = 'public'::regnamespace
      AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = p.oid AND d.deptype = 'e')
"""


def test_every_table_has_a_policy_or_a_place_on_the_public_list(connected):
    found = connected(None).execute(
        "SELECT c.relname, c.relrowsecurity, EXISTS (SELECT FROM pg_policy p WHERE p.polrelid = c.oid)"
        " FROM pg_class c WHERE c.relkind IN ('r', 'p', 'v', 'm') AND c.relnamespace = 'public'::regnamespace"
    )
    for table, switched_on, has_policy in found.fetchall():
        assert switched_on == has_policy, table
        assert has_policy or table in PUBLIC, f"{table} has no row policy, and is not public"


def test_nobody_has_more_of_a_table_than_reading_it(connected):
    found = connected(None).execute(
        "SELECT c.relname, x.grantee::regrole::text, x.privilege_type"
        " FROM pg_class c, aclexplode(c.relacl) x WHERE c.relnamespace = 'public'::regnamespace"
        " AND x.grantee <> c.relowner AND x.privilege_type NOT IN ('SELECT', 'USAGE')"
    )
    assert found.fetchall() == []


@pytest.mark.parametrize("login", ["clerk", "executor", "head", "auditor", "ghost"])
def test_a_person_calls_only_what_is_listed(scene, connected, login):
    found = connected(None).execute(
        f"SELECT f FROM ({_OWN_FUNCTIONS}) own(f, d, c)"
        f" WHERE has_function_privilege('{scene.prefix}_{login}', f, 'EXECUTE')".encode()
    )
    called = {row[0] for row in found.fetchall()}
    assert called == _CALLED | (_CALLED_BY_ADMINISTRATOR if login == "ghost" else set())


def test_what_runs_with_the_owners_rights_has_its_own_search_path(connected):
    for name, definer, settings in connected(None).execute(_OWN_FUNCTIONS.encode()).fetchall():
        assert not definer or "search_path=public, pg_temp" in (settings or ""), name


def test_nobody_who_logs_in_is_more_than_a_person(scene, connected):
    found = connected(None).execute(
        "SELECT rolname FROM pg_roles WHERE starts_with(rolname, %s) AND (rolsuper OR rolcreatedb OR rolreplication"
        " OR rolbypassrls OR rolcreaterole AND rolname <> %s OR rolcanlogin AND rolname LIKE %s)",
        (f"{scene.prefix}_", f"{scene.prefix}__keeper", f"{scene.prefix}\\_\\_%"),
    )
    assert found.fetchall() == []


def test_the_database_is_open_to_the_offices_people_alone(scene, connected):
    row = (
        connected(None)
        .execute(
            "SELECT bool_or(x.grantee = 0), bool_or(x.grantee = 0 AND n.nspname = 'public') FROM pg_namespace n,"
            " aclexplode(n.nspacl) x WHERE n.nspname = 'public'"
        )
        .fetchone()
    )
    assert row == (False, False)
    granted = connected(None).execute(
        "SELECT x.grantee::regrole::text, x.privilege_type FROM pg_database d, aclexplode(d.datacl) x"
        " WHERE d.datname = current_database() AND x.grantee <> d.datdba"
    )
    assert granted.fetchall() == [(f"{scene.prefix}__user", "CONNECT")]


@pytest.mark.parametrize("login", ["executor", "administrator"])
def test_anybodys_program_names_what_was_done_by_hand_on_the_server(scene, login):
    """Two mistakes of the server's administrator, and nothing else."""
    store = scene.store(login)
    with store.engine.connect() as connection:
        found = difference(connection)
    store.dispose()
    assert found == [
        f"unexpected: login {scene.prefix}_ghost is no person of the office",
        "unexpected: login reopened may act as administrator without holding the role",
        "unexpected: login reopened may act as executor without holding the role",
    ]
