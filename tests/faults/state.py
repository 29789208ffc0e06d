"""What must be true of a whole database after any death, and the database as a value that can be compared."""

import hashlib
import sqlite3
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

from sqlalchemy import Table, select
from sqlalchemy.orm import Session

from desktop.cases.journal import Event
from desktop.models import (
    Attachment,
    Base,
    Blob,
    Case,
    CaseDocument,
    Claim,
    JournalEntry,
    Licence,
    Office,
    RegisterCounter,
    RegisterNumber,
)
from desktop.store import blobs
from desktop.store.database import Store

State = dict[str, list[str]]
ATTEMPTS = frozenset({"command"})
SEAL = frozenset({"journal_image", "journal_link", "journal_head"})


def state(store: Store) -> State:
    """Return every row without its ids (a rollback may use some up) and without what is random.

    Random are a signature's bytes and a command's id; what a command returned is ids. The seal of the journal is left
    out: it holds all these and the moment of every COMMIT, and is proved by itself.
    """
    with store.reading() as session:
        signed = dict.fromkeys(session.scalars(select(CaseDocument.signed_sha256)).all(), "signed")
        made = set(session.scalars(select(CaseDocument.signer_certificate)).all())
        claims = session.scalars(select(Claim.id)).all()
        random = {item: "?" for item in (*signed, *made, *claims) if item}
        return {
            table.name: sorted(_rows(session, table, random))
            for table in Base.metadata.sorted_tables
            if table.name not in SEAL
        }  # fmt: skip


def books(of: State) -> State:
    """Return the state without what tells of every attempt: a step begun twice claims twice what it prepares."""
    return {name: rows for name, rows in of.items() if name not in ATTEMPTS}


def _rows(session: Session, table: Table, random: dict[str, str]) -> Iterator[str]:
    columns = [column for column in table.columns if not _is_id(column)]
    for row in session.execute(select(*columns)):
        if getattr(row, "sha256", None) in random:
            yield "signed content"
            continue
        told = repr([_short(value) for value in row])
        for item, word in random.items():
            told = told.replace(item, word)
        yield told


def _is_id(column: Any) -> bool:
    if column.table.name == "command" and column.name in {"result", "transaction_id"}:
        return True
    refers = any(key.column.name == "id" for key in column.foreign_keys)
    return bool(refers or (column.name == "id" and column.primary_key))


def _short(value: object) -> object:
    return hashlib.sha256(value).hexdigest() if isinstance(value, bytes) else value


def whole(path: Path) -> str:
    """Return SQLite's own verdict on the file: "ok"."""
    with closing(sqlite3.connect(path)) as connection:
        (verdict,) = connection.execute("PRAGMA integrity_check").fetchone()
        orphan = connection.execute("PRAGMA foreign_key_check").fetchone()
        for table in ("case_file", "licence"):
            connection.execute(
                f"INSERT INTO {table}_search({table}_search, rank) VALUES ('integrity-check', 1)"
            )
    return str(orphan or verdict)


def faults(store: Store) -> list[str]:
    """Return what is wrong in the office's books: nothing."""
    with store.reading() as session:
        return [*_numbers(session), *_cases(session), *_papers(session), *_contents(session)]


def _numbers(session: Session) -> Iterator[str]:
    given: dict[tuple[str, int], list[int]] = {}
    for number in session.scalars(select(RegisterNumber).order_by(RegisterNumber.sequence)):
        given.setdefault((number.register, number.year), []).append(number.sequence)
    last = {(row.register, row.year): row.last for row in session.scalars(select(RegisterCounter))}
    for place, sequences in given.items():
        if sequences != list(range(1, len(sequences) + 1)):
            yield f"{place}: {sequences}"
        if last.pop(place, None) != len(sequences):
            yield f"{place}: the counter is not at {len(sequences)}"
    yield from (f"{place}: a counter of {count} without numbers" for place, count in last.items() if count)


def _cases(session: Session) -> Iterator[str]:
    told: dict[int | None, Counter[str]] = {}
    for entry in session.scalars(select(JournalEntry)):
        told.setdefault(entry.case_id, Counter())[entry.event] += 1
    numbers = {
        row.case_id: row.text
        for row in session.scalars(select(RegisterNumber).where(RegisterNumber.register == "incoming"))
    }
    for case in session.scalars(select(Case)):
        journal = told.get(case.id, Counter())
        if numbers.pop(case.id, None) != case.number:
            yield f"{case.number}: not the number the register gave"
        if journal[Event.REGISTERED] != 1:
            yield f"{case.number}: registered {journal[Event.REGISTERED]} times in the journal"
        if (case.step is None) != (case.result is not None and case.closed_at is not None):
            yield f"{case.number}: neither open nor closed"
        receipts = [paper for paper in case.documents if paper.kind == "receipt"]
        if len(receipts) != 1 or receipts[0].number != case.number:
            yield f"{case.number}: {len(receipts)} receipts"
        signed = [paper for paper in case.documents if paper.state == "signed"]
        if journal[Event.SIGNED] != len(signed):
            yield f"{case.number}: signed {journal[Event.SIGNED]} times in the journal, {len(signed)} papers"
        if not case.inventory or not case.sub_types:
            yield f"{case.number}: no inventory"
    yield from (f"{text}: a number without a case" for text in numbers.values())


def _papers(session: Session) -> Iterator[str]:
    licences = {licence.document_id: licence for licence in session.scalars(select(Licence))}
    for paper in session.scalars(select(CaseDocument)):
        licence = licences.pop(paper.id, None)
        if paper.case_id is None and paper.kind != "acceptance-refusal":
            yield f"{paper.kind} {paper.number}: a paper of no case"
        if (paper.kind == "licence" and paper.state == "signed") != (licence is not None):
            yield f"{paper.number}: {paper.state}, and its licence is {licence}"
        if (paper.state == "signed") != (paper.signed_sha256 is not None):
            yield f"{paper.number}: {paper.state}, signed bytes {paper.signed_sha256}"
        used = session.scalars(
            select(RegisterNumber.state).where(
                RegisterNumber.text == paper.number, RegisterNumber.register == "licence"
            )
        ).all()
        if licence is not None and (licence.number != paper.number or used != ["used"]):
            yield f"{paper.number}: issued as {licence.number}, its number is {used}"
    yield from (f"{licence.number}: a licence without its paper" for licence in licences.values())


def _contents(session: Session) -> Iterator[str]:
    wanted = {
        *session.scalars(select(CaseDocument.unsigned_sha256)),
        *session.scalars(select(CaseDocument.signed_sha256)),
        *session.scalars(select(Attachment.sha256)),
        *session.scalars(select(Office.seal_sha256)),
    } - {None}
    kept = {row.sha256: row.size for row in session.execute(select(Blob.sha256, Blob.size))}
    yield from (f"{sha256}: content of nothing" for sha256 in kept.keys() - wanted)
    for sha256 in wanted:
        if len(blobs.get(session, str(sha256))) != kept.get(str(sha256)):
            yield f"{sha256}: not all of it is there"
