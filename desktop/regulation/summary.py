"""What ``ruqsat regulations`` and ``ruqsat due`` print, as plain JSON values."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

from desktop.errors import BadInput
from desktop.regulation import marks
from desktop.regulation.days_off import FIRST_YEAR, LAST_YEAR
from desktop.regulation.deadlines import deadline
from desktop.regulation.model import (
    Channel,
    Operation,
    Outcome,
    Provision,
    Regulation,
    Service,
    Step,
    Term,
    Text,
)
from desktop.regulation.pauses import Pause
from desktop.regulation.proofs import target as way_out
from desktop.regulation.terms import Explanation, WorkingCalendar


def as_json(regulations: Iterable[Regulation]) -> list[dict[str, Any]]:
    """Return every regulation with its services, operations, steps, terms and outcomes.

    ``channels`` is written out in full, also where the file leaves it away to mean "all"; filtered by one channel,
    every outcome has one ``next``, None where the way ends. ``inferred`` marks what the act itself does not say.
    """
    return [
        {
            "id": regulation.id,
            "act_number": regulation.act_number,
            "act_date": regulation.act_date.isoformat() if regulation.act_date else None,
            "provisions": [
                {"kind": item.kind.value, "clause": item.clause, "text": _text(item.text)}
                for item in regulation.provisions
            ],
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
    pauses: Iterable[tuple[datetime, datetime]] = (),
) -> dict[str, Any]:
    """Return {"due", "hand_over_by", "why"}; moments as office time without zone, to the minute (or second).

    A naive moment is office time. Without ``channel`` the operation's first one is meant. Where the act gives no total
    term the terms of its steps are added up, and "of_steps" is there and true. ``pauses``: when the term stood still.
    BadInput "regulation-unknown", "service-unknown", "operation-unknown", "channel-not-offered", "total-term-none",
    "outside-the-calendar", "pause-wrong".
    """
    found = _find(regulations, regulation, "regulation")
    chosen = _find(_find(found.services, service, "service").operations, operation, "operation")
    way = chosen.channels[0].value if channel is None else channel
    if way not in {offered.value for offered in chosen.channels}:
        raise BadInput("channel-not-offered", field="channel", channel=way)
    still = tuple((_aware(first, calendar), _aware(last, calendar)) for first, last in pauses)
    for moment in (received, *(moment for pause in still for moment in pause)):
        if not FIRST_YEAR <= moment.year <= LAST_YEAR:
            raise BadInput("outside-the-calendar", field="received", first=FIRST_YEAR, last=LAST_YEAR)
    if any(last < first for first, last in still):
        raise BadInput("pause-wrong", field="pause")
    found_due = deadline(
        calendar,
        chosen,
        Channel(way),
        _aware(received, calendar),
        pauses=tuple(Pause(first, last) for first, last in still),
    )
    if found_due is None:
        raise BadInput("total-term-none", field="operation", operation=operation)
    return {
        "due": _moment(found_due.due_at),
        "hand_over_by": _moment(found_due.hand_over_by) if found_due.hand_over_by else None,
        "why": [_reason(reason, found_due.clause) for reason in found_due.reasons],
        **({"of_steps": True} if found_due.of_steps else {}),
    }


def _aware(moment: datetime, calendar: WorkingCalendar) -> datetime:
    return moment.replace(tzinfo=calendar.tz) if moment.tzinfo is None else moment


def _service(service: Service) -> dict[str, Any]:
    return {
        "id": service.id,
        "provisions": [_provision(item, service) for item in service.provisions],
        "operations": [_operation(operation) for operation in service.operations],
    }


def _provision(provision: Provision, service: Service) -> dict[str, Any]:
    """``operations`` and ``channels`` in full, as those of a step; ``steps``: where a case is told of it."""
    operations = [item for item in service.operations if item.id in provision.operations] or list(
        service.operations
    )
    channels = provision.channels or tuple(dict.fromkeys(one for item in operations for one in item.channels))
    return {
        "kind": provision.kind.value,
        "clause": provision.clause,
        "operations": [item.id for item in operations],
        "channels": _channels(channels),
        "steps": list(provision.where),
        "text": _text(provision.text),
    }


def _operation(operation: Operation) -> dict[str, Any]:
    told: dict[str, Any] = {
        "id": operation.id,
        "channels": _channels(operation.channels),
        "total_terms": [
            {
                **_term(total.term),
                "channels": _channels(total.channels or operation.channels),
                "clause": total.clause,
                "receipt_day_counts": total.receipt_day_counts,
                "hand_over_days_before": total.hand_over_days_before,
                **_inferred(total.clause, total.unverified),
            }
            for total in operation.total_terms
        ],
        "steps": [_step(step, operation) for step in operation.steps],
    }
    if operation.receipt_day_out is not None:
        told["receipt_day_out"] = {
            "channels": _channels(operation.receipt_day_out.channels),
            "clause": operation.receipt_day_out.clause,
        }
    if operation.custody is not None:
        told["custody"] = {
            "channels": _channels(operation.custody.channels),
            "keep_months": operation.custody.keep_months,
            "send_again": _term(operation.custody.send_again),
            "clause": operation.custody.clause,
        }
    return told


def _step(step: Step, operation: Operation) -> dict[str, Any]:
    return {
        "id": step.id,
        "act": step.act.value,
        "role": step.role.value,
        "channels": _channels(step.channels or operation.channels),
        "term": _term(step.term) if step.term else None,
        "clause": step.clause,
        **_inferred(step.clause),
        **({"other_law": True} if step.other_law else {}),
        "outcomes": [
            {
                "id": outcome.id,
                "next": target,
                "channels": _channels(channels),
                "clause": outcome.clause,
                **_inferred(outcome.clause),
            }
            for outcome in step.outcomes
            for target, channels in _targets(operation, step, outcome)
        ],
    }


def _targets(
    operation: Operation, step: Step, outcome: Outcome
) -> Iterator[tuple[str | None, tuple[Channel, ...]]]:
    """Where the way out depends on the channel the outcome is told once for each place it leads to."""
    found: dict[str | None, list[Channel]] = {}
    for channel in step.channels or operation.channels:
        ahead = way_out(operation, outcome, channel)
        found.setdefault(ahead.id if ahead else None, []).append(channel)
    yield from ((step_id, tuple(channels)) for step_id, channels in found.items())


def _inferred(clause: str, unverified: bool = False) -> dict[str, bool]:
    """Told of what the act does not say in so many words: marks [I] and [K], another law, a default."""
    return {"inferred": True} if unverified or marks.inferred(clause) else {}


def _term(term: Term) -> dict[str, Any]:
    if term.value is not None:
        return {"value": term.value, "unit": term.unit.value}
    return {"min": term.minimum, "max": term.maximum, "unit": term.unit.value}


def _channels(channels: tuple[Channel, ...]) -> list[str]:
    return [channel.value for channel in channels]


def _reason(reason: Explanation, clause: str) -> dict[str, Any]:
    return {
        "first": _moment(reason.first),
        "last": _moment(reason.last),
        "counted": reason.counted,
        "code": reason.code,
        "clause": reason.clause or clause,
        "text": _text(reason.text) if reason.text else None,
    }


def _text(text: Text) -> dict[str, str]:
    return {"kk": text.kk, "ru": text.ru}


def _moment(moment: datetime) -> str:
    plain = moment.replace(tzinfo=None)
    return plain.isoformat(timespec="seconds" if plain.second else "minutes")


def _find(items: Iterable[Any], wanted: str, what: str) -> Any:
    for item in items:
        if item.id == wanted:
            return item
    raise BadInput(f"{what}-unknown", field=what, wanted=wanted)
