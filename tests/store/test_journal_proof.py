"""Every way of changing the books past the program is found, and its place in the journal is named."""

import json
import shutil
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select, text

from desktop import commandline
from desktop.models import CaseDocument, JournalEntry, JournalImage, JournalLink, RegisterNumber
from desktop.store import proving, witness
from desktop.store.database import Store
from desktop.store.proving import Finding
from desktop.store.witness import Witness
from tests import office, story
from tests.cases.world import world
from tests.clock import Clock
from tests.conftest import _database, _opened
from tests.office import People
from tests.seats import Logins, SeatedStore
from tests.store import past


def _judge(pdf, _at, _certificate) -> str:
    return "" if story.verify(pdf).valid and pdf.endswith(b"0035") else "verdict-damaged"


def _found(store: Store, **options) -> list[Finding]:
    proof = past.proved(store, **options)
    assert proof.holds == (not proof.findings)
    return proof.findings


def _codes(found: list[Finding]) -> list[tuple[str, str, int | None]]:
    return [(one.level, one.code, one.position) for one in found]


def _place(store: Store, table: str, *, last: bool = True) -> int:
    """The position of the last (first) link that tells of a table, asked for in a way of its own."""
    with store.reading() as session:
        chosen = func.max(JournalImage.id) if last else func.min(JournalImage.id)
        number = session.scalar(select(chosen).where(JournalImage.table_name == table))
        transaction = session.get_one(JournalImage, number).transaction_id
        for link in session.scalars(select(JournalLink).where(JournalLink.transaction_id == transaction)):
            if link.first_image <= number <= link.last_image:
                return link.position
    raise AssertionError(table)


def _tell(store: Store) -> None:
    """A journal of some length: one licence and one refusal, from the counter to the hand."""
    teller = story.teller(store, office.people(), Clock())
    teller("licence")
    teller("refusal")
    store.dispose()


@pytest.fixture(scope="module")
def _told_file(_office_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = shutil.copy(_office_file, tmp_path_factory.mktemp("told") / "office.sqlite")
    _tell(Store(f"sqlite:///{path}", clock=Clock(), workstation=office.WORKSTATION, exclusive=False))
    return path


@pytest.fixture(scope="module")
def _told_database(postgres_server: str, _office_template: tuple[str, Logins]) -> Iterator[str]:
    with _database(postgres_server, _office_template[0]) as url:
        _tell(SeatedStore(url, clock=Clock(), workstation=office.WORKSTATION))
        yield url


@pytest.fixture(params=["sqlite", "postgresql"])
def told(request: pytest.FixtureRequest, tmp_path: Path, clock: Clock) -> Iterator[Store]:
    """The journal of :func:`_tell`, each test a copy of its own."""
    if request.param == "sqlite":
        path = shutil.copy(request.getfixturevalue("_told_file"), tmp_path / "office.sqlite")
        yield from _opened(f"sqlite:///{path}", clock)
        return
    server, logins = (
        request.getfixturevalue("postgres_server"),
        request.getfixturevalue("_office_template")[1],
    )
    with logins.undone(), _database(server, request.getfixturevalue("_told_database")) as url:
        yield from _opened(url, clock)


def test_an_honest_journal_holds_at_every_level(told: Store) -> None:
    before = world(told)
    proof = past.proved(told, deep=True, judge=_judge)
    assert proof.findings == []
    assert {"L1", "L2", "L3", "L4", "L5", "L6"} <= set(proof.levels)
    with told.reading() as session:
        assert proof.links == session.scalar(select(func.count()).select_from(JournalLink)) > 15
        assert proof.images == session.scalar(select(func.count()).select_from(JournalImage))
    assert world(told) == before


@pytest.mark.parametrize(
    ("column", "value"),
    [("facts", """'{"number": "forged"}'"""), ("actor", "'head'"), ("at", "'2018-06-01 00:00'")],
)
def test_an_entry_edited(told: Store, column: str, value: str) -> None:
    with told.reading() as session:
        number = session.scalar(select(func.max(JournalEntry.id)))
    place = _place(told, "journal_entry")
    past.write(told, f"UPDATE journal_entry SET {column} = {value} WHERE id = {number}")
    (found,) = _found(told)
    assert _codes([found]) == [("L2", "journal-row-changed", place)]
    assert found.facts == {"table": "journal_entry", "key": str(number), "columns": column}


@pytest.mark.parametrize(
    "words", ["content = content || ' '", "row_key = '1:9,'", "kind = 'D'", "table_name = 'person'"]
)
def test_an_image_edited(told: Store, words: str) -> None:
    place = _place(told, "case_document", last=False)
    with told.reading() as session:
        number = session.scalar(
            select(func.min(JournalImage.id)).where(JournalImage.table_name == "case_document")
        )
    past.write(told, f"UPDATE journal_image SET {words} WHERE id = {number}")
    assert ("L1", "journal-link-changed", place) in _codes(_found(told))


@pytest.mark.parametrize("words", ["login = 'nobody'", "at = '2018-06-01 00:00:00.000000'"])
def test_a_link_edited(told: Store, words: str) -> None:
    past.write(told, f"UPDATE journal_link SET {words} WHERE position = 9")
    assert _codes(_found(told)) == [("L1", "journal-link-changed", 9)]


def test_an_image_edited_and_its_link_made_anew(told: Store) -> None:
    """Whoever re-seals one link must re-seal all that follow."""
    past.write(told, f"UPDATE journal_link SET hash = '{'e' * 64}' WHERE position = 9")
    assert ("L1", "journal-link-order", 10) in _codes(_found(told))


def test_an_image_taken_out(told: Store) -> None:
    place = _place(told, "register_number", last=False)
    past.write(
        told,
        "DELETE FROM journal_image WHERE id = (SELECT min(id) FROM journal_image WHERE table_name = 'register_number')",
    )
    assert ("L1", "journal-image-missing", place) in _codes(_found(told))


def test_a_row_deleted(told: Store) -> None:
    place = _place(told, "hand_over")
    past.write(told, "DELETE FROM hand_over WHERE id = (SELECT max(id) FROM hand_over)")
    (found,) = _found(told)
    assert _codes([found]) == [("L2", "journal-row-missing", place)]


def test_a_link_deleted(told: Store) -> None:
    past.write(told, "DELETE FROM journal_link WHERE position = 7")
    codes = _codes(_found(told))
    assert ("L1", "journal-link-missing", 7) in codes
    assert {code for _, code, _ in codes} == {"journal-link-missing", "journal-unsealed"}


def test_links_reordered(told: Store) -> None:
    past.write(
        told,
        "UPDATE journal_link SET position = -5 WHERE position = 5",
        "UPDATE journal_link SET position = 5 WHERE position = 6",
        "UPDATE journal_link SET position = 6 WHERE position = -5",
    )
    codes = _codes(_found(told))
    assert ("L1", "journal-link-order", 5) in codes
    assert ("L1", "journal-link-changed", 5) in codes
    assert ("L1", "journal-link-changed", 6) in codes


def test_a_tail_cut_off_is_found_by_whoever_saw_it(
    told: Store, people: People, clock: Clock, tmp_path: Path
) -> None:
    """Cut cleanly, with the head put back: the chain alone cannot tell."""
    here = Witness(tmp_path / "witness.json")
    with told.reading() as session:
        keep = session.scalar(select(func.max(JournalLink.position)))
        images = session.scalar(select(func.max(JournalImage.id)))
    story.teller(told, people, clock)("assign")
    here.remember(witness.now(told))
    past.write(told, *_cut(told, keep, images))
    assert [one for one in _found(told) if one.level == "L1"] == []
    (found,) = [one for one in _found(told, seen_before=here.remembered()) if one.level == "L6"]
    assert _codes([found]) == [("L6", "witness-lost", keep + 1)]
    assert (found.facts["found"], found.facts["lost"]) == (keep, 1)


def _cut(store: Store, keep: int, images: int) -> list[str]:
    return [
        f"DELETE FROM journal_image WHERE id > {images}",
        f"DELETE FROM journal_link WHERE position > {keep}",
        f"UPDATE journal_head SET position = {keep},"
        f" hash = (SELECT hash FROM journal_link WHERE position = {keep})",
    ]


def test_a_head_put_back_alone(told: Store) -> None:
    past.write(told, "UPDATE journal_head SET position = position - 1")
    (found,) = _found(told)
    assert found.code == "journal-head-differs"


def test_triggers_off_and_a_row_edited(told: Store) -> None:
    place = _place(told, "licence")
    past.write(told, "UPDATE licence SET site = 'Орал, 1', status = 'reissued'")
    found, stands = _found(told)
    assert _codes([found]) == [("L2", "journal-row-changed", place)]
    assert (found.facts["table"], found.facts["columns"]) == ("licence", "site, status")
    assert _codes([stands]) == [("L5", "journal-licence-state", place)]  # nothing took its place
    assert (stands.facts["status"], stands.facts["entered"]) == ("reissued", "issued")


def test_triggers_off_and_a_row_put_in(told: Store) -> None:
    past.write(told, "INSERT INTO person_role (person_id, role) VALUES (2, 'head')")
    (found,) = _found(told)
    assert _codes([found]) == [("L2", "journal-row-unknown", None)]
    assert (found.facts["table"], found.facts["key"]) == ("person_role", "2, head")


def test_a_row_deleted_by_the_program_and_put_back(told: Store) -> None:
    with told.writing() as session:
        session.execute(
            JournalEntry.__table__.metadata.tables["person_role"].delete().where(_role_of_auditor())
        )
    place = _place(told, "person_role")
    past.write(told, "INSERT INTO person_role (person_id, role) VALUES (7, 'auditor')")
    (found,) = _found(told)
    assert _codes([found]) == [("L2", "journal-row-back", place)]


def _role_of_auditor():
    table = JournalEntry.__table__.metadata.tables["person_role"]
    return table.c.person_id == 7


def test_a_file_changed(told: Store) -> None:
    """One byte of a paper as it was drawn: nothing but its own hash can tell."""
    with told.reading() as session:
        drawn = session.scalars(
            select(CaseDocument.unsigned_sha256).where(CaseDocument.state == "issued")
        ).first()
    image = f"64:{drawn},"
    with told.reading() as session:
        number = session.scalar(select(JournalImage.id).where(JournalImage.row_key == image))
        assert number is not None
    past.write(told, f"UPDATE blob_chunk SET content = {_bytes(told, 'forged')} WHERE sha256 = '{drawn}'")
    assert _found(told) == []
    (found,) = _found(told, deep=True)
    assert (found.level, found.code, found.facts["sha256"]) == ("L3", "journal-file-changed", drawn)
    assert found.position is not None


def test_a_signed_paper_changed(told: Store) -> None:
    """The file and its hash everywhere: the signature does not hold; and the journal remembers the old hash."""
    with told.reading() as session:
        paper = session.scalars(select(CaseDocument).where(CaseDocument.state == "signed")).first()
        assert paper is not None
        pdf = story.content(session, paper)
    place = _place_of_document(told, paper.id)
    other = pdf.replace(story._SIGNATURE, b"\nanother").hex()
    past.write(
        told,
        f"UPDATE blob_chunk SET content = {_octets(told, other)} WHERE sha256 = '{paper.signed_sha256}'",
    )
    found = _found(told, deep=True, judge=_judge)
    assert {(one.level, one.code) for one in found} == {
        ("L3", "journal-file-changed"),
        ("L4", "journal-signature-bad"),
    }
    assert {one.position for one in found if one.level == "L4"} == {place}


def test_a_signature_that_does_not_hold(told: Store) -> None:
    """As every one would be if the head's certificate were not what it was."""
    found = _found(told, deep=True, judge=lambda *_: "verdict-forged")
    assert {one.code for one in found} == {"journal-signature-bad"}
    assert {one.facts["why"] for one in found} == {"verdict-forged"}
    assert len(found) == 2


def _place_of_document(store: Store, number: int) -> int:
    with store.reading() as session:
        image = session.scalar(
            select(func.max(JournalImage.id)).where(
                JournalImage.table_name == "case_document",
                JournalImage.row_key == f"{len(str(number))}:{number},",
            )
        )
        transaction = session.get_one(JournalImage, image).transaction_id
        return session.scalars(
            select(JournalLink.position).where(JournalLink.transaction_id == transaction)
        ).one()


def _bytes(store: Store, word: str) -> str:
    return _octets(store, word.encode().hex())


def _octets(store: Store, digits: str) -> str:
    return f"x'{digits}'" if store.dialect == "sqlite" else f"decode('{digits}', 'hex')"


def test_a_number_that_is_missing(told: Store) -> None:
    with told.reading() as session:
        second = session.scalars(
            select(RegisterNumber).where(RegisterNumber.register == "incoming", RegisterNumber.sequence == 2)
        ).one()
    place = _place(told, "register_number", last=False)
    past.write(told, "DELETE FROM register_number WHERE register = 'incoming' AND sequence = 1")
    found = {one.code: one for one in _found(told)}
    assert set(found) == {"journal-row-missing", "journal-number-missing", "journal-number-of-nobody"}
    gap = found["journal-number-missing"]
    assert gap.facts == {"register": "incoming", "year": second.year, "first": 1, "last": 1}
    assert found["journal-row-missing"].position == place
    assert gap.position is not None
    assert gap.position > place


def test_a_number_given_twice(told: Store) -> None:
    """The constraint that forbids it taken away first."""
    if told.dialect == "postgresql":
        taken = ["ALTER TABLE register_number DROP CONSTRAINT uq_register_number_register_text"]
    else:
        taken = [
            "CREATE TABLE again AS SELECT * FROM register_number",
            "DROP TABLE register_number",
            "ALTER TABLE again RENAME TO register_number",
        ]
    past.write(
        told,
        *taken,
        "UPDATE register_number SET text = (SELECT text FROM register_number WHERE register = 'incoming' AND sequence = 1)"
        " WHERE register = 'incoming' AND sequence = 2",
    )
    codes = {one.code: one for one in _found(told)}
    codes.pop("journal-rights-differ", None)  # on a server the lost constraint is missed as well
    assert set(codes) == {"journal-row-changed", "journal-number-double", "journal-number-of-nobody"}
    assert codes["journal-number-double"].position is not None


def test_a_counter_put_back(told: Store) -> None:
    place = _place(told, "register_counter")
    past.write(told, "UPDATE register_counter SET last = last - 1 WHERE register = 'incoming'")
    codes = _codes(_found(told))
    assert [code for _, code, _ in codes] == ["journal-row-changed", "journal-number-counter"]
    assert all(position is not None and position <= place for _, _, position in codes)


def test_a_restore_that_lost_records_is_told_with_their_number(
    store: Store, sqlite_url: str, people: People, clock: Clock, tmp_path: Path
) -> None:
    """An older copy in the place of the office: what is wanting is known to the link."""
    here = Witness(tmp_path / "witness.json")
    path = str(store.url.database)
    teller = story.teller(store, people, clock)
    teller("assign")
    store.engine.dispose()
    shutil.copy(path, tmp_path / "copy.sqlite")
    for _ in range(3):
        teller("assign")
    here.remember(witness.now(store))
    store.engine.dispose()
    shutil.copy(tmp_path / "copy.sqlite", path)
    assert _found(store) == []
    (found,) = _found(store, seen_before=here.remembered())
    assert (found.code, found.facts["lost"]) == ("witness-lost", 3)
    teller("assign", site="1")  # and work goes on
    for _ in range(3):
        teller("assign", site="2")
    codes = _codes(_found(store, seen_before=here.remembered()))
    assert [code for _, code, _ in codes] == ["witness-differs"]


def test_rights_that_are_not_the_programs_are_named(postgres_store: Store) -> None:
    past.make_real(postgres_store)
    assert proving.prove(postgres_store).findings == []
    with postgres_store.writing() as session:
        session.execute(text("ALTER TABLE licence DISABLE TRIGGER journal_image"))
    found = proving.prove(postgres_store).findings
    assert {(one.level, one.code) for one in found} == {("L7", "journal-rights-differ")}
    assert all("journal_image" in one.facts["difference"] for one in found)


def test_only_what_came_since_is_read(told: Store, people: People, clock: Clock) -> None:
    upto = past.proved(told).position
    story.teller(told, people, clock)("assign")
    assert past.proved(told, since=upto).links == 1
    past.write(told, "UPDATE journal_link SET login = 'x' WHERE position = 3")
    assert past.proved(told, since=upto).holds
    assert not past.proved(told).holds
    past.write(told, f"UPDATE journal_link SET hash = '{'e' * 64}' WHERE position = {upto}")
    assert _codes(_found(told, since=upto)) == [("L1", "journal-link-order", upto + 1)]


# a workstation's memory


def test_a_workstation_remembers_the_last_link_and_one_of_every_day(tmp_path: Path, store: Store) -> None:
    here = Witness(tmp_path / "state" / "witness.json")
    assert here.remembered() == []
    first = witness.now(store)
    for day in range(3):
        for hour in range(2):
            moment = f"2018-06-1{day}T0{hour}:00:00+00:00"
            here.remember(witness.Seen(first.database, day * 2 + hour + 1, "0" * 64, moment))
    here.remember(witness.Seen("another", 7, "1" * 64, "2018-06-11T09:00:00+00:00"))
    own = [one for one in here.remembered() if one.database == first.database]
    assert [one.position for one in own] == [2, 4, 6]
    assert len(here.remembered()) == 4


def test_a_broken_memory_is_told_kept_aside_and_begun_anew(tmp_path: Path, store: Store) -> None:
    path = tmp_path / "witness.json"
    path.write_text('{"seen": [{"database"')
    with pytest.raises(Exception, match="witness-unreadable"):
        Witness(path).remembered()
    Witness(path).remember(witness.now(store))
    assert len(Witness(path).remembered()) == 1
    assert path.with_name("witness.json.broken").read_text() == '{"seen": [{"database"'


def test_what_was_seen_agrees_as_long_as_nobody_lies(any_store: Store, people: People, clock: Clock) -> None:
    seen = [witness.now(any_store)]
    for _ in range(2):
        story.teller(any_store, people, clock)("assign")
        clock.set(clock.moment + timedelta(days=1))
        seen.append(witness.now(any_store))
    assert witness.compare(any_store, seen) == []


# the command line


def _run(capsys, *words: str) -> tuple[int, dict]:
    status = commandline.main(["journal", "verify", *words, "--json"])
    return status, json.loads(capsys.readouterr().out)


def test_the_command_says_that_it_holds(told: Store, capsys) -> None:
    past.make_real(told)
    url = told.url.render_as_string(hide_password=False)
    status, said = _run(capsys, "--database", url)
    assert (status, said["holds"], said["findings"]) == (0, True, [])
    assert said["position"] == said["links"] > 15
    assert commandline.main(["journal", "verify", "--database", url]) == 0
    assert capsys.readouterr().out.startswith("HOLDS: ")


def test_the_command_names_the_place_and_the_status_is_one(told: Store, capsys, tmp_path: Path) -> None:
    url = told.url.render_as_string(hide_password=False)
    past.make_real(told)
    here = Witness(tmp_path / "witness.json")
    now = witness.now(told)
    here.remember(witness.Seen(now.database, now.position + 4, now.hash, now.at))
    place = _place(told, "licence")
    past.write(told, "UPDATE licence SET number = 'forged'")
    status, said = _run(capsys, "--database", url, "--witness", str(here.path))
    assert status == 1
    assert [(one["code"], one["position"]) for one in said["findings"]] == [
        ("journal-row-changed", place),
        ("witness-lost", now.position + 4),
    ]
    assert f"Position {place}" in said["findings"][0]["text"]
    assert "…" not in "".join(one["text"] for one in said["findings"])


def test_the_command_verifies_every_signature_anew(told: Store, capsys) -> None:
    """The story's papers are signed with nothing: a verifier that looks says so of each."""
    past.make_real(told)
    status, said = _run(capsys, "--database", told.url.render_as_string(hide_password=False), "--deep")
    assert status == 1
    assert {one["code"] for one in said["findings"]} == {"journal-signature-bad"}
    assert len(said["findings"]) == 2


def test_what_cannot_be_read_is_neither(tmp_path: Path, capsys) -> None:
    status, said = _run(capsys, "--database", str(tmp_path / "none.sqlite"))
    assert (status, said["holds"], said["code"]) == (2, None, "database-missing")
    (tmp_path / "garbage.sqlite").write_bytes(b"%PDF-1.7\n" * 999)
    assert _run(capsys, "--database", str(tmp_path / "garbage.sqlite"))[0] == 2
