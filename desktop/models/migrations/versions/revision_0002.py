"""The shared database as the authority: commands that run once."""

from desktop.models.migrations.second import commands

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    commands.create()


def downgrade() -> None:
    commands.drop()
