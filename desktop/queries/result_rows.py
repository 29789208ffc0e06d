"""Rows of what became of results: where they are kept, and what applicants think of it all."""

from dataclasses import dataclass
from datetime import datetime

from desktop.regulation.model import Channel, DocumentKind, Text


@dataclass(frozen=True, slots=True)
class CustodyRow:
    """A result that was sent to a centre. ``state``: at_centre | handed_out | stored | asked | sent_again."""

    custody_id: int
    case_id: int
    case_number: str
    holder: Text
    kind: DocumentKind
    number: str
    channel: Channel
    sent_at: datetime
    kept_until: datetime
    state: str
    handed_at: datetime | None
    receiver: str
    returned_at: datetime | None
    requested_at: datetime | None
    send_again_by: datetime | None

    @property
    def due_at(self) -> datetime | None:
        """By when something has to be done with it; None when nothing has."""
        return {"at_centre": self.kept_until, "asked": self.send_again_by}.get(self.state)


@dataclass(frozen=True, slots=True)
class SurveyRow:
    """How often each answer to one question was given, for one service. ``counts`` in the order of the form."""

    service: Text
    question: Text
    counts: tuple[int, ...]

    @property
    def total(self) -> int:
        return sum(self.counts)
