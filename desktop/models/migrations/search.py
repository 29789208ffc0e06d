"""The indexes over the folded ``search`` columns, which no model can declare.

SQLite: an FTS5 table of trigrams beside the rows, kept by triggers. PostgreSQL: GIN over pg_trgm when the
extension can be had; without it the same queries are answered by reading the column.
"""

import sqlalchemy as sa

SEARCHED = ("case_file", "licence")


def create(connection: sa.Connection) -> None:
    if connection.dialect.name == "sqlite":
        for table in SEARCHED:
            for statement in _sqlite_statements(table):
                connection.exec_driver_sql(statement)
    elif _trigrams_at_hand(connection):
        for table in SEARCHED:
            connection.exec_driver_sql(
                f"CREATE INDEX ix_{table}_search ON {table} USING gin (search gin_trgm_ops)"
            )


def drop(connection: sa.Connection) -> None:
    for table in SEARCHED:
        if connection.dialect.name == "sqlite":
            for event in ("insert", "delete", "update"):
                connection.exec_driver_sql(f"DROP TRIGGER {table}_search_{event}")
            connection.exec_driver_sql(f"DROP TABLE {table}_search")
        else:
            connection.exec_driver_sql(f"DROP INDEX IF EXISTS ix_{table}_search")


def sqlite_triggers() -> dict[str, str]:
    """Return the text of every trigger a SQLite file of ours has, by its name."""
    return {
        f"{table}_search_{event}": statement
        for table in SEARCHED
        for event, statement in _triggers(table).items()
    }


def _sqlite_statements(table: str) -> tuple[str, ...]:
    return (
        f"CREATE VIRTUAL TABLE {table}_search USING fts5("
        f"search, content='{table}', content_rowid='id', tokenize='trigram case_sensitive 1', detail='full')",
        *_triggers(table).values(),
    )


def _triggers(table: str) -> dict[str, str]:
    name = f"{table}_search"
    # an external-content table is told of a removal by a row whose first column is its command
    remove = f"INSERT INTO {name}({name}, rowid, search) VALUES ('delete', old.id, old.search);"  # noqa: S608
    add = f"INSERT INTO {name}(rowid, search) VALUES (new.id, new.search);"  # noqa: S608
    return {
        "insert": f"CREATE TRIGGER {name}_insert AFTER INSERT ON {table} BEGIN {add} END",
        "delete": f"CREATE TRIGGER {name}_delete AFTER DELETE ON {table} BEGIN {remove} END",
        "update": f"CREATE TRIGGER {name}_update AFTER UPDATE OF search ON {table} BEGIN {remove} {add} END",
    }


def _trigrams_at_hand(connection: sa.Connection) -> bool:
    """Create pg_trgm unless it is there; a server without it, or a role that may not, is no failure."""
    if connection.scalar(sa.text("SELECT 1 FROM pg_extension WHERE extname = 'pg_trgm'")):
        return True
    if not connection.scalar(sa.text("SELECT 1 FROM pg_available_extensions WHERE name = 'pg_trgm'")):
        return False
    try:
        with connection.begin_nested():
            connection.exec_driver_sql("CREATE EXTENSION pg_trgm")
    except sa.exc.ProgrammingError:
        return False
    return True
