"""What other systems are to the office: how they are reached, what they said of a case, the packages that came."""

from datetime import datetime

from sqlalchemy import JSON, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from desktop.models.base import Base, UtcDateTime


class ConnectedSystem(Base):
    """How a system (``regulation.systems.System``) is reached; one without a row, or not active, is asked by hand.

    Its token is not here: it lies on the workstation that asks.
    """

    __tablename__ = "connected_system"

    system: Mapped[str] = mapped_column(String(40), primary_key=True)
    address: Mapped[str] = mapped_column(Text, default="")
    active: Mapped[bool] = mapped_column(default=False)
    timeout_seconds: Mapped[int] = mapped_column(default=10)
    attempts: Mapped[int] = mapped_column(default=3)
    authority_pem: Mapped[str] = mapped_column(
        Text, default=""
    )  # of its TLS certificate; "": this computer's


class ExchangeRecord(Base):
    """What a system was asked of a case and what it said, kept as evidence and never changed.

    ``heard``: answered | no_data | unreachable. ``way``: by_hand | http. ``evidence_sha256``: the very bytes of the
    answer, or the print-out. ``document_id``: the notice the act names, where one was drawn.
    """

    __tablename__ = "exchange_record"

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("case_file.id"), index=True)
    system: Mapped[str] = mapped_column(String(40))
    question: Mapped[dict[str, str]] = mapped_column(JSON)
    heard: Mapped[str] = mapped_column(String(20))
    way: Mapped[str] = mapped_column(String(20))
    answer: Mapped[dict[str, str]] = mapped_column(JSON, default=dict)
    number: Mapped[str] = mapped_column(String(120), default="")
    reason: Mapped[str] = mapped_column(String(80), default="")
    note: Mapped[str] = mapped_column(Text, default="")
    evidence_name: Mapped[str] = mapped_column(Text, default="")
    evidence_sha256: Mapped[str | None] = mapped_column(ForeignKey("blob.sha256"), index=True)
    document_id: Mapped[int | None] = mapped_column(ForeignKey("case_document.id"))
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime)
    recorded_by: Mapped[int] = mapped_column(ForeignKey("person.id"))


class IncomingPackage(Base):
    """A package that came: what it asks for, what its checks found, what became of it.

    ``package_id`` is the sender's own: the same package twice is one row. ``state``: waiting | registered | refused.
    ``request``: the application as JSON; ``sender``: who signed; ``checks``: a list of {check, verdict, facts}.
    """

    __tablename__ = "incoming_package"
    __table_args__ = (
        UniqueConstraint("package_id"),
        Index(
            "ix_incoming_package_waiting",
            "came_at",
            "id",
            sqlite_where=text("state = 'waiting'"),
            postgresql_where=text("state = 'waiting'"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    package_id: Mapped[str] = mapped_column(String(64))
    content_sha256: Mapped[str] = mapped_column(ForeignKey("blob.sha256"), index=True)
    file_name: Mapped[str] = mapped_column(Text)
    regulation_sha256: Mapped[str] = mapped_column(ForeignKey("regulation_text.sha256"))
    service: Mapped[str] = mapped_column(String(80))
    operation: Mapped[str] = mapped_column(String(80))
    channel: Mapped[str] = mapped_column(String(40))
    identifier: Mapped[str] = mapped_column(String(12))
    holder_kk: Mapped[str] = mapped_column(Text)
    holder_ru: Mapped[str] = mapped_column(Text)
    request: Mapped[dict[str, object]] = mapped_column(JSON)
    sender: Mapped[dict[str, object]] = mapped_column(JSON)
    checks: Mapped[list[dict[str, object]]] = mapped_column(JSON)
    checked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    came_at: Mapped[datetime] = mapped_column(UtcDateTime)
    came_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    state: Mapped[str] = mapped_column(String(20), default="waiting")
    settled_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    settled_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    case_id: Mapped[int | None] = mapped_column(ForeignKey("case_file.id"), index=True)
    document_id: Mapped[int | None] = mapped_column(ForeignKey("case_document.id"))
