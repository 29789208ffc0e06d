"""A command as it was claimed: its id, by whom, on which case, and what came of it. Rows are added and never removed."""

from datetime import datetime

from sqlalchemy import JSON, BigInteger, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from desktop.models.base import Base, UtcDateTime


class Claim(Base):
    """Written first in the transaction that does the work, so that the same id never works twice.

    ``kind`` is a ``Command``; ``digest`` the SHA-256 of what was asked; ``result`` what the command returned.
    ``transaction_id`` is PostgreSQL's (xid8), by which a lost answer to COMMIT is found out.
    """

    __tablename__ = "command"

    id: Mapped[str] = mapped_column(String(36), primary_key=True)  # a UUID
    kind: Mapped[str] = mapped_column(String(40))
    case_id: Mapped[int | None] = mapped_column(ForeignKey("case_file.id"), index=True)
    login: Mapped[str] = mapped_column(String(63))
    workstation: Mapped[str] = mapped_column(String(120))
    digest: Mapped[str] = mapped_column(String(64), default="")
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    transaction_id: Mapped[int | None] = mapped_column(BigInteger, unique=True)
    step: Mapped[str | None] = mapped_column(String(80))  # where the case stood; kept by PostgreSQL
    result: Mapped[object] = mapped_column(JSON, default=None)
