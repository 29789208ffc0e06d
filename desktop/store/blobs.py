"""Contents of files by their SHA-256, in chunks of 1 MiB; the same content is kept once."""

import hashlib
from collections.abc import Iterable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any, BinaryIO

from sqlalchemy import insert, select, text
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from desktop.errors import BadInput, Unavailable
from desktop.models import Base, Blob, BlobChunk, BlobProof

CHUNK_BYTES = 1024 * 1024


def put(session: Session, content: bytes, media_type: str, now: datetime) -> str:
    """Keep ``content``; return its SHA-256 in hexadecimal."""
    digest = hashlib.sha256(content).hexdigest()
    pieces = (content[at : at + CHUNK_BYTES] for at in range(0, len(content), CHUNK_BYTES))
    _keep(session, digest, len(content), pieces, media_type, now)
    return digest


def put_file(session: Session, path: Path, media_type: str, limit: int, now: datetime) -> tuple[str, int]:
    """Keep the file at ``path``, at most ``limit`` bytes; return its SHA-256 and its size in bytes.

    Reads it twice, chunk by chunk: first for the hash, then for the content. Raises BadInput
    "file-missing", "file-too-large" and "file-changed" (it changed between the two readings).
    """
    try:
        with path.open("rb") as source:
            digest, size = _measure(source, limit, path)
            source.seek(0)
            again = hashlib.sha256()
            written = _keep(session, digest, size, _hashed(_pieces(source), again), media_type, now)
    except FileNotFoundError as error:
        raise BadInput("file-missing", field="files", file_name=path.name) from error
    except OSError as error:
        raise Unavailable("file-unreadable", file_name=path.name, reason=str(error)) from error
    if written and again.hexdigest() != digest:
        raise BadInput("file-changed", field="files", file_name=path.name)
    return digest, size


def get(session: Session, sha256: str) -> bytes:
    """Return the content; KeyError for an unknown hash, Unavailable("database-damaged") when it is not what was kept."""
    content = b"".join(chunks(session, sha256))
    if hashlib.sha256(content).hexdigest() != sha256:
        if session.get(Blob, sha256) is None:
            raise KeyError(sha256)
        raise Unavailable("database-damaged", reason=sha256)
    return content


def copy_to(session: Session, sha256: str, target: Path) -> None:
    """Write the content to the new file ``target``, its owner's alone, chunk by chunk; raises as :func:`get`."""
    digest = hashlib.sha256()
    target.touch(mode=0o600)
    try:
        with target.open("wb") as file:
            for piece in chunks(session, sha256):
                digest.update(piece)
                file.write(piece)
    except OSError as error:
        target.unlink(missing_ok=True)
        raise Unavailable("disk-full-here", path=str(target.parent), reason=error.strerror or "") from error
    if digest.hexdigest() != sha256:
        target.unlink(missing_ok=True)
        if session.get(Blob, sha256) is None:
            raise KeyError(sha256)
        raise Unavailable("database-damaged", reason=sha256)


def chunks(session: Session, sha256: str) -> Iterator[bytes]:
    """The content piece by piece, unchecked; nothing for an unknown hash."""
    if session.get_bind().dialect.name == "postgresql":
        # over a slow line a piece takes its time; a server that says nothing is noticed by its silence
        session.execute(text("SET LOCAL statement_timeout = 0"))
    position = 0
    while True:
        piece = session.execute(
            select(BlobChunk.content).where(BlobChunk.sha256 == sha256, BlobChunk.position == position)
        ).scalar_one_or_none()
        if piece is None:
            return
        yield piece
        position += 1


def _keep(
    session: Session, digest: str, size: int, pieces: Iterable[bytes], media_type: str, now: datetime
) -> bool:
    """Write the content unless it is there already; return whether it was written."""
    if session.scalar(select(Blob.size).where(Blob.sha256 == digest)) is not None:
        _prove(session, digest, pieces)
        return False
    row = {"sha256": digest, "size": size, "media_type": media_type, "created_at": now}
    # a colleague may be writing the same scan this very moment: wait for him and share it
    # (without RETURNING: a content nothing refers to yet is in nobody's sight)
    claim = _insert(session, Blob).values(row).on_conflict_do_nothing()
    made = session.connection().execute(claim, execution_options={"preserve_rowcount": True})
    if made.rowcount == 0:
        _prove(session, digest, pieces)
        return False
    for position, piece in enumerate(pieces):
        session.execute(insert(BlobChunk), [{"sha256": digest, "position": position, "content": piece}])
    return True


def _prove(session: Session, digest: str, pieces: Iterable[bytes]) -> None:
    """Show that the command has the content itself: its hash alone must not open what another case keeps."""
    command = session.info.get("command_id")
    if command is None:
        return
    proof = hashlib.sha256(str(command).encode())
    for piece in pieces:
        proof.update(piece)
    row = {"command_id": command, "sha256": digest, "proof": proof.hexdigest()}
    session.execute(_insert(session, BlobProof).values(row).on_conflict_do_nothing())


def _insert(session: Session, table: type[Base]) -> Any:
    dialect: Any = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    return dialect.insert(table)


def _measure(source: BinaryIO, limit: int, path: Path) -> tuple[str, int]:
    digest, size = hashlib.sha256(), 0
    for piece in _pieces(source):
        digest.update(piece)
        size += len(piece)
        if size > limit:
            raise BadInput("file-too-large", field="files", file_name=path.name, limit=limit)
    return digest.hexdigest(), size


def _pieces(source: BinaryIO) -> Iterator[bytes]:
    while piece := source.read(CHUNK_BYTES):
        yield piece


def _hashed(pieces: Iterable[bytes], digest: "hashlib._Hash") -> Iterator[bytes]:
    for piece in pieces:
        digest.update(piece)
        yield piece
