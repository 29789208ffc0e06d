"""The law in the reader's words: terms, fees, steps, what the linter found, what differs between two acts."""

from decimal import Decimal

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication

from desktop.queries.regulations import RegulationRow
from desktop.regulation.comparing import Kind, Pair
from desktop.regulation.linting import Finding
from desktop.regulation.model import (
    Custody,
    Fee,
    Operation,
    Paper,
    Provision,
    ProvisionKind,
    Regulation,
    Role,
    Step,
    TotalTerm,
)
from desktop.ui import words
from desktop.ui.diagram.spoken import SpokenWording
from desktop.ui.messages import say
from desktop.ui.sentences import sentences

KINDS: dict[Kind, str] = {
    Kind.TOTAL: QT_TRANSLATE_NOOP("Law", "Term of the whole"),
    Kind.FEE: QT_TRANSLATE_NOOP("Law", "Fee"),
    Kind.STEP: QT_TRANSLATE_NOOP("Law", "Steps"),
    Kind.PAPER: QT_TRANSLATE_NOOP("Law", "Papers"),
    Kind.REQUIREMENT: QT_TRANSLATE_NOOP("Law", "Requirements"),
    Kind.GROUND: QT_TRANSLATE_NOOP("Law", "Grounds for refusal"),
}
_PROVISIONS: dict[ProvisionKind, str] = {
    ProvisionKind.REGISTRATION: QT_TRANSLATE_NOOP("Law", "registration of the act"),
    ProvisionKind.BASIS: QT_TRANSLATE_NOOP("Law", "what it rests on"),
    ProvisionKind.FORCE: QT_TRANSLATE_NOOP("Law", "publication and force"),
    ProvisionKind.DEFINITION: QT_TRANSLATE_NOOP("Law", "definitions"),
    ProvisionKind.INTAKE: QT_TRANSLATE_NOOP("Law", "who gives the service and where"),
    ProvisionKind.APPLICATION: QT_TRANSLATE_NOOP("Law", "what is handed in"),
    ProvisionKind.PAYMENT: QT_TRANSLATE_NOOP("Law", "how the fee is paid"),
    ProvisionKind.PARTICIPANTS: QT_TRANSLATE_NOOP("Law", "who takes part"),
    ProvisionKind.SCREEN: QT_TRANSLATE_NOOP("Law", "screen forms"),
    ProvisionKind.COMPLETION: QT_TRANSLATE_NOOP("Law", "what the action ends with"),
    ProvisionKind.WAITING: QT_TRANSLATE_NOOP("Law", "waiting limit"),
    ProvisionKind.RESULT: QT_TRANSLATE_NOOP("Law", "the result"),
    ProvisionKind.OUTPUT_FORM: QT_TRANSLATE_NOOP("Law", "form of the result"),
    ProvisionKind.REQUIREMENT: QT_TRANSLATE_NOOP("Law", "requirement to the process"),
    ProvisionKind.CONDITION: QT_TRANSLATE_NOOP("Law", "technical condition"),
    ProvisionKind.DIAGRAM: QT_TRANSLATE_NOOP("Law", "tables and diagrams"),
    ProvisionKind.SURVEY: QT_TRANSLATE_NOOP("Law", "survey of quality"),
    ProvisionKind.INFORMATION: QT_TRANSLATE_NOOP("Law", "where to ask and read"),
    ProvisionKind.APPEAL: QT_TRANSLATE_NOOP("Law", "appeal"),
}
_DIFFERS: dict[str, str] = {
    "term": QT_TRANSLATE_NOOP("Law", "the term"),
    "role": QT_TRANSLATE_NOOP("Law", "who acts"),
    "outcomes": QT_TRANSLATE_NOOP("Law", "the ways out"),
    "paper": QT_TRANSLATE_NOOP("Law", "the paper"),
    "receipt": QT_TRANSLATE_NOOP("Law", "whether the day of receipt counts"),
    "hand-over": QT_TRANSLATE_NOOP("Law", "when the result is at the channel"),
    "amount": QT_TRANSLATE_NOOP("Law", "the amount"),
    "required": QT_TRANSLATE_NOOP("Law", "whether it must be there"),
    "expires": QT_TRANSLATE_NOOP("Law", "whether it may expire"),
}
_FEE = QT_TRANSLATE_NOOP("Law", "{rate} monthly indices")
_SHARE = QT_TRANSLATE_NOOP("Law", "{share} % of {rate} monthly indices")
_CAP = QT_TRANSLATE_NOOP("Law", "at most {cap}")
_DAY_COUNTS = QT_TRANSLATE_NOOP("Law", "the day of receipt counts")
_DAY_COUNTS_NOT = QT_TRANSLATE_NOOP("Law", "the day of receipt does not count")
_CUSTODY = QT_TRANSLATE_NOOP("Law", "A result nobody fetches is kept %n month(s)")
_AGAIN = QT_TRANSLATE_NOOP("Law", "sent again within {term}")
_OPTIONAL = QT_TRANSLATE_NOOP("Law", "not always needed")
_EXPIRES = QT_TRANSLATE_NOOP("Law", "may expire")
_UNVERIFIED = QT_TRANSLATE_NOOP("Law", "to be checked against the source")
_LINE = QT_TRANSLATE_NOOP("Law", "line {line}")


def _say(source: str, count: int = -1) -> str:
    return QCoreApplication.translate("Law", source, "", count)


def number(spelled: str) -> str:
    """Return "4" for "4.0", "2,5" for "2.5"."""
    return f"{Decimal(spelled).normalize():f}".replace(".", ",")


class LawWords:
    """Says parts of an act in the language of the windows."""

    def __init__(self, language) -> None:
        self._language = language
        self.spoken = SpokenWording(language)

    def joined(self, *parts: str) -> str:
        return " · ".join(part for part in parts if part)

    def act(self, regulation: Regulation) -> str:
        return self.spoken.act(regulation) or regulation.id

    def short(self, row: RegulationRow) -> str:
        """Return "№ 139 · 2018-1", as lists of acts name one."""
        number = f"№ {row.act_number}" if row.act_number else row.regulation
        return self.joined(number, row.version)

    def kind(self, kind: Kind) -> str:
        return _say(KINDS[kind])

    def unverified(self, *, unverified: bool) -> str:
        return _say(_UNVERIFIED) if unverified else ""

    def total(self, total: TotalTerm | None) -> str:
        if total is None:
            return self.spoken.total(None)
        day = _say(_DAY_COUNTS if total.receipt_day_counts else _DAY_COUNTS_NOT)
        return self.joined(self.spoken.total(total), day, self.unverified(unverified=total.unverified))

    def fee(self, fee: Fee) -> str:
        """Return "10 monthly indices", "10 % of 10 monthly indices, at most 4" with the item."""
        if Decimal(fee.share) == 1:
            told = _say(_FEE).format(rate=number(fee.rate))
        else:
            share = number(str(Decimal(fee.share) * 100))
            told = _say(_SHARE).format(share=share, rate=number(fee.rate))
        if fee.cap is not None:
            told += ", " + _say(_CAP).format(cap=number(fee.cap))
        return self.joined(told, self.spoken.item(fee.clause), self.unverified(unverified=fee.unverified))

    def custody(self, custody: Custody) -> str:
        again = _say(_AGAIN).format(term=self.spoken.term(custody.send_again))
        told = f"{_say(_CUSTODY, custody.keep_months)}, {again}"
        return self.joined(told, self.spoken.item(custody.clause))

    def who(self, step: Step) -> str:
        """Return the actor by the act's own title, and who records it where that is another."""
        told = (
            self.spoken.text(step.role_title) if step.role_title is not None else words.role_name(step.role)
        )
        return f"{told} ({words.role_name(step.recorded_by)})" if step.recorded_by is not None else told

    def ways(self, step: Step) -> list[str]:
        """Return the ways out of a step, with the paper each gives."""
        return [
            self.joined(
                self.spoken.text(outcome.title),
                words.kind_name(outcome.produces) if outcome.produces is not None else "",
            )
            for outcome in step.outcomes
        ]

    def paper(self, paper: Paper) -> str:
        return self.joined(
            self.spoken.text(paper.title),
            "" if paper.required else _say(_OPTIONAL),
            _say(_EXPIRES) if paper.expires else "",
        )

    def provision(self, provision: Provision) -> str:
        """Return the item and what it speaks of."""
        return self.joined(self.spoken.item(provision.clause), _say(_PROVISIONS[provision.kind]))

    # comparing

    def side(self, kind: Kind, part) -> str:
        """Return one side of a pair, a line for each thing; "" where there is nothing."""
        if part is None:
            return ""
        match kind:
            case Kind.TOTAL:
                return self.total(part)
            case Kind.FEE:
                return self.fee(part)
            case Kind.STEP:
                title = self.spoken.text(part.title)
                meta = self.spoken.meta(part)
                return "\n".join((title, self.who(part), meta, *(f"→ {way}" for way in self.ways(part))))
            case Kind.PAPER:
                return self.joined(self.paper(part), self.spoken.item(part.clause))
            case _:
                return self.joined(self.spoken.text(part.title), self.spoken.item(part.clause))

    def differs(self, pair: Pair) -> str:
        """Return what differs, in words; "" for nothing, or for what one side lacks."""
        return ", ".join(_say(_DIFFERS[name]) for name in pair.differs)

    # what the linter found

    def finding(self, finding: Finding) -> str:
        """Return what was found and, where the file does not say it itself, what to do."""
        facts = dict(finding.facts)
        if "role" in facts:
            facts["role"] = words.role_name(Role(str(facts["role"])))
        code = f"law-{finding.code.value}"
        told = say(code, facts, self._language)
        if finding.declared or f"{code}-advice" not in sentences():
            return told
        return f"{told} {say(f'{code}-advice', {}, self._language)}"

    def place(self, finding: Finding, regulation: Regulation | None) -> str:
        """Return where it is, by the titles the act gives, and the line of the file."""
        line = _say(_LINE).format(line=finding.line)
        if regulation is None or not finding.service:
            return line
        service = regulation.service(finding.service)
        parts = [self.spoken.text(service.title)]
        if finding.operation:
            operation: Operation = service.operation(finding.operation)
            parts.append(self.spoken.text(operation.title))
            if finding.channel is not None:
                parts.append(words.channel_name(finding.channel))
            if finding.step:
                parts.append(self.spoken.text(operation.step(finding.step).title))
        return self.joined(*parts, line)
