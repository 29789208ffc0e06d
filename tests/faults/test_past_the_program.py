"""Rows 29 to 34: what the server's superuser can do, and what a restored copy does to a journal.

Each is found twice: by the program's own proof (``ruqsat journal verify``) and by the checker, which shares no line
with it; both name the same place.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import psycopg
import pytest

from desktop.store import backup, proving, witness
from desktop.store.database import Store
from tests import seats, story
from tests.faults import offices, proof
from tests.faults.crew import Crew, lines, registrations
from tests.faults.day import Day
from tests.faults.history import History


def _plain(url: str) -> str:
    return url.replace("postgresql+psycopg://", "postgresql://")


@pytest.fixture
def worked(postgres_url, people, clock, history, plain_begin) -> Any:
    """A recorded day: a licence, a second case on its way; and what one workstation remembers of the journal."""
    plain_begin(postgres_url)
    store = offices.workstation(postgres_url, clock, "WS-01")
    day = Day(history, story.teller(store, people, clock), worker="WS-01")
    first = day.register("Орал қ., Абай даңғ., 1").result.case_id
    assert [outcome.type for outcome in day.carry(first)] == ["ok"] * 6
    second = day.register("Орал қ., Абай даңғ., 2").result.case_id
    assert day.use("assign", second).type == "ok"
    seen = witness.now(store)
    history.witness("WS-01", seen.position, seen.hash)
    yield day, [seen]
    store.dispose()


def _past(url: str, *statements: str) -> None:
    """As the superuser, with every trigger off."""
    with psycopg.connect(_plain(url)) as connection:
        connection.execute("SET session_replication_role = replica")
        for statement in statements:
            assert connection.execute(statement).rowcount > 0, statement


_CUT = (
    "DELETE FROM journal_image WHERE id >= (SELECT min(first_image) FROM journal_link WHERE position >"
    " (SELECT max(position) - 2 FROM journal_link))",
    "DELETE FROM journal_link WHERE position > (SELECT max(position) - 2 FROM journal_link)",
    "UPDATE journal_head SET (position, hash) = (SELECT position, hash FROM journal_link ORDER BY position DESC LIMIT 1)",
)
USUAL = {  # the others in the whole lane; the program's own proof is tried on all of them in tests/store
    "the tail is cut and the head put right",
    "a row is edited while triggers are off",
    "a byte of the signed paper is changed",
}
ATTACKS = [
    # what is done, what the checker calls it, what the program's proof calls it
    ("an image is edited", ["UPDATE journal_image SET content = replace(content, 'Абай', 'Абаи')"
     " WHERE id = (SELECT min(id) FROM journal_image WHERE content LIKE '%%Абай%%')"], "I5 link", "L1"),
    ("who did it is edited", ["UPDATE journal_link SET login = 'nobody' WHERE position = 12"], "I5 link 12", "L1"),
    ("an entry is edited", ["UPDATE journal_entry SET actor = 'auditor' WHERE event = 'signed'"], "I6 journal_entry", "L2"),
    ("an entry is deleted", ["DELETE FROM journal_entry WHERE event = 'signed'"], "I6 journal_entry", "L2"),
    ("links change places", ["UPDATE journal_link SET position = -1 WHERE position = 11",
     "UPDATE journal_link SET position = 11 WHERE position = 12",
     "UPDATE journal_link SET position = 12 WHERE position = -1"], "I5 link 11", "L1"),
    ("the tail is cut and the head put right", list(_CUT), "I8 WS-01", "L6"),
    ("a row is edited while triggers are off", ["UPDATE licence SET holder_kk = 'Басқа ЖШС'"], "I6 licence", "L2"),
    ("a row is put in while triggers are off", ["INSERT INTO person_role VALUES (2, 'head')"], "I6 person_role", "L2"),
    ("a byte of the signed paper is changed", ["UPDATE blob_chunk SET content = overlay(content placing 'X'::bytea from 40)"
     " WHERE sha256 = (SELECT signed_sha256 FROM case_document WHERE kind = 'licence')"], "I7 content", "L3"),
    ("the signed paper is another, under its own hash", [
     "UPDATE case_document SET signed_sha256 = (SELECT unsigned_sha256 FROM case_document WHERE kind = 'receipt' LIMIT 1)"
     " WHERE kind = 'licence'"], "I4 paper", "L2"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("done", "checked", "level"),
    [
        pytest.param(*attack[1:], id=attack[0], marks=() if attack[0] in USUAL else pytest.mark.whole_lane)
        for attack in ATTACKS
    ],
)
def test_what_a_superuser_does_is_found(
    postgres_url, worked: tuple[Day, list[Any]], history, done, checked, level
):
    _day, remembered = worked
    _past(postgres_url, *done)
    found = proof.faults(history, postgres_url)
    assert any(fault.startswith(checked) for fault in found), found
    store = Store(postgres_url, exclusive=False)
    told = proving.prove(store, deep=True, seen_before=remembered)
    store.dispose()
    assert level in {finding.level for finding in told.findings}, told.findings


@pytest.fixture
def restored(bare_postgres_url: str, clock) -> Callable[[Path], str]:
    """``restored(copy)``: the address of the office made anew from a copy, with the tests' clock in it."""

    def make(copy: Path) -> str:
        backup.restore(copy, bare_postgres_url)
        seats.install(bare_postgres_url, "")
        return bare_postgres_url

    return make


def test_an_old_copy_restored_is_told_with_what_it_lost(
    postgres_url, worked: tuple[Day, list[Any]], history, restored, tmp_path
):
    """Row 32: work, copy, work on, restore: the workstation remembers more than there is, and says how much."""
    day, _seen = worked
    backup.backup(_plain(postgres_url), tmp_path / "copy.backup")
    lost = [day.register(f"Орал қ., Мұхит көш., {turn}").type for turn in range(3)]
    assert lost == ["ok"] * 3
    seen = witness.now(day.tell.store)
    history.witness("WS-02", seen.position, seen.hash)
    url = restored(tmp_path / "copy.backup")
    found = proof.faults(history, url)
    assert [fault.split()[0] for fault in found if "acknowledged, and is not there" in fault] == ["I1"] * 3
    assert [fault for fault in found if fault.startswith("I8")] != []
    store = Store(url, exclusive=False)
    (told,) = [one for one in proving.prove(store, seen_before=[seen]).findings if one.level == "L6"]
    store.dispose()
    assert told.code in {"witness-lost", "witness-differs"}
    assert proof.faults(history, postgres_url) == []


def test_a_copy_made_under_load_is_of_one_moment(
    postgres_url, people, clock, history, plain_begin, restored, tmp_path, whole, record_property
):
    """Row 34: everybody works while the copy is made; the restored office holds by itself, the working one by its history."""
    plain_begin(postgres_url)
    crew = Crew(postgres_url, history, people, clock)
    with crew.at_work(12 if whole else 5, registrations(12 if whole else 4)):
        crew.until(lambda: lines(history, "ok") > 6)
        backup.backup(_plain(postgres_url), tmp_path / "copy.backup")
        during = lines(history, "ok")
    assert proof.faults(history, postgres_url) == []
    url = restored(tmp_path / "copy.backup")
    alone = History(tmp_path / "restored.jsonl")
    store = offices.workstation(url, clock, "WS-01")
    alone.begin(store)
    day = Day(alone, story.teller(store, people, clock))
    assert day.register("Орал қ., Сырым Датов көш., 1").type == "ok"  # and work goes on
    store.dispose()
    assert proof.faults(alone, url) == []
    record_property(
        "told", f"copied while {during} commands of {crew.acknowledged} were being done; the copy holds"
    )
