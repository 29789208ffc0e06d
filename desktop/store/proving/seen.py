"""L6: what workstations remember of the chain, and what checkpoints with the head's signature say of it."""

import base64
import binascii
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from desktop.models import JournalCheckpoint, JournalHead
from desktop.store import statements, witness
from desktop.store.proving.finding import Finding

JudgeCheckpoint = Callable[[bytes, datetime, str], str]
"""As ``files.Judge``: "" for a signature that holds, else the code of what is wrong."""


def prove(
    session: Session,
    head: JournalHead,
    remembered: Sequence[witness.Seen],
    judge: JudgeCheckpoint | None,
) -> Iterator[Finding]:
    """Compare the chain with each; without ``judge`` the signatures of checkpoints are left alone."""
    for told in witness.differences(session, head, remembered):
        facts = {name: value for name, value in told.facts.items() if name != "position"}
        yield Finding("L6", told.code, told.facts["position"], facts)
    for row in session.scalars(select(JournalCheckpoint).order_by(JournalCheckpoint.id)).all():
        why = _wrong(session, head, row, judge)
        if why:
            yield Finding("L6", "journal-checkpoint-bad", row.position, {"made_at": row.made_at, "why": why})


def _wrong(session: Session, head: JournalHead, row: JournalCheckpoint, judge: JudgeCheckpoint | None) -> str:
    """Return the code of what is wrong with a checkpoint, "" for nothing."""
    try:
        told = statements.read(row.statement)
        signed = base64.b64decode(row.document, validate=True)
    except (ValueError, binascii.Error):
        return "checkpoint-unreadable"
    if told.sha256.encode() not in signed:
        return "signature-other-bytes"
    if (told.position, told.hash, told.reason) != (row.position, row.hash, row.reason):
        return "checkpoint-differs"
    if told.database != head.database or not statements.agrees(session, told):
        return "checkpoint-differs"
    return judge(signed, row.made_at, row.certificate) if judge is not None else ""
