"""Editors and frames the sections of the registration form are built of."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtWidgets import (
    QBoxLayout,
    QCheckBox,
    QFrame,
    QHBoxLayout,
    QLineEdit,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from desktop.ui import theme
from desktop.ui.screens.register_parts.entry import Values, read_date, read_tenge, read_time
from desktop.ui.widgets.form import Field
from desktop.ui.widgets.plain import PlainLabel

DOUBT = "°"  # marks a default of the regulation that was not yet compared with its source


class DateEdit(QLineEdit):
    """A day typed as people type it; shown as 14.12.2026 when the field is left. Nonsense stays as typed."""

    def __init__(self, *, name: str = "") -> None:
        super().__init__()
        self.setObjectName(name)
        self.setMaxLength(20)
        self.editingFinished.connect(self._tidy)

    def _tidy(self) -> None:
        try:
            day = read_date(self.text())
        except ValueError:
            return
        if day is not None:
            self.setText(f"{day:%d.%m.%Y}")


class TimeEdit(QLineEdit):
    """A time typed as 1650 or 16:50; shown as 16:50 when the field is left."""

    def __init__(self, *, name: str = "") -> None:
        super().__init__()
        self.setObjectName(name)
        self.setMaxLength(8)
        self.editingFinished.connect(self._tidy)

    def _tidy(self) -> None:
        try:
            at = read_time(self.text())
        except ValueError:
            return
        if at is not None:
            self.setText(f"{at:%H:%M}")


class SumEdit(QLineEdit):
    """A sum in tenge; thousands are set apart when the field is left."""

    def __init__(self, *, name: str = "") -> None:
        super().__init__()
        self.setObjectName(name)
        self.setMaxLength(24)
        self.editingFinished.connect(self._tidy)

    def _tidy(self) -> None:
        try:
            tenge = read_tenge(self.text())
        except ValueError:
            return
        if tenge is not None:
            self.setText(f"{tenge:,}".replace(",", "\u00a0"))


class Tick(QWidget):
    """A check box whose sentence may take several lines; a click on the sentence ticks it."""

    toggled = Signal(bool)

    def __init__(self, *, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.box = QCheckBox(self)
        self.box.setObjectName(name)
        self.label = PlainLabel(parent=self, wrap=True)
        self.label.setBuddy(self.box)
        self.label.installEventFilter(self)
        self.setFocusProxy(self.box)
        self.box.toggled.connect(self.toggled)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(theme.spacing(2))
        layout.addWidget(self.box, 0, Qt.AlignmentFlag.AlignTop)
        layout.addWidget(self.label, 1, Qt.AlignmentFlag.AlignVCenter)

    def set_text(self, text: str) -> None:
        self.label.setText(text)
        self.box.setAccessibleName(text)

    def is_checked(self) -> bool:
        return self.box.isChecked()

    def set_checked(self, checked: bool) -> None:
        self.box.setChecked(checked)

    def eventFilter(self, watched, event) -> bool:
        if watched is self.label and event.type() == QEvent.Type.MouseButtonRelease:
            self.box.setFocus(Qt.FocusReason.MouseFocusReason)
            self.box.toggle()
            return True
        return super().eventFilter(watched, event)


class Columns(QWidget):
    """Fields side by side where there is room, one under another where there is not.

    Boxes, not a grid: a grid keeps an old height for words that wrap anew.
    """

    NARROW = 130  # in units of the grid

    def __init__(self, rows: Sequence[Sequence[QWidget]], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._rows = [list(row) for row in rows]
        self._narrow: bool | None = None
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(theme.spacing(3))
        self._lines = []
        for row in self._rows:
            line = QBoxLayout(QBoxLayout.Direction.LeftToRight)
            for widget in row:
                line.addWidget(widget, 1)
            self._column.addLayout(line)
            self._lines.append(line)
        self._place(narrow=False)

    def resizeEvent(self, event) -> None:
        super().resizeEvent(event)
        self._place(narrow=event.size().width() < theme.spacing(self.NARROW))

    def minimumSizeHint(self):
        size = super().minimumSizeHint()
        size.setWidth(min(size.width(), theme.spacing(60)))
        return size

    def _place(self, *, narrow: bool) -> None:
        if narrow is self._narrow:
            return
        self._narrow = narrow
        direction = QBoxLayout.Direction.TopToBottom if narrow else QBoxLayout.Direction.LeftToRight
        for line in self._lines:
            line.setDirection(direction)
            line.setSpacing(theme.spacing(3 if narrow else 4))


class Section(QFrame):
    """A part of the form under its heading. Gives and takes plain values; knows its fields by their names."""

    edited = Signal()
    left = Signal(str)  # a field was left, for a check at once

    def __init__(self, key: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.key = key
        self.fields: dict[str, Field] = {}
        self.setObjectName(f"register.section.{key}")
        self.setProperty("role", "card")
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        self.heading = PlainLabel(
            parent=self, role="heading", wrap=True, name=f"register.section.{key}.heading"
        )
        self.body = QVBoxLayout(self)
        self.body.setContentsMargins(*[theme.spacing(4)] * 4)
        self.body.setSpacing(theme.spacing(3))
        self.body.addWidget(self.heading)

    def add_field(self, key: str, editor: QWidget, *, required: bool = False, hint: str = "") -> Field:
        """Return a labelled field known as ``key``; a line edit tells every change."""
        field = Field(editor, name=f"register.{key}", required=required, hint=hint, parent=self)
        self.fields[key] = field
        if isinstance(editor, QLineEdit):
            editor.textChanged.connect(lambda *_: self._changed(key))
            editor.editingFinished.connect(lambda: self.left.emit(key))
        return field

    def _changed(self, key: str) -> None:
        self.fields[key].set_problem("")
        self.edited.emit()

    def text(self, key: str) -> str:
        return self.fields[key].editor.text()

    def values(self) -> Values:
        """Return what stands in the section, as typed."""
        return {
            key: field.editor.text()
            for key, field in self.fields.items()
            if isinstance(field.editor, QLineEdit)
        }

    def show_values(self, values: Values) -> None:
        """Show values as they were typed; what is absent is emptied."""
        for key, field in self.fields.items():
            if isinstance(field.editor, QLineEdit):
                field.editor.setText(str(values.get(key, "")))
                field.editor.setCursorPosition(0)
                field.set_problem("")

    def show_problem(self, key: str, text: str) -> bool:
        """Say what is wrong at the field; False when the field is not here."""
        if key not in self.fields:
            return False
        self.fields[key].set_problem(text)
        return True

    def go_to(self, key: str) -> None:
        """Put the cursor where the field is corrected."""
        field = self.fields.get(key) or next(iter(self.fields.values()), None)
        if field is not None:
            field.editor.setFocus(Qt.FocusReason.OtherFocusReason)

    def label_of(self, key: str) -> str:
        """Return the field's label, for the list of what is missing."""
        return self.fields[key].editor.accessibleName() if key in self.fields else ""

    def retranslate(self) -> None:
        """Say the labels again."""
