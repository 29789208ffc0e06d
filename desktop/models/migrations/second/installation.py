"""Revision 0002: the database's own name, and indexes by which the right to see a file is found."""

import uuid

import sqlalchemy as sa
from alembic import op

_FILE_INDEXES = (
    ("ix_attachment_sha256", "attachment", "sha256"),
    ("ix_case_document_unsigned_sha256", "case_document", "unsigned_sha256"),
    ("ix_case_document_signed_sha256", "case_document", "signed_sha256"),
)


def create() -> None:
    table = op.create_table(
        "installation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uuid", sa.String(length=36), nullable=False),
        sa.Column("prefix", sa.String(length=30), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_installation_single")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_installation")),
    )
    op.bulk_insert(table, [{"id": 1, "uuid": str(uuid.uuid4()), "prefix": ""}])
    for name, of, column in _FILE_INDEXES:
        op.create_index(name, of, [column], unique=False)


def drop() -> None:
    for name, of, _column in reversed(_FILE_INDEXES):
        op.drop_index(name, of)
    op.drop_table("installation")
