"""A case (іс / дело): the application, its papers, who works on it, what was asked, drawn and handed out."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, Date, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from desktop.models.base import Base, UtcDateTime, sorted_text


class Case(Base):
    """``step`` is None once the case is closed, and ``result`` says how it ended.

    ``result``: the kind of the paper it ended with | withdrawn. ``draft_kind``: of the draft that waits for a signature.
    ``search`` is the folded text of number, identifier, names and site (``desktop.models.folding.fold``).
    """

    __tablename__ = "case_file"
    __table_args__ = (
        UniqueConstraint("number"),
        Index("ix_case_file_step_due_id", "step", "step_due_at", "id"),
        Index("ix_case_file_identifier", "identifier"),
        Index("ix_case_file_received_at_id", "received_at", "id"),
        Index("ix_case_file_due_at_id", "due_at", "id"),
        Index("ix_case_file_holder_sort_id", "holder_sort", "id"),
        Index("ix_case_file_result_id", "result", "id"),
        Index(
            "ix_case_file_open_due_at_id",
            "due_at",
            "id",
            sqlite_where=text("step IS NOT NULL"),
            postgresql_where=text("step IS NOT NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(default=1)
    number: Mapped[str] = mapped_column(sorted_text(80))
    received_at: Mapped[datetime] = mapped_column(UtcDateTime)
    registered_at: Mapped[datetime] = mapped_column(UtcDateTime)
    registered_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    channel: Mapped[str] = mapped_column(String(40))
    regulation_sha256: Mapped[str] = mapped_column(ForeignKey("regulation_text.sha256"))
    service: Mapped[str] = mapped_column(String(80))
    operation: Mapped[str] = mapped_column(String(80))
    step: Mapped[str | None] = mapped_column(String(80))
    step_entered_at: Mapped[datetime] = mapped_column(UtcDateTime)
    step_due_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    due_at: Mapped[datetime] = mapped_column(UtcDateTime)
    hand_over_by: Mapped[datetime | None] = mapped_column(UtcDateTime)
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    result: Mapped[str | None] = mapped_column(String(40))
    draft_kind: Mapped[str | None] = mapped_column(String(40))
    answer: Mapped[str | None] = mapped_column(String(40))  # effect of the ASK step's outcome

    # the applicant as the application says (particulars may be corrected before signing)
    is_legal_entity: Mapped[bool]
    identifier: Mapped[str] = mapped_column(String(12))  # ИИН or БИН
    identifier_confirmed: Mapped[bool] = mapped_column(
        default=False
    )  # wrong check digit, confirmed by the clerk
    holder_kk: Mapped[str] = mapped_column(Text)
    holder_ru: Mapped[str] = mapped_column(Text)
    holder_address: Mapped[str] = mapped_column(Text, default="")
    phone: Mapped[str] = mapped_column(String(80), default="")
    email: Mapped[str] = mapped_column(String(254), default="")
    site: Mapped[str] = mapped_column(Text)
    representative: Mapped[str] = mapped_column(Text, default="")
    representative_iin: Mapped[str] = mapped_column(String(12), default="")
    power_of_attorney: Mapped[str] = mapped_column(Text, default="")  # number, date, notary
    outside_number: Mapped[str] = mapped_column(String(80), default="")  # State corporation's own number
    consent: Mapped[bool] = mapped_column(default=False)

    fee_receipt: Mapped[str] = mapped_column(String(80), default="")
    fee_paid_on: Mapped[date | None] = mapped_column(Date)
    fee_tenge: Mapped[int | None]
    fee_due_tenge: Mapped[int | None]
    kbk: Mapped[str] = mapped_column(String(20), default="")
    knp: Mapped[str] = mapped_column(String(20), default="")

    decision_note_kk: Mapped[str] = mapped_column(Text, default="")
    decision_note_ru: Mapped[str] = mapped_column(Text, default="")
    refusal_grounds: Mapped[list[str]] = mapped_column(JSON, default=list)
    return_reason: Mapped[str] = mapped_column(Text, default="")  # why the head returned the draft

    # what the act asks for besides: the regulation's field -> what was said (dates as ISO 8601)
    details: Mapped[dict[str, str]] = mapped_column(JSON, default=dict)
    # the licence such a field names, as the register had it when the case began ("id", "number", "issued_on", ...);
    # without "id" it was issued before this register began
    licence_named: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)

    search: Mapped[str] = mapped_column(Text, default="")
    holder_sort: Mapped[str] = mapped_column(sorted_text(), default="")

    sub_types: Mapped[list["CaseSubType"]] = relationship(
        cascade="all, delete-orphan", order_by="CaseSubType.sub_type"
    )
    inventory: Mapped[list["InventoryItem"]] = relationship(
        cascade="all, delete-orphan", order_by="InventoryItem.position"
    )
    attachments: Mapped[list["Attachment"]] = relationship(
        cascade="all, delete-orphan", order_by="Attachment.id"
    )
    assignments: Mapped[list["Assignment"]] = relationship(cascade="all, delete-orphan")
    requirement_checks: Mapped[list["RequirementCheck"]] = relationship(cascade="all, delete-orphan")
    requests: Mapped[list["OutsideRequest"]] = relationship(
        cascade="all, delete-orphan", order_by="OutsideRequest.id"
    )
    documents: Mapped[list["CaseDocument"]] = relationship(
        cascade="all, delete-orphan", order_by="CaseDocument.id"
    )

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy declares it so


class CaseSubType(Base):
    __tablename__ = "case_sub_type"

    case_id: Mapped[int] = mapped_column(ForeignKey("case_file.id"), primary_key=True)
    sub_type: Mapped[str] = mapped_column(String(80), primary_key=True)


class InventoryItem(Base):
    """A line of the inventory (опись). ``verdict``: "" not yet checked | ok | later | missing | expired.

    ``brought``: at the registration; what was handed in afterwards and is in order is ``later``, its ``note`` says how.
    """

    __tablename__ = "inventory_item"

    case_id: Mapped[int] = mapped_column(ForeignKey("case_file.id"), primary_key=True)
    paper: Mapped[str] = mapped_column(String(80), primary_key=True)
    position: Mapped[int]
    brought: Mapped[bool] = mapped_column(default=False)
    sheets: Mapped[int] = mapped_column(default=0)
    expires_on: Mapped[date | None] = mapped_column(Date)
    verdict: Mapped[str] = mapped_column(String(20), default="")
    note: Mapped[str] = mapped_column(Text, default="")


class Attachment(Base):
    """A scan or file of the case. ``flags`` are warnings of the scanner (encrypted, javascript, embedded-file...)."""

    __tablename__ = "attachment"

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("case_file.id"), index=True)
    paper: Mapped[str | None] = mapped_column(String(80))
    file_name: Mapped[str] = mapped_column(Text)
    media_type: Mapped[str] = mapped_column(String(80))
    size: Mapped[int]
    sha256: Mapped[str] = mapped_column(ForeignKey("blob.sha256"), index=True)
    flags: Mapped[list[str]] = mapped_column(JSON, default=list)
    added_at: Mapped[datetime] = mapped_column(UtcDateTime)
    added_by: Mapped[int] = mapped_column(ForeignKey("person.id"))


class Assignment(Base):
    """Who, of an office role, works on the case; written by the visa or a reassignment."""

    __tablename__ = "assignment"

    case_id: Mapped[int] = mapped_column(ForeignKey("case_file.id"), primary_key=True)
    role: Mapped[str] = mapped_column(String(40), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)


class RequirementCheck(Base):
    """An answered qualification requirement. ``verdict``: met | unmet | not_applicable."""

    __tablename__ = "requirement_check"

    case_id: Mapped[int] = mapped_column(ForeignKey("case_file.id"), primary_key=True)
    requirement: Mapped[str] = mapped_column(String(80), primary_key=True)
    verdict: Mapped[str] = mapped_column(String(20))
    note: Mapped[str] = mapped_column(Text, default="")
    checked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    checked_by: Mapped[int] = mapped_column(ForeignKey("person.id"))


class OutsideRequest(Base):
    """A request to another authority, with its own clock. ``answer``: effect of the outcome, None while waiting."""

    __tablename__ = "outside_request"
    __table_args__ = (
        Index(
            "ix_outside_request_waiting",
            "due_at",
            "id",
            sqlite_where=text("answer IS NULL"),
            postgresql_where=text("answer IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("case_file.id"), index=True)
    step: Mapped[str] = mapped_column(String(80))
    number: Mapped[str] = mapped_column(String(80))
    addressee_kk: Mapped[str] = mapped_column(Text)
    addressee_ru: Mapped[str] = mapped_column(Text)
    sent_at: Mapped[datetime] = mapped_column(UtcDateTime)
    due_at: Mapped[datetime] = mapped_column(UtcDateTime)
    answer: Mapped[str | None] = mapped_column(String(40))
    answered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    answer_number: Mapped[str] = mapped_column(String(80), default="")
    answer_date: Mapped[date | None] = mapped_column(Date)
    answer_note: Mapped[str] = mapped_column(Text, default="")


class CaseDocument(Base):
    """A paper the office drew. ``kind`` is a DocumentKind.

    ``state``: issued (needs no electronic signature) | draft (waits for the signature; ``unsigned_sha256`` are
    the exact bytes to be signed) | signed | replaced (a newer draft or particulars made it void).
    """

    __tablename__ = "case_document"
    __table_args__ = (
        Index(
            "ix_case_document_to_print",
            "id",
            sqlite_where=text("printed_at IS NULL"),
            postgresql_where=text("printed_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int | None] = mapped_column(
        ForeignKey("case_file.id"), index=True
    )  # None: refused at the counter
    kind: Mapped[str] = mapped_column(String(40))
    number: Mapped[str] = mapped_column(String(80))
    dated: Mapped[date] = mapped_column(Date)
    state: Mapped[str] = mapped_column(String(20))
    facts: Mapped[dict[str, object]] = mapped_column(JSON)  # what the page was drawn from
    unsigned_sha256: Mapped[str | None] = mapped_column(ForeignKey("blob.sha256"), index=True)
    signed_sha256: Mapped[str | None] = mapped_column(ForeignKey("blob.sha256"), index=True)
    signer_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    signer_certificate: Mapped[str] = mapped_column(Text, default="")  # SHA-256 of the DER certificate
    signed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    created_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    printed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    copies: Mapped[int] = mapped_column(default=0)


class HandOver(Base):
    """To whom a result was given, on which identity document or to which channel."""

    __tablename__ = "hand_over"

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("case_file.id"), index=True)
    document_id: Mapped[int] = mapped_column(ForeignKey("case_document.id"), index=True)
    receiver: Mapped[str] = mapped_column(Text)
    identity_document: Mapped[str] = mapped_column(Text)
    power_of_attorney: Mapped[str] = mapped_column(Text, default="")
    handed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    handed_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
