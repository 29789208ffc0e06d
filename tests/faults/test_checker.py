"""The checker finds what it is there to find: over seventy lies told to a real history and its database."""

import json
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from desktop.models import JournalLink
from desktop.store.database import Store
from desktop.ui import signing_flow
from tests import office, story
from tests.clock import Clock
from tests.faults import checker
from tests.faults.conftest import PIN
from tests.faults.day import Day, with_key
from tests.faults.history import History
from tests.faults.zygote import ROOT
from tests.office import trust_demo

ANOTHER_HASH = "CASE substr(hash, 1, 1) WHEN '0' THEN '1' ELSE '0' END || substr(hash, 2)"
Lines = list[dict[str, Any]]
Lie = Callable[[sqlite3.Connection, Lines], object]


@pytest.fixture(scope="module")
def told(_office_file, authority, head_key, tmp_path_factory) -> tuple[Path, Path]:
    """A history and its database: a licence with a real signature, a withdrawal, a correction, a lost race."""
    folder = tmp_path_factory.mktemp("told")
    database, clock, people = folder / "office.sqlite", Clock(), office.people()
    shutil.copy(_office_file, database)
    head_key.write_pkcs12(folder / "head.p12", PIN)
    store = Store(f"sqlite:///{database}", clock=clock, workstation=office.WORKSTATION, exclusive=False)
    trust_demo(store, authority.root_pem)
    history = History(folder / "history.jsonl")
    history.begin(store, signatures="pades")
    key = signing_flow.Key(signing_flow.FILE, path=str(folder / "head.p12"))
    day = Day(history, story.teller(store, people, clock), sign=with_key(key, PIN))
    first, second, third = (day.register(f"Орал қ., Абай даңғ., {turn}").result.case_id for turn in (1, 2, 3))
    assert [outcome.type for outcome in day.carry(first)] == ["ok"] * 6
    assert day.use("assign", second).type == "ok"
    assert day.use("attach_files", second).type == "ok"
    assert day.use("correct", second).type == "ok"
    stale = day.tell.version(third)
    assert day.use("withdraw", third).type == "ok"
    assert day.use("withdraw", third, seen_version=stale).type == "fail"
    history.stall(40)
    with store.reading() as session:
        for link in session.scalars(select(JournalLink).where(JournalLink.position.in_([2, 9]))):
            history.witness("WS-1", link.position, link.hash)
    store.dispose()
    return history.path, database


def _checked(told: tuple[Path, Path], folder: Path, lie: Lie | None = None) -> list[str]:
    """Return what the checker says of a copy to which ``lie`` was told."""
    database, history = folder / "office.sqlite", folder / "history.jsonl"
    shutil.copy(told[1], database)
    lines = [json.loads(line) for line in told[0].read_text(encoding="utf-8").splitlines()]
    with closing(sqlite3.connect(database, isolation_level=None)) as connection:
        for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            connection.execute(f'DROP TRIGGER "{name}"')  # who lies well begins with the guards
        if lie is not None:
            lie(connection, lines)
    history.write_text("\n".join(json.dumps(line) for line in lines) + "\n", encoding="utf-8")
    return checker.check(history, f"sqlite:///{database}")


def test_nothing_is_found_where_nothing_is_wrong(told, tmp_path):
    assert _checked(told, tmp_path) == []


def _sql(statement: str) -> Lie:
    def lie(connection: sqlite3.Connection, _lines: Lines) -> None:
        assert connection.execute(statement).rowcount > 0, statement

    return lie


def _line(change: Callable[[dict[str, Any]], object], **wanted: Any) -> Lie:
    """Change the first line that has all of ``wanted``."""

    def lie(_connection: sqlite3.Connection, lines: Lines) -> None:
        change(next(line for line in lines if wanted.items() <= line.items()))

    return lie


def _added(**facts: Any) -> Lie:
    return lambda _connection, lines: lines.append({"t": 0, "pid": 1, **facts})


def _shown_otherwise(said: str, **wanted: Any) -> Lie:
    """What was shown of the first such command was something else."""

    def lie(_connection: sqlite3.Connection, lines: Lines) -> None:
        name = next(line["id"] for line in lines if wanted.items() <= line.items())
        next(line for line in lines if line["type"] == "shown" and line["id"] == name)["said"] = said

    return lie


def _forgotten(_connection: sqlite3.Connection, lines: Lines) -> None:
    """A command of which the history knows nothing: somebody wrote past the program."""
    name = next(line["id"] for line in lines if line.get("kind") == "correct")
    lines[:] = [line for line in lines if line.get("id") != name]


def _acknowledged_before_it_was_known(_connection: sqlite3.Connection, lines: Lines) -> None:
    place = next(number for number, line in enumerate(lines) if line["type"] == "ok")
    lines[place]["type"] = "info"


def _byte_of(column: str) -> Lie:
    """One byte of the signed licence's content is another."""

    def lie(connection: sqlite3.Connection, _lines: Lines) -> None:
        (sha256,) = connection.execute(
            f"SELECT {column} FROM case_document WHERE kind = 'licence'"
        ).fetchone()
        (content,) = connection.execute(
            "SELECT content FROM blob_chunk WHERE sha256 = ?", (sha256,)
        ).fetchone()
        changed = content.replace(b"/Type/Page/", b"/Type/Pagf/", 1)
        assert changed != content
        connection.execute("UPDATE blob_chunk SET content = ? WHERE sha256 = ?", (changed, sha256))

    return lie


def _signed_by_another_paper(connection: sqlite3.Connection, _lines: Lines) -> None:
    """The signed bytes belong to a page that was never prepared, under hashes that are right."""
    connection.execute(
        "UPDATE case_document SET unsigned_sha256 ="
        " (SELECT unsigned_sha256 FROM case_document WHERE kind = 'receipt' LIMIT 1) WHERE kind = 'licence'"
    )


def _second_decision(connection: sqlite3.Connection, _lines: Lines) -> None:
    connection.execute(
        "INSERT INTO case_document SELECT id + 1000, case_id, 'refusal', number, dated, state, facts, unsigned_sha256,"
        " signed_sha256, signer_id, signer_certificate, signed_at, created_at, created_by, printed_at, copies"
        " FROM case_document WHERE kind = 'licence'"
    )


def _clean_tail_cut(connection: sqlite3.Connection, lines: Lines) -> None:
    """The last links go with their images, and the head is put right: only who remembers them knows."""
    kept = max(line["position"] for line in lines if line["type"] == "witness") - 1
    first = "SELECT min(first_image) FROM journal_link WHERE position > ?"
    connection.execute(f"DELETE FROM journal_image WHERE id >= ({first})", (kept,))
    connection.execute("DELETE FROM journal_link WHERE position > ?", (kept,))
    connection.execute(
        "UPDATE journal_head SET position = ?, hash = (SELECT hash FROM journal_link WHERE position = ?)",
        (kept, kept),
    )


def _links_swapped(connection: sqlite3.Connection, _lines: Lines) -> None:
    for before, after in ((4, -1), (5, 4), (-1, 5)):
        connection.execute("UPDATE journal_link SET position = ? WHERE position = ?", (after, before))


LIES: list[tuple[str, str, Lie]] = [
    ("an acknowledged command is lost", "I1",
     _sql("DELETE FROM command WHERE kind = 'correct'")),
    ("its journal entry is lost", "I1",
     _sql("DELETE FROM journal_entry WHERE event = 'corrected'")),
    ("the journal tells it twice", "I1",
     _sql("INSERT INTO journal_entry SELECT id + 1000, at, actor, actor_name, on_behalf, workstation, event, case_id,"
          " case_number, step, facts, command_id FROM journal_entry WHERE event = 'assigned' LIMIT 1")),
    ("the journal says somebody else did it", "I1",
     _sql("UPDATE journal_entry SET actor = 'auditor' WHERE event = 'corrected'")),
    ("the command says somebody else did it", "I1",
     _sql("UPDATE command SET login = 'auditor' WHERE kind = 'correct'")),
    ("the command is of another case", "I1",
     _sql("UPDATE command SET case_id = 1 WHERE kind = 'correct'")),
    ("the entry is of another case", "I1",
     _sql("UPDATE journal_entry SET case_id = 1 WHERE event = 'corrected'")),
    ("an entry is of no command", "I1",
     _sql("UPDATE journal_entry SET command_id = 'never' WHERE event = 'corrected'")),
    ("a refused command is there", "I1",
     _line(lambda line: line.update(type="fail", code="case-moved-on"), type="ok", kind="correct")),
    ("a command nobody asked for", "I1", _forgotten),
    ("one wish was done under two ids", "I1",
     _sql("UPDATE command SET digest = (SELECT digest FROM command WHERE kind = 'correct') WHERE kind = 'attach'")),
    ("another answer than was given", "I1",
     _line(lambda line: line["result"].update(number="2018-000009"), type="ok", kind="register")),
    ("something else was asked", "I1",
     _line(lambda line: line.update(digest="0" * 64), type="invoke", kind="correct")),
    ("a change was overwritten by an older version", "I1",
     _sql("UPDATE case_file SET version = 2 WHERE id = 1")),
    ("a number is missing", "I2",
     _sql("DELETE FROM register_number WHERE register = 'incoming' AND sequence = 2")),
    ("a number jumps", "I2",
     _sql("UPDATE register_number SET sequence = 9 WHERE register = 'incoming' AND sequence = 3")),
    ("the counter lags", "I2",
     _sql("UPDATE register_counter SET last = last - 1 WHERE register = 'incoming'")),
    ("the counter ran away", "I2",
     _sql("UPDATE register_counter SET last = last + 1 WHERE register = 'incoming'")),
    ("a counter of a year without numbers", "I2",
     _sql("INSERT INTO register_counter VALUES ('incoming', 2017, 4)")),
    ("voided without a reason", "I2",
     _sql("UPDATE register_number SET state = 'voided', reason = '' WHERE register = 'incoming' AND sequence = 1")),
    ("two numbers of one case", "I3",
     _sql("UPDATE register_number SET case_id = 1 WHERE register = 'incoming' AND sequence = 2")),
    ("a case under another number", "I3",
     _sql("UPDATE case_file SET number = '2018-000017' WHERE id = 2")),
    ("a number of no case", "I3",
     _sql("UPDATE register_number SET case_id = NULL WHERE register = 'incoming' AND sequence = 2")),
    ("a receipt with another number", "I3",
     _sql("UPDATE case_document SET number = '2018-000017' WHERE kind = 'receipt' AND case_id = 2")),
    ("a closed case stands at a step", "I3",
     _sql("UPDATE case_file SET step = 'decide' WHERE result IS NOT NULL")),
    ("two decisions", "I4", _second_decision),
    ("a licence nobody signed", "I4",
     _sql("UPDATE case_document SET state = 'draft' WHERE kind = 'licence'")),
    ("the register has no licence", "I4", _sql("DELETE FROM licence")),
    ("the register has another number", "I4", _sql("UPDATE licence SET number = '18009999'")),
    ("a case ended as a refusal", "I4",
     _sql("UPDATE case_file SET result = 'refusal' WHERE result = 'licence'")),
    ("the signer is no head", "I4",
     _sql("UPDATE case_document SET signer_id = 2 WHERE kind = 'licence'")),
    ("the head is another person than the certificate's", "I4",
     _sql("UPDATE person SET iin = '600101350019' WHERE login = 'head'")),
    ("another certificate", "I4",
     _sql("UPDATE case_document SET signer_certificate = 'c0ffee' WHERE kind = 'licence'")),
    ("the authority is not trusted", "I4", _sql("DELETE FROM trust_root")),
    ("a byte of the signed page", "I4", _byte_of("signed_sha256")),
    ("a signature under another page", "I4", _signed_by_another_paper),
    ("the number of a signed paper is still reserved", "I4",
     _sql("UPDATE register_number SET state = 'reserved' WHERE register = 'licence'")),
    ("an image was edited", "I5",
     _sql("UPDATE journal_image SET content = replace(content, 'Абай', 'Абаи') WHERE table_name = 'case_file'")),
    ("an image is lost", "I5",
     _sql("DELETE FROM journal_image WHERE table_name = 'journal_entry' AND id = (SELECT min(id) FROM journal_image"
          " WHERE table_name = 'journal_entry' AND kind = 'I')")),
    ("an image nobody sealed", "I5",
     _sql("INSERT INTO journal_image SELECT max(id) + 1, 0, table_name, row_key, kind, content FROM journal_image")),
    ("a link says another login", "I5",
     _sql("UPDATE journal_link SET login = 'auditor' WHERE position = 6")),
    ("a link says another moment", "I5",
     _sql("UPDATE journal_link SET at = '2018-06-11 04:30:00.000001' WHERE position = 6")),
    ("a link is lost", "I5", _sql("DELETE FROM journal_link WHERE position = 6")),
    ("a link has another hash", "I5",
     _sql(f"UPDATE journal_link SET hash = {ANOTHER_HASH} WHERE position = 6")),
    ("links changed places", "I5", _links_swapped),
    ("the tail is cut", "I5",
     _sql("DELETE FROM journal_link WHERE position = (SELECT max(position) FROM journal_link)")),
    ("the head is another's", "I5", _sql(f"UPDATE journal_head SET hash = {ANOTHER_HASH}")),
    ("another database's journal", "I5",
     _sql("UPDATE journal_head SET database = '11111111-1111-1111-1111-111111111111'")),
    ("there is no head", "I5", _sql("DELETE FROM journal_head")),
    ("the tail is cut and the head put right", "I8", _clean_tail_cut),
    ("a workstation remembers another link", "I8",
     _line(lambda line: line.update(hash="0" * 64), type="witness", position=2)),
    ("a row was edited past the program", "I6",
     _sql("UPDATE case_document SET dated = '2018-06-01' WHERE kind = 'licence'")),
    ("an entry of the journal was edited", "I6",
     _sql("UPDATE journal_entry SET at = '2018-06-01 04:30:00.000000' WHERE event = 'signed'")),
    ("a role was given past the program", "I6",
     _sql("INSERT INTO person_role VALUES (2, 'head')")),
    ("an assignment was taken away past the program", "I6", _sql("DELETE FROM assignment WHERE case_id = 1")),
    ("a trusted authority came past the program", "I6",
     _sql("INSERT INTO trust_root SELECT 'c0ffee', pem, subject, is_demo, added_at, added_by FROM trust_root")),
    ("a site was edited", "I6", _sql("UPDATE case_file SET site = 'Ақтау' WHERE id = 1")),
    ("a corrected site was put back", "I6",
     _sql("UPDATE case_file SET site = 'Орал қ., Абай даңғ., 2' WHERE id = 2")),
    ("a holder was edited", "I6", _sql("UPDATE case_file SET holder_kk = 'Басқа' WHERE id = 3")),
    ("a byte of a prepared page", "I7", _byte_of("unsigned_sha256")),
    ("a chunk is lost", "I7",
     _sql("DELETE FROM blob_chunk WHERE sha256 = (SELECT sha256 FROM attachment LIMIT 1)")),
    ("a whole content is lost", "I7",
     _sql("DELETE FROM blob WHERE sha256 = (SELECT sha256 FROM attachment LIMIT 1)")),
    ("chunks were renumbered", "I7", _sql("UPDATE blob_chunk SET position = position + 1")),
    ("an attachment says another size", "I7", _sql("UPDATE attachment SET size = size + 1")),
    ("shown as done, and refused", "I9", _shown_otherwise("done", type="fail", kind="withdraw")),
    ("shown as an error, and done", "I9", _shown_otherwise("not-done", type="ok", kind="correct")),
    ("shown as done before it was known", "I9", _acknowledged_before_it_was_known),
    ("shown with another number", "I9",
     _line(lambda line: line.update(number="2018-000077"), type="shown", number="2018-000001")),
    ("another was quicker than was said", "I9",
     _line(lambda line: line["facts"].update(who="Маманова Жанар Ғабитқызы"), code="case-moved-on", type="shown")),
    ("a defect was met", "I9", _added(type="defect", id="x", kind="sign", error="KeyError()")),
    ("the window stood still", "I10", _added(type="stall", milliseconds=251.0, worker="WS-1")),
    ("an executor saw a colleague's case", "I11", _added(type="saw", login="executor2", cases=[1])),
    ("an executor did not see his own", "I11", _added(type="saw", login="executor", cases=[])),
    ("the administrator saw a case", "I11", _added(type="saw", login="administrator", cases=[2])),
]  # fmt: skip


@pytest.mark.parametrize(("invariant", "lie"), [lie[1:] for lie in LIES], ids=[lie[0] for lie in LIES])
def test_a_lie_is_found(told, tmp_path, invariant, lie):
    found = _checked(told, tmp_path, lie)
    assert any(fault.startswith(invariant + " ") for fault in found), found


def test_there_are_lies_about_every_invariant():
    assert len(LIES) >= 70
    assert {invariant for _, invariant, _ in LIES} == {f"I{number}" for number in range(1, 12)}


def test_it_is_a_program_of_its_own(told, tmp_path):
    """0 nothing found, 1 faults, 2 cannot be read."""
    _checked(told, tmp_path, _sql("DELETE FROM licence"))

    def said(*arguments: object) -> subprocess.CompletedProcess[str]:
        asked = [sys.executable, "-W", "error", "-m", "tests.faults.checker", *map(str, arguments)]
        return subprocess.run(asked, cwd=ROOT, capture_output=True, text=True, check=False, timeout=60)

    clean = said(told[0], f"sqlite:///{told[1]}")
    assert (clean.returncode, clean.stdout) == (0, ""), clean
    lied = said(tmp_path / "history.jsonl", f"sqlite:///{tmp_path / 'office.sqlite'}")
    assert lied.returncode == 1
    assert lied.stdout.startswith("I4 licence ")
    unread = said(tmp_path / "no.jsonl", f"sqlite:///{told[1]}")
    assert (unread.returncode, unread.stdout) == (2, "")
    assert unread.stderr.startswith("cannot be read: ")
