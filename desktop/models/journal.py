"""The journal: who, when, what, from which workstation. Rows are added and never changed."""

from datetime import datetime

from sqlalchemy import JSON, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from desktop.models.base import Base, UtcDateTime


class JournalEntry(Base):
    """``event`` is a code of ``desktop.cases.journal.Event``; ``facts`` are what its sentence needs (old and new values)."""

    __tablename__ = "journal_entry"
    __table_args__ = (
        Index("ix_journal_entry_case_id_id", "case_id", "id"),
        Index("ix_journal_entry_at_id", "at", "id"),
        Index("ix_journal_entry_command_id", "command_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    actor: Mapped[str] = mapped_column(String(63))  # login
    actor_name: Mapped[str] = mapped_column(Text)
    on_behalf: Mapped[str] = mapped_column(Text, default="")  # acting for whom, by which order
    workstation: Mapped[str] = mapped_column(String(120))
    event: Mapped[str] = mapped_column(String(60))
    case_id: Mapped[int | None] = mapped_column(ForeignKey("case_file.id"))
    case_number: Mapped[str] = mapped_column(String(80), default="")
    step: Mapped[str] = mapped_column(String(80), default="")
    facts: Mapped[dict[str, object]] = mapped_column(JSON, default=dict)
    command_id: Mapped[str | None] = mapped_column(String(36))  # none in entries older than revision 0002
