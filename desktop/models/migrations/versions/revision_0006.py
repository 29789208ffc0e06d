"""What becomes of a result outside: its keeping at a centre, and the survey of quality and availability."""

import sqlalchemy as sa
from alembic import op

from desktop.models.migrations.columns import MOMENT

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "result_custody",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("document_id", sa.Integer(), nullable=False),
        sa.Column("channel", sa.String(length=40), nullable=False),
        sa.Column("sent_at", MOMENT, nullable=False),
        sa.Column("sent_by", sa.Integer(), nullable=False),
        sa.Column("kept_until", MOMENT, nullable=False),
        sa.Column("handed_at", MOMENT, nullable=True),
        sa.Column("handed_by", sa.Integer(), nullable=True),
        sa.Column("receiver", sa.Text(), nullable=False),
        sa.Column("identity_document", sa.Text(), nullable=False),
        sa.Column("power_of_attorney", sa.Text(), nullable=False),
        sa.Column("returned_at", MOMENT, nullable=True),
        sa.Column("returned_by", sa.Integer(), nullable=True),
        sa.Column("requested_at", MOMENT, nullable=True),
        sa.Column("requested_by", sa.Integer(), nullable=True),
        sa.Column("send_again_by", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name=op.f("fk_result_custody_case_id")),
        sa.ForeignKeyConstraint(
            ["document_id"], ["case_document.id"], name=op.f("fk_result_custody_document_id")
        ),
        *(
            sa.ForeignKeyConstraint([by], ["person.id"], name=op.f(f"fk_result_custody_{by}"))
            for by in ("sent_by", "handed_by", "returned_by", "requested_by")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_result_custody")),
    )
    op.create_index(op.f("ix_result_custody_case_id"), "result_custody", ["case_id"], unique=False)
    op.create_index(op.f("ix_result_custody_document_id"), "result_custody", ["document_id"], unique=False)
    at_centre = sa.text("handed_at IS NULL AND returned_at IS NULL")
    op.create_index(
        "ix_result_custody_at_centre",
        "result_custody",
        ["kept_until", "id"],
        sqlite_where=at_centre,
        postgresql_where=at_centre,
    )
    op.create_table(
        "survey_answer",
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("question", sa.String(length=40), nullable=False),
        sa.Column("answer", sa.String(length=20), nullable=False),
        sa.Column("given_at", MOMENT, nullable=False),
        sa.Column("recorded_by", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name=op.f("fk_survey_answer_case_id")),
        sa.ForeignKeyConstraint(["recorded_by"], ["person.id"], name=op.f("fk_survey_answer_recorded_by")),
        sa.PrimaryKeyConstraint("case_id", "question", name=op.f("pk_survey_answer")),
    )
    op.create_index(op.f("ix_survey_answer_given_at"), "survey_answer", ["given_at"], unique=False)


def downgrade() -> None:
    op.drop_table("survey_answer")
    op.drop_table("result_custody")
