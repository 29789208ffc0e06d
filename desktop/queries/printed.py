"""Papers that have left the printer: still in the house, or handed over."""

from sqlalchemy import exists, select

from desktop.models import CaseDocument, HandOver
from desktop.queries import case_parts
from desktop.queries.moments import office_zone
from desktop.queries.rows import DocumentRow
from desktop.regulation.rights import Actor, Command, require
from desktop.store.database import Store
from desktop.store.sight import paper_in_sight

_ENOUGH = 500


def printed(store: Store, actor: Actor, *, handed: bool, limit: int = _ENOUGH) -> tuple[DocumentRow, ...]:
    """Return the papers printed and not (or already) handed over, the latest printed first."""
    require(actor, Command.READ_CASES)
    with store.reading(by=actor.login) as session:
        given = exists().where(HandOver.document_id == CaseDocument.id)
        latest = (
            select(CaseDocument.id)
            .where(
                CaseDocument.printed_at.is_not(None),
                given if handed else ~given,
                paper_in_sight(session, actor),
            )
            .order_by(CaseDocument.printed_at.desc(), CaseDocument.id.desc())
            .limit(limit)
        )
        ids = list(session.scalars(latest))
        found = case_parts.documents(session, office_zone(session), CaseDocument.id.in_(ids))
        by_id = {row.document_id: row for row in found}
        return tuple(by_id[one] for one in ids)
