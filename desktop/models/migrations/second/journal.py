"""Revision 0002: images of rows, the links that seal them, and the head of the chain.

The triggers that fill them are made after the last revision (``store.imaging``), for they follow the tables.
"""

import sqlalchemy as sa
from alembic import op

from desktop.models.migrations.columns import MOMENT, SORTED_TEXT

_NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def create() -> None:
    op.create_table(
        "journal_image",
        sa.Column("id", _NUMBER, nullable=False),
        sa.Column("transaction_id", sa.BigInteger(), nullable=False),
        sa.Column("table_name", sa.String(length=63), nullable=False),
        sa.Column("row_key", SORTED_TEXT, nullable=False),
        sa.Column("kind", sa.String(length=1), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_journal_image")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_journal_image_transaction_id_id", "journal_image", ["transaction_id", "id"])
    op.create_index("ix_journal_image_row", "journal_image", ["table_name", "row_key", "id"])
    op.create_table(
        "journal_link",
        sa.Column("position", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("previous", sa.String(length=64), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("transaction_id", sa.BigInteger(), nullable=False),
        sa.Column("first_image", sa.BigInteger(), nullable=False),
        sa.Column("last_image", sa.BigInteger(), nullable=False),
        sa.Column("images", sa.Integer(), nullable=False),
        sa.Column("login", sa.String(length=63), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("position", name=op.f("pk_journal_link")),
        sa.UniqueConstraint("previous", name=op.f("uq_journal_link_previous")),
        sa.UniqueConstraint("hash", name=op.f("uq_journal_link_hash")),
    )
    op.create_index("ix_journal_link_transaction_id", "journal_link", ["transaction_id"])
    op.create_table(
        "journal_head",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("database", sa.String(length=36), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_journal_head_single")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_journal_head")),
    )


def drop() -> None:
    connection = op.get_bind()
    if connection.dialect.name == "sqlite":
        # a trigger that names a column would keep it from being dropped
        named = connection.exec_driver_sql(
            "SELECT name FROM sqlite_master WHERE type = 'trigger' AND name LIKE 'journal\\_%' ESCAPE '\\'"
        )
        for (name,) in named.fetchall():
            connection.exec_driver_sql(f"DROP TRIGGER {name}")
    else:
        named = connection.exec_driver_sql(
            "SELECT tgname, tgrelid::regclass::text FROM pg_trigger"
            " WHERE NOT tgisinternal AND starts_with(tgname, 'journal_')"
        )
        for name, table in named.fetchall():
            connection.exec_driver_sql(f"DROP TRIGGER {name} ON {table}")
    op.drop_table("journal_head")
    op.drop_index("ix_journal_link_transaction_id", "journal_link")
    op.drop_table("journal_link")
    op.drop_index("ix_journal_image_row", "journal_image")
    op.drop_index("ix_journal_image_transaction_id_id", "journal_image")
    op.drop_table("journal_image")
