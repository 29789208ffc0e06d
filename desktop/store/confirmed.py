"""What counts only once another person has confirmed it: who a signer is, whose certificates are believed.

On PostgreSQL the guards (``authority/sql/47_guard_confirming.sql``) say the same of people.
"""

from sqlalchemy import ColumnElement, exists, select
from sqlalchemy.orm import Session

from desktop.models import Confirmation, TrustRoot
from desktop.regulation.rights import CONFIRMERS


def person_waits(session: Session, person_id: int) -> bool:
    """True while something that was set about the person has been confirmed by nobody else."""
    waits = exists().where(Confirmation.person_id == person_id, Confirmation.confirmed_at.is_(None))
    return bool(session.scalar(select(waits)))


def root_counts() -> ColumnElement[bool]:
    """The condition of a trust root that may be believed: all that was set about it is confirmed."""
    return ~exists().where(Confirmation.root_sha256 == TrustRoot.sha256, Confirmation.confirmed_at.is_(None))


def alone(session: Session, person_id: int) -> bool:
    """True while nobody but this person was ever given a role of those who confirm: the office is being founded.

    Kept rows say it, not roles held now: to take the auditor's role away brings the founding not back.
    """
    wanted = {f"role:{role}" for role in CONFIRMERS}
    others = session.scalars(
        select(Confirmation.what).where(
            Confirmation.person_id.is_not(None), Confirmation.person_id != person_id
        )
    )
    return all(wanted.isdisjoint(what) for what in others)
