"""The roles of the server: the owner, the keeper of logins, the groups; and what belongs to whom.

From version 16 on CREATEROLE reaches only roles it was given with ADMIN OPTION
(https://www.postgresql.org/docs/16/role-attributes.html), before it reached all.
"""

from psycopg import sql
from sqlalchemy import Connection, text

from desktop.errors import NotAllowed
from desktop.store.authority import names

KEEPERS = (  # the functions that make logins
    "drop_login",
    "keep_login",
    "make_login",
    "own_login",
    "settle_login",
    "settle_person",
    "settle_roles",
)
_ATTRIBUTES = "NOLOGIN NOSUPERUSER NOCREATEDB NOREPLICATION NOBYPASSRLS"
_OWN_OBJECTS = """
    SELECT c.relname, CASE c.relkind WHEN 'v' THEN 'VIEW' WHEN 'S' THEN 'SEQUENCE' ELSE 'TABLE' END
    FROM pg_class c
    WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p', 'v', 'S')
      AND NOT EXISTS (SELECT 1 FROM pg_depend d WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid
                      AND d.deptype IN ('e', 'a', 'i') AND (d.deptype = 'e' OR d.refclassid = 'pg_class'::regclass))
    ORDER BY 1
"""
_OWN_FUNCTIONS = """
    SELECT p.oid::regprocedure::text, p.proname FROM pg_proc p
    WHERE p.pronamespace = 'public'::regnamespace
      AND NOT EXISTS (SELECT 1 FROM pg_depend d WHERE d.classid = 'pg_proc'::regclass AND d.objid = p.oid
                      AND d.deptype = 'e')
    ORDER BY 1
"""


def make(connection: Connection, prefix: str, *, fresh: bool) -> None:
    """Make the roles nobody logs in as. ``fresh``: the office is new here, and leftovers of a dropped one go."""
    if fresh:
        _refuse_another(connection, prefix)
        _drop_left_over(connection, prefix)
    owner, keeper = names.owner(prefix), names.keeper(prefix)
    there = set(connection.execute(text("SELECT rolname FROM pg_roles")).scalars())
    for role in groups(prefix):
        if role not in there:
            tell(connection, "CREATE ROLE {}", role)
        more = " CREATEROLE NOINHERIT" if role == keeper else " NOCREATEROLE"
        tell(connection, f"ALTER ROLE {{}} {_ATTRIBUTES}{more}", role)
    if _version(connection) >= 160000:
        for role in set(groups(prefix)) - {owner, keeper}:
            tell(connection, "GRANT {} TO {} WITH ADMIN TRUE, INHERIT FALSE, SET FALSE", role, keeper)


def groups(prefix: str) -> list[str]:
    """Every role of an office but its people's."""
    return [
        names.owner(prefix),
        names.keeper(prefix),
        names.everybody(prefix),
        names.acting(prefix),
        *(names.group(prefix, role) for role in names.OFFICE_ROLES),
    ]


def hand_over(connection: Connection, prefix: str) -> None:
    """Give database, schema, tables and functions to the owner, and take from PUBLIC what it has by default."""
    owner, keeper, everybody = names.owner(prefix), names.keeper(prefix), names.everybody(prefix)
    database = str(connection.scalar(text("SELECT current_database()")))
    tell(connection, "ALTER DATABASE {} OWNER TO {}", database, owner)
    tell(connection, "ALTER SCHEMA public OWNER TO {}", owner)
    for name, kind in connection.execute(text(_OWN_OBJECTS)).all():
        tell(connection, f"ALTER {kind} public.{{}} OWNER TO {{}}", name, owner)
    tell(connection, "ALTER DEFAULT PRIVILEGES FOR ROLE {} REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC", owner)
    for signature, name in connection.execute(text(_OWN_FUNCTIONS)).all():
        to = keeper if name in KEEPERS else owner
        tell(connection, f"ALTER FUNCTION {signature} OWNER TO {{}}", to)
        tell(connection, f"REVOKE ALL ON FUNCTION {signature} FROM PUBLIC")
    tell(connection, "REVOKE ALL ON DATABASE {} FROM PUBLIC", database)
    tell(connection, "GRANT CONNECT ON DATABASE {} TO {}", database, everybody)
    tell(connection, "REVOKE ALL ON SCHEMA public FROM PUBLIC")
    tell(connection, "GRANT USAGE ON SCHEMA public TO {}, {}", everybody, keeper)
    tell(connection, "REVOKE ALL ON LANGUAGE plpgsql FROM PUBLIC")  # no DO blocks; functions go on working
    tell(connection, "GRANT SELECT ON person, person_role, acting_head TO {}", keeper)
    tell(connection, "GRANT EXECUTE ON FUNCTION login_role(text), office_today() TO {}", keeper)


def settle_people(connection: Connection) -> None:
    """Make or settle the login of every person; one that was not there has no password yet."""
    connection.execute(text("UPDATE person SET password_hash = '' WHERE password_hash <> ''"))
    connection.execute(text("SELECT settle_login(id) FROM person ORDER BY id"))


def tell(connection: Connection, words: str, *identifiers: str) -> None:
    """Run a statement with names quoted into its {} places."""
    raw = connection.connection.driver_connection
    composed = sql.SQL(words).format(*map(sql.Identifier, identifiers))
    connection.exec_driver_sql(composed.as_string(raw).replace("%", "%%"))


def _version(connection: Connection) -> int:
    return int(connection.scalar(text("SHOW server_version_num")) or 0)


def _refuse_another(connection: Connection, prefix: str) -> None:
    """Two offices of one server must not share roles: who is a clerk of the one would be a clerk of the other."""
    other = connection.scalar(
        text(
            "SELECT datname FROM pg_database JOIN pg_roles r ON r.oid = datdba"
            " WHERE rolname = :owner AND datname <> current_database()"
        ),
        {"owner": names.owner(prefix)},
    )
    if other is not None:
        raise NotAllowed("prefix-taken", prefix=prefix, database=str(other))


def _drop_left_over(connection: Connection, prefix: str) -> None:
    """Drop the logins of an office whose database is gone: their passwords must not open the new one."""
    left = connection.execute(
        text(
            "SELECT p.rolname FROM pg_auth_members m JOIN pg_roles g ON g.oid = m.roleid"
            " JOIN pg_roles p ON p.oid = m.member"
            " WHERE g.rolname = :everybody AND starts_with(p.rolname, :start) AND p.rolcanlogin"
            " OR g.rolname = :everybody AND starts_with(p.rolname, :start) AND NOT starts_with(p.rolname, :group)"
        ),
        {"everybody": names.everybody(prefix), "start": f"{prefix}_", "group": f"{prefix}__"},
    )
    for role in left.scalars().all():
        tell(connection, "DROP ROLE {}", role)
