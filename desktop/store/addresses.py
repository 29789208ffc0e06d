"""Database addresses: what may be written in a setting, and where a SQLite file may lie."""

import os
import sys
from pathlib import Path

from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError

from desktop.errors import BadInput, Unavailable

_NETWORK_TYPES = frozenset(
    {
        "nfs", "nfs4", "cifs", "smb2", "smb3", "smbfs", "ncpfs", "afs", "9p", "ceph", "glusterfs", "lustre",
        "fuse.sshfs", "fuse.glusterfs", "fuse.ceph", "fuse.smbnetfs", "fuse.davfs", "davfs", "fuse.gvfsd-fuse",
    }
)  # fmt: skip
_DRIVE_REMOTE = 4  # GetDriveTypeW, winbase.h


def database_url(address: str) -> URL:
    """Return the SQLAlchemy address for what a person wrote: a URL, or the path of a SQLite file.

    ``postgresql://`` and ``postgres://`` mean psycopg 3. Raises BadInput("database-address").
    """
    if not address.strip():
        raise BadInput("database-address", field="database")
    if "://" not in address:
        return URL.create("sqlite+pysqlite", database=str(Path(address).expanduser()))
    try:
        url = make_url(address.strip())
        backend = url.get_backend_name()
    except (ArgumentError, ValueError) as error:
        raise BadInput("database-address", field="database") from error
    if backend in {"postgresql", "postgres"}:
        return url.set(drivername="postgresql+psycopg")
    if backend == "sqlite" and url.database and url.database != ":memory:":
        return url.set(drivername="sqlite+pysqlite")
    raise BadInput("database-address", field="database")


def sqlite_path(url: URL) -> Path:
    """Return the file of a SQLite address, absolute."""
    return Path(url.database or "").expanduser().absolute()


def refuse_network(path: Path, *, mounts: str | None = None) -> None:
    """Raise Unavailable("sqlite-on-network") when ``path`` lies on another machine.

    WAL needs memory shared by all who open the file, and locks of network file systems lie.
    ``mounts`` is the text of /proc/self/mounts; read from there when not given.
    """
    text = str(path)
    if text.startswith(("\\\\", "//")) or _on_remote_drive(path):
        raise Unavailable("sqlite-on-network", path=text)
    if mounts is None:
        mounts = _mount_table()
    kind = _file_system(path.resolve(), mounts)
    if kind in _NETWORK_TYPES:
        raise Unavailable("sqlite-on-network", path=text)


def _on_remote_drive(path: Path) -> bool:
    if sys.platform != "win32":
        return False
    import ctypes  # only Windows has windll

    return bool(ctypes.windll.kernel32.GetDriveTypeW(path.anchor) == _DRIVE_REMOTE)


def _mount_table() -> str:
    try:
        return Path("/proc/self/mounts").read_text(encoding="utf-8", errors="surrogateescape")
    except OSError:
        return ""


def _file_system(path: Path, mounts: str) -> str:
    """Return the type of the file system ``path`` lies on, "" when unknown; the longest, last mount wins."""
    best, kind = "", ""
    for line in mounts.splitlines():
        fields = line.split(" ")
        if len(fields) < 3:
            continue
        point = fields[1].replace("\\040", " ").replace("\\011", "\t").replace("\\134", "\\")
        inside = str(path) == point or str(path).startswith(point.rstrip(os.sep) + os.sep)
        if inside and len(point) >= len(best):
            best, kind = point, fields[2]
    return kind
