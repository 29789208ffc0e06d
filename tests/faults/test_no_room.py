"""Row 16: no room for what is written: an export, the database of one workstation. Nothing half-made is left.

A limit on the size of files stands for the full disk in the ordinary run; the whole lane mounts a full one.
"""

import resource
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from desktop.store.database import Store
from tests.clock import Clock
from tests.faults import proof, state
from tests.faults.day import Day
from tests.faults.history import History
from tests.faults.zygote import ROOT
from tests.office import people as office_people
from tests.story import teller

_REGISTER = """
import sys
from pathlib import Path
from tests.faults.test_no_room import register_until_full
register_until_full(sys.argv[1], Path(sys.argv[2]))
"""


def register_until_full(url: str, history: Path) -> None:
    """In a process of its own: take in applications until one cannot be kept; then say so."""
    clock = Clock()
    store = Store(url, clock=clock, workstation="WS-01", exclusive=False)
    day = Day(History(history), teller(store, office_people(), clock))
    for turn in range(2000):
        outcome = day.register(f"Орал қ., Абай даңғ., {turn}")
        if outcome.type != "ok":
            sys.stdout.write(f"{turn} {getattr(outcome.error, 'code', outcome.error)}")
            return
    raise AssertionError("it is never full")


def _limited(size: int) -> Callable[[], None]:
    def limit() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)  # then a write fails as on a full disk
        resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))

    return limit


def test_a_database_without_room_keeps_what_it_acknowledged(sqlite_url, clock, history, tmp_path):
    path = Path(sqlite_url.removeprefix("sqlite:///"))
    store = Store(sqlite_url, clock=clock, exclusive=False)
    history.begin(store)
    store.dispose()
    asked = [sys.executable, "-c", _REGISTER, sqlite_url, str(history.path)]
    said = subprocess.run(
        asked,
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
        timeout=120,
        preexec_fn=_limited(path.stat().st_size + 400_000),
    )
    number, code = said.stdout.split()
    assert int(number) > 2
    assert code in {"disk-full", "database-gone"}
    assert state.whole(path) == "ok"
    assert proof.faults(history, sqlite_url) == []
    with Store(sqlite_url, clock=clock, exclusive=False).reading() as session:  # and there is room again
        count = session.connection().exec_driver_sql("SELECT count(*) FROM case_file").scalar_one()
    assert count == int(number)


@pytest.mark.parametrize("register", ["applications", "licences"])
def test_an_export_without_room_leaves_nothing(sqlite_url, case_at, tmp_path, register):
    for turn in range(3):
        case_at("assign", site=f"Орал қ., Абай даңғ., {turn}")
    folder = tmp_path / "out"
    folder.mkdir()
    (folder / "book.xlsx").write_bytes(b"the last one")
    asked = [
        "-m",
        "desktop",
        "export",
        register,
        "--database",
        sqlite_url,
        "--out",
        str(folder / "book.xlsx"),
    ]
    done = subprocess.run(
        [sys.executable, *asked],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
        preexec_fn=_limited(2_000),
    )
    assert done.returncode == 1, done
    assert done.stderr.startswith("ruqsat: "), done.stderr
    assert len(done.stderr.splitlines()) == 1
    assert [(path.name, path.read_bytes()) for path in folder.iterdir()] == [("book.xlsx", b"the last one")]


@pytest.mark.whole_lane
def test_a_disk_that_is_really_full(sqlite_url, clock, history, tmp_path):
    """A file system with room for some applications more; needs root."""
    office = Path(sqlite_url.removeprefix("sqlite:///"))
    place = tmp_path / "small"
    place.mkdir()
    size = office.stat().st_size + 2_000_000
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(place)], check=True)
    try:
        path = place / "office.sqlite"
        path.write_bytes(office.read_bytes())
        url = f"sqlite:///{path}"
        store = Store(url, clock=clock, exclusive=False)
        history.begin(store)
        store.dispose()
        asked = [sys.executable, "-c", _REGISTER, url, str(history.path)]
        said = subprocess.run(asked, cwd=ROOT, capture_output=True, text=True, check=True, timeout=120)
        number, code = said.stdout.split()
        assert int(number) > 2
        assert code == "disk-full"
        assert state.whole(path) == "ok"
        assert proof.faults(history, url) == []
    finally:
        subprocess.run(["umount", str(place)], check=True)
