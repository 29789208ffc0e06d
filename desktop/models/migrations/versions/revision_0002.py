"""The shared database as the authority: commands that run once, the law as rows, the database's own name."""

from desktop.models.migrations.second import commands, installation, law, presence

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    commands.create()
    law.create()
    installation.create()
    presence.create()


def downgrade() -> None:
    presence.drop()
    installation.drop()
    law.drop()
    commands.drop()
