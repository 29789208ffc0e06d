"""The way a case has taken through its act, as rows."""

from dataclasses import dataclass
from datetime import datetime

from desktop.regulation.model import Channel, Regulation, Text


@dataclass(frozen=True, slots=True)
class Passage:
    """A step a case has passed: by which outcome, when and by whom."""

    step: str
    outcome: str
    at: datetime
    by: Text


@dataclass(frozen=True, slots=True)
class Trace:
    """The way a case has taken; what a return for rework undid is no part of it. ``here``: None when it is closed."""

    here: str | None
    passed: tuple[Passage, ...]
    due_at: datetime | None = None  # of the step where it is

    def last(self, step_id: str) -> Passage | None:
        return next((one for one in reversed(self.passed) if one.step == step_id), None)

    def took(self, step_id: str, outcome_id: str) -> bool:
        return any((one.step, one.outcome) == (step_id, outcome_id) for one in self.passed)


@dataclass(frozen=True, slots=True)
class CaseWay:
    """A case's law, whole, and its own way through it."""

    number: str
    regulation: Regulation
    service: str
    operation: str
    channel: Channel
    trace: Trace
