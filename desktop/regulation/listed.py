"""What a regulation file lists beside its steps: terms, papers, requirements, grounds, fees, fields, custody, notes."""

from desktop.regulation import proofs
from desktop.regulation.model import (
    Channel,
    Choice,
    Custody,
    Fee,
    Field,
    FieldKind,
    Note,
    Paper,
    ReceiptDayOut,
    RefusalGround,
    Requirement,
    Term,
    Unit,
)
from desktop.regulation.oddities import Oddity
from desktop.regulation.reading import Table


def term(table: Table) -> Term:
    unit = table.one_of("unit", Unit)
    if table.has("value"):
        days = unit in {Unit.WORKING_DAY, Unit.CALENDAR_DAY}
        made = Term(unit, value=table.number("value", least=1) if days else table.amount("value", least=1))
    else:
        lower, upper = table.number("min", least=0), table.number("max", least=1)
        if lower > upper:
            raise table.broken("term-reversed", "max")
        made = Term(unit, minimum=lower, maximum=upper)
    table.close()
    return made


def paper(table: Table) -> Paper:
    made = Paper(
        id=table.name(),
        title=table.legal("title"),
        clause=table.word("clause"),
        required=table.flag("required", True),
        expires=table.flag("expires", False),
        unverified=table.flag("unverified", False),
    )
    table.close()
    return made


def requirement(table: Table) -> Requirement:
    made = Requirement(
        id=table.name(),
        title=table.legal("title"),
        unmet=table.legal("unmet"),
        clause=table.word("clause"),
        unverified=table.flag("unverified", False),
    )
    table.close()
    return made


def ground(table: Table) -> RefusalGround:
    made = RefusalGround(
        id=table.name(),
        title=table.legal("title"),
        clause=table.word("clause"),
        unverified=table.flag("unverified", False),
    )
    table.close()
    return made


def fee(table: Table) -> Fee:
    made = Fee(
        rate=table.decimal("rate"),
        clause=table.word("clause"),
        cap=table.decimal("cap") if table.has("cap") else None,
        kbk=table.word("kbk", ""),
        knp=table.word("knp", ""),
        share=table.decimal("share") if table.has("share") else "1",
        unverified=table.flag("unverified", False),
    )
    table.close()
    return made


def field(table: Table) -> Field:
    choice_tables = table.tables("choice")
    choices = tuple(_choice(item) for item in choice_tables)
    proofs.prove_unique(choice_tables, [choice.id for choice in choices])
    made = Field(
        id=table.name(),
        title=table.legal("title"),
        kind=table.one_of("kind", FieldKind),
        clause=table.word("clause"),
        required=table.flag("required", True),
        choices=choices,
        unverified=table.flag("unverified", False),
        site=table.flag("site", False),
    )
    if (made.kind is FieldKind.CHOICE) != bool(choices):
        raise table.broken("choices-missing" if not choices else "choices-of-nothing", "kind")
    table.close()
    return made


def _choice(table: Table) -> Choice:
    choice = Choice(id=table.name(), title=table.legal("title"))
    table.close()
    return choice


def custody(table: Table) -> Custody:
    made = Custody(
        channels=table.some_of("channels", Channel),
        keep_months=table.number("keep_months", least=1),
        send_again=term(table.table("send_again")),
        clause=table.word("clause"),
    )
    table.close()
    return made


def receipt_day_out(table: Table) -> ReceiptDayOut:
    made = ReceiptDayOut(channels=table.some_of("channels", Channel), clause=table.word("clause"))
    table.close()
    return made


def note(table: Table) -> Note:
    made = Note(
        text=table.legal("text"),
        where=table.word("where", ""),
        declares=table.some_of("declares", Oddity, []),
        channels=table.some_of("channels", Channel, []),
    )
    table.close()
    return made
