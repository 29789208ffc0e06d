"""Contents of files by hash, in chunks of 1 MiB, so that no statement carries a whole scan."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from desktop.models.base import Base, UtcDateTime


class Blob(Base):
    __tablename__ = "blob"
    __table_args__ = (CheckConstraint("size >= 0", name="size"),)

    sha256: Mapped[str] = mapped_column(String(64), primary_key=True)
    size: Mapped[int]
    media_type: Mapped[str] = mapped_column(String(80))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)


class BlobChunk(Base):
    __tablename__ = "blob_chunk"

    sha256: Mapped[str] = mapped_column(ForeignKey("blob.sha256"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    content: Mapped[bytes] = mapped_column(LargeBinary)


class BlobProof(Base):
    """Who links a content that was there already has it himself: ``proof`` is the SHA-256 of command id and content.

    Without it, knowing a hash would be enough to read another case's scan. PostgreSQL proves it.
    """

    __tablename__ = "blob_proof"

    command_id: Mapped[str] = mapped_column(ForeignKey("command.id"), primary_key=True)
    sha256: Mapped[str] = mapped_column(ForeignKey("blob.sha256"), primary_key=True)
    proof: Mapped[str] = mapped_column(String(64))
