"""A database is created, migrated, or left alone with a reason."""

import os
import sqlite3
import subprocess
import sys
import tempfile
from contextlib import closing
from pathlib import Path

import psycopg
import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import select

from desktop.errors import NotAllowed, Unavailable
from desktop.models import Confirmation, JournalEntry, Person
from desktop.models.migrations import HEAD
from desktop.store import making, proving, upgrade
from desktop.store.addresses import database_url, sqlite_path
from desktop.store.confirmed import alone
from desktop.store.database import Store, engine_for
from desktop.store.file_lock import FileLock
from tests import office
from tests.clock import Clock
from tests.office import People, people
from tests.seats import SeatedStore


def _revision(path: Path) -> str:
    with closing(sqlite3.connect(path)) as connection:
        return str(connection.execute("SELECT version_num FROM alembic_version").fetchone()[0])


def _tell(path: Path, statement: str) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute(statement)
        connection.commit()


def test_a_new_file_is_created(tmp_path: Path) -> None:
    path = tmp_path / "new.sqlite"
    upgrade.prepare(f"sqlite:///{path}")

    assert _revision(path) == HEAD
    Store(str(path)).dispose()
    assert {item.name for item in tmp_path.iterdir()} == {"new.sqlite", "new.sqlite.lock"}


def test_an_empty_file_is_as_good_as_none(tmp_path: Path) -> None:
    path = tmp_path / "new.sqlite"
    path.touch()
    upgrade.prepare(str(path))
    assert _revision(path) == HEAD


def test_a_ready_database_is_left_alone(sqlite_url: str) -> None:
    path = Path(sqlite_url.removeprefix("sqlite:///"))
    before = path.read_bytes()
    upgrade.prepare(sqlite_url)
    assert path.read_bytes() == before


def test_a_ready_postgresql_is_left_alone(postgres_store: Store, postgres_url: str) -> None:
    upgrade.prepare(postgres_url)
    with postgres_store.reading() as session:
        assert session.connection().exec_driver_sql("SELECT count(*) FROM person").scalar() == len(
            People.__slots__
        )


def test_an_older_file_is_migrated_as_a_copy_and_the_old_one_is_kept(
    sqlite_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """There is no older release yet: one is pretended, and the step to ours."""
    path = Path(sqlite_url.removeprefix("sqlite:///"))
    _tell(path, "UPDATE alembic_version SET version_num = '0000'")
    monkeypatch.setattr(upgrade, "migrate", _pretended)

    upgrade.prepare(sqlite_url)

    assert _revision(path) == HEAD
    kept = path.with_name(f"{path.name}.before-{HEAD}-0000")
    assert _revision(kept) == "0000"
    with closing(sqlite3.connect(kept)) as connection:
        assert connection.execute("SELECT count(*) FROM person").fetchone() == (len(people().__slots__),)
    assert not path.with_name(path.name + ".new").exists()


def test_a_migration_that_fails_leaves_the_file_as_it_was(
    sqlite_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = Path(sqlite_url.removeprefix("sqlite:///"))
    _tell(path, "UPDATE alembic_version SET version_num = '0000'")
    before = path.read_bytes()

    def fails(connection: object) -> None:
        _pretended(connection)
        raise ZeroDivisionError

    monkeypatch.setattr(upgrade, "migrate", fails)
    with pytest.raises(ZeroDivisionError):
        upgrade.prepare(sqlite_url)
    assert path.read_bytes() == before


def test_a_migrated_copy_that_is_broken_does_not_take_the_place(
    sqlite_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = Path(sqlite_url.removeprefix("sqlite:///"))
    _tell(path, "UPDATE alembic_version SET version_num = '0000'")
    _tell(path, "INSERT INTO person_role (person_id, role) VALUES (999, 'clerk')")
    monkeypatch.setattr(upgrade, "migrate", _pretended)
    with pytest.raises(Unavailable, match="database-damaged"):
        upgrade.prepare(sqlite_url)
    assert _revision(path) == "0000"


def _pretended(connection: object) -> None:
    connection.exec_driver_sql(f"UPDATE alembic_version SET version_num = '{HEAD}'")  # type: ignore[attr-defined]


def test_a_newer_database_is_refused_unchanged(sqlite_url: str) -> None:
    path = Path(sqlite_url.removeprefix("sqlite:///"))
    _tell(path, "UPDATE alembic_version SET version_num = '0099'")
    before = path.read_bytes()
    with pytest.raises(NotAllowed, match="database-newer"):
        upgrade.prepare(sqlite_url)
    assert path.read_bytes() == before


def test_a_newer_postgresql_is_refused(postgres_url: str) -> None:
    with psycopg.connect(postgres_url) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '0099'")
    with pytest.raises(NotAllowed, match="database-newer"):
        upgrade.prepare(postgres_url)


def test_an_older_postgresql_is_refused_unchanged(postgres_url: str) -> None:
    with psycopg.connect(postgres_url) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '0001'")
    with pytest.raises(NotAllowed, match="database-older") as caught:
        upgrade.prepare(postgres_url)
    assert caught.value.facts == {"found": "0001", "known": HEAD}
    with psycopg.connect(postgres_url) as connection:
        assert connection.execute("SELECT version_num FROM alembic_version").fetchall() == [("0001",)]


def test_an_empty_postgresql_is_the_administrators_to_make(bare_postgres_url: str) -> None:
    with pytest.raises(Unavailable, match="database-empty"):
        upgrade.prepare(bare_postgres_url)
    with psycopg.connect(bare_postgres_url) as connection:
        assert connection.execute(
            "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'"
        ).fetchone() == (0,)


def test_another_programs_postgresql_is_refused(bare_postgres_url: str) -> None:
    with psycopg.connect(bare_postgres_url) as connection:
        connection.execute("CREATE TABLE photos (id integer)")
    with pytest.raises(Unavailable, match="not-our-database"):
        upgrade.prepare(bare_postgres_url)


def test_garbage_and_other_programs_databases_are_refused(tmp_path: Path) -> None:
    garbage = tmp_path / "garbage.sqlite"
    garbage.write_bytes(b"%PDF-1.7\n" * 400)
    with pytest.raises(Unavailable, match="not-a-database"):
        upgrade.prepare(str(garbage))
    assert garbage.read_bytes() == b"%PDF-1.7\n" * 400

    other = tmp_path / "other.sqlite"
    _tell(other, "CREATE TABLE photos (id INTEGER)")
    with pytest.raises(Unavailable, match="not-our-database"):
        upgrade.prepare(str(other))


@pytest.mark.parametrize(
    "planted",
    [
        "CREATE TRIGGER planted AFTER INSERT ON case_file BEGIN DELETE FROM journal_entry; END",
        "CREATE VIEW planted AS SELECT password_hash FROM person",
        "DROP TRIGGER case_file_search_update",
    ],
)
def test_a_file_with_code_of_its_own_is_refused(sqlite_url: str, planted: str) -> None:
    _tell(Path(sqlite_url.removeprefix("sqlite:///")), planted)
    with pytest.raises(Unavailable, match="not-our-database"):
        upgrade.prepare(sqlite_url)


def test_a_file_in_use_is_refused_with_who_has_it(sqlite_url: str) -> None:
    held = FileLock(sqlite_path(Store(sqlite_url, exclusive=False).url), who="WS-03, 4711")
    try:
        with pytest.raises(Unavailable, match="database-in-use") as caught:
            upgrade.prepare(sqlite_url)
        assert caught.value.facts["who"] == "WS-03, 4711"
        upgrade.prepare(sqlite_url, exclusive=False)
    finally:
        held.release()


def test_a_missing_folder_is_told(tmp_path: Path) -> None:
    with pytest.raises(Unavailable, match="folder-missing"):
        upgrade.prepare(str(tmp_path / "none" / "office.sqlite"))


def test_a_folder_that_may_not_be_written_is_told() -> None:
    """In a process of an ordinary user: the administrator may write anywhere."""
    folder = Path(tempfile.mkdtemp(prefix="ruqsat-locked-"))
    folder.chmod(0o555)
    program = (
        "import os\n"
        "from desktop.errors import Unavailable\n"
        "from desktop.store import upgrade\n"
        "if os.geteuid() == 0: os.setuid(65534)\n"
        "try:\n"
        f"    upgrade.prepare({str(folder / 'office.sqlite')!r})\n"
        "except Unavailable as error:\n"
        "    print(error.code)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program],
        capture_output=True,
        text=True,
        check=False,
        cwd=Path(__file__).parents[2],
        env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1"},
    )
    folder.rmdir()
    assert done.stdout.strip() == "database-read-only", done.stderr


@pytest.mark.parametrize("engine", ["sqlite", "postgresql"])
def test_who_and_what_was_there_before_the_second_person_counts_as_confirmed(
    engine: str, request: pytest.FixtureRequest, clock: Clock
) -> None:
    """As an office of the release before would be upgraded."""
    url = request.getfixturevalue("sqlite_url" if engine == "sqlite" else "bare_postgres_url")
    if engine == "postgresql":
        making.create(url)
        seated = SeatedStore(url, workstation="WS")
        office.found(seated)
        seated.dispose()
    _without_second_person(url)
    making.upgrade(url)
    store = Store(url, exclusive=False)
    try:
        with store.reading() as session:
            rows = session.scalars(select(Confirmation)).all()
            assert {row.person_id for row in rows} == {row.id for row in session.scalars(select(Person))}
            assert all(row.confirmed_at and row.what[0] == "before" for row in rows)
            told = session.scalars(select(JournalEntry).order_by(JournalEntry.id.desc())).first()
            assert told is not None
            assert (told.event, told.facts["people"]) == ("counted-as-confirmed", len(rows))
            assert not alone(session, people().administrator.person_id)
        assert proving.prove(store).findings == []
    finally:
        store.dispose()


def _without_second_person(url: str) -> None:
    config = Config()
    config.set_main_option("script_location", "desktop.models:migrations")
    config.set_main_option("path_separator", "os")
    made = engine_for(database_url(url))
    with made.begin() as connection:
        config.attributes["connection"] = connection
        command.downgrade(config, "0010")
    made.dispose()
