"""Where the tests keep what need not outlive them: in memory if there is room, for a disk is waited for.

A SQLite file syncs at every commit, and a database of a server is a thousand files to make and to drop again.
"""

import os
from pathlib import Path

_SHARED = Path("/dev/shm")
_ROOM = 4 << 30  # bytes: several times what a run ever holds at once


def folder() -> Path | None:
    """Return a folder in memory in which programs may be started, None where there is none or too little room."""
    try:
        seen = os.statvfs(_SHARED)
        told = Path("/proc/meminfo").read_text(encoding="ascii")
    except OSError:
        return None
    free = int(told.partition("MemAvailable:")[2].split()[0]) * 1024
    fits = min(free, seen.f_bavail * seen.f_frsize) >= _ROOM
    may = os.access(_SHARED, os.W_OK | os.X_OK) and not seen.f_flag & os.ST_NOEXEC
    return _SHARED if fits and may else None
