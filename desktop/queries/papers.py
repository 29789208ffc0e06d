"""Papers and their bytes: what the office drew, what was attached, what waits for the printer or for an answer."""

from pathlib import Path

from sqlalchemy import select

from desktop.errors import NotAllowed
from desktop.models import Attachment, CaseDocument, OutsideRequest
from desktop.queries import case_parts
from desktop.queries.desk import unprinted
from desktop.queries.moments import office_zone
from desktop.queries.rows import DocumentRow, RequestRow
from desktop.regulation.rights import Actor, Command, require
from desktop.store import blobs
from desktop.store.database import Store
from desktop.store.sight import in_sight, paper_in_sight

_ENOUGH = 500


def document_bytes(store: Store, actor: Actor, *, document_id: int) -> tuple[str, bytes]:
    """Return a name for the file and the very bytes stored: the signed ones once there are any.

    NotAllowed "document-not-found".
    """
    require(actor, Command.READ_CASES)
    with store.reading(by=actor.login) as session:
        row = session.execute(
            select(
                CaseDocument.kind,
                CaseDocument.number,
                CaseDocument.signed_sha256,
                CaseDocument.unsigned_sha256,
            ).where(CaseDocument.id == document_id, paper_in_sight(session, actor))
        ).one_or_none()
        sha256 = (row.signed_sha256 or row.unsigned_sha256) if row else None
        if row is None or sha256 is None:
            raise NotAllowed("document-not-found")
        return f"{_file_part(row.kind)}-{_file_part(row.number)}.pdf", blobs.get(session, sha256)


def attachment_bytes(store: Store, actor: Actor, *, attachment_id: int) -> tuple[str, bytes]:
    """Return the name it was attached under and its bytes; NotAllowed "attachment-not-found"."""
    require(actor, Command.READ_CASES)
    with store.reading(by=actor.login) as session:
        row = session.execute(
            select(Attachment.file_name, Attachment.sha256).where(
                Attachment.id == attachment_id, in_sight(session, actor, Attachment.case_id)
            )
        ).one_or_none()
        if row is None:
            raise NotAllowed("attachment-not-found")
        return row.file_name, blobs.get(session, row.sha256)


def attachment_file(store: Store, actor: Actor, *, attachment_id: int, folder: Path) -> tuple[str, Path]:
    """Write a large attachment into a file of the private ``folder``; return the name it was attached under, and where.

    It is read chunk by chunk and never held whole. NotAllowed "attachment-not-found", Unavailable "disk-full-here".
    """
    require(actor, Command.READ_CASES)
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    with store.reading(by=actor.login) as session:
        row = session.execute(
            select(Attachment.file_name, Attachment.sha256).where(
                Attachment.id == attachment_id, in_sight(session, actor, Attachment.case_id)
            )
        ).one_or_none()
        if row is None:
            raise NotAllowed("attachment-not-found")
        target = folder / row.sha256
        if not target.exists():
            part = folder / f"{row.sha256}.part"
            part.unlink(missing_ok=True)
            blobs.copy_to(session, row.sha256, part)
            part.replace(target)
        return row.file_name, target


def print_queue(store: Store, actor: Actor, *, limit: int = _ENOUGH) -> tuple[DocumentRow, ...]:
    """Return the final papers nobody has printed yet, oldest first."""
    require(actor, Command.READ_CASES)
    with store.reading(by=actor.login) as session:
        return case_parts.documents(
            session, office_zone(session), unprinted(), paper_in_sight(session, actor), limit=limit
        )


def requests(store: Store, actor: Actor, *, waiting_only: bool = True) -> tuple[RequestRow, ...]:
    """Return the requests to other authorities, the nearest answer first."""
    require(actor, Command.READ_CASES)
    with store.reading(by=actor.login) as session:
        where = [in_sight(session, actor, OutsideRequest.case_id)]
        if waiting_only:
            where.append(OutsideRequest.answered_at.is_(None))
        return case_parts.requests(session, office_zone(session), *where)


def _file_part(text: str) -> str:
    """Letters, digits and hyphens only: a number's template is the administrator's free text."""
    return "".join(letter if letter.isalnum() else "-" for letter in text).strip("-") or "document"
