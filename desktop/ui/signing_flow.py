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
from desktop.ui.signing_work import (
    FILE,
    LAST_TRY,
    NCALAYER,
    TOKEN,
    Key,
    Made,
    Proved,
    SignerFacts,
    check_and_sign,
    check_key,
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
        self._proved = None  # what the authority told of the certificate a moment ago
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
        elif self._key.kind == FILE:  # whose it is shows only by its password
            self._checked(Proved(self._key))
        else:
            self._stage("token")
            self._desk.token(
                check_key, then=self._checked, on_error=self._failed, key=self._key, signer=signer
            )

    def _checked(self, proved: Proved) -> None:
        self._stage("")
        self._key, self._proved = proved.key, proved.checked
        self.pin_needed.emit(self._key)

    @property
    def key(self) -> Key | None:
        """The key in hand, with what was learnt of it."""
        return self._key

    def go_on(self, pin, *, last_try: bool = False) -> None:
        """Sign with the ``Pin`` (None: it is typed elsewhere); it is wiped when the token lane is done."""
        if self.stage or self._ready is None:
            return
        prepared, signer = self._ready
        self._stage("token")
        self._desk.token(
            check_and_sign, then=self._made, on_error=self._failed,
            prepared=prepared, signer=signer, key=self._key, pin=pin, last_try=last_try, checked=self._proved,
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
        if getattr(error, "code", "") == LAST_TRY and self._desk.ask(
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
