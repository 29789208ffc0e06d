"""What one person sets, another confirms. Whoever and whatever is there already counts as confirmed, and the journal says so."""

from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op

from desktop.models.migrations.columns import MOMENT, unwatched

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

_CONFIRMATION = sa.table(
    "confirmation",
    sa.column("person_id", sa.Integer()),
    sa.column("root_sha256", sa.String()),
    sa.column("what", sa.JSON()),
    sa.column("set_at", MOMENT),
    sa.column("confirmed_at", MOMENT),
)
_ENTRY = sa.table(
    "journal_entry",
    *(sa.column(name, sa.Text()) for name in ("actor", "actor_name", "on_behalf", "workstation", "event")),
    *(sa.column(name, sa.Text()) for name in ("case_number", "step")),
    sa.column("at", MOMENT),
    sa.column("facts", sa.JSON()),
)


def upgrade() -> None:
    op.create_table(
        "confirmation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("root_sha256", sa.String(length=64), nullable=True),
        sa.Column("what", sa.JSON(), nullable=False),
        sa.Column("set_at", MOMENT, nullable=False),
        sa.Column("set_by", sa.Integer(), nullable=True),
        sa.Column("confirmed_at", MOMENT, nullable=True),
        sa.Column("confirmed_by", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "(person_id IS NULL) <> (root_sha256 IS NULL)", name=op.f("ck_confirmation_of_one")
        ),
        *(
            sa.ForeignKeyConstraint([name], ["person.id"], name=op.f(f"fk_confirmation_{name}"))
            for name in ("person_id", "set_by", "confirmed_by")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_confirmation")),
    )
    for name in ("person_id", "root_sha256"):
        op.create_index(op.f(f"ix_confirmation_{name}"), "confirmation", [name])
    _count_as_confirmed()


def downgrade() -> None:
    op.drop_table("confirmation")


def _count_as_confirmed() -> None:
    """The journal takes its images of the rows when the migration ends."""
    connection, now = op.get_bind(), datetime.now(UTC)
    people: dict[int, list[str]] = {
        person: ["before"] for (person,) in connection.execute(sa.text("SELECT id FROM person ORDER BY id"))
    }
    if not people:
        return
    for person, role in connection.execute(sa.text("SELECT person_id, role FROM person_role ORDER BY 1, 2")):
        people[person].append(f"role:{role}")
    roots = connection.execute(sa.text("SELECT sha256 FROM trust_root ORDER BY sha256")).scalars().all()
    rows = [{"person_id": person, "root_sha256": None, "what": what} for person, what in people.items()]
    rows += [{"person_id": None, "root_sha256": sha256, "what": ["before"]} for sha256 in roots]
    op.bulk_insert(_CONFIRMATION, [{**row, "set_at": now, "confirmed_at": now} for row in rows])
    unwatched("journal_entry")
    told = {"people": len(people), "roots": len(roots)}
    names = ("actor", "actor_name", "on_behalf", "workstation", "case_number", "step")
    entry = {**dict.fromkeys(names, ""), "event": "counted-as-confirmed", "at": now, "facts": told}
    op.bulk_insert(_ENTRY, [entry])
