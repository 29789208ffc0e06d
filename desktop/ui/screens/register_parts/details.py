"""What the act asks for besides the usual: texts, days, choices, and the licence an application is about."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QComboBox, QLineEdit, QVBoxLayout, QWidget

from desktop.errors import BadInput
from desktop.queries.rows import LicenceRow
from desktop.queries.service_rows import ServiceChoice
from desktop.regulation import model
from desktop.regulation.licence_states import IN_FORCE, out_of_force
from desktop.regulation.model import FieldKind, OperationKind
from desktop.ui import case_words as words
from desktop.ui import theme
from desktop.ui.messages import say, sentence
from desktop.ui.screens.register_parts.entry import DETAIL, Values, read_date
from desktop.ui.screens.register_parts.fields import DOUBT, DateEdit, Section, Tick
from desktop.ui.widgets.form import Field, choice, line_edit
from desktop.ui.widgets.plain import Button

_ISSUED_ON = "licence_issued_on"


class DetailsSection(Section):
    """The fields of the operation, made anew for each; hidden where there are none.

    ``licence_typed`` asks the register for a number ("" for none); ``licence_taken`` gives the licence whose holder
    and site are wanted in the form.
    """

    licence_typed = Signal(str)
    licence_taken = Signal(object)  # LicenceRow
    confirmed = Signal()

    def __init__(self, language, parent: QWidget | None = None) -> None:
        super().__init__("details", parent)
        self._language = language
        self._offered: tuple[model.Field, ...] = ()
        self._kind = OperationKind.ISSUE
        self._kept: dict[str, str] = {}
        self._licence: LicenceRow | None = None
        self._out = False  # the licence named is not in force, and the field says so
        self._asked = ""  # the number whose licence the register was asked for
        self._place = QVBoxLayout()
        self._place.setSpacing(theme.spacing(3))
        self.body.addLayout(self._place)
        self._about_licence = QWidget(self)  # stands under the field for its number
        self.take = Button(parent=self, kind="link", name="register.licence.take")
        self.confirm = Tick(name="register.licence_confirmed", parent=self)
        about = QVBoxLayout(self._about_licence)
        about.setContentsMargins(0, 0, 0, 0)
        about.addWidget(self.take, 0, Qt.AlignmentFlag.AlignLeft)
        about.addWidget(self.confirm)
        about.addWidget(self.add_field(_ISSUED_ON, DateEdit(), required=True))
        self.take.clicked.connect(lambda: self.licence_taken.emit(self._licence))
        self.confirm.toggled.connect(self._confirmed)
        self.hide()
        self.retranslate()

    def show_service(self, chosen: ServiceChoice | None) -> None:
        """Ask for what the operation asks for; what was typed for the same field stays."""
        offered = tuple(one for one in chosen.fields if not one.site) if chosen else ()
        self._kind = chosen.operation_kind if chosen else OperationKind.ISSUE
        if offered != self._offered:
            self._kept |= self._typed()
            self._make(offered)
            self._fill()
        self.setVisible(bool(offered))
        self._tell_licence()

    def _make(self, offered: tuple[model.Field, ...]) -> None:
        for one in self._offered:
            field = self.fields.pop(DETAIL + one.id)
            field.hide()
            field.setParent(None)
            field.deleteLater()
        self._offered = offered
        for one in offered:
            field = self.add_field(DETAIL + one.id, self._editor(one), required=one.required)
            self._place.addWidget(field)
            if one.kind is FieldKind.LICENCE:
                self._place.addWidget(self._about_licence)
        self._about_licence.setVisible(any(one.kind is FieldKind.LICENCE for one in offered))
        self._licence, self._asked = None, ""
        self.retranslate()

    def _editor(self, one: model.Field) -> QWidget:
        if one.kind is FieldKind.DATE:
            day = DateEdit()
            day.editingFinished.connect(lambda: self._check_day(one))
            return day
        if one.kind is FieldKind.CHOICE:
            box = choice()
            box.addItem("", "")
            for item in one.choices:
                box.addItem(self._language.text(item.title), item.id)
            box.currentIndexChanged.connect(lambda _: self._changed(DETAIL + one.id))
            return box
        editor = line_edit(limit=80 if one.kind is FieldKind.LICENCE else 0)
        if one.kind is FieldKind.LICENCE:
            editor.textEdited.connect(self._number_edited)
            editor.editingFinished.connect(self._ask_register)
        return editor

    # values

    def _typed(self) -> dict[str, str]:
        return {one.id: _text_of(self.fields[DETAIL + one.id]) for one in self._offered}

    def values(self) -> Values:
        return {
            "details": self._typed() if self._offered else dict(self._kept),
            "licence_confirmed": self.confirm.is_checked(),
            _ISSUED_ON: self.text(_ISSUED_ON) if self.confirm.is_checked() else "",
        }

    def show_values(self, values: Values) -> None:
        self._kept = {str(name): str(text) for name, text in dict(values.get("details", {})).items()}
        self.confirm.set_checked(bool(values.get("licence_confirmed")))
        self.fields[_ISSUED_ON].editor.setText(str(values.get(_ISSUED_ON, "")))
        self._fill()
        self._licence, self._asked = None, ""
        self._tell_licence()
        self._ask_register()

    def _fill(self) -> None:
        for one in self._offered:
            field, text = self.fields[DETAIL + one.id], self._kept.get(one.id, "")
            if isinstance(field.editor, QComboBox):
                field.editor.setCurrentIndex(max(field.editor.findData(text), 0))
            else:
                field.editor.setText(text)
            field.set_problem("")

    # the licence

    def _number(self) -> str:
        named = (one for one in self._offered if one.kind is FieldKind.LICENCE)
        return next((_text_of(self.fields[DETAIL + one.id]).strip() for one in named), "")

    def _number_edited(self) -> None:
        self.confirm.set_checked(False)
        self._licence, self._asked = None, ""
        self._tell_licence()

    def _ask_register(self) -> None:
        if self._number() and self._number() != self._asked:
            self._asked = self._number()
            self.licence_typed.emit(self._asked)

    def show_licence(self, found: LicenceRow | None) -> None:
        """Say whose licence it is; one the register does not know may be confirmed as an older one."""
        self._licence = found
        self._tell_licence()

    def _tell_licence(self) -> None:
        found, known = self._licence, bool(self._asked)
        unknown = known and found is None
        self.take.setVisible(found is not None and self._kind is not OperationKind.ISSUE)
        self.confirm.setVisible(unknown or self.confirm.is_checked())
        again = self._kind is not OperationKind.ISSUE
        self.fields[_ISSUED_ON].setVisible(self.confirm.is_checked() and again)
        for one in self._offered:
            if one.kind is not FieldKind.LICENCE:
                continue
            hint = self.tr("The register of this office has no such licence") if unknown else ""
            field = self.fields[DETAIL + one.id]
            field.set_hint(self._licence_words(found) if found else hint)
            if found is not None and found.status not in IN_FORCE:
                field.set_problem(say(out_of_force(found.status), {"number": found.number}, self._language))
                self._out = True
            elif self._out:
                field.set_problem("")
                self._out = False

    def _licence_words(self, found: LicenceRow) -> str:
        day = self._language.format_short(found.issued_on)
        told = (self._language.text(found.holder), found.site, day, words.licence_state(found.status))
        return " · ".join(word for word in told if word)

    def _confirmed(self) -> None:
        self._tell_licence()
        self.confirmed.emit()
        self.edited.emit()

    # saying

    def _check_day(self, one: model.Field) -> None:
        field = self.fields[DETAIL + one.id]
        text = _text_of(field)
        try:
            read_date(text)
        except ValueError:
            fault = BadInput("date-impossible", field=DETAIL + one.id, day=text)
            field.set_problem(sentence(fault, self._language))

    def go_to(self, key: str) -> None:
        first = next((DETAIL + one.id for one in self._offered), _ISSUED_ON)
        super().go_to(key if key in self.fields else first)

    def show_problem(self, key: str, text: str) -> bool:
        if text and key.startswith(DETAIL) and self._number() and not self.confirm.isVisibleTo(self):
            self._ask_register()
        return super().show_problem(key, text)

    def retranslate(self) -> None:
        self.heading.setText(self.tr("What the act asks for"))
        self.take.set_text(self.tr("Take the holder and the site from the licence"))
        self.confirm.set_text(
            self.tr("The licence was issued before this register began: I have seen the paper")
        )
        self.fields[_ISSUED_ON].set_label(self.tr("First issued on"))
        self.fields[_ISSUED_ON].editor.setPlaceholderText("31.12.2026")
        for one in self._offered:
            field = self.fields[DETAIL + one.id]
            mark = DOUBT if one.unverified else ""
            field.set_label(f"{self._language.text(one.title)}{mark}")
            if one.unverified and one.kind is not FieldKind.LICENCE:
                doubt = self.tr("usual, but still to be checked against its source")
                field.set_hint(f"{DOUBT} {doubt}")
            if one.kind is FieldKind.DATE:
                field.editor.setPlaceholderText("31.12.2026")
            if isinstance(field.editor, QComboBox):
                for number, item in enumerate(one.choices, 1):
                    field.editor.setItemText(number, self._language.text(item.title))
        self._tell_licence()


def _text_of(field: Field) -> str:
    editor = field.editor
    if isinstance(editor, QComboBox):
        return str(editor.currentData() or "")
    assert isinstance(editor, QLineEdit)
    return editor.text()
