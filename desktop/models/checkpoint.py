"""Checkpoints of the journal: a statement of its state, in a PDF with the head's signature."""

from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from desktop.models.base import Base, UtcDateTime


class JournalCheckpoint(Base):
    """``statement``: the very text of ``store.statements``; ``document``: the signed PDF in base64, which names its hash.

    ``reason``: monthly | restored | migrated | asked. Rows are added and never changed.
    """

    __tablename__ = "journal_checkpoint"

    id: Mapped[int] = mapped_column(primary_key=True)
    position: Mapped[int] = mapped_column(BigInteger)
    hash: Mapped[str] = mapped_column(String(64))
    reason: Mapped[str] = mapped_column(String(20))
    statement: Mapped[str] = mapped_column(Text)
    document: Mapped[str] = mapped_column(Text)
    certificate: Mapped[str] = mapped_column(String(64))  # SHA-256 of the DER certificate
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    made_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
