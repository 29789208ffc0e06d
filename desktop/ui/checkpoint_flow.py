"""Signing a checkpoint of the journal, by the very steps a paper is signed by (:mod:`desktop.ui.signing_work`).

Prepared on the store lane; on the token's the certificate is proved before the PIN, then the page is signed; verified
and kept on the store lane, with what is known of the revocation. An alarm does not stop it: by a checkpoint the head
accepts what a restore left, and the person who signs has read the page.
"""

from typing import Any

from PySide6.QtCore import QObject, Signal

from desktop.cases.checkpoints import PreparedCheckpoint
from desktop.regulation.stated import stated
from desktop.ui.signing_work import (
    FILE,
    LAST_TRY,
    Key,
    Made,
    Proved,
    SignerFacts,
    check_key,
    open_key,
    signer_facts,
    verifier,
)


def gather(store, actor, *, reason: str) -> tuple[PreparedCheckpoint, SignerFacts]:
    """Prepare the page and read who may sign it by which roots."""
    from desktop.cases import checkpoints
    from desktop.documents.checkpoints import draw

    return checkpoints.prepare(store, actor, reason=reason, draw=draw), signer_facts(store, actor)


def sign(
    *, prepared: PreparedCheckpoint, signer: SignerFacts, key: Key, pin: Any, last_try: bool, checked: Any
) -> Made:
    """Open the key, check its certificate, sign: the work of the token lane."""
    with open_key(key, pin=pin, signer=signer, last_try=last_try, checked=checked) as (hand, seen):
        reason = stated("signature", "checkpoint", number=prepared.number)
        return Made(hand.sign(prepared.pdf, at=signer.at, reason=reason), seen)


def record(store, actor, *, signer: SignerFacts, signed: Made, **facts: Any) -> int:
    """Verify what came back and keep it, on the store lane."""
    from desktop.cases import checkpoints

    return checkpoints.record(
        store, actor, verify=verifier(store, signer, signed), signed=signed.pdf, **facts
    )


class CheckpointFlow(QObject):
    """Leads one checkpoint through its lanes. ``stage``: "" idle, prepare, token, record."""

    stage_changed = Signal(str)
    pin_needed = Signal(object, str)  # Key, position: ask and call :meth:`go_on`
    pin_again = Signal(object, str)  # the same: the person accepted the last try
    signed = Signal(str)  # the position
    refused = Signal(object)  # the error

    def __init__(self, desk, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self._key: Key | None = None
        self._checked: Any = None  # what the authority told of the certificate a moment ago
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
        if self._key.kind == FILE:  # whose it is shows only by its password
            self._proved(Proved(self._key))
            return
        self._stage("token")
        self._desk.token(check_key, then=self._proved, on_error=self._failed, key=self._key, signer=ready[1])

    def _proved(self, proved: Proved) -> None:
        self._key, self._checked = proved.key, proved.checked
        self._stage("")
        self.pin_needed.emit(self._key, self._ready[0].number)

    @property
    def key(self) -> Key | None:
        """The key in hand, with what was learnt of it."""
        return self._key

    def go_on(self, pin, *, last_try: bool = False) -> None:
        """Sign with the ``Pin`` (None: it is typed elsewhere)."""
        if self.stage or self._ready is None:
            return
        prepared, signer = self._ready
        self._stage("token")
        self._desk.token(
            sign, then=self._made, on_error=self._failed,
            prepared=prepared, signer=signer, key=self._key, pin=pin, last_try=last_try, checked=self._checked,
        )  # fmt: skip

    def give_up(self) -> None:
        """The PIN dialog was closed; nothing happened."""
        self._ready = None
        self._stage("")

    def _made(self, signed: Made) -> None:
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
        if getattr(error, "code", "") == LAST_TRY and self._desk.ask(
            self.tr("This is the last try: a wrong PIN locks the token. Sign with this PIN?"),
            yes=self.tr("Use the last try"),
            danger=True,
        ):
            self.pin_again.emit(self._key, self._ready[0].number)
            return True
        self.refused.emit(error)
        return False

    def _stage(self, stage: str) -> None:
        self.stage = stage
        self.stage_changed.emit(stage)
