"""When a term stood still: the stays of a case at steps that pause its total term (``pauses_total``).

Nothing is stored for it. The journal says at which step each thing happened and when, so that the stays follow from
it; it is sealed, and no second record could come to differ from it. Pauses that overlap or touch are one.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from desktop.regulation.model import Operation, Text


@dataclass(frozen=True, slots=True)
class Pause:
    """From ``first`` to ``last``, both aware. ``text``: at which step, for whoever asks why."""

    first: datetime
    last: datetime
    text: Text | None = None
    clause: str = ""

    def __post_init__(self) -> None:
        if self.first.tzinfo is None or self.last.tzinfo is None:
            raise ValueError("a moment needs a time zone")
        if self.last < self.first:
            raise ValueError("a pause cannot end before it begins")


@dataclass(frozen=True, slots=True)
class Stay:
    """A case at one step. ``left`` is None while it is there."""

    step: str
    entered: datetime
    left: datetime | None


def merged(pauses: Iterable[Pause], *, since: datetime | None = None) -> tuple[Pause, ...]:
    """Return the pauses in order, those that overlap or touch as one; what lies before ``since`` is cut off.

    One of several steps keeps the name and the item only where they are the same.
    """
    found: list[Pause] = []
    for pause in sorted(pauses, key=lambda item: (item.first.astimezone(UTC), item.last.astimezone(UTC))):
        first = pause.first if since is None else max(pause.first, since)
        if first >= pause.last:
            continue
        if not found or first > found[-1].last:
            found.append(Pause(first, pause.last, pause.text, pause.clause))
            continue
        before = found[-1]
        found[-1] = Pause(
            before.first,
            max(before.last, pause.last),
            before.text if before.text == pause.text else None,
            before.clause if before.clause == pause.clause else "",
        )
    return tuple(found)


def stays(entries: Sequence[tuple[str, datetime]], here: str | None) -> tuple[Stay, ...]:
    """Return where a case stood and when, from the journal: (the step it happened at, the moment), in order.

    A case leaves a step by the last thing that happens there. ``here`` is its step now, None when it is closed.
    The step it was taken in at is none: its clock began before.
    """
    found: list[Stay] = []
    entered: datetime | None = None
    at, last = "", None
    for step, moment in entries:
        if last is not None and step != at:
            if entered is not None:
                found.append(Stay(at, entered, last))
            entered = last
        at, last = step, moment
    if last is None:
        return ()
    if at == (here or ""):
        if entered is not None and here is not None:
            found.append(Stay(at, entered, None))
        return tuple(found)
    if entered is not None:
        found.append(Stay(at, entered, last))
    if here is not None:
        found.append(Stay(here, last, None))
    return tuple(found)


def pauses(operation: Operation, stood: Iterable[Stay], now: datetime) -> tuple[Pause, ...]:
    """Return the stays that pause the total term; one that is not over lasts until ``now``."""
    steps = {step.id: step for step in operation.steps if step.pauses_total}
    return merged(
        Pause(
            stay.entered, stay.left or max(now, stay.entered), steps[stay.step].title, steps[stay.step].clause
        )
        for stay in stood
        if stay.step in steps
    )
