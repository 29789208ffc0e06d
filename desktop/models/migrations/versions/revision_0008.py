"""What the office asks of its signatures."""

import sqlalchemy as sa
from alembic import op

from desktop.models.migrations.columns import unwatched

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

_COLUMNS = (
    ("signature_level", sa.String(length=5), "b-b"),
    ("stamp_address", sa.Text(), ""),
    ("ocsp_address", sa.Text(), ""),
    ("silence_allowed", sa.Boolean(), sa.false()),
)


def upgrade() -> None:
    for name, kind, value in _COLUMNS:
        op.add_column("office", sa.Column(name, kind, nullable=False, server_default=value))


def downgrade() -> None:
    unwatched("office")
    for name, _, _ in _COLUMNS:
        op.drop_column("office", name)
