"""The register of licences, and the numbers every register has given."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Date, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from desktop.models.base import Base, UtcDateTime, sorted_text


class Licence(Base):
    """A signed licence with its annex. ``status``: issued | reissued | suspended | resumed | terminated (002 item 5(5)).

    A re-issued licence is a row of its own, which ``replaced_by`` of the former one names.
    """

    __tablename__ = "licence"
    __table_args__ = (
        UniqueConstraint("number", "annex_number"),
        Index("ix_licence_issued_on_id", "issued_on", "id"),
        Index("ix_licence_holder_sort_id", "holder_sort", "id"),
        Index("ix_licence_identifier", "identifier"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("case_file.id"), unique=True)
    document_id: Mapped[int] = mapped_column(ForeignKey("case_document.id"))
    number: Mapped[str] = mapped_column(sorted_text(80))
    annex_number: Mapped[str] = mapped_column(sorted_text(20))
    issued_on: Mapped[date] = mapped_column(Date)
    first_issued_on: Mapped[date] = mapped_column(Date)
    holder_kk: Mapped[str] = mapped_column(Text)
    holder_ru: Mapped[str] = mapped_column(Text)
    identifier: Mapped[str] = mapped_column(String(12))
    holder_address: Mapped[str] = mapped_column(Text)
    site: Mapped[str] = mapped_column(Text)
    service: Mapped[str] = mapped_column(String(80))
    sub_types_kk: Mapped[str] = mapped_column(Text)
    sub_types_ru: Mapped[str] = mapped_column(Text)
    status: Mapped[str] = mapped_column(String(20), default="issued")
    replaced_by: Mapped[int | None] = mapped_column(ForeignKey("licence.id"))
    search: Mapped[str] = mapped_column(Text, default="")
    holder_sort: Mapped[str] = mapped_column(sorted_text(), default="")


class LicenceChange(Base):
    """A decision that suspended, resumed or terminated a licence: rows are added and never changed.

    ``status``: what it brought, from the beginning of ``from_on``; a suspension acts to the end of ``until_on`` and
    stands until another row ends it. ``ground`` and ``decided_by`` are ids of ``resources/licence_states.toml``;
    ``attachment_id`` is the scan of the decision.
    """

    __tablename__ = "licence_change"
    __table_args__ = (
        CheckConstraint("status IN ('suspended', 'resumed', 'terminated')", name="brings"),
        CheckConstraint("(until_on IS NOT NULL) = (status = 'suspended')", name="until"),
        CheckConstraint("until_on IS NULL OR until_on >= from_on", name="days"),
        Index("ix_licence_change_licence_id_id", "licence_id", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    licence_id: Mapped[int] = mapped_column(ForeignKey("licence.id"))
    case_id: Mapped[int] = mapped_column(ForeignKey("case_file.id"), index=True)
    status: Mapped[str] = mapped_column(String(20))
    ground: Mapped[str] = mapped_column(String(80))
    decided_by: Mapped[str] = mapped_column(String(80))
    decision_number: Mapped[str] = mapped_column(String(80), default="")
    decided_on: Mapped[date | None] = mapped_column(Date)
    from_on: Mapped[date] = mapped_column(Date)
    until_on: Mapped[date | None] = mapped_column(Date)
    note: Mapped[str] = mapped_column(Text, default="")
    attachment_id: Mapped[int | None] = mapped_column(ForeignKey("attachment.id"))
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime)
    recorded_by: Mapped[int] = mapped_column(ForeignKey("person.id"))


class RegisterNumber(Base):
    """A number given by a register (incoming, outgoing, licence) of a year.

    Taken in the transaction that needs it, so there are no gaps; a reserved number whose draft came to
    nothing is voided with a reason and never used again. ``state``: used | reserved | voided.
    """

    __tablename__ = "register_number"
    __table_args__ = (UniqueConstraint("register", "text"),)

    register: Mapped[str] = mapped_column(String(20), primary_key=True)
    year: Mapped[int] = mapped_column(primary_key=True)
    sequence: Mapped[int] = mapped_column(primary_key=True)
    text: Mapped[str] = mapped_column(String(80))
    state: Mapped[str] = mapped_column(String(20))
    case_id: Mapped[int | None] = mapped_column(ForeignKey("case_file.id"), index=True)
    reason: Mapped[str] = mapped_column(Text, default="")
    given_at: Mapped[datetime] = mapped_column(UtcDateTime)


class RegisterCounter(Base):
    """The last sequence of a register and year; its row is what serialises two writers."""

    __tablename__ = "register_counter"

    register: Mapped[str] = mapped_column(String(20), primary_key=True)
    year: Mapped[int] = mapped_column(primary_key=True)
    last: Mapped[int]
