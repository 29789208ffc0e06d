"""The licence fee in tenge, by the monthly calculation index in force on the day of payment."""

from collections.abc import Iterable
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from desktop.errors import NotAllowed
from desktop.regulation.model import Fee


def index_on(rates: Iterable[tuple[date, int]], day: date) -> int:
    """Return the index in force on ``day``, in tenge; NotAllowed "fee-rate-unknown" before the first one."""
    known = [(valid_from, tenge) for valid_from, tenge in rates if valid_from <= day]
    if not known:
        raise NotAllowed("fee-rate-unknown", day=day)
    return max(known)[1]


def fee_due(fee: Fee, rates: Iterable[tuple[date, int]], paid_on: date) -> int:
    """Return the fee in tenge: the share of the rate times the index, at most ``cap`` times the index."""
    units = Decimal(fee.rate) * Decimal(fee.share)
    if fee.cap is not None:
        units = min(units, Decimal(fee.cap))
    return int((units * index_on(rates, paid_on)).quantize(Decimal(1), ROUND_HALF_UP))
