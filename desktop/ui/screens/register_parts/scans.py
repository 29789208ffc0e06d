"""Scans of the papers: chosen or dropped, looked at by their content, each bound to its paper, read in place."""

from dataclasses import dataclass
from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QComboBox, QFileDialog, QFrame, QGridLayout, QVBoxLayout, QWidget

from desktop.cases import filing
from desktop.errors import Unavailable
from desktop.regulation.model import Paper
from desktop.ui import theme
from desktop.ui.large_papers import LARGE
from desktop.ui.messages import sentence
from desktop.ui.screens.register_parts.entry import Values
from desktop.ui.screens.register_parts.fields import Section
from desktop.ui.widgets.form import choice
from desktop.ui.widgets.plain import Button, ElidedLabel, IconButton, PlainLabel
from desktop.ui.widgets.viewer import DocumentViewer

LIMIT = 100 * 1024 * 1024  # bytes of one file, until the office's own limit is known


@dataclass(slots=True)
class Scan:
    """A file chosen. ``media_type`` is known once it was looked at; ``problem`` says why it cannot be attached."""

    path: Path
    paper: str = ""
    media_type: str = ""
    flags: tuple[str, ...] = ()
    size: int = -1
    error: BaseException | None = None


def look_at(path: Path, limit: int) -> tuple[str, tuple[str, ...], int]:
    """Return type, warnings and size of a file (the errors of :func:`desktop.cases.filing.inspect`)."""
    media_type, flags = filing.inspect(path, limit)
    return media_type, flags, path.stat().st_size


def read_file(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise Unavailable(
            "file-unreadable", file_name=filing.safe_name(path.name), reason=error.strerror or ""
        ) from error


class _Row(QFrame):
    """One scan: name, size, the paper it belongs to, look, take away, and what is wrong with it."""

    def __init__(self, number: int, parent: QWidget) -> None:
        super().__init__(parent)
        stem = f"register.file.{number}"
        self.setObjectName(stem)
        self.name = ElidedLabel(parent=self, name=f"{stem}.name")
        self.about = PlainLabel(parent=self, role="small", wrap=True, name=f"{stem}.about")
        self.paper: QComboBox = choice()
        self.paper.setObjectName(f"{stem}.paper")
        self.look = IconButton("eye", parent=self, name=f"{stem}.look")
        self.drop = IconButton("cross", parent=self, name=f"{stem}.remove")
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(theme.spacing(2))
        grid.setVerticalSpacing(theme.spacing(1))
        grid.addWidget(self.name, 0, 0)
        grid.addWidget(self.paper, 0, 1)
        grid.addWidget(self.look, 0, 2)
        grid.addWidget(self.drop, 0, 3)
        grid.addWidget(self.about, 1, 0, 1, 4)
        grid.setColumnStretch(0, 2)
        grid.setColumnStretch(1, 3)


class ScansSection(Section):
    """The scans. ``bound`` tells that a scan was bound to a paper; ``counted`` how many each paper has."""

    bound = Signal(str)
    counted = Signal(dict)

    def __init__(self, desk, parent: QWidget | None = None) -> None:
        super().__init__("files", parent)
        self._desk, self._language = desk, desk.language
        self._papers: tuple[Paper, ...] = ()
        self._scans: list[Scan] = []
        self._rows: list[_Row] = []
        self._shown: Path | None = None
        self.limit = LIMIT
        self.choose_files = self._ask_files  # tests hand in their own
        self.add = Button(parent=self, icon="attach", name="register.attach", shortcut="Ctrl+O")
        self.add.clicked.connect(lambda: self.ask(""))
        self.hint = PlainLabel(parent=self, role="small", wrap=True)
        self.problem = PlainLabel(parent=self, role="small", wrap=True, name="register.files.problem")
        theme.mark(self.problem, tone="late")
        self.problem.hide()
        self._list = QVBoxLayout()
        self._list.setSpacing(theme.spacing(2))
        self.viewer = DocumentViewer(self, name="register.viewer")
        self.viewer.setMinimumHeight(theme.spacing(120))
        self.viewer.hide()
        self.body.addWidget(self.add, 0, Qt.AlignmentFlag.AlignLeft)
        self.body.addWidget(self.hint)
        self.body.addWidget(self.problem)
        self.body.addLayout(self._list)
        self.body.addWidget(self.viewer)
        self.retranslate()

    @property
    def scans(self) -> tuple[Scan, ...]:
        return tuple(self._scans)

    def show_papers(self, papers: tuple[Paper, ...]) -> None:
        self._papers = papers
        self._show()

    def ask(self, paper: str) -> None:
        """Let the clerk choose files, bound to ``paper`` ("": to none yet)."""
        self.add_files([Path(name) for name in self.choose_files()], paper)

    def add_files(self, paths: list[Path], paper: str = "") -> None:
        """Take files in and look at each off the GUI thread; one that is here already is only bound anew."""
        for path in paths:
            scan = next((one for one in self._scans if one.path == path), None)
            if scan is None:
                scan = Scan(path, paper)
                self._scans.append(scan)
                self._look(scan)
            elif paper:
                scan.paper = paper
            if paper:
                self.bound.emit(paper)
        self._show()
        self.problem.hide()
        self.edited.emit()

    def values(self) -> Values:
        return {"files": [{"path": str(one.path), "paper": one.paper} for one in self._scans]}

    def show_values(self, values: Values) -> None:
        self._scans = [Scan(Path(one["path"]), one.get("paper") or "") for one in values.get("files", [])]
        self._shown = None
        self.viewer.show_nothing()
        self.viewer.hide()
        self.problem.hide()
        for scan in self._scans:
            self._look(scan)
        self._show()

    def wrong(self) -> BaseException | None:
        """Return why the first bad file cannot be attached."""
        return next((one.error for one in self._scans if one.error is not None), None)

    def show_problem(self, key: str, text: str) -> bool:
        if key != "files":
            return False
        self.problem.setText(text)
        self.problem.setVisible(bool(text))
        return True

    def go_to(self, key: str) -> None:
        bad = next((row for row, one in zip(self._rows, self._scans, strict=True) if one.error), None)
        (bad.drop if bad else self.add).setFocus(Qt.FocusReason.OtherFocusReason)

    def label_of(self, key: str) -> str:
        return self.tr("Scans")

    def _look(self, scan: Scan) -> None:
        self._desk.files(
            look_at,
            path=scan.path,
            limit=self.limit,
            then=partial(self._looked, scan),
            on_error=partial(self._bad, scan),
        )

    def _looked(self, scan: Scan, found: tuple[str, tuple[str, ...], int]) -> None:
        scan.media_type, scan.flags, scan.size = found
        scan.error = None
        self._show()
        self.edited.emit()

    def _bad(self, scan: Scan, error: BaseException) -> bool:
        if not hasattr(error, "code"):
            return False
        scan.error = error
        self._show()
        self.edited.emit()
        return True

    def _remove(self, scan: Scan) -> None:
        self._scans.remove(scan)
        if self._shown == scan.path:
            self._shown = None
            self.viewer.show_nothing()
            self.viewer.hide()
        self._show()
        self.problem.hide()
        self.edited.emit()
        self.add.setFocus(Qt.FocusReason.OtherFocusReason)

    def _bind(self, scan: Scan, row: _Row) -> None:
        scan.paper = row.paper.currentData() or ""
        if scan.paper:
            self.bound.emit(scan.paper)
        self._count()
        self.problem.hide()
        self.edited.emit()

    def _preview(self, scan: Scan) -> None:
        if self._shown == scan.path and not self.viewer.isHidden():
            self.viewer.hide()
            return
        self._shown = scan.path
        self.viewer.show()
        self.viewer.show_loading(filing.safe_name(scan.path.name))
        if scan.size > LARGE:
            self.viewer.show_file(str(scan.path), scan.media_type, filing.safe_name(scan.path.name))
            return
        self._desk.files(
            read_file,
            path=scan.path,
            then=partial(self._read, scan),
            on_error=partial(self._unread, scan),
            latest="preview",
        )

    def _read(self, scan: Scan, content: bytes) -> None:
        if self._shown == scan.path:
            self.viewer.show_paper(content, scan.media_type, filing.safe_name(scan.path.name))

    def _unread(self, scan: Scan, error: BaseException) -> bool:
        self._shown = None
        self.viewer.hide()
        return self._bad(scan, error)

    def _show(self) -> None:
        while len(self._rows) < len(self._scans):
            row = _Row(len(self._rows), self)
            number = len(self._rows)
            row.look.clicked.connect(lambda _=False, n=number: self._preview(self._scans[n]))
            row.drop.clicked.connect(lambda _=False, n=number: self._remove(self._scans[n]))
            row.paper.activated.connect(lambda _=0, n=number: self._bind(self._scans[n], self._rows[n]))
            self._list.addWidget(row)
            self._rows.append(row)
        while len(self._rows) > len(self._scans):
            row = self._rows.pop()
            row.hide()  # Qt shows what a layout took a moment ago, as a window of its own if it has lost its parent
            row.setParent(None)
            row.deleteLater()
        for row, scan in zip(self._rows, self._scans, strict=True):
            self._fill(row, scan)
        self._count()

    def _fill(self, row: _Row, scan: Scan) -> None:
        name = filing.safe_name(scan.path.name)
        row.name.setText(name)
        row.paper.clear()
        row.paper.addItem(self.tr("Not bound to a paper"), "")
        for number, paper in enumerate(self._papers, 1):
            row.paper.addItem(f"{number}. {self._language.text(paper.title)}", paper.id)
        row.paper.setCurrentIndex(max(0, row.paper.findData(scan.paper)))
        row.paper.setAccessibleName(self.tr("Paper of {file}").format(file=name))
        row.look.set_text(self.tr("Look at {file}").format(file=name))
        row.look.setEnabled(bool(scan.media_type))
        row.drop.set_text(self.tr("Take {file} away").format(file=name))
        if scan.error is not None:
            text, tone = sentence(scan.error, self._language), "late"
        elif scan.flags:
            text, tone = self.tr("Holds active content; it is shown as a picture only"), "soon"
        else:
            text, tone = self._language.format_size(scan.size) if scan.size >= 0 else self.tr("Looking…"), ""
        row.about.setText(text)
        theme.mark(row.about, tone=tone)

    def _count(self) -> None:
        counts: dict[str, int] = {}
        for scan in self._scans:
            if scan.paper:
                counts[scan.paper] = counts.get(scan.paper, 0) + 1
        self.counted.emit(counts)

    def _ask_files(self) -> list[str]:
        kinds = self.tr("Papers (PDF, JPEG, PNG, TIFF)") + " (*.pdf *.jpg *.jpeg *.png *.tif *.tiff)"
        return QFileDialog.getOpenFileNames(self, self.tr("Attach scans"), "", kinds)[0]

    def retranslate(self) -> None:
        self.heading.setText(self.tr("Scans"))
        self.add.set_text(self.tr("Attach files…"))
        self.hint.setText(self.tr("Or drop them here: PDF, JPEG, PNG or TIFF, several at once."))
        self._show()
