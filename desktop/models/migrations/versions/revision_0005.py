"""What an act asks for besides, the licence an application names and what replaced it, the kind of an operation."""

import sqlalchemy as sa
from alembic import op

from desktop.models.migrations.columns import unwatched
from desktop.regulation import loader
from desktop.regulation.law_rows import law_rows

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Columns are added as they stand, on SQLite too: a table made anew would lose its triggers."""
    for name in ("details", "licence_named"):
        op.add_column("case_file", sa.Column(name, sa.JSON(), nullable=False, server_default="{}"))
    if op.get_bind().dialect.name == "sqlite":
        op.execute(
            "ALTER TABLE licence ADD COLUMN replaced_by INTEGER"
            " CONSTRAINT fk_licence_replaced_by REFERENCES licence (id)"
        )
    else:
        op.add_column("licence", sa.Column("replaced_by", sa.Integer(), nullable=True))
        op.create_foreign_key(op.f("fk_licence_replaced_by"), "licence", "licence", ["replaced_by"], ["id"])
    op.add_column(
        "law_start", sa.Column("kind", sa.String(length=40), nullable=False, server_default="issue")
    )
    _tell_kinds()


def downgrade() -> None:
    for table in ("law_start", "case_file", "licence"):
        unwatched(table)
    triggers = _triggers()
    op.drop_column("law_start", "kind")
    with op.batch_alter_table("licence") as licence:
        licence.drop_column("replaced_by")
    for name in ("licence_named", "details"):
        op.drop_column("case_file", name)
    for name in triggers.keys() - _triggers().keys():  # of the search
        op.get_bind().exec_driver_sql(triggers[name])


def _tell_kinds() -> None:
    """What a kept text says of its operations. The journal takes its images of them when the migration ends."""
    unwatched("law_start")
    kept = op.get_bind().execute(sa.text("SELECT regulation, content FROM regulation_text"))
    for name, content in kept.all():
        for row in law_rows(loader.load_text(content, name=name)).law_start:
            op.get_bind().execute(
                sa.text(
                    "UPDATE law_start SET kind = :kind WHERE regulation_sha256 = :regulation_sha256"
                    " AND service = :service AND operation = :operation AND channel = :channel"
                ),
                row,
            )


def _triggers() -> dict[str, str]:
    """Return the text of each trigger a SQLite file has, by its name."""
    if op.get_bind().dialect.name != "sqlite":
        return {}
    found = op.get_bind().execute(sa.text("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'"))
    return {name: sql for name, sql in found.all()}
