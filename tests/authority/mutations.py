"""Every single restriction of the database, read from its catalogue, and how to take it away and give it back.

Row policies, triggers, the checks inside the guards, and what is granted to nobody: each is removed alone, and an
attack or a differential probe must notice. What is added to the database tomorrow is found here by itself.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from tests.authority.attempts import Connection

NEVER = """
    CREATE FUNCTION refuse_never(ok boolean, code text, facts jsonb DEFAULT '{}') RETURNS void
    LANGUAGE sql STABLE AS 'SELECT'
"""
"""Takes the place of a check; made in the copy that is mutated."""


@dataclass(frozen=True, slots=True)
class Mutation:
    """``table`` and ``code``: what the probes that may notice have to do with."""

    name: str
    do: tuple[str, ...]
    undo: tuple[str, ...]
    table: str = ""
    code: str = ""


def every(connection: Connection, prefix: str) -> list[Mutation]:
    """All mutations of the database at the other end."""
    return [
        *_policies(connection),
        *_triggers(connection),
        *_checks(connection),
        *_answers(connection),
        *_table_grants(connection, prefix),
        *_column_grants(connection, prefix),
        *_other_grants(connection, prefix),
        *_roles(connection, prefix),
    ]


def _policies(connection: Connection) -> Iterator[Mutation]:
    for name, table, command, roles, using, check in connection.execute(
        "SELECT policyname, tablename, cmd, roles::text[], qual, with_check FROM pg_policies"
        " WHERE schemaname = 'public' ORDER BY 2, 1"
    ).fetchall():
        to = ", ".join(f'"{role}"' for role in roles)
        told = (f" USING ({using})" if using else "") + (f" WITH CHECK ({check})" if check else "")
        drop, make = (
            f'DROP POLICY "{name}" ON "{table}"',
            f'CREATE POLICY "{name}" ON "{table}" FOR {command} TO {to}',
        )
        yield Mutation(f"policy {table}.{name} dropped", (drop,), (make + told,), table)
        if using not in {None, "true"} or check not in {None, "true"}:
            opened = (" USING (true)" if using else "") + (" WITH CHECK (true)" if check else "")
            yield Mutation(f"policy {table}.{name} true", (drop, make + opened), (drop, make + told), table)
    for (table,) in connection.execute(
        "SELECT relname FROM pg_class WHERE relrowsecurity AND relnamespace = 'public'::regnamespace ORDER BY 1"
    ).fetchall():
        words = f'ALTER TABLE "{table}" {{}} ROW LEVEL SECURITY'
        yield Mutation(
            f"policies of {table} off", (words.format("DISABLE"),), (words.format("ENABLE"),), table
        )


def _triggers(connection: Connection) -> Iterator[Mutation]:
    for table, name in connection.execute(
        "SELECT tgrelid::regclass::text, tgname FROM pg_trigger WHERE NOT tgisinternal ORDER BY 1, 2"
    ).fetchall():
        words = f'ALTER TABLE {table} {{}} TRIGGER "{name}"'
        yield Mutation(
            f"trigger {table}.{name} disabled", (words.format("DISABLE"),), (words.format("ENABLE"),), table
        )


_CHECK = re.compile(r"PERFORM refuse_unless\([^;]*?'(LC\d{3})'", re.S)
_RAISE = re.compile(r"RAISE (?:EXCEPTION )?'(?:[^;']|'')*'[^;]*;", re.S)


def _functions(connection: Connection) -> list[tuple[str, str, str]]:
    return connection.execute(
        "SELECT p.oid::regprocedure::text, p.prosrc, pg_get_functiondef(p.oid) FROM pg_proc p"
        " WHERE p.pronamespace = 'public'::regnamespace AND p.prokind = 'f'"
        " AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = p.oid AND d.deptype = 'e') ORDER BY 1"
    ).fetchall()  # type: ignore[return-value]


def _checks(connection: Connection) -> Iterator[Mutation]:
    """One check of a function at a time comes to nothing."""
    for signature, body, definition in _functions(connection):
        name = signature.partition("(")[0]
        if name == "refuse_unless":
            continue
        for number, found in enumerate(_CHECK.finditer(body), 1):
            code = found[1]
            changed = (
                body[: found.start()]
                + found[0].replace("refuse_unless", "refuse_never", 1)
                + body[found.end() :]
            )
            yield Mutation(
                f"check {number} of {name} ({code}) gone",
                (definition.replace(body, changed),),
                (definition,),
                code=code,
            )
        for number, found in enumerate(_RAISE.finditer(body), 1):
            changed = body[: found.start()] + "NULL;" + body[found.end() :]
            yield Mutation(
                f"refusal {number} of {name} gone", (definition.replace(body, changed),), (definition,)
            )


_EVERY_CASE = "SELECT id FROM case_file"
_EVERY_ROLE = "SELECT array_agg(DISTINCT role::text) FROM person_role"
_ANSWERS = {
    "guarded": "SELECT false",
    "my_cases": _EVERY_CASE,
    "my_cases_at_hand": _EVERY_CASE,
    "my_open_cases": _EVERY_CASE,
    "my_case_roles": _EVERY_ROLE,
    "session_roles": _EVERY_ROLE,
}


def _answers(connection: Connection) -> Iterator[Mutation]:
    """A function the checks ask says yes to everything."""
    for signature, returns, many, language, body, definition in connection.execute(
        "SELECT p.oid::regprocedure::text, p.prorettype::regtype::text, p.proretset, l.lanname, p.prosrc,"
        " pg_get_functiondef(p.oid) FROM pg_proc p JOIN pg_language l ON l.oid = p.prolang"
        " WHERE p.pronamespace = 'public'::regnamespace AND (l.lanname = 'sql' OR p.proname = ANY (%s))"
        " AND p.prosqlbody IS NULL"
        " AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = p.oid AND d.deptype = 'e') ORDER BY 1",
        (list(_ANSWERS),),
    ).fetchall():
        name = signature.partition("(")[0]
        answer = _ANSWERS.get(name, "SELECT true" if returns == "boolean" else "")
        if language == "plpgsql":
            answer = f"BEGIN RETURN QUERY {answer}; END" if many else f"BEGIN RETURN ({answer}); END"
        if answer:
            yield Mutation(f"{name} says yes", (definition.replace(body, answer),), (definition,))


def _table_grants(connection: Connection, prefix: str) -> Iterator[Mutation]:
    for (table,) in connection.execute(
        "SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace ORDER BY 1"
    ).fetchall():
        for right in ("SELECT", "INSERT", "UPDATE", "DELETE", "TRUNCATE", "TRIGGER"):
            if not _has(connection, f"has_table_privilege('{prefix}__user', '{table}', '{right}')"):
                words = f'{{}} {right} ON "{table}" {{}} "{prefix}__user"'
                yield Mutation(
                    f"{right} on {table} granted",
                    (words.format("GRANT", "TO"),),
                    _columns_back(connection, words.format("REVOKE", "FROM"), table, right, prefix),
                    table,
                )


def _columns_back(
    connection: Connection, revoke: str, table: str, right: str, prefix: str
) -> tuple[str, ...]:
    """A REVOKE on the table takes the columns' own grants along: they are given back."""
    columns = [
        row[0]
        for row in connection.execute(
            "SELECT a.attname FROM pg_attribute a, aclexplode(a.attacl) x JOIN pg_roles r ON r.oid = x.grantee"
            " WHERE a.attrelid = %s::regclass AND x.privilege_type = %s AND r.rolname = %s",
            (f'"{table}"', right, f"{prefix}__user"),
        ).fetchall()
    ]
    if not columns:
        return (revoke,)
    told = ", ".join(f'"{column}"' for column in columns)
    return revoke, f'GRANT {right} ({told}) ON "{table}" TO "{prefix}__user"'


def _column_grants(connection: Connection, prefix: str) -> Iterator[Mutation]:
    """Of what some role may not write: what all may is no restriction."""
    for table, column in columns_of(connection):
        for right in ("UPDATE", "INSERT"):
            row = connection.execute(
                "SELECT bool_and(has_column_privilege(r.oid, %s, %s, %s)) FROM pg_roles r"
                " WHERE starts_with(r.rolname, %s) AND r.rolname <> ALL (%s)",
                (
                    f'"{table}"',
                    column,
                    right,
                    f"{prefix}__",
                    [f"{prefix}__{name}" for name in ("owner", "keeper", "user", "acting_head")],
                ),
            ).fetchone()
            assert row is not None
            if not row[0]:
                words = f'{{}} {right} ("{column}") ON "{table}" {{}} "{prefix}__user"'
                yield Mutation(
                    f"{right} of {table}.{column} granted",
                    (words.format("GRANT", "TO"),),
                    (words.format("REVOKE", "FROM"),),
                    table,
                )


def columns_of(connection: Connection) -> list[tuple[str, str]]:
    """Every column of every table of the office."""
    return connection.execute(
        "SELECT c.relname, a.attname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid"
        " WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace AND a.attnum > 0"
        " AND NOT a.attisdropped ORDER BY 1, a.attnum"
    ).fetchall()  # type: ignore[return-value]


def _other_grants(connection: Connection, prefix: str) -> Iterator[Mutation]:
    user = f'"{prefix}__user"'
    for signature, _body, _definition in _functions(connection):
        if signature.startswith("refuse_never"):
            continue
        if not _has(connection, f"has_function_privilege('{prefix}__user', '{signature}', 'EXECUTE')"):
            words = f"{{}} EXECUTE ON FUNCTION {signature} {{}} {user}"
            yield Mutation(
                f"EXECUTE on {signature.partition('(')[0]} granted",
                (words.format("GRANT", "TO"),),
                (words.format("REVOKE", "FROM"),),
            )
    row = connection.execute("SELECT current_database()").fetchone()
    assert row is not None
    for words in (
        f'TEMP ON DATABASE "{row[0]}"',
        f'CREATE ON DATABASE "{row[0]}"',
        "CREATE ON SCHEMA public",
        "USAGE ON LANGUAGE plpgsql",
        "USAGE ON LANGUAGE plpgsql, sql",
    ):
        yield Mutation(
            f"{words.partition(' ON ')[0]} on {words.split()[2].lower()} {words.split()[-1] if 'LANG' in words else ''}"
            " granted".replace("  ", " "),
            (f"GRANT {words} TO PUBLIC",),
            (f"REVOKE {words} FROM PUBLIC",),
        )
    for (sequence,) in connection.execute(
        "SELECT relname FROM pg_class WHERE relkind = 'S' AND relnamespace = 'public'::regnamespace ORDER BY 1"
    ).fetchall():
        yield Mutation(
            f"UPDATE on {sequence} granted",
            (f'GRANT UPDATE ON SEQUENCE "{sequence}" TO {user}',),
            (f'REVOKE UPDATE ON SEQUENCE "{sequence}" FROM {user}',),
        )


def _roles(connection: Connection, prefix: str) -> Iterator[Mutation]:
    clerk = f'"{prefix}_clerk"'
    for right in ("SUPERUSER", "CREATEROLE", "CREATEDB", "BYPASSRLS"):
        yield Mutation(
            f"{right} for a clerk", (f"ALTER ROLE {clerk} {right}",), (f"ALTER ROLE {clerk} NO{right}",)
        )
    for (group,) in connection.execute(
        "SELECT rolname FROM pg_roles WHERE starts_with(rolname, %s) AND NOT pg_has_role(%s, oid, 'MEMBER')"
        " ORDER BY 1",
        (f"{prefix}__", f"{prefix}_clerk"),
    ).fetchall():
        yield Mutation(
            f"a clerk in {group.removeprefix(prefix)}",
            (f'GRANT "{group}" TO {clerk}',),
            (f'REVOKE "{group}" FROM {clerk}',),
        )
    for right in (
        "pg_read_all_data",
        "pg_write_all_data",
        "pg_read_server_files",
        "pg_execute_server_program",
    ):
        yield Mutation(
            f"a clerk in {right}", (f"GRANT {right} TO {clerk}",), (f"REVOKE {right} FROM {clerk}",)
        )


def _has(connection: Connection, words: str) -> bool:
    row = connection.execute(f"SELECT {words}".encode()).fetchone()
    assert row is not None
    return bool(row[0])
