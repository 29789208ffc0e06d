"""Revision 0001: licences, numbers, the journal."""

import sqlalchemy as sa
from alembic import op

from desktop.models.migrations.columns import MOMENT, SORTED_TEXT, sorted_string


def create() -> None:
    _create_journal_entry()
    _create_register_number()
    _create_licence()


def _create_journal_entry() -> None:
    op.create_table(
        "journal_entry",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
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
        sa.Column("given_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name=op.f("fk_register_number_case_id")),
        sa.PrimaryKeyConstraint("register", "year", "sequence", name=op.f("pk_register_number")),
        sa.UniqueConstraint("register", "text", name=op.f("uq_register_number_register_text")),
    )
    op.create_index(op.f("ix_register_number_case_id"), "register_number", ["case_id"], unique=False)


def _create_licence() -> None:
    op.create_table(
        "licence",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("document_id", sa.Integer(), nullable=False),
        sa.Column("number", sorted_string(80), nullable=False),
        sa.Column("annex_number", sorted_string(20), nullable=False),
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
        sa.Column("holder_sort", SORTED_TEXT, nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name=op.f("fk_licence_case_id")),
        sa.ForeignKeyConstraint(["document_id"], ["case_document.id"], name=op.f("fk_licence_document_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_licence")),
        sa.UniqueConstraint("case_id", name=op.f("uq_licence_case_id")),
        sa.UniqueConstraint("number", "annex_number", name=op.f("uq_licence_number_annex_number")),
    )
    op.create_index("ix_licence_holder_sort_id", "licence", ["holder_sort", "id"], unique=False)
    op.create_index("ix_licence_identifier", "licence", ["identifier"], unique=False)
    op.create_index("ix_licence_issued_on_id", "licence", ["issued_on", "id"], unique=False)
