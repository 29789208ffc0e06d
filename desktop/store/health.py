"""Looks over a database: its version, its server, its rights, its journal. Each finding is one sentence.

What stands in the server's settings can be read by any login; the journal as a whole by its administrator only.
"""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

from desktop.errors import NotAllowed, Told, Unavailable
from desktop.models.migrations import HEAD
from desktop.store import authority, proving
from desktop.store.addresses import sqlite_path
from desktop.store.backup import last_copy
from desktop.store.database import Store

_SETTINGS = text(
    "SELECT name, setting FROM pg_settings WHERE name IN ('server_version', 'server_encoding', 'ssl',"
    " 'data_checksums', 'password_encryption', 'fsync', 'full_page_writes', 'synchronous_commit')"
)
_LOCALE = text(
    "SELECT datcollate, datctype, datlocprovider = 'i' FROM pg_database WHERE datname = current_database()"
)
_UNLIMITED = text(
    "SELECT count(*) FROM pg_auth_members m JOIN pg_roles g ON g.oid = m.roleid JOIN pg_roles p ON p.oid = m.member"
    " WHERE g.rolname = :everybody AND p.rolcanlogin AND NOT coalesce(array_to_string(p.rolconfig, ',')"
    " LIKE '%idle_in_transaction_session_timeout=%', false)"
)


_SCRAM = "scram-sha-256"
_SHORT = 120  # letters of a difference that are shown


class Grade(StrEnum):
    GOOD = "good"
    WARNING = "warning"  # works, and could be better
    FAULT = "fault"  # to be mended before anybody goes on


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at; ``code`` has a sentence, ``facts`` are what it needs."""

    grade: Grade
    code: str
    facts: dict[str, Any] = field(default_factory=dict)


def examine(store: Store, *, deep: bool = False) -> list[Finding]:
    """Look over the ready database of ``store``. ``deep``: prove the journal too, as its administrator."""
    found = [*(_file(store) if store.dialect == "sqlite" else _server(store))]
    copied = last_copy(store)
    found.append(
        Finding(Grade.GOOD, "check-copy", {"when": copied})
        if copied is not None
        else Finding(Grade.WARNING, "check-copy-none")
    )
    if deep:
        found += _journal(store)
    return found


def rights_alarms(store: Store) -> tuple[Told, ...]:
    """Return what is wrong with the rights in the catalogue, as somebody who signs in is told; nothing in a file."""
    if store.dialect == "sqlite":
        return ()
    with store.reading() as session:
        different = authority.difference(session.connection())
    return (
        (NotAllowed("rights-differ", number=len(different), first=_short(different[0])),) if different else ()
    )


def _short(difference: str) -> str:
    """Return what differs without the text of a whole function."""
    line = " ".join(difference.split())
    return line if len(line) <= _SHORT else f"{line[:_SHORT]}..."


def _file(store: Store) -> Iterator[Finding]:
    yield Finding(Grade.GOOD, "check-revision", {"found": HEAD})
    path = sqlite_path(store.url)
    with closing(sqlite3.connect(path, timeout=5)) as connection:
        verdict = connection.execute("PRAGMA integrity_check(1)").fetchone()[0]
    if verdict == "ok":
        yield Finding(Grade.GOOD, "check-file")
    else:
        yield Finding(Grade.FAULT, "check-file-damaged", {"reason": verdict})
    if os.name == "posix" and path.stat().st_mode & 0o077:
        yield Finding(Grade.WARNING, "check-file-open", {"path": str(path)})


def _server(store: Store) -> Iterator[Finding]:
    with store.reading() as session:
        found = session.scalar(text("SELECT version_num FROM alembic_version"))
        yield Finding(Grade.GOOD, "check-revision", {"found": found})
        settings = {name: value for name, value in session.execute(_SETTINGS).all()}
        yield Finding(Grade.GOOD, "check-server", {"version": settings["server_version"]})
        yield _either(
            settings["server_encoding"] == "UTF8", "check-encoding", found=settings["server_encoding"]
        )
        yield from _locale(session)
        yield _either(settings["ssl"] == "on", "check-tls", grade=Grade.WARNING)
        yield _either(settings["data_checksums"] == "on", "check-checksums", grade=Grade.WARNING)
        yield _either(settings["password_encryption"] == _SCRAM, "check-passwords")
        durable = {settings[name] for name in ("fsync", "full_page_writes", "synchronous_commit")}
        yield _either("off" not in durable, "check-durable")
        prefix = authority.installed_prefix(session.connection())
        number = session.scalar(_UNLIMITED, {"everybody": authority.names.everybody(prefix)}) or 0
        yield _either(not number, "check-limits", number=number)
        different = authority.difference(session.connection())
        if different:
            yield Finding(
                Grade.FAULT, "rights-differ", {"number": len(different), "first": _short(different[0])}
            )
        else:
            yield Finding(Grade.GOOD, "check-rights")


def _locale(session: Session) -> Iterator[Finding]:
    """Search by parts of words needs a locale that knows Cyrillic letters, and the extension."""
    collate, ctype, icu = session.execute(_LOCALE).one()
    yield _either(
        bool(icu) or ctype not in {"C", "POSIX"}, "check-locale", grade=Grade.WARNING, found=collate
    )
    trigrams = session.scalar(text("SELECT count(*) FROM pg_extension WHERE extname = 'pg_trgm'"))
    yield _either(bool(trigrams), "check-search", grade=Grade.WARNING)


def _journal(store: Store) -> Iterator[Finding]:
    try:
        proof = proving.prove(store, deep=True)
    except Unavailable as told:
        yield Finding(Grade.FAULT, told.code, dict(told.facts))
        return
    if proof.holds:
        yield Finding(Grade.GOOD, "check-journal", {"position": proof.position})
    else:
        first = proof.findings[0]
        yield Finding(
            Grade.FAULT, "check-journal-broken",
            {"number": proof.number, "level": first.level, "position": first.position or "–"},
        )  # fmt: skip


def _either(good: bool, code: str, *, grade: Grade = Grade.FAULT, **facts: Any) -> Finding:
    return Finding(Grade.GOOD, code, facts) if good else Finding(grade, f"{code}-wrong", facts)
