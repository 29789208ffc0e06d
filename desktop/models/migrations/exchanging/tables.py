"""How systems are reached, what they said of a case, the packages that came."""

import sqlalchemy as sa
from alembic import op

from desktop.models.migrations.columns import MOMENT


def create() -> None:
    op.create_table(
        "connected_system",
        sa.Column("system", sa.String(length=40), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("timeout_seconds", sa.Integer(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("authority_pem", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("system", name=op.f("pk_connected_system")),
    )
    _record()
    _package()


def _record() -> None:
    op.create_table(
        "exchange_record",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("system", sa.String(length=40), nullable=False),
        sa.Column("question", sa.JSON(), nullable=False),
        sa.Column("heard", sa.String(length=20), nullable=False),
        sa.Column("way", sa.String(length=20), nullable=False),
        sa.Column("answer", sa.JSON(), nullable=False),
        sa.Column("number", sa.String(length=120), nullable=False),
        sa.Column("reason", sa.String(length=80), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("evidence_name", sa.Text(), nullable=False),
        sa.Column("evidence_sha256", sa.String(length=64), nullable=True),
        sa.Column("document_id", sa.Integer(), nullable=True),
        sa.Column("recorded_at", MOMENT, nullable=False),
        sa.Column("recorded_by", sa.Integer(), nullable=False),
        *_refers("exchange_record", case_id="case_file.id", document_id="case_document.id"),
        *_refers("exchange_record", evidence_sha256="blob.sha256", recorded_by="person.id"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_exchange_record")),
    )
    for column in ("case_id", "evidence_sha256"):
        op.create_index(f"ix_exchange_record_{column}", "exchange_record", [column])


def _package() -> None:
    op.create_table(
        "incoming_package",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("package_id", sa.String(length=64), nullable=False),
        sa.Column("content_sha256", sa.String(length=64), nullable=False),
        sa.Column("file_name", sa.Text(), nullable=False),
        sa.Column("regulation_sha256", sa.String(length=64), nullable=False),
        sa.Column("service", sa.String(length=80), nullable=False),
        sa.Column("operation", sa.String(length=80), nullable=False),
        sa.Column("channel", sa.String(length=40), nullable=False),
        sa.Column("identifier", sa.String(length=12), nullable=False),
        sa.Column("holder_kk", sa.Text(), nullable=False),
        sa.Column("holder_ru", sa.Text(), nullable=False),
        sa.Column("request", sa.JSON(), nullable=False),
        sa.Column("sender", sa.JSON(), nullable=False),
        sa.Column("checks", sa.JSON(), nullable=False),
        sa.Column("checked_at", MOMENT, nullable=False),
        sa.Column("came_at", MOMENT, nullable=False),
        sa.Column("came_by", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("settled_at", MOMENT, nullable=True),
        sa.Column("settled_by", sa.Integer(), nullable=True),
        sa.Column("case_id", sa.Integer(), nullable=True),
        sa.Column("document_id", sa.Integer(), nullable=True),
        *_refers(
            "incoming_package", content_sha256="blob.sha256", regulation_sha256="regulation_text.sha256"
        ),
        *_refers("incoming_package", came_by="person.id", settled_by="person.id"),
        *_refers("incoming_package", case_id="case_file.id", document_id="case_document.id"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_incoming_package")),
        sa.UniqueConstraint("package_id", name=op.f("uq_incoming_package_package_id")),
    )
    for column in ("case_id", "content_sha256"):
        op.create_index(f"ix_incoming_package_{column}", "incoming_package", [column])
    waiting = sa.text("state = 'waiting'")
    op.create_index(
        "ix_incoming_package_waiting",
        "incoming_package",
        ["came_at", "id"],
        sqlite_where=waiting,
        postgresql_where=waiting,
    )


def drop() -> None:
    connection = op.get_bind()
    if connection.dialect.name == "postgresql":  # the policies of the files name the packages
        for table in ("blob", "blob_chunk"):
            connection.exec_driver_sql(f"DROP POLICY IF EXISTS file_of_own_case ON {table}")
    for table in ("incoming_package", "exchange_record", "connected_system"):
        op.drop_table(table)


def _refers(table: str, **columns: str) -> list[sa.ForeignKeyConstraint]:
    return [
        sa.ForeignKeyConstraint([column], [to], name=op.f(f"fk_{table}_{column}"))
        for column, to in columns.items()
    ]
