"""Paper out of the door: printed, and handed over to whom, on which document (001 items 3, 7(7), 10)."""

from collections.abc import Mapping

from sqlalchemy import select

from desktop.cases import custody, surveying
from desktop.cases.change import Change, changing
from desktop.cases.claiming import claiming, nothing, once
from desktop.cases.journal import Event
from desktop.cases.journal import record as record_entry
from desktop.cases.plain_text import LONG_LINE, TEXT, clean_name, optional, required
from desktop.cases.standing import standing
from desktop.errors import BadInput, NotAllowed
from desktop.models import Case, CaseDocument, HandOver
from desktop.regulation import rights
from desktop.regulation.model import Act
from desktop.regulation.rights import Actor, Command
from desktop.store.database import Store
from desktop.store.sight import paper_in_sight


@once(nothing)
def mark_printed(store: Store, actor: Actor, *, document_id: int, copies: int, reason: str = "") -> None:
    """Record that ``copies`` of a paper left the printer; a second printing needs its reason.

    BadInput "copies-wrong", "reprint-reason-required"; NotAllowed "not-signed-yet" for a draft.
    """
    with claiming(store, actor, Command.PRINT) as claimed:
        session, now = claimed.session, claimed.now
        acting = standing(session, actor, now)
        rights.require(acting, Command.PRINT)
        document = session.scalars(
            select(CaseDocument)
            .where(CaseDocument.id == document_id, paper_in_sight(session, acting))
            .with_for_update(of=CaseDocument)
        ).one_or_none()
        if document is None:
            raise NotAllowed("document-not-found")
        if document.state not in {"issued", "signed"}:
            raise NotAllowed("not-signed-yet", number=document.number)
        if not 1 <= copies <= 99:
            raise BadInput("copies-wrong", field="copies", copies=copies)
        reason = optional(reason, "reason", limit=TEXT, lines=True)
        if document.printed_at is not None and not reason:
            raise BadInput("reprint-reason-required", field="reason")
        claimed.row.case_id = document.case_id
        session.flush()  # the claim knows its case before anything of the case is written
        document.printed_at = now
        document.copies += copies
        case = session.get(Case, document.case_id) if document.case_id else None
        record_entry(
            session,
            acting,
            Event.PRINTED,
            case,
            at=now,
            step=case.step if case else None,
            document=document.kind,
            number=document.number,
            copies=copies,
            reason=reason,
        )


@once(nothing)
def hand_over(
    store: Store,
    actor: Actor,
    *,
    case_id: int,
    seen_version: int,
    outcome: str,
    receiver: str,
    identity_document: str,
    power_of_attorney: str = "",
    survey: Mapping[str, str] | None = None,
) -> None:
    """Record who received the result and on which identity document; the case closes with that result.

    ``survey``: what he answered, if anything. A result that goes to a centre is kept there from now on.
    """
    with changing(store, actor, case_id, seen_version, Command.DELIVER) as change:
        chosen = change.choose(Act.DELIVER, outcome)
        document = _result(change)
        received = HandOver(
            case_id=change.case.id,
            document_id=document.id,
            receiver=required(clean_name(receiver), "receiver", limit=LONG_LINE),
            identity_document=required(identity_document, "identity_document"),
            power_of_attorney=optional(power_of_attorney, "power_of_attorney", limit=LONG_LINE),
            handed_at=change.now,
            handed_by=change.actor.person_id,
        )
        change.session.add(received)
        kept = custody.send_to_centre(change, document)
        answers = surveying.keep(
            change.session, change.case.id, survey or {}, change.now, change.actor.person_id
        )
        change.record(
            Event.HANDED_OVER,
            outcome=chosen.id,
            document=document.kind,
            number=document.number,
            receiver=received.receiver,
            identity_document=received.identity_document,
            power_of_attorney=received.power_of_attorney,
            survey=answers,
            kept_until=kept.kept_until if kept else None,
        )
        change.go(chosen.next, result=document.kind)


def _result(change: Change) -> CaseDocument:
    document = change.result()
    if document is None:
        raise NotAllowed("nothing-to-hand-over", number=change.case.number)
    return document
