"""The moves of a kept regulation as rows, by the hash of its text (``desktop.regulation.law_rows``).

The database's guards read them; the program reads the text itself. Rows are added with the text and never changed.
"""

from sqlalchemy import ForeignKey, String, Text, false
from sqlalchemy.orm import Mapped, mapped_column

from desktop.models.base import Base


class LawStart(Base):
    """Where an application that came through ``channel`` is taken in, and where its case begins."""

    __tablename__ = "law_start"

    regulation_sha256: Mapped[str] = mapped_column(ForeignKey("regulation_text.sha256"), primary_key=True)
    service: Mapped[str] = mapped_column(String(80), primary_key=True)
    operation: Mapped[str] = mapped_column(String(80), primary_key=True)
    channel: Mapped[str] = mapped_column(String(40), primary_key=True)
    kind: Mapped[str] = mapped_column(String(40))  # of the operation: what it does to the register of results
    first: Mapped[str] = mapped_column(String(80))
    step: Mapped[str] = mapped_column(String(80))


class LawStep(Base):
    __tablename__ = "law_step"

    regulation_sha256: Mapped[str] = mapped_column(ForeignKey("regulation_text.sha256"), primary_key=True)
    service: Mapped[str] = mapped_column(String(80), primary_key=True)
    operation: Mapped[str] = mapped_column(String(80), primary_key=True)
    step: Mapped[str] = mapped_column(String(80), primary_key=True)
    act: Mapped[str] = mapped_column(String(40))
    performer: Mapped[str] = mapped_column(String(40))
    pauses_total: Mapped[bool] = mapped_column(default=False, server_default=false())


class LawMove(Base):
    """An outcome of a step. ``next`` is None at the end; ``needs_answer``: effects with a space between them.

    ``signed_later``: what the outcome draws waits for a signature; without it it is issued as it is.
    """

    __tablename__ = "law_move"

    regulation_sha256: Mapped[str] = mapped_column(ForeignKey("regulation_text.sha256"), primary_key=True)
    service: Mapped[str] = mapped_column(String(80), primary_key=True)
    operation: Mapped[str] = mapped_column(String(80), primary_key=True)
    step: Mapped[str] = mapped_column(String(80), primary_key=True)
    outcome: Mapped[str] = mapped_column(String(80), primary_key=True)
    effect: Mapped[str] = mapped_column(String(40))
    next: Mapped[str | None] = mapped_column(String(80))
    produces: Mapped[str | None] = mapped_column(String(40))
    needs_answer: Mapped[str] = mapped_column(Text, default="")
    signed_later: Mapped[bool]


class LawOfficeMove(Base):
    """An office move, at one step, for one role. ``next_of``: JSON of where drafts of some kinds go back to instead."""

    __tablename__ = "law_office_move"

    regulation_sha256: Mapped[str] = mapped_column(ForeignKey("regulation_text.sha256"), primary_key=True)
    service: Mapped[str] = mapped_column(String(80), primary_key=True)
    operation: Mapped[str] = mapped_column(String(80), primary_key=True)
    move: Mapped[str] = mapped_column(String(40), primary_key=True)
    step: Mapped[str] = mapped_column(String(80), primary_key=True)
    role: Mapped[str] = mapped_column(String(40), primary_key=True)
    next: Mapped[str | None] = mapped_column(String(80))
    next_of: Mapped[str] = mapped_column(Text, default="{}", server_default="{}")
