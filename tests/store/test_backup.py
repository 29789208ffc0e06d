"""The drill: a copy made in the middle of work becomes a working office somewhere else; a bad copy becomes nothing."""

import hashlib
import shutil
import sqlite3
import threading
import zipfile
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import psycopg
import pytest
from sqlalchemy.engine import make_url

from desktop.errors import NotAllowed, Told, Unavailable
from desktop.models.migrations import HEAD
from desktop.queries.office import people as people_rows
from desktop.store import backup, making, proving
from desktop.store.backup import archive
from desktop.store.database import Store
from tests import seats, story
from tests.clock import Clock
from tests.faults.state import faults, state
from tests.office import People


class Stopped(Exception):
    pass


@pytest.fixture(params=["sqlite", "postgresql"])
def engine(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def here(engine: str, request: pytest.FixtureRequest) -> Store:
    return request.getfixturevalue("store" if engine == "sqlite" else "postgres_store")  # type: ignore[no-any-return]


@pytest.fixture
def there(engine: str, tmp_path: Path, request: pytest.FixtureRequest) -> str:
    """A place for the restored office: a file that is not there, or a database without a table."""
    if engine == "sqlite":
        return f"sqlite:///{tmp_path / 'restored.sqlite'}"
    return request.getfixturevalue("bare_postgres_url")  # type: ignore[no-any-return]


def _url(store: Store) -> str:
    return store.url.render_as_string(hide_password=False).replace("+psycopg", "")


def _opened(url: str, clock: Clock) -> Store:
    """The restored office; on a server each sits in his own seat there, at the test's time."""
    if url.startswith("sqlite"):
        return Store(url, clock=clock, exclusive=False)
    seats.install(url, "")
    return seats.SeatedStore(url, clock=clock)


def test_a_copy_becomes_a_working_office(
    here: Store, there: str, tmp_path: Path, people: People, clock: Clock
) -> None:
    tell = story.teller(here, people, clock)
    tell("licence", site="Орал қ., Дина Нұрпейісова, 1")
    tell("decide", site="Орал қ., Достық, 2")
    told: list[tuple[int, int]] = []
    made = backup.backup(_url(here), tmp_path / "copy.backup", watch=lambda done, of: told.append((done, of)))

    assert made.sha256 == hashlib.sha256(made.path.read_bytes()).hexdigest()
    assert made.path.with_name("copy.backup.sha256").read_text() == f"{made.sha256}  copy.backup\n"
    assert told[-1][0] == told[-1][1] > 0
    assert sorted(told) == told

    backup.restore(made.path, there)
    as_it_is = Store(there, exclusive=False)
    assert proving.prove(as_it_is, deep=True).findings == []
    as_it_is.dispose()
    restored = _opened(there, clock)
    try:
        assert _without_place(state(restored)) == _without_place(state(here))
        assert faults(restored) == []
        _goes_on(restored, people, clock)
        assert faults(restored) == []
        # on a server the clock of the tests is a difference of rights
        assert [one for one in proving.prove(restored, deep=True).findings if one.level != "L7"] == []
    finally:
        restored.dispose()


def _without_place(found: dict[str, list[str]]) -> dict[str, list[str]]:
    """The prefix of the roles is the place's own."""
    return {name: rows for name, rows in found.items() if name != "installation"}


def _goes_on(store: Store, people: People, clock: Clock) -> None:
    """Work goes on in the restored office: numbers go on where they stood, and no id comes twice."""
    story.teller(store, people, clock)("licence", site="Ақсай қ., Дружба, 3")
    assert len(people_rows(store, people.administrator)) == len(People.__slots__)


def test_a_copy_made_while_somebody_writes_is_of_one_moment(
    here: Store, there: str, tmp_path: Path, people: People, clock: Clock
) -> None:
    done = threading.Event()
    begun = threading.Event()

    def work() -> None:
        number = 0
        while not done.is_set():
            number += 1
            story.teller(here, people, clock)("assign", site=f"Орал қ., Достық, {number}")
            begun.set()

    worker = threading.Thread(target=work)
    worker.start()
    try:
        assert begun.wait(60)
        backup.backup(_url(here), tmp_path / "copy.backup")
    finally:
        done.set()
        worker.join()
    backup.restore(tmp_path / "copy.backup", there)
    restored = _opened(there, clock)
    try:
        assert faults(restored) == []
        with restored.reading() as session:
            assert (session.connection().exec_driver_sql("SELECT count(*) FROM case_file").scalar() or 0) > 0
    finally:
        restored.dispose()


def test_a_copy_that_is_stopped_leaves_nothing(here: Store, tmp_path: Path) -> None:
    def stop(_done: int, _of: int) -> None:
        raise Stopped

    folder = tmp_path / "copies"
    folder.mkdir()
    with pytest.raises(Stopped):
        backup.backup(_url(here), folder / "copy.backup", watch=stop)
    assert list(folder.iterdir()) == []


def test_a_restore_that_is_stopped_leaves_the_place_empty(here: Store, there: str, tmp_path: Path) -> None:
    made = backup.backup(_url(here), tmp_path / "copy.backup")

    def stop(_done: int, _of: int) -> None:
        raise Stopped

    with pytest.raises(Stopped):
        backup.restore(made.path, there, watch=stop)
    assert not (tmp_path / "restored.sqlite").exists()
    backup.restore(made.path, there)


def test_nothing_is_written_over(here: Store, there: str, tmp_path: Path) -> None:
    made = backup.backup(_url(here), tmp_path / "copy.backup")
    before = made.path.read_bytes()
    with pytest.raises(NotAllowed, match="backup-exists"):
        backup.backup(_url(here), made.path)
    assert made.path.read_bytes() == before
    with pytest.raises(NotAllowed, match="database-not-empty"):
        backup.restore(made.path, _url(here))
    with pytest.raises(Unavailable, match="folder-missing"):
        backup.backup(_url(here), tmp_path / "none" / "copy.backup")
    with pytest.raises(Unavailable, match="backup-missing"):
        backup.restore(tmp_path / "none.backup", there)


@pytest.mark.parametrize("with_hash", [True, False], ids=["with its hash", "without"])
@pytest.mark.parametrize("spoil", ["cut", "flipped", "other"])
def test_a_spoilt_copy_becomes_nothing(
    here: Store, there: str, tmp_path: Path, spoil: str, with_hash: bool
) -> None:
    path = backup.backup(_url(here), tmp_path / "copy.backup").path
    whole = path.read_bytes()
    spoilt = {
        "cut": whole[: len(whole) * 2 // 3],
        "flipped": whole[:5000] + bytes(4096) + whole[9096:],
        "other": b"%PDF-1.7\n" * 999,
    }
    path.write_bytes(spoilt[spoil])
    if not with_hash:
        path.with_name("copy.backup.sha256").unlink()
    with pytest.raises(Told) as caught:
        backup.restore(path, there)
    wanted = {"backup-damaged"} if with_hash else {
        "backup-damaged", "database-damaged", "not-a-database", "not-our-database",
    }  # fmt: skip
    assert caught.value.code in wanted
    assert not (tmp_path / "restored.sqlite").exists()
    if not there.startswith("sqlite"):
        making.create(there)  # it is as empty as it was


def test_a_copy_of_the_other_kind_is_said_to_be_sound(
    store: Store, postgres_store: Store, bare_postgres_url: str, tmp_path: Path
) -> None:
    of_file = backup.backup(_url(store), tmp_path / "copy.sqlite")
    of_server = backup.backup(_url(postgres_store), tmp_path / "copy.ruqsat")
    for copy, url in ((of_file, bare_postgres_url), (of_server, f"sqlite:///{tmp_path / 'new.sqlite'}")):
        with pytest.raises(NotAllowed, match="backup-other-kind"):
            backup.restore(copy.path, url)
    assert not (tmp_path / "new.sqlite").exists()


def test_a_copy_of_a_newer_program_is_refused(
    here: Store, there: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = backup.backup(_url(here), tmp_path / "copy.backup")
    for module in ("desktop.store.upgrade.HEAD", "desktop.models.migrations.HEAD"):
        monkeypatch.setattr(module, "0001")
    with pytest.raises(NotAllowed, match="database-newer"):
        backup.restore(made.path, there)


def test_rows_that_break_a_reference_are_not_taken(
    postgres_store: Store, bare_postgres_url: str, tmp_path: Path
) -> None:
    """An archive somebody edited, with its hashes made right: the foreign keys, put back last, refuse it."""
    made = backup.backup(_url(postgres_store), tmp_path / "copy.backup")
    forged = tmp_path / "forged.backup"
    _without_rows(made.path, forged, "person")
    with pytest.raises(psycopg.errors.ForeignKeyViolation):
        backup.restore(forged, bare_postgres_url)
    making.create(bare_postgres_url)


def _without_rows(source: Path, target: Path, name: str) -> None:
    """Copy an archive with one table emptied (binary COPY: its head and its end)."""
    empty = b"PGCOPY\n\xff\r\n\x00" + bytes(8) + b"\xff\xff"
    with archive.reading(source) as copied, archive.Writer(target) as writer:
        tables = []
        for table in copied.manifest.tables:
            pieces = [empty] if table.name == name else copied.rows(table)
            digest = writer.table(table.name, pieces)
            rows = 0 if table.name == name else table.rows
            tables.append(archive.Table(table.name, table.columns, rows, digest))
        told: dict[str, Any] = {
            field: getattr(copied.manifest, field) for field in copied.manifest.__slots__ if field != "tables"
        }
        writer.manifest(archive.Manifest(**told, tables=tuple(tables)))


def test_the_copy_of_a_server_says_who_works_there_and_keeps_no_password(
    postgres_store: Store, tmp_path: Path
) -> None:
    made = backup.backup(_url(postgres_store), tmp_path / "copy.backup")
    with archive.reading(made.path) as copied:
        manifest = copied.manifest
    assert manifest.revision == HEAD
    assert manifest.database == make_url(_url(postgres_store)).database
    assert {"login": "clerk", "active": True, "roles": ["clerk"]} in manifest.people
    with zipfile.ZipFile(made.path) as opened:
        assert b"SCRAM-SHA-256$" not in b"".join(opened.read(name) for name in opened.namelist())


def test_a_restored_server_office_has_rights_and_logins_of_its_own(
    postgres_store: Store, bare_postgres_url: str, tmp_path: Path
) -> None:
    """What a dump brings back wrongly: the rights on the database itself, and the roles of the old place."""
    made = backup.backup(_url(postgres_store), tmp_path / "copy.backup")
    backup.restore(made.path, bare_postgres_url)
    prefix = str(make_url(bare_postgres_url).database)
    with psycopg.connect(bare_postgres_url) as connection:
        assert connection.execute("SELECT prefix FROM installation").fetchall() == [(prefix,)]
        public = connection.execute(
            "SELECT has_database_privilege('public', current_database(), right_name)"
            " FROM unnest(ARRAY['CONNECT', 'TEMP', 'CREATE']) AS right_name"
        ).fetchall()
        assert public == [(False,)] * 3
        logins = connection.execute(
            "SELECT rolname, rolpassword FROM pg_authid WHERE rolcanlogin AND starts_with(rolname, %s)",
            (prefix,),
        ).fetchall()
    assert len(logins) == len(People.__slots__)
    assert {password for _name, password in logins} == {None}


def test_transactions_of_the_old_server_do_not_pass_for_those_of_the_new(
    postgres_store: Store, bare_postgres_url: str, tmp_path: Path, people: People, clock: Clock
) -> None:
    """On a server that has counted less far: the number of an old command comes again there."""
    story.teller(postgres_store, people, clock)("assign")
    ahead = 10**9
    with psycopg.connect(_url(postgres_store)) as connection:
        connection.execute("ALTER TABLE command DISABLE TRIGGER ALL")
        connection.execute("UPDATE command SET transaction_id = transaction_id + %s", (ahead,))
        connection.execute("ALTER TABLE command ENABLE TRIGGER ALL")
    made = backup.backup(_url(postgres_store), tmp_path / "copy.backup")
    backup.restore(made.path, bare_postgres_url)
    with psycopg.connect(bare_postgres_url) as connection:
        kept = connection.execute("SELECT count(*), count(transaction_id) FROM command").fetchone()
    assert kept is not None
    assert kept[0] > 0
    assert kept[1] == 0


def test_a_person_cannot_copy_what_he_may_not_see(postgres_store: Store, tmp_path: Path) -> None:
    url = make_url(_url(postgres_store)).set(username=f"{postgres_store.prefix}_clerk")
    with pytest.raises(NotAllowed, match="not-database-administrator"):
        backup.backup(url.render_as_string(), tmp_path / "copy.backup")
    assert list(tmp_path.glob("*backup*")) == []


def test_an_older_copy_is_brought_up_to_date(
    sqlite_url: str, tmp_path: Path, older: Callable[[str], None]
) -> None:
    older(sqlite_url)
    made = backup.backup(sqlite_url, tmp_path / "copy.backup")
    backup.restore(made.path, str(tmp_path / "restored.sqlite"))
    with closing(sqlite3.connect(tmp_path / "restored.sqlite")) as connection:
        assert connection.execute("SELECT version_num FROM alembic_version").fetchone() == (HEAD,)
    assert {path.name for path in tmp_path.iterdir() if "restored" in path.name} == {"restored.sqlite"}


def test_an_older_copy_of_a_server_is_brought_up_to_date(
    bare_postgres_url: str, postgres_server: str, tmp_path: Path, older: Callable[[str], None]
) -> None:
    making.create(bare_postgres_url)
    older(bare_postgres_url)
    made = backup.backup(bare_postgres_url, tmp_path / "copy.backup")
    with psycopg.connect(bare_postgres_url, autocommit=True) as connection:
        connection.execute("DROP SCHEMA public CASCADE")
        connection.execute("CREATE SCHEMA public")
    backup.restore(made.path, bare_postgres_url)
    assert making.upgrade(bare_postgres_url) == (HEAD, HEAD)


def test_a_copy_on_a_full_disk_is_told_and_leaves_nothing(
    here: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "copies"
    folder.mkdir()

    def full(*_args: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("desktop.store.backup.copies.os.replace", full)
    with pytest.raises(Unavailable, match="backup-unwritable"):
        backup.backup(_url(here), folder / "copy.backup")
    assert list(folder.iterdir()) == []


def test_a_file_beside_its_log_is_copied_with_what_the_log_holds(store: Store, tmp_path: Path) -> None:
    """A plain copy of the file alone would lose it."""
    with store.writing() as session:
        session.connection().exec_driver_sql("UPDATE office SET place_kk = 'Ақсай қ.'")
    made = backup.backup(_url(store), tmp_path / "copy.backup")
    plain = Path(shutil.copy(str(store.url.database), tmp_path / "plain.sqlite"))

    def place(path: Path) -> str:
        with closing(sqlite3.connect(path)) as connection:
            return str(connection.execute("SELECT place_kk FROM office").fetchone()[0])

    assert place(made.path) == "Ақсай қ."
    assert place(plain) == "Орал қ."
