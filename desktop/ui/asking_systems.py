"""What a window has done off its thread when another system is asked, a package is opened or a result is written.

Each function is run on a lane; what it needs is imported where it runs.
"""

import shutil
import tempfile
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from desktop.regulation.systems import Answer, Connection, Question, System
from desktop.settings import token_folder

_PRIVATE = "ruqsat-package-"


def port_of(connection: Connection, office_bin: str = "") -> Any:
    """Return the way to a system, with this workstation's token for it."""
    from desktop.exchange.http_port import HttpPort
    from desktop.exchange.tokens import TokenFolder

    token = TokenFolder(token_folder()).read(connection.system)
    return HttpPort(connection, token=token, office_bin=office_bin)


def ask_system(*, connection: Connection, question: Question, office_bin: str) -> Answer:
    """Ask; takes as long as the connection allows."""
    answer: Answer = port_of(connection, office_bin).ask(question)
    return answer


def try_system(*, connection: Connection, question: Question, office_bin: str) -> str:
    """Return why the system is out of reach, "" when it answers; nothing is kept of what it says."""
    from desktop.exchange.http_port import Unreached

    if connection.system is System.AUTHORITY:
        try:
            port_of(connection, office_bin).fetch()
        except Unreached as trouble:
            return trouble.code
        return ""
    return ask_system(
        connection=replace(connection, attempts=1), question=question, office_bin=office_bin
    ).reason


def tokens_kept() -> frozenset[System]:
    """Return the systems this workstation has a token for."""
    from desktop.exchange.tokens import TokenFolder

    folder = TokenFolder(token_folder())
    return frozenset(system for system in System if folder.has(system))


def keep_token(*, system: System, token: str) -> frozenset[System]:
    """Keep a token on this workstation, "" forgets it; returns as :func:`tokens_kept`."""
    from desktop.exchange.tokens import TokenFolder

    TokenFolder(token_folder()).keep(system, token)
    return tokens_kept()


# packages


@dataclass(frozen=True, slots=True)
class Opened:
    """A package as it was opened on this workstation, and the private folder its files lie in."""

    package: Any  # exchange.container.Package
    folder: Path


def open_package(*, path: str, limit: int) -> Opened:
    """Open a package into a private folder of its own; the folder goes when it cannot be opened."""
    from desktop.exchange import container

    folder = Path(tempfile.mkdtemp(prefix=_PRIVATE))
    try:
        return Opened(container.open_package(Path(path), folder / "files", limit=limit), folder)
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise


def judge_package(*, opened: Opened, grounds: Any) -> Any:
    """Return what every condition found (``cases.packages.PackageCame``); asks the systems that are connected."""
    from desktop.exchange.judging import judge

    return judge(opened.package, grounds, lambda connection: port_of(connection, grounds.office_bin))


def close_package(*, opened: Opened) -> None:
    """Take away what was unpacked, and the package itself where it was our own copy."""
    shutil.rmtree(opened.folder, ignore_errors=True)
    if opened.package.path.parent.name.startswith(_PRIVATE):
        shutil.rmtree(opened.package.path.parent, ignore_errors=True)


def arrived(
    *, folder: str, seen: frozenset[tuple[str, int, int]]
) -> tuple[tuple[str, tuple[str, int, int]], ...]:
    """Return the packages in the folder that were not seen before: their path, and what they are known by here."""
    found = []
    for path in sorted(Path(folder).glob("*.zip")):
        try:
            told = path.stat()
        except OSError:  # it went while we looked
            continue
        mark = (path.name, told.st_size, told.st_mtime_ns)
        if path.is_file() and mark not in seen:
            found.append((str(path), mark))
    return tuple(found)


def private_folder() -> Path:
    """Return a new folder of this user's alone."""
    return Path(tempfile.mkdtemp(prefix=_PRIVATE))


# results


def write_result(*, papers: Any, folder: str) -> str:
    """Write a result as a package; returns where."""
    from desktop.exchange.results import write_result as write

    return str(write(papers, Path(folder)))
