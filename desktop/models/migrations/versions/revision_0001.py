"""The first shape: office, people, regulations, cases, papers, licences, numbers, journal, and the search over them."""

import sqlalchemy as sa
from alembic import op

from desktop.models.migrations import search

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

_MOMENT = sa.DateTime(timezone=True)
_SORTED_TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def _sorted(length: int) -> sa.String:
    return sa.String(length).with_variant(sa.String(length, collation="C"), "postgresql")


def upgrade() -> None:
    _create_blob()
    _create_day_override()
    _create_fee_rate()
    _create_person()
    _create_register_counter()
    _create_regulation_text()
    _create_trust_root()
    _create_working_hours()
    _create_acting_head()
    _create_blob_chunk()
    _create_case_file()
    _create_office()
    _create_person_role()
    _create_assignment()
    _create_attachment()
    _create_case_document()
    _create_case_sub_type()
    _create_inventory_item()
    _create_journal_entry()
    _create_outside_request()
    _create_register_number()
    _create_requirement_check()
    _create_hand_over()
    _create_licence()
    search.create(op.get_bind())


def downgrade() -> None:
    search.drop(op.get_bind())
    op.drop_table("licence")
    op.drop_table("hand_over")
    op.drop_table("requirement_check")
    op.drop_table("register_number")
    op.drop_table("outside_request")
    op.drop_table("journal_entry")
    op.drop_table("inventory_item")
    op.drop_table("case_sub_type")
    op.drop_table("case_document")
    op.drop_table("attachment")
    op.drop_table("assignment")
    op.drop_table("person_role")
    op.drop_table("office")
    op.drop_table("case_file")
    op.drop_table("blob_chunk")
    op.drop_table("acting_head")
    op.drop_table("working_hours")
    op.drop_table("trust_root")
    op.drop_table("regulation_text")
    op.drop_table("register_counter")
    op.drop_table("person")
    op.drop_table("fee_rate")
    op.drop_table("day_override")
    op.drop_table("blob")


def _create_blob() -> None:
    op.create_table(
        "blob",
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("media_type", sa.String(length=80), nullable=False),
        sa.Column("created_at", _MOMENT, nullable=False),
        sa.CheckConstraint("size >= 0", name=op.f("ck_blob_size")),
        sa.PrimaryKeyConstraint("sha256", name=op.f("pk_blob")),
    )


def _create_day_override() -> None:
    op.create_table(
        "day_override",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("intervals", sa.JSON(), nullable=False),
        sa.Column("reason_kk", sa.Text(), nullable=False),
        sa.Column("reason_ru", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("day", name=op.f("pk_day_override")),
    )


def _create_fee_rate() -> None:
    op.create_table(
        "fee_rate",
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("tenge", sa.Integer(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("unverified", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("valid_from", name=op.f("pk_fee_rate")),
    )


def _create_person() -> None:
    op.create_table(
        "person",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("login", sa.String(length=63), nullable=False),
        sa.Column("name_kk", sa.Text(), nullable=False),
        sa.Column("name_ru", sa.Text(), nullable=False),
        sa.Column("position_kk", sa.Text(), nullable=False),
        sa.Column("position_ru", sa.Text(), nullable=False),
        sa.Column("iin", sa.String(length=12), nullable=False),
        sa.Column("password_hash", sa.Text(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("failed_attempts", sa.Integer(), nullable=False),
        sa.Column("locked_until", _MOMENT, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person")),
        sa.UniqueConstraint("login", name=op.f("uq_person_login")),
    )


def _create_register_counter() -> None:
    op.create_table(
        "register_counter",
        sa.Column("register", sa.String(length=20), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("register", "year", name=op.f("pk_register_counter")),
    )


def _create_regulation_text() -> None:
    op.create_table(
        "regulation_text",
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("regulation", sa.String(length=80), nullable=False),
        sa.Column("version", sa.String(length=40), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("loaded_at", _MOMENT, nullable=False),
        sa.Column("current", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("sha256", name=op.f("pk_regulation_text")),
    )


def _create_trust_root() -> None:
    op.create_table(
        "trust_root",
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("pem", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("is_demo", sa.Boolean(), nullable=False),
        sa.Column("added_at", _MOMENT, nullable=False),
        sa.Column("added_by", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("sha256", name=op.f("pk_trust_root")),
    )


def _create_working_hours() -> None:
    op.create_table(
        "working_hours",
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("weekday", sa.Integer(), nullable=False),
        sa.Column("intervals", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("valid_from", "weekday", name=op.f("pk_working_hours")),
    )


def _create_acting_head() -> None:
    op.create_table(
        "acting_head",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("order_number", sa.String(length=80), nullable=False),
        sa.Column("order_date", sa.Date(), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.CheckConstraint("first_day <= last_day", name=op.f("ck_acting_head_days")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_acting_head_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_acting_head")),
    )


def _create_blob_chunk() -> None:
    op.create_table(
        "blob_chunk",
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["sha256"], ["blob.sha256"], name=op.f("fk_blob_chunk_sha256")),
        sa.PrimaryKeyConstraint("sha256", "position", name=op.f("pk_blob_chunk")),
    )


def _create_case_file() -> None:
    op.create_table(
        "case_file",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("number", _sorted(80), nullable=False),
        sa.Column("received_at", _MOMENT, nullable=False),
        sa.Column("registered_at", _MOMENT, nullable=False),
        sa.Column("registered_by", sa.Integer(), nullable=False),
        sa.Column("channel", sa.String(length=40), nullable=False),
        sa.Column("regulation_sha256", sa.String(length=64), nullable=False),
        sa.Column("service", sa.String(length=80), nullable=False),
        sa.Column("operation", sa.String(length=80), nullable=False),
        sa.Column("step", sa.String(length=80), nullable=True),
        sa.Column("step_entered_at", _MOMENT, nullable=False),
        sa.Column("step_due_at", _MOMENT, nullable=True),
        sa.Column("due_at", _MOMENT, nullable=False),
        sa.Column("hand_over_by", _MOMENT, nullable=True),
        sa.Column("closed_at", _MOMENT, nullable=True),
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
        sa.Column("holder_sort", _SORTED_TEXT, nullable=False),
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


def _create_office() -> None:
    op.create_table(
        "office",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("name_kk", sa.Text(), nullable=False),
        sa.Column("name_ru", sa.Text(), nullable=False),
        sa.Column("bin", sa.String(length=12), nullable=False),
        sa.Column("address_kk", sa.Text(), nullable=False),
        sa.Column("address_ru", sa.Text(), nullable=False),
        sa.Column("place_kk", sa.Text(), nullable=False),
        sa.Column("place_ru", sa.Text(), nullable=False),
        sa.Column("time_zone", sa.String(length=64), nullable=False),
        sa.Column("status_address", sa.Text(), nullable=False),
        sa.Column("numbers_licences", sa.Boolean(), nullable=False),
        sa.Column("incoming_template", sa.String(length=80), nullable=False),
        sa.Column("outgoing_template", sa.String(length=80), nullable=False),
        sa.Column("licence_template", sa.String(length=80), nullable=False),
        sa.Column("seal_sha256", sa.String(length=64), nullable=True),
        sa.Column("is_demo", sa.Boolean(), nullable=False),
        sa.Column("file_limit_bytes", sa.Integer(), nullable=False),
        sa.Column("created_at", _MOMENT, nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_office_single")),
        sa.ForeignKeyConstraint(["seal_sha256"], ["blob.sha256"], name=op.f("fk_office_seal_sha256")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_office")),
    )


def _create_person_role() -> None:
    op.create_table(
        "person_role",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("role", sa.String(length=40), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_person_role_person_id")),
        sa.PrimaryKeyConstraint("person_id", "role", name=op.f("pk_person_role")),
    )


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
        sa.Column("added_at", _MOMENT, nullable=False),
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
        sa.Column("signed_at", _MOMENT, nullable=True),
        sa.Column("created_at", _MOMENT, nullable=False),
        sa.Column("created_by", sa.Integer(), nullable=False),
        sa.Column("printed_at", _MOMENT, nullable=True),
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


def _create_journal_entry() -> None:
    op.create_table(
        "journal_entry",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", _MOMENT, nullable=False),
        sa.Column("actor", sa.String(length=63), nullable=False),
        sa.Column("actor_name", sa.Text(), nullable=False),
        sa.Column("on_behalf", sa.Text(), nullable=False),
        sa.Column("workstation", sa.String(length=120), nullable=False),
        sa.Column("event", sa.String(length=60), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=True),
        sa.Column("case_number", sa.String(length=80), nullable=False),
        sa.Column("step", sa.String(length=80), nullable=False),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name=op.f("fk_journal_entry_case_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_journal_entry")),
    )
    op.create_index("ix_journal_entry_at_id", "journal_entry", ["at", "id"], unique=False)
    op.create_index("ix_journal_entry_case_id_id", "journal_entry", ["case_id", "id"], unique=False)


def _create_outside_request() -> None:
    op.create_table(
        "outside_request",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("step", sa.String(length=80), nullable=False),
        sa.Column("number", sa.String(length=80), nullable=False),
        sa.Column("addressee_kk", sa.Text(), nullable=False),
        sa.Column("addressee_ru", sa.Text(), nullable=False),
        sa.Column("sent_at", _MOMENT, nullable=False),
        sa.Column("due_at", _MOMENT, nullable=False),
        sa.Column("answer", sa.String(length=40), nullable=True),
        sa.Column("answered_at", _MOMENT, nullable=True),
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


def _create_register_number() -> None:
    op.create_table(
        "register_number",
        sa.Column("register", sa.String(length=20), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("text", sa.String(length=80), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("given_at", _MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name=op.f("fk_register_number_case_id")),
        sa.PrimaryKeyConstraint("register", "year", "sequence", name=op.f("pk_register_number")),
        sa.UniqueConstraint("register", "text", name=op.f("uq_register_number_register_text")),
    )


def _create_requirement_check() -> None:
    op.create_table(
        "requirement_check",
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("requirement", sa.String(length=80), nullable=False),
        sa.Column("verdict", sa.String(length=20), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("checked_at", _MOMENT, nullable=False),
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
        sa.Column("handed_at", _MOMENT, nullable=False),
        sa.Column("handed_by", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name=op.f("fk_hand_over_case_id")),
        sa.ForeignKeyConstraint(["document_id"], ["case_document.id"], name=op.f("fk_hand_over_document_id")),
        sa.ForeignKeyConstraint(["handed_by"], ["person.id"], name=op.f("fk_hand_over_handed_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hand_over")),
    )
    op.create_index(op.f("ix_hand_over_case_id"), "hand_over", ["case_id"], unique=False)
    op.create_index(op.f("ix_hand_over_document_id"), "hand_over", ["document_id"], unique=False)


def _create_licence() -> None:
    op.create_table(
        "licence",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("document_id", sa.Integer(), nullable=False),
        sa.Column("number", _sorted(80), nullable=False),
        sa.Column("annex_number", _sorted(20), nullable=False),
        sa.Column("issued_on", sa.Date(), nullable=False),
        sa.Column("first_issued_on", sa.Date(), nullable=False),
        sa.Column("holder_kk", sa.Text(), nullable=False),
        sa.Column("holder_ru", sa.Text(), nullable=False),
        sa.Column("identifier", sa.String(length=12), nullable=False),
        sa.Column("holder_address", sa.Text(), nullable=False),
        sa.Column("site", sa.Text(), nullable=False),
        sa.Column("service", sa.String(length=80), nullable=False),
        sa.Column("sub_types_kk", sa.Text(), nullable=False),
        sa.Column("sub_types_ru", sa.Text(), nullable=False),
        sa.Column("status", sa.String(length=20), nullable=False),
        sa.Column("search", sa.Text(), nullable=False),
        sa.Column("holder_sort", _SORTED_TEXT, nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name=op.f("fk_licence_case_id")),
        sa.ForeignKeyConstraint(["document_id"], ["case_document.id"], name=op.f("fk_licence_document_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_licence")),
        sa.UniqueConstraint("case_id", name=op.f("uq_licence_case_id")),
        sa.UniqueConstraint("number", "annex_number", name=op.f("uq_licence_number_annex_number")),
    )
    op.create_index("ix_licence_holder_sort_id", "licence", ["holder_sort", "id"], unique=False)
    op.create_index("ix_licence_identifier", "licence", ["identifier"], unique=False)
    op.create_index("ix_licence_issued_on_id", "licence", ["issued_on", "id"], unique=False)
