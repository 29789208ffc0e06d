"""What ``ruqsat regulations`` and ``ruqsat due`` print, as plain JSON values."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from desktop.errors import BadInput
from desktop.regulation.days_off import FIRST_YEAR, LAST_YEAR
from desktop.regulation.engine import total_term
from desktop.regulation.model import Channel, Operation, Outcome, Regulation, Service, Step, Term, TotalTerm
from desktop.regulation.terms import Explanation, WorkingCalendar, total_due


def as_json(regulations: Iterable[Regulation]) -> list[dict[str, Any]]:
    """Return every regulation with its services, operations, steps, terms and outcomes.

    ``channels`` is written out in full, also where the file leaves it away to mean "all".
    """
    return [
        {
            "id": regulation.id,
            "act_number": regulation.act_number,
            "act_date": regulation.act_date.isoformat() if regulation.act_date else None,
            "services": [_service(service) for service in regulation.services],
        }
        for regulation in regulations
    ]


def due_as_json(
    regulations: Iterable[Regulation],
    calendar: WorkingCalendar,
    *,
    regulation: str,
    service: str,
    operation: str,
    received: datetime,
    channel: str | None = None,
) -> dict[str, Any]:
    """Return {"due", "hand_over_by", "why"}; moments as office time without zone, to the minute.

    A naive ``received`` is office time. Without ``channel`` the operation's first one is meant. BadInput
    "regulation-unknown", "service-unknown", "operation-unknown", "channel-not-offered", "total-term-none",
    "outside-the-calendar".
    """
    found = _find(regulations, regulation, "regulation")
    chosen = _find(_find(found.services, service, "service").operations, operation, "operation")
    way = chosen.channels[0].value if channel is None else channel
    if way not in {offered.value for offered in chosen.channels}:
        raise BadInput("channel-not-offered", field="channel", channel=way)
    total = total_term(chosen, Channel(way))
    if total is None:
        raise BadInput("total-term-none", field="operation", operation=operation)
    if not FIRST_YEAR <= received.year <= LAST_YEAR:
        raise BadInput("outside-the-calendar", field="received", first=FIRST_YEAR, last=LAST_YEAR)
    moment = received.replace(tzinfo=calendar.tz) if received.tzinfo is None else received
    explained, hand_over_by = total_due(calendar, total, moment)
    return {
        "due": _moment(explained.due_at),
        "hand_over_by": _moment(hand_over_by) if hand_over_by else None,
        "why": [_reason(reason, total) for reason in explained.reasons],
    }


def _service(service: Service) -> dict[str, Any]:
    return {"id": service.id, "operations": [_operation(operation) for operation in service.operations]}


def _operation(operation: Operation) -> dict[str, Any]:
    return {
        "id": operation.id,
        "channels": _channels(operation.channels),
        "total_terms": [
            {**_term(total.term), "channels": _channels(total.channels or operation.channels)}
            for total in operation.total_terms
        ],
        "steps": [_step(step, operation) for step in operation.steps],
    }


def _step(step: Step, operation: Operation) -> dict[str, Any]:
    return {
        "id": step.id,
        "act": step.act.value,
        "role": step.role.value,
        "channels": _channels(step.channels or operation.channels),
        "term": _term(step.term) if step.term else None,
        "clause": step.clause,
        "outcomes": [
            {"id": outcome.id, "next": target} for outcome in step.outcomes for target in _targets(outcome)
        ],
    }


def _targets(outcome: Outcome) -> tuple[str | None, ...]:
    """Where the way out depends on the channel, the outcome is told once for each; the step's channels tell which."""
    return outcome.leads_out or (outcome.leads_to,)


def _term(term: Term) -> dict[str, Any]:
    if term.value is not None:
        return {"value": term.value, "unit": term.unit.value}
    return {"min": term.minimum, "max": term.maximum, "unit": term.unit.value}


def _channels(channels: tuple[Channel, ...]) -> list[str]:
    return [channel.value for channel in channels]


def _reason(reason: Explanation, total: TotalTerm) -> dict[str, Any]:
    return {
        "first": _moment(reason.first),
        "last": _moment(reason.last),
        "counted": reason.counted,
        "code": reason.code,
        "clause": total.clause,
        "text": {"kk": reason.text.kk, "ru": reason.text.ru} if reason.text else None,
    }


def _moment(moment: datetime) -> str:
    return moment.replace(tzinfo=None).isoformat(timespec="minutes")


def _find(items: Iterable[Any], wanted: str, what: str) -> Any:
    for item in items:
        if item.id == wanted:
            return item
    raise BadInput(f"{what}-unknown", field=what, wanted=wanted)
