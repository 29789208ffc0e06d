"""The database itself, as its administrator sees it from inside the program: what and where it is, how it does."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from desktop.models.migrations import HEAD
from desktop.queries.moments import local, office_zone
from desktop.regulation.rights import Actor, Command, may, require
from desktop.store import backup, health
from desktop.store.addresses import sqlite_path
from desktop.store.database import Store


@dataclass(frozen=True, slots=True)
class DatabaseRow:
    """``place``: the file, or server and database without a login. ``copied_at``: office time, None for never."""

    is_file: bool
    place: str
    revision: str
    copied_at: datetime | None
    copy_folder: str  # of a file's own copies, "" on a server
    copy_name: str  # what a copy made now would be called


@dataclass(frozen=True, slots=True)
class CheckRow:
    """``grade``: good, warning or fault; ``code`` has a sentence for ``facts``."""

    grade: str
    code: str
    facts: dict[str, object]


def facts(store: Store, actor: Actor) -> DatabaseRow:
    """Return what database this is; for the administrator and for those who read the journal."""
    if not may(actor.roles, Command.READ_JOURNAL):
        require(actor, Command.ADMINISTER)
    url, is_file = store.url, store.dialect == "sqlite"
    with store.reading(by=actor.login) as session:
        zone = office_zone(session)
        now = local(store.now(session), zone)
    place = str(sqlite_path(url)) if is_file else f"{url.host or ''}/{url.database}".removeprefix("/")
    return DatabaseRow(
        is_file,
        place,
        HEAD,
        local(backup.last_copy(store), zone),
        str(backup.folder_of(sqlite_path(url))) if is_file else "",
        backup.usual_name(url.render_as_string(), now),
    )


def check(store: Store, actor: Actor) -> tuple[CheckRow, ...]:
    """Look the database over; of a server what any login may see, of a file everything, the journal too."""
    require(actor, Command.ADMINISTER)
    with store.reading(by=actor.login) as session:
        zone = office_zone(session)
    found = health.examine(store, deep=store.dialect == "sqlite")
    return tuple(
        CheckRow(
            one.grade.value,
            one.code,
            {
                name: local(value, zone) if isinstance(value, datetime) else value
                for name, value in one.facts.items()
            },
        )
        for one in found
    )


def make_copy(store: Store, actor: Actor, *, target: str, watch: Callable[[int, int], None]) -> str:
    """Copy the file to ``target`` while people work, and return its SHA-256; a server's is its administrator's to copy.

    ``watch(done, of)`` is told the bytes, and stops the work by raising.
    """
    require(actor, Command.ADMINISTER)
    return backup.backup(store.url.render_as_string(), Path(target), watch=watch).sha256
