"""Moments as the office reads them: stored in UTC, shown in the office's time zone."""

from datetime import UTC, date, datetime, time, timedelta
from typing import overload
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from desktop.models import Office


def office_zone(session: Session) -> ZoneInfo:
    """Return the office's time zone; UTC before there is an office."""
    name = session.scalar(select(Office.time_zone))
    return ZoneInfo(name or "UTC")


@overload
def local(moment: datetime, zone: ZoneInfo) -> datetime: ...
@overload
def local(moment: None, zone: ZoneInfo) -> None: ...
def local(moment: datetime | None, zone: ZoneInfo) -> datetime | None:
    return None if moment is None else moment.astimezone(zone)


def day_begins(day: date, zone: ZoneInfo) -> datetime:
    """Return the first moment of an office day, in UTC."""
    if day == date.min:  # east of Greenwich it begins before all time
        return datetime.min.replace(tzinfo=UTC)
    return datetime.combine(day, time(), zone).astimezone(UTC)


def day_ends(day: date, zone: ZoneInfo) -> datetime:
    """Return the first moment after an office day, in UTC."""
    return day_begins(day + timedelta(days=1), zone) if day < date.max else datetime.max.replace(tzinfo=UTC)
