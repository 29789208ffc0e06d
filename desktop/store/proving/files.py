"""L3 and L4: files have the contents their hashes say, and signed papers the signatures they were kept with."""

import hashlib
from collections.abc import Callable, Iterator
from datetime import datetime

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from desktop.errors import Unavailable
from desktop.models import Blob, BlobChunk, CaseDocument, JournalImage
from desktop.store import blobs
from desktop.store.proving.finding import Finding, position_of

Judge = Callable[[bytes, datetime, str], str]
"""``judge(pdf, signed_at, certificate_sha256)``: "" for a signature that holds, else the code of what is wrong."""


def prove(session: Session) -> Iterator[Finding]:
    """L3: read every file."""
    for sha256, size in session.execute(select(Blob.sha256, Blob.size).order_by(Blob.sha256)).all():
        digest, read = hashlib.sha256(), 0
        for piece in blobs.chunks(session, sha256):
            digest.update(piece)
            read += len(piece)
        if digest.hexdigest() != sha256 or read != size:
            yield Finding("L3", "journal-file-changed", _stored(session, sha256), {"sha256": sha256})
    loose = select(BlobChunk.sha256).where(~exists().where(Blob.sha256 == BlobChunk.sha256)).distinct()
    for sha256 in session.scalars(loose):
        yield Finding("L3", "journal-file-changed", _stored(session, sha256), {"sha256": sha256})


def prove_signatures(session: Session, judge: Judge) -> Iterator[Finding]:
    """L4: verify every signed paper anew; it is the prepared one and a signature after it."""
    signed = (
        select(
            CaseDocument.id,
            CaseDocument.number,
            CaseDocument.unsigned_sha256,
            CaseDocument.signed_sha256,
            CaseDocument.signed_at,
            CaseDocument.signer_certificate,
        )
        .where(CaseDocument.signed_sha256.is_not(None))
        .order_by(CaseDocument.id)
    )
    for number_of_row, number, unsigned, kept, signed_at, certificate in session.execute(signed).all():
        why = _wrong(session, judge, unsigned, kept, signed_at, certificate)
        if why:
            facts = {"number": number, "why": why}
            yield Finding(
                "L4",
                "journal-signature-bad",
                last_position(session, "case_document", str(number_of_row)),
                facts,
            )


def _wrong(
    session: Session,
    judge: Judge,
    unsigned: str | None,
    signed: str | None,
    signed_at: datetime | None,
    certificate: str,
) -> str:
    try:
        pdf, prepared = blobs.get(session, signed or ""), blobs.get(session, unsigned or "")
    except (KeyError, Unavailable):
        return "file-changed"
    if signed_at is None or not pdf.startswith(prepared) or len(pdf) == len(prepared):
        return "signature-other-bytes"
    return judge(pdf, signed_at, certificate)


def _stored(session: Session, sha256: str) -> int | None:
    return last_position(session, "blob", sha256)


def last_position(session: Session, table: str, *key: str) -> int | None:
    """Return the position of the last link that tells of a row, by the texts of its key."""
    row_key = "".join(f"{len(value.encode())}:{value}," for value in key)
    found = session.execute(
        select(JournalImage.transaction_id, JournalImage.id)
        .where(JournalImage.table_name == table, JournalImage.row_key == row_key)
        .order_by(JournalImage.id.desc())
        .limit(1)
    ).first()
    return position_of(session, *found) if found else None
