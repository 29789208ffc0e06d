"""A request is accepted, or declined with a reason; the applicant is told by a notice where the act wants one (002)."""

from desktop.cases.change import changing
from desktop.cases.claiming import as_kept, once
from desktop.cases.drawing import Draw
from desktop.cases.journal import Event
from desktop.cases.noticing import add_notice
from desktop.cases.plain_text import TEXT, optional, required
from desktop.cases.weighing import require_weighed
from desktop.regulation.model import Act, DocumentKind, Effect, Text
from desktop.regulation.rights import Actor, Command
from desktop.store.database import Store


@once(as_kept)
def resolve(
    store: Store,
    actor: Actor,
    *,
    case_id: int,
    seen_version: int,
    outcome: str,
    reason_kk: str = "",
    reason_ru: str = "",
    draw: Draw,
) -> int | None:
    """Take ``outcome`` and return the id of the notice it produced; BadInput "field-required" for a missing reason.

    Whoever is declined reads why, in both languages (002 items 8(1), 9(2), conditions 5.1 to 6.3).
    """
    with changing(store, actor, case_id, seen_version, Command.RESOLVE) as change:
        chosen = change.choose(Act.RESOLVE, outcome)
        require_weighed(change, chosen)
        said = required if chosen.effect is Effect.DECLINED else optional
        why = Text(
            said(reason_kk, "reason_kk", limit=TEXT, lines=True),
            said(reason_ru, "reason_ru", limit=TEXT, lines=True),
        )
        notice = None
        if chosen.produces is DocumentKind.NOTICE:
            notice = add_notice(change, chosen, why=why, draw=draw)
        step = change.step.id
        voided = change.go(chosen.next, result=change.ends_with())
        change.record(
            Event.RESOLVED,
            step=step,
            outcome=chosen.id,
            accepted=chosen.effect is Effect.ACCEPTED,
            reason_kk=why.kk,
            reason_ru=why.ru,
            document=notice.kind if notice else "",
            number=notice.number if notice else "",
            voided=voided,
        )
        return change.claimed.returns(notice.id if notice else None)
