"""Who applies, and who brings the papers for him: ИИН/БИН checked as it is typed."""

from PySide6.QtWidgets import QVBoxLayout, QWidget

from desktop.cases.particulars import clean_text, identifier_problem
from desktop.errors import BadInput
from desktop.regulation import identifiers
from desktop.ui.messages import sentence
from desktop.ui.screens.register_parts.entry import Values
from desktop.ui.screens.register_parts.fields import Columns, Section, Tick
from desktop.ui.widgets.form import choice, line_edit


class ApplicantSection(Section):
    """ИИН or БИН, names in both state languages, address, contacts."""

    def __init__(self, language, parent: QWidget | None = None) -> None:
        super().__init__("applicant", parent)
        self._language = language
        self._usual = True  # whether the service chosen is applied for by legal entities first
        self.kind = choice()
        kind_field = self.add_field("kind", self.kind)
        identifier = self.add_field("identifier", line_edit(limit=24), required=True)
        self.confirm = Tick(name="register.identifier_confirmed", parent=self)
        self.confirm.hide()
        confirmed = QWidget(self)
        under = QVBoxLayout(confirmed)
        under.setContentsMargins(0, 0, 0, 0)
        under.addWidget(identifier)
        under.addWidget(self.confirm)
        columns = Columns(
            [
                [kind_field, confirmed],
                [
                    self.add_field("holder_kk", line_edit(), required=True),
                    self.add_field("holder_ru", line_edit(), required=True),
                ],
                [self.add_field("holder_address", line_edit(), required=True)],
                [self.add_field("phone", line_edit()), self.add_field("email", line_edit())],
            ],
            self,
        )
        self.body.addWidget(columns)
        self.kind.addItem("", True)
        self.kind.addItem("", False)
        self.kind.activated.connect(self._kind_activated)
        self.kind.currentIndexChanged.connect(lambda _: self._say_names())
        self.fields["identifier"].editor.textChanged.connect(self._number_typed)
        self.fields["identifier"].editor.editingFinished.connect(lambda: self._check(final=True))
        self.confirm.toggled.connect(self._confirmed)
        self.retranslate()

    @property
    def is_legal_entity(self) -> bool:
        return bool(self.kind.currentData())

    def expect(self, *, legal_entity: bool) -> None:
        """Offer first who applies for the service chosen; a number or a name that is typed says who really does."""
        if legal_entity == self._usual:
            return  # nothing new: what was chosen by hand stays
        self._usual = legal_entity
        typed = (self.text(key) for key in ("identifier", "holder_kk", "holder_ru"))
        if not any(typed):
            self.kind.setCurrentIndex(0 if legal_entity else 1)
            self._say_names()

    @property
    def identifier(self) -> str:
        """The number typed, without the spaces between its groups."""
        return clean_text("identifier", self.text("identifier"))

    def values(self) -> Values:
        return super().values() | {
            "is_legal_entity": self.is_legal_entity,
            "identifier_confirmed": self.confirm.is_checked(),
        }

    def show_holder(self, values: Values) -> None:
        """Show who holds a licence; telephone and e-mail stay."""
        for key in ("identifier", "holder_kk", "holder_ru", "holder_address"):
            self.fields[key].editor.setText(str(values[key]))
            self.fields[key].editor.setCursorPosition(0)
        self.kind.setCurrentIndex(0 if values["is_legal_entity"] else 1)
        self._check(final=True)

    def show_values(self, values: Values) -> None:
        super().show_values(values)
        self.kind.setCurrentIndex(0 if values.get("is_legal_entity", self._usual) else 1)
        self.confirm.set_checked(bool(values.get("identifier_confirmed")))
        self._check(final=bool(self.identifier))

    def _kind_activated(self) -> None:
        self._check(final=bool(self.identifier))
        self.edited.emit()

    def _number_typed(self) -> None:
        self.confirm.set_checked(False)
        kind = identifiers.kind_of(self.identifier)
        if kind is not None:
            self.kind.setCurrentIndex(0 if kind == "bin" else 1)
        self._check(final=len(self.identifier) >= identifiers.LENGTH)

    def _confirmed(self) -> None:
        self._check(final=True)
        self.edited.emit()

    def _check(self, *, final: bool) -> None:
        """Say at the field what is wrong; an unfinished number is left alone until the field is left."""
        number = self.identifier
        fault = (
            identifier_problem(number, is_legal_entity=self.is_legal_entity, confirmed=False)
            if number
            else None
        )
        if fault is not None and not final and fault.code == "identifier-length":
            fault = None
        may_confirm = fault is not None and bool(fault.facts.get("may_confirm"))
        self.confirm.setVisible(may_confirm)
        if not may_confirm and self.confirm.is_checked():
            self.confirm.set_checked(False)
        silenced = may_confirm and self.confirm.is_checked()
        field = self.fields["identifier"]
        field.set_problem("" if fault is None or silenced else sentence(fault, self._language))
        field.set_hint(self._reading(number) if fault is None else "")

    def _reading(self, number: str) -> str:
        """Return what the number says of its holder, for comparing with the document at the counter."""
        kind = identifiers.kind_of(number)
        if kind == "iin":
            century = {"1": "18", "2": "18", "3": "19", "4": "19", "5": "20", "6": "20"}.get(number[6], "")
            day = f"{number[4:6]}.{number[2:4]}.{century}{number[:2]}"
            return self.tr("Born {day}").format(day=day)
        if kind == "bin":
            century = "19" if number[:2] > "80" else "20"
            return self.tr("Registered {month}").format(month=f"{number[2:4]}.{century}{number[:2]}")
        return ""

    def retranslate(self) -> None:
        self.heading.setText(self.tr("Applicant"))
        self.fields["kind"].set_label(self.tr("Who applies"))
        self.kind.setItemText(0, self.tr("Legal entity (BIN)"))
        self.kind.setItemText(1, self.tr("Individual (IIN)"))
        self.fields["identifier"].set_label(self.tr("IIN or BIN"))
        self.confirm.set_text(self.tr("So it stands in the document: I have compared it"))
        self._say_names()
        self.fields["holder_address"].set_label(self.tr("Address of the applicant"))
        self.fields["phone"].set_label(self.tr("Telephone"))
        self.fields["email"].set_label(self.tr("E-mail"))
        self._check(final=bool(self.identifier))

    def _say_names(self) -> None:
        """An organisation has a name, a person a full name."""
        legal = self.is_legal_entity
        self.fields["holder_kk"].set_label(
            self.tr("Name in Kazakh") if legal else self.tr("Full name in Kazakh")
        )
        self.fields["holder_ru"].set_label(
            self.tr("Name in Russian") if legal else self.tr("Full name in Russian")
        )


class RepresentativeSection(Section):
    """Who acts for the applicant, and by which power of attorney."""

    def __init__(self, language, parent: QWidget | None = None) -> None:
        super().__init__("representative", parent)
        self._language = language
        columns = Columns(
            [
                [
                    self.add_field("representative", line_edit()),
                    self.add_field("representative_iin", line_edit(limit=24)),
                ],
                [self.add_field("power_of_attorney", line_edit())],
            ],
            self,
        )
        self.body.addWidget(columns)
        self.fields["representative_iin"].editor.editingFinished.connect(self._check)
        self.retranslate()

    def _check(self) -> None:
        number = clean_text("representative_iin", self.text("representative_iin"))
        code = identifiers.problem(number) if number else None
        fault = BadInput(code, field="representative_iin", identifier=number) if code else None
        self.fields["representative_iin"].set_problem(sentence(fault, self._language) if fault else "")

    def retranslate(self) -> None:
        self.heading.setText(self.tr("Representative, if not the applicant himself"))
        self.fields["representative"].set_label(self.tr("Name of the representative"))
        self.fields["representative_iin"].set_label(self.tr("IIN of the representative"))
        self.fields["power_of_attorney"].set_label(self.tr("Power of attorney: number, date, by whom"))
