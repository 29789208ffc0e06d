"""Puts a drawn paper into the case: its facts, its exact bytes, its state."""

import hashlib
import json
from collections.abc import Callable
from dataclasses import fields, replace
from datetime import date, datetime
from typing import Any, Protocol, TypeVar

from sqlalchemy.orm import Session

from desktop.cases.code_keys import key_in_use
from desktop.errors import NotAllowed
from desktop.models import Case, CaseDocument, Office
from desktop.regulation.model import DocumentKind
from desktop.regulation.papers import FACTS, Facts, to_json
from desktop.store import blobs

Draw = Callable[[DocumentKind, Facts, bytes | None], bytes]
"""Draws a paper: its kind, its facts, the seal's image -> PDF. The same arguments give the same bytes."""

PDF = "application/pdf"

PaperFacts = TypeVar("PaperFacts", bound=Facts)


class Coder(Protocol):
    """The department's key of codes, open for a session."""

    @property
    def kid(self) -> str: ...

    def code(self, kind: DocumentKind, facts: Facts) -> str:
        """Return the code of a paper; NotAllowed or Unavailable as the key says."""


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


def awaiting_code(session: Session, facts: PaperFacts) -> PaperFacts:
    """Return the facts of a draft: the place of its code is marked where the office makes codes."""
    return _with(facts, code_awaited=key_in_use(session) is not None)


def with_code(session: Session, kind: DocumentKind, facts: PaperFacts, coder: Coder | None) -> PaperFacts:
    """Return the facts of a page that goes to the signature, with its code where there is a key.

    NotAllowed "code-key-retired" when ``coder`` is not the key in use, or as ``coder`` says.
    """
    facts = _with(facts, code="", code_key="", code_awaited=False)
    key = key_in_use(session)
    if key is None or coder is None or not hasattr(facts, "code"):
        return facts
    if coder.kid != key.kid:
        raise NotAllowed("code-key-retired")
    return _with(facts, code=coder.code(kind, facts), code_key=key.kid)


def code_stands(session: Session, document: CaseDocument, coder: Coder | None) -> bool:
    """Whether a page that is drawn bears what it should: a code of the key in use, or none where there is none.

    A page that has its code keeps it, whether the key is open now or not.
    """
    key = key_in_use(session)
    made_by = document.facts.get("code_key", "")
    if document.facts.get("code_awaited"):
        return False
    if made_by:
        return key is not None and made_by == key.kid
    return key is None or coder is None or not _bears_one(document)


def code_of(session: Session, document: CaseDocument) -> str:
    """Return "coded", "closed" (there is a key, it was not open), "no-key", or "" for a paper that bears no code."""
    if document.facts.get("code"):
        return "coded"
    if not _bears_one(document):
        return ""
    return "no-key" if key_in_use(session) is None else "closed"


def _bears_one(document: CaseDocument) -> bool:
    return any(field.name == "code" for field in fields(FACTS[DocumentKind(document.kind)]))


def _with(facts: PaperFacts, **values: Any) -> PaperFacts:
    known = {name: value for name, value in values.items() if hasattr(facts, name)}
    return replace(facts, **known) if known else facts


def stored_facts(office: Office, facts: Facts) -> dict[str, object]:
    """Return what the page is drawn from as JSON, the seal's hash included, to see later whether it still holds."""
    return {**to_json(facts), "seal": office.seal_sha256 or ""}


def same_facts(document: CaseDocument, office: Office, facts: Facts) -> bool:
    """True when drawing ``facts`` now would give the document's bytes, but for its code (:func:`code_stands`)."""
    return _digest(document.facts) == _digest(stored_facts(office, facts))


_OF_CODE = frozenset(
    {"code", "code_key", "code_awaited"}
)  # made anew each time: they say nothing of the case


def _digest(facts: dict[str, object]) -> str:
    facts = {name: value for name, value in facts.items() if name not in _OF_CODE}
    return hashlib.sha256(json.dumps(facts, sort_keys=True, ensure_ascii=False).encode()).hexdigest()
