"""The licence an application names by its number."""

from desktop.models import Licence
from desktop.models.folding import storable
from desktop.queries import register_rows
from desktop.queries.rows import LicenceRow
from desktop.regulation.licence_states import IN_FORCE
from desktop.regulation.rights import Actor, Command, require
from desktop.store.database import Store
from desktop.store.sight import in_sight


def licence_numbered(store: Store, actor: Actor, *, number: str) -> LicenceRow | None:
    """Return the licence of that number: of several the one in force, the latest first; None when there is none."""
    require(actor, Command.READ_CASES)
    wanted = storable(number.strip())
    if not wanted:
        return None
    with store.reading(by=actor.login) as session:
        rows = session.execute(
            register_rows.LICENCES.where(
                Licence.number.in_(sorted({wanted, wanted.upper()})),
                in_sight(session, actor, Licence.case_id),
            )
            .order_by(Licence.status.in_(IN_FORCE).desc(), Licence.id.desc())
            .limit(1)
        ).all()
        return next(register_rows.licence_rows(session, rows), None)
