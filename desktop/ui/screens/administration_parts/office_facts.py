"""The office's own facts: names, BIN, address, numbering."""

from functools import partial

from PySide6.QtCore import QT_TRANSLATE_NOOP

from desktop.cases.office import set_office
from desktop.queries.rows import OfficeRow
from desktop.ui.desk import Changed
from desktop.ui.messages import say
from desktop.ui.screens.administration_parts.office_form import OfficeFormSection
from desktop.ui.screens.administration_parts.section import (
    number_edit,
    number_problem,
    refuse_numbers,
)
from desktop.ui.screens.new_office import TIME_ZONES
from desktop.ui.screens.register_parts.fields import Tick
from desktop.ui.widgets.form import Field, Form, choice, line_edit
from desktop.ui.widgets.plain import Button

_MIB = 1024 * 1024
_LINES = (
    "name_kk", "name_ru", "bin", "address_kk", "address_ru", "place_kk", "place_ru", "status_address",
    "incoming_template", "outgoing_template", "licence_template",
)  # fmt: skip
_TEMPLATES = ("incoming_template", "outgoing_template", "licence_template")


class OfficeSection(OfficeFormSection):
    """One form."""

    id = "office"
    icon = "office"
    name_source = QT_TRANSLATE_NOOP("Section", "The office")

    def build(self) -> None:
        self.form = form = Form(self)
        for key in _LINES:
            form.add(key, Field(line_edit(limit=500), name=self.name(key), required=True))
        zones = choice([(zone, zone) for zone in TIME_ZONES])
        form.add("time_zone", Field(zones, name=self.name("time_zone"), required=True))
        self.limit = number_edit(1, 1024)
        form.add("file_limit_bytes", Field(self.limit, name=self.name("file_limit")))
        self.numbers = Tick(name=self.name("numbers_licences"))
        self.names_heading = form.add_heading()
        form.add_row(form.field("name_kk"), form.field("name_ru"))
        form.add_row(form.field("bin"), form.field("time_zone"))
        form.add_row(form.field("address_kk"), form.field("address_ru"))
        form.add_row(form.field("place_kk"), form.field("place_ru"))
        self.numbers_heading = form.add_heading()
        form.add_row(form.field("incoming_template"), form.field("outgoing_template"))
        form.add_row(form.field("licence_template"), form.field("file_limit_bytes"))
        form.add_row(self.numbers)
        form.add_row(form.field("status_address"))
        self.save = Button(parent=self, kind="primary", name=self.name("save"), shortcut="Ctrl+Return")
        self.undo = Button(parent=self, kind="quiet", icon="return", name=self.name("undo"))
        self.save.clicked.connect(self._save)
        self.undo.clicked.connect(self._undo)
        self.column.addWidget(form)
        self.primary(self.save, self.undo)
        for key in _LINES:
            editor = form.field(key).editor
            editor.setReadOnly(not self.may_change)
            editor.textChanged.connect(self._typed)
        form.field("bin").editor.textChanged.connect(self._prove_bin)
        for editor in (zones, self.limit, self.numbers.box):
            editor.setEnabled(self.may_change)
        zones.currentIndexChanged.connect(self._typed)
        self.limit.valueChanged.connect(self._typed)
        self.numbers.toggled.connect(self._typed)

    def _fill(self) -> None:
        row = self._kept
        values = _texts(row)
        for key in _LINES:
            editor = self.form.field(key).editor
            if editor.text() != values[key]:
                editor.setText(values[key])
                editor.setCursorPosition(0)
        zones = self.form.field("time_zone").editor
        if zones.findData(row.time_zone) < 0:
            zones.addItem(row.time_zone, row.time_zone)
        zones.setCurrentIndex(zones.findData(row.time_zone))
        self.limit.setValue(row.file_limit_bytes // _MIB)
        self.numbers.set_checked(row.numbers_licences)
        self.form.clear_problems()
        self._typed()

    def _changes(self) -> dict[str, str | bool | int]:
        row, kept = self._kept, _texts(self._kept)
        typed = {key: self.form.field(key).editor.text() for key in _LINES}
        changes: dict[str, str | bool | int] = {key: typed[key] for key in _LINES if typed[key] != kept[key]}
        zone = self.form.field("time_zone").editor.currentData()
        if zone != row.time_zone:
            changes["time_zone"] = zone
        if self.limit.value() != row.file_limit_bytes // _MIB:
            changes["file_limit_bytes"] = self.limit.value() * _MIB
        if self.numbers.is_checked() != row.numbers_licences:
            changes["numbers_licences"] = self.numbers.is_checked()
        return changes

    def _prove_bin(self, text: str) -> None:
        code = number_problem(text, "bin")
        self.form.field("bin").set_problem(say(code, {}, self.desk.language) if code else "")

    def _save(self) -> None:
        self.form.clear_problems()
        self.desk.do(
            _save_facts,
            facts=self._changes(),
            seen_version=self._kept.version,
            then=self._saved,
            on_error=partial(refuse_numbers, self.form),
            said=self.tr("The particulars of the office are saved"),
            changes=Changed(office=True),
        )

    def retranslate(self) -> None:
        self.say_title(self.tr("These particulars stand on every paper. A paper already made keeps its own."))
        self.names_heading.setText(self.tr("Names and address"))
        self.numbers_heading.setText(self.tr("Numbers and the status page"))
        for key, label in (
            ("name_kk", self.tr("Name in Kazakh")),
            ("name_ru", self.tr("Name in Russian")),
            ("bin", self.tr("BIN")),
            ("time_zone", self.tr("Time zone")),
            ("address_kk", self.tr("Address in Kazakh")),
            ("address_ru", self.tr("Address in Russian")),
            ("place_kk", self.tr("Place of issue in Kazakh")),
            ("place_ru", self.tr("Place of issue in Russian")),
            ("status_address", self.tr("Address of the status page (in the QR code)")),
            ("incoming_template", self.tr("Number of an application")),
            ("outgoing_template", self.tr("Number of an outgoing letter")),
            ("licence_template", self.tr("Number of a licence")),
            ("file_limit_bytes", self.tr("Largest file of a case, MB")),
        ):
            self.form.field(key).set_label(label)
        self.form.field("status_address").set_hint(self.tr("{number} stands for the number of the licence"))
        hint = self.tr("{year}, {year2}: the year; {sequence:06d}: the number in six digits")
        for key in _TEMPLATES:
            self.form.field(key).set_hint(hint)
        words = self.tr("Licence numbers are given here (otherwise they come from the central database)")
        self.numbers.set_text(words)
        self.save.set_text(self.tr("Save"))
        self.undo.set_text(self.tr("Undo what I typed"))
        self._typed()


def _save_facts(store, actor, *, facts: dict[str, str | bool | int], seen_version: int) -> None:
    set_office(
        store, actor, changes=facts, seen_version=seen_version
    )  # ``changes`` has a meaning of its own in Desk.do


def _texts(row: OfficeRow) -> dict[str, str]:
    return {
        "name_kk": row.name.kk,
        "name_ru": row.name.ru,
        "bin": row.bin,
        "address_kk": row.address.kk,
        "address_ru": row.address.ru,
        "place_kk": row.place.kk,
        "place_ru": row.place.ru,
        "status_address": row.status_address,
        "incoming_template": row.incoming_template,
        "outgoing_template": row.outgoing_template,
        "licence_template": row.licence_template,
    }
