"""A program and a database of different versions: each way is refused politely, and nothing is written."""

import hashlib
from pathlib import Path

import psycopg
import pytest

from desktop.errors import NotAllowed
from desktop.models.migrations import HEAD
from desktop.store import backup, making, upgrade

OLDER_PROGRAM, NEWER_PROGRAM = "0001", "9999"


@pytest.fixture
def program_of(monkeypatch: pytest.MonkeyPatch) -> object:
    """``program_of(revision)``: from now on this program is the one that made that revision."""

    def pretend(revision: str) -> None:
        for place in ("desktop.store.upgrade.HEAD", "desktop.store.making.HEAD"):
            monkeypatch.setattr(place, revision)

    return pretend


def _rows(url: str) -> list[tuple[object, ...]]:
    """How much was ever written to each table, by the server's own count."""
    with psycopg.connect(url) as connection:
        connection.execute("SELECT pg_stat_force_next_flush()")
        return connection.execute(
            "SELECT relname, n_tup_ins, n_tup_upd, n_tup_del FROM pg_stat_user_tables ORDER BY relname"
        ).fetchall()


@pytest.mark.parametrize(
    ("program", "code"), [(OLDER_PROGRAM, "database-newer"), (NEWER_PROGRAM, "database-older")]
)
def test_a_client_of_another_version_leaves_a_server_alone(
    postgres_url: str, program_of, program: str, code: str
) -> None:
    before = _rows(postgres_url)
    program_of(program)
    for exclusive in (True, False):
        with pytest.raises(NotAllowed, match=code) as caught:
            upgrade.prepare(postgres_url, exclusive=exclusive)
        assert caught.value.facts == {"found": HEAD, "known": program}
    assert _rows(postgres_url) == before


def test_an_older_administrator_upgrades_nothing(
    postgres_url: str, sqlite_url: str, tmp_path: Path, program_of
) -> None:
    made = backup.backup(sqlite_url, tmp_path / "copy.sqlite")
    path = Path(sqlite_url.removeprefix("sqlite:///"))
    before, rows = hashlib.sha256(path.read_bytes()).hexdigest(), _rows(postgres_url)
    program_of(OLDER_PROGRAM)
    for url in (postgres_url, sqlite_url):
        with pytest.raises(NotAllowed, match="database-newer"):
            making.upgrade(url)
    with pytest.raises(NotAllowed, match="database-newer"):
        upgrade.prepare(sqlite_url)
    with pytest.raises(NotAllowed, match="database-newer"):
        backup.restore(made.path, str(tmp_path / "restored.sqlite"))
    assert hashlib.sha256(path.read_bytes()).hexdigest() == before
    assert _rows(postgres_url) == rows
    assert not (tmp_path / "restored.sqlite").exists()
