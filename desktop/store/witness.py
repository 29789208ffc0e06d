"""What a workstation remembers of the journal: the last link it saw, and one of every day; and what it is told later.

Kept in a file of the person's own state folder, out of reach of whoever holds the database. A chain that was cut, or
made anew from end to end, cannot agree with all of them.
"""

import base64
import json
import os
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from desktop.errors import NotAllowed, Told, Unavailable
from desktop.models import JournalCheckpoint, JournalHead, JournalLink
from desktop.store import statements
from desktop.store.database import Store

RESTORED = "restored"  # the reason of a checkpoint by which the head accepts what a restore left
Judge = Callable[[bytes, datetime, str], str]
_DAYS = 400  # kept of each database


@dataclass(frozen=True, slots=True)
class Seen:
    """One link as it was seen: the database's UUID, position, hash, and when (ISO 8601)."""

    database: str
    position: int
    hash: str
    at: str


class Witness:
    """The memory of one workstation, in one small file; a broken file is as good as none and is kept aside."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def remembered(self) -> list[Seen]:
        """Return everything remembered, oldest first; Unavailable "witness-unreadable" when the file is no such thing."""
        try:
            told: Any = json.loads(self.path.read_text(encoding="utf-8"))
            return [Seen(**{name: one[name] for name in Seen.__slots__}) for one in told["seen"]]
        except FileNotFoundError:
            return []
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise Unavailable("witness-unreadable", path=str(self.path), reason=str(error)) from error

    def remember(self, new: Seen) -> None:
        """Add what was seen: the last of its day replaces the others of it. Written beside and moved into place."""
        try:
            before = self.remembered()
        except Unavailable:
            os.replace(self.path, self.path.with_name(self.path.name + ".broken"))
            before = []
        days = {(one.database, one.at[:10]): one for one in sorted(before, key=_when)}
        days[new.database, new.at[:10]] = new
        own = [one for one in days.values() if one.database == new.database][-_DAYS:]
        others = [one for one in days.values() if one.database != new.database]
        self.path.parent.mkdir(parents=True, exist_ok=True)
        fresh = self.path.with_name(f"{self.path.name}.{os.getpid()}.new")
        fresh.write_text(
            json.dumps({"seen": [asdict(one) for one in sorted([*others, *own], key=_when)]}, indent=1),
            encoding="utf-8",
        )
        os.replace(fresh, self.path)

    def keep_aside(self) -> None:
        """Give the file another name, so that the memory is begun anew and the old one stays for whoever asks."""
        number = 1
        while (kept := self.path.with_name(f"{self.path.name}.kept-{number}")).exists():
            number += 1
        os.replace(self.path, kept)


def now(store: Store) -> Seen:
    """Return the head of the journal as it is now."""
    with store.reading() as session:
        return _seen(store, session)


def compare(store: Store, remembered: Iterable[Seen]) -> list[NotAllowed]:
    """Return what the journal no longer agrees with, in the order it was seen; of what was cut off, the longest."""
    with store.reading() as session:
        return differences(session, _head(session), list(remembered))


def look(store: Store, here: Witness, *, judge: Judge | None = None) -> list[Told]:
    """Compare the journal with what this workstation remembers; where all agrees, remember how it is now.

    Where it does not, the memory is left alone: it is the proof. Only a later checkpoint by which the head accepts a
    restored office, its signature told good by ``judge``, lets it be kept aside and begun anew. A memory that cannot
    be read is told once.
    """
    told: list[Told] = []
    try:
        remembered = here.remembered()
    except Unavailable as broken:
        remembered, told = [], [broken]
    with store.reading() as session:
        differing = differences(session, _head(session), remembered)
        seen = _seen(store, session)
        accepted = bool(differing) and _accepted(session, seen.database, remembered, judge)
    if differing and not accepted:
        return list(differing)
    if accepted:
        here.keep_aside()
        remembered = []
    last = max((one for one in remembered if one.database == seen.database), key=_when, default=None)
    if last is None or (last.position, last.at[:10]) != (seen.position, seen.at[:10]):
        here.remember(seen)
    return told


def differences(session: Session, head: JournalHead, remembered: Sequence[Seen]) -> list[NotAllowed]:
    """As :func:`compare`, in an open session. Codes: "witness-lost" (position, found, lost, seen), "witness-differs"."""
    own = [one for one in remembered if one.database == head.database]
    told: list[NotAllowed] = []
    ahead = max((one for one in own if one.position > head.position), key=_position, default=None)
    if ahead is not None:
        lost = ahead.position - head.position
        told.append(
            NotAllowed(
                "witness-lost",
                position=ahead.position,
                found=head.position,
                lost=lost,
                seen=datetime.fromisoformat(ahead.at),
            )
        )
    within = {one.position: one for one in own if 0 < one.position <= head.position}
    there: dict[int, str] = {}
    places = sorted(within)
    for start in range(0, len(places), 500):
        rows = select(JournalLink.position, JournalLink.hash).where(
            JournalLink.position.in_(places[start : start + 500])
        )
        there |= {position: made for position, made in session.execute(rows)}
    for position in places:
        if there.get(position) != within[position].hash:
            seen = datetime.fromisoformat(within[position].at)
            told.append(NotAllowed("witness-differs", position=position, seen=seen))
            break  # every later one follows from the first
    return told


def _head(session: Session) -> JournalHead:
    head = session.scalars(select(JournalHead)).first()
    if head is None:
        raise Unavailable("journal-missing")
    return head


def _accepted(session: Session, database: str, remembered: Sequence[Seen], judge: Judge | None) -> bool:
    """True when the head has signed the restored journal after everything this workstation saw of it."""
    last = max((one.at for one in remembered if one.database == database), default="")
    found = select(JournalCheckpoint).where(JournalCheckpoint.reason == RESTORED)
    for row in session.scalars(found.order_by(JournalCheckpoint.id.desc())):
        if row.made_at <= datetime.fromisoformat(last) or judge is None:
            return False
        try:
            told = statements.read(row.statement)
            signed = base64.b64decode(row.document, validate=True)
        except ValueError:
            continue
        whole = told.reason == RESTORED and told.database == database and told.sha256.encode() in signed
        if whole and statements.agrees(session, told) and not judge(signed, row.made_at, row.certificate):
            return True
    return False


def _seen(store: Store, session: Session) -> Seen:
    head = _head(session)
    return Seen(head.database, head.position, head.hash, store.now(session).isoformat())


def _when(one: Seen) -> str:
    return one.at


def _position(one: Seen) -> int:
    return one.position
