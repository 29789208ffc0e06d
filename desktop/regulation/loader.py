"""A regulation file (TOML) into :class:`Regulation`; a contradictory file is refused with the line at fault.

The format is told in ``resources/regulations/README.md``. Reading is here; the proofs that a route is
whole (targets, reachability, ends) are in :mod:`desktop.regulation.proofs`.
"""

import re
import tomllib
from collections.abc import Iterable
from dataclasses import replace
from functools import lru_cache
from hashlib import sha256

from desktop import resources
from desktop.regulation import listed, proofs, provisions
from desktop.regulation.model import (
    Act,
    Channel,
    DocumentKind,
    Effect,
    OfficeMove,
    OpenOfficeMove,
    Operation,
    OperationKind,
    Outcome,
    Regulation,
    Role,
    Service,
    ServiceKind,
    Step,
    SubType,
    Term,
    Text,
    TotalTerm,
)
from desktop.regulation.reading import END, BrokenRegulation, Table
from desktop.regulation.toml_lines import Lines

__all__ = ["BrokenRegulation", "load_text", "shipped"]

_AT_LINE = re.compile(r"at line (\d+)")


def shipped() -> tuple[tuple[str, str], ...]:
    """Return (file name, text) of every regulation the program ships, by name."""
    folder = resources.path("regulations")
    return tuple((file.name, file.read_text("utf-8")) for file in sorted(folder.glob("*.toml")))


def load_text(text: str, *, name: str) -> Regulation:
    """Return the regulation; ``name`` is the file's name for messages. Raises BrokenRegulation.

    A text is read once in a program's life, whoever asks: it is frozen, and the shipped ones take a third of a second.
    """
    try:
        return _read(text)
    except BrokenRegulation as fault:
        raise BrokenRegulation(file=name, line=fault.line, reason=fault.reason, what=fault.what) from None


@lru_cache(maxsize=64)
def _read(text: str) -> Regulation:
    name = ""  # whoever asks has a name of his own for it
    try:
        values = tomllib.loads(text)
    except tomllib.TOMLDecodeError as fault:
        raise BrokenRegulation(
            file=name, line=_line_of(fault, text), reason="toml-syntax", what=str(fault)
        ) from None
    except RecursionError:
        raise BrokenRegulation(file=name, line=1, reason="toml-syntax", what="nested too deep") from None
    root = Table(values, (), file=name, lines=Lines(text))
    regulation = Regulation(
        id=root.name(),
        version=root.word("version"),
        act_number=root.word("act_number", ""),
        act_date=root.day_if_any("act_date"),
        title=root.legal("title"),
        in_force_from=root.day_if_any("in_force_from"),
        in_force_to=root.day_if_any("in_force_to"),
        repealed_by=root.legal_if_any("repealed_by"),
        services=_services(root),
        sha256=sha256(text.encode()).hexdigest(),
        warnings=tuple(_warning(table) for table in root.tables("warning")),
        unverified=root.flag("unverified", False),
        provisions=provisions.read(root.tables("provision"), of_service=False),
    )
    first, last = regulation.in_force_from, regulation.in_force_to
    if first and last and last < first:
        raise root.broken("days-reversed", "in_force_to")
    root.close()
    return regulation


def _line_of(fault: tomllib.TOMLDecodeError, text: str) -> int:
    found = _AT_LINE.search(str(fault))
    return int(found.group(1)) if found else max(1, len(text.splitlines()))


def _warning(table: Table) -> Text:
    text = table.legal("text")
    table.close()
    return text


def _services(root: Table) -> tuple[Service, ...]:
    tables = root.tables("service", least=1)
    services = tuple(_service(table) for table in tables)
    proofs.prove_unique(tables, [service.id for service in services])
    if not services:
        raise root.broken("missing-key", "service")
    return services


def _service(table: Table) -> Service:
    sub_tables = table.tables("sub_type")
    sub_types = tuple(_sub_type(item) for item in sub_tables)
    proofs.prove_unique(sub_tables, [sub_type.id for sub_type in sub_types])
    operation_tables = table.tables("operation", least=1)
    operations = tuple(_operation(item) for item in operation_tables)
    proofs.prove_unique(operation_tables, [operation.id for operation in operations])
    if not operations:
        raise table.broken("missing-key", "operation")
    provision_tables = table.tables("provision")
    kind = ServiceKind(table.one_of_if_any("kind", ServiceKind) or ServiceKind.LICENCE)
    worded = table.legal if kind is ServiceKind.LICENCE else table.legal_if_any
    service = Service(
        id=table.name(),
        title=table.legal("title"),
        licence_activity=worded("licence_activity"),
        licence_conditions=worded("licence_conditions"),
        licence_note=table.legal_if_any("licence_note"),
        sub_types=sub_types,
        operations=operations,
        kind=kind,
        provisions=provisions.read(provision_tables, of_service=True),
    )
    proofs.prove_operations_of(operation_tables, service)
    provisions.prove(provision_tables, service)
    table.close()
    return service


def _sub_type(table: Table) -> SubType:
    sub_type = SubType(table.name(), table.legal("title"), table.flag("unverified", False))
    table.close()
    return sub_type


def _operation(table: Table) -> Operation:
    step_tables = table.tables("step", least=1)
    move_tables = table.tables("office_move")
    note_tables = table.tables("note")
    total_tables = table.tables("total_term")
    paper_tables = table.tables("paper")
    requirement_tables = table.tables("requirement")
    ground_tables = table.tables("refusal_ground")
    field_tables = table.tables("field")
    outcome_tables = [step_table.tables("outcome", least=1) for step_table in step_tables]
    operation = Operation(
        id=table.name(),
        title=table.legal("title"),
        channels=table.some_of("channels", Channel),
        total_terms=tuple(_total_term(item) for item in total_tables),
        steps=_landed(_step(item, below) for item, below in zip(step_tables, outcome_tables, strict=True)),
        office_moves=tuple(_office_move(item) for item in move_tables),
        papers=tuple(listed.paper(item) for item in paper_tables),
        requirements=tuple(listed.requirement(item) for item in requirement_tables),
        refusal_grounds=tuple(listed.ground(item) for item in ground_tables),
        fee=listed.fee(table.table("fee")) if table.has("fee") else None,
        notes=tuple(listed.note(item) for item in note_tables),
        kind=table.one_of_if_any("kind", OperationKind) or OperationKind.ISSUE,
        fields=tuple(listed.field(item) for item in field_tables),
        custody=listed.custody(table.table("custody")) if table.has("custody") else None,
        receipt_day_out=listed.receipt_day_out(table.table("receipt_day_out"))
        if table.has("receipt_day_out")
        else None,
    )
    proofs.prove_unique(field_tables, [item.id for item in operation.fields])
    proofs.prove_unique(paper_tables, [paper.id for paper in operation.papers])
    proofs.prove_unique(requirement_tables, [item.id for item in operation.requirements])
    proofs.prove_unique(ground_tables, [ground.id for ground in operation.refusal_grounds])
    proofs.prove_moves(move_tables, operation.office_moves)
    proofs.prove_route(
        proofs.Written(table, step_tables, outcome_tables, move_tables, note_tables, total_tables), operation
    )
    table.close()
    return operation


def _landed(steps: Iterable[Step]) -> tuple[Step, ...]:
    """Where an office's step leads out to the map, its case goes where the map comes back in, or ends."""
    found = tuple(steps)
    known = {step.id: step for step in found}
    return tuple(
        step
        if step.on_map
        else replace(
            step,
            outcomes=tuple(
                replace(outcome, next=next(iter(proofs.landings(known, outcome)), None))
                for outcome in step.outcomes
            ),
        )
        for step in found
    )


def _step(table: Table, outcome_tables: list[Table]) -> Step:
    if not outcome_tables:
        raise table.broken("missing-key", "outcome")
    outcomes = tuple(_outcome(item) for item in outcome_tables)
    proofs.prove_unique(outcome_tables, [outcome.id for outcome in outcomes])
    step = Step(
        id=table.name(),
        title=table.legal("title"),
        act=table.one_of("act", Act),
        role=table.one_of("role", Role),
        clause=table.word("clause"),
        outcomes=outcomes,
        term=_step_term(table),
        channels=table.some_of("channels", Channel, []),
        recorded_by=table.one_of_if_any("recorded_by", Role),
        role_title=table.legal_if_any("role_title"),
        addressee=table.legal_if_any("addressee"),
        pauses_total=table.flag("pauses_total", False),
        other_law=table.flag("other_law", False),
    )
    table.close()
    proofs.prove_step(table, outcome_tables, step)
    return step


def _outcome(table: Table) -> Outcome:
    several = table.holds_list("next")
    leads_out = table.words("next") if several else ()
    target = END if several else table.word("next")
    leads_to = None if target == END else target
    outcome = Outcome(
        id=table.name(),
        title=table.legal("title"),
        effect=table.one_of("effect", Effect),
        next=leads_to,
        produces=table.one_of_if_any("produces", DocumentKind),
        needs_answer=table.some_of("needs_answer", Effect, []),
        clause=table.word("clause", ""),
        leads_to=leads_to,
        heading=table.legal_if_any("heading"),
        body=table.legal_if_any("body"),
        leads_out=leads_out,
    )
    table.close()
    return outcome


def _step_term(table: Table) -> Term | None:
    """A step says its term, or says in so many words that the act gives none (``no_term = true``)."""
    without = table.flag("no_term", False)
    if without == table.has("term"):
        raise table.broken("term-missing" if not without else "term-twice", "" if not without else "no_term")
    return None if without else listed.term(table.table("term"))


def _total_term(table: Table) -> TotalTerm:
    total = TotalTerm(
        term=listed.term(table.table("term")),
        channels=table.some_of("channels", Channel, []),
        clause=table.word("clause"),
        receipt_day_counts=table.flag("receipt_day_counts", False),
        hand_over_days_before=table.number("hand_over_days_before", 0),
        unverified=table.flag("unverified", False),
    )
    table.close()
    return total


def _office_move(table: Table) -> OpenOfficeMove:
    move = OpenOfficeMove(
        move=table.one_of("move", OfficeMove),
        roles=table.some_of("roles", Role),
        steps=table.words("steps"),
        next=table.word("next") if table.has("next") else None,
        clause=table.word("clause", "[I]"),
        next_of=_next_of(table.table("next_of")) if table.has("next_of") else (),
    )
    table.close()
    return move


def _next_of(table: Table) -> tuple[tuple[DocumentKind, str], ...]:
    """Return where drafts of some kinds go back to."""
    return tuple((kind, table.word(kind.value)) for kind in table.names(DocumentKind))
