"""The shared database as the authority: commands that run once."""

from desktop.models.migrations.second import commands, law

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    commands.create()
    law.create()


def downgrade() -> None:
    law.drop()
    commands.drop()
