"""The inventory: which papers were brought, on how many sheets, until when they count. Numbers tick."""

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtWidgets import QCheckBox, QGridLayout, QLineEdit, QVBoxLayout, QWidget

from desktop.errors import BadInput
from desktop.regulation.model import Paper
from desktop.ui import theme
from desktop.ui.messages import sentence
from desktop.ui.screens.register_parts.entry import Values, read_date, read_sheets
from desktop.ui.screens.register_parts.fields import DOUBT, DateEdit, Section
from desktop.ui.widgets.form import line_edit
from desktop.ui.widgets.layouts import take_out
from desktop.ui.widgets.plain import IconButton, PlainLabel, set_tip
from desktop.ui.words import cited_item

NARROW = 140  # in units of the grid


@dataclass(slots=True)
class _Line:
    """The widgets of one paper."""

    paper: Paper
    tick: QCheckBox
    words: QWidget
    title: PlainLabel
    about: PlainLabel
    sheets: QLineEdit
    expires: DateEdit | None
    attach: IconButton
    problem: PlainLabel


class PapersSection(Section):
    """A line a paper. ``files_asked`` wants scans for a paper; ``dropped`` brings them."""

    files_asked = Signal(str)
    dropped = Signal(str, list)

    def __init__(self, language, parent: QWidget | None = None) -> None:
        super().__init__("papers", parent)
        self._language = language
        self._lines: list[_Line] = []
        self._kept: dict[str, dict] = {}
        self._counts: dict[str, int] = {}
        self._narrow = False
        self.hint = PlainLabel(parent=self, role="small", wrap=True)
        self.problem = PlainLabel(parent=self, role="small", wrap=True, name="register.inventory.problem")
        theme.mark(self.problem, tone="late")
        self.problem.hide()
        self.table = QWidget(self)
        self.grid = QGridLayout(self.table)
        self.grid.setContentsMargins(0, 0, 0, 0)
        self.grid.setHorizontalSpacing(theme.spacing(2))
        self.grid.setVerticalSpacing(theme.spacing(2))
        self.grid.setColumnStretch(1, 1)
        for widget in (self.hint, self.problem, self.table):
            self.body.addWidget(widget)
        self.retranslate()

    def show_papers(self, papers: tuple[Paper, ...]) -> None:
        """Show the papers of the service; what was entered for them stays."""
        kept = self.values()["inventory"]
        if [line.paper for line in self._lines] == list(papers):
            return
        self._kept = self._kept | kept
        for widget in self.table.findChildren(QWidget, options=Qt.FindChildOption.FindDirectChildrenOnly):
            widget.hide()  # or Qt may show it once more, as a window of its own
            widget.setParent(None)
            widget.deleteLater()
        self._lines = []
        if papers:
            self._head()
        self._lines = [self._line(number, paper) for number, paper in enumerate(papers)]
        self._place()
        self._fill(self._kept)
        self.retranslate()

    def _head(self) -> None:
        self.sheets_head = PlainLabel(parent=self.table, role="small")
        self.expires_head = PlainLabel(parent=self.table, role="small")

    def _line(self, number: int, paper: Paper) -> _Line:
        stem = f"register.paper.{paper.id}"
        tick = QCheckBox(str(number + 1), self.table)
        tick.setObjectName(stem)
        tick.installEventFilter(self)
        words = QWidget(self.table)
        title = PlainLabel(parent=words, wrap=True, name=f"{stem}.title")
        title.setBuddy(tick)
        title.installEventFilter(self)
        about = PlainLabel(parent=words, role="small", wrap=True)
        problem = PlainLabel(parent=words, role="small", wrap=True, name=f"{stem}.problem")
        theme.mark(problem, tone="late")
        problem.hide()
        column = QVBoxLayout(words)
        column.setContentsMargins(0, theme.spacing(0.5), 0, 0)
        column.setSpacing(0)
        for label in (title, about, problem):
            column.addWidget(label)
        sheets = line_edit(limit=5)
        sheets.setParent(self.table)
        sheets.setObjectName(f"{stem}.sheets")
        sheets.setFixedWidth(theme.spacing(15))
        sheets.setAlignment(Qt.AlignmentFlag.AlignRight)
        expires = DateEdit(name=f"{stem}.expires") if paper.expires else None
        attach = IconButton("attach", parent=self.table, name=f"{stem}.attach")
        line = _Line(paper, tick, words, title, about, sheets, expires, attach, problem)
        if expires is not None:
            expires.setParent(self.table)
            expires.setFixedWidth(theme.spacing(29))
            expires.setPlaceholderText("31.12.2026")
            expires.textChanged.connect(lambda: self._typed(line))
        tick.toggled.connect(lambda on: self._toggled(line, on))
        sheets.textChanged.connect(lambda: self._typed(line))
        for editor in (sheets, expires):
            if editor is not None:
                editor.editingFinished.connect(lambda: self._check(line))
        attach.clicked.connect(lambda: self.files_asked.emit(paper.id))
        return line

    def _place(self) -> None:
        """Sheets and date stand beside the words, or under them where there is no room."""
        take_out(self.grid)
        if not self._lines:
            return
        narrow, top = self._narrow, Qt.AlignmentFlag.AlignTop
        for widget, column in ((self.sheets_head, 2), (self.expires_head, 3)):
            widget.setVisible(not narrow)
            if not narrow:
                self.grid.addWidget(widget, 0, column)
        for number, line in enumerate(self._lines):
            row = number * 2 + 1
            line.sheets.setPlaceholderText(self.tr("sheets") if narrow else "")
            self.grid.addWidget(line.tick, row, 0, top)
            self.grid.addWidget(line.words, row, 1, 1, 4 if narrow else 1, top)
            editors = [(line.sheets, 2), (line.expires, 3), (line.attach, 4)]
            for widget, column in editors:
                if widget is None:
                    continue
                if narrow:
                    self.grid.addWidget(widget, row + 1, column - 1, top | Qt.AlignmentFlag.AlignLeft)
                else:
                    self.grid.addWidget(widget, row, column, top)
        self.grid.setColumnStretch(1, 0 if narrow else 1)
        self.grid.setColumnStretch(4, 1 if narrow else 0)

    def resizeEvent(self, event) -> None:
        super().resizeEvent(event)
        narrow = event.size().width() < theme.spacing(NARROW)
        if narrow != self._narrow:
            self._narrow = narrow
            self._place()

    def values(self) -> Values:
        entered = {
            line.paper.id: {
                "brought": line.tick.isChecked(),
                "sheets": line.sheets.text(),
                "expires_on": line.expires.text() if line.expires else "",
            }
            for line in self._lines
        }
        return {"inventory": (self._kept if not self._lines else {}) | entered}

    def show_values(self, values: Values) -> None:
        self._kept = dict(values.get("inventory", {}))
        self.problem.hide()
        self._fill(self._kept)

    def _fill(self, entered: dict[str, dict]) -> None:
        for line in self._lines:
            kept = entered.get(line.paper.id, {})
            line.tick.setChecked(bool(kept.get("brought")))
            line.sheets.setText(str(kept.get("sheets", "")))
            if line.expires is not None:
                line.expires.setText(str(kept.get("expires_on", "")))
            line.problem.hide()

    def brought(self) -> set[str]:
        return {line.paper.id for line in self._lines if line.tick.isChecked()}

    def not_brought(self) -> list[int]:
        """Return the numbers of the required papers that are not here."""
        return [
            number
            for number, line in enumerate(self._lines, 1)
            if line.paper.required and not line.tick.isChecked()
        ]

    def mark_brought(self, paper: str) -> None:
        """A scan of a paper came: the paper is here."""
        for line in self._lines:
            if line.paper.id == paper:
                line.tick.setChecked(True)

    def show_counts(self, counts: dict[str, int]) -> None:
        """Say beside each paper how many scans of it there are."""
        self._counts = counts
        for line in self._lines:
            self._tell(line)

    def paper_at(self, position) -> str | None:
        """Return the paper whose line lies under a point of this section (for a drop)."""
        inside = self.table.mapFrom(self, position)
        for line in reversed(self._lines):
            if inside.y() >= line.tick.y() - theme.spacing(1):
                return line.paper.id if inside.y() <= self.table.height() else None
        return None

    def show_problem(self, key: str, text: str) -> bool:
        if key != "inventory":
            return False
        self.problem.setText(text)
        self.problem.setVisible(bool(text))
        return True

    def show_line_problem(self, paper: str, text: str) -> None:
        for line in self._lines:
            if line.paper.id == paper:
                line.problem.setText(text)
                line.problem.setVisible(bool(text))

    def go_to(self, key: str) -> None:
        wrong = [line for line in self._lines if not line.problem.isHidden()]
        unticked = [line for line in self._lines if line.paper.required and not line.tick.isChecked()]
        line = next(iter(wrong or unticked or self._lines), None)
        if line is not None:
            (line.sheets if wrong else line.tick).setFocus(Qt.FocusReason.OtherFocusReason)

    def label_of(self, key: str) -> str:
        return self.tr("Papers brought")

    def _toggled(self, line: _Line, on: bool) -> None:
        if on and not line.sheets.text():
            line.sheets.setText("1")
        self.problem.hide()
        self.edited.emit()

    def _typed(self, line: _Line) -> None:
        line.problem.hide()
        has_text = line.sheets.text().strip() not in ("", "0") or bool(
            line.expires and line.expires.text().strip()
        )
        if has_text and not line.tick.isChecked():
            line.tick.setChecked(True)
        self.edited.emit()

    def _check(self, line: _Line) -> None:
        checks: list[tuple[QLineEdit | None, Callable[[str], object]]] = [
            (line.sheets, read_sheets),
            (line.expires, read_date),
        ]
        for editor, read in checks:
            try:
                if editor is not None:
                    read(editor.text())
            except ValueError:
                wrong = BadInput(
                    "inventory-line-wrong", field="inventory", paper=line.paper.id, title=line.paper.title,
                    typed=editor.text(),
                )  # fmt: skip
                self.show_line_problem(line.paper.id, sentence(wrong, self._language))
                return
        line.problem.hide()

    def eventFilter(self, watched, event) -> bool:
        if event.type() == QEvent.Type.KeyPress and isinstance(watched, QCheckBox):
            number = event.key() - Qt.Key.Key_1
            if 0 <= number < min(9, len(self._lines)) and not event.modifiers():
                tick = self._lines[number].tick
                tick.setFocus(Qt.FocusReason.ShortcutFocusReason)
                tick.toggle()
                return True
        if event.type() == QEvent.Type.MouseButtonRelease:
            for line in self._lines:
                if watched is line.title:
                    line.tick.setFocus(Qt.FocusReason.MouseFocusReason)
                    line.tick.toggle()
                    return True
        return super().eventFilter(watched, event)

    def _tell(self, line: _Line) -> None:
        title = self._language.text(line.paper.title)
        marks = f"{DOUBT if line.paper.unverified else ''}{' *' if line.paper.required else ''}"
        line.title.setText(f"{title}{marks}")
        line.tick.setAccessibleName(title)
        line.sheets.setAccessibleName(self.tr("Sheets: {paper}").format(paper=title))
        if line.expires is not None:
            line.expires.setAccessibleName(self.tr("Valid until: {paper}").format(paper=title))
        count = self._counts.get(line.paper.id, 0)
        said = self.tr("%n scan(s) attached", "", count) if count else ""
        about = [said, cited_item(line.paper.clause)]
        line.about.setText(" · ".join(one for one in about if one))
        line.about.setVisible(bool(line.about.text()))
        line.attach.set_text(self.tr("Attach scans: {paper}").format(paper=title))
        set_tip(line.attach, self.tr("Attach scans of this paper"))

    def retranslate(self) -> None:
        self.heading.setText(self.tr("Inventory of papers"))
        self.hint.setText(
            self.tr(
                "Space or the paper's number ticks it. Drop scans on a line to attach them to that paper."
            )
        )
        if self._lines:
            self.sheets_head.setText(self.tr("Sheets"))
            self.expires_head.setText(self.tr("Valid until"))
        for line in self._lines:
            self._tell(line)
