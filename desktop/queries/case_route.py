"""The route of a case: which steps are done, by whom and when, where it is, what lies ahead."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row

from desktop.queries.rows import JournalRow, RouteStop
from desktop.regulation import engine
from desktop.regulation.model import Channel, Operation, Step, Term, Text
from desktop.regulation.reach import reach


def route(
    operation: Operation,
    channel: Channel,
    here: str | None,
    entries: Sequence[Row[*tuple[Any, ...]]],
    history: Sequence[JournalRow],
) -> tuple[RouteStop, ...]:
    """Return the stops of the case's channel in the order of the act: passed, here, or still to come.

    After a return for rework the steps beyond ``here`` lie ahead again, whatever the journal remembers. Of ways that
    fork, those the case did not take are no part of its route.
    """
    ended = {
        raw.step: (who(raw), entry.at)
        for raw, entry in zip(entries, history, strict=True)
        if raw.facts.get("outcome")  # whatever ends a step names its outcome
    }
    stops = []
    passed_here = False
    coming = reach([here] if here else [], lambda step_id: operation.step(step_id).onward)
    for step in engine.route(operation, channel):
        done_by, done_at = ended.get(step.id, (None, None))
        if here is not None and done_at is None and step.id not in coming:
            continue
        if step.id == here:
            state, passed_here = "here", True
        elif passed_here or done_at is None:
            state = "ahead"
        else:
            state = "done"
        if state != "done":
            done_by, done_at = None, None
        stops.append(_stop(step, state, done_by, done_at))
    return tuple(stops)


def term_code(term: Term | None) -> str:
    """Return the number and the unit's code ("15 minute", "10-15 second"); "" without a term."""
    if term is None:
        return ""
    amount = str(term.value) if term.value is not None else f"{term.minimum}-{term.maximum}"
    return f"{amount} {term.unit.value}"


def _stop(step: Step, state: str, done_by: Text | None, done_at: Any) -> RouteStop:
    return RouteStop(
        title=step.title,
        act=step.act,
        role=step.role,
        role_title=step.role_title,
        clause=step.clause,
        term=term_code(step.term),
        state=state,
        done_by=done_by,
        done_at=done_at,
    )


def who(row: Any) -> Text:
    """Return who made a journal entry, as its row of :data:`case_parts.JOURNAL` tells."""
    if row.name_kk is not None:
        return Text(row.name_kk, row.name_ru)
    return Text(row.actor_name, row.actor_name)
