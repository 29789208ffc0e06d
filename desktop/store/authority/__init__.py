"""The database's own rights: roles, grants, row policies, functions and triggers, all made from the program's tables.

``install`` is run by the server's administrator after the schema's migration, in the same transaction, as often as
wanted. The SQL that is no list lies in ``sql/``; its files run in the order of their names, and ``{prefix}`` in them
is the office's prefix. What makes it, and the driver of a server, is loaded by whoever installs: whoever opens a file
passes here too, for what a database refuses (``refusals``).
"""

from importlib import resources
from typing import TYPE_CHECKING, cast

from sqlalchemy import Connection, text

from desktop.errors import NotAllowed, Unavailable

if TYPE_CHECKING:
    import psycopg

OLDEST = 150000  # server_version_num


def install(connection: Connection, prefix: str | None = None) -> str:
    """Make the rights of the office's database what this program says they are; return the office's prefix.

    ``prefix`` is that of a new office, by default made of the database's name; an installed one keeps its own.
    NotAllowed "not-server-administrator", "prefix-taken" (another database of the server has it);
    Unavailable "server-too-old".
    """
    from desktop.store import chaining
    from desktop.store.authority import grants, names, policies, roles

    if int(connection.scalar(text("SHOW server_version_num")) or 0) < OLDEST:
        raise Unavailable("server-too-old", found=str(connection.scalar(text("SHOW server_version"))))
    if connection.scalar(text("SELECT NOT rolsuper FROM pg_roles WHERE rolname = current_user")):
        raise NotAllowed("not-server-administrator")
    kept = str(connection.scalar(text("SELECT prefix FROM installation WHERE id = 1")) or "")
    database = str(connection.scalar(text("SELECT current_database()")))
    chosen = kept or prefix or names.prefix_of(database)
    if not names.is_prefix(chosen):
        raise ValueError(f"not a prefix: {chosen}")
    # what this transaction wrote is sealed at once and not at COMMIT: a table that waits for a trigger cannot change hands
    connection.execute(text("SET CONSTRAINTS ALL IMMEDIATE"))
    roles.make(connection, chosen, fresh=not kept)
    connection.execute(text("UPDATE installation SET prefix = :prefix WHERE id = 1"), {"prefix": chosen})
    for statements in sources(chosen).values():
        run(connection, statements)
    # numbers of transactions the server has still to give: the database was restored from another one
    connection.execute(
        text(
            "UPDATE command SET transaction_id = NULL"
            " WHERE transaction_id >= pg_current_xact_id()::text::bigint"
        )
    )
    roles.hand_over(connection, chosen)
    grants.apply(connection, chosen)
    policies.apply(connection, chosen)
    roles.settle_people(connection)
    chaining.take_images(connection)
    return chosen


def difference(connection: Connection) -> list[str]:
    """Return how the database's rights differ from this program's, [] when they do not; any login may ask."""
    from desktop.store.authority import differing  # asked once a sign-in

    return differing.difference(connection)


def installed_prefix(connection: Connection) -> str:
    """Return the prefix of an installed office, "" before."""
    return str(connection.scalar(text("SELECT prefix FROM installation WHERE id = 1")) or "")


def sources(prefix: str) -> dict[str, str]:
    """Return the SQL by its name, in the order it runs, with the office's prefix in its places."""
    from desktop.store import imaging
    from desktop.store.authority import guards, policies

    folder = resources.files("desktop.store.authority") / "sql"
    texts = {
        item.name: item.read_text(encoding="utf-8") for item in folder.iterdir() if item.name.endswith(".sql")
    }
    texts["05_lists"] = guards.lists()
    texts["15_sight"] = policies.functions()
    texts["49_guards"] = "\n".join(trigger.statement() for trigger in guards.triggers())
    texts["59_images"] = ";\n".join([*imaging.postgresql_triggers(), ""])
    return {name: texts[name].replace("{prefix}", prefix) for name in sorted(texts)}


def run(connection: Connection, statements: str) -> None:
    """Run several statements as they stand, in the transaction of ``connection``."""
    raw = cast("psycopg.Connection[object]", connection.connection.driver_connection)
    with raw.cursor() as cursor:
        cursor.execute(statements.encode())
