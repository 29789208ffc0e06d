"""Proves the journal and what it tells of: ``prove`` reads a database and says what does not hold, and where.

L1 the chain, L2 every row against its last image, L3 contents of files, L4 signatures, L5 the registers, L6 what
workstations and checkpoints remember, L7 the rights in the catalogue. One snapshot, streamed: memory does not grow.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from desktop.errors import Unavailable
from desktop.models import JournalHead, TrustRoot
from desktop.store import authority
from desktop.store.confirmed import root_counts
from desktop.store.database import Store
from desktop.store.proving import chain, files, registers, rows, seen
from desktop.store.proving.files import Judge
from desktop.store.proving.finding import Finding, Watch
from desktop.store.witness import Seen

__all__ = ["Finding", "Judge", "Proof", "Watch", "prove", "trust_roots"]

MOST = 1000  # findings kept; the rest is counted


@dataclass(slots=True)
class Proof:
    """What was proved: up to which ``position``, and what did not hold. ``number`` counts findings beyond ``MOST``.

    ``signatures``: that were verified anew and hold, where somebody judged them; ``not_asked``: of how many of them nobody
    was asked whether the certificate was revoked, nor does the file prove it.
    """

    database: str
    position: int
    hash: str
    links: int = 0
    images: int = 0
    levels: list[str] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    number: int = 0
    signatures: int = 0
    not_asked: int = 0

    @property
    def holds(self) -> bool:
        return not self.number


def prove(
    store: Store,
    *,
    deep: bool = False,
    since: int = 0,
    judge: Judge | None = None,
    seen_before: Sequence[Seen] = (),
    watch: Watch | None = None,
) -> Proof:
    """Prove the database of ``store``. ``deep`` reads every file, and signatures where ``judge`` can tell them.

    ``since``: the link up to which the chain was proved before. ``seen_before``: what workstations remember.
    Unavailable "journal-missing" for a database that has no journal.
    """
    with store.reading() as session:
        if store.dialect == "postgresql":
            session.execute(text("SET LOCAL statement_timeout = 0"))
            session.execute(text("SET LOCAL idle_in_transaction_session_timeout = 0"))
        head = _head(session)
        proof = Proof(head.database, head.position, head.hash)
        counted = chain.Counted()
        levels: list[tuple[str, Callable[[], Iterator[Finding]]]] = [
            ("L1", lambda: chain.prove(session, head, since, counted, watch)),
            ("L2", lambda: rows.prove(session, since)),
            ("L5", lambda: registers.prove(session)),
            ("L6", lambda: seen.prove(session, head, seen_before, judge)),
        ]
        if store.dialect == "postgresql":
            levels.append(("L7", lambda: _rights(session)))
        if deep:
            levels.append(("L3", lambda: files.prove(session)))
            if judge is not None:
                levels.append(("L4", lambda: files.prove_signatures(session, judge)))
        for level, findings in levels:
            proof.levels.append(level)
            for finding in findings():
                proof.number += 1
                if len(proof.findings) < MOST:
                    proof.findings.append(finding)
        proof.links, proof.images = counted.links, counted.images
    return proof


def trust_roots(store: Store) -> tuple[tuple[str, bool], ...]:
    """Return the certificates (PEM) signatures are judged by, and whether each is a demo authority's.

    One that waits for its confirmation is none of them.
    """
    with store.reading() as session:
        roots = select(TrustRoot.pem, TrustRoot.is_demo).where(root_counts()).order_by(TrustRoot.sha256)
        found = session.execute(roots).all()
        return tuple((pem, demo) for pem, demo in found)


def _head(session: Session) -> JournalHead:
    try:
        head = session.scalars(select(JournalHead)).first()
    except DBAPIError as error:
        raise Unavailable("journal-missing") from error
    if head is None:
        raise Unavailable("journal-missing")
    return head


def _rights(session: Session) -> Iterator[Finding]:
    for words in authority.difference(session.connection()):
        yield Finding("L7", "journal-rights-differ", None, {"difference": words})
