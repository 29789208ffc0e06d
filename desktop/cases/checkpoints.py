"""The head's signature under the state of the journal: the exact PDF to sign, and the record of the signature.

The statement is worked out from one snapshot; no transaction is open while the token works. What was signed is kept
only when it is what was shown, by the very person, and the journal still says the same of that link.
"""

import base64
from collections.abc import Callable
from dataclasses import dataclass

from desktop.cases import journal
from desktop.cases.claiming import claiming, once, row_id
from desktop.cases.confirming import require_confirmed
from desktop.cases.journal import Event
from desktop.cases.signing import SignerSeen, prove_signer
from desktop.cases.standing import standing
from desktop.errors import NotAllowed
from desktop.models import JournalCheckpoint, Office
from desktop.regulation import rights
from desktop.regulation.rights import Actor, Command
from desktop.store import doubts, statements
from desktop.store.database import Store
from desktop.store.statements import Page

REASONS = ("monthly", "restored", "migrated", "asked")


@dataclass(frozen=True, slots=True)
class PreparedCheckpoint:
    """What goes to the token: ``statement`` and ``pdf`` are given to :func:`record` as they are."""

    statement: str
    pdf: bytes
    number: str


def prepare(store: Store, actor: Actor, *, reason: str, draw: Callable[[Page], bytes]) -> PreparedCheckpoint:
    """Return the statement of the journal as it stands, and its page. Nothing is written."""
    rights.require(actor, Command.CHECKPOINT)
    doubts.refuse(store)
    with store.reading() as session:
        require_confirmed(session, actor)
        office = session.get_one(Office, 1)
        told = statements.make(session, store.now(session), reason)
        page = Page(told, office.name_kk, office.name_ru, office.time_zone, office.is_demo)
    return PreparedCheckpoint(told.text, draw(page), str(told.position))


@once(row_id)
def record(
    store: Store,
    actor: Actor,
    *,
    statement: str,
    pdf: bytes,
    signed: bytes,
    verify: Callable[[bytes], SignerSeen],
) -> int:
    """Keep a signed checkpoint; return its id.

    NotAllowed: "signature-other-bytes", "signature-not-valid" (why), "signature-other-person",
    "certificate-not-in-date", "signature-revocation-unknown", "checkpoint-differs" (the journal no longer says so).
    Nothing is changed by any of them.
    """
    doubts.refuse(store)
    told, seen = statements.read(statement), verify(signed)
    with claiming(store, actor, Command.CHECKPOINT) as claimed:
        session, now = claimed.session, claimed.now
        head = standing(session, actor, now)
        rights.require(head, Command.CHECKPOINT)
        require_confirmed(session, head)
        number = str(told.position)
        if not signed.startswith(pdf) or len(signed) == len(pdf) or told.sha256.encode() not in pdf:
            raise NotAllowed("signature-other-bytes", number=number)
        prove_signer(session, head, session.get_one(Office, 1), number, seen, now)
        if not statements.agrees(session, told):
            raise NotAllowed("checkpoint-differs", position=told.position)
        row = JournalCheckpoint(
            position=told.position,
            hash=told.hash,
            reason=told.reason,
            statement=told.text,
            document=base64.b64encode(signed).decode(),
            certificate=seen.certificate_sha256,
            made_at=now,
            made_by=head.person_id,
        )
        session.add(row)
        session.flush()
        journal.record(
            session,
            head,
            Event.CHECKPOINT_SIGNED,
            None,
            at=now,
            position=told.position,
            sealed_by=told.hash,
            reason=told.reason,
            certificate=seen.certificate_sha256,
            revocation=seen.revocation,
        )
        return claimed.returns(row.id)
