"""One program at a time on a SQLite file: a lock of the operating system on ``<file>.lock``.

It is the system's lock, not the file's presence, so a killed program leaves nothing to clean up.
"""

import os
import sys
from pathlib import Path

from desktop.errors import Unavailable

_FAR = 1 << 30  # Windows locks a byte beyond the text, so that the text stays readable


class FileLock:
    """Held from construction to :meth:`release`; raises Unavailable("database-in-use", path=, who=)."""

    def __init__(self, path: Path, *, who: str) -> None:
        self.path = path.with_name(path.name + ".lock")
        try:
            self._handle: int | None = os.open(self.path, os.O_RDWR | os.O_CREAT, 0o600)
        except PermissionError as error:
            raise Unavailable("database-read-only", reason=str(error)) from error
        except OSError as error:
            raise Unavailable("database-gone", reason=str(error)) from error
        try:
            _lock(self._handle)
        except OSError as error:
            holder = os.read(self._handle, 200).decode("utf-8", errors="replace")
            self.release()
            raise Unavailable("database-in-use", path=str(path), who=holder) from error
        os.ftruncate(self._handle, 0)
        os.write(self._handle, who.encode("utf-8")[:200])

    def release(self) -> None:
        if self._handle is not None:
            os.close(self._handle)  # closing releases the lock
            self._handle = None


def _lock(handle: int) -> None:
    if sys.platform == "win32":
        import msvcrt  # exists on Windows only

        os.lseek(handle, _FAR, os.SEEK_SET)
        try:
            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
        finally:
            os.lseek(handle, 0, os.SEEK_SET)
    else:
        import fcntl  # exists on POSIX only

        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
