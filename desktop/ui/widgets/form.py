"""Fields of a form: label above, editor, and one line below that says what is wrong with it."""

from collections.abc import Iterator

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QAbstractSpinBox, QGridLayout, QLineEdit, QVBoxLayout, QWidget

from desktop.errors import BadInput
from desktop.ui import theme
from desktop.ui.messages import sentence
from desktop.ui.widgets.drop_down import DropDown
from desktop.ui.widgets.plain import PlainLabel
from desktop.ui.widgets.tab_order import bring_into_view


class Field(QWidget):
    """A labelled editor. ``hint`` stands below it until a problem takes its place."""

    def __init__(
        self,
        editor: QWidget,
        label: str = "",
        *,
        name: str = "",
        hint: str = "",
        required: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.editor = editor
        self._hint, self._problem, self._required = hint, "", required
        if isinstance(editor, QAbstractSpinBox):  # the style sheet's padding does not reach its inner line
            editor.lineEdit().setTextMargins(theme.spacing(2), 0, 0, 0)
        self.label = PlainLabel(parent=self, role="label", wrap=True)
        self.label.setBuddy(editor)
        self.line = PlainLabel(parent=self, role="small", wrap=True)
        if name:
            editor.setObjectName(name)
            self.setObjectName(f"{name}.field")
            self.line.setObjectName(f"{name}.problem")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(theme.spacing(1))
        layout.addWidget(self.label)
        layout.addWidget(editor)
        layout.addWidget(self.line)
        layout.addStretch(1)
        self.setFocusProxy(editor)
        self.set_label(label)
        self._show_line()
        typed = editor if isinstance(editor, QLineEdit) else getattr(editor, "line", None)
        if isinstance(typed, QLineEdit):  # what is being mended is blamed no longer
            typed.textEdited.connect(self._mended)

    @property
    def problem(self) -> str:
        return self._problem

    @property
    def required(self) -> bool:
        return self._required

    def set_required(self, required: bool) -> None:
        """Mark the field as one that must be filled, or take the mark back."""
        self._required = required
        self.set_label(self.editor.accessibleName())

    def set_label(self, label: str) -> None:
        self.label.setText(f"{label} *" if self._required and label else label)
        self.editor.setAccessibleName(label)

    def set_hint(self, hint: str) -> None:
        self._hint = hint
        self._show_line()

    def set_problem(self, problem: str) -> None:
        """Say under the editor what is wrong with it; "" takes it back."""
        self._problem = problem
        self._show_line()
        theme.mark(self.editor, wrong=bool(problem))
        self.editor.setAccessibleDescription(problem or self._hint)

    def _mended(self) -> None:
        if self._problem:
            self.set_problem("")

    def _show_line(self) -> None:
        self.line.setText(self._problem or self._hint)
        self.line.setVisible(bool(self._problem or self._hint))
        theme.mark(self.line, tone="late" if self._problem else "")


class Form(QWidget):
    """Rows of fields in equal columns. Keeps them by name, so that BadInput finds its field."""

    def __init__(self, parent: QWidget | None = None, *, columns: int = 2) -> None:
        super().__init__(parent)
        self._columns = columns
        self._fields: dict[str, Field] = {}
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(theme.spacing(4))
        self._grid.setVerticalSpacing(theme.spacing(3))
        for column in range(columns):
            self._grid.setColumnStretch(column, 1)
        self._row = 0

    def __iter__(self) -> Iterator[Field]:
        return iter(self._fields.values())

    def add(self, key: str, field: Field) -> Field:
        """Keep ``field`` under the name a BadInput uses, without placing it."""
        self._fields[key] = field
        return field

    def field(self, key: str) -> Field:
        return self._fields[key]

    def names(self) -> tuple[str, ...]:
        """Return the names of the fields in their order."""
        return tuple(self._fields)

    def add_row(self, *widgets: QWidget) -> None:
        """Place widgets in a row; a single one takes the whole width."""
        room = max(1, self._columns // len(widgets))
        for column, widget in enumerate(widgets):
            last = column == len(widgets) - 1
            span = self._columns - column * room if last else room
            self._grid.addWidget(widget, self._row, column * room, 1, span, Qt.AlignmentFlag.AlignTop)
        self._row += 1

    def add_heading(self, text: str = "") -> PlainLabel:
        heading = PlainLabel(text, self, role="heading")
        self._grid.addWidget(heading, self._row, 0, 1, self._columns)
        self._row += 1
        return heading

    def clear_problems(self) -> None:
        for field in self:
            field.set_problem("")

    def show_error(self, error: BaseException) -> bool:
        """Put a BadInput at its field and go there; True when it was one of ours (an ``on_error`` of Desk)."""
        if not isinstance(error, BadInput) or error.field not in self._fields:
            return False
        field = self._fields[error.field]
        field.set_problem(sentence(error))
        field.editor.setFocus(Qt.FocusReason.OtherFocusReason)
        QTimer.singleShot(0, field, lambda: bring_into_view(field))  # its line makes the form longer first
        return True


def line_edit(*, placeholder: str = "", limit: int = 0, secret: bool = False) -> QLineEdit:
    """Return a one-line editor; ``secret`` hides what is typed, ``limit`` is in characters."""
    editor = QLineEdit()
    editor.setPlaceholderText(placeholder)
    if limit:
        editor.setMaxLength(limit)
    if secret:
        editor.setEchoMode(QLineEdit.EchoMode.Password)
    return editor


def choice(items: list[tuple[str, object]] | None = None) -> DropDown:
    """Return a drop-down of (text, data) that does not widen its form and ignores a stray wheel."""
    editor = DropDown()
    for text, data in items or []:
        editor.addItem(text, data)
    return editor
