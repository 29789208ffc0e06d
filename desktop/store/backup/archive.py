"""The archive of a PostgreSQL office: a ZIP with one member a table and a manifest that names each one's hash.

Members are PostgreSQL's binary COPY, which is the same on all supported versions. Contents of files are stored as they
are (scans do not shrink), everything else is packed lightly. The manifest is written last: without it there is no copy.
"""

import hashlib
import json
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from desktop.errors import Unavailable

FORMAT = 1
_MANIFEST = "manifest.json"
_STORED_AS_IT_IS = frozenset({"blob_chunk"})
_PIECE = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Table:
    """A table in the archive: its columns in the order of the rows, how many rows, and the member's SHA-256."""

    name: str
    columns: tuple[str, ...]
    rows: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """What the archive holds. ``people`` are logins with their roles: their passwords are not in it."""

    revision: str
    made_at: str  # ISO 8601, UTC, the server's clock
    program: str
    server: str
    database: str
    tables: tuple[Table, ...] = ()
    sequences: dict[str, int] = field(default_factory=dict)
    people: tuple[dict[str, Any], ...] = ()


class Writer:
    """Writes tables one after another, then the manifest."""

    def __init__(self, path: Path) -> None:
        self._zip = zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1)

    def __enter__(self) -> "Writer":
        return self

    def __exit__(self, *_error: object) -> None:
        self._zip.close()

    def table(self, name: str, pieces: Iterable[bytes]) -> str:
        """Write the rows of a table; return the SHA-256 of what was written."""
        place: str | zipfile.ZipInfo = f"tables/{name}.copy"
        if name in _STORED_AS_IT_IS:
            place = zipfile.ZipInfo(str(place))  # which is not packed
        digest = hashlib.sha256()
        with self._zip.open(place, "w", force_zip64=True) as member:
            for piece in pieces:
                digest.update(piece)
                member.write(piece)
        return digest.hexdigest()

    def manifest(self, told: Manifest) -> None:
        """Write what the archive holds; the last thing that is written."""
        text = json.dumps({"format": FORMAT, **asdict(told)}, ensure_ascii=False, indent=1)
        self._zip.writestr(_MANIFEST, text)


@contextmanager
def reading(path: Path) -> Iterator["Reader"]:
    """Open an archive; Unavailable "backup-damaged" when it is none, or breaks off."""
    try:
        with zipfile.ZipFile(path) as opened:
            yield Reader(opened, path)
    except (zipfile.BadZipFile, zlib.error, EOFError) as error:
        raise Unavailable("backup-damaged", path=str(path), reason=str(error)) from error


class Reader:
    """An open archive: its manifest, and the rows of its tables, proved by their hash as they are read."""

    def __init__(self, opened: zipfile.ZipFile, path: Path) -> None:
        self._zip, self._path = opened, path
        self.manifest = self._manifest()

    def rows(self, table: Table) -> Iterator[bytes]:
        """The rows piece by piece; the last piece is given only when all of them were what was kept."""
        digest, kept = hashlib.sha256(), b""
        with self._zip.open(f"tables/{table.name}.copy") as member:
            while piece := member.read(_PIECE):
                digest.update(piece)
                if kept:
                    yield kept
                kept = piece
        if digest.hexdigest() != table.sha256:
            raise Unavailable("backup-damaged", path=str(self._path), reason=table.name)
        yield kept

    def size(self) -> int:
        """Return the bytes of all rows."""
        return sum(info.file_size for info in self._zip.infolist())

    def _manifest(self) -> Manifest:
        try:
            told = json.loads(self._zip.read(_MANIFEST))
            if told.pop("format") != FORMAT:
                raise ValueError("format")
            tables = tuple(
                Table(one["name"], tuple(one["columns"]), one["rows"], one["sha256"])
                for one in told.pop("tables")
            )
            return Manifest(**{**told, "people": tuple(told["people"])}, tables=tables)
        except (KeyError, ValueError, TypeError) as error:
            raise Unavailable("backup-damaged", path=str(self._path), reason=_MANIFEST) from error
