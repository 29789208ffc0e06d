"""The office: its name, its people, its hours, its fees, whom it trusts, which law it has loaded."""

from datetime import date, datetime

from sqlalchemy import JSON, CheckConstraint, Date, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from desktop.models.base import Base, UtcDateTime


class Office(Base):
    """One row. ``version`` guards every edit of the office's own facts and of its tables below."""

    __tablename__ = "office"
    __table_args__ = (CheckConstraint("id = 1", name="single"),)

    id: Mapped[int] = mapped_column(primary_key=True, default=1)
    version: Mapped[int] = mapped_column(default=1)
    name_kk: Mapped[str] = mapped_column(Text)
    name_ru: Mapped[str] = mapped_column(Text)
    bin: Mapped[str] = mapped_column(String(12))
    address_kk: Mapped[str] = mapped_column(Text)
    address_ru: Mapped[str] = mapped_column(Text)
    place_kk: Mapped[str] = mapped_column(Text)  # "Орал қ." - Берілген орны
    place_ru: Mapped[str] = mapped_column(Text)
    time_zone: Mapped[str] = mapped_column(String(64), default="Asia/Oral")
    status_address: Mapped[str] = mapped_column(Text)  # URL template with {number}
    numbers_licences: Mapped[bool] = mapped_column(default=False)  # numbering authority?
    incoming_template: Mapped[str] = mapped_column(String(80), default="{year}-{sequence:06d}")
    outgoing_template: Mapped[str] = mapped_column(String(80), default="{sequence}/{year}")
    licence_template: Mapped[str] = mapped_column(String(80), default="{year2}{sequence:06d}")
    seal_sha256: Mapped[str | None] = mapped_column(ForeignKey("blob.sha256"))
    is_demo: Mapped[bool] = mapped_column(default=False)
    file_limit_bytes: Mapped[int] = mapped_column(default=100 * 1024 * 1024)
    signature_level: Mapped[str] = mapped_column(String(5), default="b-b")  # eds.levels.Level
    stamp_address: Mapped[str] = mapped_column(Text, default="")  # RFC 3161; asked above b-b
    ocsp_address: Mapped[str] = mapped_column(Text, default="")  # "": the one a certificate names
    silence_allowed: Mapped[bool] = mapped_column(default=False)  # sign when nobody tells of revocation
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy declares it so


class Person(Base):
    __tablename__ = "person"
    __table_args__ = (UniqueConstraint("login"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(default=1)
    login: Mapped[str] = mapped_column(String(63))
    name_kk: Mapped[str] = mapped_column(Text)
    name_ru: Mapped[str] = mapped_column(Text)
    position_kk: Mapped[str] = mapped_column(Text, default="")
    position_ru: Mapped[str] = mapped_column(Text, default="")
    iin: Mapped[str] = mapped_column(String(12), default="")
    password_hash: Mapped[str] = mapped_column(Text)  # argon2id
    active: Mapped[bool] = mapped_column(default=True)
    failed_attempts: Mapped[int] = mapped_column(default=0)
    locked_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    roles: Mapped[list["PersonRole"]] = relationship(
        back_populates="person", cascade="all, delete-orphan", lazy="selectin"
    )

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy declares it so


class PersonRole(Base):
    __tablename__ = "person_role"

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    role: Mapped[str] = mapped_column(String(40), primary_key=True)
    person: Mapped[Person] = relationship(back_populates="roles")


class ActingHead(Base):
    """Who stands in for the head, by which order, from the first to the last day inclusive."""

    __tablename__ = "acting_head"
    __table_args__ = (CheckConstraint("first_day <= last_day", name="days"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    order_number: Mapped[str] = mapped_column(String(80))
    order_date: Mapped[date] = mapped_column(Date)
    first_day: Mapped[date] = mapped_column(Date)
    last_day: Mapped[date] = mapped_column(Date)
    person: Mapped[Person] = relationship()


class WorkingHours(Base):
    """Hours of a weekday (0 = Monday) from a date on; ``intervals`` like [["09:00","13:00"],["14:30","18:30"]], [] = closed."""

    __tablename__ = "working_hours"

    valid_from: Mapped[date] = mapped_column(Date, primary_key=True)
    weekday: Mapped[int] = mapped_column(primary_key=True)
    intervals: Mapped[list[list[str]]] = mapped_column(JSON)


class DayOverride(Base):
    """One date that differs: a day off, or a moved working day with its own hours."""

    __tablename__ = "day_override"

    day: Mapped[date] = mapped_column(Date, primary_key=True)
    intervals: Mapped[list[list[str]]] = mapped_column(JSON)  # [] = day off
    reason_kk: Mapped[str] = mapped_column(Text)
    reason_ru: Mapped[str] = mapped_column(Text)


class FeeRate(Base):
    """The monthly calculation index (АЕК/МРП) from a date on, in tenge."""

    __tablename__ = "fee_rate"

    valid_from: Mapped[date] = mapped_column(Date, primary_key=True)
    tenge: Mapped[int]
    source: Mapped[str] = mapped_column(Text, default="")
    unverified: Mapped[bool] = mapped_column(default=False)


class TrustRoot(Base):
    __tablename__ = "trust_root"

    sha256: Mapped[str] = mapped_column(String(64), primary_key=True)  # of the DER certificate
    pem: Mapped[str] = mapped_column(Text)
    subject: Mapped[str] = mapped_column(Text)
    is_demo: Mapped[bool] = mapped_column(default=False)
    added_at: Mapped[datetime] = mapped_column(UtcDateTime)
    added_by: Mapped[str] = mapped_column(Text)


class CodeKey(Base):
    """A key of the department's that makes the codes of papers: its certificate. The private half is in no database.

    ``current`` is True of the one in use and NULL of those that only verify; there is one current key at most.
    """

    __tablename__ = "code_key"
    __table_args__ = (UniqueConstraint("current"),)

    sha256: Mapped[str] = mapped_column(String(64), primary_key=True)  # of the DER certificate
    kid: Mapped[str] = mapped_column(String(16))  # its first eight bytes, as codes name the key
    pem: Mapped[str] = mapped_column(Text)
    owner: Mapped[str] = mapped_column(Text)
    valid_from: Mapped[datetime] = mapped_column(UtcDateTime)
    valid_to: Mapped[datetime] = mapped_column(UtcDateTime)
    is_demo: Mapped[bool] = mapped_column(default=False)
    current: Mapped[bool | None] = mapped_column(default=True)
    added_at: Mapped[datetime] = mapped_column(UtcDateTime)
    added_by: Mapped[str] = mapped_column(Text)
    retired_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class RegulationText(Base):
    """The very file a case began under; rows are added and never changed."""

    __tablename__ = "regulation_text"

    sha256: Mapped[str] = mapped_column(String(64), primary_key=True)
    regulation: Mapped[str] = mapped_column(String(80))
    version: Mapped[str] = mapped_column(String(40))
    content: Mapped[str] = mapped_column(Text)
    loaded_at: Mapped[datetime] = mapped_column(UtcDateTime)
    current: Mapped[bool] = mapped_column(default=True)  # new cases begin under it
