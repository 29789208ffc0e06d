"""The drawing's words in the reader's language, and the sentence a screen reader says of a step."""

import re
from datetime import datetime

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication

from desktop.queries.case_route import term_code
from desktop.queries.way_rows import Passage
from desktop.regulation.model import (
    Channel,
    DocumentKind,
    Operation,
    Regulation,
    Role,
    Service,
    Step,
    Term,
    Text,
)
from desktop.regulation.model import TotalTerm as Total
from desktop.ui import words
from desktop.ui.diagram.shapes import NodeBox, Shapes
from desktop.ui.diagram.wording import Heading

_ITEM = QT_TRANSLATE_NOOP("Diagram", "item {clause}")
_NUMBER = re.compile(r"\d+(\(\d+\))?(?![\w-])")
_HERE = QT_TRANSLATE_NOOP("Diagram", "the case is here")
_HERE_UNTIL = QT_TRANSLATE_NOOP("Diagram", "the case is here, due {moment}")
_RECORDED = QT_TRANSLATE_NOOP("Diagram", "recorded by: {role}")
_PAUSES = QT_TRANSLATE_NOOP("Diagram", "the whole term stands still")
_RETURN = QT_TRANSLATE_NOOP("Diagram", "return for rework")
_TOTAL = QT_TRANSLATE_NOOP("Diagram", "Term of the whole: {term}, {item}")
_NO_TOTAL = QT_TRANSLATE_NOOP("Diagram", "The act gives no term of the whole")
_NO_TERM = QT_TRANSLATE_NOOP("Diagram", "no term")
_HAND_OVER = QT_TRANSLATE_NOOP("Diagram", "the result at the channel %n working day(s) before")
_ACT = QT_TRANSLATE_NOOP("Diagram", "No {number} of {day}")
_LEADS = QT_TRANSLATE_NOOP("Diagram", "{outcome}: to “{step}”")
_ENDS = QT_TRANSLATE_NOOP("Diagram", "{outcome}: the end")
_OUTSIDE = QT_TRANSLATE_NOOP("Diagram", "done outside the office")
_STATES = {
    "done": QT_TRANSLATE_NOOP("Diagram", "passed: {passed}"),
    "here": "{passed}",
    "ahead": QT_TRANSLATE_NOOP("Diagram", "ahead"),
}


def _say(source: str, count: int = -1) -> str:
    return QCoreApplication.translate("Diagram", source, "", count)


class SpokenWording:
    """What the drawing says, in the language of the windows."""

    def __init__(self, language) -> None:
        self._language = language

    def text(self, text: Text) -> str:
        return self._language.text(text)

    def role(self, role: Role) -> str:
        return words.role_name(role)

    def term(self, term: Term | None) -> str:
        return words.term_words(term_code(term)) if term is not None else _say(_NO_TERM)

    def item(self, clause: str) -> str:
        """Return "item 7(1)", "item 11(2), 1-процесс"; what begins with no item ("3-кесте, 5", "[I]") stands as it is."""
        number = _NUMBER.match(clause)
        return _say(_ITEM).format(clause=number[0]) + clause[number.end() :] if number else clause

    def meta(self, step: Step) -> str:
        """Return "15 minutes · item 7(1)"; what is done outside without a term has none to be missed."""
        term = "" if step.on_map and step.term is None else self.term(step.term)
        return " · ".join(part for part in (term, self.item(step.clause)) if part)

    def recorded(self, role: Role) -> str:
        return _say(_RECORDED).format(role=self.role(role))

    def paper(self, kind: DocumentKind) -> str:
        return words.kind_name(kind)

    def returned(self, clause: str) -> str:
        return f"{_say(_RETURN)} · {self.item(clause)}"

    def pauses(self) -> str:
        return _say(_PAUSES)

    def passed(self, passage: Passage) -> str:
        return f"{self.text(passage.by)}, {self._language.format_short_moment(passage.at)}"

    def here(self, due_at: datetime | None) -> str:
        if due_at is None:
            return _say(_HERE)
        return _say(_HERE_UNTIL).format(moment=self._language.format_short_moment(due_at))

    def total(self, total: Total | None) -> str:
        if total is None:
            return _say(_NO_TOTAL)
        told = _say(_TOTAL).format(term=self.term(total.term), item=self.item(total.clause))
        if total.hand_over_days_before:
            told += "; " + _say(_HAND_OVER, total.hand_over_days_before)
        return told

    def act(self, regulation: Regulation) -> str:
        """Return "No 139 of 07.06.2018"; "" where the text at hand bears no number."""
        if not regulation.act_number:
            return ""
        day = self._language.format_short(regulation.act_date)
        return _say(_ACT).format(number=regulation.act_number, day=day)

    def heading(
        self, regulation: Regulation, service: Service, operation: Operation, channel: Channel, case: str = ""
    ) -> Heading:
        """Return what stands above the drawing; ``case``: the number of the case it follows."""
        title = self.text(service.title)
        return Heading(
            f"{case} · {title}" if case else title,
            (
                f"{self.text(operation.title)} · {words.channel_name(channel)}",
                ", ".join(part for part in (self.text(regulation.title), self.act(regulation)) if part),
            ),
            self._language.text(regulation.repealed_by),
        )

    # a step, told

    def told(self, node: NodeBox, shapes: Shapes) -> str:
        """Return everything about a step: title, who, term and item, its outcomes, what the case did, the notes."""
        step = node.step
        role = self.text(step.role_title) if step.role_title is not None else self.role(step.role)
        if step.recorded_by is not None:
            role = f"{role} ({self.role(step.recorded_by)})"
        lines = [self.text(step.title), role, self.meta(step)]
        if node.on_map:
            lines.append(_say(_OUTSIDE))
        if step.pauses_total:
            lines.append(self.pauses())
        if node.state:
            lines.append(_say(_STATES[node.state]).replace("{passed}", " ".join(node.passed)))
        for label in node.labels:
            title = next((self.text(way.title) for way in step.outcomes if way.id == label.id), _say(_RETURN))
            if label.target is None:
                lines.append(_say(_ENDS).format(outcome=title))
            else:
                target = self.text(shapes.node(label.target).step.title)
                lines.append(_say(_LEADS).format(outcome=title, step=target))
        lines += [self.text(shapes.notes[number - 1][0].text) for number in node.notes]
        return "\n".join(lines)
