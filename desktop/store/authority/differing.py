"""Does the catalogue say what the program's tables say? Any login may ask: all it reads is open to everybody.

People and the office's names are left out: to hire somebody changes nothing here. What is compared: who owns
database, schema, tables and functions; what everybody, the groups and PUBLIC may; the groups themselves and the
attributes of logins; every policy; every function with its body; every trigger, and that it is on; that every
constraint is there and that no rule, event trigger or foreign extension is.
"""

import re
from collections.abc import Iterator

from sqlalchemy import Connection, text

from desktop.models import Base
from desktop.store import authority
from desktop.store.authority import grants, laws, names, policies, roles

_FUNCTION = re.compile(r"CREATE OR REPLACE FUNCTION (\w+)\(.*?\) RETURNS (.*?)\bAS (\$\w*\$)(.*?)\3", re.S)
_SETTING = re.compile(r"\bSET (\w+) = ((?:'[^']*'|\w+)(?:, \w+)*)")
_TRIGGER = re.compile(r"^CREATE (?:OR REPLACE )?((?:CONSTRAINT )?TRIGGER .*?);", re.S | re.M)
_GRANTED = re.compile(r"GRANT EXECUTE ON FUNCTION (.*?)\s+TO ([^;]+);", re.S)


def difference(connection: Connection) -> list[str]:
    """Return what differs, one line each, sorted; [] when the database is as this program makes it."""
    prefix = authority.installed_prefix(connection)
    if not prefix:
        return ["not installed"]
    sources = authority.sources(prefix)
    expected = {
        *_expected_functions(prefix, sources),
        *_expected_triggers(sources),
        *_expected_policies(prefix),
        *_expected_grants(prefix),
        *_expected_roles(prefix),
        *_expected_rules(),
    }
    found = {
        *_functions(connection),
        *_triggers(connection),
        *_policies(connection),
        *_grants(connection, prefix),
        *_roles(connection, prefix),
        *_rules(connection),
    }
    return sorted(
        [f"missing: {line}" for line in expected - found]
        + [f"unexpected: {line}" for line in found - expected]
        + list(laws.differences(connection))
    )


def _flat(words: str) -> str:
    return " ".join(words.split())


# functions


def _expected_functions(prefix: str, sources: dict[str, str]) -> Iterator[str]:
    may: dict[str, set[str]] = {}
    for statements in sources.values():
        for listed, to in _GRANTED.findall(statements):
            for name in re.findall(r"(\w+)\(", listed):
                may.setdefault(name, set()).update(role.strip() for role in to.split(","))
    may.setdefault("login_role", set()).add(names.keeper(prefix))
    may.setdefault("office_today", set()).add(names.keeper(prefix))
    for statements in sources.values():
        for name, options, _quote, body in _FUNCTION.findall(statements):
            owner = names.keeper(prefix) if name in roles.KEEPERS else names.owner(prefix)
            language = re.search(r"LANGUAGE (\w+)", options)
            yield _function(
                name,
                owner,
                language.group(1) if language else "",
                "SECURITY DEFINER" in options,
                next((word for word in ("STABLE", "IMMUTABLE") if word in options), "VOLATILE"),
                ";".join(f"{key}={value.strip(chr(39))}" for key, value in _SETTING.findall(options)),
                sorted({owner, *may.get(name, set())}),
                body,
            )


def _functions(connection: Connection) -> Iterator[str]:
    for row in connection.execute(text(_FUNCTIONS)):
        yield _function(
            row.name,
            row.owner,
            row.language,
            row.definer,
            {"s": "STABLE", "i": "IMMUTABLE", "v": "VOLATILE"}[row.volatile],
            ";".join(row.settings or []),
            sorted(row.may),
            row.body,
        )


def _function(
    name: str, owner: str, language: str, definer: bool, kind: str, settings: str, may: list[str], body: str
) -> str:
    rights = "definer" if definer else "invoker"
    return f"function {name}: {owner} {language} {rights} {kind} [{settings}] {','.join(may)}: {body}"


_FUNCTIONS = """
    SELECT p.proname AS name, r.rolname AS owner, l.lanname AS language, p.prosecdef AS definer,
           p.provolatile::text AS volatile, p.proconfig AS settings, p.prosrc AS body,
           ARRAY(SELECT CASE WHEN a.grantee = 0 THEN 'PUBLIC' ELSE pg_get_userbyid(a.grantee) END
                 FROM aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) a) AS may
    FROM pg_proc p JOIN pg_roles r ON r.oid = p.proowner JOIN pg_language l ON l.oid = p.prolang
    WHERE p.pronamespace NOT IN ('pg_catalog'::regnamespace, 'information_schema'::regnamespace)
      AND NOT EXISTS (SELECT 1 FROM pg_depend d WHERE d.classid = 'pg_proc'::regclass AND d.objid = p.oid
                      AND d.deptype = 'e')
"""

# triggers


def _expected_triggers(sources: dict[str, str]) -> Iterator[str]:
    for statements in sources.values():
        for definition in _TRIGGER.findall(statements):
            yield f"trigger {_trigger(definition)}: on"


def _triggers(connection: Connection) -> Iterator[str]:
    states = {"O": "on", "D": "off", "R": "replica only", "A": "always"}
    found = connection.execute(
        text(
            "SELECT pg_get_triggerdef(oid) AS definition, tgenabled::text AS state FROM pg_trigger"
            " WHERE NOT tgisinternal"
        )
    )
    for row in found:
        yield f"trigger {_trigger(row.definition.removeprefix('CREATE '))}: {states.get(row.state, row.state)}"


def _trigger(definition: str) -> str:
    """Return the definition in one form, whoever wrote it: the server or our file."""
    words = (
        _flat(definition)
        .replace("public.", "")
        .replace('"', "")
        .replace("NOT DEFERRABLE INITIALLY IMMEDIATE ", "")
    )
    before, middle, after = words.partition(" ON ")
    name, when, events = re.match(  # type: ignore[union-attr]
        r"((?:CONSTRAINT )?TRIGGER \w+) (BEFORE|AFTER|INSTEAD OF) (.*)", before
    ).groups()
    return f"{name} {when} {' OR '.join(sorted(events.split(' OR ')))}{middle}{after}"


# policies


def _expected_policies(prefix: str) -> Iterator[str]:
    guarded = set()
    for policy in policies.policies(prefix):
        guarded.add(policy.table)
        yield _policy(
            policy.table,
            policy.name,
            policy.command,
            sorted(policy.roles),
            policy.using,
            policy.check,
            "PERMISSIVE",
        )
    for table in (*grants.readable(), grants.REVISION):
        yield f"table {table}: owner {names.owner(prefix)}, row security {'on' if table in guarded else 'off'}"


def _policies(connection: Connection) -> Iterator[str]:
    for row in connection.execute(text("SELECT * FROM pg_policies")):
        yield _policy(
            row.tablename,
            row.policyname,
            row.cmd,
            sorted(row.roles),
            row.qual,
            row.with_check,
            row.permissive,
        )
    for row in connection.execute(text(_TABLES)):
        yield f"table {row.name}: owner {row.owner}, row security {'on' if row.guarded else 'off'}"


def _policy(
    table: str, name: str, command: str, of: list[str], using: str | None, check: str | None, kind: str
) -> str:
    return (
        f"policy {table}.{name}: {kind} {command} TO {','.join(of)}"
        f" USING {_flat(using or '')} CHECK {_flat(check or '')}"
    )


_TABLES = """
    SELECT c.relname AS name, r.rolname AS owner, c.relrowsecurity AS guarded
    FROM pg_class c JOIN pg_roles r ON r.oid = c.relowner
    WHERE c.relnamespace NOT IN (SELECT oid FROM pg_namespace WHERE nspname LIKE 'pg\\_%' OR nspname = 'information_schema')
      AND c.relkind IN ('r', 'p', 'v', 'm', 'f')
      AND NOT EXISTS (SELECT 1 FROM pg_depend d WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid
                      AND d.deptype = 'e')
"""

# rights on database, schema, language, tables, columns and sequences


def _expected_grants(prefix: str) -> Iterator[str]:
    owner, keeper, everybody = names.owner(prefix), names.keeper(prefix), names.everybody(prefix)
    yield f"right database {everybody} CONNECT"
    for role in (everybody, keeper):
        yield f"right schema public {role} USAGE"
    for table in (*grants.readable(), grants.REVISION):
        yield f"right table {table} {everybody} SELECT"
    for table in ("person", "person_role", "acting_head"):
        yield f"right table {table} {keeper} SELECT"
    for role, write in grants.by_group(prefix):
        for column in write.inserts:
            yield f"right column {write.table}.{column} {role} INSERT"
        for column in write.updates:
            yield f"right column {write.table}.{column} {role} UPDATE"
        if write.inserts and (sequence := grants.sequence_of(write.table)):
            yield f"right table {sequence} {role} USAGE"
    yield f"owner database {owner}"
    yield f"owner schema public {owner}"
    yield f"owner new functions {owner}"


def _grants(connection: Connection, prefix: str) -> Iterator[str]:
    """What anybody but the owner may, as rows of (kind, object, grantee, right)."""
    for row in connection.execute(text(_RIGHTS), {"owner": names.owner(prefix)}):
        yield " ".join(part for part in ("right", row.kind, row.object, row.grantee, row.right) if part)
    for row in connection.execute(text(_OWNERS)):
        yield " ".join(part for part in ("owner", row.kind, row.object, row.owner) if part)


_GRANTEE = "CASE WHEN a.grantee = 0 THEN 'PUBLIC' ELSE pg_get_userbyid(a.grantee) END"
_RIGHTS = f"""
    SELECT * FROM (
        SELECT 'database' AS kind, '' AS object, {_GRANTEE} AS grantee, a.privilege_type AS right
        FROM pg_database d, aclexplode(coalesce(d.datacl, acldefault('d', d.datdba))) a
        WHERE d.datname = current_database()
        UNION ALL
        SELECT 'schema', n.nspname, {_GRANTEE}, a.privilege_type
        FROM pg_namespace n, aclexplode(coalesce(n.nspacl, acldefault('n', n.nspowner))) a
        WHERE n.nspname NOT LIKE 'pg\\_%' AND n.nspname <> 'information_schema'
        UNION ALL
        SELECT 'language', l.lanname, {_GRANTEE}, a.privilege_type
        FROM pg_language l, aclexplode(coalesce(l.lanacl, acldefault('l', l.lanowner))) a
        WHERE l.lanname NOT IN ('internal', 'c', 'sql') AND a.grantee <> l.lanowner
        UNION ALL
        SELECT 'table', c.relname, {_GRANTEE}, a.privilege_type
        FROM pg_class c,
             aclexplode(coalesce(c.relacl, acldefault((CASE c.relkind WHEN 'S' THEN 's' ELSE 'r' END)::"char", c.relowner))) a
        WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p', 'v', 'm', 'f', 'S')
        UNION ALL
        SELECT 'column', c.relname || '.' || t.attname, {_GRANTEE}, a.privilege_type
        FROM pg_class c JOIN pg_attribute t ON t.attrelid = c.oid AND NOT t.attisdropped, aclexplode(t.attacl) a
        WHERE c.relnamespace = 'public'::regnamespace
        UNION ALL
        SELECT 'default ' || e.defaclobjtype::text, pg_get_userbyid(e.defaclrole), {_GRANTEE}, a.privilege_type
        FROM pg_default_acl e, aclexplode(e.defaclacl) a
        WHERE pg_get_userbyid(e.defaclrole) = :owner
    ) found WHERE grantee <> :owner
"""  # noqa: S608 - made of constants
_OWNERS = """
    SELECT 'database' AS kind, '' AS object, pg_get_userbyid(datdba) AS owner FROM pg_database
    WHERE datname = current_database()
    UNION ALL
    SELECT 'schema', nspname, pg_get_userbyid(nspowner) FROM pg_namespace
    WHERE nspname NOT LIKE 'pg\\_%' AND nspname <> 'information_schema'
    UNION ALL  -- kept only while it differs from what is usual: that everybody may execute them
    SELECT 'new functions', '', pg_get_userbyid(defaclrole) FROM pg_default_acl
    WHERE defaclobjtype = 'f' AND defaclnamespace = 0
"""

# roles


def _expected_roles(prefix: str) -> Iterator[str]:
    for role in roles.groups(prefix):
        yield f"role {role}:{' createrole' if role == names.keeper(prefix) else ''}"


def _roles(connection: Connection, prefix: str) -> Iterator[str]:
    """The office's own roles, and what people's logins must not be; people's groups are the rows of person_role."""
    start = {"own": f"{prefix}__", "people": f"{prefix}_"}
    for row in connection.execute(text(_OWN_ROLES), start):
        attributes = "".join(f" {word}" for word in row.attributes if word)
        yield f"role {row.name}:{attributes}"
    for line in connection.execute(text(_WRONG_PEOPLE), start).scalars():
        yield f"login {line}"


_ATTRIBUTES = """ARRAY[CASE WHEN r.rolsuper THEN 'superuser' END, CASE WHEN r.rolcreaterole THEN 'createrole' END,
    CASE WHEN r.rolcreatedb THEN 'createdb' END, CASE WHEN r.rolreplication THEN 'replication' END,
    CASE WHEN r.rolbypassrls THEN 'bypassrls' END, CASE WHEN r.rolcanlogin THEN 'login' END]"""
# a group may be a member of nothing but its keeper's administration (from version 16 on)
_OWN_ROLES = f"""
    SELECT r.rolname AS name, {_ATTRIBUTES} || ARRAY(
        SELECT 'in ' || g.rolname::text FROM pg_auth_members m JOIN pg_roles g ON g.oid = m.roleid
        WHERE m.member = r.oid AND NOT (r.rolname = :own || 'keeper' AND m.admin_option) ORDER BY 1) AS attributes
    FROM pg_roles r WHERE starts_with(r.rolname, :own)
"""  # noqa: S608 - made of constants
_WRONG_PEOPLE = f"""
    SELECT r.rolname::text || ' is ' || word FROM pg_roles r, unnest(({_ATTRIBUTES})[1:5]) word
    WHERE word IS NOT NULL AND starts_with(r.rolname, :people) AND NOT starts_with(r.rolname, :own)
    UNION ALL
    SELECT r.rolname::text || ' is in ' || g.rolname
    FROM pg_auth_members m JOIN pg_roles g ON g.oid = m.roleid JOIN pg_roles r ON r.oid = m.member
    WHERE starts_with(r.rolname, :people) AND NOT starts_with(r.rolname, :own)
      AND (NOT starts_with(g.rolname, :own) OR g.rolname IN (:own || 'owner', :own || 'keeper') OR m.admin_option)
    UNION ALL
    SELECT p.login::text || ' may act as ' || right(g.rolname, -length(:own)) || ' without holding the role'
    FROM pg_auth_members m JOIN pg_roles g ON g.oid = m.roleid JOIN pg_roles r ON r.oid = m.member
    JOIN person p ON r.rolname = :people || p.login
    WHERE starts_with(g.rolname, :own) AND right(g.rolname, -length(:own)) NOT IN ('user', 'acting_head')
      AND NOT EXISTS (SELECT 1 FROM person_role o WHERE o.person_id = p.id AND p.active
                      AND o.role = right(g.rolname, -length(:own)))
    UNION ALL
    SELECT DISTINCT r.rolname::text || ' is no person of the office'
    FROM pg_auth_members m JOIN pg_roles g ON g.oid = m.roleid JOIN pg_roles r ON r.oid = m.member
    WHERE starts_with(g.rolname, :own) AND NOT starts_with(r.rolname, :own)
      AND NOT EXISTS (SELECT 1 FROM person p WHERE r.rolname = :people || p.login)
"""  # noqa: S608 - made of constants

# what else makes a statement do something else, or lets a row in

_EXTENSIONS = ("plpgsql", "pg_trgm")


def _expected_rules() -> Iterator[str]:
    for table in Base.metadata.sorted_tables:
        for constraint in table.constraints:
            if isinstance(constraint.name, str):
                yield f"constraint {table.name}.{constraint.name}: valid"
        for index in table.indexes:
            yield f"index {table.name}.{index.name}:{' unique' if index.unique else ''}"
    yield f"constraint {grants.REVISION}.{grants.REVISION}_pkc: valid"


def _rules(connection: Connection) -> Iterator[str]:
    yield from connection.execute(text(_OTHER_RULES), {"extensions": list(_EXTENSIONS)}).scalars()


_OTHER_RULES = """
    SELECT 'constraint ' || c.relname || '.' || k.conname || ': ' || CASE WHEN k.convalidated THEN 'valid' ELSE 'not valid' END
    FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid
    WHERE c.relnamespace = 'public'::regnamespace AND k.contype IN ('p', 'u', 'f', 'c', 'x')
    UNION ALL
    SELECT 'index ' || c.relname || '.' || i.relname || ':' || CASE WHEN x.indisunique THEN ' unique' ELSE '' END
    FROM pg_index x JOIN pg_class c ON c.oid = x.indrelid JOIN pg_class i ON i.oid = x.indexrelid
    WHERE c.relnamespace = 'public'::regnamespace AND i.relname NOT LIKE '%\\_search'
      AND NOT EXISTS (SELECT 1 FROM pg_constraint k WHERE k.conindid = x.indexrelid AND k.contype IN ('p', 'u', 'x'))
    UNION ALL
    SELECT 'rule ' || c.relname || '.' || r.rulename FROM pg_rewrite r JOIN pg_class c ON c.oid = r.ev_class
    WHERE c.relnamespace = 'public'::regnamespace
    UNION ALL
    SELECT 'event trigger ' || evtname FROM pg_event_trigger
    UNION ALL
    SELECT 'foreign keys of ' || c.relname || ' are not looked at'
    FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
    WHERE t.tgisinternal AND t.tgenabled <> 'O' AND c.relnamespace = 'public'::regnamespace
    GROUP BY c.relname
    UNION ALL
    SELECT 'extension ' || extname FROM pg_extension WHERE NOT extname = ANY (:extensions)
"""
