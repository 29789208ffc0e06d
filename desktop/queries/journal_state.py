"""The state of the sealed journal, as a workstation and the journal's screen ask for it."""

import base64
import calendar
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from desktop.errors import NotAllowed, Told
from desktop.models import JournalCheckpoint, JournalHead, JournalImage, JournalLink, Office, Person
from desktop.queries.moments import office_zone
from desktop.regulation.model import Text
from desktop.regulation.rights import Actor, Command, may, require
from desktop.store import doubts, proving, witness
from desktop.store.database import Store


@dataclass(frozen=True, slots=True)
class JournalSealRow:
    """Where the sealed journal stands; ``at`` is None before its first link."""

    position: int
    hash: str
    at: datetime | None


@dataclass(frozen=True, slots=True)
class CheckpointRow:
    """A checkpoint of the journal, signed by the head (``by``)."""

    number: int
    position: int
    reason: str
    made_at: datetime
    by: Text


def look(
    store: Store,
    _actor: Actor,
    *,
    path: Path,
    judge_of: Callable[[tuple[tuple[str, bool], ...]], proving.Judge],
) -> list[Told]:
    """Compare the journal with what this workstation remembers in the file ``path``, and remember how it is now.

    ``judge_of(roots)`` makes what tells whether the head's signature under a restored office holds.
    """

    def judge(pdf: bytes, at: datetime, certificate: str) -> str:
        return judge_of(proving.trust_roots(store))(pdf, at, certificate)

    found = witness.look(store, witness.Witness(path), judge=judge)
    doubts.keep(store, "journal", [one for one in found if isinstance(one, NotAllowed)])
    return found


def seal(store: Store, actor: Actor) -> JournalSealRow:
    """Return where the journal stands."""
    require(actor, Command.READ_JOURNAL)
    with store.reading() as session:
        zone = office_zone(session)
        head = session.scalars(select(JournalHead)).one()
        last = session.get(JournalLink, head.position)
        return JournalSealRow(
            position=head.position, hash=head.hash, at=last.at.astimezone(zone) if last is not None else None
        )


def verify(
    store: Store,
    actor: Actor,
    *,
    judge: proving.Judge | None,
    watch: Callable[[int, int], None] | None = None,
) -> tuple[proving.Proof, datetime]:
    """Prove the whole journal, files and signatures too; return the proof and the office's moment it was made."""
    require(actor, Command.READ_JOURNAL)
    if not may(actor.roles, Command.READ_CASES):  # on a server he is not shown the whole of it
        raise NotAllowed("journal-not-all-seen")
    proof = proving.prove(store, deep=True, judge=judge, watch=watch)
    with store.reading() as session:
        return proof, store.now(session).astimezone(office_zone(session))


def trust_roots(store: Store) -> tuple[tuple[str, bool], ...]:
    """Return the roots signatures are judged by, and whether each is a demo one."""
    return proving.trust_roots(store)


def checkpoints(store: Store, actor: Actor) -> tuple[CheckpointRow, ...]:
    """Return every checkpoint, the newest first."""
    require(actor, Command.READ_JOURNAL)
    with store.reading() as session:
        zone = office_zone(session)
        found = session.execute(
            select(JournalCheckpoint, Person.name_kk, Person.name_ru)
            .join(Person, Person.id == JournalCheckpoint.made_by)
            .order_by(JournalCheckpoint.id.desc())
        ).all()
        return tuple(
            CheckpointRow(row.id, row.position, row.reason, row.made_at.astimezone(zone), Text(kk, ru))
            for row, kk, ru in found
        )


def document(store: Store, actor: Actor, *, number: int) -> bytes:
    """Return the signed PDF of a checkpoint."""
    require(actor, Command.READ_JOURNAL)
    with store.reading() as session:
        return base64.b64decode(session.get_one(JournalCheckpoint, number).document)


def due(store: Store, actor: Actor) -> str:
    """Return why a checkpoint is due for this person to sign, "" when none is."""
    if not may(actor.roles, Command.CHECKPOINT):
        return ""
    with store.reading() as session:
        since = session.scalar(select(Office.created_at))
        if since is None:
            return ""
        if _migrated(session):
            return "migrated"
        since = session.scalar(select(func.max(JournalCheckpoint.made_at))) or since
        return "monthly" if store.now(session) >= _month_later(since) else ""


def _migrated(session: Session) -> bool:
    """True when images of what stood were taken since the office began and since the last checkpoint."""
    first = session.scalar(select(func.min(JournalImage.id)).where(JournalImage.table_name == "office"))
    position = select(func.max(JournalCheckpoint.position)).scalar_subquery()
    signed = session.scalar(select(JournalLink.last_image).where(JournalLink.position == position))
    taken = select(JournalImage.id).where(
        JournalImage.kind == "B", JournalImage.id >= (first or 0), JournalImage.id > (signed or 0)
    )
    return session.scalar(taken.limit(1)) is not None


def _month_later(moment: datetime) -> datetime:
    year, month = divmod(moment.month, 12)
    year, month = moment.year + year, month + 1
    return moment.replace(year=year, month=month, day=min(moment.day, calendar.monthrange(year, month)[1]))
