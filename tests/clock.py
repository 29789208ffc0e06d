"""A clock a test holds in its hand."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

OFFICE_ZONE = ZoneInfo("Asia/Oral")


class Clock:
    """Stands still until it is set or moved; a Monday morning four days after the decree."""

    def __init__(self) -> None:
        self.moment = datetime(2018, 6, 11, 9, 30, tzinfo=OFFICE_ZONE)

    def __call__(self) -> datetime:
        return self.moment

    def set(self, moment: datetime | str) -> None:
        """``moment``: aware, or office time as ISO 8601."""
        if isinstance(moment, str):
            moment = datetime.fromisoformat(moment)
        self.moment = moment.astimezone(OFFICE_ZONE) if moment.tzinfo else moment.replace(tzinfo=OFFICE_ZONE)

    def forward(self, **interval: float) -> None:
        """Move on by days=, hours=, minutes=, seconds= of the wall clock."""
        self.moment += timedelta(**interval)
