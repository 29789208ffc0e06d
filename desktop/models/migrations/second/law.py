"""Revision 0002: the moves of every kept regulation as rows, those of the texts already there included."""

from typing import Any

import sqlalchemy as sa
from alembic import op

from desktop.regulation import loader
from desktop.regulation.law_rows import law_rows

_TABLES = ("law_start", "law_step", "law_move", "law_office_move")


def create() -> None:
    made = {
        "law_start": _table("law_start", _key("channel", 40), _word("first"), _word("step")),
        "law_step": _table("law_step", _key("step", 80), _word("act", 40), _word("performer", 40)),
        "law_move": _table(
            "law_move",
            _key("step", 80),
            _key("outcome", 80),
            _word("effect", 40),
            _word("next", nullable=True),
            _word("produces", 40, nullable=True),
            sa.Column("needs_answer", sa.Text(), nullable=False),
            sa.Column("signed_later", sa.Boolean(), nullable=False),
        ),
        "law_office_move": _table(
            "law_office_move",
            _key("move", 40),
            _key("step", 80),
            _key("role", 40),
            _word("next", nullable=True),
        ),
    }
    kept = op.get_bind().execute(sa.text("SELECT regulation, content FROM regulation_text"))
    for name, content in kept.all():
        for table, rows in law_rows(loader.load_text(content, name=name)).tables():
            if rows:
                known = made[table].columns.keys()
                op.bulk_insert(made[table], [{name: row[name] for name in known} for row in rows])


def drop() -> None:
    for table in reversed(_TABLES):
        op.drop_table(table)


def _table(name: str, *columns: sa.Column[Any]) -> sa.Table:
    keys = ["regulation_sha256", "service", "operation"]
    return op.create_table(
        name,
        sa.Column("regulation_sha256", sa.String(length=64), nullable=False),
        sa.Column("service", sa.String(length=80), nullable=False),
        sa.Column("operation", sa.String(length=80), nullable=False),
        *columns,
        sa.ForeignKeyConstraint(
            ["regulation_sha256"], ["regulation_text.sha256"], name=op.f(f"fk_{name}_regulation_sha256")
        ),
        sa.PrimaryKeyConstraint(
            *keys, *(column.name for column in columns if column.info.get("key")), name=op.f(f"pk_{name}")
        ),
    )


def _key(name: str, length: int) -> sa.Column[str]:
    return sa.Column(name, sa.String(length=length), nullable=False, info={"key": True})


def _word(name: str, length: int = 80, *, nullable: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.String(length=length), nullable=nullable)
