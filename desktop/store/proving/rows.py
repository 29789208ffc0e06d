"""L2: every row is as the last image of it says; none is there or gone that the journal does not know of."""

from collections.abc import Iterator

from sqlalchemy import Table, func, select, text
from sqlalchemy.orm import Session

from desktop.models import JournalLink
from desktop.store import imaging, sealing
from desktop.store.proving.finding import Finding, position_of


def prove(session: Session, since: int) -> Iterator[Finding]:
    """Compare each table with its images; with ``since`` only rows that were written above that link."""
    above = 0
    if since > 0:
        sealed = select(func.max(JournalLink.last_image)).where(JournalLink.position <= since)
        above = session.scalar(sealed) or 0
    dialect = session.connection().dialect.name
    for table in imaging.imaged():
        yield from _differing(session, table, dialect, above)
        yield from _gone(session, table, dialect, above)


def _differing(session: Session, table: Table, dialect: str, above: int) -> Iterator[Finding]:
    key, content = imaging.key_sql(table, "s", dialect), imaging.row_sql(table, "s", dialect)
    unknown = "" if above else "i.id IS NULL OR "
    found = session.execute(
        _sql(
            f"SELECT f.key, f.content, i.id, i.transaction_id, i.kind, i.content FROM"  # noqa: S608 - our own names
            f' (SELECT {key} AS key, {content} AS content FROM "{table.name}" s) f'
            " LEFT JOIN journal_image i ON i.id = (SELECT max(l.id) FROM journal_image l"
            f" WHERE l.table_name = '{table.name}' AND l.row_key = f.key)"
            f" WHERE {unknown} i.id > {above} AND (i.kind = 'D' OR i.content <> f.content) ORDER BY i.id, f.key"
        ),
        execution_options={"yield_per": 200},
    )
    for row_key, now, image, transaction, kind, was in found:
        facts: dict[str, object] = {"table": table.name, "key": _words(row_key)}
        if image is None:
            yield Finding("L2", "journal-row-unknown", None, facts)
            continue
        position = position_of(session, transaction, image)
        if kind == "D":
            yield Finding("L2", "journal-row-back", position, facts)
        else:
            facts["columns"] = ", ".join(_columns(was, now))
            yield Finding("L2", "journal-row-changed", position, facts)


def _gone(session: Session, table: Table, dialect: str, above: int) -> Iterator[Finding]:
    keys = f'SELECT {imaging.key_sql(table, "s", dialect)} AS key FROM "{table.name}" s'  # noqa: S608 - our own names
    last = (
        "SELECT i.row_key, i.id, i.transaction_id FROM journal_image i"  # noqa: S608 - our own names
        f" JOIN (SELECT max(id) AS id FROM journal_image WHERE table_name = '{table.name}' GROUP BY row_key) n"
        f" ON n.id = i.id"
    )
    if dialect == "postgresql":
        words = f"{last} LEFT JOIN ({keys}) f ON f.key = i.row_key WHERE f.key IS NULL"
    else:
        words = f"{last} WHERE i.row_key NOT IN ({keys})"
    for row_key, image, transaction in session.execute(
        _sql(f"{words} AND i.kind <> 'D' AND i.id > {above} ORDER BY i.id"),
        execution_options={"yield_per": 200},
    ):
        facts = {"table": table.name, "key": _words(row_key)}
        yield Finding("L2", "journal-row-missing", position_of(session, transaction, image), facts)


def _columns(was: str, now: str) -> list[str]:
    """Return the columns in which two images differ."""
    try:
        old, new = sealing.row(was), sealing.row(now)
    except ValueError:
        return ["?"]
    return [name for name in sorted({*old, *new}) if old.get(name) != new.get(name)]


def _words(key: str) -> str:
    try:
        return ", ".join(map(str, sealing.fields(key)))
    except ValueError:
        return key


def _sql(words: str):  # type: ignore[no-untyped-def]
    return text(words.replace(":", "\\:"))
