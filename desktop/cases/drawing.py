"""Puts a drawn paper into the case: its facts, its exact bytes, its state."""

import hashlib
import json
from collections.abc import Callable
from datetime import date, datetime

from sqlalchemy.orm import Session

from desktop.models import Case, CaseDocument, Office
from desktop.regulation.model import DocumentKind
from desktop.regulation.papers import Facts, to_json
from desktop.store import blobs

Draw = Callable[[DocumentKind, Facts, bytes | None], bytes]
"""Draws a paper: its kind, its facts, the seal's image -> PDF. The same arguments give the same bytes."""

PDF = "application/pdf"


def add_document(
    session: Session,
    office: Office,
    case: Case | None,
    kind: DocumentKind,
    facts: Facts,
    draw: Draw,
    *,
    number: str,
    dated: date,
    state: str,
    now: datetime,
    by: int,
    signer_id: int | None = None,
) -> CaseDocument:
    """Draw the paper, store its bytes and return its row (flushed, so that it has an id)."""
    seal = blobs.get(session, office.seal_sha256) if office.seal_sha256 else None
    content = draw(kind, facts, seal)
    document = CaseDocument(
        case_id=case.id if case else None,
        kind=kind.value,
        number=number,
        dated=dated,
        state=state,
        facts=stored_facts(office, facts),
        unsigned_sha256=blobs.put(session, content, PDF, now),
        signer_id=signer_id,
        created_at=now,
        created_by=by,
    )
    if case is None:
        session.add(document)
    else:
        case.documents.append(document)
    session.flush()  # the id is told to the caller
    return document


def stored_facts(office: Office, facts: Facts) -> dict[str, object]:
    """Return what the page is drawn from as JSON, the seal's hash included, to see later whether it still holds."""
    return {**to_json(facts), "seal": office.seal_sha256 or ""}


def same_facts(document: CaseDocument, office: Office, facts: Facts) -> bool:
    """True when drawing ``facts`` now would give the document's bytes."""
    return _digest(document.facts) == _digest(stored_facts(office, facts))


def _digest(facts: dict[str, object]) -> str:
    return hashlib.sha256(json.dumps(facts, sort_keys=True, ensure_ascii=False).encode()).hexdigest()
