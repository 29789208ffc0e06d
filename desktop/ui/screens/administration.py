"""Administration: the sections at the left, the one chosen beside them. Those who only read get no edit controls."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import (
    QButtonGroup,
    QFrame,
    QHBoxLayout,
    QScrollArea,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from desktop.ui import theme
from desktop.ui.screens.administration_parts.acting import ActingSection
from desktop.ui.screens.administration_parts.codes import CodesSection
from desktop.ui.screens.administration_parts.confirming import ConfirmingSection
from desktop.ui.screens.administration_parts.database import DatabaseSection
from desktop.ui.screens.administration_parts.days import DaysSection
from desktop.ui.screens.administration_parts.fees import FeesSection
from desktop.ui.screens.administration_parts.hours import HoursSection
from desktop.ui.screens.administration_parts.office_facts import OfficeSection
from desktop.ui.screens.administration_parts.people import PeopleSection
from desktop.ui.screens.administration_parts.regulations import RegulationsSection
from desktop.ui.screens.administration_parts.seal import SealSection
from desktop.ui.screens.administration_parts.section import Section
from desktop.ui.screens.administration_parts.signing_rules import SigningRulesSection
from desktop.ui.screens.administration_parts.systems import SystemsSection
from desktop.ui.screens.administration_parts.trust import TrustSection
from desktop.ui.widgets.form import choice
from desktop.ui.widgets.plain import Button
from desktop.ui.widgets.screen import Screen

SECTIONS: tuple[type[Section], ...] = (
    OfficeSection, PeopleSection, ActingSection, ConfirmingSection, HoursSection, DaysSection, FeesSection, SealSection, TrustSection,
    SigningRulesSection, CodesSection, SystemsSection, RegulationsSection, DatabaseSection,
)  # fmt: skip


_NARROW = 210  # of the screen, in units of the grid


class AdministrationScreen(Screen):
    """Sections are made when first opened; what is typed in one stays while another is looked at."""

    def __init__(self, desk, parent: QWidget | None = None) -> None:
        super().__init__(desk, parent)
        self.setObjectName("screen.administration")
        self._sections: dict[str, Section] = {}
        self._stale: set[str] = set()
        self._buttons: dict[str, Button] = {}
        self._group = QButtonGroup(self)
        self._stack = QStackedWidget(self)
        names = QWidget()
        names.setObjectName("page")
        column = QVBoxLayout(names)
        column.setContentsMargins(theme.spacing(2), theme.spacing(4), theme.spacing(2), theme.spacing(4))
        column.setSpacing(theme.spacing(1))
        for kind in SECTIONS:
            button = Button(kind="quiet", icon=kind.icon, name=f"administration.go.{kind.id}")
            button.setCheckable(True)
            button.setProperty("section", True)
            button.clicked.connect(lambda _=False, wanted=kind.id: self.go(wanted))
            self._group.addButton(button)
            self._buttons[kind.id] = button
            column.addWidget(button)
        column.addStretch(1)
        self._names = QScrollArea(self)
        self._names.setWidgetResizable(True)
        self._names.setFrameShape(QFrame.Shape.NoFrame)
        self._names.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._names.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._names.setWidget(names)
        self._short = choice([("", kind.id) for kind in SECTIONS])
        self._short.setObjectName("administration.sections")
        self._short.activated.connect(lambda index: self.go(self._short.itemData(index)))
        self._above = QWidget(self)
        above = QHBoxLayout(self._above)
        above.setContentsMargins(theme.spacing(6), theme.spacing(3), theme.spacing(6), 0)
        above.addWidget(self._short)
        side = QVBoxLayout()
        side.setSpacing(0)
        side.addWidget(self._above)
        side.addWidget(self._stack, 1)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self._names)
        layout.addLayout(side, 1)
        self.go(OfficeSection.id, read=False)
        self.retranslate()

    @property
    def section(self) -> Section:
        """The section that is shown."""
        return self._stack.currentWidget()

    def go(self, section_id: str, *, read: bool = True) -> None:
        """Show a section; it is read anew when something changed since."""
        if section_id not in self._sections:
            kind = next(kind for kind in SECTIONS if kind.id == section_id)
            made = self._sections[section_id] = kind(self.desk, self._stack)
            self._stack.addWidget(made)
            self._stale.add(section_id)
        self._stack.setCurrentWidget(self._sections[section_id])
        self._buttons[section_id].setChecked(True)
        self._short.setCurrentIndex(self._short.findData(section_id))
        self._fold()
        if read and section_id in self._stale:
            self._stale.discard(section_id)
            self.section.refresh()

    def _fold(self) -> None:
        """Where there is no room for the list of sections, a drop-down above takes its place."""
        narrow = self.width() < theme.spacing(_NARROW)
        self._names.setVisible(not narrow)
        self._above.setVisible(narrow)
        self.setFocusProxy(self._short if narrow else self._buttons[self.section.id])

    def resizeEvent(self, event) -> None:
        super().resizeEvent(event)
        self._fold()

    def refresh(self) -> None:
        self._stale = set(self._sections) - {self.section.id}
        self.section.refresh()

    def may_close(self) -> bool:
        """Ask before something typed is left; it is still there when one comes back."""
        dirty = [section.title() for section in self._sections.values() if section.is_dirty()]
        if not dirty:
            return True
        question = self.tr("Not saved yet: {sections}. Leave it as typed?").format(sections=", ".join(dirty))
        return self.desk.ask(question, yes=self.tr("Leave"), danger=True)

    def retranslate(self) -> None:
        for kind in SECTIONS:
            self._buttons[kind.id].set_text(kind.title())
        for index, kind in enumerate(SECTIONS):
            self._short.setItemText(index, kind.title())
        self._short.setAccessibleName(self.tr("Section"))
        metrics = QFontMetrics(theme.font(strong=True))
        widest = max(metrics.horizontalAdvance(kind.title()) for kind in SECTIONS)
        self._names.setFixedWidth(widest + theme.spacing(20))
        for section in self._sections.values():
            section.retranslate()
