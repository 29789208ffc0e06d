"""Results at a centre: where each is, and until when (001 item 10)."""

from datetime import datetime

from sqlalchemy import ColumnElement, and_, exists, func, or_, select
from sqlalchemy.orm import Session, aliased

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
    later = _sent_later()
    ahead = or_(_lies_there(), and_(ResultCustody.returned_at.is_not(None), ~later))
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


def waiting(session: Session, actor: Actor, now: datetime) -> tuple[int, int]:
    """Return how many results lie at a centre or are asked for anew, and how many of those are past their day."""
    asked = and_(
        ResultCustody.returned_at.is_not(None), ResultCustody.requested_at.is_not(None), ~_sent_later()
    )
    late = or_(
        and_(_lies_there(), ResultCustody.kept_until < now), and_(asked, ResultCustody.send_again_by < now)
    )
    found = session.execute(
        select(func.count(), func.count().filter(late))
        .select_from(ResultCustody)
        .where(in_sight(session, actor, ResultCustody.case_id), or_(_lies_there(), asked))
    ).one()
    return found[0], found[1]


def _lies_there() -> ColumnElement[bool]:
    return and_(ResultCustody.handed_at.is_(None), ResultCustody.returned_at.is_(None))


def _sent_later() -> ColumnElement[bool]:
    return exists().where(_Later.case_id == ResultCustody.case_id, _Later.id > ResultCustody.id)


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
