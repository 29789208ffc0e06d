"""Every way a case can go through an operation, generated from the data: nothing here knows what a step is called."""

from collections.abc import Iterator

from desktop.regulation import engine
from desktop.regulation.model import Act, Channel, Effect, Operation, Step

Way = tuple[tuple[str, str], ...]
"""Steps and the outcomes taken at them, from where the case stands when it is registered."""


def ways(operation: Operation, channel: Channel) -> Iterator[Way]:
    """Yield every way from registration to an end; a way goes by one outcome of a step once at most."""
    first = engine.first_step(operation, channel)
    if first.act is Act.ACCEPT and first.outcomes[0].next:
        first = operation.step(first.outcomes[0].next)
    yield from _from(operation, first, (), None)


def _from(operation: Operation, step: Step, way: Way, answer: Effect | None) -> Iterator[Way]:
    for outcome in step.outcomes:
        taken = (step.id, outcome.id)
        if taken in way or (outcome.needs_answer and answer not in outcome.needs_answer):
            continue
        if outcome.next is None:
            yield (*way, taken)
            continue
        onward = operation.step(outcome.next)
        known = None if onward.act is Act.ASK else answer
        yield from _from(operation, onward, (*way, taken), outcome.effect if step.act is Act.ASK else known)
