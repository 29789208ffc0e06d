"""An administrator's database: made from nothing, upgraded once, and left as it was when that fails."""

import os
import signal
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import psycopg
import pytest
from psycopg import sql
from sqlalchemy.engine import make_url

from desktop.errors import NotAllowed, Unavailable
from desktop.models.migrations import HEAD
from desktop.store import making
from desktop.store import upgrade as schema
from desktop.store.database import Store
from tests.office import found

HERE = Path(__file__).parents[2]


def _tables(url: str) -> list[str]:
    with psycopg.connect(url) as connection:
        rows = connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'").fetchall()
    return [name for (name,) in rows]


def _revision(url: str) -> str:
    with psycopg.connect(url) as connection:
        row = connection.execute("SELECT version_num FROM alembic_version").fetchone()
    assert row is not None
    return str(row[0])


def test_an_empty_database_becomes_an_office_in_one_transaction(bare_postgres_url: str) -> None:
    making.create(bare_postgres_url, then=_founded)
    store = Store(bare_postgres_url)
    with store.reading() as session:
        assert session.connection().exec_driver_sql("SELECT login FROM person").scalar() == "administrator"
    store.dispose()


def _founded(store: Store) -> None:
    from desktop.cases import office
    from tests.office import PASSWORD

    office.create_office(
        store,
        office.NewOffice(
            name_kk="Басқарма", name_ru="Управление", bin="050140003412", address_kk="Орал", address_ru="Уральск",
            place_kk="Орал қ.", place_ru="г. Уральск", administrator_password=PASSWORD,
            administrator=office.PersonFacts("administrator", "Әкімова", "Акимова", "", "", "", frozenset()),
        ),
    )  # fmt: skip


@pytest.mark.parametrize("engine", ["sqlite", "postgresql"])
def test_a_founding_that_fails_leaves_nothing(
    engine: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    file = tmp_path / "new.sqlite"
    url = f"sqlite:///{file}" if engine == "sqlite" else request.getfixturevalue("bare_postgres_url")

    def fails(store: Store) -> None:
        _founded(store)
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        making.create(url, then=fails)
    assert list(tmp_path.iterdir()) == []
    assert engine == "sqlite" or _tables(url) == []


def test_a_database_that_is_not_empty_is_refused(
    sqlite_url: str, postgres_url: str, bare_postgres_url: str
) -> None:
    before = Path(sqlite_url.removeprefix("sqlite:///")).read_bytes()
    for url in (sqlite_url, postgres_url):
        with pytest.raises(NotAllowed, match="database-not-empty"):
            making.create(url)
    assert Path(sqlite_url.removeprefix("sqlite:///")).read_bytes() == before
    with psycopg.connect(bare_postgres_url) as connection:
        connection.execute("CREATE SCHEMA photos")
        connection.execute("CREATE TABLE photos.photo (id integer)")
    with pytest.raises(NotAllowed, match="database-not-empty"):
        making.create(bare_postgres_url)
    assert _tables(bare_postgres_url) == []


def test_a_login_that_is_no_administrators_makes_nothing(bare_postgres_url: str) -> None:
    name = make_url(bare_postgres_url).database
    assert name is not None
    role = f"{name}_guest"
    with psycopg.connect(bare_postgres_url) as connection:
        connection.execute(sql.SQL("CREATE ROLE {} LOGIN").format(sql.Identifier(role)))
    url = make_url(bare_postgres_url).set(username=role).render_as_string()
    try:
        for act in (making.create, making.upgrade):
            with pytest.raises(NotAllowed, match="not-database-administrator"):
                act(url)
        assert _tables(bare_postgres_url) == []
    finally:
        with psycopg.connect(bare_postgres_url) as connection:
            connection.execute(sql.SQL("DROP ROLE {}").format(sql.Identifier(role)))


def test_four_upgrades_at_once_migrate_once(
    bare_postgres_url: str, older: Callable[[str], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    making.create(bare_postgres_url)
    older(bare_postgres_url)
    failures: list[BaseException] = []
    steps: list[tuple[str, str]] = []
    migrations: list[int] = []
    really = schema.migrate

    def counted(connection: object) -> None:
        migrations.append(1)
        really(connection)  # type: ignore[arg-type]

    monkeypatch.setattr(schema, "migrate", counted)

    def upgrade() -> None:
        try:
            steps.append(making.upgrade(bare_postgres_url))
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=upgrade) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert sorted(steps) == [("0001", HEAD), *[(HEAD, HEAD)] * 3]
    assert len(migrations) == 1
    assert _revision(bare_postgres_url) == HEAD


def test_an_upgrade_that_fails_in_the_middle_leaves_the_database_as_it_was(
    bare_postgres_url: str, older: Callable[[str], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    making.create(bare_postgres_url)
    older(bare_postgres_url)
    before = _tables(bare_postgres_url)
    really = schema.migrate

    def half(connection: object) -> None:
        really(connection)  # type: ignore[arg-type]
        raise ZeroDivisionError

    monkeypatch.setattr(schema, "migrate", half)
    with pytest.raises(ZeroDivisionError):
        making.upgrade(bare_postgres_url)
    assert (_tables(bare_postgres_url), _revision(bare_postgres_url)) == (before, "0001")


_HALF_WAY = """
import sys
from desktop.store import making, upgrade
really = upgrade.migrate
def half(connection):
    really(connection)
    print("migrated", flush=True)
    sys.stdin.read()
upgrade.migrate = half
making.upgrade(sys.argv[1])
"""


@pytest.mark.parametrize("engine", ["sqlite", "postgresql"])
def test_an_upgrade_that_is_killed_in_the_middle(
    engine: str, sqlite_url: str, bare_postgres_url: str, older: Callable[[str], None]
) -> None:
    path = Path(sqlite_url.removeprefix("sqlite:///"))
    url = sqlite_url if engine == "sqlite" else bare_postgres_url
    if engine == "postgresql":
        making.create(url)
    older(url)
    killed = subprocess.Popen(
        [sys.executable, "-c", _HALF_WAY, url], cwd=HERE, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    assert killed.stdout is not None
    assert killed.stdin is not None
    assert killed.stdout.readline() == b"migrated\n"
    os.kill(killed.pid, signal.SIGKILL)
    killed.wait(60)
    killed.stdin.close()
    killed.stdout.close()

    if engine == "sqlite":
        with closing(sqlite3.connect(path)) as connection:
            assert connection.execute("SELECT version_num FROM alembic_version").fetchone() == ("0001",)
            assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    else:
        assert _revision(url) == "0001"
    assert making.upgrade(url) == ("0001", HEAD)
    assert making.upgrade(url) == (HEAD, HEAD)


def test_a_newer_and_an_empty_database_are_not_upgraded(
    postgres_url: str, bare_postgres_url: str, tmp_path: Path
) -> None:
    with psycopg.connect(postgres_url) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '0099'")
    with pytest.raises(NotAllowed, match="database-newer"):
        making.upgrade(postgres_url)
    with pytest.raises(Unavailable, match="database-empty"):
        making.upgrade(bare_postgres_url)
    with pytest.raises(Unavailable, match="database-missing"):
        making.upgrade(str(tmp_path / "none.sqlite"))


def test_a_file_is_made_whole(tmp_path: Path) -> None:
    path = tmp_path / "new.sqlite"
    making.create(str(path), then=found)
    assert {item.name for item in tmp_path.iterdir()} == {"new.sqlite"}
    Store(str(path)).dispose()
