"""The two calls of a backup, and what they have in common: the name taken last, and the hash beside it.

Codes: ``backup-exists``, ``backup-missing``, ``backup-damaged`` (its hash or its contents are not what was kept),
``backup-unwritable``, ``backup-other-kind`` (of a file for a server, or the other way), ``database-not-empty`` and those of ``store.upgrade``.
"""

import hashlib
import os
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from desktop.errors import NotAllowed, Unavailable
from desktop.store.addresses import database_url, sqlite_path
from desktop.store.backup import of_file, of_server

Watch = Callable[[int, int], None]  # (done, of), in bytes as far as they are known; raises to stop
_PIECE = 1024 * 1024
_FILE_BEGINS = b"SQLite format 3\0"


@dataclass(frozen=True, slots=True)
class Copy:
    """A copy as it was written: where, how many bytes, and their SHA-256 in hexadecimal."""

    path: Path
    size: int
    sha256: str


def _unwatched(_done: int, _of: int) -> None:
    return None


def backup(url: str, target: Path, *, watch: Watch = _unwatched) -> Copy:
    """Copy the database at ``url`` into the new file ``target``; on PostgreSQL its administrator's URL is needed."""
    address = database_url(url)
    with _taking_its_name_last(target) as part:
        if address.get_backend_name() == "sqlite":
            of_file.copy(sqlite_path(address), part, watch)
        else:
            of_server.copy(address, part, watch)
        digest = sha256_of(part)
        size = part.stat().st_size
    if address.get_backend_name() != "sqlite":
        of_server.note_copy(address)
    hash_file(target).write_text(f"{digest}  {target.name}\n", encoding="utf-8")
    return Copy(target, size, digest)


def restore(source: Path, url: str, *, prefix: str = "", watch: Watch = _unwatched) -> None:
    """Make the new file, or the empty database, at ``url`` into the office of the copy ``source``, up to date.

    Whole or not at all. ``prefix`` is that of the people's logins on the new server, where it is not the database's name.
    """
    prove(source)
    address = database_url(url)
    _refuse_other_kind(source, into_file=address.get_backend_name() == "sqlite")
    if address.get_backend_name() == "sqlite":
        of_file.restore(source, sqlite_path(address), watch)
    else:
        of_server.restore(source, address, prefix, watch)


def _refuse_other_kind(source: Path, *, into_file: bool) -> None:
    """A copy of a file has a file's first bytes, one of a server is an archive; neither becomes the other."""
    with source.open("rb") as copy:
        first = copy.read(len(_FILE_BEGINS))
    if first == _FILE_BEGINS if not into_file else zipfile.is_zipfile(source):
        raise NotAllowed("backup-other-kind", path=str(source))


def usual_name(url: str, now: datetime) -> str:
    """Return the name a copy made at ``now`` gets where none is told: the database's, the moment, the kind."""
    address = database_url(url)
    if address.get_backend_name() == "sqlite":
        return f"{sqlite_path(address).stem}-{now:%Y-%m-%d-%H%M%S}.sqlite"
    return f"{address.database}-{now:%Y-%m-%d-%H%M%S}.ruqsat"


def prove(source: Path) -> None:
    """Raise unless the copy is there and is what its hash says; a copy without a hash is proved by its contents alone."""
    if not source.is_file():
        raise Unavailable("backup-missing", path=str(source))
    beside = hash_file(source)
    try:
        wanted = beside.read_text(encoding="utf-8").split(" ")[0] if beside.exists() else ""
        if wanted and wanted != sha256_of(source):
            raise Unavailable("backup-damaged", path=str(source), reason="sha256")
    except (OSError, UnicodeDecodeError) as error:
        raise Unavailable("backup-damaged", path=str(source), reason=str(error)) from error


def hash_file(copy: Path) -> Path:
    """Return where the hash of a copy stands."""
    return copy.with_name(copy.name + ".sha256")


def sha256_of(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as source:
        while piece := source.read(_PIECE):
            digest.update(piece)
    return digest.hexdigest()


@contextmanager
def _taking_its_name_last(target: Path) -> Iterator[Path]:
    """Give a name to write to; what was written takes ``target`` when it is whole and on the disk."""
    if target.exists():
        raise NotAllowed("backup-exists", path=str(target))
    if not target.parent.is_dir():
        raise Unavailable("folder-missing", path=str(target.parent))
    part = target.with_name(f".{target.name}.{os.getpid()}.part")
    try:
        yield part
        with part.open("rb+") as written:
            os.fsync(written.fileno())
        if target.exists():  # never over another's
            raise NotAllowed("backup-exists", path=str(target))
        os.replace(part, target)
    except OSError as error:
        raise Unavailable(
            "backup-unwritable", path=str(target), reason=error.strerror or str(error)
        ) from error
    finally:
        part.unlink(missing_ok=True)
