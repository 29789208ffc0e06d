"""Which office's database this is: its own name wherever several lie on one server, or copies of one lie about."""

from sqlalchemy import CheckConstraint, String
from sqlalchemy.orm import Mapped, mapped_column

from desktop.models.base import Base


class Installation(Base):
    """One row. ``uuid`` goes with every copy and backup; ``prefix`` begins the names of the office's roles on a
    PostgreSQL server ("" on SQLite, and until ``store.authority.install`` has run).
    """

    __tablename__ = "installation"
    __table_args__ = (CheckConstraint("id = 1", name="single"),)

    id: Mapped[int] = mapped_column(primary_key=True, default=1)
    uuid: Mapped[str] = mapped_column(String(36))
    prefix: Mapped[str] = mapped_column(String(30), default="")
