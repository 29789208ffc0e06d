"""The left side: whose desk it is, where one can go, and how much waits there."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QEvent, QSize, Qt, Signal
from PySide6.QtWidgets import (
    QButtonGroup,
    QFrame,
    QHBoxLayout,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from desktop.ui import theme
from desktop.ui.language import LANGUAGES, OWN_NAMES
from desktop.ui.places import Place
from desktop.ui.widgets.plain import Button, ElidedLabel, IconButton, PlainLabel, rule, set_tip
from desktop.ui.words import role_name

if TYPE_CHECKING:
    from desktop.queries.desk import DeskCounts
    from desktop.queries.rows import OfficeRow

WIDE = 56  # of the 4-px grid
NARROW = 14
LOW = 150  # height of the window in grid units below which the office's name gives way to the places


class Entry(QPushButton):
    """A place with its count. Folded, only the picture is left and the tip says the rest."""

    def __init__(self, place: Place, parent: QWidget) -> None:
        super().__init__(parent)
        self.place = place
        self.setCheckable(True)
        self.setObjectName(f"navigation.{place.id}")
        self.count = PlainLabel(parent=self, role="count", name=f"navigation.{place.id}.count")
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, theme.spacing(2), 0)
        layout.addStretch(1)
        layout.addWidget(self.count)
        self.setMinimumSize(theme.spacing(9), theme.spacing(6.75))
        self.toggled.connect(self.tint)
        self.tint()

    def tint(self) -> None:
        self.setIcon(theme.icon(self.place.icon, "accent" if self.isChecked() else "muted"))
        self.setIconSize(QSize(theme.spacing(5), theme.spacing(5)))

    def word(self, folded: bool) -> None:
        title = QCoreApplication.translate("Place", self.place.title)
        self.setText("" if folded else f" {title}")
        self.setAccessibleName(f"{title} {self.count.text()}".strip())
        set_tip(self, title, self.place.shortcut)
        self.count.setVisible(bool(self.count.text()) and not folded)

    def show_count(self, number: int, alarm: int) -> None:
        self.count.setText(str(number) if number else "")
        theme.mark(self.count, tone="late" if alarm else "")
        self.count.setVisible(bool(number) and bool(self.text()))
        self.setAccessibleDescription(str(number))


class Navigation(QFrame):
    """Shows the places a person may ever use; says which was chosen."""

    chosen = Signal(str)
    language_chosen = Signal(str)
    sign_out_asked = Signal()

    def __init__(self, desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("navigation")
        self._desk = desk
        self._entries: dict[str, Entry] = {}
        self._folded = False
        self._group = QButtonGroup(self)
        self.office = PlainLabel(parent=self, wrap=True, role="small", name="navigation.office")
        self.person = ElidedLabel(parent=self, name="navigation.person")
        self.person.setProperty("strong", True)
        self.roles = ElidedLabel(parent=self, role="small", name="navigation.roles")
        self.leave = IconButton("sign-out", parent=self, name="navigation.sign_out")
        self.leave.clicked.connect(self.sign_out_asked)
        self._places = QScrollArea(self)  # on a low screen they are more than there is room for
        self._places.setObjectName("navigation.places")
        self._places.setFrameShape(QFrame.Shape.NoFrame)
        self._places.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._places.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._places.setWidgetResizable(True)
        page = QWidget()
        page.setObjectName("page")
        self._list = QVBoxLayout(page)
        self._list.setContentsMargins(0, 0, 0, 0)
        self._list.setSpacing(theme.spacing(0.25))
        self._places.setWidget(page)
        self._languages = QHBoxLayout()
        self._languages.setSpacing(theme.spacing(1))
        for code in LANGUAGES:
            button = Button(code.upper(), self, kind="quiet", name=f"navigation.language.{code}")
            button.setCheckable(True)
            button.setMaximumWidth(theme.spacing(12))
            button.clicked.connect(lambda _checked, code=code: self.language_chosen.emit(code))
            button.setAccessibleName(OWN_NAMES[code])
            set_tip(button, OWN_NAMES[code])
            self._languages.addWidget(button)
        self._languages.addStretch(1)
        who = QHBoxLayout()
        who.addWidget(self.person, 1)
        who.addWidget(self.leave)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(*[theme.spacing(2)] * 4)
        layout.setSpacing(theme.spacing(1))
        layout.addWidget(self._places, 1)
        layout.addWidget(self.office)
        layout.addWidget(rule(self))
        layout.addLayout(who)
        layout.addWidget(self.roles)
        layout.addLayout(self._languages)
        self._office_row: OfficeRow | None = None
        self.fold(False)

    def show_places(self, places: tuple[Place, ...]) -> None:
        """Build the list anew for the person signed in."""
        for entry in self._entries.values():
            self._group.removeButton(entry)
            entry.setParent(None)
            entry.deleteLater()
        while self._list.takeAt(0) is not None:
            pass
        self._entries = {}
        for place in places:
            entry = Entry(place, self)
            entry.clicked.connect(lambda _checked, place_id=place.id: self.chosen.emit(place_id))
            self._group.addButton(entry)
            self._list.addWidget(entry)
            self._entries[place.id] = entry
        self._list.addStretch(1)
        self.fold(self._folded)

    def show_office(self, office: "OfficeRow | None") -> None:
        self._office_row = office
        self.retranslate()

    def show_counts(self, counts: "DeskCounts") -> None:
        for entry in self._entries.values():
            if entry.place.count:
                alarm = getattr(counts, entry.place.alarm) if entry.place.alarm else 0
                entry.show_count(getattr(counts, entry.place.count), alarm)

    def mark_chosen(self, place_id: str) -> None:
        for entry in self._entries.values():
            entry.setChecked(entry.place.id == place_id)
            if entry.place.id == place_id:
                self._places.ensureWidgetVisible(entry, 0, 0)

    def fold(self, folded: bool) -> None:
        """Leave only pictures when the window is narrow."""
        self._folded = folded
        self.setFixedWidth(theme.spacing(NARROW if folded else WIDE))
        bar = Qt.ScrollBarPolicy.ScrollBarAlwaysOff if folded else Qt.ScrollBarPolicy.ScrollBarAsNeeded
        self._places.setVerticalScrollBarPolicy(bar)
        for widget in (self.office, self.person, self.roles):
            widget.setVisible(not folded)
        low = self.window().height() < theme.spacing(LOW)
        for entry in self._entries.values():
            theme.mark(entry, low=low)
        if low:
            self.office.hide()  # the window's title says it too
        for at in range(self._languages.count()):
            if widget := self._languages.itemAt(at).widget():
                widget.setVisible(not folded)
        self.retranslate()

    def changeEvent(self, event) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            for entry in getattr(self, "_entries", {}).values():
                entry.tint()

    def retranslate(self) -> None:
        language, actor = self._desk.language, self._desk.actor
        for entry in self._entries.values():
            entry.word(self._folded)
        self.office.setText(language.text(self._office_row.name) if self._office_row else "")
        self.person.setText(actor.name(language.code) if actor else "")
        self.roles.setText(", ".join(role_name(role) for role in sorted(actor.roles)) if actor else "")
        self.leave.set_text(self.tr("Sign out"))
        for code in LANGUAGES:
            button = self.findChild(QPushButton, f"navigation.language.{code}")
            button.setChecked(code == language.code)


class DemoBanner(QFrame):
    """Over everything in a demo office: nothing here has legal force."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("demo")
        self.text = PlainLabel(parent=self, name="demo.text")
        layout = QHBoxLayout(self)
        layout.setContentsMargins(theme.spacing(4), theme.spacing(1), theme.spacing(4), theme.spacing(1))
        layout.addWidget(self.text)
        self.retranslate()
        self.hide()

    def retranslate(self) -> None:
        self.text.setText(
            self.tr("Demo office: people and papers are invented, nothing here has legal force")
        )
