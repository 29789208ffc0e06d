"""Copies of a SQLite file: made by its own backup call while it is in use, and checked before they take a name."""

import os
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from desktop.errors import NotAllowed, Unavailable
from desktop.store import upgrade
from desktop.store.failures import sqlite_failure

_PAGES = 512  # copied at once; between them the watcher is told and writers go on


def copy(source: Path, part: Path, watch: Callable[[int, int], None]) -> None:
    """Copy the database file ``source`` to ``part`` as of one moment, and check the copy."""
    if not source.exists() or upgrade.sqlite_revision(source) is None:
        raise Unavailable("database-missing", path=str(source))
    part.touch(mode=0o600)
    try:
        with closing(sqlite3.connect(source, timeout=5)) as old, closing(sqlite3.connect(part)) as new:
            old.isolation_level = None
            old.execute("BEGIN")  # one moment: without it every write of others would begin the copy anew
            (page_bytes,) = old.execute("PRAGMA page_size").fetchone()
            old.execute("SELECT count(*) FROM sqlite_master").fetchone()

            def told(_status: int, remaining: int, total: int) -> None:
                watch((total - remaining) * page_bytes, total * page_bytes)

            old.backup(new, pages=_PAGES, progress=told, sleep=0.0)
    except sqlite3.Error as error:
        raise sqlite_failure(error) or error from error
    upgrade.check_and_settle(part)


def restore(source: Path, target: Path, watch: Callable[[int, int], None]) -> None:
    """Make the new file ``target`` of the copy ``source``; an older copy is brought up to date on the way."""
    if target.exists() and target.stat().st_size:
        raise NotAllowed("database-not-empty", path=str(target))
    if not target.parent.is_dir():
        raise Unavailable("folder-missing", path=str(target.parent))
    building = target.with_name(f".{target.name}.{os.getpid()}")
    try:
        if upgrade.sqlite_revision(source) is None:
            raise Unavailable("backup-damaged", path=str(source), reason="empty")
        size = source.stat().st_size
        watch(0, size)
        building.touch(mode=0o600)
        shutil.copyfile(source, building)
        upgrade.check_and_settle(building)
        watch(size, size)
        upgrade.prepare(f"sqlite:///{building}")  # also proves that no code but ours is in it
        os.replace(building, target)
    except sqlite3.Error as error:
        raise sqlite_failure(error) or error from error
    finally:
        for path in target.parent.glob(f"{building.name}*"):
            path.unlink(missing_ok=True)
