"""The department's keys of the codes on papers: certificates, old ones too."""

import sqlalchemy as sa
from alembic import op

from desktop.models.migrations.columns import MOMENT

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "code_key",
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("kid", sa.String(length=16), nullable=False),
        sa.Column("pem", sa.Text(), nullable=False),
        sa.Column("owner", sa.Text(), nullable=False),
        sa.Column("valid_from", MOMENT, nullable=False),
        sa.Column("valid_to", MOMENT, nullable=False),
        sa.Column("is_demo", sa.Boolean(), nullable=False),
        sa.Column("current", sa.Boolean(), nullable=True),
        sa.Column("added_at", MOMENT, nullable=False),
        sa.Column("added_by", sa.Text(), nullable=False),
        sa.Column("retired_at", MOMENT, nullable=True),
        sa.PrimaryKeyConstraint("sha256", name=op.f("pk_code_key")),
        sa.UniqueConstraint("current", name=op.f("uq_code_key_current")),
    )


def downgrade() -> None:
    op.drop_table("code_key")
