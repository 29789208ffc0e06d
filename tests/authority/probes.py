"""Every attack and every differential question as one probe: what it should come to, and what it comes to now.

A probe leaves nothing behind, whatever is let through: it is how a removed restriction is noticed.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

import psycopg

from tests.authority import columns
from tests.authority.attempts import Connection, filled
from tests.authority.hostile import WRITTEN, everybody
from tests.authority.hostile.kinds import HARMLESS, NOTHING, Attack
from tests.authority.mutations import columns_of
from tests.authority.scene import ROLE_OF, Scene, Witness

Connect = Callable[[str | None], Connection]


@dataclass(frozen=True, slots=True)
class Probe:
    """``expected``: what ``ask`` tells as long as every restriction stands."""

    name: str
    expected: str
    ask: Callable[[], str]
    words: str = ""
    written: bool = True  # by hand, and not for every table, column or login alike

    def notices(self) -> bool:
        """True when something else comes of it than should."""
        try:
            return self.ask() != self.expected
        except psycopg.OperationalError:
            return True  # his own connection was ended by it


def rehearsed(connection: Connection, attack: Attack, scene: Scene) -> str:
    """How far an attacker comes; all is undone after what a COMMIT would prove was proved."""
    connection.execute("BEGIN")
    try:
        for statement in attack.first:
            stopped = _run(connection, filled(statement, scene.names))
            if stopped not in {NOTHING, HARMLESS}:
                return f"before: {stopped}"
        stopped = _run(connection, filled(attack.last, scene.names))
        if attack.commits and stopped in {NOTHING, HARMLESS}:
            return _run(connection, "SET CONSTRAINTS ALL IMMEDIATE")
        return stopped
    finally:
        connection.execute("ROLLBACK")


def _run(connection: Connection, statement: str) -> str:
    try:
        if statement.endswith("TO STDOUT"):
            with connection.cursor().copy(statement.encode()) as copy:
                return HARMLESS if list(copy) else NOTHING
        cursor = connection.execute(statement.encode())
    except psycopg.Error as error:
        return error.sqlstate or type(error).__name__
    return NOTHING if cursor.rowcount == 0 else HARMLESS


# these cannot be tried inside a transaction, or not twice
_NOT_UNDONE = (
    "CREATE DATABASE",
    "DROP DATABASE",
    "ALTER SYSTEM",
    "CREATE TABLESPACE",
    "SELECT pg_terminate",
    "CREATE SUBSCRIPTION",
)


def attacks(scene: Scene, connect: Connect, held: dict[str, set[str]]) -> Iterator[Probe]:
    """Every attack that can be tried and undone, written and generated."""
    superuser = connect(None)
    tables = Witness(superuser).tables
    generated = (
        *everybody.on_tables(tables),
        *everybody.on_sequences(Witness(superuser).sequences),
        *everybody.by_server(tables, referring(superuser)),
        *columns.probes(columns_of(superuser), held),
    )
    written = set(map(id, WRITTEN))
    for attack in (*WRITTEN, *generated):
        if attack.refused == HARMLESS or attack.last.startswith(_NOT_UNDONE):
            continue
        yield Probe(
            attack.name,
            attack.refused,
            _asker(connect, attack, scene),
            " ".join((*attack.first, attack.last)),
            id(attack) in written,
        )


def referring(connection: Connection) -> dict[str, list[str]]:
    """For each table the statements that drop what refers to it, as a careless migration would."""
    found: dict[str, list[str]] = {}
    for to, table, name in connection.execute(
        "SELECT confrelid::regclass::text, conrelid::regclass::text, conname FROM pg_constraint"
        " WHERE contype = 'f' ORDER BY 1, 2, 3"
    ).fetchall():
        found.setdefault(to, []).append(f'ALTER TABLE {table} DROP CONSTRAINT "{name}"')
    return found


def _asker(connect: Connect, attack: Attack, scene: Scene) -> Callable[[], str]:
    return lambda: rehearsed(connect(attack.by), attack, scene)


def reads(connect: Connect, held: dict[str, set[str]]) -> Iterator[Probe]:
    """What everybody sees of every table, and how the server finds it: as it is while all stands (test_reads judges it)."""
    for login in held:
        ask = _teller(connect, login, _CALLED)
        yield Probe(f"{login}: may call", ask(), ask, "EXECUTE", written=False)
        acts = _teller(connect, login, _MAY_ACT_AS)
        yield Probe(f"{login}: may act as", acts(), acts, "MEMBER", written=False)
    for table in Witness(connect(None)).tables:
        rows = f"SELECT md5(string_agg(t::text, '' ORDER BY t::text)) FROM \"{table}\" t"
        plan = f'EXPLAIN (COSTS OFF) SELECT * FROM "{table}"'
        for login in held:
            ask = _teller(connect, login, rows)
            yield Probe(f"{login}: sees his rows of {table}", ask(), ask, rows, written=False)
            asked = _asked_for(connect, login, plan)
            yield Probe(f"{login}: is shown without asking {table}", asked(), asked, plan, written=False)


def _asked_for(connect: Connect, login: str, plan: str) -> Callable[[], str]:
    """Whether the server must ask a function for a row: who sees all is asked nothing, whatever the planner knows."""
    told = _teller(connect, login, plan)
    return lambda: str("Plan" in told())


_CALLED = """
    SELECT p.oid::regprocedure::text FROM pg_proc p
    WHERE p.pronamespace = 'public'::regnamespace AND has_function_privilege(p.oid, 'EXECUTE') ORDER BY 1
"""


_MAY_ACT_AS = """
    SELECT rolname::text FROM pg_roles WHERE pg_has_role(oid, 'MEMBER') ORDER BY 1
"""


def _teller(connect: Connect, login: str, words: str) -> Callable[[], str]:
    def ask() -> str:
        try:
            return repr(connect(login).execute(words.encode()).fetchall())
        except psycopg.Error as error:
            return error.sqlstate or "?"

    return ask


def relevant(probes: Iterable[Probe], table: str, code: str, name: str) -> list[Probe]:
    """The probes that can notice, the likeliest first.

    A grant is noticed by whoever asks for what it grants; whatever else by those who get past the grants.
    """
    granted = name.endswith(" granted") or name.startswith(("a clerk in", "SUPERUSER", "CREATE", "BYPASSRLS"))
    column = name.split()[2].rpartition(".")[2] if granted and " of " in name else ""
    of_server = any(
        word in name for word in ("guard_whole", "keep_all", "journal_image", "seal", "keep_rows")
    )
    asked = [probe for probe in probes if granted or probe.written or probe.name.startswith(_PAST_GRANTS)]

    def distance(probe: Probe) -> int:
        if name.startswith("EXECUTE"):
            return "may call" not in probe.name
        if name.startswith("a clerk in"):
            return 0 if probe.written else 1 + ("may act as" not in probe.name)
        named = bool(table and table in probe.words)
        if column:
            return 0 if probe.name.endswith(f".{column}") and f'"{table}"' in probe.words else 2
        if of_server:
            return 0 if probe.name.startswith("server:") and named else 2
        if " sees his rows" in probe.name or " is shown" in probe.name:
            return 0 if name.startswith("polic") and f'"{table}"' in probe.words else 9
        return 8 * (probe.written == granted) + 4 - 2 * bool(code and probe.expected == code) - named

    return sorted(asked, key=distance)


_PAST_GRANTS = (
    "server:",
    *(f"{login}: {word}" for login in (*ROLE_OF, "deputy") for word in ("sees", "is shown")),
)
HELD = {login: {role} for login, role in ROLE_OF.items()} | {"deputy": {"executor", "head"}}
