"""At which steps of a kept regulation the total term stands still."""

import sqlalchemy as sa
from alembic import op

from desktop.models.migrations.columns import unwatched
from desktop.regulation import loader
from desktop.regulation.law_rows import law_rows

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "law_step", sa.Column("pauses_total", sa.Boolean(), nullable=False, server_default=sa.false())
    )
    _fill()


def downgrade() -> None:
    unwatched("law_step")
    op.drop_column("law_step", "pauses_total")


def _fill() -> None:
    connection = op.get_bind()
    steps = sa.table(
        "law_step",
        *(sa.column(name) for name in ("regulation_sha256", "service", "operation", "step", "pauses_total")),
    )
    kept = connection.execute(sa.text("SELECT regulation, content FROM regulation_text"))
    for name, content in kept.all():
        for row in law_rows(loader.load_text(content, name=name)).law_step:
            if row["pauses_total"]:
                connection.execute(
                    steps.update()
                    .where(
                        *(
                            steps.c[key] == row[key]
                            for key in ("regulation_sha256", "service", "operation", "step")
                        )
                    )
                    .values(pauses_total=True)
                )
