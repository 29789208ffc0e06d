"""People and their roles: a list, and the form of the one chosen or of a new one."""

from functools import partial

from PySide6.QtCore import QT_TRANSLATE_NOOP
from PySide6.QtWidgets import QCheckBox, QGridLayout, QWidget

from desktop.cases.office import PersonFacts, save_person, set_active, set_password
from desktop.cases.signing_in import SHORTEST_PASSWORD
from desktop.queries.office import people
from desktop.queries.rows import PersonRow
from desktop.regulation.model import Role
from desktop.ui import theme, words
from desktop.ui.messages import say
from desktop.ui.rows_model import Column, RowsModel
from desktop.ui.screens.administration_parts.section import Section, number_problem, refuse_numbers
from desktop.ui.widgets.form import Field, Form, line_edit
from desktop.ui.widgets.plain import Button, PlainLabel, rule
from desktop.ui.widgets.rows_table import RowsTable

ROLES = tuple(role for role in Role if role not in {Role.STATE_BODY, Role.APPLICANT, Role.SYSTEM})
_LINES = ("name_kk", "name_ru", "position_kk", "position_ru", "iin", "login")


class PeopleSection(Section):
    """The list above, the form below. A blocked person stays in the list: his deeds stand in the journal."""

    id = "people"
    icon = "people"
    name_source = QT_TRANSLATE_NOOP("Section", "People and roles")

    def build(self) -> None:
        self._shown: PersonRow | None = None
        self._kept = self._empty()
        language = self.desk.language
        self.table = RowsTable(
            RowsModel(
                (
                    Column("name", QT_TRANSLATE_NOOP("Column", "Name"), lambda row: language.text(row.name)),
                    Column("login", QT_TRANSLATE_NOOP("Column", "Login"), lambda row: row.login, width=32),
                    Column("roles", QT_TRANSLATE_NOOP("Column", "Roles"), self._roles_of, width=64),
                    Column(
                        "state",
                        QT_TRANSLATE_NOOP("Column", "May sign in"),
                        self._state_of,
                        width=44,
                        tone=lambda row: "refused" if not row.active else "soon" if row.waits else "",
                        icon=lambda row: "refused" if not row.active else "clock" if row.waits else "tick",
                    ),
                ),
                self,
            ),
            self,
            name=self.name("list"),
        )
        self.table.row_chosen.connect(self._choose)
        self.add = Button(parent=self, icon="add", name=self.name("add"))
        self.add.clicked.connect(self.new_person)
        self.form_title = PlainLabel(parent=self, role="heading", name=self.name("form_title"))
        self.form = form = Form(self)
        for key in _LINES:
            required = key in {"name_kk", "name_ru", "login"}
            form.add(key, Field(line_edit(limit=300), name=self.name(key), required=required))
        form.add("password", Field(line_edit(limit=1024, secret=True), name=self.name("password")))
        form.add("roles", Field(self._role_boxes(), name=self.name("roles"), required=True))
        form.add_row(form.field("name_kk"), form.field("name_ru"))
        form.add_row(form.field("position_kk"), form.field("position_ru"))
        form.add_row(form.field("iin"), form.field("login"))
        form.add_row(form.field("roles"))
        form.add_row(form.field("password"))
        self.save = Button(parent=self, kind="primary", name=self.name("save"), shortcut="Ctrl+Return")
        self.reset = Button(parent=self, icon="key", name=self.name("reset_password"))
        self.block = Button(parent=self, kind="danger", name=self.name("block"))
        self.save.clicked.connect(self._save)
        self.reset.clicked.connect(self._reset)
        self.block.clicked.connect(self._block)
        self.column.addWidget(self.table)
        self.column.addWidget(self.buttons(self.add))
        self.column.addWidget(rule(self))
        self.column.addWidget(self.form_title)
        self.column.addWidget(form)
        self.primary(self.save, self.reset, self.block)
        form.field("iin").editor.textChanged.connect(self._prove_iin)
        for key in _LINES:
            form.field(key).editor.setReadOnly(not self.may_change)
            form.field(key).editor.textChanged.connect(self._open_buttons)
        form.field("password").setVisible(self.may_change)
        form.field("password").editor.textChanged.connect(self._open_buttons)

    def _role_boxes(self) -> QWidget:
        boxes = QWidget()
        grid = QGridLayout(boxes)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(theme.spacing(4))
        grid.setVerticalSpacing(0)
        self.roles: dict[Role, QCheckBox] = {}
        for number, role in enumerate(ROLES):
            box = QCheckBox(boxes)
            box.setObjectName(self.name(f"role.{role.value}"))
            box.setEnabled(self.may_change)
            box.toggled.connect(lambda _on: self._open_buttons())
            self.roles[role] = box
            grid.addWidget(box, number // 2, number % 2)
        boxes.setFocusProxy(self.roles[ROLES[0]])
        return boxes

    def refresh(self) -> None:
        self.states.show_loading()
        self.desk.read(people, then=self._show, on_error=self.failed)

    def is_dirty(self) -> bool:
        return self._typed() != self._kept or bool(self._password())

    # showing

    def _show(self, rows: tuple[PersonRow, ...]) -> None:
        dirty = self.is_dirty()
        key = self.desk.language.sort_key()
        ordered = sorted(rows, key=lambda row: (not row.active, key(self.desk.language.text(row.name))))
        self.table.show_rows(ordered, same=lambda old, new: old.person_id == new.person_id)
        self.table.fit_height(6)
        self.states.show_content()
        if dirty:
            return
        wanted = self._shown.person_id if self._shown else None
        number = self.table.rows.find(lambda row: row.person_id == wanted)
        if number < 0 and ordered:
            number = 0
        if number >= 0:
            self.table.put_cursor(number)
            self._fill(ordered[number])

    def _choose(self, row: PersonRow | None) -> None:
        if row is None or (self._shown is not None and row == self._shown):
            return
        if not self._may_leave():
            number = self.table.rows.find(
                lambda one: self._shown is not None and one.person_id == self._shown.person_id
            )
            blocked = self.table.blockSignals(True)
            self.table.put_cursor(number) if number >= 0 else self.table.clearSelection()
            self.table.blockSignals(blocked)
            return
        self._fill(row)

    def _may_leave(self) -> bool:
        return not self.is_dirty() or self.desk.ask(
            self.tr("What you typed about this person is not saved. Leave it?"),
            yes=self.tr("Leave without saving"),
            danger=True,
        )

    def new_person(self) -> None:
        """Empty the form for a person who is not in the list yet."""
        if self._may_leave():
            self.table.clearSelection()
            self._fill(None)
            self.form.field("name_kk").editor.setFocus()

    def _fill(self, row: PersonRow | None) -> None:
        self._shown = row
        self._kept = self._facts_of(row) if row else self._empty()
        for key in _LINES:
            self.form.field(key).editor.setText(getattr(self._kept, key))
            self.form.field(key).editor.setCursorPosition(0)
        for role, box in self.roles.items():
            box.setChecked(role in self._kept.roles)
        self.form.field("password").editor.clear()
        self.form.clear_problems()
        self._say_form()
        self._open_buttons()

    @staticmethod
    def _empty() -> PersonFacts:
        return PersonFacts("", "", "", "", "", "", frozenset())

    @staticmethod
    def _facts_of(row: PersonRow) -> PersonFacts:
        return PersonFacts(
            row.login,
            row.name.kk,
            row.name.ru,
            row.position.kk,
            row.position.ru,
            row.iin,
            row.roles,
            row.person_id,
        )

    def _typed(self) -> PersonFacts:
        lines = {key: self.form.field(key).editor.text().strip() for key in _LINES}
        roles = frozenset(role for role, box in self.roles.items() if box.isChecked())
        return PersonFacts(**lines, roles=roles, person_id=self._shown.person_id if self._shown else None)

    def _password(self) -> str:
        return self.form.field("password").editor.text()

    def _prove_iin(self, text: str) -> None:
        code = number_problem(text, "iin")
        self.form.field("iin").set_problem(say(code, {}, self.desk.language) if code else "")

    def _open_buttons(self, *_: object) -> None:
        if not hasattr(self, "block"):
            return
        new = self._shown is None
        changed = self._typed() != self._kept
        self.save.set_why_not("" if changed else self.tr("Nothing has been changed"))
        self.reset.setVisible(not new)
        self.reset.set_why_not("" if self._password() else self.tr("Type the new password first"))
        self.block.setVisible(not new)

    # doing

    def _save(self) -> None:
        self.form.clear_problems()
        new = self._shown is None
        self.desk.do(
            save_person,
            person=self._typed(),
            password=(self._password() or None) if new else None,
            seen_version=None if new else self._shown.version,
            then=self._saved,
            on_error=partial(refuse_numbers, self.form),
            said=self.tr("The person is added") if new else self.tr("The changes are saved"),
        )

    def _saved(self, person_id: int) -> None:
        self._kept = self._typed()
        self.form.field("password").editor.clear()
        self._open_buttons()
        self.desk.read(people, then=partial(self._show_person, person_id), on_error=self.failed)

    def _show_person(self, person_id: int, rows: tuple[PersonRow, ...]) -> None:
        self._shown = next((row for row in rows if row.person_id == person_id), None)
        self._kept = self._typed()
        self._show(rows)

    def _reset(self) -> None:
        self.form.clear_problems()
        self.desk.do(
            set_password,
            person_id=self._shown.person_id,
            password=self._password(),
            then=lambda _: self.form.field("password").editor.clear(),
            on_error=partial(refuse_numbers, self.form),
            said=self.tr("The new password is set"),
        )

    def _block(self) -> None:
        row = self._shown
        if row.active:
            question = self.tr(
                "{name} will no longer be able to sign in. Cases given to this person stay there."
            )
            name = self.desk.language.text(row.name)
            if not self.desk.ask(question.format(name=name), yes=self.tr("Block"), danger=True):
                return
        self.desk.do(
            set_active,
            person_id=row.person_id,
            active=not row.active,
            then=lambda _: self._saved(row.person_id),
            said=self.tr("Blocked") if row.active else self.tr("May sign in again"),
        )

    # words

    def _roles_of(self, row: PersonRow) -> str:
        return ", ".join(words.role_name(role) for role in ROLES if role in row.roles)

    def _state_of(self, row: PersonRow) -> str:
        if row.active and row.waits:
            return self.tr("yes; waits for a second person")
        return self.tr("yes") if row.active else self.tr("blocked")

    def _say_form(self) -> None:
        row = self._shown
        self.form_title.setText(self.desk.language.text(row.name) if row else self.tr("New person"))
        self.save.set_text(self.tr("Save") if row else self.tr("Add the person"))
        self.block.set_text(self.tr("Let in again") if row and not row.active else self.tr("Block"))
        self.reset.set_text(self.tr("Set the new password"))
        password = self.form.field("password")
        password.set_label(self.tr("New password") if row else self.tr("First password"))
        hint = self.tr("At least {least} characters. Tell it to the person: it cannot be read here later.")
        password.set_hint(hint.format(least=SHORTEST_PASSWORD))

    def retranslate(self) -> None:
        self.say_title(
            self.tr(
                "Who may sign in and what each may do. A head's IIN is compared with the signing certificate. What you set "
                "about a head, a deputy, an administrator or an auditor is to be confirmed by another: “Second person”."
            )
        )
        self.table.setAccessibleName(self.title())
        self.table.rows.retranslate()
        self.add.set_text(self.tr("New person"))
        for key, label in (
            ("name_kk", self.tr("Full name in Kazakh")),
            ("name_ru", self.tr("Full name in Russian")),
            ("position_kk", self.tr("Position in Kazakh")),
            ("position_ru", self.tr("Position in Russian")),
            ("iin", self.tr("IIN")),
            ("login", self.tr("Login")),
            ("roles", self.tr("Roles")),
        ):
            self.form.field(key).set_label(label)
        for role, box in self.roles.items():
            box.setText(words.role_name(role))
            box.setAccessibleName(words.role_name(role))
        self._say_form()
        self._open_buttons()
