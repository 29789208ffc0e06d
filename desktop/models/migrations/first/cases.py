"""Revision 0001: cases and their papers."""

import sqlalchemy as sa
from alembic import op

from desktop.models.migrations.columns import MOMENT, SORTED_TEXT, sorted_string


def create() -> None:
    _create_case_file()
    _create_assignment()
    _create_attachment()
    _create_case_document()
    _create_case_sub_type()
    _create_inventory_item()
    _create_outside_request()
    _create_requirement_check()
    _create_hand_over()


def _create_case_file() -> None:
    op.create_table(
        "case_file",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("number", sorted_string(80), nullable=False),
        sa.Column("received_at", MOMENT, nullable=False),
        sa.Column("registered_at", MOMENT, nullable=False),
        sa.Column("registered_by", sa.Integer(), nullable=False),
        sa.Column("channel", sa.String(length=40), nullable=False),
        sa.Column("regulation_sha256", sa.String(length=64), nullable=False),
        sa.Column("service", sa.String(length=80), nullable=False),
        sa.Column("operation", sa.String(length=80), nullable=False),
        sa.Column("step", sa.String(length=80), nullable=True),
        sa.Column("step_entered_at", MOMENT, nullable=False),
        sa.Column("step_due_at", MOMENT, nullable=True),
        sa.Column("due_at", MOMENT, nullable=False),
        sa.Column("hand_over_by", MOMENT, nullable=True),
        sa.Column("closed_at", MOMENT, nullable=True),
        sa.Column("result", sa.String(length=40), nullable=True),
        sa.Column("draft_kind", sa.String(length=40), nullable=True),
        sa.Column("answer", sa.String(length=40), nullable=True),
        sa.Column("is_legal_entity", sa.Boolean(), nullable=False),
        sa.Column("identifier", sa.String(length=12), nullable=False),
        sa.Column("identifier_confirmed", sa.Boolean(), nullable=False),
        sa.Column("holder_kk", sa.Text(), nullable=False),
        sa.Column("holder_ru", sa.Text(), nullable=False),
        sa.Column("holder_address", sa.Text(), nullable=False),
        sa.Column("phone", sa.String(length=80), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("site", sa.Text(), nullable=False),
        sa.Column("representative", sa.Text(), nullable=False),
        sa.Column("representative_iin", sa.String(length=12), nullable=False),
        sa.Column("power_of_attorney", sa.Text(), nullable=False),
        sa.Column("outside_number", sa.String(length=80), nullable=False),
        sa.Column("consent", sa.Boolean(), nullable=False),
        sa.Column("fee_receipt", sa.String(length=80), nullable=False),
        sa.Column("fee_paid_on", sa.Date(), nullable=True),
        sa.Column("fee_tenge", sa.Integer(), nullable=True),
        sa.Column("fee_due_tenge", sa.Integer(), nullable=True),
        sa.Column("kbk", sa.String(length=20), nullable=False),
        sa.Column("knp", sa.String(length=20), nullable=False),
        sa.Column("decision_note_kk", sa.Text(), nullable=False),
        sa.Column("decision_note_ru", sa.Text(), nullable=False),
        sa.Column("refusal_grounds", sa.JSON(), nullable=False),
        sa.Column("return_reason", sa.Text(), nullable=False),
        sa.Column("search", sa.Text(), nullable=False),
        sa.Column("holder_sort", SORTED_TEXT, nullable=False),
        sa.ForeignKeyConstraint(["registered_by"], ["person.id"], name=op.f("fk_case_file_registered_by")),
        sa.ForeignKeyConstraint(
            ["regulation_sha256"], ["regulation_text.sha256"], name=op.f("fk_case_file_regulation_sha256")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_file")),
        sa.UniqueConstraint("number", name=op.f("uq_case_file_number")),
    )
    op.create_index("ix_case_file_due_at_id", "case_file", ["due_at", "id"], unique=False)
    op.create_index("ix_case_file_holder_sort_id", "case_file", ["holder_sort", "id"], unique=False)
    op.create_index("ix_case_file_identifier", "case_file", ["identifier"], unique=False)
    op.create_index(
        "ix_case_file_open_due_at_id",
        "case_file",
        ["due_at", "id"],
        unique=False,
        sqlite_where=sa.text("step IS NOT NULL"),
        postgresql_where=sa.text("step IS NOT NULL"),
    )
    op.create_index("ix_case_file_received_at_id", "case_file", ["received_at", "id"], unique=False)
    op.create_index("ix_case_file_result_id", "case_file", ["result", "id"], unique=False)
    op.create_index("ix_case_file_step_due_id", "case_file", ["step", "step_due_at", "id"], unique=False)


def _create_assignment() -> None:
    op.create_table(
        "assignment",
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("role", sa.String(length=40), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name=op.f("fk_assignment_case_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_assignment_person_id")),
        sa.PrimaryKeyConstraint("case_id", "role", name=op.f("pk_assignment")),
    )
    op.create_index(op.f("ix_assignment_person_id"), "assignment", ["person_id"], unique=False)


def _create_attachment() -> None:
    op.create_table(
        "attachment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("paper", sa.String(length=80), nullable=True),
        sa.Column("file_name", sa.Text(), nullable=False),
        sa.Column("media_type", sa.String(length=80), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("flags", sa.JSON(), nullable=False),
        sa.Column("added_at", MOMENT, nullable=False),
        sa.Column("added_by", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["added_by"], ["person.id"], name=op.f("fk_attachment_added_by")),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name=op.f("fk_attachment_case_id")),
        sa.ForeignKeyConstraint(["sha256"], ["blob.sha256"], name=op.f("fk_attachment_sha256")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attachment")),
    )
    op.create_index(op.f("ix_attachment_case_id"), "attachment", ["case_id"], unique=False)


def _create_case_document() -> None:
    op.create_table(
        "case_document",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=True),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("number", sa.String(length=80), nullable=False),
        sa.Column("dated", sa.Date(), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column("unsigned_sha256", sa.String(length=64), nullable=True),
        sa.Column("signed_sha256", sa.String(length=64), nullable=True),
        sa.Column("signer_id", sa.Integer(), nullable=True),
        sa.Column("signer_certificate", sa.Text(), nullable=False),
        sa.Column("signed_at", MOMENT, nullable=True),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("created_by", sa.Integer(), nullable=False),
        sa.Column("printed_at", MOMENT, nullable=True),
        sa.Column("copies", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name=op.f("fk_case_document_case_id")),
        sa.ForeignKeyConstraint(["created_by"], ["person.id"], name=op.f("fk_case_document_created_by")),
        sa.ForeignKeyConstraint(
            ["signed_sha256"], ["blob.sha256"], name=op.f("fk_case_document_signed_sha256")
        ),
        sa.ForeignKeyConstraint(["signer_id"], ["person.id"], name=op.f("fk_case_document_signer_id")),
        sa.ForeignKeyConstraint(
            ["unsigned_sha256"], ["blob.sha256"], name=op.f("fk_case_document_unsigned_sha256")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_document")),
    )
    op.create_index(op.f("ix_case_document_case_id"), "case_document", ["case_id"], unique=False)
    op.create_index(
        "ix_case_document_to_print",
        "case_document",
        ["id"],
        unique=False,
        sqlite_where=sa.text("printed_at IS NULL"),
        postgresql_where=sa.text("printed_at IS NULL"),
    )


def _create_case_sub_type() -> None:
    op.create_table(
        "case_sub_type",
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("sub_type", sa.String(length=80), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name=op.f("fk_case_sub_type_case_id")),
        sa.PrimaryKeyConstraint("case_id", "sub_type", name=op.f("pk_case_sub_type")),
    )


def _create_inventory_item() -> None:
    op.create_table(
        "inventory_item",
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("paper", sa.String(length=80), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("brought", sa.Boolean(), nullable=False),
        sa.Column("sheets", sa.Integer(), nullable=False),
        sa.Column("expires_on", sa.Date(), nullable=True),
        sa.Column("verdict", sa.String(length=20), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name=op.f("fk_inventory_item_case_id")),
        sa.PrimaryKeyConstraint("case_id", "paper", name=op.f("pk_inventory_item")),
    )


def _create_outside_request() -> None:
    op.create_table(
        "outside_request",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("step", sa.String(length=80), nullable=False),
        sa.Column("number", sa.String(length=80), nullable=False),
        sa.Column("addressee_kk", sa.Text(), nullable=False),
        sa.Column("addressee_ru", sa.Text(), nullable=False),
        sa.Column("sent_at", MOMENT, nullable=False),
        sa.Column("due_at", MOMENT, nullable=False),
        sa.Column("answer", sa.String(length=40), nullable=True),
        sa.Column("answered_at", MOMENT, nullable=True),
        sa.Column("answer_number", sa.String(length=80), nullable=False),
        sa.Column("answer_date", sa.Date(), nullable=True),
        sa.Column("answer_note", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name=op.f("fk_outside_request_case_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outside_request")),
    )
    op.create_index(op.f("ix_outside_request_case_id"), "outside_request", ["case_id"], unique=False)
    op.create_index(
        "ix_outside_request_waiting",
        "outside_request",
        ["due_at", "id"],
        unique=False,
        sqlite_where=sa.text("answer IS NULL"),
        postgresql_where=sa.text("answer IS NULL"),
    )


def _create_requirement_check() -> None:
    op.create_table(
        "requirement_check",
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("requirement", sa.String(length=80), nullable=False),
        sa.Column("verdict", sa.String(length=20), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("checked_at", MOMENT, nullable=False),
        sa.Column("checked_by", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name=op.f("fk_requirement_check_case_id")),
        sa.ForeignKeyConstraint(["checked_by"], ["person.id"], name=op.f("fk_requirement_check_checked_by")),
        sa.PrimaryKeyConstraint("case_id", "requirement", name=op.f("pk_requirement_check")),
    )


def _create_hand_over() -> None:
    op.create_table(
        "hand_over",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("document_id", sa.Integer(), nullable=False),
        sa.Column("receiver", sa.Text(), nullable=False),
        sa.Column("identity_document", sa.Text(), nullable=False),
        sa.Column("power_of_attorney", sa.Text(), nullable=False),
        sa.Column("handed_at", MOMENT, nullable=False),
        sa.Column("handed_by", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name=op.f("fk_hand_over_case_id")),
        sa.ForeignKeyConstraint(["document_id"], ["case_document.id"], name=op.f("fk_hand_over_document_id")),
        sa.ForeignKeyConstraint(["handed_by"], ["person.id"], name=op.f("fk_hand_over_handed_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hand_over")),
    )
    op.create_index(op.f("ix_hand_over_case_id"), "hand_over", ["case_id"], unique=False)
    op.create_index(op.f("ix_hand_over_document_id"), "hand_over", ["document_id"], unique=False)
