"""What a register is narrowed by: words, period, state, channel, executor."""

from PySide6.QtCore import QCoreApplication, Qt, QTimer, Signal
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QVBoxLayout, QWidget

from desktop.errors import BadInput
from desktop.queries.rows import PersonRow, RegisterFilter
from desktop.regulation.model import Channel
from desktop.ui import theme
from desktop.ui.messages import sentence
from desktop.ui.screens.register_parts.entry import read_date
from desktop.ui.screens.register_parts.fields import DateEdit
from desktop.ui.widgets.form import choice, line_edit
from desktop.ui.widgets.layouts import take_out
from desktop.ui.widgets.plain import Button, IconButton, PlainLabel
from desktop.ui.words import channel_name

TYPED_AFTER_MS = 180
NARROW = 210  # in units of the grid


class FilterBar(QWidget):
    """Two rows: the words to look for and what is done with the list; below what narrows it."""

    changed = Signal()

    def __init__(
        self, language, name: str, states: list[tuple[str, str]], parent: QWidget | None = None
    ) -> None:
        """``states``: (code, English source marked for translation in the area "Register")."""
        super().__init__(parent)
        self._language, self._states = language, states
        self.text = line_edit(limit=200)
        self.text.setObjectName(f"{name}.text")
        self.text.setClearButtonEnabled(True)
        self.count = PlainLabel(parent=self, role="muted", name=f"{name}.count")
        self.columns = IconButton("menu", parent=self, name=f"{name}.columns")
        self.export = Button(parent=self, icon="export", name=f"{name}.export", shortcut="Ctrl+E")
        self.first, self.last = DateEdit(name=f"{name}.first_day"), DateEdit(name=f"{name}.last_day")
        self.state, self.channel, self.executor = choice(), choice(), choice()
        self.clear = Button(parent=self, kind="quiet", icon="cross", name=f"{name}.clear")
        self.problem = PlainLabel(parent=self, role="small", wrap=True, name=f"{name}.problem")
        theme.mark(self.problem, tone="late")
        self.problem.hide()
        for combo, key in ((self.state, "state"), (self.channel, "channel"), (self.executor, "executor")):
            combo.setObjectName(f"{name}.{key}")
            combo.currentIndexChanged.connect(lambda *_: self.changed.emit())
        self._lay_out()
        self._timer = QTimer(self, singleShot=True, interval=TYPED_AFTER_MS)
        self._timer.timeout.connect(self.changed)
        self.text.textChanged.connect(lambda *_: self._timer.start())
        self.text.returnPressed.connect(self._now)
        for day in (self.first, self.last):
            day.editingFinished.connect(self._day_left)
            day.setFixedWidth(theme.spacing(28))
        self._days: tuple[str, str] = ("", "")
        self.clear.clicked.connect(self.show_all)
        self._people: tuple[PersonRow, ...] = ()
        self.retranslate()

    def _lay_out(self) -> None:
        self._rows = [QHBoxLayout() for _ in range(3)]
        column = QVBoxLayout(self)
        column.setContentsMargins(theme.spacing(4), theme.spacing(3), theme.spacing(4), theme.spacing(2))
        column.setSpacing(theme.spacing(2))
        for row in self._rows:
            row.setSpacing(theme.spacing(2))
            column.addLayout(row)
        self.dash = PlainLabel("–", self)
        self._rows[0].addWidget(self.text, 1)
        for widget in (self.count, self.columns, self.export):
            self._rows[0].addWidget(widget)
        for combo in (self.state, self.channel, self.executor):
            combo.setMinimumContentsLength(6)
        column.addWidget(self.problem)
        self._narrow: bool | None = None
        self._arrange(narrow=False)

    def _arrange(self, *, narrow: bool) -> None:
        """Two rows where there is room, three where there is not."""
        if narrow is self._narrow:
            return
        self._narrow = narrow
        for row in self._rows[1:]:
            take_out(row)
        below = self._rows[2] if narrow else self._rows[1]
        for widget in (self.first, self.dash, self.last):
            self._rows[1].addWidget(widget)
        for combo in (self.state, self.channel, self.executor):
            below.addWidget(combo, 1)
        if narrow:
            self._rows[1].addStretch(1)
        self._rows[1].addWidget(self.clear)

    def add_action(self, button: Button) -> None:
        """Place a button of the register before those all registers have."""
        self._rows[0].insertWidget(self._rows[0].indexOf(self.columns), button)

    def resizeEvent(self, event) -> None:
        super().resizeEvent(event)
        self._arrange(narrow=event.size().width() < theme.spacing(NARROW))

    def chosen(self) -> RegisterFilter:
        """Return the filter as it stands; a day that cannot be is left out (its problem is shown)."""
        channel = self.channel.currentData()
        return RegisterFilter(
            text=self.text.text().strip(),
            first_day=self._day(self.first),
            last_day=self._day(self.last),
            state=self.state.currentData() or "",
            channel=Channel(channel) if channel else None,
            executor_id=self.executor.currentData() or None,
        )

    def show_filter(self, wanted: RegisterFilter) -> None:
        """Show a filter asked for from elsewhere."""
        blocked = self.blockSignals(True)
        self.text.setText(wanted.text)
        for editor, day in ((self.first, wanted.first_day), (self.last, wanted.last_day)):
            editor.setText(f"{day:%d.%m.%Y}" if day else "")
        self._days = (self.first.text(), self.last.text())
        self.state.setCurrentIndex(max(0, self.state.findData(wanted.state)))
        self.channel.setCurrentIndex(
            max(0, self.channel.findData(wanted.channel.value if wanted.channel else ""))
        )
        self.executor.setCurrentIndex(max(0, self.executor.findData(wanted.executor_id or 0)))
        self.blockSignals(blocked)
        self._timer.stop()
        self._say_problem()
        self.changed.emit()

    def show_all(self) -> None:
        """Take every filter away."""
        self.show_filter(RegisterFilter())
        self.text.setFocus(Qt.FocusReason.OtherFocusReason)

    def show_people(self, people: tuple[PersonRow, ...]) -> None:
        self._people = tuple(sorted(people, key=lambda one: self._language.text(one.name)))
        self._fill(self.executor, [(0, self.tr("Any executor"))] + [
            (one.person_id, self._language.text(one.name)) for one in self._people
        ])  # fmt: skip

    def executor_name(self) -> str:
        return self.executor.currentText() if self.executor.currentData() else ""

    def show_count(self, count: int | None) -> None:
        """Say how many there are; None while they are being counted."""
        self.count.setText("" if count is None else self.tr("%n record(s)", "", count))

    def _day(self, editor: DateEdit):
        try:
            return read_date(editor.text())
        except ValueError:
            return None

    def _now(self) -> None:
        self._timer.stop()
        self.changed.emit()

    def _day_left(self) -> None:
        days = (self.first.text(), self.last.text())
        if days != self._days:
            self._days = days
            self._say_problem()
            self.changed.emit()

    def _say_problem(self) -> None:
        wrong = ""
        for editor in (self.first, self.last):
            bad = bool(editor.text().strip()) and self._day(editor) is None
            theme.mark(editor, wrong=bad)
            if bad:
                fault = BadInput("date-impossible", field="first_day", day=editor.text())
                wrong = sentence(fault, self._language)
        self.problem.setText(wrong)
        self.problem.setVisible(bool(wrong))

    @staticmethod
    def _fill(combo: QComboBox, items: list[tuple[object, str]]) -> None:
        kept = combo.currentData()
        blocked = combo.blockSignals(True)
        combo.clear()
        for data, text in items:
            combo.addItem(text, data)
        combo.setCurrentIndex(max(0, combo.findData(kept)))
        combo.blockSignals(blocked)

    def retranslate(self) -> None:
        search = self.tr("Number, IIN/BIN, name, address")
        self.text.setPlaceholderText(search)
        self.text.setAccessibleName(search)
        self.columns.set_text(self.tr("Choose columns"))
        self.export.set_text(self.tr("Export to Excel"))
        self.clear.set_text(self.tr("Show all"))
        for editor, label, short in (
            (self.first, self.tr("First day of the period"), self.tr("from")),
            (self.last, self.tr("Last day of the period"), self.tr("to")),
        ):
            editor.setAccessibleName(label)
            editor.setPlaceholderText(short)
        states = [(code, QCoreApplication.translate("Register", source)) for code, source in self._states]
        self._fill(self.state, [("", self.tr("Any state")), *states])
        self.state.setAccessibleName(self.tr("State"))
        channels = [(channel.value, channel_name(channel)) for channel in Channel]
        self._fill(self.channel, [("", self.tr("Any channel")), *channels])
        self.channel.setAccessibleName(self.tr("Channel"))
        self.executor.setAccessibleName(self.tr("Executor"))
        self.show_people(self._people)
