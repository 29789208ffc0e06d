"""How long a centre keeps a result nobody fetches, and how soon it is sent there again (001 item 10)."""

from datetime import datetime

from desktop.regulation import terms
from desktop.regulation.model import Channel, Custody, Operation
from desktop.regulation.working_calendar import WorkingCalendar, months_later


def custody_of(operation: Operation, channel: Channel) -> Custody | None:
    """Return what the act says of results given out through ``channel``; None when it says nothing."""
    custody = operation.custody
    return custody if custody is not None and channel in custody.channels else None


def kept_until(calendar: WorkingCalendar, custody: Custody, sent_at: datetime) -> datetime:
    """Return the end of the keeping: the same day of a later month, or that month's last one.

    It is the closing time of that day, or of the next working day ([I], as terms in calendar days).
    """
    sent = calendar.local(sent_at).date()
    return calendar.closing(calendar.next_working_day(months_later(sent, custody.keep_months)))


def send_again_by(calendar: WorkingCalendar, custody: Custody, requested_at: datetime) -> datetime:
    """Return by when a result asked for anew must be at the centre."""
    return terms.due(calendar, custody.send_again, requested_at).due_at
