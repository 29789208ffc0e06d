"""What a service cost on the day it was paid."""

from datetime import date

from sqlalchemy import select

from desktop.errors import NotAllowed
from desktop.models import FeeRate
from desktop.queries import law
from desktop.queries.moments import office_zone
from desktop.regulation import fees
from desktop.regulation.rights import Actor, Command, require
from desktop.store.database import Store


def fee_due(
    store: Store,
    actor: Actor,
    *,
    regulation_sha256: str,
    service: str,
    operation: str,
    paid_on: date | None,
) -> int | None:
    """Return the fee in tenge for a payment of that day (None: of today); None when free or no rate is known."""
    require(actor, Command.READ_CASES)
    with store.reading(by=actor.login) as session:
        fee = law.place(session, regulation_sha256, service, operation)[1].fee
        if fee is None:
            return None
        day = paid_on or store.now(session).astimezone(office_zone(session)).date()
        rates = [
            (row.valid_from, row.tenge) for row in session.execute(select(FeeRate.valid_from, FeeRate.tenge))
        ]
        try:
            return fees.fee_due(fee, rates, day)
        except NotAllowed:  # before the first rate of the office's table
            return None
