"""What is odd in a regulation that can be used: the loader refuses what is broken, this warns of the rest.

Every state has a legal way out, every path ends in a paper, every clock stops, somebody in the office may do every
step, the terms add up, every text is in its own language. What the file itself declares (by a note's ``declares``, by
``no_term``, by ``unverified``) is told, and is no warning.
"""

import tomllib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from desktop.regulation import lint_texts, lint_ways
from desktop.regulation.lint_ways import Odd
from desktop.regulation.loader import BrokenRegulation, load_text
from desktop.regulation.model import (
    Act,
    Channel,
    DocumentKind,
    Effect,
    Operation,
    Regulation,
    Role,
    Step,
    Text,
)
from desktop.regulation.oddities import Oddity
from desktop.regulation.rights import RIGHTS, Command
from desktop.regulation.toml_lines import Lines, Path
from desktop.regulation.writes import ACTS

__all__ = ["BrokenRegulation", "Finding", "Report", "check", "check_text"]

_TOLD_BY_ITSELF = frozenset({Oddity.NO_TERM, Oddity.UNVERIFIED})
_DOERS: dict[Act, frozenset[Role]] = {
    act: frozenset().union(*(RIGHTS[command] for command, does in ACTS.items() if does is act))
    for act in set(ACTS.values())
}


@dataclass(frozen=True, slots=True)
class Finding:
    """``code`` has a sentence ``law-<code>`` made with ``facts``; ids of the parts it concerns, "" for none.

    ``declared``: the file itself says it; ``by`` is the note that tells the reader, if it is a note.
    """

    code: Oddity
    line: int
    service: str = ""
    operation: str = ""
    step: str = ""
    channel: Channel | None = None
    facts: Mapping[str, object] = field(default_factory=dict)
    declared: bool = False
    by: Text | None = None

    @property
    def place(self) -> str:
        """Where it is, in the file's own ids."""
        channel = self.channel.value if self.channel else ""
        return " / ".join(part for part in (self.service, self.operation, channel, self.step) if part)


@dataclass(frozen=True, slots=True)
class Report:
    regulation: Regulation
    findings: tuple[Finding, ...]  # in the order of the file
    unverified: int

    @property
    def clean(self) -> bool:
        """True when there is nothing the file does not declare itself."""
        return all(finding.declared for finding in self.findings)


def check_text(text: str, *, name: str) -> Report:
    """Return what is odd in the file; BrokenRegulation when it cannot be used at all."""
    regulation = load_text(text, name=name)
    return check(regulation, text)


def check(regulation: Regulation, text: str) -> Report:
    """Return what is odd in a regulation read from ``text``."""
    written = _Written(tomllib.loads(text), Lines(text))
    found = [*_of_act(regulation, written), *_of_texts(written)]
    for number, service in enumerate(regulation.services):
        for index, operation in enumerate(service.operations):
            path: Path = ("service", number, "operation", index)
            place = _Place(written, path, service.id, operation)
            found += [place.finding(odd) for odd in _of_operation(operation)]
    unverified = sum(1 for _ in written.unverified())
    if unverified:
        found.append(
            Finding(Oddity.UNVERIFIED, next(written.unverified()), facts={"count": unverified}, declared=True)
        )
    return Report(regulation, tuple(sorted(found, key=lambda one: one.line)), unverified)


@dataclass(frozen=True, slots=True)
class _Written:
    values: dict[str, Any]
    lines: Lines

    def walk(self, path: Path = (), value: Any = None) -> Iterator[tuple[Path, dict[str, Any]]]:
        """Give every table with its path."""
        here = self.values if not path else value
        if isinstance(here, dict):
            yield path, here
            for key, below in here.items():
                yield from self.walk((*path, key), below)
        elif isinstance(here, list):
            for index, below in enumerate(here):
                yield from self.walk((*path, index), below)

    def unverified(self) -> Iterator[int]:
        """Give the line of every part marked as not checked."""
        return (self.lines.of(path) for path, table in self.walk() if table.get("unverified") is True)

    def ids(self, path: Path) -> dict[str, str]:
        """Return the ids of service, operation and step around ``path``."""
        found: dict[str, str] = {}
        here: Any = self.values
        for at, key in enumerate(path):
            here = here[key]
            around = path[at - 1] if at else ""
            if isinstance(here, dict) and around in {"service", "operation", "step"} and isinstance(key, int):
                found[str(around)] = here.get("id", "")
        return found


@dataclass(frozen=True, slots=True)
class _Place:
    """An operation in its file: turns what is odd in it into a finding with its line and its note."""

    written: _Written
    path: Path
    service: str
    operation: Operation

    def finding(self, odd: Odd) -> Finding:
        notes = (
            note
            for note in self.operation.notes
            if odd.code in note.declares
            and (odd.channel is None or not note.channels or odd.channel in note.channels)
        )
        by = next((note.text for note in notes if not note.where or note.where in odd.about), None)
        return Finding(
            odd.code,
            self.written.lines.of(self._path_of(odd)),
            self.service,
            self.operation.id,
            odd.step,
            odd.channel,
            odd.facts,
            declared=by is not None or odd.code in _TOLD_BY_ITSELF,
            by=by,
        )

    def _path_of(self, odd: Odd) -> Path:
        for number, step in enumerate(self.operation.steps):
            if step.id == odd.step:
                path: Path = (*self.path, "step", number)
                for index, outcome in enumerate(step.outcomes):
                    if outcome.id == odd.outcome:
                        return (*path, "outcome", index)
                return path
        return (*self.path, *odd.part)


def _of_act(regulation: Regulation, written: _Written) -> Iterator[Finding]:
    if (regulation.repealed_by is None) != (regulation.in_force_to is None):
        key = "repealed_by" if regulation.repealed_by else "in_force_to"
        yield Finding(Oddity.REPEAL_HALF_TOLD, written.lines.of((key,)))


def _of_texts(written: _Written) -> Iterator[Finding]:
    for path, table in written.walk():
        if set(table) != {"kk", "ru"}:
            continue
        for code, facts in lint_texts.odd(table["kk"], table["ru"]):
            around = written.ids(path)
            yield Finding(
                code,
                written.lines.of((*path, "kk" if facts.get("language") != "ru" else "ru")),
                around.get("service", ""),
                around.get("operation", ""),
                around.get("step", ""),
                facts=facts,
            )


def _of_operation(operation: Operation) -> Iterator[Odd]:
    for check_one in _CHECKS:
        yield from check_one(operation)


def _roles(operation: Operation) -> Iterator[Odd]:
    """Somebody in the office may do the step, by the table of rights."""
    for step in operation.steps:
        doers = _DOERS.get(step.act)
        if doers is not None and step.performer not in doers:
            yield Odd(Oddity.ROLE_CANNOT_ACT, step=step.id, facts={"role": step.performer.value})
    for index, move in enumerate(operation.office_moves):
        for role in move.roles:
            if role not in RIGHTS[Command(move.move.value)]:
                yield Odd(
                    Oddity.ROLE_CANNOT_ACT,
                    part=("office_move", index),
                    about=frozenset(move.steps),
                    facts={"role": role.value},
                )


def _clocks(operation: Operation) -> Iterator[Odd]:
    """Every step says how long it may last, and no step can keep a case, or stop its clock, for ever."""
    for step in operation.steps:
        if step.on_map:
            continue
        if step.term is None:
            yield Odd(Oddity.NO_TERM, step=step.id)
        if step.pauses_total and step.term is None:
            yield Odd(Oddity.PAUSE_WITHOUT_TERM, step=step.id)
        if step.act is Act.ASK and Effect.NO_ANSWER not in {outcome.effect for outcome in step.outcomes}:
            yield Odd(Oddity.SILENCE, step=step.id)


def _grounds(operation: Operation) -> Iterator[Odd]:
    """A refusal must be able to say why; completeness needs something to be complete."""
    for step in operation.steps:
        if _refuses(step) and not operation.requirements and not operation.refusal_grounds:
            yield Odd(Oddity.REFUSAL_WITHOUT_GROUND, step=step.id)
        if step.act is Act.CHECK and not operation.papers:
            yield Odd(Oddity.CHECK_WITHOUT_PAPERS, step=step.id)


def _refuses(step: Step) -> bool:
    return any(outcome.produces is DocumentKind.REFUSAL for outcome in step.outcomes)


_CHECKS: tuple[Callable[[Operation], Iterator[Odd]], ...] = (
    lint_ways.totals,
    _clocks,
    _roles,
    lint_ways.papers,
    lint_ways.signatures,
    _grounds,
)
