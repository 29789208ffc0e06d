"""The statement of a checkpoint: what the journal and the registers were at one link, as a text of fixed form.

One JSON object, keys sorted, no spaces: ``kind`` ("ruqsat-checkpoint-1"), ``database`` (UUID), ``position``, ``hash``,
``at`` (ISO 8601, UTC), ``reason``, ``registers`` (register, year, count of numbers, last number), ``signed`` (count,
and the SHA-256 of the SHA-256s of every signed paper, sorted, one a line). It is worked out from the images alone, so
that anybody can work it out again for the same link, whatever was written since.
"""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import and_, select
from sqlalchemy.orm import Session

from desktop.models import JournalHead, JournalImage, JournalLink
from desktop.store import sealing

KIND = "ruqsat-checkpoint-1"


@dataclass(frozen=True, slots=True)
class Statement:
    """A statement as it is read; ``text`` is the very text that was signed."""

    text: str
    database: str
    position: int
    hash: str
    at: datetime
    reason: str
    registers: tuple[dict[str, Any], ...]
    signed: dict[str, Any]

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.text.encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Page:
    """What the page of a statement shows besides it: whose it is, and the zone its moment is told in."""

    statement: Statement
    office_kk: str
    office_ru: str
    time_zone: str
    is_demo: bool


def make(session: Session, at: datetime, reason: str) -> Statement:
    """Return the statement of the journal's head."""
    head = session.scalars(select(JournalHead)).one()
    return read(_text(session, head.database, head.position, head.hash, at, reason))


def read(text: str) -> Statement:
    """Read a statement; ValueError when the text is none."""
    try:
        told = json.loads(text)
        if told["kind"] != KIND or text != _written(told):
            raise ValueError(text[:80])
        return Statement(
            text=text,
            database=told["database"],
            position=int(told["position"]),
            hash=told["hash"],
            at=datetime.fromisoformat(told["at"]),
            reason=told["reason"],
            registers=tuple(told["registers"]),
            signed=told["signed"],
        )
    except (KeyError, TypeError) as error:
        raise ValueError(text[:80]) from error


def agrees(session: Session, told: Statement) -> bool:
    """True when the same statement, of the same link, comes out of the journal now."""
    made = session.scalar(select(JournalLink.hash).where(JournalLink.position == told.position))
    if made != told.hash:
        return False
    return _text(session, told.database, told.position, told.hash, told.at, told.reason) == told.text


def _text(session: Session, database: str, position: int, made: str, at: datetime, reason: str) -> str:
    signed = {
        row["signed_sha256"]
        for row in _rows(session, "case_document", position)
        if row.get("signed_sha256") is not None
    }
    listed = "".join(f"{sha256}\n" for sha256 in sorted(map(str, signed)))
    return _written(
        {
            "kind": KIND,
            "database": database,
            "position": position,
            "hash": made,
            "at": at.astimezone(UTC).isoformat(),
            "reason": reason,
            "registers": _registers(session, position),
            "signed": {"count": len(signed), "sha256": hashlib.sha256(listed.encode()).hexdigest()},
        }
    )


def _registers(session: Session, position: int) -> list[dict[str, Any]]:
    numbers: dict[tuple[str, int], set[int]] = {}
    for row in _rows(session, "register_number", position):
        place = (str(row["register"]), int(str(row["year"])))
        numbers.setdefault(place, set()).add(int(str(row["sequence"])))
    return [
        {"register": register, "year": year, "count": len(given), "last": max(given)}
        for (register, year), given in sorted(numbers.items())
    ]


def _rows(session: Session, table: str, position: int) -> Iterator[dict[str, str | None]]:
    """Yield every image of a table that a link up to ``position`` holds."""
    within = and_(
        JournalLink.transaction_id == JournalImage.transaction_id,
        JournalLink.first_image <= JournalImage.id,
        JournalLink.last_image >= JournalImage.id,
    )
    found = session.execute(
        select(JournalImage.content)
        .join(JournalLink, within)
        .where(JournalImage.table_name == table, JournalLink.position <= position)
        .execution_options(yield_per=500)
    )
    for (content,) in found:
        yield sealing.row(content)


def _written(told: dict[str, Any]) -> str:
    return json.dumps(told, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
