"""What the drawing says, piece by piece; made by the windows in the reader's language, and by hand in tests."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from desktop.queries.way_rows import Passage
from desktop.regulation.model import DocumentKind, Role, Step, Text, TotalTerm


class Wording(Protocol):
    """The words around the act's own texts."""

    def text(self, text: Text) -> str: ...

    def role(self, role: Role) -> str: ...

    def meta(self, step: Step) -> str: ...  # "15 minutes · item 7(1)"

    def recorded(self, role: Role) -> str: ...  # who in the office records what is done outside it

    def paper(self, kind: DocumentKind) -> str: ...

    def returned(self, clause: str) -> str: ...  # of a return for rework

    def pauses(self) -> str: ...  # the total term stands still

    def passed(self, passage: Passage) -> str: ...  # who and when

    def here(self, due_at: datetime | None) -> str: ...

    def total(self, total: TotalTerm | None) -> str: ...


@dataclass(frozen=True, slots=True)
class Heading:
    """Above the drawing: what it is of."""

    title: str
    lines: tuple[str, ...] = ()
    warning: str = ""  # the act is repealed
