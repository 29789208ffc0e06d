"""Revision 0002: the claims of commands, and the command each journal entry tells of."""

import sqlalchemy as sa
from alembic import op

from desktop.models.migrations.columns import MOMENT


def create() -> None:
    op.create_table(
        "command",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=True),
        sa.Column("login", sa.String(length=63), nullable=False),
        sa.Column("workstation", sa.String(length=120), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("transaction_id", sa.BigInteger(), nullable=True),
        sa.Column("step", sa.String(length=80), nullable=True),
        sa.Column("result", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name=op.f("fk_command_case_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_command")),
        sa.UniqueConstraint("transaction_id", name=op.f("uq_command_transaction_id")),
    )
    op.create_index(op.f("ix_command_case_id"), "command", ["case_id"], unique=False)
    op.add_column("journal_entry", sa.Column("command_id", sa.String(length=36), nullable=True))
    op.create_index("ix_journal_entry_command_id", "journal_entry", ["command_id"], unique=False)


def drop() -> None:
    op.drop_index("ix_journal_entry_command_id", "journal_entry")
    op.drop_column("journal_entry", "command_id")
    op.drop_index(op.f("ix_command_case_id"), "command")
    _drop_guards()
    op.drop_table("command")


def _drop_guards() -> None:
    """What PostgreSQL proves about commands goes with them; it is made anew with the rights, not by a revision."""
    connection = op.get_bind()
    if connection.dialect.name != "postgresql":
        return
    found = sa.text(
        "SELECT p.oid::regprocedure::text FROM pg_proc p WHERE p.pronamespace = 'public'::regnamespace"
        " AND (p.proname ~ '^(guard|prove)_' OR p.prorettype = 'command'::regtype"
        " OR 'command'::regtype = ANY (p.proargtypes))"
    )
    for signature in connection.execute(found).scalars().all():
        op.execute(f"DROP FUNCTION {signature} CASCADE")
