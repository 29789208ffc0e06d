"""The register of licences, and the numbers every register has given."""

from datetime import date, datetime

from sqlalchemy import Date, ForeignKey, Index, String, Text, UniqueConstraint
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
