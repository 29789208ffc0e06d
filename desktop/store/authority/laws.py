"""Are the moves the database lets a case make those of the text it began under? Whoever can read the text can tell.

The guards go by rows (``desktop.models.law``). An administrator may load a text, and with a statement of his own might
give it moves it does not have: the database cannot read the text, every workstation can.
"""

from collections.abc import Iterator
from functools import lru_cache
from hashlib import sha256

from sqlalchemy import Connection, select

from desktop.models import Base, RegulationText
from desktop.regulation import loader
from desktop.regulation.law_rows import LawRows, law_rows


def differences(connection: Connection) -> Iterator[str]:
    """Say, one line each, which kept text is not under its own hash and which rows are not its own."""
    texts = RegulationText.__table__
    for kept in connection.execute(select(texts.c.sha256, texts.c.content)).all():
        if sha256(kept.content.encode()).hexdigest() != kept.sha256:
            yield f"law {kept.sha256}: the text is another"
            continue
        try:
            expected = _rows(kept.content)
        except loader.BrokenRegulation:
            yield f"law {kept.sha256}: the text cannot be read"
            continue
        for table, rows in expected.tables():
            columns = Base.metadata.tables[table].columns
            found = connection.execute(select(*columns).where(columns["regulation_sha256"] == kept.sha256))
            there = {tuple(row) for row in found}
            own = {tuple(row[column.name] for column in columns) for row in rows}
            yield from (f"unexpected: {table} {_told(row)}" for row in there - own)
            yield from (f"missing: {table} {_told(row)}" for row in own - there)


@lru_cache(maxsize=32)
def _rows(content: str) -> LawRows:
    return law_rows(loader.load_text(content, name="kept"))


def _told(row: tuple[object, ...]) -> str:
    return " ".join("-" if value is None else str(value) for value in row[1:])
