"""The codes on papers: the department's key, where it lies, and the files for those who check without a network."""

from PySide6.QtCore import QT_TRANSLATE_NOOP
from PySide6.QtWidgets import QButtonGroup, QFileDialog, QHBoxLayout, QRadioButton, QWidget

from desktop.errors import Told
from desktop.ui import code_files, code_key, theme
from desktop.ui.code_key import Place
from desktop.ui.messages import sentence
from desktop.ui.rows_model import Column, RowsModel
from desktop.ui.screens.administration_parts.section import Section
from desktop.ui.signing_flow import tokens_present
from desktop.ui.widgets.file_picker import FilePicker
from desktop.ui.widgets.form import Field, choice, line_edit
from desktop.ui.widgets.plain import Button, PlainLabel
from desktop.ui.widgets.rows_table import RowsTable

_SHORTEST = 8  # characters of a key file's password


class CodesSection(Section):
    """The keys, the one in use first; a new one or one that is there already is put into use."""

    id = "codes"
    icon = "key"
    name_source = QT_TRANSLATE_NOOP("Section", "Codes on papers")

    def build(self) -> None:
        self._grounds: code_files.Grounds | None = None
        self._busy = False
        self.choose_target = self._ask_where
        columns = (
            Column("owner", QT_TRANSLATE_NOOP("Column", "Department"), lambda row: row.owner),
            Column("kid", QT_TRANSLATE_NOOP("Column", "Key"), lambda row: row.kid, width=44),
            Column(
                "valid",
                QT_TRANSLATE_NOOP("Column", "In force"),
                lambda row: f"{row.valid_from:%d.%m.%Y} – {row.valid_to:%d.%m.%Y}",
                width=52,
            ),
            Column(
                "state",
                QT_TRANSLATE_NOOP("Column", "State"),
                lambda row: self.tr("in use") if row.in_use else self.tr("verifies only"),
                width=40,
                tone=lambda row: "done" if row.in_use else "",
                icon=lambda row: "key" if row.in_use else "journal",
            ),
        )
        self.table = RowsTable(RowsModel(columns, self), self, name=self.name("list"))
        self.table.keep_whole("kid", "valid", "state")
        self.none = PlainLabel(parent=self, role="muted", wrap=True, name=self.name("none"))
        self.retire = Button(parent=self, kind="danger", icon="delete", name=self.name("retire"))
        self.trust = Button(parent=self, icon="save", name=self.name("trust_list"))
        self.retire.clicked.connect(self._retire)
        self.trust.clicked.connect(lambda: self._save_file(code_files.trust_list, "trust.pem"))
        for widget in (self.table, self.none, self.buttons(self.trust, self.retire)):
            self.column.addWidget(widget)
        self._build_form()

    def _build_form(self) -> None:
        """In the order they are read: Tab goes as the widgets were put together."""
        self.form_title = PlainLabel(parent=self, role="heading", wrap=True)
        self.by_file, self.by_token = QRadioButton(self), QRadioButton(self)
        self.by_file.setObjectName(self.name("by_file"))
        self.by_token.setObjectName(self.name("by_token"))
        group = QButtonGroup(self)
        group.addButton(self.by_file)
        group.addButton(self.by_token)
        self.file = FilePicker(self.name("file"), "PKCS#12 (*.p12 *.pfx)", saving=True, parent=self)
        self.file.line.setText(self.desk.settings.code_key_file)
        self.tokens = choice()
        self.tokens.setObjectName(self.name("tokens"))
        self._looked = False
        self.look = Button(parent=self, icon="refresh", name=self.name("look_for_tokens"))
        self.look.clicked.connect(self._look)
        self.token_row = QWidget(self)
        row = QHBoxLayout(self.token_row)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.tokens, 1)
        row.addWidget(self.look)
        self.secret = Field(line_edit(secret=True, limit=256), name=self.name("secret"), parent=self)
        self.again = Field(line_edit(secret=True, limit=256), name=self.name("again"), parent=self)
        self.make = Button(parent=self, kind="primary", icon="key", name=self.name("make"))
        self.take = Button(parent=self, name=self.name("take"))
        self.make.clicked.connect(self._make)
        self.take.clicked.connect(self._take)
        self.problem = PlainLabel(parent=self, wrap=True, name=self.name("problem"))
        theme.mark(self.problem, tone="late")
        self.problem.hide()
        for widget in (
            self.form_title, self.by_file, self.by_token, self.file, self.token_row, self.secret, self.again, self.problem,
        ):  # fmt: skip
            self.column.addWidget(widget)
            widget.setVisible(self.may_change and widget is not self.problem)
        self.column.addWidget(self.buttons(self.make, self.take))
        self.by_file.toggled.connect(self._show_kind)
        (self.by_token if self.desk.settings.code_key_token else self.by_file).setChecked(True)
        self._show_kind()

    def refresh(self) -> None:
        self.states.show_loading()
        self.desk.read(code_files.known_keys, then=self._show, on_error=self.failed)

    def is_dirty(self) -> bool:
        return bool(self.secret.editor.text())

    def _show(self, told) -> None:
        rows, self._grounds = told
        self.table.show_rows(rows, same=lambda old, new: old.sha256 == new.sha256)
        self.table.fit_height(6)
        self.table.setVisible(bool(rows))
        self.none.setVisible(not any(row.in_use for row in rows))
        no_key = "" if any(row.in_use for row in rows) else self.tr("There is no key in use")
        self.retire.set_why_not(no_key)
        self.trust.set_why_not("" if rows else self.tr("There is no key yet"))
        self.states.show_content()

    def _show_kind(self) -> None:
        file = self.by_file.isChecked()
        self.file.setVisible(self.may_change and file)
        self.again.setVisible(self.may_change and file)
        self.token_row.setVisible(self.may_change and not file)
        if self.may_change and not file and not self._looked:
            self._look()
        self._say_kind()

    # tokens

    def _look(self) -> None:
        self._looked = True
        self.desk.token(
            tokens_present,
            then=self._show_tokens,
            on_error=self._refuse,
            module=self.desk.settings.pkcs11_module,
        )

    def _show_tokens(self, found) -> None:
        self.tokens.clear()
        for key in found:
            self.tokens.addItem(key.label or key.token, key)
        self.problem.hide()

    def _place(self) -> Place | None:
        if self.by_file.isChecked():
            return Place(path=self.file.text()) if self.file.text() else None
        key = self.tokens.currentData()
        return Place(module=key.module, token=key.token) if key is not None else None

    # a key is made, or one that is there is taken

    def _make(self) -> None:
        secret = self._typed(twice=self.by_file.isChecked())
        grounds = self._grounds
        if secret and grounds is not None:
            self._start(
                code_key.make_key, secret, name=grounds.name, bin=grounds.bin, valid_from=grounds.now, demo=grounds.is_demo
            )  # fmt: skip

    def _take(self) -> None:
        secret = self._typed(twice=False)
        if secret:
            self._start(code_key.open_key, secret)

    def _typed(self, *, twice: bool) -> str:
        """Return the password; "" when something is missing, which is told at its field."""
        secret, again = self.secret.editor.text(), self.again.editor.text()
        self.secret.set_problem("")
        self.again.set_problem("")
        if self._place() is None:
            self._tell(self.tr("Choose the key file or the token"))
        elif not secret or (twice and len(secret) < _SHORTEST):
            self.secret.set_problem(
                self.tr("At least {count} characters").format(count=_SHORTEST if twice else 1)
            )
        elif twice and secret != again:
            self.again.set_problem(self.tr("The two passwords differ"))
        else:
            return secret
        return ""

    def _start(self, work, secret: str, **facts) -> None:
        from desktop.eds.pin import Pin

        if self._busy:
            return
        place = self._place()
        self._set_busy(True)
        self.secret.editor.clear()
        self.again.editor.clear()
        self.desk.token(
            work, then=lambda pem: self._put(place, pem), on_error=self._refuse, place=place, secret=Pin(secret), **facts
        )  # fmt: skip

    def _put(self, place: Place, pem: str) -> None:
        self.desk.keep_settings(code_key_file=place.path, code_key_token=place.token)
        self.desk.do(
            code_files.set_code_key,
            pem=pem,
            is_demo=self._grounds.is_demo,
            then=self._done,
            on_error=self._refuse,
            said=self.tr("The key is in use: papers signed from now on bear its code"),
        )

    def _retire(self) -> None:
        question = self.tr(
            "Papers signed from now on will bear the status address alone. Papers already signed stay genuine: the key goes on verifying them."
        )
        if self.desk.ask(question, yes=self.tr("Put the key out of use"), danger=True):
            self.desk.do(code_files.retire_code_key, then=self._done, said=self.tr("The key is out of use"))

    def _done(self, _: object) -> None:
        self._set_busy(False)
        self.problem.hide()
        self.refresh()

    def _refuse(self, error: BaseException) -> bool:
        self._set_busy(False)
        if not isinstance(error, Told):
            return False
        self._tell(sentence(error, self.desk.language))
        return True

    def _tell(self, text: str) -> None:
        self.problem.setText(text)
        self.problem.show()

    def _set_busy(self, busy: bool) -> None:
        self._busy = busy
        for button in (self.make, self.take):
            button.set_why_not(self.tr("The key is at work…") if busy else "")

    # files for outsiders

    def _save_file(self, made, name: str) -> None:
        path = self.choose_target(name)
        if path:
            self.desk.read(
                made,
                then=lambda content: self.desk.files(
                    code_files.write_file, path=path, content=content, then=self._saved, on_error=self._refuse
                ),
                on_error=self._refuse,
            )

    def _ask_where(self, name: str) -> str:
        return QFileDialog.getSaveFileName(self, self.title(), name)[0]

    def _saved(self, path: str) -> None:
        self.problem.hide()
        self.desk.notices.done(self.tr("Saved: {path}").format(path=path))

    # words

    def _say_kind(self) -> None:
        file = self.by_file.isChecked()
        self.secret.set_label(self.tr("Password of the key file") if file else self.tr("PIN of the token"))
        self.again.set_label(self.tr("The same password again (for a new key)"))
        self.make.set_text(self.tr("Make a new key"))
        self.take.set_text(self.tr("Use the key that is there"))

    def retranslate(self) -> None:
        self.say_title(
            self.tr(
                "Every licence and refusal bears a code that proves itself without a network. This key makes it. "
                "The key stays in its file or on its token; the database keeps its certificate only."
            )
        )
        self.table.setAccessibleName(self.title())
        self.table.rows.retranslate()
        self.none.setText(self.tr("There is no key in use: papers bear the status address alone."))
        self.retire.set_text(self.tr("Put the key out of use"))
        self.trust.set_text(self.tr("Save the trust list…"))
        self.form_title.setText(self.tr("Put a key into use"))
        for button, words in (
            (self.by_file, self.tr("In a file of this workstation")),
            (self.by_token, self.tr("On a token")),
        ):
            button.setText(words)
            button.setAccessibleName(words)
        self.file.retranslate(self.tr("Key file"))
        self.tokens.setAccessibleName(self.tr("Token"))
        self.tokens.setPlaceholderText(self.tr("no token found"))
        self.look.set_text(self.tr("Look for tokens"))
        self._say_kind()
