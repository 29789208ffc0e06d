"""The way a case has taken through its act: every step it passed, by which outcome, when and by whom."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row, select

from desktop.errors import NotAllowed
from desktop.models import Case, JournalEntry
from desktop.queries import case_parts, law
from desktop.queries.case_route import who
from desktop.queries.moments import local, office_zone
from desktop.queries.way_rows import CaseWay, Passage, Trace
from desktop.regulation.model import Channel, OfficeMove, Operation
from desktop.regulation.rights import Actor, Command, require
from desktop.store.database import Store
from desktop.store.sight import in_sight


def case_way(store: Store, actor: Actor, *, case_id: int) -> CaseWay:
    """Return it; NotAllowed "case-not-found" for a case that is not there, or that the actor does not see."""
    require(actor, Command.READ_CASES)
    with store.reading(by=actor.login) as session:
        case = session.execute(
            select(
                Case.number,
                Case.regulation_sha256,
                Case.service,
                Case.operation,
                Case.channel,
                Case.step,
                Case.step_due_at,
            ).where(Case.id == case_id, in_sight(session, actor, Case.id))
        ).one_or_none()
        if case is None:
            raise NotAllowed("case-not-found")
        regulation = law.regulation(session, case.regulation_sha256)
        operation = regulation.service(case.service).operation(case.operation)
        entries = session.execute(
            case_parts.JOURNAL.where(JournalEntry.case_id == case_id).order_by(JournalEntry.id)
        ).all()
        zone = office_zone(session)
        passed = tuple(
            Passage(one.step, one.facts["outcome"], local(one.at, zone), who(one))
            for one in _standing(operation, entries)
        )
        return CaseWay(
            case.number,
            regulation,
            case.service,
            case.operation,
            Channel(case.channel),
            Trace(case.step, passed, local(case.step_due_at, zone) if case.step else None),
        )


def _standing(operation: Operation, entries: Sequence[Row[*tuple[Any, ...]]]) -> list[Row[*tuple[Any, ...]]]:
    """Return the entries that ended a step, without those a later return for rework undid."""
    returns = (move for move in operation.office_moves if move.move is OfficeMove.RETURN_FOR_REWORK)
    back = {target for move in returns for target in move.targets}
    found: list[Row[*tuple[Any, ...]]] = []
    for entry in entries:
        if entry.event == "returned":
            undone = [place for place, one in enumerate(found) if one.step in back]
            if undone:
                found = found[: undone[-1]]
        elif entry.facts.get("outcome"):
            found.append(entry)
    return found
