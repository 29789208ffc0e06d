"""What one person set and another confirmed: who may sign or confirm, and whose certificates are believed."""

from datetime import datetime

from sqlalchemy import JSON, CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from desktop.models.base import Base, UtcDateTime


class Confirmation(Base):
    """One change, of a person or of a trust root. It counts for nothing while ``confirmed_at`` is empty.

    ``what``: added | login | name | iin | password | unblocked | acting | role:<role> | before (set before there were
    confirmations). ``confirmed_by`` is empty where nobody else was there: at the founding, and for what stood before.
    ``root_sha256`` refers to no row: what was removed and comes back is set anew.
    """

    __tablename__ = "confirmation"
    __table_args__ = (CheckConstraint("(person_id IS NULL) <> (root_sha256 IS NULL)", name="of_one"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    root_sha256: Mapped[str | None] = mapped_column(String(64), index=True)
    what: Mapped[list[str]] = mapped_column(JSON)
    set_at: Mapped[datetime] = mapped_column(UtcDateTime)
    set_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    confirmed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    confirmed_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
