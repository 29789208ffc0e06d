"""The applicant is heard before an unfavourable decision (ҚР ДСМ-59/2020 in its 2025 wording; APPK art. 73)."""

from collections.abc import Iterable
from datetime import date

from desktop.cases import filing
from desktop.cases.application import IncomingFile
from desktop.cases.change import changing
from desktop.cases.claiming import nothing, once
from desktop.cases.journal import Event
from desktop.cases.plain_text import TEXT, required
from desktop.errors import BadInput
from desktop.models import Hearing
from desktop.regulation.model import Act
from desktop.regulation.rights import Actor, Command
from desktop.store.database import Store


@once(nothing)
def hear(
    store: Store,
    actor: Actor,
    *,
    case_id: int,
    seen_version: int,
    outcome: str,
    held_on: date | None,
    came: bool,
    minutes: str,
    files: Iterable[IncomingFile] = (),
) -> None:
    """Record what was said, or that the applicant did not come, and send the case on.

    BadInput: "field-required", "too-long", "date-in-future", "hearing-before-application", those of the files.
    """
    limit = filing.file_limit(store)
    ready = filing.inspect_all(files, limit)
    with changing(store, actor, case_id, seen_version, Command.HEAR) as change:
        chosen = change.choose(Act.HEAR, outcome)
        received_on = change.case.received_at.astimezone(change.local_now.tzinfo).date()
        if held_on is None:
            raise BadInput("field-required", field="held_on")
        if held_on > change.today:
            raise BadInput("date-in-future", field="held_on", day=held_on)
        if held_on < received_on:
            raise BadInput("hearing-before-application", field="held_on", received=received_on)
        heard = Hearing(
            case_id=change.case.id,
            held_on=held_on,
            came=came,
            minutes=required(minutes, "minutes", limit=TEXT, lines=True),
            recorded_at=change.now,
            recorded_by=change.actor.person_id,
        )
        change.session.add(heard)
        papers = {paper.id for paper in change.operation.papers}
        told = filing.add(
            change.session, change.case, ready, limit, papers, change.now, change.actor.person_id
        )
        step = change.step.id
        voided = change.go(chosen.next)
        change.record(
            Event.HEARD,
            step=step,
            outcome=chosen.id,
            held_on=held_on,
            came=came,
            files=told,
            voided=voided,
        )
