"""A draft of some kind may go back to another step than the rest."""

import sqlalchemy as sa
from alembic import op

from desktop.models.migrations.columns import unwatched
from desktop.regulation import loader
from desktop.regulation.law_rows import law_rows

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None
_KEY = ("regulation_sha256", "service", "operation", "move", "step", "role")


def upgrade() -> None:
    op.add_column("law_office_move", sa.Column("next_of", sa.Text(), nullable=False, server_default="{}"))
    table = sa.table("law_office_move", *map(sa.column, (*_KEY, "next_of")))
    kept = op.get_bind().execute(sa.text("SELECT regulation, content FROM regulation_text"))
    for name, content in kept.all():
        for row in law_rows(loader.load_text(content, name=name)).law_office_move:
            if (
                row["next_of"] != "{}"
            ):  # texts kept before could not say it, but what was taken back may be put back
                same = (table.c[key] == row[key] for key in _KEY)
                op.execute(sa.update(table).where(*same).values(next_of=row["next_of"]))


def downgrade() -> None:
    unwatched("law_office_move")
    op.drop_column("law_office_move", "next_of")
