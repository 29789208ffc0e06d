"""The steps every single signature takes, of a paper or of a checkpoint, whoever prepares and keeps it.

On the token's lane the certificate is looked at before a PIN is asked, then the key is opened and signs; no
transaction is open meanwhile, and whatever fails leaves everything as it was.
"""

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QCoreApplication, QObject, Signal

from desktop.ui.signing_work import FILE, LAST_TRY, Key, Made, Proved, SignerFacts, check_key


def accepts_last_try(desk, error: BaseException) -> bool:
    """Where one more wrong PIN would lock the token, ask; True when the person takes that upon himself."""
    if getattr(error, "code", "") != LAST_TRY:
        return False
    question = QCoreApplication.translate(
        "KeySteps", "This is the last try: a wrong PIN locks the token. Sign with this PIN?"
    )
    return bool(
        desk.ask(question, yes=QCoreApplication.translate("KeySteps", "Use the last try"), danger=True)
    )


class KeySteps(QObject):
    """Leads one signature from the key to what came back. ``stage``: "" idle, prepare, token, record.

    ``sign`` is the work of the token's lane: ``sign(prepared=, signer=, key=, pin=, last_try=, checked=)``
    returns ``Made``. What to do with it is :meth:`_keep`'s.
    """

    stage_changed = Signal(str)
    pin_needed = Signal(object)  # Key: ask and call :meth:`go_on`
    pin_again = Signal(object)  # Key: the person accepted the last try; ask anew
    signed = Signal(str)  # the number of what was signed
    refused = Signal(object)  # the error

    def __init__(self, desk, sign: Callable[..., Made], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._desk, self._sign = desk, sign
        self._key: Key | None = None
        self._ready: tuple[Any, SignerFacts] | None = None
        self._known: Any = None  # what the authority told of the certificate a moment ago
        self.stage = ""

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
            self._sign, then=self._made, on_error=self._failed,
            prepared=prepared, signer=signer, key=self._key, pin=pin, last_try=last_try, checked=self._known,
        )  # fmt: skip

    def give_up(self) -> None:
        """The PIN dialog was closed; nothing happened."""
        self._ready = None
        self._stage("")

    # for those who prepare and keep

    def _prove(self, ready: tuple[Any, SignerFacts]) -> None:
        """Look at the certificate of the key, then have the PIN asked for."""
        self._ready = ready
        if self._key.kind == FILE:  # whose it is shows only by its password
            self._proved(Proved(self._key))
            return
        self._stage("token")
        self._desk.token(check_key, then=self._proved, on_error=self._failed, key=self._key, signer=ready[1])

    def _keep(self, prepared: Any, signer: SignerFacts, signed: Made) -> None:
        """Send the command that verifies and keeps what came back; then :meth:`_kept`."""

    def _kept(self, number: str) -> None:
        self._stage("")
        self.signed.emit(number)

    def _failed(self, error: BaseException) -> bool:
        self._stage("")
        if accepts_last_try(self._desk, error):
            self.pin_again.emit(self._key)
            return True
        self.refused.emit(error)
        return False

    def _stage(self, stage: str) -> None:
        self.stage = stage
        self.stage_changed.emit(stage)

    # what came back

    def _proved(self, proved: Proved) -> None:
        self._key, self._known = proved.key, proved.checked
        self._stage("")
        self.pin_needed.emit(self._key)

    def _made(self, signed: Made) -> None:
        prepared, signer = self._ready
        self._ready = None
        self._stage("record")
        self._keep(prepared, signer, signed)
