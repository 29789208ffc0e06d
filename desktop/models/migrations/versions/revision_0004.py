"""Other systems: how they are reached, what they said of a case, the packages that came."""

from desktop.models.migrations.exchanging import tables

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    tables.create()


def downgrade() -> None:
    tables.drop()
