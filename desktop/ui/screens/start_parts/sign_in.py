"""Who sits down: login and password, or, in a demo office, one of the invented people."""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from desktop.regulation.model import Role, Text
from desktop.ui import theme
from desktop.ui.entering import Entered, sit_down
from desktop.ui.messages import sentence
from desktop.ui.widgets.form import Field, line_edit
from desktop.ui.widgets.plain import Button, PlainLabel
from desktop.ui.words import role_name

if TYPE_CHECKING:
    from desktop.queries.rows import OfficeRow

CARD = 144  # width of the sign-in card in grid units


class SignIn(QFrame):
    """Login and password. In a demo office the invented people stand below, to be chosen."""

    entered = Signal(object)  # Entered: where somebody came in through the door, before he is signed in
    signed_in = Signal(object)  # Actor

    def __init__(self, desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "card")
        self.setFixedWidth(theme.spacing(CARD))
        self._desk = desk
        self._office: OfficeRow | None = None
        self._demo: tuple[Sequence[tuple[str, Text, Role]], str | Mapping[str, str]] = ((), "")
        self.title = PlainLabel(parent=self, role="title", wrap=True, name="start.title")
        self.place = PlainLabel(parent=self, role="small", wrap=True, name="start.database")
        self.alone = PlainLabel(parent=self, role="small", wrap=True, name="start.alone")
        self.login = Field(line_edit(limit=63), name="start.login")
        self.password = Field(line_edit(limit=1024, secret=True), name="start.password")
        self.problem = PlainLabel(parent=self, wrap=True, name="start.problem")
        self.problem.setProperty("tone", "late")
        self.enter = Button(parent=self, kind="primary", name="start.sign_in", shortcut="Ctrl+Return")
        self.enter.clicked.connect(self._ask)
        self.login.editor.returnPressed.connect(self.password.editor.setFocus)
        self.password.editor.returnPressed.connect(self._ask)
        self.people = QVBoxLayout()
        self.people.setSpacing(theme.spacing(1))
        self.people_title = PlainLabel(parent=self, role="label", name="start.people")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(*[theme.spacing(8)] * 4)
        layout.setSpacing(theme.spacing(3))
        for widget in (
            self.title, self.place, self.alone, self.login, self.password, self.problem, self.enter, self.people_title,
        ):  # fmt: skip
            layout.addWidget(widget)
        layout.addLayout(self.people)

    def show_office(self, office: "OfficeRow | None", place: str) -> None:
        """Say which office and which database one signs in to; of a shared one only the server knows the office."""
        self._office = office
        self.alone.setVisible(self._desk.door is None)
        self.place.setText(place)
        self.retranslate()

    def show_people(
        self, people: Sequence[tuple[str, Text, Role]], password: str | Mapping[str, str]
    ) -> None:
        """Offer the people of a demo office: (login, name, role), one password for all or one by login."""
        self._demo = (people, password)
        while self.people.count():
            self.people.takeAt(0).widget().deleteLater()
        for login, _name, _role in people:
            button = Button(parent=self, kind="quiet", icon="person", name=f"start.person.{login}")
            button.clicked.connect(lambda _checked, login=login: self._enter_as(login))
            theme.mark(button, align="left")
            self.people.addWidget(button)
        self.retranslate()

    def begin(self, login: str = "", why: str = "") -> None:
        """Wait for the password of ``login`` (or of whoever types his own); ``why`` it is asked again."""
        self.login.editor.setText(login or self.login.editor.text())
        self.password.editor.clear()
        self._tell(why)
        (self.password if self.login.editor.text() else self.login).editor.setFocus(
            Qt.FocusReason.OtherFocusReason
        )

    def _enter_as(self, login: str) -> None:
        self.login.editor.setText(login)
        password = self._demo[1]
        self.password.editor.setText(password if isinstance(password, str) else password[login])
        self._ask()

    def _ask(self) -> None:
        desk = self._desk
        if not self.enter.isEnabled() or (desk.store is None and desk.door is None):
            return
        self._tell("")
        self.enter.setEnabled(False)
        login, password = self.login.editor.text(), self.password.editor.text()
        if desk.door is not None:
            desk.tasks.run(partial(desk.door, login, password), self._in, on_error=self._not_in)
        else:
            desk.read(sit_down, then=self._in, on_error=self._refused, login=login, password=password)

    def _in(self, entered: Entered) -> None:
        self.enter.setEnabled(True)
        self.password.editor.clear()
        if entered.store is not None:
            self.entered.emit(entered)
        self.signed_in.emit(entered.actor)
        if entered.last is not None:
            moment, workstation = entered.last
            said = self.tr("You were last here on {moment}, at {workstation}")
            self._desk.notices.show(said.format(moment=f"{moment:%d.%m.%Y %H:%M}", workstation=workstation))
        if entered.changed:
            self._desk.notices.show(self._changes_words(entered.changed), "refused")

    def _changes_words(self, changed: tuple) -> str:
        """What others changed about whoever comes in: he alone knows whether it was to be so."""
        names = {
            "password": self.tr("password"),
            "iin": self.tr("IIN for the signature"),
            "login": self.tr("login"),
            "roles": self.tr("roles"),
        }
        said = self.tr(
            "Since you were last here, {who} changed about you: {what} ({moment}). "
            "If you did not ask for it, sign nothing and tell the auditor."
        )
        other = self.tr("name or position")
        return " ".join(
            said.format(
                who=one.by,
                what=", ".join(dict.fromkeys(names.get(field, other) for field in one.fields)),
                moment=f"{one.at:%d.%m.%Y %H:%M}",
            )
            for one in changed
        )

    def _not_in(self, error: BaseException) -> None:
        if not self._refused(error):
            self._desk.notices.tell(error)

    def _refused(self, error: BaseException) -> bool:
        self.enter.setEnabled(True)
        if not hasattr(error, "code"):
            return False
        self._tell(sentence(error, self._desk.language))
        self.password.editor.selectAll()
        self.password.editor.setFocus(Qt.FocusReason.OtherFocusReason)
        return True

    def _tell(self, problem: str) -> None:
        self.problem.setText(problem)
        self.problem.setVisible(bool(problem))

    def retranslate(self) -> None:
        name = self._desk.language.text(self._office.name) if self._office else self.tr("Sign in")
        self.title.setText(name)
        self.alone.setText(
            self.tr(
                "One workstation: whoever can open this file can change it. The journal makes that evident; "
                "it does not prevent it."
            )
        )
        self.login.set_label(self.tr("Login"))
        self.password.set_label(self.tr("Password"))
        self.enter.set_text(self.tr("Sign in"))
        self.people_title.setText(self.tr("Or sit down as"))
        self.people_title.setVisible(bool(self._demo[0]))
        for at, (_login, name, role) in enumerate(self._demo[0]):
            self.people.itemAt(at).widget().set_text(f"{self._desk.language.text(name)} — {role_name(role)}")
