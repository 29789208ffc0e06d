"""The answer of the authority that was asked (001 item 7(4)); silence in time counts as agreement."""

from collections.abc import Iterable
from datetime import date

from desktop.cases import filing
from desktop.cases.application import IncomingFile
from desktop.cases.change import Change, changing
from desktop.cases.claiming import nothing, once
from desktop.cases.journal import Event
from desktop.cases.plain_text import TEXT, optional, required
from desktop.errors import BadInput, NotAllowed
from desktop.models import OutsideRequest
from desktop.regulation.model import Act, Effect
from desktop.regulation.rights import Actor, Command
from desktop.store.database import Store


@once(nothing)
def record_answer(
    store: Store,
    actor: Actor,
    *,
    case_id: int,
    seen_version: int,
    outcome: str,
    answer_number: str = "",
    answer_date: date | None = None,
    note: str = "",
    files: Iterable[IncomingFile] = (),
) -> None:
    """Record what was answered and send the case on.

    "No answer" is open only once the request's own term has passed (B2 art. 25(3)): NotAllowed
    "answer-term-runs" (due_at). An answer needs its number and a date from the request's day to today:
    BadInput "field-required", "date-in-future", "answer-before-request".
    """
    limit = filing.file_limit(store)
    ready = filing.inspect_all(files, limit)
    with changing(store, actor, case_id, seen_version, Command.RECORD_ANSWER) as change:
        chosen = change.choose(Act.ASK, outcome)
        request = _waiting(change)
        zone = change.local_now.tzinfo
        if chosen.effect == Effect.NO_ANSWER:
            if change.now <= request.due_at:
                raise NotAllowed("answer-term-runs", due_at=request.due_at.astimezone(zone))
        else:
            request.answer_number = required(answer_number, "answer_number", limit=80)
            request.answer_date = _possible(change, request, answer_date)
        request.answer_note = optional(note, "note", limit=TEXT, lines=True)
        request.answer = chosen.effect.value
        request.answered_at = change.now
        papers = {paper.id for paper in change.operation.papers}
        told = filing.add(
            change.session, change.case, ready, limit, papers, change.now, change.actor.person_id
        )
        change.record(
            Event.ANSWER_RECORDED,
            outcome=chosen.id,
            answer=chosen.effect,
            request=request.number,
            number=request.answer_number,
            dated=request.answer_date,
            note=request.answer_note,
            files=told,
        )
        change.case.answer = (
            chosen.effect.value
        )  # in one statement with the step: the answer is what moves it
        change.go(chosen.next)


def _waiting(change: Change) -> OutsideRequest:
    for request in reversed(change.case.requests):
        if request.answer is None and request.step == change.case.step:
            return request
    raise NotAllowed("nothing-asked", number=change.case.number)


def _possible(change: Change, request: OutsideRequest, day: date | None) -> date:
    if day is None:
        raise BadInput("field-required", field="answer_date")
    if day > change.today:
        raise BadInput("date-in-future", field="answer_date", day=day)
    if day < request.sent_at.astimezone(change.local_now.tzinfo).date():
        raise BadInput("answer-before-request", field="answer_date", day=day)
    return day
