"""Which columns of which tables a role may write, and what it may read: the table of rights as GRANTs.

Nobody gets a right on a whole table but SELECT: with UPDATE, DELETE or TRUNCATE on a table goes LOCK TABLE in every
mode, which row policies do not stop.
"""

from collections.abc import Iterable, Iterator

from sqlalchemy import Connection

from desktop.models import Base
from desktop.regulation.model import Role
from desktop.regulation.rights import RIGHTS, Command
from desktop.regulation.writes import Write, granted
from desktop.store.authority import names
from desktop.store.authority.roles import tell

REVISION = "alembic_version"


def apply(connection: Connection, prefix: str) -> None:
    """Take every right on tables from the office's groups and give those of the table of rights anew."""
    everybody = names.everybody(prefix)
    for role in (
        everybody,
        names.acting(prefix),
        *(names.group(prefix, item) for item in names.OFFICE_ROLES),
    ):
        tell(connection, "REVOKE ALL ON ALL TABLES IN SCHEMA public FROM {}", role)
        tell(connection, "REVOKE ALL ON ALL SEQUENCES IN SCHEMA public FROM {}", role)
    for table in (*readable(), REVISION):
        tell(connection, "GRANT SELECT ON {} TO {}", table, everybody)
    for role, write in by_group(prefix):
        for right, columns in (("INSERT", write.inserts), ("UPDATE", write.updates)):
            if columns:
                places = ", ".join("{}" for _ in columns)
                tell(
                    connection,
                    f"GRANT {right} ({places}) ON {{}} TO {{}}",
                    *sorted(columns),
                    write.table,
                    role,
                )
        if write.inserts and (sequence := sequence_of(write.table)):
            tell(connection, "GRANT USAGE ON SEQUENCE {} TO {}", sequence, role)


def by_group(prefix: str) -> Iterator[tuple[str, Write]]:
    """What each group may write: an acting head as much as the head, until the order's last day is proved by the guards."""
    for role in names.OFFICE_ROLES:
        for write in granted(commands_of(role)).values():
            yield names.group(prefix, role), write
    for write in granted(commands_of(Role.HEAD)).values():
        yield names.acting(prefix), write


def commands_of(role: Role) -> Iterable[Command]:
    """The commands an office role may use."""
    return [command for command, roles in RIGHTS.items() if role in roles]


def readable() -> list[str]:
    """The tables whose rows people may ask for; which rows, the policies say."""
    return [table.name for table in Base.metadata.sorted_tables]


def sequence_of(table: str) -> str | None:
    """The sequence that numbers the rows of a table, None where they are known by something else."""
    column = Base.metadata.tables[table].autoincrement_column
    return (
        f"{table}_{column.name}_seq"
        if column is not None and column.name == "id" and table not in _SINGLE
        else None
    )


_SINGLE = frozenset({"office", "installation"})  # one row, whose id is given
