"""What became of a licence after it was issued: suspended, resumed, terminated."""

import sqlalchemy as sa
from alembic import op

from desktop.models.migrations.columns import MOMENT

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

_REFERS = {
    "licence_id": "licence",
    "case_id": "case_file",
    "attachment_id": "attachment",
    "recorded_by": "person",
}


def upgrade() -> None:
    op.create_table(
        "licence_change",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("licence_id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("status", sa.String(length=20), nullable=False),
        sa.Column("ground", sa.String(length=80), nullable=False),
        sa.Column("decided_by", sa.String(length=80), nullable=False),
        sa.Column("decision_number", sa.String(length=80), nullable=False),
        sa.Column("decided_on", sa.Date(), nullable=True),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("until_on", sa.Date(), nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("attachment_id", sa.Integer(), nullable=True),
        sa.Column("recorded_at", MOMENT, nullable=False),
        sa.Column("recorded_by", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "status IN ('suspended', 'resumed', 'terminated')", name=op.f("ck_licence_change_brings")
        ),
        sa.CheckConstraint(
            "(until_on IS NOT NULL) = (status = 'suspended')", name=op.f("ck_licence_change_until")
        ),
        sa.CheckConstraint("until_on IS NULL OR until_on >= from_on", name=op.f("ck_licence_change_days")),
        *(
            sa.ForeignKeyConstraint([name], [f"{table}.id"], name=op.f(f"fk_licence_change_{name}"))
            for name, table in _REFERS.items()
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_licence_change")),
    )
    op.create_index("ix_licence_change_licence_id_id", "licence_change", ["licence_id", "id"])
    op.create_index(op.f("ix_licence_change_case_id"), "licence_change", ["case_id"])


def downgrade() -> None:
    op.drop_table("licence_change")
