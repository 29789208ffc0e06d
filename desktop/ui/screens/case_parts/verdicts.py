"""Checklists: each item gets one of a few verdicts, by mouse or by the numbers 1 to 3."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QButtonGroup, QFrame, QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from desktop.ui import theme
from desktop.ui.screens.case_parts.part import column
from desktop.ui.widgets.chip import Chip
from desktop.ui.widgets.flow import Flow
from desktop.ui.widgets.form import Field, line_edit
from desktop.ui.widgets.plain import Button, PlainLabel
from desktop.ui.widgets.tab_order import bring_into_view


@dataclass(frozen=True, slots=True)
class Choice:
    """A verdict that can be given: its code, its word, the tone its row takes."""

    code: str
    word: Callable[[], str]
    tone: str
    needs_day: bool = False  # asks for a date
    takes_note: bool = False
    needs_note: bool = False
    expires: bool = False  # asks for the last day of an item that has one


@dataclass(frozen=True, slots=True)
class Given:
    """The verdict on one item as typed; ``day`` is the text of the date field."""

    code: str = ""
    day: str = ""
    note: str = ""


_ICONS = {"done": "done", "late": "late", "paused": "minus"}
_TITLE_ROOM, _META_ROOM = 70, 20  # least widths beside the verdicts, in units of the grid


def parse_day(text: str) -> date | None:
    """Return the date of "14.12.2026" (or 14/12/2026, 2026-12-14); None for anything else."""
    parts = text.strip().replace("/", ".").replace("-", ".").split(".")
    if len(parts) != 3 or not all(part.isdecimal() for part in parts):
        return None
    numbers = [int(part) for part in parts]
    year, month, day = numbers if len(parts[0]) == 4 else reversed(numbers)
    try:
        return date(year, month, day)
    except ValueError:
        return None


class VerdictRow(QFrame):
    """One item: what it is, the verdict buttons, and the fields a verdict asks for."""

    changed = Signal()
    moved = Signal(int)  # the person goes to the next (1) or the previous (-1) item
    opened = Signal()  # the person wants to see the papers of the item

    def __init__(
        self, item: str, choices: Sequence[Choice], *, name: str, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.item, self._choices = item, tuple(choices)
        self.expires = False  # the item has a last day
        self.setObjectName(f"{name}.{item}")
        self.setProperty("role", "choice")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.title = PlainLabel(parent=self, wrap=True)
        self.meta = PlainLabel(parent=self, role="small", wrap=True)
        self.state = Chip(parent=self)
        self._foot = QWidget(self)
        self.links = QVBoxLayout()
        self.links.setSpacing(0)
        self.day = Field(line_edit(limit=10), name=f"{name}.{item}.day", parent=self)
        self.note = Field(line_edit(limit=2000), name=f"{name}.{item}.note", parent=self)
        self._group = QButtonGroup(self)
        self._group.setExclusive(True)
        self._buttons = QWidget(self)
        flow = Flow(self._buttons, gap=1)
        for number, option in enumerate(self._choices):
            button = Button(parent=self._buttons, name=f"{name}.{item}.{option.code}")
            button.setCheckable(True)
            button.setProperty("kind", "verdict")
            button.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # the row itself is one stop; 1 to 3 choose
            self._group.addButton(button, number)
            flow.addWidget(button)
        self._group.idClicked.connect(lambda _: self._chosen())
        for field in (self.day, self.note):
            field.editor.textEdited.connect(self.changed)
        self._lay_out()
        self._show_fields()

    def _lay_out(self) -> None:
        foot = column(self._foot, gap=0.5)
        foot.addWidget(self.meta, 1, Qt.AlignmentFlag.AlignTop)
        foot.addLayout(self.links)
        self._verdict = QWidget(self)
        verdict = QHBoxLayout(self._verdict)
        verdict.setContentsMargins(0, 0, 0, 0)
        verdict.addWidget(self._buttons, 1)
        verdict.addWidget(self.state)
        fields = QHBoxLayout()
        fields.setSpacing(theme.spacing(2))
        fields.addWidget(self.day, 2)
        fields.addWidget(self.note, 3)
        self._lines = QGridLayout()
        self._lines.setHorizontalSpacing(theme.spacing(2))
        self._lines.setVerticalSpacing(theme.spacing(0.5))
        self._lines.setColumnStretch(0, 1)
        inside = column(self, gap=1)
        inside.setContentsMargins(theme.spacing(2), theme.spacing(1), theme.spacing(2), theme.spacing(1))
        inside.addLayout(self._lines)
        inside.addLayout(fields)
        self._shape = ""
        self._arrange()

    def _arrange(self) -> None:
        """Put the verdicts beside the title, beside the small line or below both, as the room and the words are."""
        taken = self._words_room()
        shape = self._shape_for(taken)
        self._verdict.setMinimumWidth(0 if shape == "below" else taken)
        if shape == self._shape:
            return
        self._shape = shape
        for widget in (self.title, self._foot, self._verdict):
            self._lines.removeWidget(widget)
        top = Qt.AlignmentFlag.AlignTop
        beside, below = shape == "beside", shape == "below"
        lies = QVBoxLayout.Direction.LeftToRight if below else QVBoxLayout.Direction.TopToBottom
        self._foot.layout().setDirection(lies)
        self._lines.addWidget(self.title, 0, 0, 1, 1 if beside else 2)
        self._lines.addWidget(self._foot, 1, 0, 1, 2 if below else 1)
        if below:
            self._lines.addWidget(self._verdict, 2, 0, 1, 2)
        else:
            self._lines.addWidget(self._verdict, 0 if beside else 1, 1, 2 if beside else 1, 1, top)

    def _shape_for(self, taken: int) -> str:
        whole = self.width() - theme.spacing(4)
        free = whole - theme.spacing(2) - taken
        if free >= theme.spacing(_TITLE_ROOM):
            return "beside"
        foot = self._foot.layout()
        # buttons flow, so their room depends on the width; a lone state has a size
        given = self._verdict.heightForWidth(whole)
        lower = foot.totalHeightForWidth(whole) + (given if given > 0 else self._verdict.sizeHint().height())
        fits = free >= theme.spacing(_META_ROOM) and foot.totalHeightForWidth(free) <= lower
        return "foot" if fits else "below"

    def _words_room(self) -> int:
        """Return the width of the verdicts in one line."""
        if self._buttons.isHidden():
            return 0 if self.state.isHidden() else self.state.sizeHint().width()
        wide = [self._group.button(number).sizeHint().width() for number in range(len(self._choices))]
        return sum(wide) + theme.spacing(1) * max(0, len(wide) - 1)

    def resizeEvent(self, event) -> None:
        super().resizeEvent(event)
        self._arrange()

    def say(self, title: str, meta: str = "") -> None:
        self.title.setText(title)
        self.meta.setText(meta)
        self.meta.setVisible(bool(meta))
        self._tell()
        self._arrange()

    def retranslate(self) -> None:
        for number, option in enumerate(self._choices):
            self._group.button(number).set_text(f"{number + 1} {option.word()}")
        self.day.set_label(self.tr("Valid until (dd.mm.yyyy)"))
        self._name_note()
        self._tell()
        self._arrange()

    def show_only(self, word: str, tone: str) -> None:
        """Show a verdict already given, without the means to change it."""
        self._buttons.hide()
        self.state.show_state(word, tone)
        self.state.setVisible(bool(word))
        self.day.hide()
        self.note.hide()
        self._arrange()

    @property
    def choices(self) -> tuple[Choice, ...]:
        return self._choices

    @property
    def lacks_note(self) -> bool:
        """Whether the verdict chosen must be explained and is not yet."""
        option = self._option()
        return option is not None and option.needs_note and not self.given.note

    @property
    def given(self) -> Given:
        number = self._group.checkedId()
        code = self._choices[number].code if number >= 0 else ""
        return Given(code, self.day.editor.text().strip(), self.note.editor.text().strip())

    def give(self, given: Given) -> None:
        for number, option in enumerate(self._choices):
            if option.code == given.code:
                self._group.button(number).setChecked(True)
        self.day.editor.setText(given.day)
        self.note.editor.setText(given.note)
        self._show_fields()

    def _option(self) -> Choice | None:
        number = self._group.checkedId()
        return self._choices[number] if number >= 0 else None

    def _chosen(self) -> None:
        self._show_fields()
        self.changed.emit()

    def _show_fields(self) -> None:
        option = self._option()
        self.state.hide()
        dated = option is not None and (option.needs_day or (self.expires and option.expires))
        self.day.setVisible(dated or (option is not None and bool(self.day.editor.text())))
        self._name_note()
        noted = option is not None and (option.takes_note or option.needs_note)
        self.note.setVisible(noted or (option is not None and bool(self.note.editor.text())))
        for number, one in enumerate(self._choices):
            button = self._group.button(number)
            theme.mark(button, verdict=one.tone if button.isChecked() else "")
            button.set_icon(_ICONS[one.tone] if button.isChecked() else "", one.tone)
        self._tell()
        self._arrange()

    def _name_note(self) -> None:
        option = self._option()
        needed = option is not None and option.needs_note
        self.note.set_label(self.tr("Who handed it in and when *") if needed else self.tr("Note"))

    def _tell(self) -> None:
        option = self._option()
        said = option.word() if option is not None else self.tr("not checked yet")
        self.setAccessibleName(f"{self.title.text()}: {said}")
        self.setAccessibleDescription(self.tr("Press 1 to {last} to choose").format(last=len(self._choices)))

    def keyPressEvent(self, event) -> None:
        key = event.key() - Qt.Key.Key_1
        if 0 <= key < len(self._choices) and not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
            self._group.button(key).setChecked(True)
            self._chosen()
            option = self._choices[key]
            if option.needs_day:
                self.day.setFocus()
            elif option.needs_note:
                self.note.setFocus()
            else:
                self.moved.emit(1)
        elif event.key() in (Qt.Key.Key_Down, Qt.Key.Key_Up):
            self.moved.emit(1 if event.key() == Qt.Key.Key_Down else -1)
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space) and not event.modifiers():
            self.opened.emit()
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event) -> None:
        super().focusInEvent(event)
        theme.mark(self, here=True)
        self.opened.emit()

    def focusOutEvent(self, event) -> None:
        super().focusOutEvent(event)
        theme.mark(self, here=False)


class VerdictList(QWidget):
    """The items under each other. Keeps what was given when the same items are shown again."""

    changed = Signal()
    opened = Signal(str)  # the item whose papers are wanted

    def __init__(self, choices: Sequence[Choice], *, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self._choices, self._name = tuple(choices), name
        self._column = column(self, gap=1.5)
        self._rows: list[VerdictRow] = []

    @property
    def rows(self) -> tuple[VerdictRow, ...]:
        return tuple(self._rows)

    def show_items(self, items: Sequence[str], choices: Mapping[str, Sequence[Choice]] | None = None) -> bool:
        """Make a row for each item; True when the rows are new ones. ``choices``: of items that have others."""
        offered = {item: tuple((choices or {}).get(item, self._choices)) for item in items}
        if [(row.item, row.choices) for row in self._rows] == list(offered.items()):
            return False
        for row in self._rows:
            row.hide()
            row.deleteLater()
        self._rows = []
        for item in items:
            row = VerdictRow(item, offered[item], name=self._name, parent=self)
            row.retranslate()
            row.changed.connect(self.changed)
            row.moved.connect(self._move)
            row.opened.connect(self._open)
            self._column.addWidget(row)
            self._rows.append(row)
        return True

    def row(self, item: str) -> VerdictRow | None:
        return next((row for row in self._rows if row.item == item), None)

    def given(self) -> dict[str, Given]:
        return {row.item: row.given for row in self._rows}

    def unchecked(self) -> int:
        """Return how many items have no verdict yet."""
        return sum(not row.given.code for row in self._rows)

    def retranslate(self) -> None:
        for row in self._rows:
            row.retranslate()

    def _move(self, by: int) -> None:
        number = self._rows.index(self.sender()) + by
        there = self._rows[min(max(number, 0), len(self._rows) - 1)]
        there.setFocus(Qt.FocusReason.TabFocusReason)
        # after the note of the row before, or its own, has opened and pushed it down
        QTimer.singleShot(0, there, lambda: bring_into_view(there))

    def _open(self) -> None:
        self.opened.emit(self.sender().item)
