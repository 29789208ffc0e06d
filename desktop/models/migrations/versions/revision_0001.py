"""The first shape: office, people, regulations, cases, papers, licences, numbers, journal, and the search over them."""

from alembic import op

from desktop.models.migrations import search
from desktop.models.migrations.first import cases, office, registers

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    office.create()
    cases.create()
    registers.create()
    search.create(op.get_bind())


def downgrade() -> None:
    search.drop(op.get_bind())
    for table in (
        "licence",
        "register_number",
        "journal_entry",
        "hand_over",
        "requirement_check",
        "outside_request",
        "inventory_item",
        "case_sub_type",
        "case_document",
        "attachment",
        "assignment",
        "case_file",
        "person_role",
        "office",
        "blob_chunk",
        "acting_head",
        "working_hours",
        "trust_root",
        "regulation_text",
        "register_counter",
        "person",
        "fee_rate",
        "day_override",
        "blob",
    ):
        op.drop_table(table)
