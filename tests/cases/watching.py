"""Watches what commands really write: the columns their statements name, and the values that came out different."""

import re
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import event, inspect

from desktop.models import Base
from desktop.store.database import Store
from tests.cases.world import World, world

_INSERT = re.compile(r"INSERT INTO (\w+) \((.*?)\) VALUES")
_CONFLICT = re.compile(r"DO UPDATE SET (.*?)(?: RETURNING|$)")
_UPDATE = re.compile(r"UPDATE (\w+) SET (.*?) WHERE")
_DELETE = re.compile(r"DELETE FROM (\w+)")
_SEAL = frozenset(
    {"journal_image", "journal_link", "journal_head"}
)  # no command's: SQLite's seal is the program's
_SET = re.compile(r'(?:^|, )"?(\w+)"? ?=')


@dataclass(slots=True)
class Written:
    """Of one kind of command, by table: columns named by INSERT and by UPDATE, columns changed, rows taken away."""

    inserted: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    named: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    changed: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    deleted: set[str] = field(default_factory=set)
    told: set[str] = field(default_factory=set)  # events of the journal

    def add(self, other: "Written") -> None:
        for mine, others in (
            (self.inserted, other.inserted),
            (self.named, other.named),
            (self.changed, other.changed),
        ):
            for table, columns in others.items():
                mine[table] |= columns
        self.deleted |= other.deleted
        self.told |= other.told


@contextmanager
def watched(store: Store, found: dict[str, Written]) -> Iterator[None]:
    """Add what the one command run in the block writes to ``found``, under its kind."""
    statements: list[tuple[str, Any]] = []

    def note(
        _connection: Any, _cursor: Any, statement: str, parameters: Any, _context: Any, _many: bool
    ) -> None:
        statements.append((" ".join(statement.split()), parameters))

    before = world(store)
    event.listen(store.engine, "before_cursor_execute", note)
    try:
        yield
    finally:
        event.remove(store.engine, "before_cursor_execute", note)
    known = {row[0] for row in before["command"]}
    told = {row[0] for row in before["journal_entry"]}
    kinds = {str(row[1]) for row in world(store)["command"] if row[0] not in known}
    assert len(kinds) == 1, kinds
    written = Written()
    for statement, _parameters in statements:
        _read(statement, written)
    after = world(store)
    _compare(before, after, written)
    event_place = [column.name for column in Base.metadata.tables["journal_entry"].columns].index("event")
    written.told |= {str(row[event_place]) for row in after["journal_entry"] if row[0] not in told}
    found.setdefault(kinds.pop(), Written()).add(written)


def _read(statement: str, written: Written) -> None:
    table = next(
        (told[1] for pattern in (_INSERT, _UPDATE, _DELETE) if (told := pattern.match(statement))), ""
    )
    if table in _SEAL:
        return
    if told := _INSERT.match(statement):
        written.inserted[told[1]].update(name.strip(' "') for name in told[2].split(","))
        if again := _CONFLICT.search(statement):
            written.named[told[1]].update(_SET.findall(again[1]))
    elif told := _UPDATE.match(statement):
        written.named[told[1]].update(_SET.findall(told[2]))
    elif told := _DELETE.match(statement):
        written.deleted.add(told[1])


def _compare(before: World, after: World, written: Written) -> None:
    """Rows are matched by their primary key."""
    for table in Base.metadata.sorted_tables:
        if table.name in _SEAL:
            continue
        columns = [column.name for column in table.columns]
        key = [columns.index(column.name) for column in inspect(table).primary_key.columns]
        old = {tuple(row[place] for place in key): row for row in before[table.name]}
        for row in after[table.name]:
            was = old.get(tuple(row[place] for place in key))
            if was is None:  # what was written into a row of the same command cannot be seen from outside
                written.changed[table.name].update(written.named.get(table.name, ()))
            else:
                written.changed[table.name].update(
                    name for name, one, two in zip(columns, was, row, strict=True) if one != two
                )
