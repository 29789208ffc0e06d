"""Where papers stand whose signing in a list was broken off: the database says which of them are signed."""

from collections.abc import Mapping

from sqlalchemy import select

from desktop.models import Case, CaseDocument, JournalHead
from desktop.queries.rows import BatchStand, PaperStand
from desktop.regulation.model import Text
from desktop.regulation.rights import Actor, Command, require
from desktop.store.database import Store
from desktop.store.sight import in_sight


def batch_stand(store: Store, actor: Actor, *, papers: Mapping[int, int]) -> BatchStand:
    """Return where the cases stand; ``papers``: of each case the document that was to be signed."""
    require(actor, Command.READ_CASES)
    with store.reading(by=actor.login) as session:
        database = session.execute(select(JournalHead.database)).scalar_one()
        found = session.execute(
            select(Case.id, Case.number, Case.holder_kk, Case.holder_ru)
            .where(Case.id.in_(papers), in_sight(session, actor, Case.id))
            .order_by(Case.id)
        ).all()
        signed = session.execute(
            select(CaseDocument.case_id, CaseDocument.id).where(
                CaseDocument.case_id.in_([row.id for row in found]),
                CaseDocument.state == "signed",
                CaseDocument.signer_id == actor.person_id,
            )
        ).all()
    done = {row.case_id: row.id for row in signed if row.id >= papers[row.case_id]}
    return BatchStand(
        database,
        tuple(
            PaperStand(row.id, row.number, Text(row.holder_kk, row.holder_ru), done.get(row.id, 0))
            for row in found
        ),
    )
