"""Test my token: what can be signed with here, and what is wrong, without a PIN; a test signature when asked for."""

from PySide6.QtWidgets import QDialog, QHBoxLayout, QProgressBar, QVBoxLayout, QWidget

from desktop.errors import Told
from desktop.ui import theme
from desktop.ui.key_testing import NOTE, PASSED, Examined, Step, examine, try_signature
from desktop.ui.messages import sentence
from desktop.ui.screens.case_parts.keys import PinDialog
from desktop.ui.signing_work import NCALAYER, TOKEN, Key, SignerFacts, signer_facts
from desktop.ui.widgets.form import Field, choice
from desktop.ui.widgets.plain import Button, PlainLabel, PlainView
from desktop.ui.widgets.tab_order import TabsByEye


class KeyTestDialog(TabsByEye, QDialog):
    """Looks at once when it opens."""

    def __init__(self, desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("key_test")
        self.setModal(True)
        self.desk = desk
        self._signer: SignerFacts | None = None
        self._found = Examined(())
        self._tried: str | BaseException = ""
        self._busy = False
        self.title = PlainLabel(parent=self, role="heading", wrap=True)
        self.explained = PlainLabel(parent=self, role="muted", wrap=True)
        self.steps = PlainView(parent=self, name="key_test.steps")
        self.tried = PlainLabel(parent=self, wrap=True, name="key_test.tried").make_selectable()
        self.keys = Field(choice(), name="key_test.key", parent=self)
        self.bar = QProgressBar(self)
        self.bar.setRange(0, 0)
        self.again = Button(parent=self, icon="refresh", name="key_test.again")
        self.use = Button(parent=self, name="key_test.use")
        self.sign = Button(parent=self, icon="sign", name="key_test.sign")
        self.leave = Button(parent=self, kind="primary", name="key_test.close")
        whole = QVBoxLayout(self)
        whole.setContentsMargins(*[theme.spacing(5)] * 4)
        whole.setSpacing(theme.spacing(3))
        for widget in (self.title, self.explained):
            whole.addWidget(widget)
        whole.addWidget(self.steps, 1)
        for widget in (self.bar, self.keys, self.tried):
            whole.addWidget(widget)
        buttons = QHBoxLayout()
        buttons.addWidget(self.again)
        buttons.addStretch(1)
        for button in (self.use, self.sign, self.leave):
            buttons.addWidget(button)
        whole.addLayout(buttons)
        self.again.clicked.connect(self.look)
        self.use.clicked.connect(self._use)
        self.sign.clicked.connect(self._sign)
        self.leave.clicked.connect(self.accept)
        self.resize(theme.spacing(190), theme.spacing(140))
        self.retranslate()
        self.look()

    def look(self) -> None:
        """Ask who signs here, then look at every way; neither needs a PIN."""
        self._busy, self._tried = True, ""
        self._show()
        if self.desk.store is None or self.desk.actor is None:
            self._examine(None)
        else:
            self.desk.read(signer_facts, then=self._examine, on_error=self._unknown, latest="signer")

    def _unknown(self, _error: BaseException) -> bool:
        self._examine(None)  # whose the certificates are is then not looked at
        return True

    def _examine(self, signer: SignerFacts | None) -> None:
        self._signer = signer
        kept = self.desk.settings
        self.desk.token(
            examine, then=self._examined, on_error=self._failed, module=kept.pkcs11_module,
            key_file=kept.key_file, address=kept.ncalayer_address, trusted=kept.ncalayer_trust, signer=signer,
        )  # fmt: skip

    def _examined(self, found: Examined) -> None:
        self._busy, self._found = False, found
        editor = self.keys.editor
        editor.clear()
        for key in found.keys:
            editor.addItem(f"{key.label} · {key.token}" if key.kind == TOKEN else key.label, key)
        self._show()

    def _failed(self, error: BaseException) -> bool:
        self._busy, self._tried = False, error
        self._show()
        return isinstance(error, Told)

    @property
    def key(self) -> Key | None:
        """The key chosen of those found."""
        return self.keys.editor.currentData()

    def _use(self) -> None:
        key = self.key
        self.desk.keep_settings(
            key_kind=key.kind,
            pkcs11_module=key.module or self.desk.settings.pkcs11_module,
            token=key.token if key.kind == TOKEN else "",
        )
        self.desk.notices.done(self.tr("Signing begins with {key} from now on").format(key=key.label))

    def _sign(self) -> None:
        key = self.key
        if key.has_pin_pad or key.kind == NCALAYER:
            self._go_on(None)
            return
        dialog = PinDialog(key, self.tr("A test signature; nothing is kept"), self)
        dialog.given.connect(self._go_on)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _go_on(self, pin) -> None:
        self._busy = True
        self._show()
        self.desk.token(
            try_signature,
            then=self._signed,
            on_error=self._failed,
            key=self.key,
            pin=pin,
            signer=self._signer,
        )

    def _signed(self, owner: str) -> None:
        self._busy = False
        self._tried = self.tr("The test signature of {owner} is good. It was not kept.").format(owner=owner)
        self._show()

    def reject(self) -> None:
        if not self._busy:
            super().reject()

    # words

    def _words(self, step: Step) -> str:
        mark = {PASSED: "✓", NOTE: "–"}.get(step.result, "✗")
        what = {
            "module": self.tr("Program of the token"),
            "token": self.tr("Token"),
            "pin": self.tr("PIN, without trying it"),
            "certificate": self.tr("Certificate of the key"),
            "ncalayer": "NCALayer",
            "file": self.tr("Key file"),
        }[step.what]
        line = f"{mark} {what}: {step.about}" if step.about else f"{mark} {what}"
        return f"{line}\n    {sentence(step.error, self.desk.language)}" if step.error else line

    def _show(self) -> None:
        self.steps.setPlainText("\n".join(self._words(step) for step in self._found.steps))
        failed = isinstance(self._tried, Told)
        told = sentence(self._tried, self.desk.language) if failed else self._tried
        self.tried.setText(f"{'✗' if failed else '✓'} {told}" if isinstance(told, str) and told else "")
        theme.mark(self.tried, tone="late" if failed else "done")
        self.tried.setVisible(bool(self.tried.text()) and not self._busy)
        self.bar.setVisible(self._busy)
        self.keys.setVisible(bool(self._found.keys))
        busy = self.tr("Looking…") if self._busy else ""
        none = "" if self._found.keys else self.tr("Nothing to sign with was found")
        stranger = (
            "" if self._signer is not None else self.tr("Who signs is known after signing in as the head")
        )
        self.again.set_why_not(busy)
        self.use.set_why_not(busy or none)
        self.sign.set_why_not(busy or none or stranger)
        self.leave.set_why_not(busy)

    def retranslate(self) -> None:
        self.setWindowTitle(self.tr("Test my token"))
        self.title.setText(self.tr("Test my token"))
        self.explained.setText(
            self.tr("Everything is looked at without the PIN. Only the test signature asks for it, once.")
        )
        self.steps.setAccessibleName(self.tr("What was found"))
        self.keys.set_label(self.tr("Found to sign with"))
        self.again.set_text(self.tr("Look again"))
        self.use.set_text(self.tr("Sign with it from now on"))
        self.sign.set_text(self.tr("Make a test signature"))
        self.leave.set_text(self.tr("Close"))
        self._show()
