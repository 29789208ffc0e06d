"""Kinds of columns the revisions write; fixed like the revisions themselves."""

import sqlalchemy as sa
from alembic import op

MOMENT = sa.DateTime(timezone=True)
SORTED_TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def sorted_string(length: int) -> sa.String:
    return sa.String(length).with_variant(sa.String(length, collation="C"), "postgresql")


def unwatched(table: str) -> None:
    """Take the journal's triggers off a table of a file: one that names a column would keep it from being dropped."""
    connection = op.get_bind()
    if connection.dialect.name != "sqlite":
        return
    named = connection.execute(
        sa.text(
            "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = :of"
            " AND name LIKE 'journal\\_%' ESCAPE '\\'"
        ),
        {"of": table},
    )
    for (name,) in named.fetchall():
        connection.exec_driver_sql(f"DROP TRIGGER {name}")
