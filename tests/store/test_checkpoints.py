"""A checkpoint is the head's, of the journal as it stands; and whatever is changed below it is found by it."""

import hashlib
import json
import shutil
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select

from desktop import commandline
from desktop.cases import checkpoints
from desktop.commandline import journal as journal_commands
from desktop.documents.checkpoints import draw
from desktop.eds.demo_ca import DemoAuthority, DemoPerson
from desktop.eds.tokens import open_pkcs12
from desktop.errors import NotAllowed
from desktop.models import JournalCheckpoint, JournalEntry, JournalHead, Office
from desktop.queries import journal_state
from desktop.store import making, statements, witness
from desktop.store.database import Store
from desktop.store.witness import Witness
from tests import story
from tests.cases.world import world
from tests.clock import Clock
from tests.office import People, trust_demo
from tests.store import past

LONG_AGO = datetime(2001, 1, 1, tzinfo=UTC)


def _prepared(store: Store, people: People, reason: str = "monthly") -> checkpoints.PreparedCheckpoint:
    return checkpoints.prepare(store, people.head, reason=reason, draw=story.draw_checkpoint)


def _record(store: Store, people: People, prepared, by=None, **changes) -> int:
    iin = "700520350035"
    facts = {
        "statement": prepared.statement,
        "pdf": prepared.pdf,
        "signed": story.sign(prepared.pdf, iin),
        "verify": story.verify,
    }
    return checkpoints.record(store, by or people.head, **(facts | changes))


def test_the_statement_says_what_the_books_say(any_store: Store, case_at, people: People) -> None:
    case_at("licence")
    case_at("refusal")
    told = statements.read(_prepared(any_store, people).statement)
    with any_store.reading() as session:
        head = session.get_one(JournalHead, 1)
    assert (told.database, told.position, told.hash) == (head.database, head.position, head.hash)
    assert told.signed["count"] == 2
    registers = {one["register"]: (one["count"], one["last"]) for one in told.registers}
    assert registers["incoming"] == (2, 2)
    assert registers["licence"] == (1, 1)
    for other in (told.text.replace(":", ": ", 1), "{}", "[]", "", told.text[:-1]):
        with pytest.raises(ValueError):  # noqa: PT011 - whatever it says, it is not one
            statements.read(other)


def test_it_is_kept_told_and_agrees_whatever_is_done_later(any_store: Store, case_at, people: People) -> None:
    case_at("licence")
    number = _record(any_store, people, _prepared(any_store, people))
    case_at("licence")
    with any_store.reading() as session:
        row = session.get_one(JournalCheckpoint, number)
        entry = session.scalars(select(JournalEntry).where(JournalEntry.event == "checkpoint-signed")).one()
    assert (row.reason, row.made_by) == ("monthly", people.head.person_id)
    assert entry.actor == "head"
    assert entry.facts["position"] == row.position
    proof = past.proved(any_store, deep=True, judge=lambda *_: "")
    assert proof.findings == []
    (listed,) = journal_state.checkpoints(any_store, people.auditor)
    assert (listed.position, listed.by.kk) == (row.position, people.head.name_kk)
    assert journal_state.document(any_store, people.auditor, number=number).startswith(b"%PDF-1.7")


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"signed": b"%PDF-1.7\nanother"}, "signature-other-bytes"),
        (
            {"pdf": b"%PDF-1.7\nof something else", "signed": b"%PDF-1.7\nof something else, signed"},
            "signature-other-bytes",
        ),
        (
            {"verify": lambda _: checkpoints.SignerSeen("850505300120", "0" * 64, True)},
            "signature-other-person",
        ),
        (
            {"verify": lambda _: checkpoints.SignerSeen("", "", False, why="verdict-forged")},
            "signature-not-valid",
        ),
        (
            {"verify": lambda signed: replace(story.verify(signed), not_after=LONG_AGO)},
            "certificate-not-in-date",
        ),
        (
            {"verify": lambda signed: replace(story.verify(signed), revocation_known=False)},
            "signature-revocation-unknown",
        ),
    ],
)
def test_what_is_not_the_heads_signature_of_this_page_is_refused(
    any_store: Store, people: People, wrong: dict, code: str
) -> None:
    prepared = _prepared(any_store, people)
    before = world(any_store)
    with pytest.raises(NotAllowed, match=code):
        _record(any_store, people, prepared, **wrong)
    assert world(any_store) == before


def test_a_note_about_revocation_is_journalled_as_of_a_paper(any_store: Store, people: People) -> None:
    with any_store.writing() as session:
        session.get_one(Office, 1).silence_allowed = True
    for told, known in (("revocation-unreached", False), ("ocsp", True)):
        _record(
            any_store,
            people,
            _prepared(any_store, people),
            verify=lambda signed, told=told, known=known: replace(
                story.verify(signed), revocation=told, revocation_known=known
            ),
        )
    with any_store.reading() as session:
        entries = session.scalars(
            select(JournalEntry).where(JournalEntry.event == "checkpoint-signed").order_by(JournalEntry.id)
        )
        assert [entry.facts["revocation"] for entry in entries] == ["revocation-unreached", "ocsp"]


def test_nobody_else_makes_one(any_store: Store, people: People) -> None:
    prepared = _prepared(any_store, people)
    before = world(any_store)
    for person in (people.administrator, people.clerk, people.auditor):
        with pytest.raises(NotAllowed, match="role-may-not"):
            checkpoints.prepare(any_store, person, reason="monthly", draw=story.draw_checkpoint)
        with pytest.raises(NotAllowed, match="role-may-not"):
            _record(any_store, people, prepared, by=person)
    assert world(any_store) == before


def test_a_journal_made_anew_from_end_to_end_is_found_by_it(
    any_store: Store, case_at, people: People
) -> None:
    """Whoever has the database can make every hash of it anew; he has not the head's key."""
    case_at("assign")
    _record(any_store, people, _prepared(any_store, people))
    past.write(
        any_store, "UPDATE journal_link SET login = 'forged' WHERE position = 3", *_sealed_anew(any_store)
    )
    assert {one.code for one in past.proved(any_store).findings} == {
        "journal-link-changed",
        "journal-checkpoint-bad",
    }


def _sealed_anew(store: Store) -> list[str]:
    with store.reading() as session:
        place = session.scalar(select(func.max(JournalCheckpoint.position)))
    return [
        f"UPDATE journal_link SET previous = '{'e' * 64}' WHERE position = {place + 1}",
        f"UPDATE journal_link SET hash = '{'e' * 64}' WHERE position = {place}",
    ]


def test_a_checkpoint_whose_statement_was_changed_is_found(any_store: Store, case_at, people: People) -> None:
    case_at("licence")
    _record(any_store, people, _prepared(any_store, people))
    past.write(
        any_store, "UPDATE journal_checkpoint SET statement = replace(statement, 'monthly', 'restored')"
    )
    codes = {one.code: one for one in past.proved(any_store).findings}
    assert set(codes) == {"journal-row-changed", "journal-checkpoint-bad"}
    assert codes["journal-checkpoint-bad"].facts["why"] == "signature-other-bytes"


def test_one_is_due_every_month(any_store: Store, people: People, clock: Clock) -> None:
    """Counted from the office's first day, then from the last one."""
    _record(any_store, people, _prepared(any_store, people))
    assert journal_state.due(any_store, people.head) == ""
    clock.set(clock.moment + timedelta(days=32))
    assert journal_state.due(any_store, people.head) == "monthly"
    assert journal_state.due(any_store, people.clerk) == ""
    _record(any_store, people, _prepared(any_store, people))
    assert journal_state.due(any_store, people.head) == ""


def test_a_real_key_signs_the_real_page_and_the_command_verifies_it(
    store: Store, people: People, clock: Clock, tmp_path: Path, capsys
) -> None:
    clock.set(clock.moment.replace(year=2026))
    authority = DemoAuthority(valid_from=clock.moment - timedelta(days=30))
    key = authority.issue(
        DemoPerson("БАСШЫБАЕВ ЕРЛАН", "700520350035", "ҚУАТҰЛЫ", "Басқарма", "050140003412"),
        valid_from=clock.moment - timedelta(days=20),
    )
    trust_demo(store, authority.root_pem)
    path = tmp_path / "head.p12"
    path.write_bytes(key.to_pkcs12("Qwerty12"))
    certificate = hashlib.sha256(key.certificate_der).hexdigest()
    prepared = checkpoints.prepare(store, people.head, reason="monthly", draw=draw)
    with open_pkcs12(path, "Qwerty12") as hand:
        signed = hand.sign(prepared.pdf, at=clock.moment, reason="Журнал")
    judge = journal_commands._judge(store)

    def verify(pdf: bytes) -> checkpoints.SignerSeen:
        return checkpoints.SignerSeen("700520350035", certificate, not judge(pdf, clock.moment, certificate))

    _record(store, people, prepared, signed=signed, verify=verify)
    url = store.url.render_as_string()
    assert commandline.main(["journal", "verify", "--database", url, "--deep", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["findings"] == []
    spoilt = signed.replace(b"sha256:", b"sha256;", 1)
    assert judge(spoilt, clock.moment, certificate) == "verdict-changed"


def test_one_is_due_after_a_migration_until_it_is_signed(
    store: Store, people: People, older: Callable[[str], None]
) -> None:
    url = store.url.render_as_string(hide_password=False)
    assert journal_state.due(store, people.head) == ""
    store.engine.dispose()
    older(url)
    making.upgrade(url)
    assert journal_state.due(store, people.head) == "migrated"
    _record(store, people, _prepared(store, people, "migrated"))
    assert journal_state.due(store, people.head) == ""


def test_a_restored_office_is_accepted_by_the_head_for_every_workstation(
    store: Store, case_at, people: People, tmp_path: Path
) -> None:
    """What is lost is lost: the head signs what there is, and each workstation keeps its old memory aside."""
    path = Path(str(store.url.database))
    here = Witness(tmp_path / "witness.json")
    store.engine.dispose()
    shutil.copy(path, tmp_path / "copy.sqlite")
    case_at("check")
    assert witness.look(store, here) == []
    store.engine.dispose()
    shutil.copy(tmp_path / "copy.sqlite", path)
    case_at.clock.set(case_at.clock.moment + timedelta(hours=1))
    (told,) = witness.look(store, here, judge=lambda *_: "")
    assert told.code == "witness-lost"
    _record(store, people, _prepared(store, people, "asked"))
    assert witness.look(store, here, judge=lambda *_: "") != []  # any checkpoint is not enough
    _record(store, people, _prepared(store, people, "restored"))
    kept = here.path.read_bytes()
    assert witness.look(store, here) != []  # nor one whose signature nobody looked at
    assert witness.look(store, here, judge=lambda *_: "verdict-forged") != []
    assert here.path.read_bytes() == kept
    assert witness.look(store, here, judge=lambda *_: "") == []
    assert [item.read_bytes() for item in tmp_path.glob("witness.json.kept-*")] == [kept]
    case_at("assign")
    assert witness.look(store, here) == []
