"""Signing is three tasks, and no transaction is open while a human types a PIN or a token works.

Store lane: the exact bytes, the signer's ИИН, the office's trust roots. Token lane: look whose certificate it is, in
date, trusted and not revoked; open the key, sign. Store lane: verify what came back and record it. Whatever fails, the
case stands where it stood and the next try signs the same bytes under the same number.
"""

from PySide6.QtCore import QObject, Signal

from desktop.cases.signing import Prepared
from desktop.errors import NotAllowed
from desktop.queries.rows import CaseCard
from desktop.ui.desk import Changed
from desktop.ui.key_steps import KeySteps
from desktop.ui.signing_work import (
    FILE,
    NCALAYER,
    TOKEN,
    Key,
    Made,
    SignerFacts,
    check_and_sign,
    check_token,
    gather,
    prepare,
    record,
    signer_facts,
    tokens_present,
)

__all__ = [
    "FILE",
    "NCALAYER",
    "TOKEN",
    "Key",
    "Made",
    "SignerFacts",
    "SigningFlow",
    "check_and_sign",
    "check_token",
    "gather",
    "prepare",
    "record",
    "signer_facts",
    "tokens_present",
]


class SigningFlow(KeySteps):
    """Leads one paper through its lanes, and shows it before anything is asked."""

    prepared = Signal(object)  # Prepared: the exact bytes to look at
    drawn_anew = Signal()  # the paper is not the one that was looked at

    def __init__(self, desk, parent: QObject | None = None) -> None:
        super().__init__(desk, check_and_sign, parent)
        self._card: CaseCard | None = None
        self._seen: bytes = b""

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
        prepared = ready[0]
        if prepared.pdf == self._seen:
            self._prove(ready)
            return
        self._stage("")
        self._seen = prepared.pdf
        self.prepared.emit(prepared)
        self.drawn_anew.emit()
        self._tell_if_changed(prepared)

    def _keep(self, prepared: Prepared, signer: SignerFacts, signed: Made) -> None:
        self._desk.do(
            record, then=lambda _, number=prepared.number: self._kept(number), on_error=self._failed,
            about=("signature", prepared.document_id),
            case_id=self._card.case_id, seen_version=prepared.version, document_id=prepared.document_id,
            signed=signed, signer=signer,
        )  # fmt: skip

    def _failed(self, error: BaseException) -> bool:
        stage = self.stage
        told = super()._failed(error)
        if getattr(error, "code", "") == "case-moved-on" and stage != "record":
            self._desk.changed.emit(Changed(cases=frozenset({self._card.case_id})))
        return told

    def _tell_if_changed(self, prepared: Prepared) -> None:
        if self._card is not None and prepared.version != self._card.version:
            self._desk.changed.emit(Changed(cases=frozenset({self._card.case_id})))
