"""A hand on the tables past every trigger: what a superuser of the server, or whoever has the file, can do."""

import re
import sqlite3
from contextlib import closing

import psycopg

from desktop.store import imaging
from desktop.store.database import Store


def write(store: Store, *statements: str) -> None:
    """Run statements with the journal's triggers switched off, and leave no trace of that."""
    url = store.url.render_as_string(hide_password=False)
    store.engine.dispose()
    if store.dialect == "postgresql":
        with psycopg.connect(re.sub(r"^postgresql\+psycopg:", "postgresql:", url)) as connection:
            connection.execute("SET session_replication_role = replica")
            for statement in statements:
                connection.execute(statement.encode())
        return
    with closing(sqlite3.connect(str(store.url.database))) as connection:
        for name in imaging.sqlite_triggers():
            connection.execute(f"DROP TRIGGER {name}")
        for statement in statements:
            connection.execute(statement)
        for words in imaging.sqlite_triggers().values():
            connection.execute(words)
        connection.commit()
