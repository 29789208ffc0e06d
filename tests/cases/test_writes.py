"""The table of writes against what the commands really write."""

import pytest
from argon2 import PasswordHasher

from desktop.cases import signing_in
from desktop.regulation.rights import RIGHTS, Command
from desktop.regulation.writes import ACTS, MOVES, WRITES
from tests.cases.commands import COMMANDS
from tests.cases.office_commands import OFFICE_COMMANDS
from tests.cases.watching import Written, watched

_READS = {Command.READ_CASES, Command.EXPORT, Command.READ_JOURNAL, Command.ADMINISTER, Command.FOUND}


@pytest.fixture(autouse=True)
def _quick_hash(monkeypatch):
    monkeypatch.setattr(signing_in, "_hasher", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))


def _within(found: dict[str, Written]) -> None:
    for kind, written in found.items():
        table_of = WRITES[Command(kind)]
        for table, columns in written.inserted.items():
            assert columns == table_of[table].inserts, (kind, table)
        for table, columns in written.named.items():
            assert columns <= table_of[table].named(), (kind, table, columns - table_of[table].named())
        for table, columns in written.changed.items():
            assert columns <= (table_of[table].updates if table in table_of else set()), (kind, table)
        assert written.deleted <= {name for name, item in table_of.items() if item.deletes}, kind


@pytest.mark.parametrize("used", COMMANDS.values(), ids=COMMANDS.keys())
def test_a_command_on_a_case_writes_what_the_table_says(store, case_at, people, used):
    case_id = case_at(used.at)
    found: dict[str, Written] = {}
    with watched(store, found):
        used.run(case_at, used.actor(people), case_at.seen(case_id))
    _within(found)


@pytest.mark.parametrize("done", OFFICE_COMMANDS.values(), ids=OFFICE_COMMANDS.keys())
def test_a_command_of_the_office_writes_what_the_table_says(store, case_at, done):
    done.before(case_at)
    found: dict[str, Written] = {}
    with watched(store, found):
        done.run(case_at)
    assert set(found) == {done.kind.value}
    _within(found)


def test_every_command_that_writes_has_its_writes():
    assert set(WRITES) == set(Command) - _READS
    assert set(RIGHTS) == set(Command)
    assert not set(ACTS) & set(MOVES)
