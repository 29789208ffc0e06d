"""The shared database as the authority: commands that run once, the law as rows, the database's own name."""

from desktop.models.migrations.second import commands, installation, law

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    commands.create()
    law.create()
    installation.create()


def downgrade() -> None:
    installation.drop()
    law.drop()
    commands.drop()
