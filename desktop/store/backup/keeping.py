"""When the last copy was made, and the copies a file makes of itself: one a day, the newest fourteen of them.

On a server the copy is noted in the database's comment, which everybody may read; a file's copies lie in the folder
``copies`` beside it.
"""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from desktop.store.addresses import sqlite_path
from desktop.store.backup import copies, noting
from desktop.store.database import Store

KEPT = 14
_DAILY = "daily"


def last_copy(store: Store) -> datetime | None:
    """Return when the newest copy known of was made (aware, UTC), None when there is none."""
    if store.dialect == "postgresql":
        with store.reading() as session:
            return noting.noted(session.connection())
    path = sqlite_path(store.url)
    made = [one.stat().st_mtime for one in folder_of(path).glob(f"{path.stem}-*.sqlite")]
    return datetime.fromtimestamp(max(made), UTC) if made else None


def folder_of(path: Path) -> Path:
    """Return the folder of a file's own copies."""
    return path.parent / "copies"


def keep_daily(
    path: Path, now: datetime, *, watch: Callable[[int, int], None] = lambda done, of: None
) -> Path:
    """Copy the file ``path`` as it is at the end of the day's work; the day's earlier copy and the oldest ones go."""
    folder = folder_of(path)
    folder.mkdir(exist_ok=True)
    target = folder / f"{path.stem}-{now:%Y-%m-%d-%H%M%S}-{_DAILY}.sqlite"
    copies.backup(f"sqlite:///{path}", target, watch=watch)
    daily = sorted(folder.glob(f"{path.stem}-????-??-??-??????-{_DAILY}.sqlite"))
    day = f"{path.stem}-{now:%Y-%m-%d}-"
    earlier = [one for one in daily if one.name.startswith(day) and one != target]
    for old in {*earlier, *[one for one in daily if one not in earlier][:-KEPT]}:
        old.unlink(missing_ok=True)
        copies.hash_file(old).unlink(missing_ok=True)
    return target
