"""The demo office on a PostgreSQL server that asks for passwords, built and played by a real process, once for all tests."""

import json
import os
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest
from sqlalchemy.engine import make_url

from tests.end2end.test_main_job import HERE
from tests.guarded_server import Guarded


@pytest.fixture(scope="module")
def demo(guarded_office: Guarded, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """The summary of the run, with the folder in "folder" and the administrator's URL in "administrator"."""
    with psycopg.connect(guarded_office.administrator, autocommit=True) as connection:
        connection.execute("CREATE DATABASE demo TEMPLATE template0 ENCODING 'UTF8'")
    administrator = make_url(guarded_office.administrator).set(database="demo").render_as_string()
    folder = tmp_path_factory.mktemp("demo")
    ran = _demo(administrator, folder)
    assert (ran.returncode, ran.stderr) == (0, ""), ran.stdout + ran.stderr
    summary = json.loads((folder / "summary.json").read_text(encoding="utf-8"))
    return {**summary, "folder": folder, "administrator": administrator}


def _demo(administrator: str, folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "desktop", "demo", "--headless", "--database", administrator, "--out", str(folder)],
        capture_output=True,
        text=True,
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen", "PYTHONPATH": str(HERE)},
        timeout=280,
        check=False,
    )  # fmt: skip


def _as(demo: dict[str, Any], role: str) -> psycopg.Connection[Any]:
    """Connect as psql would: with the login and the password of the summary."""
    person = next(one for one in demo["people"] if one["role"] == role)
    url = make_url(demo["database"]).set(username=person["login"], password=person["password"])
    return psycopg.connect(url.render_as_string(hide_password=False))


def test_the_main_job_was_done_on_the_server(demo):
    for name in ("licence.pdf", "refusal.pdf", "receipt.pdf", "request.pdf"):
        assert (demo["folder"] / name).read_bytes().startswith(b"%PDF-")
    assert (demo["folder"] / "applications.xlsx").exists()
    assert demo["licence_number"]
    with psycopg.connect(demo["administrator"]) as connection:
        (count,) = connection.execute("SELECT count(*) FROM case_file").fetchone()
    assert count > 60


def test_everybody_has_a_login_of_his_own_and_a_password_nobody_else_has(demo):
    assert {person["role"] for person in demo["people"]} == {
        "administrator", "clerk", "head", "department_head", "executor", "auditor",
    }  # fmt: skip
    assert len({person["password"] for person in demo["people"]}) == len(demo["people"])
    assert "@" not in demo["database"].partition("?")[0]
    for person in demo["people"]:
        with _as(demo, person["role"]) as connection:
            assert connection.execute("SELECT session_user::text").fetchone() == (person["login"],)
        wrong = make_url(demo["database"]).set(username=person["login"], password="demo-office")
        with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
            psycopg.connect(wrong.render_as_string(hide_password=False))


def test_no_case_was_made_by_the_administrator_of_the_server(demo):
    with psycopg.connect(demo["administrator"]) as connection:
        logins = {
            row[0] for row in connection.execute("SELECT DISTINCT login FROM command WHERE kind <> 'found'")
        }
        sealed = {
            row[0]
            for row in connection.execute(
                "SELECT DISTINCT l.login FROM journal_link l JOIN journal_image i"
                " ON i.id BETWEEN l.first_image AND l.last_image WHERE i.table_name = 'case_file'"
            )
        }
    assert logins == {person["login"].removeprefix("demo_") for person in demo["people"]}
    assert sealed
    assert sealed <= {person["login"] for person in demo["people"]}


def test_the_servers_own_clock_goes_on_afterwards(demo):
    with _as(demo, "clerk") as connection:
        connection.execute("SELECT set_config('ruqsat.clock', '2018-01-01T00:00:00+00:00', true)")
        (now,) = connection.execute("SELECT server_now()").fetchone()
    assert abs(now - datetime.now(UTC)) < timedelta(minutes=1)


def test_a_database_that_is_not_empty_is_refused(demo, tmp_path):
    with psycopg.connect(demo["administrator"]) as connection:
        before = connection.execute("SELECT count(*), max(at) FROM command").fetchone()
    again = _demo(demo["administrator"], tmp_path / "again")
    assert again.returncode == 1
    assert "is not empty. Nothing was changed." in again.stderr
    with psycopg.connect(demo["administrator"]) as connection:
        assert connection.execute("SELECT count(*), max(at) FROM command").fetchone() == before
