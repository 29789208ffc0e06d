"""The questions of a new office, in four steps; nothing is written before the last one."""

from PySide6.QtCore import Qt, QTime, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QHBoxLayout,
    QScrollArea,
    QStackedWidget,
    QTimeEdit,
    QVBoxLayout,
    QWidget,
)

from desktop.errors import BadInput
from desktop.settings import data_folder
from desktop.ui import theme
from desktop.ui.founding import NewOfficeFacts
from desktop.ui.messages import sentence
from desktop.ui.screens.administration_parts.section import number_problem
from desktop.ui.widgets.file_picker import FilePicker
from desktop.ui.widgets.form import Field, Form, choice, line_edit
from desktop.ui.widgets.plain import Button, PlainLabel
from desktop.ui.widgets.tab_order import press

STEPS = 4
TIME_ZONES = (
    "Asia/Oral",
    "Asia/Almaty",
    "Asia/Aqtau",
    "Asia/Aqtobe",
    "Asia/Atyrau",
    "Asia/Qostanay",
    "Asia/Qyzylorda",
)
_TEXT_KEYS = (
    "name_kk", "name_ru", "bin", "address_kk", "address_ru", "place_kk", "place_ru",
    "administrator.name_kk", "administrator.name_ru", "administrator.login", "administrator.iin",
    "head.name_kk", "head.name_ru", "head.position_kk", "head.position_ru", "head.iin", "head.login",
    "incoming_template", "outgoing_template", "licence_template", "status_address",
)  # fmt: skip
_SECRETS = ("administrator.password", "administrator.repeat", "head.password")


class NewOfficeForm(QWidget):
    """Four steps: the office, its people, its hours, its papers. Ctrl+Enter goes on, Esc goes back."""

    finished = Signal(object)  # NewOfficeFacts
    given_up = Signal()

    def __init__(self, desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("new_office")
        self._desk = desk
        self.forms = [Form(self) for _ in range(STEPS)]
        self.headings: list[PlainLabel] = []
        self._labels: dict[str, Field] = {}
        self.title = PlainLabel(parent=self, role="title", wrap=True, name="new_office.title")
        self.step_line = PlainLabel(parent=self, role="muted", name="new_office.step")
        self.pages = QStackedWidget(self)
        self.back = Button(parent=self, name="new_office.back", icon="back")
        self.next = Button(parent=self, kind="primary", name="new_office.next", shortcut="Ctrl+Return")
        self.back.clicked.connect(self.go_back)
        self.next.clicked.connect(self.go_on)
        self._build_office(self.forms[0])
        self._build_people(self.forms[1])
        self._build_hours(self.forms[2])
        self._build_papers(self.forms[3])
        for form in self.forms:
            self.pages.addWidget(_scrolled(form))
        buttons = QHBoxLayout()
        buttons.setContentsMargins(0, 0, theme.spacing(3), 0)  # in line with the fields of a page
        buttons.addWidget(self.back)
        buttons.addStretch(1)
        buttons.addWidget(self.next)
        column = QVBoxLayout()
        column.setContentsMargins(0, theme.spacing(8), 0, theme.spacing(2))
        column.setSpacing(theme.spacing(3))
        column.addWidget(self.step_line)
        column.addWidget(self.title)
        column.addWidget(self.pages, 1)
        column.addLayout(buttons)
        middle = QWidget(self)
        middle.setLayout(column)
        middle.setMaximumWidth(theme.spacing(220))
        row = QHBoxLayout(self)
        row.addStretch(1)
        row.addWidget(middle, 20)
        row.addStretch(1)
        self.retranslate()

    # building

    def _text(
        self, form: Form, key: str, *, required: bool = True, limit: int = 500, value: str = ""
    ) -> Field:
        editor = line_edit(limit=limit, secret=key in _SECRETS)
        editor.setText(value)
        field = form.add(key, Field(editor, name=f"new_office.{key}", required=required))
        self._labels[key] = field
        return field

    def _build_office(self, form: Form) -> None:
        form.add_row(self._text(form, "name_kk"), self._text(form, "name_ru"))
        form.add_row(self._text(form, "bin", limit=12), self._zone(form))
        form.add_row(self._text(form, "address_kk"), self._text(form, "address_ru"))
        form.add_row(self._text(form, "place_kk", limit=120), self._text(form, "place_ru", limit=120))

    def _zone(self, form: Form) -> Field:
        editor = choice([(name, name) for name in TIME_ZONES])
        field = form.add("time_zone", Field(editor, name="new_office.time_zone", required=True))
        self._labels["time_zone"] = field
        return field

    def _build_people(self, form: Form) -> None:
        self.headings.append(form.add_heading())
        for who in ("administrator", "head"):
            if who == "head":
                self.headings.append(form.add_heading())
            form.add_row(
                self._text(form, f"{who}.name_kk", limit=200), self._text(form, f"{who}.name_ru", limit=200)
            )
            if who == "head":
                form.add_row(
                    self._text(form, "head.position_kk", limit=200),
                    self._text(form, "head.position_ru", limit=200),
                )
                form.add_row(self._text(form, "head.iin", limit=12), self._text(form, "head.login", limit=63))
                form.add_row(self._text(form, "head.password", limit=1024))
            else:
                form.add_row(
                    self._text(form, "administrator.iin", limit=12, required=False),
                    self._text(form, "administrator.login", limit=63),
                )
                form.add_row(
                    self._text(form, "administrator.password", limit=1024),
                    self._text(form, "administrator.repeat", limit=1024),
                )

    def _build_hours(self, form: Form) -> None:
        self.days: list[QCheckBox] = []
        days = QWidget(form)
        row = QHBoxLayout(days)
        row.setContentsMargins(0, 0, 0, 0)
        for weekday in range(7):
            box = QCheckBox(days)
            box.setObjectName(f"new_office.day.{weekday}")
            box.setChecked(weekday < 5)
            self.days.append(box)
            row.addWidget(box)
        row.addStretch(1)
        days.setFocusProxy(self.days[0])
        days_field = form.add("hours", Field(days, name="new_office.days"))
        self._labels["hours"] = days_field
        form.add_row(days_field)
        self.times: dict[str, QTimeEdit] = {}
        fields = []
        for key, hour, minute in (
            ("opens", 9, 0),
            ("break_from", 13, 0),
            ("break_to", 14, 30),
            ("closes", 18, 30),
        ):
            editor = QTimeEdit(QTime(hour, minute))
            editor.setDisplayFormat("HH:mm")
            self.times[key] = editor
            self._labels[key] = form.add(key, Field(editor, name=f"new_office.{key}"))
            fields.append(self._labels[key])
        form.add_row(fields[0], fields[3])
        form.add_row(fields[1], fields[2])

    def _build_papers(self, form: Form) -> None:
        self.seal = FilePicker("new_office.seal_file", "PNG (*.png)")
        self.trust = FilePicker("new_office.trust_file", "PEM (*.pem *.crt *.cer)")
        self.database = FilePicker("new_office.database_file", "SQLite (*.sqlite)", saving=True)
        self.database.line.setText(str(data_folder() / "office.sqlite"))
        for key, editor in (("seal", self.seal), ("trust_roots", self.trust), ("database", self.database)):
            self._labels[key] = form.add(
                key, Field(editor, name=f"new_office.{key}", required=key == "database")
            )
        self.numbers = QCheckBox(form)
        self.numbers.setObjectName("new_office.numbers_licences")
        form.add_row(self._labels["seal"], self._labels["trust_roots"])
        form.add_row(self.numbers)
        form.add_row(
            self._text(form, "incoming_template", value="{year}-{sequence:06d}"),
            self._text(form, "outgoing_template", value="{sequence}/{year}"),
        )
        form.add_row(
            self._text(form, "licence_template", value="{year2}{sequence:06d}"),
            self._text(form, "status_address", value="https://licence.invalid/{number}"),
        )
        form.add_row(self._labels["database"])

    # using

    def begin(self) -> None:
        """Go to the first step; what was typed before is still there."""
        self._go(self.pages.currentIndex())

    def go_on(self) -> None:
        """Prove the step and show the next one; on the last, hand the answers over."""
        step = self.pages.currentIndex()
        form = self.forms[step]
        form.clear_problems()
        problems = list(self._problems(step))
        for problem in problems[1:]:
            form.field(problem.field).set_problem(sentence(problem))
        if problems:
            form.show_error(problems[0])
        elif step + 1 < STEPS:
            self._go(step + 1)
        else:
            self.finished.emit(self.facts())

    def go_back(self) -> None:
        step = self.pages.currentIndex()
        self._go(step - 1) if step else self.given_up.emit()

    def show_error(self, error: BadInput) -> bool:
        """Go to the step with the field an error is about; False when no step has it."""
        if error.field == "intervals":
            error = BadInput(
                error.code, field="opens", **{k: v for k, v in error.facts.items() if k != "field"}
            )
        for step, form in enumerate(self.forms):
            if any(form.field(key) for key in form.names() if key == error.field):
                self._go(step)
                return form.show_error(error)
        return False

    def facts(self) -> NewOfficeFacts:
        """Return what was answered."""
        texts = {key: self._typed(key) for key in (*_TEXT_KEYS, "administrator.password", "head.password")}
        return NewOfficeFacts(
            texts=texts,
            hours=self._hours(),
            time_zone=self._labels["time_zone"].editor.currentData(),
            numbers_licences=self.numbers.isChecked(),
            seal_file=self.seal.text(),
            trust_root_file=self.trust.text(),
            database_file=self.database.text(),
        )

    def _typed(self, key: str) -> str:
        text = self._labels[key].editor.text()
        return text if key in _SECRETS else text.strip()

    def _problems(self, step: int):
        """Yield what is plainly missing or wrong in a step; the office's own rules are proved when it is made."""
        form = self.forms[step]
        for key in form.names():
            field = form.field(key)
            text = field.editor.text().strip() if hasattr(field.editor, "text") else ""
            if field.required and hasattr(field.editor, "text") and not text:
                yield BadInput("field-required", field=key)
            elif code := self._fault(key, text):
                yield BadInput(code, field=key)
        if step == 1 and self._typed("administrator.password") != self._typed("administrator.repeat"):
            yield BadInput("passwords-differ", field="administrator.repeat")
        if step == 2 and not any(box.isChecked() for box in self.days):
            yield BadInput("hours-all-closed", field="hours")

    @staticmethod
    def _fault(key: str, text: str) -> str:
        if key == "bin" or key.endswith(".iin"):
            return number_problem(text, key.rpartition(".")[2])
        return ""

    def _hours(self) -> dict[int, tuple[tuple[str, str], ...]]:
        at = {key: editor.time().toString("HH:mm") for key, editor in self.times.items()}
        whole = at["break_from"] == at["break_to"]
        day = (
            ((at["opens"], at["closes"]),)
            if whole
            else ((at["opens"], at["break_from"]), (at["break_to"], at["closes"]))
        )
        return {weekday: day if box.isChecked() else () for weekday, box in enumerate(self.days)}

    def _go(self, step: int) -> None:
        self.pages.setCurrentIndex(step)
        self.retranslate()
        first = next((key for key in self.forms[step].names()), None)
        if first:
            self.forms[step].field(first).editor.setFocus(Qt.FocusReason.OtherFocusReason)

    def keyPressEvent(self, event) -> None:
        """Enter goes on to the next field (on a button it presses it), Esc goes back."""
        held = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        if event.key() == Qt.Key.Key_Escape:
            self.go_back()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not held:
            if not press(self.window().focusWidget(), event):
                self.focusNextPrevChild(True)
        else:
            super().keyPressEvent(event)

    # wording

    def retranslate(self) -> None:
        step = self.pages.currentIndex()
        titles = (
            self.tr("The office"),
            self.tr("Its first people"),
            self.tr("Working hours"),
            self.tr("Papers and numbers"),
        )
        self.title.setText(titles[step])
        self.step_line.setText(
            self.tr("New office, step {step} of {steps}").format(step=step + 1, steps=STEPS)
        )
        self.back.set_text(self.tr("Back"))
        self.next.set_text(self.tr("Found the office") if step + 1 == STEPS else self.tr("Go on"))
        self.headings[0].setText(self.tr("First administrator"))
        self.headings[1].setText(self.tr("Head of the office"))
        for key, (label, hint) in self._wording().items():
            self._labels[key].set_label(label)
            self._labels[key].set_hint(hint)
        self.numbers.setText(self.tr("This office gives licences their numbers itself"))
        names = self._desk.language.weekdays()
        for weekday, box in enumerate(self.days):
            box.setText(names[weekday])
        for picker, key in ((self.seal, "seal"), (self.trust, "trust_roots"), (self.database, "database")):
            picker.retranslate(self._wording()[key][0])

    def _wording(self) -> dict[str, tuple[str, str]]:
        name_kk, name_ru = self.tr("Full name in Kazakh"), self.tr("Full name in Russian")
        login_hint = self.tr("Small Latin letters, digits, dot, hyphen")
        password_hint = self.tr("At least 8 characters")
        template_hint = self.tr("{year}, {year2} and {sequence} are filled in")
        return {
            "name_kk": (self.tr("Name of the office in Kazakh"), ""),
            "name_ru": (self.tr("Name of the office in Russian"), ""),
            "bin": (self.tr("BIN"), ""),
            "time_zone": (self.tr("Time zone"), ""),
            "address_kk": (self.tr("Address in Kazakh"), ""),
            "address_ru": (self.tr("Address in Russian"), ""),
            "place_kk": (self.tr("Place of issue in Kazakh"), self.tr("As it stands in licences")),
            "place_ru": (self.tr("Place of issue in Russian"), self.tr("As it stands in licences")),
            "administrator.name_kk": (name_kk, ""),
            "administrator.name_ru": (name_ru, ""),
            "administrator.iin": (self.tr("IIN"), ""),
            "administrator.login": (self.tr("Login"), login_hint),
            "administrator.password": (self.tr("Password"), password_hint),
            "administrator.repeat": (self.tr("Password once more"), ""),
            "head.name_kk": (name_kk, ""),
            "head.name_ru": (name_ru, ""),
            "head.position_kk": (self.tr("Position in Kazakh"), ""),
            "head.position_ru": (self.tr("Position in Russian"), ""),
            "head.iin": (self.tr("IIN"), self.tr("The certificate that signs must hold this IIN")),
            "head.login": (self.tr("Login"), login_hint),
            "head.password": (self.tr("Password"), password_hint),
            "hours": (self.tr("Working days"), ""),
            "opens": (self.tr("Opens at"), ""),
            "break_from": (self.tr("Break from"), self.tr("The same time twice: no break")),
            "break_to": (self.tr("Break until"), ""),
            "closes": (self.tr("Closes at"), ""),
            "seal": (self.tr("Picture of the seal"), self.tr("PNG; can be added later")),
            "trust_roots": (
                self.tr("Certificate of the authority you trust"),
                self.tr("PEM; can be added later"),
            ),
            "incoming_template": (self.tr("Form of incoming numbers"), template_hint),
            "outgoing_template": (self.tr("Form of outgoing numbers"), template_hint),
            "licence_template": (self.tr("Form of licence numbers"), template_hint),
            "status_address": (
                self.tr("Address of the status page in the QR"),
                self.tr("{number} is filled in"),
            ),
            "database": (
                self.tr("File of the database"),
                self.tr("On this computer, not on a network drive"),
            ),
        }


def _scrolled(form: Form) -> QScrollArea:
    page = QWidget()
    page.setObjectName("page")
    column = QVBoxLayout(page)
    column.setContentsMargins(0, 0, theme.spacing(3), 0)
    column.addWidget(form)
    column.addStretch(1)
    area = QScrollArea()
    area.setWidgetResizable(True)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    area.setWidget(page)
    return area
