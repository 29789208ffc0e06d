"""What the sections of the administration share: a page with a title, its states, fields that keep what is typed."""

from datetime import UTC, date, datetime

from PySide6.QtCore import QCoreApplication, QDate, Qt
from PySide6.QtWidgets import (
    QApplication,
    QDateEdit,
    QFrame,
    QHBoxLayout,
    QScrollArea,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from desktop.errors import BadInput
from desktop.regulation import identifiers
from desktop.regulation.rights import Command
from desktop.ui import theme
from desktop.ui.widgets.empty import States
from desktop.ui.widgets.form import Form
from desktop.ui.widgets.plain import Button, PlainLabel
from desktop.ui.widgets.tab_order import show_in

_WIDEST = 260  # of a page, in units of the grid: longer lines are hard to read


class Section(QWidget):
    """A page of the administration. ``may_change`` is False for those who only read: they get no edit controls."""

    id = ""
    icon = ""
    name_source = ""  # English, marked with QT_TRANSLATE_NOOP("Section", …)

    def __init__(self, desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.desk = desk
        self.setObjectName(f"administration.{self.id}")
        self.may_change = desk.may(Command.ADMINISTER)
        self.heading = PlainLabel(parent=self, role="title", wrap=True, name=f"{self.objectName()}.title")
        self.note = PlainLabel(parent=self, role="muted", wrap=True)
        page = QWidget(self)
        page.setObjectName("page")
        self.column = QVBoxLayout(page)
        self.column.setContentsMargins(theme.spacing(6), theme.spacing(5), theme.spacing(6), theme.spacing(6))
        self.column.setSpacing(theme.spacing(4))
        self.column.addWidget(self.heading)
        self.column.addWidget(self.note)
        page.setMaximumWidth(theme.spacing(_WIDEST))
        self.scroll = QScrollArea(self)
        self.scroll.setWidgetResizable(True)
        self.scroll.setFrameShape(QFrame.Shape.NoFrame)
        self.scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.scroll.setWidget(page)
        self.states = States(self.scroll, self)
        self.bar = QFrame(self)
        self.bar.setProperty("role", "foot")
        self.bar.hide()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.states, 1)
        layout.addWidget(self.bar)
        self.build()
        QApplication.instance().focusChanged.connect(self._keep_in_sight)
        self.column.addStretch(1)
        self.retranslate()

    # what a section says of itself

    def build(self) -> None:
        """Make the widgets, once."""

    @classmethod
    def title(cls) -> str:
        """Return the section's name in the language in use."""
        return QCoreApplication.translate("Section", cls.name_source)

    def refresh(self) -> None:
        """Read anew; what is being typed stays."""

    def retranslate(self) -> None:
        """Set every text again; also when the rows change."""

    def is_dirty(self) -> bool:
        """Return whether something typed is not saved yet."""
        return False

    # helpers

    def name(self, control: str) -> str:
        return f"administration.{self.id}.{control}"

    def failed(self, error: BaseException) -> bool:
        return self.states.show_error(error, self.refresh)

    def buttons(self, *buttons: Button) -> QWidget:
        """Return a row of buttons, the primary first; hidden from those who may not change anything."""
        row = QWidget(self)
        layout = QHBoxLayout(row)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(theme.spacing(3))
        for button in buttons:
            layout.addWidget(button)
        layout.addStretch(1)
        row.setVisible(self.may_change)
        return row

    def primary(self, *buttons: Button) -> None:
        """Put the section's actions into the bar that is always in sight, the primary first."""
        row = QHBoxLayout(self.bar)
        row.setContentsMargins(theme.spacing(6), theme.spacing(3), theme.spacing(6), theme.spacing(3))
        row.setSpacing(theme.spacing(3))
        for button in buttons:
            row.addWidget(button)
        row.addStretch(1)
        self.bar.setVisible(self.may_change)

    def _keep_in_sight(self, _old: QWidget | None, new: QWidget | None) -> None:
        if new is not None and self.scroll.widget().isAncestorOf(new):
            show_in(self.scroll, new, 0, theme.spacing(8))

    def say_title(self, note: str) -> None:
        self.heading.setText(self.title())
        self.note.setText(note)
        self.note.setVisible(bool(note))


class DayEdit(QDateEdit):
    """A day, typed or taken from a calendar; a stray wheel changes nothing."""

    def __init__(self, day: date | None = None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setDisplayFormat("dd.MM.yyyy")
        self.setCalendarPopup(True)
        self.setDateRange(QDate(1990, 1, 1), QDate(2099, 12, 31))
        self.set_day(day or today())

    def day(self) -> date:
        return self.date().toPython()

    def set_day(self, day: date) -> None:
        self.setDate(QDate(day.year, day.month, day.day))

    def wheelEvent(self, event) -> None:
        event.ignore()


def number_edit(least: int, most: int) -> QSpinBox:
    """Return an editor of a whole number; a stray wheel changes nothing."""
    editor = _Number()
    editor.setRange(least, most)
    editor.lineEdit().setTextMargins(theme.spacing(1.5), 0, 0, 0)
    return editor


class _Number(QSpinBox):
    def wheelEvent(self, event) -> None:
        event.ignore()


def today() -> date:
    """Return the date on this computer's calendar."""
    return datetime.now(UTC).astimezone().date()


def number_problem(text: str, kind: str) -> str:
    """Return the message code of what is wrong with an IIN ("iin") or BIN ("bin"); "" for nothing typed.

    The office's own numbers are never unusual ones: what an applicant may confirm is refused here.
    """
    digits = "".join(text.split())
    if not digits:
        return ""
    fault = identifiers.problem(digits)
    if fault is None and identifiers.kind_of(digits) != kind:
        fault = "identifier-other-kind"
    return _here(fault) if fault else ""


def refuse_numbers(form: Form, error: BaseException) -> bool:
    """Show an error at its field (an ``on_error`` of Desk), a number's without the offer to confirm it."""
    if isinstance(error, BadInput) and error.facts.get("may_confirm") is False:
        error = BadInput(_here(error.code), field=error.field)
    return form.show_error(error)


def _here(code: str) -> str:
    return code if identifiers.is_impossible(code) or code == "identifier-other-kind" else "number-wrong-here"
