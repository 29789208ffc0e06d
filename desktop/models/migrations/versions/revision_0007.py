"""Sittings of the attestation commission, hearings of applicants."""

import sqlalchemy as sa
from alembic import op

from desktop.models.migrations.columns import MOMENT

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "sitting",
        *_head(),
        sa.Column("held_on", sa.Date(), nullable=False),
        sa.Column("test_score", sa.Integer(), nullable=False),
        sa.Column("test_max", sa.Integer(), nullable=False),
        sa.Column("interview_kk", sa.Text(), nullable=False),
        sa.Column("interview_ru", sa.Text(), nullable=False),
        sa.Column("votes", sa.JSON(), nullable=False),
        sa.Column("passed", sa.Boolean(), nullable=False),
        sa.Column("note_kk", sa.Text(), nullable=False),
        sa.Column("note_ru", sa.Text(), nullable=False),
        *_recorded("sitting"),
    )
    op.create_table(
        "hearing",
        *_head(),
        sa.Column("held_on", sa.Date(), nullable=False),
        sa.Column("came", sa.Boolean(), nullable=False),
        sa.Column("minutes", sa.Text(), nullable=False),
        *_recorded("hearing"),
    )
    for table in ("sitting", "hearing"):
        op.create_index(op.f(f"ix_{table}_case_id"), table, ["case_id"])


def downgrade() -> None:
    for table in ("hearing", "sitting"):
        op.drop_table(table)


def _head() -> tuple[sa.Column[int], ...]:
    return (
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
    )


def _recorded(table: str) -> tuple[sa.schema.SchemaItem, ...]:
    return (
        sa.Column("recorded_at", MOMENT, nullable=False),
        sa.Column("recorded_by", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name=op.f(f"fk_{table}_case_id")),
        sa.ForeignKeyConstraint(["recorded_by"], ["person.id"], name=op.f(f"fk_{table}_recorded_by")),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
    )
