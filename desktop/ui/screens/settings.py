"""Settings of this workstation, and one's own password. What is chosen is in force and kept at once."""

import socket
from functools import partial
from pathlib import Path

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication, Qt
from PySide6.QtWidgets import (
    QApplication,
    QFileDialog,
    QFrame,
    QHBoxLayout,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from desktop.errors import BadInput
from desktop.ui import theme
from desktop.ui.screens.administration_parts.section import number_edit
from desktop.ui.widgets.form import Field, Form, choice, line_edit
from desktop.ui.widgets.plain import Button, PlainLabel
from desktop.ui.widgets.screen import Screen

_LANGUAGES = (("kk", "Қазақша"), ("ru", "Русский"), ("en", "English"))  # each in its own words
_SCHEMES = (
    ("system", QT_TRANSLATE_NOOP("Scheme", "As the system has them")),
    ("light", QT_TRANSLATE_NOOP("Scheme", "Light")),
    ("dark", QT_TRANSLATE_NOOP("Scheme", "Dark")),
    ("contrast", QT_TRANSLATE_NOOP("Scheme", "High contrast")),
)
_SIZES = (100, 125, 150, 175, 200)
_PASSWORDS = ("old", "new", "again")

_PACKAGE_FOLDERS = ("incoming_folder", "results_folder")
_FILES = ("pkcs11_module", "ncalayer_trust")
_TYPED = (*_FILES, "key_folder", *_PACKAGE_FOLDERS, "ncalayer_address", "workstation")
_STORAGES = (
    "PKCS12",
    "JKS",
    "AKKaztokenStore",
    "AKKZIDCardStore",
    "AKEToken72KStore",
    "AKEToken5110Store",
    "AKJaCartaStore",
    "AKAKEYStore",
)  # fmt: skip - as NCALayer calls them


class SettingsScreen(Screen):
    """Two forms. The first keeps every choice as it is made; the second changes the password of who is signed in."""

    def __init__(self, desk, parent: QWidget | None = None) -> None:
        super().__init__(desk, parent)
        self.setObjectName("screen.settings")
        self._showing = False
        self.title = PlainLabel(parent=self, role="title", name="settings.title")
        self.note = PlainLabel(parent=self, role="muted", wrap=True)
        self.form = Form(self)
        self._build_form()
        self.password_title = PlainLabel(parent=self, role="heading")
        self.password = Form(self)
        for key in _PASSWORDS:
            editor = line_edit(limit=1024, secret=True)
            self.password.add(key, Field(editor, name=f"settings.{key}_password", required=True))
            editor.textChanged.connect(self._open_button)
        self.password.add_row(self.password.field("old"))
        self.password.add_row(self.password.field("new"), self.password.field("again"))
        self.change = Button(
            parent=self, kind="primary", name="settings.change_password", shortcut="Ctrl+Return"
        )
        self.change.clicked.connect(self._change_password)
        page = QWidget()
        page.setObjectName("page")
        page.setMaximumWidth(theme.spacing(200))
        column = QVBoxLayout(page)
        column.setContentsMargins(theme.spacing(6), theme.spacing(5), theme.spacing(6), theme.spacing(6))
        column.setSpacing(theme.spacing(4))
        for widget in (self.title, self.note, self.form, self.password_title, self.password):
            column.addWidget(widget)
        column.addWidget(self.change, 0, Qt.AlignmentFlag.AlignLeft)
        column.addStretch(1)
        scroll = QScrollArea(self)
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setWidget(page)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(scroll)
        self.setFocusProxy(self.form.field("language").editor)
        self.retranslate()
        self.refresh()

    def _build_form(self) -> None:
        form = self.form
        self.printer = choice()
        self.module, self.find = line_edit(limit=500), Button(icon="search", name="settings.find_module")
        self.folder, self.browse = (
            line_edit(limit=500),
            Button(icon="file", name="settings.choose_key_folder"),
        )
        self.browses = {key: Button(icon="file", name=f"settings.choose_{key}") for key in _PACKAGE_FOLDERS}
        self.choose_trust = Button(icon="file", name="settings.choose_ncalayer_trust")
        self.workstation, self.minutes = line_edit(limit=120), number_edit(0, 600)
        for key, editor in (
            ("language", choice([(name, code) for code, name in _LANGUAGES])),
            ("scheme", choice([("", code) for code, _ in _SCHEMES])),
            ("text_size", choice([(f"{size} %", size) for size in _SIZES])),
            ("printer", self.printer),
            ("pkcs11_module", self.module),
            ("key_folder", self.folder),
            *((key, line_edit(limit=500)) for key in _PACKAGE_FOLDERS),
            ("ncalayer_trust", line_edit(limit=500)),
            ("ncalayer_address", line_edit(limit=200)),
            ("ncalayer_storage", choice([("", ""), *((name, name) for name in _STORAGES)])),
            ("workstation", self.workstation),
            ("lock_minutes", self.minutes),
        ):
            form.add(key, Field(editor, name=f"settings.{key}"))
        self.look_heading = form.add_heading()
        form.add_row(form.field("language"), form.field("scheme"))
        form.add_row(form.field("text_size"), form.field("printer"))
        self.signing_heading = form.add_heading()
        form.add_row(_beside(form.field("pkcs11_module"), self.find))
        form.add_row(_beside(form.field("key_folder"), self.browse))
        form.add_row(form.field("ncalayer_address"), form.field("ncalayer_storage"))
        form.add_row(_beside(form.field("ncalayer_trust"), self.choose_trust))
        self.try_key = Button(parent=form, icon="key", name="settings.try_key")
        form.add_row(_alone(self.try_key))
        self.try_key.clicked.connect(self._try_key)
        self.choose_trust.clicked.connect(self._choose_trust)
        self.packages_heading = form.add_heading()
        for key, button in self.browses.items():
            form.add_row(_beside(form.field(key), button))
            button.clicked.connect(partial(self._choose_folder, key))
        self.station_heading = form.add_heading()
        form.add_row(form.field("workstation"), form.field("lock_minutes"))
        for key in ("language", "scheme", "text_size", "printer", "ncalayer_storage"):
            form.field(key).editor.currentIndexChanged.connect(lambda _, key=key: self._chosen(key))
        for key in _TYPED:
            form.field(key).editor.editingFinished.connect(lambda key=key: self._typed(key))
        self.minutes.valueChanged.connect(lambda minutes: self._keep(lock_minutes=minutes))
        self.find.clicked.connect(self._find_module)
        self.browse.clicked.connect(partial(self._choose_folder, "key_folder"))

    def refresh(self) -> None:
        """Show what is kept; the printers are asked for on the files lane."""
        self._showing = True
        kept = self.desk.settings
        for key in ("language", "scheme", "text_size", "ncalayer_storage"):
            editor = self.form.field(key).editor
            wanted = self.desk.language.code if key == "language" else getattr(kept, key)
            editor.setCurrentIndex(editor.findData(wanted))
        for key in _TYPED:
            editor = self.form.field(key).editor
            if not editor.hasFocus() and editor.text() != getattr(kept, key):
                editor.setText(getattr(kept, key))
        self.minutes.setValue(kept.lock_minutes)
        self._showing = False
        for widget in (self.password_title, self.password, self.change):
            widget.setVisible(self.desk.actor is not None)
        self.desk.files(_printers, then=self._show_printers, latest="printers")

    def _show_printers(self, names: tuple[str, ...]) -> None:
        self._showing = True
        self.printer.clear()
        self.printer.addItem(self.tr("The system's default printer"), "")
        for name in names:
            self.printer.addItem(name, name)
        kept = self.desk.settings.printer
        if kept and kept not in names:
            self.printer.addItem(self.tr("{printer} (not found now)").format(printer=kept), kept)
        self.printer.setCurrentIndex(max(0, self.printer.findData(kept)))
        self._showing = False

    # keeping

    def _chosen(self, key: str) -> None:
        if self._showing:
            return
        value = self.form.field(key).editor.currentData()
        self._keep(**{key: value})
        if key == "language":
            self.desk.language.switch(value)
        elif key in ("scheme", "text_size"):
            kept = self.desk.settings
            theme.apply(QApplication.instance(), kept.scheme, scale=kept.text_size / 100)
            self._say_size()

    def _typed(self, key: str) -> None:
        text = self.form.field(key).editor.text().strip()
        if key not in ("workstation", "ncalayer_address"):
            folder = key not in _FILES
            self.desk.files(_is_there, then=partial(self._looked, key), latest=key, path=text, folder=folder)
        self._keep(**{key: text})

    def _looked(self, key: str, there: bool) -> None:
        absent = self.tr("There is no such folder. It was kept all the same.")
        if key in _FILES:
            absent = self.tr("There is no such file. It was kept all the same.")
        self.form.field(key).set_problem("" if there else absent)

    def _keep(self, **values: object) -> None:
        if not self._showing:
            self.desk.keep_settings(then=self._kept, **values)

    def _kept(self, _: object) -> None:
        self.note.setText(self.tr("Kept on this computer."))

    def _find_module(self) -> None:
        self.desk.token(_modules, then=self._show_modules)

    def _show_modules(self, found: tuple[str, ...]) -> None:
        field = self.form.field("pkcs11_module")
        if not found:
            field.set_problem(
                self.tr("None was found in the usual places. Install the token's program first.")
            )
            return
        field.set_problem("")
        field.editor.setText(found[0])
        self._keep(pkcs11_module=found[0])
        more = ", ".join(found[1:])
        field.set_hint(self.tr("Also found: {modules}").format(modules=more) if more else self.tr("Found."))

    def _choose_folder(self, key: str, *_: object) -> None:
        editor = self.form.field(key).editor
        path = QFileDialog.getExistingDirectory(self, self.browse.accessibleName(), editor.text())
        if path:
            editor.setText(path)
            self._typed(key)

    def _choose_trust(self) -> None:
        editor = self.form.field("ncalayer_trust").editor
        name = self.choose_trust.accessibleName()
        path = QFileDialog.getOpenFileName(
            self, name, editor.text(), self.tr("Certificates (*.pem *.crt *.cer)")
        )[0]
        if path:
            editor.setText(path)
            self._typed("ncalayer_trust")

    def _try_key(self) -> None:
        from desktop.ui.screens.key_test import KeyTestDialog

        self.dialog = KeyTestDialog(self.desk, self.window())
        self.dialog.finished.connect(self.dialog.deleteLater)
        self.dialog.open()

    # the password

    def _open_button(self, *_: object) -> None:
        typed = all(self.password.field(key).editor.text() for key in _PASSWORDS)
        self.change.set_why_not("" if typed else self.tr("Type the old password once and the new one twice"))

    def _change_password(self) -> None:
        from desktop.cases.office import change_own_password

        self.password.clear_problems()
        typed = {key: self.password.field(key).editor.text() for key in _PASSWORDS}
        if typed["new"] != typed["again"]:
            self.password.show_error(BadInput("passwords-differ", field="again"))
            return
        self.desk.do(
            change_own_password,
            old=typed["old"],
            new=typed["new"],
            then=self._password_changed,
            on_error=self.password.show_error,
            said=self.tr("Your password is changed. Use the new one from now on."),
        )

    def _password_changed(self, _: object) -> None:
        for key in _PASSWORDS:
            self.password.field(key).editor.clear()

    def may_close(self) -> bool:
        for key in _PASSWORDS:  # a password is not left behind on the screen
            self.password.field(key).editor.clear()
        return True

    # words

    def _say_size(self) -> None:
        self.form.field("text_size").set_hint(
            self.tr("Rooms between things follow when the program is opened anew.")
        )

    def retranslate(self) -> None:
        self.title.setText(self.tr("Settings"))
        self.note.setText(self.tr("Of this computer and this user. Every choice is kept at once."))
        self.look_heading.setText(self.tr("How it looks"))
        self.signing_heading.setText(self.tr("Signing"))
        self.packages_heading.setText(self.tr("Packages"))
        self.station_heading.setText(self.tr("This workstation"))
        self.password_title.setText(self.tr("My password"))
        for key, label in (
            ("language", self.tr("Language")),
            ("scheme", self.tr("Colours")),
            ("text_size", self.tr("Size of text")),
            ("printer", self.tr("Printer")),
            ("pkcs11_module", self.tr("Program of the token (PKCS#11)")),
            ("key_folder", self.tr("Folder of the key files")),
            ("incoming_folder", self.tr("Folder in which packages arrive")),
            ("results_folder", self.tr("Folder for results as packages")),
            ("ncalayer_address", self.tr("Address of NCALayer")),
            ("ncalayer_storage", self.tr("Store NCALayer takes keys from")),
            ("ncalayer_trust", self.tr("Authority NCALayer is proved by (PEM file)")),
            ("workstation", self.tr("Name of this workstation in the journal")),
            ("lock_minutes", self.tr("Minutes at rest until the password is asked again")),
        ):
            self.form.field(key).set_label(label)
        self.form.field("lock_minutes").set_hint(self.tr("0: never"))
        self.form.field("workstation").set_hint(self.tr("In force when the program is opened anew."))
        self.workstation.setPlaceholderText(socket.gethostname())
        self.module.setPlaceholderText(self.tr("look in the usual places"))
        self._showing = True
        editor = self.form.field("scheme").editor
        for index, (_, name) in enumerate(_SCHEMES):
            editor.setItemText(index, QCoreApplication.translate("Scheme", name))
        if self.printer.count():
            self.printer.setItemText(0, self.tr("The system's default printer"))
        self._showing = False
        self.find.set_text(self.tr("Find"))
        self.choose_trust.set_text(self.tr("Choose…"))
        self.try_key.set_text(self.tr("Test my token…"))
        self.form.field("ncalayer_storage").editor.setItemText(0, self.tr("I choose in its window"))
        self.form.field("ncalayer_trust").editor.setPlaceholderText(
            self.tr("the system's authorities and the office's trust roots")
        )
        for button in (self.browse, *self.browses.values()):
            button.set_text(self.tr("Choose…"))
        self.form.field("incoming_folder").set_hint(
            self.tr(
                "Looked through every half a minute while a clerk is signed in; nothing in it is changed."
            )
        )
        for key, label in (
            ("old", self.tr("Present password")),
            ("new", self.tr("New password")),
            ("again", self.tr("New password again")),
        ):
            self.password.field(key).set_label(label)
        self.change.set_text(self.tr("Change my password"))
        self._open_button()


def _printers() -> tuple[str, ...]:
    from PySide6.QtPrintSupport import QPrinterInfo

    return tuple(QPrinterInfo.availablePrinterNames())


def _is_there(*, path: str, folder: bool) -> bool:
    """Look on the lane of files: a path on the network may take its time. Nothing typed is nothing wrong."""
    return not path or (Path(path).is_dir() if folder else Path(path).is_file())


def _modules() -> tuple[str, ...]:
    from desktop.eds.tokens import list_modules

    return tuple(str(path) for path in list_modules())


def _alone(button: Button) -> QWidget:
    """Return a button at the left, as wide as its words."""
    holder = QWidget()
    row = QHBoxLayout(holder)
    row.setContentsMargins(0, 0, 0, 0)
    row.addWidget(button)
    row.addStretch(1)
    return holder


def _beside(field: Field, button: Button) -> QWidget:
    """Return a field with its button at the editor's height, to its right."""
    holder = QWidget()
    row = QHBoxLayout(holder)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(theme.spacing(2))
    row.addWidget(field, 1)
    field.layout().removeWidget(field.editor)
    inner = QHBoxLayout()
    inner.addWidget(field.editor, 1)
    inner.addWidget(button)
    field.layout().insertLayout(1, inner)
    return holder
