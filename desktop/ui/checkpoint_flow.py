"""Signing a checkpoint of the journal, by the very steps a paper is signed by (:mod:`desktop.ui.key_steps`).

Prepared on the store lane; on the token's the certificate is proved before the PIN, then the page is signed; verified
and kept on the store lane, with what is known of the revocation. An alarm does not stop it: by a checkpoint the head
accepts what a restore left, and the person who signs has read the page.
"""

from typing import Any

from PySide6.QtCore import QObject

from desktop.cases.checkpoints import PreparedCheckpoint
from desktop.regulation.stated import stated
from desktop.ui.key_steps import KeySteps
from desktop.ui.signing_work import (
    Key,
    Made,
    SignerFacts,
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


class CheckpointFlow(KeySteps):
    """Leads one checkpoint through its lanes; ``number``: the position in hand."""

    def __init__(self, desk, parent: QObject | None = None) -> None:
        super().__init__(desk, sign, parent)
        self.number = ""

    def start(self, key: Key, reason: str) -> None:
        """Begin to sign the journal as it stands."""
        if self.stage:
            return
        self._key = key
        self._stage("prepare")
        self._desk.read(gather, then=self._gathered, on_error=self._failed, latest="gather", reason=reason)

    def _gathered(self, ready: tuple[PreparedCheckpoint, SignerFacts]) -> None:
        self.number = ready[0].number
        self._prove(ready)

    def _keep(self, prepared: PreparedCheckpoint, signer: SignerFacts, signed: Made) -> None:
        self._desk.do(
            record,
            then=lambda _number, position=prepared.number: self._kept(position),
            on_error=self._failed,
            about=("checkpoint", prepared.statement),
            statement=prepared.statement,
            pdf=prepared.pdf,
            signed=signed,
            signer=signer,
        )
