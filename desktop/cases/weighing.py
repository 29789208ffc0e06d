"""An answer of another system that names another than the applicant: somebody says what it counts for before the case goes on."""

from sqlalchemy import select

from desktop.cases.change import Change, changing
from desktop.cases.claiming import once, row_id
from desktop.cases.journal import Event
from desktop.cases.plain_text import TEXT, required
from desktop.errors import NotAllowed
from desktop.models import ExchangeRecord
from desktop.regulation.model import Effect, Outcome
from desktop.regulation.rights import Actor, Command
from desktop.regulation.systems import Way, title
from desktop.regulation.whose_answers import COUNTED, SET_ASIDE, unweighed
from desktop.store.database import Store

_YES = frozenset({Effect.COMPLETE, Effect.GRANT, Effect.PASSED, Effect.ACCEPTED})


@once(row_id)
def weigh_answer(
    store: Store, actor: Actor, *, case_id: int, seen_version: int, record_id: int, counts: bool, reason: str
) -> int:
    """Say of an answer that names another than the applicant whether it counts; returns the id of that record.

    BadInput "field-required" for the reason; NotAllowed "answer-weighed" when nothing is to be said of it (any more).
    """
    reason = required(reason, "reason", limit=TEXT, lines=True)
    with changing(store, actor, case_id, seen_version, Command.RECORD_SYSTEM) as change:
        others = _unweighed(change).get(record_id)
        if others is None:
            raise NotAllowed("answer-weighed", number=change.case.number)
        heard = change.session.get_one(ExchangeRecord, record_id)
        said = ExchangeRecord(
            case_id=change.case.id,
            system=heard.system,
            question=dict(heard.question),
            heard=heard.heard,
            way=Way.BY_HAND.value,
            answer={},
            number=str(record_id),
            reason=COUNTED if counts else SET_ASIDE,
            note=reason,
            recorded_at=change.now,
            recorded_by=change.actor.person_id,
        )
        change.session.add(said)
        change.session.flush()
        change.record(
            Event.ANSWER_WEIGHED,
            system=heard.system,
            record=record_id,
            others=list(others),
            counts=counts,
            note=reason,
        )
        return change.claimed.returns(said.id)


def require_weighed(change: Change, chosen: Outcome) -> None:
    """Refuse to find for the applicant while an answer names another than the applicant and nobody has said what it counts for.

    NotAllowed "answer-names-another" (number, system, others).
    """
    waiting = _unweighed(change) if chosen.effect in _YES else {}
    if waiting:
        record_id, others = next(iter(waiting.items()))
        heard = change.session.get_one(ExchangeRecord, record_id)
        raise NotAllowed(
            "answer-names-another",
            number=change.case.number,
            system=title(heard.system),
            others=", ".join(others),
        )


def _unweighed(change: Change) -> dict[int, tuple[str, ...]]:
    case = change.case
    records = change.session.scalars(select(ExchangeRecord).where(ExchangeRecord.case_id == case.id)).all()
    return unweighed(records, applicant=case.identifier, representative=case.representative_iin)
