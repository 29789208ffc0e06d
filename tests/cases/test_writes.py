"""The table of writes against what the commands really write: nothing missing, nothing too much."""

import shutil
from collections.abc import Iterator

import pytest

from desktop.cases import office
from desktop.regulation.rights import RIGHTS, Command
from desktop.regulation.writes import ACTS, EVENTS, MOVES, WRITES
from desktop.store.database import Store
from tests import story
from tests.cases.commands import COMMANDS
from tests.cases.odd_ways import Hand, use_everything, use_other_operations, walk_every_way
from tests.cases.office_commands import OFFICE_COMMANDS, shipped_pack
from tests.cases.watching import Written, watched
from tests.office import WORKSTATION
from tests.regulation.many_packs import many_pack
from tests.regulation.odd_packs import odd_pack

_READS = {Command.READ_CASES, Command.EXPORT, Command.READ_JOURNAL, Command.ADMINISTER, Command.FOUND}
_PROOF = "blob_proof"  # stands for a content that was there already, in the place of the content itself


@pytest.fixture
def fresh(_office_file, tmp_path, clock) -> Iterator:
    """Return a maker of offices as the template left them."""
    made: list[Store] = []

    def make() -> Store:
        path = shutil.copy(_office_file, tmp_path / f"{len(made)}.sqlite")
        made.append(Store(f"sqlite:///{path}", clock=clock, workstation=WORKSTATION, exclusive=False))
        return made[-1]

    yield make
    for store in made:
        store.dispose()


def test_commands_write_what_the_table_says(fresh, people, clock):
    found: dict[str, Written] = {}
    tell = story.teller(fresh(), people, clock)
    for used in COMMANDS.values():
        case_id = tell(used.at)
        with watched(tell.store, found):
            used.run(tell, used.actor(people), tell.seen(case_id))
    use_everything(Hand(tell, found))
    for done in OFFICE_COMMANDS.values():
        own = story.teller(fresh(), people, clock)
        done.before(own)
        with watched(own.store, found):
            done.run(own)
        own.store.dispose()
    for filed in (True, False):
        tell = story.teller(fresh(), people, clock)
        walk_every_way(Hand(tell, found, hours=98), _load(tell, filed=filed), filed=filed)
    tell = story.teller(fresh(), people, clock)
    use_other_operations(Hand(tell, found), _load_many(tell))

    assert set(found) == set(WRITES)
    differences = [line for kind, written in found.items() for line in _differences(kind, written)]
    assert not differences, "\n".join(differences)


def _load(tell: story.Teller, *, filed: bool) -> str:
    text = odd_pack(shipped_pack(), filed=filed)
    return office.load_regulation(tell.store, tell.people.administrator, text=text, name="odd.toml")


def _load_many(tell: story.Teller) -> str:
    text = many_pack(shipped_pack())
    return office.load_regulation(tell.store, tell.people.administrator, text=text, name="many.toml")


def _differences(kind: str, written: Written) -> Iterator[str]:
    said = WRITES[Command(kind)]
    found = (written.inserted, written.named, written.changed)
    touched = {table for columns in found for table, names in columns.items() if names} | written.deleted
    yield from (f"{kind} writes {table}" for table in touched - set(said))
    for table, write in said.items():
        inserted, named, changed = (set(columns.get(table, ())) for columns in found)
        if table == _PROOF and not inserted and "blob" in written.inserted:
            continue
        for what, really, wanted in (
            ("adds", inserted, write.inserts),
            ("changes", changed, write.updates),
            ("names", named | write.named(), write.named()),
            ("deletes", table in written.deleted, write.deletes),
        ):
            if really != wanted:
                yield f"{kind} {what} {table}: {really}, not {wanted}"
    yield from (f"{kind} tells {event}" for event in written.told - set(EVENTS[Command(kind)]))


@pytest.mark.parametrize("filed", [True, False])
def test_regulations_nobody_ships_are_carried_by_the_guards_of_the_database(
    postgres_store, people, clock, filed
):
    tell = story.teller(postgres_store, people, clock)
    walk_every_way(Hand(tell, None, hours=98), _load(tell, filed=filed), filed=filed)


def test_the_office_is_run_under_everybodys_own_rights(postgres_store, people, clock):
    """On one office, in an order in which each still has his login and password."""
    tell = story.teller(postgres_store, people, clock)
    use_everything(Hand(tell, None))
    tell("licence")
    done_before: set[object] = set()
    last = (
        "set_active, no",
        "set_active, yes",
        "change_own_password",
        "set_password",
        "set_office",
        "load_regulation",
    )
    for name in (*(name for name in OFFICE_COMMANDS if name not in last and "wrong" not in name), *last):
        done = OFFICE_COMMANDS[name]
        if done.before not in done_before:
            done.before(tell)
        done.run(tell)
        done_before |= {done.before, done.run}


def test_every_command_that_writes_has_its_writes():
    assert set(WRITES) == set(Command) - _READS
    assert set(RIGHTS) == set(Command)
    assert not set(ACTS) & set(MOVES)
