"""A person has a case open, and who else has: it holds nobody back and no journal keeps it.

Only a shared server has colleagues; on a file nobody else is ever here.
"""

from sqlalchemy import text

from desktop.regulation.rights import Actor
from desktop.store.database import Store

RENEW_S = 60  # how often one who stays says so


def note(store: Store, actor: Actor, *, case_id: int, here: bool) -> None:
    """Say that ``actor`` has the case open, or has left it; those who have it open hear of it at once."""
    if store.dialect != "postgresql":
        return
    with store.writing(by=actor.login) as session:
        session.execute(text("SELECT note_presence(:case_id, :here)"), {"case_id": case_id, "here": here})
