"""L1: the chain from its first link to its head, every image in exactly the link that sealed it."""

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import and_, exists, func, select
from sqlalchemy.orm import Session

from desktop.models import JournalHead, JournalImage, JournalLink
from desktop.store import sealing
from desktop.store.proving.finding import Finding, Watch

_AT_ONCE = 500  # links asked for together
_UNSEALED = 200  # named one by one

_WITHIN = and_(
    JournalImage.transaction_id == JournalLink.transaction_id,
    JournalImage.id >= JournalLink.first_image,
    JournalImage.id <= JournalLink.last_image,
)


@dataclass(slots=True)
class Counted:
    """How much was read."""

    links: int = 0
    images: int = 0


def prove(
    session: Session, head: JournalHead, since: int, counted: Counted, watch: Watch | None
) -> Iterator[Finding]:
    """Prove the links above ``since`` and the head; name what no link holds."""
    previous, expected = _start(session, since), since + 1
    last = max(session.scalar(select(func.max(JournalLink.position))) or 0, since)
    for first in range(since + 1, last + 1, _AT_ONCE):
        upto = min(first + _AT_ONCE - 1, last)
        digests = _digests(session, first, upto, counted)
        for link in session.scalars(
            select(JournalLink)
            .where(JournalLink.position >= first, JournalLink.position <= upto)
            .order_by(JournalLink.position)
        ):
            if link.position > expected:
                yield Finding(
                    "L1", "journal-link-missing", expected, {"last": link.position - 1, "at": link.at}
                )
            elif previous is not None and link.previous != previous:
                yield Finding("L1", "journal-link-order", link.position, {"login": link.login})
            yield from _own(head.database, link, digests.get(link.position, []))
            previous, expected = link.hash, link.position + 1
            counted.links += 1
        session.expunge_all()
        session.add(head)
        if watch is not None:
            watch(upto - since, last - since)
    if (head.position, head.hash) != (expected - 1, previous or sealing.GENESIS):
        yield Finding("L1", "journal-head-differs", expected - 1, {"head": head.position})
    yield from _unsealed(session)


def _start(session: Session, since: int) -> str | None:
    """Return the hash the first link must continue; None when the link it is of is gone (it is then told as missing)."""
    if since <= 0:
        return sealing.GENESIS
    return session.scalar(select(JournalLink.hash).where(JournalLink.position == since))


def _digests(session: Session, first: int, last: int, counted: Counted) -> dict[int, list[str]]:
    found: dict[int, list[str]] = {}
    images = session.execute(
        select(
            JournalLink.position,
            JournalImage.id,
            JournalImage.table_name,
            JournalImage.row_key,
            JournalImage.kind,
            JournalImage.content,
        )
        .join(JournalImage, _WITHIN)
        .where(JournalLink.position >= first, JournalLink.position <= last)
        .order_by(JournalLink.position, JournalImage.id)
        .execution_options(yield_per=500)
    )
    for position, number, table, key, kind, content in images:
        digest = sealing.image_digest(number, table, key, kind, content)
        found.setdefault(position, []).append(digest)
        counted.images += 1
    return found


def _own(database: str, link: JournalLink, digests: list[str]) -> Iterator[Finding]:
    """Whether a link is the hash of what it says it holds."""
    if len(digests) != link.images:
        facts = {"images": link.images, "found": len(digests), "login": link.login}
        yield Finding("L1", "journal-image-missing", link.position, facts)
        return
    made, _ = sealing.link_hash(
        database=database,
        position=link.position,
        previous=link.previous,
        login=link.login,
        at=link.at,
        digests=digests,
    )
    if made != link.hash:
        yield Finding("L1", "journal-link-changed", link.position, {"login": link.login})


def _unsealed(session: Session) -> Iterator[Finding]:
    """Name what was written and never sealed: past the program, or past the seal."""
    left = session.execute(
        select(JournalImage.id, JournalImage.table_name, JournalImage.row_key)
        .where(~exists().where(_WITHIN))
        .order_by(JournalImage.id)
        .limit(_UNSEALED)
    ).all()
    for number, table, key in left:
        before = session.scalar(select(func.max(JournalLink.position)).where(JournalLink.last_image < number))
        facts = {"table": table, "key": ", ".join(map(str, sealing.fields(key))), "image": number}
        yield Finding("L1", "journal-unsealed", (before or 0) + 1, facts)
