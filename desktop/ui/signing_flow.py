"""Signing is three tasks, and no transaction is open while a human types a PIN or a token works.

Store lane: the exact bytes, the signer's ИИН, the office's trust roots. Token lane: open the key, check that the
certificate is the signer's, in date and trusted, sign. Store lane: verify what came back and record it. Whatever
fails, the case stands where it stood and the next try signs the same bytes under the same number.

The PIN is handed in, used for one signature and dropped; it is in no field, no setting and no log.
"""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, Signal

from desktop.cases.signing import Prepared, SignerSeen
from desktop.errors import NotAllowed, Unavailable
from desktop.queries.rows import CaseCard
from desktop.regulation.model import Text
from desktop.ui.desk import Changed

FILE, TOKEN = "file", "token"
_LAST_TRY = "token-pin-final-try"


@dataclass(frozen=True, slots=True)
class Key:
    """Where the key is: a PKCS#12 file, or a token by its serial number behind a PKCS#11 module."""

    kind: str
    path: str = ""
    module: str = ""
    token: str = ""
    label: str = ""
    has_pin_pad: bool = False


@dataclass(frozen=True, slots=True)
class SignerFacts:
    """What the token lane needs to know; read on the store lane just before."""

    iin: str
    bin: str
    at: datetime  # the office's moment of signing
    trust_roots: tuple[str, ...]
    demo_roots: tuple[str, ...]


def prepare(store, actor, *, case_id: int, seen_version: int, draw) -> Prepared:
    """Run the command; imported where it runs."""
    from desktop.cases import signing

    return signing.prepare(store, actor, case_id=case_id, seen_version=seen_version, draw=draw)


def gather(store, actor, *, case_id: int, seen_version: int, draw) -> tuple[Prepared, SignerFacts]:
    """Prepare the bytes and read who may sign them by which roots."""
    prepared = prepare(store, actor, case_id=case_id, seen_version=seen_version, draw=draw)
    return prepared, signer_facts(store, actor)


def signer_facts(store, actor) -> SignerFacts:
    """Read who ``actor`` is to a key, and which roots the office trusts."""
    from zoneinfo import ZoneInfo

    from desktop.queries import office

    people = office.people(store, actor)
    iin = next((person.iin for person in people if person.person_id == actor.person_id), "")
    facts, roots = office.office(store), office.trust_roots(store, actor)
    return SignerFacts(
        iin=iin,
        bin=facts.bin,
        at=store.now().astimezone(ZoneInfo(facts.time_zone)),
        trust_roots=tuple(root.pem for root in roots if not root.is_demo),
        demo_roots=tuple(root.pem for root in roots if root.is_demo),
    )


def check_and_sign(
    *, prepared: Prepared, signer: SignerFacts, key: Key, pin: str | None, last_try: bool = False
) -> bytes:
    """Open the key, check its certificate, sign: the work of the token lane."""
    from desktop.eds import certificates, tokens

    if key.kind == FILE:
        opened = tokens.open_pkcs12(key.path, pin or "")
    else:
        opened = tokens.open_pkcs11(key.module, token=key.token, pin=pin, final_try_accepted=last_try)
    with opened as hand:
        certificates.check_signer(
            hand.info,
            chain=hand.chain,
            trust_roots=(*signer.trust_roots, *signer.demo_roots),
            at=signer.at,
            iin=signer.iin,
            bin=signer.bin,
        )
        return hand.sign(prepared.pdf, at=signer.at, reason=_reason(prepared))


def check_token(*, key: Key, signer: SignerFacts) -> None:
    """Check a token's certificates before the PIN is asked; one good one is enough.

    A token that shows nothing without its PIN passes: it is checked once it is open.
    """
    from desktop.eds import certificates, tokens

    present = tokens.certificates_on(key.module, key.token)
    issuers = tuple(info.der for info in present if not info.may_sign)
    refusals = []
    for info in present:
        if not info.may_sign and len(issuers) < len(present):
            continue  # what authorities left beside it is nobody's to sign with
        try:
            certificates.check_signer(
                info,
                chain=issuers,
                trust_roots=(*signer.trust_roots, *signer.demo_roots),
                at=signer.at,
                iin=signer.iin,
                bin=signer.bin,
            )
        except NotAllowed as refusal:
            refusals.append(refusal)
        else:
            return
    for refusal in refusals:
        if refusal.code != "certificate-untrusted":  # its issuers may be readable only once it is open
            raise refusal


def tokens_present(*, module: str) -> tuple[Key, ...]:
    """Return the tokens in the readers; ``module`` is the setting, "" looks in the usual places.

    A module that fails is told of only where no other shows a token. Unavailable "token-no-module",
    "token-module-missing" (the setting's), or what ``tokens.list_tokens`` says.
    """
    from desktop.eds import tokens

    found: list[Key] = []
    present = tokens.list_modules((module,) if module else ())
    troubles = [] if present else [Unavailable("token-no-module")]
    if module and Path(module) not in present:
        troubles.insert(0, Unavailable("token-module-missing", module=module))
    for path in present:
        try:
            seen = tokens.list_tokens(path)
        except Unavailable as error:
            troubles.append(error)
            continue
        found += [
            Key(TOKEN, module=str(path), token=token.serial or token.label, label=token.label,
                has_pin_pad=token.has_pin_pad)
            for token in seen
        ]  # fmt: skip
    if troubles and not found:
        raise troubles[0]
    return tuple(found)


def record(store, actor, *, signer: SignerFacts, **facts: Any) -> None:
    """Verify what came back and keep it, on the store lane."""
    from desktop.cases import signing
    from desktop.eds import pdf_signature

    def verify(signed: bytes) -> SignerSeen:
        verdict = pdf_signature.verify(
            signed, trust_roots=signer.trust_roots, demo_roots=signer.demo_roots, at=signer.at
        )
        last = verdict.last
        return SignerSeen(
            iin=verdict.iin,
            certificate_sha256=verdict.certificate_sha256,
            valid=verdict.valid and verdict.unchanged and len(verdict.signatures) == 1,
            not_before=last.certificate_not_before if last else None,
            not_after=last.certificate_not_after if last else None,
            why=verdict.reason.value,
        )

    signing.record(store, actor, verify=verify, **facts)


def _reason(prepared: Prepared) -> Text:
    """Return what the signature itself states, in both state languages."""
    return Text(
        f"Мемлекеттік қызмет көрсету нәтижесіне қол қою, № {prepared.number}",
        f"Подписание результата государственной услуги, № {prepared.number}",
    )


class SigningFlow(QObject):
    """Leads one signature through its lanes. ``stage``: "" idle, prepare, token, record."""

    stage_changed = Signal(str)
    prepared = Signal(object)  # Prepared: the exact bytes to look at
    drawn_anew = Signal()  # the paper is not the one that was looked at
    pin_needed = Signal(object)  # Key: ask and call :meth:`go_on`
    signed = Signal(str)  # the number of the paper
    refused = Signal(object)  # the error

    def __init__(self, desk, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self._card: CaseCard | None = None
        self._key: Key | None = None
        self._ready: tuple[Prepared, SignerFacts] | None = None
        self._seen: bytes = b""
        self.stage = ""

    def show(self, card: CaseCard) -> None:
        """Prepare the bytes so that they can be looked at; nothing is signed."""
        if self.stage:
            return
        self._card = card
        self._stage("prepare")
        self._desk.read(
            prepare, then=self._shown, on_error=self._failed, latest="prepare",
            case_id=card.case_id, seen_version=card.version, draw=self._desk.draw,
        )  # fmt: skip

    def _shown(self, prepared: Prepared) -> None:
        self._stage("")
        self._seen = prepared.pdf
        self.prepared.emit(prepared)
        self._tell_if_changed(prepared)

    def start(self, card: CaseCard, key: Key) -> None:
        """Begin to sign with ``key``; the PIN is asked for once the certificate has been looked at."""
        if self.stage:
            return
        try:
            self._desk.alarms.refuse_signing()
        except NotAllowed as refusal:
            self._desk.notices.tell(refusal)
            return
        self._card, self._key = card, key
        self._stage("prepare")
        self._desk.read(
            gather, then=self._gathered, on_error=self._failed, latest="gather",
            case_id=card.case_id, seen_version=card.version, draw=self._desk.draw,
        )  # fmt: skip

    def _gathered(self, ready: tuple[Prepared, SignerFacts]) -> None:
        self._ready = ready
        prepared, signer = ready
        if prepared.pdf != self._seen:
            self._stage("")
            self._seen = prepared.pdf
            self.prepared.emit(prepared)
            self.drawn_anew.emit()
            self._tell_if_changed(prepared)
        elif self._key.kind == TOKEN:
            self._stage("token")
            self._desk.token(
                check_token, then=self._checked, on_error=self._failed, key=self._key, signer=signer
            )
        else:
            self._checked(None)

    def _checked(self, _: None) -> None:
        self._stage("")
        self.pin_needed.emit(self._key)

    def go_on(self, pin: str | None, *, last_try: bool = False) -> None:
        """Sign with the PIN (None: it is typed on the device); it is forgotten when the token lane is done."""
        if self.stage or self._ready is None:
            return
        prepared, signer = self._ready
        self._stage("token")
        self._desk.token(
            check_and_sign, then=self._made, on_error=self._failed,
            prepared=prepared, signer=signer, key=self._key, pin=pin, last_try=last_try,
        )  # fmt: skip

    def give_up(self) -> None:
        """The PIN dialog was closed; nothing happened."""
        self._ready = None
        self._stage("")

    def _made(self, signed: bytes) -> None:
        prepared, signer = self._ready
        self._ready = None
        self._stage("record")
        self._desk.do(
            record, then=lambda _, number=prepared.number: self._recorded(number), on_error=self._failed,
            about=("signature", prepared.document_id),
            case_id=self._card.case_id, seen_version=prepared.version, document_id=prepared.document_id,
            signed=signed, signer=signer,
        )  # fmt: skip

    def _recorded(self, number: str) -> None:
        self._stage("")
        self.signed.emit(number)

    def _failed(self, error: BaseException) -> bool:
        stage = self.stage
        self._stage("")
        if getattr(error, "code", "") == _LAST_TRY and self._desk.ask(
            self.tr("This is the last try: a wrong PIN locks the token. Sign with this PIN?"),
            yes=self.tr("Use the last try"),
            danger=True,
        ):
            self.pin_again.emit(self._key)
            return True
        self.refused.emit(error)
        if getattr(error, "code", "") == "case-moved-on" and stage != "record":
            self._desk.changed.emit(Changed(cases=frozenset({self._card.case_id})))
        return False

    pin_again = Signal(object)  # Key: the person accepted the last try; ask for the PIN anew

    def _tell_if_changed(self, prepared: Prepared) -> None:
        if self._card is not None and prepared.version != self._card.version:
            self._desk.changed.emit(Changed(cases=frozenset({self._card.case_id})))

    def _stage(self, stage: str) -> None:
        self.stage = stage
        self.stage_changed.emit(stage)
