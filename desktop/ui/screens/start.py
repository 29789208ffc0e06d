"""The first thing seen: opening, signing in, or the choice between a demo office and a new one."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, Qt, QTimer, Signal
from PySide6.QtWidgets import QHBoxLayout, QScrollArea, QStackedWidget, QVBoxLayout, QWidget

from desktop.errors import BadInput
from desktop.ui import theme
from desktop.ui.language import LANGUAGES, OWN_NAMES
from desktop.ui.messages import sentence
from desktop.ui.screens.start_parts.sign_in import SignIn
from desktop.ui.taken_in import REGISTERED, load_all
from desktop.ui.widgets.empty import Empty, Loading
from desktop.ui.widgets.plain import Button, Clickable, PlainLabel

if TYPE_CHECKING:
    from desktop.queries.rows import OfficeRow


class FirstChoice(QWidget):
    """Three cards: look around in a demo office, go to the office's server, or found one's own."""

    demo_chosen = Signal()
    new_chosen = Signal()
    server_chosen = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._pictures: dict[str, PlainLabel] = {}
        self.title = PlainLabel(parent=self, role="display", wrap=True, name="start.welcome")
        self.text = PlainLabel(parent=self, role="muted", wrap=True)
        self.demo, self.demo_texts = self._card("demo", "start.choose_demo")
        self.server, self.server_texts = self._card("database", "start.choose_server")
        self.new, self.new_texts = self._card("office", "start.choose_new")
        self.demo.clicked.connect(self.demo_chosen)
        self.server.clicked.connect(self.server_chosen)
        self.new.clicked.connect(self.new_chosen)
        cards = QHBoxLayout()
        cards.setSpacing(theme.spacing(4))
        for card in (self.demo, self.server, self.new):
            cards.addWidget(card, 1)
        layout = QVBoxLayout(self)
        layout.setSpacing(theme.spacing(4))
        layout.addWidget(self.title)
        layout.addWidget(self.text)
        layout.addLayout(cards)
        self.setFixedWidth(theme.spacing(190))
        self._ink()

    def _ink(self) -> None:
        for icon, picture in self._pictures.items():
            picture.setPixmap(theme.pixmap(icon, theme.colour("accent"), theme.spacing(10)))

    def changeEvent(self, event) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange:  # another scheme: drawn in its colours
            self._ink()

    def _card(self, icon: str, name: str) -> tuple[Clickable, tuple[PlainLabel, PlainLabel]]:
        card = Clickable(self, name=name)
        picture = self._pictures[icon] = PlainLabel(parent=card)
        title, text = (PlainLabel(parent=card, role=role, wrap=True) for role in ("heading", "muted"))
        layout = QVBoxLayout(card)
        layout.setContentsMargins(*[theme.spacing(6)] * 4)
        layout.setSpacing(theme.spacing(2))
        for widget in (picture, title, text):
            layout.addWidget(widget)
        layout.addStretch(1)
        return card, (title, text)

    def retranslate(self) -> None:
        self.title.setText(self.tr("Welcome to Ruqsat"))
        self.text.setText(self.tr("There is no office on this computer yet. How would you like to begin?"))
        self.demo_texts[0].setText(self.tr("Demo office"))
        self.demo_texts[1].setText(
            self.tr(
                "Invented people and some sixty applications in every state. Nothing has legal force; try anything."
            )
        )
        self.server_texts[0].setText(self.tr("The office's server"))
        self.server_texts[1].setText(
            self.tr(
                "Your department works in a shared database already: say where it is, and sign in as yourself."
            )
        )
        self.new_texts[0].setText(self.tr("New office"))
        self.new_texts[1].setText(
            self.tr(
                "Your own office in a file of this computer: its names, head, working hours, seal and the first "
                "administrator."
            )
        )
        cards = ((self.demo, self.demo_texts), (self.server, self.server_texts), (self.new, self.new_texts))
        for card, texts in cards:
            card.setAccessibleName(texts[0].text())
            card.setAccessibleDescription(texts[1].text())


class StartScreen(QWidget):
    """Shows one of: opening, sign-in, first choice, new office, what went wrong."""

    demo_asked = Signal()
    office_asked = Signal(object)  # NewOfficeFacts
    server_asked = Signal(str, str)  # address, file of the authority's certificate
    retry_asked = Signal()
    first_choice_asked = Signal()
    language_asked = Signal(str)

    def __init__(self, desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("screen.start")
        self._desk = desk
        self._opening_text = ""
        self._error: BaseException | None = None
        self._may_begin = False
        self.loading = Loading(self)
        self.sign_in = SignIn(desk, self)
        self.choice = FirstChoice(self)
        self.failed = Empty(self, name="start.failed")
        self.wizard = None
        self._pages = QStackedWidget(self)
        for page in (self.loading, _centred(self.sign_in), _centred(self.choice), self.failed):
            self._pages.addWidget(page)
        self._other = Button(parent=self, kind="quiet", name="start.other")
        self._other.clicked.connect(self.first_choice_asked)
        self._taken_in = Button(parent=self, kind="quiet", name="start.taken_in")
        self._taken_in.clicked.connect(self._show_taken_in)
        self._taken_in.hide()
        self._entries: tuple = ()
        languages = QHBoxLayout()
        languages.setContentsMargins(*[theme.spacing(4)] * 4)
        languages.addWidget(self._other)
        languages.addWidget(self._taken_in)
        languages.addStretch(1)
        for code in LANGUAGES:
            button = Button(OWN_NAMES[code], self, kind="quiet", name=f"start.language.{code}")
            button.clicked.connect(lambda _checked, code=code: self.language_asked.emit(code))
            languages.addWidget(button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._pages, 1)
        layout.addLayout(languages)
        self.sign_in.signed_in.connect(desk.sign_in)
        self.choice.demo_chosen.connect(self.demo_asked)
        self.choice.new_chosen.connect(self.begin_new_office)
        self.choice.server_chosen.connect(self._ask_server)
        self.retranslate()

    def show_opening(self, text: str = "") -> None:
        """Say that the database is being opened, or that ``text`` is being done."""
        self._opening_text = text
        self._show(0)
        self.loading.hold(text or self.tr("Opening the office…"))

    def show_sign_in(self, office: "OfficeRow | None", place: str, *, login: str = "") -> None:
        self.sign_in.show_office(office, place)
        self.look_for_taken_in(place)
        self._show(1)
        QTimer.singleShot(0, self, lambda: self.sign_in.begin(login))

    def look_for_taken_in(self, place: str) -> None:
        """What was taken in while the server was away can be read and printed here, before anybody signs in."""
        self._desk.files(load_all, then=self._found_taken_in, on_error=lambda _error: True, place=place)

    def _found_taken_in(self, entries: tuple) -> None:
        self._entries = tuple(one for one in entries if one.state != REGISTERED)
        self._taken_in.setVisible(bool(self._entries))
        self.retranslate()

    def _show_taken_in(self) -> None:
        from desktop.ui.screens.register_parts.taking_in import TakenInDialog

        TakenInDialog(self._desk, self._entries, self.window()).open()

    def ask_password(self, why: str = "") -> None:
        """The same office again: somebody signed out, the desk was left alone, or the server asks (``why``)."""
        self._show(1)
        self.sign_in.begin(why=why)

    def show_first_choice(self) -> None:
        self._may_begin = True
        self._show(2)
        self.choice.demo.setFocus(Qt.FocusReason.OtherFocusReason)

    def show_failure(self, error: BaseException) -> bool:
        """Say why the office cannot be opened; a wrong field of the new office goes back to its field."""
        if isinstance(error, BadInput) and self.wizard is not None and self.wizard.show_error(error):
            self._pages.setCurrentWidget(self.wizard)
            return True
        self._error = error
        self._say_failure()
        self._show(3)
        return True

    def _ask_server(self) -> None:
        from desktop.ui.screens.server_choice import ServerDialog

        dialog = ServerDialog(self._desk.settings.root_certificate, self.window())
        dialog.chosen.connect(self.server_asked)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def begin_new_office(self) -> None:
        """Open the questions for a new office; what was typed is still there."""
        if self.wizard is None:
            from desktop.ui.screens.new_office import NewOfficeForm

            self.wizard = NewOfficeForm(self._desk, self)
            self.wizard.finished.connect(self.office_asked)
            self.wizard.given_up.connect(self.show_first_choice)
            self._pages.addWidget(self.wizard)
        self._pages.setCurrentWidget(self.wizard)
        self._other.hide()
        self.wizard.begin()

    def _say_failure(self) -> None:
        self.failed.say(
            self.tr("The office cannot be opened"),
            sentence(self._error, self._desk.language),
            icon="offline",
            action=self.tr("Try again"),
            act=self.retry_asked.emit,
        )

    def _show(self, page: int) -> None:
        self._pages.setCurrentIndex(page)
        self._other.setVisible(page == 3)

    def changeEvent(self, event) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()

    def retranslate(self) -> None:
        self.loading.text.setText(self._opening_text or self.tr("Opening the office…"))
        self._other.set_text(self.tr("Open or found another office"))
        self._taken_in.set_text(self.tr("Taken in, NOT YET REGISTERED: %n", "", len(self._entries)))
        self.sign_in.retranslate()
        self.choice.retranslate()
        if self._error is not None:
            self._say_failure()
        if self.wizard is not None:
            self.wizard.retranslate()


def _centred(widget: QWidget) -> QScrollArea:
    """Return the widget in the middle of a page that scrolls when the window is smaller."""
    page = QWidget()
    page.setObjectName("page")
    row = QHBoxLayout(page)
    row.addStretch(1)
    row.addWidget(widget, 0, Qt.AlignmentFlag.AlignVCenter)
    row.addStretch(1)
    area = QScrollArea()
    area.setWidgetResizable(True)
    area.setWidget(page)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    return area
