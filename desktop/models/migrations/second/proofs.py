"""Revision 0002: that who links a content has it himself."""

import sqlalchemy as sa
from alembic import op


def create() -> None:
    op.create_table(
        "blob_proof",
        sa.Column("command_id", sa.String(length=36), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("proof", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["command_id"], ["command.id"], name=op.f("fk_blob_proof_command_id")),
        sa.ForeignKeyConstraint(["sha256"], ["blob.sha256"], name=op.f("fk_blob_proof_sha256")),
        sa.PrimaryKeyConstraint("command_id", "sha256", name=op.f("pk_blob_proof")),
    )


def drop() -> None:
    op.drop_table("blob_proof")
