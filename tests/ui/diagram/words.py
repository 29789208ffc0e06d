"""Words and widths of letters for drawing without Qt."""

from datetime import datetime

from desktop.queries.way_rows import Passage
from desktop.regulation.model import DocumentKind, Role, Step, Text, TotalTerm


class PlainWording:
    def __init__(self, language: str = "ru") -> None:
        self.language = language

    def text(self, text: Text) -> str:
        return text.in_language(self.language)

    def role(self, role: Role) -> str:
        return role.value

    def meta(self, step: Step) -> str:
        term = step.term
        return f"{term.value or term.maximum} {term.unit} · {step.clause}" if term else step.clause

    def recorded(self, role: Role) -> str:
        return f"by {role.value}"

    def paper(self, kind: DocumentKind) -> str:
        return kind.value

    def returned(self, clause: str) -> str:
        return f"return {clause}"

    def pauses(self) -> str:
        return "pauses"

    def passed(self, passage: Passage) -> str:
        return f"{self.text(passage.by)} {passage.at:%d.%m.%Y}"

    def here(self, due_at: datetime | None) -> str:
        return "here"

    def total(self, total: TotalTerm | None) -> str:
        return f"{total.term.value} {total.term.unit}" if total else ""


class SquareLetters:
    """Every letter is as wide as any other, a little wider than real ones are."""

    def __init__(self) -> None:
        self.sizes = {"small": 12, "body": 14, "heading": 16}

    def width(self, text: str, size: str, strong: bool) -> float:
        return len(text) * self.sizes[size] * (0.62 if strong else 0.58)

    def height(self, size: str) -> float:
        return self.sizes[size] * 1.4
