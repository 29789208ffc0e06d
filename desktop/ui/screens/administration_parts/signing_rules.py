"""What the office asks of its signatures: the level, who stamps the time and tells of revocation, what silence means."""

from PySide6.QtCore import QT_TRANSLATE_NOOP

from desktop.cases.office import set_office
from desktop.cases.office_signing import LEVELS
from desktop.ui.desk import Changed
from desktop.ui.screens.administration_parts.office_form import OfficeFormSection
from desktop.ui.screens.register_parts.fields import Tick
from desktop.ui.widgets.form import Field, Form, choice, line_edit
from desktop.ui.widgets.plain import Button

NATIONAL = {"stamp_address": "http://tsp.pki.gov.kz/", "ocsp_address": "http://ocsp.pki.gov.kz/"}
"""What the National authority answers at; shown in an empty field, and asked only when it is written there."""


class SigningRulesSection(OfficeFormSection):
    """One form."""

    id = "signing"
    icon = "sign"
    name_source = QT_TRANSLATE_NOOP("Section", "Signing")

    def build(self) -> None:
        self.form = form = Form(self)
        self.level = choice([("", level) for level in LEVELS])
        form.add("signature_level", Field(self.level, name=self.name("level")))
        for key, example in NATIONAL.items():
            editor = line_edit(limit=300)
            editor.setPlaceholderText(example)
            editor.setReadOnly(not self.may_change)
            editor.textChanged.connect(self._typed)
            form.add(key, Field(editor, name=self.name(key)))
        self.silence = Tick(name=self.name("silence"))
        form.add_row(form.field("signature_level"))
        form.add_row(form.field("stamp_address"))
        form.add_row(form.field("ocsp_address"))
        form.add_row(self.silence)
        self.save = Button(parent=self, kind="primary", name=self.name("save"), shortcut="Ctrl+Return")
        self.undo = Button(parent=self, kind="quiet", icon="return", name=self.name("undo"))
        self.save.clicked.connect(self._save)
        self.undo.clicked.connect(self._undo)
        self.column.addWidget(form)
        self.primary(self.save, self.undo)
        for editor in (self.level, self.silence.box):
            editor.setEnabled(self.may_change)
        self.level.currentIndexChanged.connect(self._typed)
        self.silence.toggled.connect(self._typed)

    def _fill(self) -> None:
        rules = self._kept.signing
        self.level.setCurrentIndex(self.level.findData(rules.level))
        for key in NATIONAL:
            self.form.field(key).editor.setText(getattr(rules, key))
        self.silence.set_checked(rules.silence_allowed)
        self.form.clear_problems()
        self._typed()

    def _changes(self) -> dict[str, str | bool | int]:
        rules = self._kept.signing
        kept = {
            "signature_level": rules.level,
            "stamp_address": rules.stamp_address,
            "ocsp_address": rules.ocsp_address,
            "silence_allowed": rules.silence_allowed,
        }
        now = {
            "signature_level": self.level.currentData(),
            **{key: self.form.field(key).editor.text().strip() for key in NATIONAL},
            "silence_allowed": self.silence.is_checked(),
        }
        return {key: value for key, value in now.items() if value != kept[key]}

    def _save(self) -> None:
        self.form.clear_problems()
        self.desk.do(
            _save_rules,
            facts=self._changes(),
            seen_version=self._kept.version,
            then=self._saved,
            on_error=self.form.show_error,
            said=self.tr("The rules of signing are saved"),
            changes=Changed(office=True),
        )

    def retranslate(self) -> None:
        self.say_title(self.tr("They hold for every signature made from now on, at every workstation."))
        names = (
            self.tr("Signature alone (PAdES B-B)"),
            self.tr("With a time stamp (B-T)"),
            self.tr("With proofs to be checked by later (B-LT)"),
            self.tr("With proofs for the archive (B-LTA)"),
        )
        for number, name in enumerate(names):
            self.level.setItemText(number, name)
        for key, label in (
            ("signature_level", self.tr("Level of signatures made by tokens and key files")),
            ("stamp_address", self.tr("Address of the time stamping authority")),
            ("ocsp_address", self.tr("Address that tells of revoked certificates (OCSP)")),
        ):
            self.form.field(key).set_label(label)
        self.form.field("signature_level").set_hint(
            self.tr("NCALayer makes a signature of its own kind (adbe.pkcs7.detached), whatever stands here.")
        )
        self.form.field("ocsp_address").set_hint(self.tr("Empty: the one a certificate names itself"))
        self.silence.set_text(
            self.tr(
                "Allow signing when nobody tells whether the certificate is revoked; the journal keeps that with"
                " the signature"
            )
        )
        self.save.set_text(self.tr("Save"))
        self.undo.set_text(self.tr("Undo what I typed"))
        self._typed()


def _save_rules(store, actor, *, facts: dict[str, str | bool | int], seen_version: int) -> None:
    set_office(store, actor, changes=facts, seen_version=seen_version)
