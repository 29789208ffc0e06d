"""The head's electronic signature (001 item 7(6)): the exact bytes to sign, and the record of the signature.

No transaction is open while the token works. If the program dies in between, the same bytes and the same
number are signed again; a signature that was never recorded was never shown, so there is no second original.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from desktop.cases import facts, numbers
from desktop.cases.change import Change, changing
from desktop.cases.claiming import nothing, once
from desktop.cases.confirming import require_confirmed
from desktop.cases.drawing import PDF, Coder, Draw, add_document, code_of, code_stands, same_facts, with_code
from desktop.cases.journal import Event
from desktop.cases.numbers import Register
from desktop.errors import NotAllowed
from desktop.models import CaseDocument, Licence, Office, Person
from desktop.models.folding import fold, sort_key
from desktop.regulation.licence_states import IN_FORCE, out_of_force
from desktop.regulation.model import Act, DocumentKind, Effect, OperationKind, Outcome
from desktop.regulation.papers import LicenceFacts, from_json
from desktop.regulation.rights import Actor, Command
from desktop.store import blobs, doubts
from desktop.store.database import Store

REISSUED = "reissued"  # of a licence in the register whose place another has taken


@dataclass(frozen=True, slots=True)
class Prepared:
    """What goes to the token. ``version`` is the case's version to give to :func:`record`."""

    document_id: int
    version: int
    pdf: bytes
    kind: DocumentKind
    number: str
    code: str = ""  # what became of the code that proves itself: one of the words of ``code_of``


@dataclass(frozen=True, slots=True)
class SignerSeen:
    """What the verifier saw in the signed bytes. ``valid``: whole, unchanged, chain trusted, one signature."""

    iin: str
    certificate_sha256: str
    valid: bool
    not_before: datetime | None = None
    not_after: datetime | None = None
    why: str = ""  # the verifier's own code when not valid
    revocation: str = (
        ""  # who said the certificate is not revoked ("ocsp", "crl"), or the code why nobody did
    )
    revocation_known: bool = True


def _prepared_before(store: Store, told: Any) -> Prepared:
    with store.reading() as session:
        document = session.get_one(CaseDocument, told["document_id"])
        return _told(session, document, told["version"])


def _told(session: Session, document: CaseDocument, version: int) -> Prepared:
    pdf = blobs.get(session, document.unsigned_sha256 or "")
    kind = DocumentKind(document.kind)
    return Prepared(document.id, version, pdf, kind, document.number, code_of(session, document))


@once(_prepared_before)
def prepare(
    store: Store, actor: Actor, *, case_id: int, seen_version: int, draw: Draw, coder: Coder | None = None
) -> Prepared:
    """Return the bytes to be signed today by ``actor``.

    The stored draft as it is, unless its date, its signer, the particulars, the seal or the key of its code
    changed since it was drawn: then it is drawn anew under the same number and the old draft becomes ``replaced``.
    ``coder`` None: the key is not open, and a page that has no code yet gets none. NotAllowed as ``with_code``.
    """
    doubts.refuse(store)
    with changing(store, actor, case_id, seen_version, Command.PREPARE) as change:
        change.performs(Act.SIGN)
        require_confirmed(change.session, change.actor)
        document = facts.waiting_document(change)
        kind = DocumentKind(document.kind)
        person = change.session.get_one(Person, change.actor.person_id)
        signer = facts.signer_facts(person, change.actor.acting)
        wanted = facts.decision_facts(change, kind, document.number, change.today, signer)
        same = document.signer_id == person.id and document.dated == change.today
        same = same and code_stands(change.session, document, coder)
        if same and same_facts(document, change.office, wanted):
            change.touch = False
        else:
            document.state = "replaced"
            document = add_document(
                change.session,
                change.office,
                change.case,
                kind,
                with_code(change.session, kind, wanted, coder),
                draw,
                number=document.number,
                dated=change.today,
                state="draft",
                now=change.now,
                by=document.created_by,
                signer_id=person.id,
            )
            change.record(
                Event.SIGNING_PREPARED,
                document=kind,
                number=document.number,
                sha256=document.unsigned_sha256,
                dated=change.today,
            )
        change.session.flush()  # the version is told to the caller
        change.claimed.returns({"document_id": document.id, "version": change.case.version})
        prepared = _told(change.session, document, change.case.version)
    return replace(prepared, version=change.case.version)


@once(nothing)
def record(
    store: Store,
    actor: Actor,
    *,
    case_id: int,
    seen_version: int,
    document_id: int,
    signed: bytes,
    verify: Callable[[bytes], SignerSeen],
) -> None:
    """Keep the signed bytes and send the case on; a licence enters the register in the same transaction.

    NotAllowed: "signing-stopped" (:mod:`desktop.store.doubts`), "signature-not-valid" (why), "signature-other-bytes", "signature-other-person",
    "certificate-not-in-date", "signature-revocation-unknown", "prepared-for-another", "draft-replaced". Nothing is changed by any of them.
    """
    doubts.refuse(store)
    seen = verify(signed)
    with changing(store, actor, case_id, seen_version, Command.SIGN) as change:
        chosen = change.choose(Act.SIGN, _signed_outcome(change))
        require_confirmed(change.session, change.actor)
        document = facts.waiting_document(change)
        _prove(change, document, document_id, signed, seen)
        document.signed_sha256 = blobs.put(change.session, signed, PDF, change.now)
        document.state = "signed"
        document.signer_id = change.actor.person_id
        document.signer_certificate = seen.certificate_sha256
        document.signed_at = change.now
        kind = DocumentKind(document.kind)
        if kind == DocumentKind.LICENCE:
            _enter(change, document)
        else:
            _use_number(change, document, Register.OUTGOING)
        change.case.draft_kind = None
        voided = numbers.void_reserved(change.session, change.case, f"ended-as-{kind.value}")
        step = change.case.step
        _finish(change, chosen, kind)
        change.record(
            Event.SIGNED,
            step=step,
            outcome=chosen.id,
            document=kind,
            number=document.number,
            sha256=document.signed_sha256,
            certificate=seen.certificate_sha256,
            voided=voided,
            revocation=seen.revocation,
        )


def _finish(change: Change, chosen: Outcome, kind: DocumentKind) -> None:
    change.go(chosen.next, result=kind.value)


def _signed_outcome(change: Change) -> str:
    step = change.step
    for outcome in step.outcomes:
        if outcome.effect == Effect.SIGNED:
            return outcome.id
    raise NotAllowed("step-is-another", number=change.case.number, act=step.act.value)


def _prove(change: Change, document: CaseDocument, document_id: int, signed: bytes, seen: SignerSeen) -> None:
    if document.id != document_id:
        raise NotAllowed("draft-replaced", number=change.case.number)
    if document.dated != change.today:
        raise NotAllowed("draft-replaced", number=change.case.number)  # the page bears another day
    if document.signer_id != change.actor.person_id:
        raise NotAllowed("prepared-for-another", number=change.case.number)
    prepared = blobs.get(change.session, document.unsigned_sha256 or "")
    if not signed.startswith(prepared) or len(signed) == len(prepared):
        raise NotAllowed("signature-other-bytes", number=document.number)
    prove_signer(change.session, change.actor, change.office, document.number, seen, change.now)
    if any(item.state == "signed" and item.kind == document.kind for item in change.case.documents):
        raise NotAllowed("already-signed", number=change.case.number)


def prove_signer(
    session: Session, actor: Actor, office: Office, number: str, seen: SignerSeen, now: datetime
) -> None:
    """Refuse a signature that does not hold, is not the actor's, or of which nobody knows that it is not revoked.

    Of a paper and of a checkpoint alike. NotAllowed "signature-not-valid" (why), "signature-other-person",
    "certificate-not-in-date", "signature-revocation-unknown".
    """
    if not seen.valid:
        raise NotAllowed("signature-not-valid", number=number, why=seen.why)
    person = session.get_one(Person, actor.person_id)
    if not person.iin or seen.iin != person.iin:
        raise NotAllowed("signature-other-person", number=number)
    early = seen.not_before is not None and now < seen.not_before
    late = seen.not_after is not None and now > seen.not_after
    if early or late:
        raise NotAllowed("certificate-not-in-date", first=seen.not_before, last=seen.not_after)
    if not seen.revocation_known and not office.silence_allowed:
        raise NotAllowed("signature-revocation-unknown", number=number)


def _enter(change: Change, document: CaseDocument) -> None:
    """Enter the licence in the register; a duplicate of one that stands there is in it already.

    NotAllowed "licence-not-in-force", "licence-suspended", "licence-terminated" when what is re-issued or copied was
    replaced, suspended or stopped meanwhile.
    """
    named = change.case.licence_named
    kind = change.operation.kind
    former = None
    if "id" in named and kind is not OperationKind.ISSUE:
        former = change.session.get_one(Licence, named["id"], with_for_update=True)
        if former.status not in IN_FORCE:
            raise NotAllowed(out_of_force(former.status), number=former.number, status=former.status)
    if former is not None and kind is OperationKind.DUPLICATE:
        return
    _use_number(change, document, Register.LICENCE, Register.OUTSIDE_LICENCE)
    licence = _licence(change, document)
    change.session.add(licence)
    if former is not None:
        change.session.flush()  # the former row names the new one
        former.status, former.replaced_by = REISSUED, licence.id


def _use_number(change: Change, document: CaseDocument, *registers: Register) -> None:
    number = numbers.reserved_for(change.session, change.case, *registers)
    if number is None or number.text != document.number:
        raise NotAllowed("draft-replaced", number=change.case.number)
    number.state = numbers.USED


def _licence(change: Change, document: CaseDocument) -> Licence:
    """Return the register's row, of what the signed page itself says."""
    case = change.case
    page: LicenceFacts = from_json(DocumentKind.LICENCE, document.facts)
    return Licence(
        case_id=case.id,
        document_id=document.id,
        number=page.number,
        annex_number=page.annex_number,
        issued_on=page.issued_on,
        first_issued_on=page.first_issued_on,
        holder_kk=page.holder.name.kk,
        holder_ru=page.holder.name.ru,
        identifier=page.holder.identifier,
        holder_address=page.holder.address,
        site=page.site,
        service=case.service,
        sub_types_kk=facts.SUB_TYPES_BETWEEN.join(item.kk for item in page.sub_types),
        sub_types_ru=facts.SUB_TYPES_BETWEEN.join(item.ru for item in page.sub_types),
        search=fold(
            " ".join(
                (page.number, page.holder.identifier, page.holder.name.kk, page.holder.name.ru, page.site)
            )
        ),
        holder_sort=sort_key(page.holder.name.kk),
    )
