"""What becomes of the code of the paper that is signed: said before the PIN; the key opened where it is not yet."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QDialog, QHBoxLayout, QVBoxLayout, QWidget

from desktop.errors import Told
from desktop.ui import code_key, theme
from desktop.ui.code_key import Place
from desktop.ui.messages import sentence
from desktop.ui.widgets.file_picker import FilePicker
from desktop.ui.widgets.form import Field, line_edit
from desktop.ui.widgets.plain import Button, PlainLabel
from desktop.ui.widgets.tab_order import TabsByEye


class CodeNote(QWidget):
    """One line above the key: whether the page bears the code that proves itself, and the way to it."""

    opened = Signal()  # the key: the page is to be prepared anew

    def __init__(self, desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk, self._state = desk, ""
        self.dialog: CodeKeyDialog | None = None
        self.text = PlainLabel(parent=self, role="muted", wrap=True, name="case.code_note")
        self.open = Button(parent=self, icon="key", name="case.open_code_key")
        self.open.clicked.connect(self._ask)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.spacing(2))
        column.addWidget(self.text)
        row = QHBoxLayout()
        row.addWidget(self.open)
        row.addStretch(1)
        column.addLayout(row)
        self.show_state("")

    def show_state(self, state: str) -> None:
        """``state``: the word of ``Prepared.code``."""
        self._state = state
        words = {
            "no-key": self.tr("The office has no key of codes: the page bears the status address alone."),
            "closed": self.tr(
                "The department's key of codes is not open here: the page bears the status address alone. Open it, and the page gets its code."
            ),
        }.get(state, "")
        self.text.setText(words)
        self.setVisible(bool(words))
        self.open.setVisible(state == "closed")

    def _ask(self) -> None:
        self.dialog = CodeKeyDialog(self._desk, self.window())
        self.dialog.opened.connect(self.opened)
        self.dialog.finished.connect(self.dialog.deleteLater)
        self.dialog.open()

    def retranslate(self) -> None:
        self.open.set_text(self.tr("Open the key of codes…"))
        self.show_state(self._state)


class CodeKeyDialog(TabsByEye, QDialog):
    """Asks for the password of the department's key, once for the session. Esc changes nothing."""

    opened = Signal()

    def __init__(self, desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self.setObjectName("code_key")
        self.setWindowTitle(self.tr("Key of the codes on papers"))
        self.setModal(True)
        settings = desk.settings
        self._token = settings.code_key_token
        self.file = FilePicker("code_key.file", "PKCS#12 (*.p12 *.pfx)", parent=self)
        self.file.retranslate(self.tr("Key file"))
        self.file.line.setText(settings.code_key_file)
        self.file.setVisible(not self._token)
        title = PlainLabel(self.windowTitle(), self, role="heading", wrap=True, name="code_key.title")
        title.setMinimumWidth(theme.spacing(90))
        self.secret = Field(line_edit(secret=True, limit=256), name="code_key.secret", parent=self)
        self.secret.set_label(
            self.tr("PIN of the token {token}").format(token=self._token)
            if self._token
            else self.tr("Password of the key file")
        )
        self.secret.set_hint(self.tr("Asked once; the key stays open until you sign out."))
        self.yes = Button(self.tr("Open the key"), self, kind="primary", icon="key", name="code_key.open")
        self.cancel = Button(self.tr("Cancel"), self, name="code_key.cancel")
        self.yes.setDefault(True)
        self.yes.clicked.connect(self._open)
        self.cancel.clicked.connect(self.reject)
        buttons = QHBoxLayout()
        buttons.addStretch(1)
        buttons.addWidget(self.cancel)
        buttons.addWidget(self.yes)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(*[theme.spacing(6)] * 4)
        whole.setSpacing(theme.spacing(4))
        for widget in (title, self.file, self.secret):
            whole.addWidget(widget)
        whole.addLayout(buttons)
        self.secret.editor.setFocus()

    def _open(self) -> None:
        from desktop.eds.pin import Pin

        secret = Pin(self.secret.editor.text())
        self.secret.editor.clear()
        if not secret or not (self._token or self.file.text()):
            self.secret.set_problem(self.tr("Choose the key file and type its password"))
            return
        place = Place(path=self.file.text())
        if self._token:
            place = Place(module=self._desk.settings.pkcs11_module, token=self._token)
        self.yes.setEnabled(False)
        self._desk.token(
            code_key.open_key,
            then=lambda _: self._done(place),
            on_error=self._refuse,
            place=place,
            secret=secret,
        )

    def _done(self, place: Place) -> None:
        if place.path:
            self._desk.keep_settings(code_key_file=place.path)
        self.accept()
        self.opened.emit()

    def _refuse(self, error: BaseException) -> bool:
        self.yes.setEnabled(True)
        if not isinstance(error, Told):
            return False
        self.secret.set_problem(sentence(error, self._desk.language))
        return True
