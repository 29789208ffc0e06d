"""The shared database as the authority: commands that run once, the law as rows, its own name, who is there, the seal."""

from desktop.models.migrations.second import commands, installation, journal, law, presence, proofs

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    commands.create()
    law.create()
    installation.create()
    presence.create()
    proofs.create()
    journal.create()


def downgrade() -> None:
    journal.drop()  # the triggers of a file name its columns
    proofs.drop()
    presence.drop()
    installation.drop()
    law.drop()
    commands.drop()
