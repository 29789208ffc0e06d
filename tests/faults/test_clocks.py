"""Rows 35 to 37: clocks that are wrong, and sessions that think they are somewhere else.

On a server its own clock counts, whatever a workstation shows; without one a clock put back is refused. The year of
a number is the department's. libfaketime lies to whole programs.
"""

import json
import os
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psycopg
import pytest

from desktop.cases import registering
from desktop.models import Case, RegisterNumber
from tests import story
from tests.clock import Clock
from tests.faults import offices, pages, proof
from tests.faults.cluster import Cluster
from tests.faults.day import Day
from tests.faults.history import History
from tests.faults.zygote import ROOT
from tests.office import people as office_people

_FAKETIME = "/usr/lib/x86_64-linux-gnu/faketime/libfaketimeMT.so.1"
_REGISTER = "import sys; from tests.faults import test_clocks; test_clocks.register_now(*sys.argv[1:])"


def register_now(url: str, history: str, site: str) -> None:
    """In a program of its own, by the clock it has: take in an application; say what came of it and what it is o'clock."""
    store = offices.workstation(url, None, "WS-07")
    clock = Clock()
    clock.set(datetime.now(UTC))
    outcome = Day(History(Path(history)), story.teller(store, office_people(), clock)).register(site)
    told = {
        "type": outcome.type,
        "code": getattr(outcome.error, "code", ""),
        "now": datetime.now(UTC).isoformat(),
    }
    sys.stdout.write(json.dumps(told))
    store.dispose()


def _registered(url: str, history: History, site: str, moved: str = "") -> dict[str, str]:
    """``moved``: by how much the program's clock is wrong, as faketime writes it."""
    environment = dict(os.environ)
    if moved:
        assert Path(_FAKETIME).exists(), "this lane needs libfaketime (Debian package faketime)"
        environment |= {"LD_PRELOAD": _FAKETIME, "FAKETIME": moved, "FAKETIME_DONT_FAKE_MONOTONIC": "1"}
    done = subprocess.run(
        [sys.executable, "-c", _REGISTER, url, str(history.path), site],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=True,
        timeout=120,
    )
    told: dict[str, str] = json.loads(done.stdout)
    return told


@pytest.mark.whole_lane
def test_a_workstation_with_a_wrong_clock_registers_by_the_servers(
    own_office, people, clock, history, plain_begin
):
    plain_begin(own_office)
    began = datetime.now(UTC)
    for turn, moved in enumerate(("-3d", "+2y", "")):
        told = _registered(own_office, history, f"Орал қ., Абай даңғ., {turn}", moved)
        assert told["type"] == "ok", told
        shown = datetime.fromisoformat(told["now"]) - datetime.now(UTC)
        assert bool(moved) == (abs(shown) > timedelta(days=1))
    ended = datetime.now(UTC)
    store = offices.workstation(own_office, None, "WS-01")
    with store.reading() as session:
        moments = [case.registered_at for case in session.query(Case).order_by(Case.id)]
        numbers = [number.year for number in session.query(RegisterNumber)]
    store.dispose()
    assert all(began - timedelta(seconds=5) <= moment <= ended for moment in moments)
    assert len(set(numbers)) == 1
    assert proof.faults(history, own_office) == []


@pytest.mark.whole_lane
def test_a_clock_put_back_is_refused_without_a_server(sqlite_url, people, clock, history, plain_begin):
    plain_begin(sqlite_url)
    assert _registered(sqlite_url, history, "Орал қ., Абай даңғ., 1")["type"] == "ok"
    back = _registered(sqlite_url, history, "Орал қ., Абай даңғ., 2", "-3d")
    assert (back["type"], back["code"]) == ("fail", "clock-put-back")
    assert _registered(sqlite_url, history, "Орал қ., Абай даңғ., 3")["type"] == "ok"
    assert proof.faults(history, sqlite_url) == []


def test_the_clock_of_one_workstation_must_not_run_behind_its_journal(
    sqlite_url, people, history, plain_begin
):
    """The same without libfaketime: the journal has an entry of tomorrow."""
    tomorrow, now = Clock(), Clock()
    tomorrow.set(datetime.now(UTC) + timedelta(days=1))
    now.set(datetime.now(UTC))
    plain_begin(sqlite_url)
    ahead = offices.workstation(sqlite_url, tomorrow, "WS-01")
    assert Day(history, story.teller(ahead, people, tomorrow)).register("Орал қ., Абай даңғ., 1").type == "ok"
    ahead.dispose()
    behind = offices.workstation(sqlite_url, None, "WS-01")
    refused = Day(history, story.teller(behind, people, now)).register("Орал қ., Абай даңғ., 2")
    assert getattr(refused.error, "code", "") == "clock-put-back"
    assert refused.error.facts["now"] < refused.error.facts["last"]  # type: ignore[union-attr]
    behind.dispose()
    assert proof.faults(history, sqlite_url) == []


@pytest.mark.whole_lane
def test_the_servers_clock_goes_back(people, history, plain_begin, tmp_path):
    """Nothing is lost and the journal keeps its order by position; the entries say what the clock said."""
    told = tmp_path / "clock"
    told.write_text("+0s")
    os.chmod(tmp_path, 0o755)
    for folder in tmp_path.parents:
        if folder.name.startswith("pytest-"):
            os.chmod(folder, 0o755)
    assert Path(_FAKETIME).exists(), "this lane needs libfaketime (Debian package faketime)"
    lied_to = {
        "LD_PRELOAD": _FAKETIME,
        "FAKETIME_TIMESTAMP_FILE": str(told),
        "FAKETIME_NO_CACHE": "1",
        "FAKETIME_DONT_FAKE_MONOTONIC": "1",
    }
    one = Cluster(environment=lied_to)
    clock = Clock()
    clock.set(datetime.now(UTC))
    with one as address, offices.founded(address) as url:
        plain_begin(url)
        store = offices.workstation(url, None, "WS-01")
        day = Day(history, story.teller(store, people, clock))
        for turn, moved in enumerate(("+0s", "-3h", "+1h")):
            told.write_text(moved)
            outcome = day.register(f"Орал қ., Абай даңғ., {turn}")
            assert outcome.type == "ok", outcome.error
        with psycopg.connect(url.replace("postgresql+psycopg://", "postgresql://")) as connection:
            moments = [
                row[0]
                for row in connection.execute(
                    "SELECT at FROM journal_entry WHERE event = 'registered' ORDER BY id"
                ).fetchall()
            ]
        store.dispose()
        assert moments[1] < moments[0] < moments[2]
        assert proof.faults(history, url) == []


@pytest.mark.parametrize(
    ("moment", "year"),
    [("2018-12-31T23:30", 2018), ("2019-01-01T00:10", 2019), ("2018-12-31T20:30", 2018)],
)
def test_the_year_of_a_number_is_the_departments(
    postgres_url, people, clock, history, plain_begin, moment, year
):
    """In Tokyo it is the next year already, and in Greenwich still the last one."""
    name = postgres_url.rpartition("/")[2].partition("?")[0]
    with psycopg.connect(
        postgres_url.replace("postgresql+psycopg://", "postgresql://"), autocommit=True
    ) as connection:
        connection.execute(f"ALTER DATABASE {name} SET timezone = 'Asia/Tokyo'")
    clock.set(moment)
    plain_begin(postgres_url)
    mark = "&" if "?" in postgres_url else "?"
    store = offices.workstation(f"{postgres_url}{mark}options=-c%20TimeZone%3DAsia/Tokyo", clock, "WS-01")
    form = story.application(store, fee_paid_on=clock.moment.date())
    registered = registering.register_application(store, people.clerk, application=form, draw=pages.draw)
    assert registered.number == f"{year}-000001"
    assert registered.due_at.utcoffset() == timedelta(hours=5)
    with store.reading() as session:
        assert session.get_one(Case, registered.case_id).registered_at == clock.moment.astimezone(UTC)
    store.dispose()
    found = proof.faults(history, postgres_url)
    assert [fault for fault in found if "nobody asked for it" not in fault] == []
