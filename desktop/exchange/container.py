"""The container of an incoming package: a zip opened with nothing in it believed.

Inside lie ``request.json`` or ``request.xml``, ``request.sig`` and the files the request names, below ``files/``, and
nothing else. What is unpacked gets a name of our own in a private folder; sizes are counted while reading, whatever
the zip announces.
"""

import errno
import hashlib
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from desktop.cases.filing import safe_name
from desktop.errors import BadInput, Unavailable
from desktop.exchange.request import FileSaid, Request, read_json, read_xml

MOST_ENTRIES = 210
MOST_BYTES = 500 * 1024 * 1024  # of all that is unpacked
MOST_RATIO = 100  # unpacked to packed, of files larger than a megabyte
SMALL = 1024 * 1024
LARGEST_SIGNATURE = 1024 * 1024
_REQUESTS = {"request.json": read_json, "request.xml": read_xml}
_SIGNATURE = "request.sig"
_PIECE = 256 * 1024
_BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, ValueError, RuntimeError)


@dataclass(frozen=True, slots=True)
class Unpacked:
    """A file of the package as it lies here. ``same``: its content is what the request says was signed."""

    said: FileSaid
    path: Path
    size: int
    same: bool


@dataclass(frozen=True, slots=True)
class Package:
    """An opened package; nothing in it is judged yet. ``signature`` is b"" when there is none."""

    path: Path
    request: Request
    request_bytes: bytes = field(repr=False)
    signature: bytes = field(repr=False)
    files: tuple[Unpacked, ...]


def open_package(path: Path, folder: Path, *, limit: int) -> Package:
    """Open the package at ``path`` and unpack its files into the private ``folder``; ``limit``: bytes of one file.

    BadInput at "files": "package-unreadable", "package-unsafe" (entry), "package-too-large" (limit),
    "package-entry-unknown" (entry), "package-file-missing" (entry), "package-request-missing",
    "package-request-wrong" (where). Unavailable "file-unreadable", "disk-full-here".
    """
    try:
        if path.stat().st_size > limit:
            raise BadInput("package-too-large", field="files", limit=limit)
        with zipfile.ZipFile(path) as zipped:
            return _opened(zipped, path, folder, limit)
    except FileNotFoundError as error:
        raise BadInput("file-missing", field="files", file_name=path.name) from error
    except BadInput:
        raise
    except (*_BROKEN, OSError) as error:
        if isinstance(error, OSError) and not _outside(error):
            raise Unavailable("file-unreadable", file_name=path.name, reason=str(error)) from error
        raise BadInput("package-unreadable", field="files", file_name=path.name) from error


def _outside(error: OSError) -> bool:
    """Whether the archive itself points before the file's beginning, which the system refuses to seek to."""
    return error.errno == errno.EINVAL


def _opened(zipped: zipfile.ZipFile, path: Path, folder: Path, limit: int) -> Package:
    entries = _entries(zipped)
    named = [name for name in _REQUESTS if name in entries]
    if len(named) != 1:
        raise BadInput("package-request-missing", field="files", file_name=path.name)
    reader = _Reader(zipped, limit)
    content = reader.read(entries[named[0]], SMALL * 2)
    request = _REQUESTS[named[0]](content)
    signature = reader.read(entries[_SIGNATURE], LARGEST_SIGNATURE) if _SIGNATURE in entries else b""
    said = {one.path: one for one in request.files}
    for name in entries:
        if name not in said and name not in (named[0], _SIGNATURE):
            raise BadInput("package-entry-unknown", field="files", entry=name)
    for name in said:
        if name not in entries:
            raise BadInput("package-file-missing", field="files", entry=name)
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    files = tuple(
        reader.unpack(entries[one.path], one, folder / f"{number:03d}")
        for number, one in enumerate(request.files)
    )
    return Package(path, request, content, signature, files)


def _entries(zipped: zipfile.ZipFile) -> dict[str, zipfile.ZipInfo]:
    """Return the entries by name; whatever is no plain file with a plain name of its own is refused."""
    found: dict[str, zipfile.ZipInfo] = {}
    told = zipped.infolist()
    if len(told) > MOST_ENTRIES or sum(one.file_size for one in told) > MOST_BYTES:
        raise BadInput("package-too-large", field="files", limit=MOST_BYTES)
    for one in told:
        name = one.filename
        if name == "files/" and one.is_dir():
            continue
        kind = one.external_attr >> 28  # of the Unix mode; 0 where it was made elsewhere
        plain = (
            not one.is_dir()
            and kind in (0, 0o10)
            and not one.flag_bits & 0x1  # not encrypted
            and one.compress_type in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
            and one.orig_filename == name
            and name.isprintable()
            and not {"", ".", ".."} & set(name.replace("\\", "/").split("/"))
            and name.casefold() not in {known.casefold() for known in found}
        )
        if not plain:
            raise BadInput("package-unsafe", field="files", entry=name[:120])
        found[name] = one
    return found


class _Reader:
    """Reads entries and counts what comes out, of each and of all together."""

    def __init__(self, zipped: zipfile.ZipFile, limit: int) -> None:
        self._zipped, self._limit, self._all = zipped, limit, 0

    def read(self, entry: zipfile.ZipInfo, limit: int) -> bytes:
        return b"".join(self._pieces(entry, limit))

    def unpack(self, entry: zipfile.ZipInfo, said: FileSaid, stem: Path) -> Unpacked:
        """Write the entry into a folder of its own, under the sender's name made safe."""
        target = stem / safe_name(said.name)
        digest, size = hashlib.sha256(), 0
        stem.mkdir(mode=0o700)
        try:
            with target.open("xb") as file:
                for piece in self._pieces(entry, self._limit):
                    digest.update(piece)
                    size += len(piece)
                    file.write(piece)
        except OSError as error:
            if _outside(error):
                raise
            raise Unavailable("disk-full-here", path=str(stem.parent), reason=error.strerror or "") from error
        return Unpacked(said, target, size, digest.hexdigest() == said.sha256)

    def _pieces(self, entry: zipfile.ZipInfo, limit: int) -> Iterator[bytes]:
        size = 0
        with self._zipped.open(entry) as source:
            while piece := source.read(_PIECE):
                size += len(piece)
                self._all += len(piece)
                if size > limit or self._all > MOST_BYTES:
                    raise BadInput("package-too-large", field="files", limit=min(limit, MOST_BYTES))
                if size > SMALL and size > MOST_RATIO * max(1, entry.compress_size):
                    raise BadInput("package-unsafe", field="files", entry=entry.filename[:120])
                yield piece
