"""``ruqsat database``: what an administrator types, and what is said back."""

import json
from pathlib import Path
from typing import Any

import psycopg
import pytest

from desktop import commandline
from desktop.cases.signing_in import sign_in
from desktop.models.migrations import HEAD
from desktop.store.database import Store
from tests.office import PASSWORD

OFFICE: dict[str, Any] = {
    "name_kk": "Басқарма",
    "name_ru": "Управление",
    "bin": "050140003412",
    "address_kk": "Орал қаласы",
    "address_ru": "город Уральск",
    "place_kk": "Орал қ.",
    "place_ru": "г. Уральск",
    "numbers_licences": True,
    "administrator": {"login": "ernar", "name_kk": "Ернар Қ.", "name_ru": "Ернар К."},
}


@pytest.fixture
def office_file(tmp_path: Path) -> Path:
    path = tmp_path / "office.json"
    path.write_text(json.dumps(OFFICE), encoding="utf-8")
    return path


@pytest.mark.parametrize("engine", ["sqlite", "postgresql"])
def test_init_founds_the_office_of_a_file(
    engine: str,
    office_file: Path,
    request: pytest.FixtureRequest,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    new = office_file.with_name("new.sqlite")
    url = str(new) if engine == "sqlite" else request.getfixturevalue("bare_postgres_url")
    monkeypatch.setenv("FIRST_PASSWORD", PASSWORD)
    wanted = ["database", "init", "--database", url, "--office", str(office_file)]
    assert commandline.main([*wanted, "--password-from", "FIRST_PASSWORD"]) == 0
    assert capsys.readouterr().out == "The office is founded: Управление\n"

    assert commandline.main([*wanted, "--password-from", "FIRST_PASSWORD"]) == 1
    assert "is not empty. Nothing was changed." in capsys.readouterr().err
    assert commandline.main(["database", "upgrade", "--database", url]) == 0
    assert capsys.readouterr().out == f"The database is of revision {HEAD}.\n"


def test_init_makes_nothing_without_a_password(
    office_file: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("FIRST_PASSWORD", raising=False)
    new = office_file.with_name("new.sqlite")
    wanted = ["database", "init", "--database", str(new), "--office", str(office_file)]
    assert commandline.main([*wanted, "--password-from", "FIRST_PASSWORD"]) == 1
    assert "There is no password to take from FIRST_PASSWORD." in capsys.readouterr().err
    assert not new.exists()


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"administrator_password": "x"}, "administrator_password: not a field of an office"),
        ({"name_kk": 5}, "name_kk must be a text"),
        ({"administrator": {"roles": ["head"]}}, "administrator must be an object"),
        ({"seal": "none.png"}, "No such file"),
        ({"bin": None}, "bin must be a text"),
    ],
)
def test_an_office_that_cannot_be_understood_is_told(
    change: dict[str, Any],
    said: str,
    office_file: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("FIRST_PASSWORD", PASSWORD)
    office_file.write_text(json.dumps(OFFICE | change), encoding="utf-8")
    new = office_file.with_name("new.sqlite")
    wanted = ["database", "init", "--database", str(new), "--office", str(office_file)]
    assert commandline.main([*wanted, "--password-from", "FIRST_PASSWORD"]) == 1
    assert said in capsys.readouterr().err
    assert not new.exists()


def test_a_wrong_field_of_the_office_leaves_the_database_empty(
    office_file: Path,
    bare_postgres_url: str,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("FIRST_PASSWORD", "short")
    wanted = ["database", "init", "--database", bare_postgres_url, "--office", str(office_file)]
    assert commandline.main([*wanted, "--password-from", "FIRST_PASSWORD"]) == 1
    assert "At least 8" in capsys.readouterr().err
    with psycopg.connect(bare_postgres_url) as connection:
        found = connection.execute("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'").fetchone()
    assert found == (0,)


@pytest.mark.parametrize("engine", ["sqlite", "postgresql"])
def test_a_copy_and_the_way_back(
    engine: str,
    tmp_path: Path,
    request: pytest.FixtureRequest,
    capsys: pytest.CaptureFixture[str],
) -> None:
    url = request.getfixturevalue("sqlite_url" if engine == "sqlite" else "postgres_url")
    there = (
        str(tmp_path / "there.sqlite") if engine == "sqlite" else request.getfixturevalue("bare_postgres_url")
    )
    (tmp_path / "copies").mkdir()
    assert commandline.main(["database", "backup", "--database", url, "--out", str(tmp_path / "copies")]) == 0
    said = capsys.readouterr().out
    (copied,) = (path for path in (tmp_path / "copies").iterdir() if path.suffix != ".sha256")
    assert said.startswith(f"{copied}: {copied.stat().st_size} bytes, SHA-256 ")

    restore = ["database", "restore", "--database", there, "--from", str(copied)]
    assert commandline.main(restore) == 0
    assert capsys.readouterr().out.startswith(f"The office of {copied} is restored.")
    assert commandline.main(restore) == 1
    assert "is not empty. Nothing was changed." in capsys.readouterr().err


@pytest.mark.parametrize("engine", ["sqlite", "postgresql"])
def test_a_restored_office_lets_in_whom_its_administrator_gives_a_password(
    engine: str,
    request: pytest.FixtureRequest,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    url = request.getfixturevalue("sqlite_url" if engine == "sqlite" else "postgres_url")
    monkeypatch.setenv("NEW", "Jana-qupiya-1")
    wanted = ["database", "password", "--database", url, "--password-from", "NEW", "--login"]
    assert commandline.main([*wanted, "administrator"]) == 0
    assert capsys.readouterr().out == "administrator has a new password.\n"
    assert commandline.main([*wanted, "nobody"]) == 1
    assert "Nobody here has the login nobody." in capsys.readouterr().err
    if engine == "sqlite":
        store = Store(url)
        assert sign_in(store, login="administrator", password="Jana-qupiya-1", workstation="")
        store.dispose()


def test_a_copy_that_is_interrupted_says_what_it_left(
    sqlite_url: str,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def interrupted(*_args: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("desktop.store.backup.of_file.copy", interrupted)
    wanted = ["database", "backup", "--database", sqlite_url, "--out", str(tmp_path / "copy.sqlite")]
    assert commandline.main(wanted) == 1
    assert "The copy was stopped." in capsys.readouterr().err
    assert not (tmp_path / "copy.sqlite").exists()


def test_a_database_is_looked_over(
    sqlite_url: str, postgres_url: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    check = ["database", "check", "--database"]
    assert commandline.main([*check, sqlite_url]) == 0
    assert "good     The journal holds, up to record" in capsys.readouterr().out
    assert commandline.main([*check, postgres_url, "--json"]) == 1  # made for tests: a loss of power loses it
    told = json.loads(capsys.readouterr().out)
    assert told["well"] is False
    assert {
        "grade": "good",
        "code": "check-encoding",
        "text": "The database keeps every letter (UTF8).",
    } in told["findings"]
    assert commandline.main([*check, str(tmp_path / "none.sqlite")]) == 2
    assert capsys.readouterr().err.startswith("CANNOT BE CHECKED: There is no database at ")
