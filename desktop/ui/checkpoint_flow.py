"""Signing a checkpoint of the journal: prepared on the store lane, signed on the token's, kept on the store lane.

The PIN is handed in, used once and dropped. An alarm does not stop it: by a checkpoint the head accepts what a restore
left, and the person who signs has read the page.
"""

from typing import Any

from PySide6.QtCore import QObject, Signal

from desktop.cases.checkpoints import PreparedCheckpoint
from desktop.cases.signing import SignerSeen
from desktop.regulation.model import Text
from desktop.ui.signing_work import NCALAYER, Key, Proved, SignerFacts, check_key, open_key, signer_facts


def gather(store, actor, *, reason: str) -> tuple[PreparedCheckpoint, SignerFacts]:
    """Prepare the page and read who may sign it by which roots."""
    from desktop.cases import checkpoints
    from desktop.documents.checkpoints import draw

    return checkpoints.prepare(store, actor, reason=reason, draw=draw), signer_facts(store, actor)


def sign(*, prepared: PreparedCheckpoint, signer: SignerFacts, key: Key, pin: Any) -> bytes:
    """Open the key, prove its certificate, sign: the work of the token lane."""
    proved = check_key(key=key, signer=signer) if key.kind == NCALAYER else Proved(key)
    with open_key(proved.key, pin=pin, signer=signer, checked=proved.checked) as (hand, _):
        stated = Text(
            f"Журналды бақылау ведомосі, орны {prepared.number}",
            f"Ведомость контроля журнала, позиция {prepared.number}",
        )
        return hand.sign(prepared.pdf, at=signer.at, reason=stated)


def record(store, actor, *, signer: SignerFacts, **facts: Any) -> int:
    """Verify what came back and keep it, on the store lane."""
    from desktop.cases import checkpoints
    from desktop.eds import pdf_signature

    def verify(signed: bytes) -> SignerSeen:
        verdict = pdf_signature.verify(
            signed,
            trust_roots=signer.trust_roots,
            demo_roots=signer.demo_roots,
            at=max(store.now(), signer.at),
        )
        return SignerSeen(
            iin=verdict.iin,
            certificate_sha256=verdict.certificate_sha256,
            valid=verdict.valid and verdict.unchanged and len(verdict.signatures) == 1,
            why=verdict.reason.value,
        )

    return checkpoints.record(store, actor, verify=verify, **facts)


class CheckpointFlow(QObject):
    """Leads one checkpoint through its lanes. ``stage``: "" idle, prepare, token, record."""

    stage_changed = Signal(str)
    pin_needed = Signal(object, str)  # Key, position: ask and call :meth:`go_on`
    signed = Signal(str)  # the position
    refused = Signal(object)  # the error

    def __init__(self, desk, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self._key: Key | None = None
        self._ready: tuple[PreparedCheckpoint, SignerFacts] | None = None
        self.stage = ""

    def start(self, key: Key, reason: str) -> None:
        """Begin to sign the journal as it stands."""
        if self.stage:
            return
        self._key = key
        self._stage("prepare")
        self._desk.read(gather, then=self._gathered, on_error=self._failed, latest="gather", reason=reason)

    def _gathered(self, ready: tuple[PreparedCheckpoint, SignerFacts]) -> None:
        self._ready = ready
        self._stage("")
        self.pin_needed.emit(self._key, ready[0].number)

    def go_on(self, pin) -> None:
        """Sign with the PIN (None: it is typed on the device)."""
        if self.stage or self._ready is None:
            return
        prepared, signer = self._ready
        self._stage("token")
        self._desk.token(
            sign,
            then=self._made,
            on_error=self._failed,
            prepared=prepared,
            signer=signer,
            key=self._key,
            pin=pin,
        )

    def give_up(self) -> None:
        """The PIN dialog was closed; nothing happened."""
        self._ready = None
        self._stage("")

    def _made(self, signed: bytes) -> None:
        prepared, signer = self._ready
        self._ready = None
        self._stage("record")
        self._desk.do(
            record,
            then=lambda _number, position=prepared.number: self._recorded(position),
            on_error=self._failed,
            about=("checkpoint", prepared.statement),
            statement=prepared.statement,
            pdf=prepared.pdf,
            signed=signed,
            signer=signer,
        )

    def _recorded(self, position: str) -> None:
        self._stage("")
        self.signed.emit(position)

    def _failed(self, error: BaseException) -> bool:
        self._stage("")
        self.refused.emit(error)
        return False

    def _stage(self, stage: str) -> None:
        self.stage = stage
        self.stage_changed.emit(stage)
