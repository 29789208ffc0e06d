"""What becomes of a result after it has left the office: where it is kept, and what the applicant thinks of it all."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from desktop.models.base import Base, UtcDateTime


class ResultCustody(Base):
    """One sending of a result to a centre, to its end: handed out, or come back for storage, or asked for anew.

    ``kept_until``: nobody keeps it there longer; ``send_again_by``: the office's term after ``requested_at``.
    """

    __tablename__ = "result_custody"
    __table_args__ = (
        Index(
            "ix_result_custody_at_centre",
            "kept_until",
            "id",
            sqlite_where=text("handed_at IS NULL AND returned_at IS NULL"),
            postgresql_where=text("handed_at IS NULL AND returned_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("case_file.id"), index=True)
    document_id: Mapped[int] = mapped_column(ForeignKey("case_document.id"), index=True)
    channel: Mapped[str] = mapped_column(String(40))
    sent_at: Mapped[datetime] = mapped_column(UtcDateTime)
    sent_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    kept_until: Mapped[datetime] = mapped_column(UtcDateTime)
    handed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    handed_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    receiver: Mapped[str] = mapped_column(Text, default="")
    identity_document: Mapped[str] = mapped_column(Text, default="")
    power_of_attorney: Mapped[str] = mapped_column(Text, default="")
    returned_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    returned_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    requested_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    requested_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    send_again_by: Mapped[datetime | None] = mapped_column(UtcDateTime)


class SurveyAnswer(Base):
    """An answer of the survey of quality and availability; one a question (``desktop.regulation.survey``)."""

    __tablename__ = "survey_answer"

    case_id: Mapped[int] = mapped_column(ForeignKey("case_file.id"), primary_key=True)
    question: Mapped[str] = mapped_column(String(40), primary_key=True)
    answer: Mapped[str] = mapped_column(String(20))
    given_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    recorded_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
