"""Which key is signed with: a file or a token, remembered on this workstation; and the one question for its PIN."""

from base64 import b64decode, b64encode
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QButtonGroup,
    QDialog,
    QFileDialog,
    QHBoxLayout,
    QRadioButton,
    QVBoxLayout,
    QWidget,
)

from desktop.errors import Unavailable
from desktop.ui import theme
from desktop.ui.messages import sentence
from desktop.ui.screens.case_parts.part import column
from desktop.ui.signing_work import FILE, NCALAYER, TOKEN, Key, tokens_present
from desktop.ui.widgets.form import Field, choice, line_edit
from desktop.ui.widgets.plain import Button, ElidedLabel, PlainLabel
from desktop.ui.widgets.tab_order import TabsByEye


class KeyChooser(QWidget):
    """A key file or a token. What was chosen last stands chosen. ``compact``: fewer lines, for a low window."""

    changed = Signal()
    chosen_anew = Signal()  # by hand: what was told of the way before is no longer about this one

    def __init__(
        self,
        desk,
        parent: QWidget | None = None,
        *,
        choose_file=None,
        find_tokens=tokens_present,
        compact: bool = False,
    ) -> None:
        super().__init__(parent)
        self._desk, self._find, self._compact = desk, find_tokens, compact
        self._choose = choose_file or self._choose_by_dialog
        self._path = desk.settings.key_file
        self._tokens: tuple[Key, ...] = ()
        self._looked = False
        self._trouble: BaseException | None = None  # why no token can be chosen
        self.by_file, self.by_token, self.by_ncalayer = (QRadioButton(self) for _ in range(3))
        self.by_file.setObjectName("case.key_by_file")
        self.by_token.setObjectName("case.key_by_token")
        self.by_ncalayer.setObjectName("case.key_by_ncalayer")
        group = QButtonGroup(self)
        for way in (self.by_file, self.by_token, self.by_ncalayer):
            group.addButton(way)
        self.file = ElidedLabel(parent=self, role="muted", name="case.key_file")
        self.choose = Button(parent=self, icon="key", name="case.choose_key_file")
        self.tokens = choice()
        self.tokens.setObjectName("case.tokens")
        if compact:
            self.tokens.setMinimumWidth(theme.spacing(26))  # it stands beside its button and gives way to it
        self.look = Button(parent=self, icon="refresh", name="case.look_for_tokens")
        self.problem = PlainLabel(parent=self, role="small", wrap=True, name="case.key.problem")
        theme.mark(self.problem, tone="late")
        self._lay_out()
        kept = desk.settings.key_kind or (TOKEN if desk.settings.token else FILE)
        {FILE: self.by_file, TOKEN: self.by_token, NCALAYER: self.by_ncalayer}[kept].setChecked(True)
        self.choose.clicked.connect(self._ask_for_file)
        self.look.clicked.connect(self.look_for_tokens)
        self.tokens.currentIndexChanged.connect(lambda _: self.changed.emit())
        for way in (self.by_file, self.by_ncalayer):
            way.toggled.connect(self._kind_changed)
        for button in (self.by_file, self.by_token, self.by_ncalayer):
            button.clicked.connect(self.chosen_anew)
        self.tokens.activated.connect(self.chosen_anew)
        self._show()

    def _lay_out(self) -> None:
        kind = QHBoxLayout if self._compact else QVBoxLayout  # beside or below each other
        files, tokens = kind(), kind()
        for row, first, second in ((files, self.file, self.choose), (tokens, self.tokens, self.look)):
            row.setContentsMargins(theme.spacing(7), 0, 0, 0 if self._compact else theme.spacing(2))
            row.setSpacing(theme.spacing(1))
            row.addWidget(first, 1 if self._compact else 0)
            row.addWidget(second, 0, Qt.AlignmentFlag.AlignLeft)
        whole = column(self, gap=1)
        whole.addWidget(self.by_file)
        whole.addLayout(files)
        whole.addWidget(self.by_token)
        whole.addLayout(tokens)
        told = QHBoxLayout()
        told.setContentsMargins(theme.spacing(7), 0, 0, 0)
        told.addWidget(self.problem)
        whole.addLayout(told)
        whole.addWidget(self.by_ncalayer)

    def key(self) -> Key | None:
        """Return the key chosen, None when there is none yet."""
        if self.by_file.isChecked():
            return Key(FILE, path=self._path, label=Path(self._path).name) if self._path else None
        if self.by_ncalayer.isChecked():
            kept = self._desk.settings
            return Key(
                NCALAYER, token=kept.ncalayer_storage, label="NCALayer", address=kept.ncalayer_address,
                trusted=kept.ncalayer_trust, certificate=_certificate(kept.ncalayer_certificate),
            )  # fmt: skip
        return self.tokens.currentData()

    def keep(self, key: Key) -> None:
        """Remember the key that was signed with: its place, never its secret."""
        self._desk.keep_settings(
            key_file=key.path or self._desk.settings.key_file,
            token=key.token if key.kind == TOKEN else "",
            key_kind=key.kind,
            ncalayer_certificate=(
                b64encode(key.certificate).decode()
                if key.certificate
                else self._desk.settings.ncalayer_certificate
            ),
        )

    def look_for_tokens(self) -> None:
        """Ask the readers, on the token's own lane."""
        self._looked = True
        self._trouble = None
        self.problem.hide()
        self._desk.token(
            self._find, then=self._found, on_error=self._not_found, module=self._desk.settings.pkcs11_module
        )

    def _found(self, tokens: tuple[Key, ...]) -> None:
        self._tokens = tokens
        self._trouble = None if tokens else Unavailable("token-none")
        self._show()

    def _not_found(self, error: BaseException) -> bool:
        self._tokens, self._trouble = (), error
        self._show()
        return True

    def _ask_for_file(self) -> None:
        path = self._choose()
        if path:
            self.set_file(path)

    def set_file(self, path: str) -> None:
        """Choose a key file by its path."""
        self._path = path
        self.by_file.setChecked(True)
        self._show()
        self.changed.emit()
        self.chosen_anew.emit()

    def _choose_by_dialog(self) -> str:
        folder = self._desk.settings.key_folder or str(Path(self._path).parent if self._path else "")
        kinds = self.tr("Key files (*.p12 *.pfx)")
        return QFileDialog.getOpenFileName(self, self.tr("Choose a key file"), folder, kinds)[0]

    def _kind_changed(self) -> None:
        if self.by_token.isChecked() and not self._looked:
            self.look_for_tokens()
        self._show()
        self.changed.emit()

    def _show(self) -> None:
        by_token = self.by_token.isChecked()
        chosen = self.tokens.currentData()
        wanted = chosen.token if chosen is not None else self._desk.settings.token
        self.file.setText(Path(self._path).name if self._path else self.tr("no file chosen"))
        self.tokens.setEnabled(by_token)
        self.tokens.blockSignals(True)
        self.tokens.clear()
        for token in self._tokens:
            self.tokens.addItem(f"{token.label} · {token.token}", token)
        kept = [number for number, token in enumerate(self._tokens) if token.token == wanted]
        self.tokens.setCurrentIndex(kept[0] if kept else 0 if self._tokens else -1)
        self.tokens.blockSignals(False)
        if not self._tokens:
            self.tokens.setPlaceholderText(self.tr("no token found"))
        if self._trouble is not None:
            self.problem.setText(sentence(self._trouble, self._desk.language))
        self.problem.setVisible(self._trouble is not None and by_token)
        self.changed.emit()

    def showEvent(self, event) -> None:
        super().showEvent(event)
        if self.by_token.isChecked() and not self._looked:
            self.look_for_tokens()

    def retranslate(self) -> None:
        self.by_file.setText(self.tr("Key file (PKCS#12)"))
        self.by_token.setText(self.tr("Token"))
        self.choose.set_text(self.tr("Choose…"))
        self.look.set_text(self.tr("Look again"))
        self.tokens.setAccessibleName(self.tr("Token"))
        self.by_file.setAccessibleName(self.by_file.text())
        self.by_token.setAccessibleName(self.by_token.text())
        self.by_ncalayer.setText(self.tr("NCALayer (it asks for the PIN itself)"))
        self.by_ncalayer.setAccessibleName(self.by_ncalayer.text())
        self._show()


def _certificate(kept: str) -> bytes:
    try:
        return b64decode(kept, validate=True)
    except ValueError:  # edited by hand: it is asked for anew
        return b""


class PinDialog(TabsByEye, QDialog):
    """Asks for the PIN once. Esc changes nothing; what was typed dies with the dialog."""

    given = Signal(object)  # Pin

    def __init__(self, key: Key, paper: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("pin")
        file = key.kind == FILE
        self.setWindowTitle(self.tr("Sign"))
        self.setModal(True)
        title = PlainLabel(paper, self, role="heading", wrap=True, name="pin.paper")
        title.setMinimumWidth(theme.spacing(90))
        label = self.tr("Password of the key file {file}") if file else self.tr("PIN of the token {token}")
        self.pin = Field(line_edit(secret=True, limit=256), name="pin.pin", parent=self)
        self.pin.set_label(label.format(file=key.label, token=key.label))
        self.pin.set_hint(self.tr("Asked once for this signature; the program keeps it nowhere."))
        self.sign = Button(
            self.tr("Sign"), self, kind="primary", icon="sign", name="pin.sign", shortcut="Ctrl+Return"
        )
        self.cancel = Button(self.tr("Cancel"), self, name="pin.cancel")
        self.sign.setDefault(True)
        self.sign.clicked.connect(self._give)
        self.cancel.clicked.connect(self.reject)
        buttons = QHBoxLayout()
        buttons.addStretch(1)
        buttons.addWidget(self.cancel)
        buttons.addWidget(self.sign)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(*[theme.spacing(6)] * 4)
        whole.setSpacing(theme.spacing(4))
        whole.addWidget(title)
        whole.addWidget(self.pin)
        whole.addLayout(buttons)
        self.pin.editor.setFocus()

    def _give(self) -> None:
        from desktop.eds.pin import Pin

        pin = Pin(self.pin.editor.text())
        if not pin:
            self.pin.set_problem(self.tr("Type it to sign"))
            return
        self.pin.editor.clear()
        self.accept()
        self.given.emit(pin)

    def reject(self) -> None:
        self.pin.editor.clear()
        super().reject()
