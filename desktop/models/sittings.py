"""What is said and decided face to face: the commission's sittings, and hearings before an unfavourable decision."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, Date, ForeignKey, Text
from sqlalchemy.orm import Mapped, mapped_column

from desktop.models.base import Base, UtcDateTime


class Sitting(Base):
    """A sitting of the attestation commission on one case (003, attestation, item 5(4)).

    ``votes``: one for each member there, the chair first: {"person_id", "vote"}, vote for | against | abstained.
    """

    __tablename__ = "sitting"

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("case_file.id"), index=True)
    held_on: Mapped[date] = mapped_column(Date)
    test_score: Mapped[int]
    test_max: Mapped[int]
    interview_kk: Mapped[str] = mapped_column(Text)
    interview_ru: Mapped[str] = mapped_column(Text)
    votes: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    passed: Mapped[bool]
    note_kk: Mapped[str] = mapped_column(Text, default="")
    note_ru: Mapped[str] = mapped_column(Text, default="")
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime)
    recorded_by: Mapped[int] = mapped_column(ForeignKey("person.id"))


class Hearing(Base):
    """A hearing of the applicant, or that he did not come; ``minutes``: what was said."""

    __tablename__ = "hearing"

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("case_file.id"), index=True)
    held_on: Mapped[date] = mapped_column(Date)
    came: Mapped[bool]
    minutes: Mapped[str] = mapped_column(Text)
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime)
    recorded_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
