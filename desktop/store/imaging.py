"""SQL that writes a row as the canonical text of ``store.sealing``, on both engines, and the triggers that use it.

All of it follows from the mapped tables, so that a new table or column is in the journal the day it is mapped.
"""

from collections.abc import Iterable

from sqlalchemy import JSON, BigInteger, Boolean, Column, Date, Integer, String, Table
from sqlalchemy.types import TypeEngine

from desktop.models import Base, UtcDateTime

LEFT_OUT = frozenset({"blob_chunk", "journal_image", "journal_link", "journal_head", "presence"})
SECRETS = {"person": frozenset({"password_hash"})}  # never in an image
KEPT = ("journal_image", "journal_link", "licence_change")  # rows are added and never changed


def imaged() -> list[Table]:
    """Return the tables whose rows the journal holds, in an order in which each stands after those it refers to."""
    return [table for table in Base.metadata.sorted_tables if table.name not in LEFT_OUT]


def row_sql(table: Table, row: str, dialect: str) -> str:
    """Return SQL for the canonical text of a row; ``row`` is what its columns are called by (``new``, an alias)."""
    secret = SECRETS.get(table.name, frozenset())
    columns = sorted((column for column in table.columns if column.name not in secret), key=_by_name)
    return " || ".join(
        f"'{_net_constant(column.name)}' || {_net_sql(column, row, dialect)}" for column in columns
    )


def key_sql(table: Table, row: str, dialect: str) -> str:
    """Return SQL for the canonical text of a row's primary key."""
    return " || ".join(_net_sql(column, row, dialect) for column in table.primary_key.columns)


def sqlite_triggers() -> dict[str, str]:
    """Return the text of every trigger of the journal a SQLite file has, by its name."""
    return dict(item for table in imaged() for item in _sqlite_images(table)) | dict(
        item for name in KEPT for item in _sqlite_guards(name)
    )


def postgresql_triggers() -> list[str]:
    """Return the statements that make each table's trigger anew; running them again changes nothing."""
    return [statement for table in imaged() for statement in _postgresql_images(table)]


def _by_name(column: Column[object]) -> str:
    return column.name


def _net_constant(word: str) -> str:
    return f"{len(word.encode())}:{word},"


def _net_sql(column: Column[object], row: str, dialect: str) -> str:
    value = _value_sql(column.type, f'{row}."{column.name}"', dialect)
    octets = f"octet_length({value})" if dialect == "postgresql" else f"length(CAST({value} AS BLOB))"
    return f"coalesce({octets} || ':' || {value} || ',', '~')"


def _value_sql(kind: TypeEngine[object], name: str, dialect: str) -> str:
    """Return SQL for a column's value as a text, NULL for NULL."""
    postgresql = dialect == "postgresql"
    if isinstance(kind, UtcDateTime):
        if postgresql:
            return f"(extract(epoch FROM {name}) * 1000000)::bigint::text"
        # a moment written past the program may look different: it stands as it is
        micro = f"CAST(strftime('%s', {name}) AS INTEGER) * 1000000 + CAST(substr({name}, 21, 6) AS INTEGER)"
        usual = f"{name} GLOB '????-??-?? ??:??:??.??????'"
        return f"CAST(coalesce(CASE WHEN {usual} THEN {micro} END, {name}) AS TEXT)"
    if isinstance(kind, Boolean):
        return f"{name}::integer::text" if postgresql else f"CAST({name} AS TEXT)"
    if isinstance(kind, Date):
        return f"to_char({name}, 'YYYY-MM-DD')" if postgresql else f"CAST({name} AS TEXT)"
    if isinstance(kind, String | Integer | BigInteger | JSON):
        return f"{name}::text" if postgresql else f"CAST({name} AS TEXT)"
    raise TypeError(f"{name}: the journal has no text for {kind!r}")


def _sqlite_images(table: Table) -> Iterable[tuple[str, str]]:
    def added(kind: str, row: str, condition: str = "") -> str:
        return (
            "INSERT INTO journal_image (transaction_id, table_name, row_key, kind, content)"  # noqa: S608 - our own names
            f" SELECT position + 1, '{table.name}', {key_sql(table, row, 'sqlite')}, '{kind}',"
            f" {row_sql(table, row, 'sqlite')} FROM journal_head{condition};"
        )

    moved = f" WHERE {key_sql(table, 'old', 'sqlite')} <> {key_sql(table, 'new', 'sqlite')}"
    bodies = {
        "insert": added("I", "new"),
        "update": added("D", "old", moved) + " " + added("U", "new"),
        "delete": added("D", "old"),
    }
    for event, body in bodies.items():
        name = f"journal_{table.name}_{event}"
        yield (
            name,
            f'CREATE TRIGGER {name} AFTER {event.upper()} ON "{table.name}" FOR EACH ROW BEGIN {body} END',
        )


def _sqlite_guards(table: str) -> Iterable[tuple[str, str]]:
    for event in ("update", "delete"):
        name = f"journal_keep_{table}_{event}"
        yield (
            name,
            f"CREATE TRIGGER {name} BEFORE {event.upper()} ON {table} FOR EACH ROW"
            f" BEGIN SELECT RAISE(ABORT, 'rows of {table} are added and never changed'); END",
        )


def _postgresql_images(table: Table) -> Iterable[str]:
    def added(kind: str, row: str) -> str:
        return (
            "INSERT INTO journal_image (transaction_id, table_name, row_key, kind, content)"  # noqa: S608 - our own names
            f" VALUES (pg_current_xact_id()::text::bigint, '{table.name}',"
            f" {key_sql(table, row, 'postgresql')}, '{kind}', {row_sql(table, row, 'postgresql')});"
        )

    function = f"journal_image_{table.name}"
    moved = f"{key_sql(table, 'old', 'postgresql')} <> {key_sql(table, 'new', 'postgresql')}"
    yield (
        f"CREATE OR REPLACE FUNCTION {function}() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER"
        " SET search_path = public, pg_temp AS $function$\n"
        "BEGIN\n"
        "  IF TG_OP = 'INSERT' THEN\n"
        f"    {added('I', 'new')}\n"
        "  ELSIF TG_OP = 'DELETE' THEN\n"
        f"    {added('D', 'old')}\n"
        "  ELSE\n"
        f"    IF {moved} THEN\n"
        f"      {added('D', 'old')}\n"
        "    END IF;\n"
        f"    {added('U', 'new')}\n"
        "  END IF;\n"
        "  RETURN NULL;\n"
        "END $function$"
    )
    yield (
        f'CREATE OR REPLACE TRIGGER journal_image AFTER INSERT OR UPDATE OR DELETE ON "{table.name}"'
        f" FOR EACH ROW EXECUTE FUNCTION {function}()"
    )
