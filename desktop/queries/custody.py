"""Results at a centre: where each is, and until when (001 item 10)."""

from datetime import datetime

from sqlalchemy import and_, exists, func, or_, select
from sqlalchemy.orm import aliased

from desktop.models import Case, CaseDocument, ResultCustody
from desktop.queries.moments import local, office_zone
from desktop.queries.result_rows import CustodyRow
from desktop.regulation.model import Channel, DocumentKind, Text
from desktop.regulation.rights import Actor, Command, require
from desktop.store.database import Store
from desktop.store.sight import in_sight

_ENOUGH = 1000
_Later = aliased(ResultCustody, name="later_custody")


def at_centre(store: Store, actor: Actor, *, whole: bool = False) -> tuple[CustodyRow, ...]:
    """Return what somebody has to do something with, the nearest term first; ``whole``: what is over too."""
    require(actor, Command.READ_CASES)
    later = exists().where(_Later.case_id == ResultCustody.case_id, _Later.id > ResultCustody.id)
    ahead = or_(
        and_(ResultCustody.handed_at.is_(None), ResultCustody.returned_at.is_(None)),
        and_(ResultCustody.returned_at.is_not(None), ~later),
    )
    with store.reading(by=actor.login) as session:
        zone = office_zone(session)
        found = session.execute(
            select(
                ResultCustody,
                later.label("later"),
                Case.number.label("case_number"),
                Case.holder_kk,
                Case.holder_ru,
                CaseDocument.kind,
                CaseDocument.number,
            )
            .join(Case, Case.id == ResultCustody.case_id)
            .join(CaseDocument, CaseDocument.id == ResultCustody.document_id)
            .where(in_sight(session, actor, ResultCustody.case_id), *(() if whole else (ahead,)))
            .order_by(func.coalesce(ResultCustody.send_again_by, ResultCustody.kept_until), ResultCustody.id)
            .limit(_ENOUGH)
        )
        rows = []
        for kept, followed, case_number, holder_kk, holder_ru, kind, number in found:
            rows.append(
                CustodyRow(
                    custody_id=kept.id,
                    case_id=kept.case_id,
                    case_number=case_number,
                    holder=Text(holder_kk, holder_ru),
                    kind=DocumentKind(kind),
                    number=number,
                    channel=Channel(kept.channel),
                    sent_at=local(kept.sent_at, zone),
                    kept_until=local(kept.kept_until, zone),
                    state=_state(kept.handed_at, kept.returned_at, kept.requested_at, later=followed),
                    handed_at=local(kept.handed_at, zone),
                    receiver=kept.receiver,
                    returned_at=local(kept.returned_at, zone),
                    requested_at=local(kept.requested_at, zone),
                    send_again_by=local(kept.send_again_by, zone),
                )
            )
        return tuple(rows)


def _state(
    handed_at: datetime | None, returned_at: datetime | None, requested_at: datetime | None, *, later: bool
) -> str:
    if handed_at is not None:
        return "handed_out"
    if returned_at is None:
        return "at_centre"
    if later:
        return "sent_again"
    return "stored" if requested_at is None else "asked"
