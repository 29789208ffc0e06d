"""A regulation's moves as plain rows, so that a database can refuse a move the law does not know.

Steps, their outcomes, the office's own moves and where each channel begins; nothing else of the text. The rows of a
text follow from it alone: they are written when it is kept, never changed, and compared with it by whoever doubts.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass

from desktop.regulation import engine
from desktop.regulation.model import Act, Operation, Regulation, Service, Step

Row = dict[str, str | bool | None]


@dataclass(frozen=True, slots=True)
class LawRows:
    """Rows by table; the names of the columns are those of ``desktop.models.law``."""

    law_start: tuple[Row, ...]
    law_step: tuple[Row, ...]
    law_move: tuple[Row, ...]
    law_office_move: tuple[Row, ...]

    def tables(self) -> Iterator[tuple[str, tuple[Row, ...]]]:
        yield "law_start", self.law_start
        yield "law_step", self.law_step
        yield "law_move", self.law_move
        yield "law_office_move", self.law_office_move


def law_rows(regulation: Regulation) -> LawRows:
    """Return the rows of every operation of ``regulation``."""
    pairs = [(service, operation) for service in regulation.services for operation in service.operations]
    return LawRows(
        law_start=tuple(row for pair in pairs for row in _starts(regulation, *pair)),
        law_step=tuple(row for pair in pairs for row in _steps(regulation, *pair)),
        law_move=tuple(row for pair in pairs for row in _moves(regulation, *pair)),
        law_office_move=tuple(row for pair in pairs for row in _office_moves(regulation, *pair)),
    )


def _key(regulation: Regulation, service: Service, operation: Operation) -> Row:
    return {
        "regulation_sha256": regulation.sha256,
        "service": service.id,
        "operation": operation.id,
    }


def _starts(regulation: Regulation, service: Service, operation: Operation) -> Iterator[Row]:
    """``first`` takes the application in, ``step`` is where the case stands once it is registered."""
    for channel in operation.channels:
        first = engine.first_step(operation, channel)
        step = first.outcomes[0].next or first.id if first.act is Act.ACCEPT else first.id
        yield {
            **_key(regulation, service, operation),
            "channel": channel.value,
            "kind": operation.kind.value,
            "first": first.id,
            "step": step,
        }


def office_steps(operation: Operation) -> tuple[Step, ...]:
    """Return the steps a case of the office can stand at."""
    return tuple(step for step in operation.steps if not step.on_map)


def _steps(regulation: Regulation, service: Service, operation: Operation) -> Iterator[Row]:
    for step in office_steps(operation):
        yield {
            **_key(regulation, service, operation),
            "step": step.id,
            "act": step.act.value,
            "performer": step.performer.value,
            "pauses_total": step.pauses_total,
        }


def _moves(regulation: Regulation, service: Service, operation: Operation) -> Iterator[Row]:
    """``next`` is None where the case ends; ``needs_answer``: effects of answers, one space between them, or none.

    ``signed_later``: what the outcome draws passes a signature before anybody examines the case anew.
    """
    for step in office_steps(operation):
        for outcome in step.outcomes:
            yield {
                **_key(regulation, service, operation),
                "step": step.id,
                "outcome": outcome.id,
                "effect": outcome.effect.value,
                "next": outcome.next,
                "produces": outcome.produces.value if outcome.produces else None,
                "needs_answer": " ".join(effect.value for effect in outcome.needs_answer),
                "signed_later": engine.leads_to_signature(operation, outcome),
            }


def _office_moves(regulation: Regulation, service: Service, operation: Operation) -> Iterator[Row]:
    """``next_of``: JSON of the steps to which drafts of some kinds go back instead, {} for none."""
    for move in operation.office_moves:
        for step in dict.fromkeys(move.steps):
            for role in dict.fromkeys(move.roles):
                yield {
                    **_key(regulation, service, operation),
                    "move": move.move.value,
                    "step": step,
                    "role": role.value,
                    "next": move.next,
                    "next_of": json.dumps({kind.value: target for kind, target in move.next_of}),
                }
