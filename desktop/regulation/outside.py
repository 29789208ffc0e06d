"""What the law's map says of a condition that is not met: which refusal, in whose words, and where that leads."""

from dataclasses import dataclass

from desktop.regulation import engine
from desktop.regulation.model import Act, Channel, Effect, Operation, Outcome, Step


@dataclass(frozen=True, slots=True)
class Rejection:
    """The step of the map where the condition stands, and its outcome when the condition is not met."""

    step: Step
    outcome: Outcome


def rejection(operation: Operation, channel: Channel, act: Act) -> Rejection | None:
    """Return the first refusal with a heading that the act knows for ``act`` in the channel; None when it names none."""
    for step in engine.whole_route(operation, channel):
        if step.on_map and step.act is act:
            for outcome in step.outcomes:
                if outcome.effect is Effect.REJECT and outcome.heading is not None:
                    return Rejection(step, outcome)
    return None


def refusal(operation: Operation, channel: Channel, act: Act) -> Rejection | None:
    """Return the refusal of a package for a condition of ``act``.

    Where the act knows none of its own for that condition, what is wrong is a defect of the package itself: then the
    refusal of ``check_package`` is the one it names (001 item 11, condition 3).
    """
    return rejection(operation, channel, act) or rejection(operation, channel, Act.CHECK_PACKAGE)
