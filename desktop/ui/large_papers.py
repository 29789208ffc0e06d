"""Papers too large to be held in memory: they lie in a private folder while the program runs, and are read from there."""

import os
import shutil
import time
from pathlib import Path

from desktop.settings import state_folder

LARGE = 8 * 1024 * 1024  # bytes from which on a paper is shown out of a file
_LEFT_S = 24 * 3600  # what a killed program left goes after a day


def folder() -> Path:
    """Return where this program's lie: in the person's own state folder, nobody else's to read."""
    return _all() / str(os.getpid())


def forget() -> None:
    """Remove this program's, and what a killed one left."""
    shutil.rmtree(folder(), ignore_errors=True)
    for left in _all().glob("*"):
        if time.time() - left.stat().st_mtime > _LEFT_S:
            shutil.rmtree(left, ignore_errors=True)


def _all() -> Path:
    return state_folder() / "large"
