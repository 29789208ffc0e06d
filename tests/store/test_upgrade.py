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

from desktop.errors import NotAllowed, Unavailable
from desktop.models.migrations import HEAD
from desktop.store import upgrade
from desktop.store.addresses import sqlite_path
from desktop.store.database import Store
from desktop.store.file_lock import FileLock
from tests.office import People, people


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
