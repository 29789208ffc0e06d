"""Revision 0002: images of rows, the links that seal them, the head of the chain, its checkpoints.

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
    found = sa.text("kind = 'B'")
    op.create_index(
        "ix_journal_image_found", "journal_image", ["id"], sqlite_where=found, postgresql_where=found
    )
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

    op.create_table(
        "journal_checkpoint",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("reason", sa.String(length=20), nullable=False),
        sa.Column("statement", sa.Text(), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.Column("certificate", sa.String(length=64), nullable=False),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.Column("made_by", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["made_by"], ["person.id"], name=op.f("fk_journal_checkpoint_made_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_journal_checkpoint")),
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
        _drop_rights(connection)
    op.drop_table("journal_checkpoint")
    op.drop_table("journal_head")
    op.drop_index("ix_journal_link_transaction_id", "journal_link")
    op.drop_table("journal_link")
    op.drop_index("ix_journal_image_found", "journal_image")
    op.drop_index("ix_journal_image_row", "journal_image")
    op.drop_index("ix_journal_image_transaction_id_id", "journal_image")
    op.drop_table("journal_image")


def _drop_rights(connection: sa.Connection) -> None:
    """Drop the policies and functions, and with them the triggers, that came with the rights: they hold the tables."""
    policies = connection.exec_driver_sql("SELECT polname, polrelid::regclass::text FROM pg_policy")
    for name, table in policies.fetchall():
        connection.exec_driver_sql(f"DROP POLICY {name} ON {table}")
    own = connection.exec_driver_sql(
        "SELECT p.oid::regprocedure::text FROM pg_proc p WHERE p.pronamespace = 'public'::regnamespace"
        " AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_proc'::regclass AND d.objid = p.oid"
        " AND d.deptype = 'e')"
    )
    for (signature,) in own.fetchall():
        connection.exec_driver_sql(f"DROP FUNCTION IF EXISTS {signature} CASCADE")
