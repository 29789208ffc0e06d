"""Files a person attaches to a case: looked at by content, named safely, kept byte for byte."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy.orm import Session

from desktop.cases import leafing
from desktop.cases.application import IncomingFile
from desktop.cases.change import changing
from desktop.cases.claiming import nothing, once
from desktop.cases.journal import Event
from desktop.cases.leafing import Leaves
from desktop.cases.plain_text import clean_name
from desktop.cases.scanning import image_flags, pdf_flags
from desktop.errors import BadInput, NotAllowed, Unavailable
from desktop.models import Attachment, Case, Office
from desktop.regulation.rights import Actor, Command
from desktop.store import blobs
from desktop.store.database import Store

NAME_LENGTH = 120
_HEAD = 8 * 1024 * 1024  # bytes in which a picture says its size

_EXTENSIONS = {
    "application/pdf": (".pdf",),
    "image/jpeg": (".jpg", ".jpeg", ".jpe", ".jfif"),
    "image/png": (".png",),
    "image/tiff": (".tif", ".tiff"),
}
_RESERVED = {"CON", "PRN", "AUX", "NUL", *(f"{port}{n}" for port in ("COM", "LPT") for n in range(1, 10))}
_NOT_IN_NAMES = frozenset('<>:"/\\|?*')


@dataclass(frozen=True, slots=True)
class Inspected:
    """A file that may be attached."""

    path: Path
    paper: str | None
    name: str
    media_type: str
    flags: tuple[str, ...]


@once(nothing)
def attach_files(
    store: Store, actor: Actor, *, case_id: int, seen_version: int, files: Iterable[IncomingFile]
) -> None:
    """Add scans to an open case."""
    limit = file_limit(store)
    ready = inspect_all(files, limit)
    if not ready:
        raise BadInput("field-required", field="files")
    with changing(store, actor, case_id, seen_version, Command.ATTACH) as change:
        papers = {paper.id for paper in change.operation.papers}
        told = add(change.session, change.case, ready, limit, papers, change.now, change.actor.person_id)
        change.record(Event.FILES_ATTACHED, files=told)


def inspect(path: Path, limit: int) -> tuple[str, tuple[str, ...]]:
    """Return the media type by content and the warnings of a file of at most ``limit`` bytes.

    BadInput at ``files`` with ``file_name``: "file-missing", "file-empty", "file-too-large" (limit),
    "file-type-unknown", "file-mislabelled" (the name says another type than the content).
    """
    name = safe_name(path.name)
    try:
        size = path.stat().st_size
        if not path.is_file():
            raise BadInput("file-missing", field="files", file_name=name)
        if size == 0:
            raise BadInput("file-empty", field="files", file_name=name)
        if size > limit:
            raise BadInput("file-too-large", field="files", file_name=name, limit=limit, size=size)
        with leafing.opened(path) as leaves:
            return _proved(leaves, path, name)
    except (FileNotFoundError, ValueError) as error:  # ValueError: NUL in the path
        raise BadInput("file-missing", field="files", file_name=name) from error
    except OSError as error:
        raise Unavailable("file-unreadable", file_name=name, reason=str(error)) from error


def _proved(leaves: Leaves, path: Path, name: str) -> tuple[str, tuple[str, ...]]:
    head = leaves.read(0, _HEAD)
    media_type = media_type_of(head)
    if media_type is None:
        raise BadInput("file-type-unknown", field="files", file_name=name)
    says = path.suffix.lower()
    if says and says not in _EXTENSIONS[media_type]:
        raise BadInput("file-mislabelled", field="files", file_name=name, media_type=media_type)
    return media_type, pdf_flags(leaves) if media_type == "application/pdf" else image_flags(media_type, head)


def media_type_of(content: bytes) -> str | None:
    """Return what the first bytes say; None for anything that is not PDF, JPEG, PNG or TIFF."""
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return "image/png"
    if content.startswith(b"\xff\xd8\xff"):
        return "image/jpeg"
    if content.startswith((b"II*\x00", b"MM\x00*", b"II+\x00", b"MM\x00+")):
        return "image/tiff"
    if b"%PDF-" in content[:1024] and not content.startswith((b"MZ", b"PK", b"<", b"\x7fELF")):
        return "application/pdf"
    return None


def safe_name(name: str) -> str:
    """Return a name fit to be shown and to be offered for saving on any system; never a path."""
    last = name.replace("\\", "/").rstrip("/").rsplit("/", 1)[-1]
    kept = "".join("_" if letter in _NOT_IN_NAMES else letter for letter in clean_name(last))
    kept = kept.strip(" .") or "file"
    if kept.split(".", 1)[0].upper() in _RESERVED:
        kept = "_" + kept
    if len(kept) > NAME_LENGTH:
        stem, dot, extension = kept.rpartition(".")
        if not dot or len(extension) > 10:
            return kept[:NAME_LENGTH]
        kept = stem[: NAME_LENGTH - len(extension) - 1] + dot + extension
    return kept


def inspect_all(files: Iterable[IncomingFile], limit: int) -> tuple[Inspected, ...]:
    """Inspect each file before the transaction begins."""
    ready = []
    for file in files:
        media_type, flags = inspect(file.path, limit)
        ready.append(Inspected(file.path, file.paper, safe_name(file.path.name), media_type, flags))
    return tuple(ready)


def add(
    session: Session,
    case: Case,
    files: Iterable[Inspected],
    limit: int,
    papers: set[str],
    now: datetime,
    by: int,
) -> list[dict[str, object]]:
    """Store the contents in chunks and add the attachments; return what the journal tells of them."""
    told: list[dict[str, object]] = []
    for file in files:
        if file.paper is not None and file.paper not in papers:
            raise BadInput("paper-unknown", field="files", paper=file.paper)
        sha256, size = blobs.put_file(session, file.path, file.media_type, limit, now)
        case.attachments.append(
            Attachment(
                paper=file.paper,
                file_name=file.name,
                media_type=file.media_type,
                size=size,
                sha256=sha256,
                flags=list(file.flags),
                added_at=now,
                added_by=by,
            )
        )
        told.append(
            {"name": file.name, "sha256": sha256, "paper": file.paper or "", "flags": list(file.flags)}
        )
    return told


def file_limit(store: Store) -> int:
    """Return the office's limit for one file, in bytes; NotAllowed "no-office" before the first start."""
    with store.reading() as session:
        office = session.get(Office, 1)
        if office is None:
            raise NotAllowed("no-office")
        return office.file_limit_bytes
