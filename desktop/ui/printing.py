"""Seeing a paper as it will be printed, printing it, saving it: one dialog for one paper or for many.

The stored bytes go out unchanged; a paper is marked as printed only after the system has taken it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from PySide6.QtCore import QItemSelectionModel, Qt, Signal
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QFileDialog,
    QHBoxLayout,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from desktop.cases import delivering
from desktop.errors import Unavailable
from desktop.queries import papers
from desktop.queries.rows import DocumentRow
from desktop.regulation.rights import Command
from desktop.ui import print_ways, theme
from desktop.ui.messages import sentence
from desktop.ui.print_ways import Printer
from desktop.ui.widgets.form import Field, choice, line_edit
from desktop.ui.widgets.plain import Button, PlainLabel
from desktop.ui.widgets.tab_order import TabsByEye
from desktop.ui.widgets.viewer import DocumentViewer
from desktop.ui.words import kind_name


@dataclass(slots=True)
class _Job:
    """A paper to print. ``state``: "" waiting | printing | printed | failed."""

    document_id: int
    title: str
    again: bool
    state: str = ""
    sent: bool = False  # it left for the printer; only the mark in the register may be wanting
    error: BaseException | None = None


def save_bytes(path: Path, content: bytes) -> None:
    """Write the stored bytes, not one changed; Unavailable "file-not-saved"."""
    part = path.with_name(path.name + ".part")
    try:
        part.write_bytes(content)
        part.replace(path)
    except OSError as error:
        part.unlink(missing_ok=True)
        raise Unavailable("file-not-saved", file_name=path.name, reason=error.strerror or "") from error


def with_pdf_ending(name: str) -> str:
    return name if name.lower().endswith(".pdf") else f"{name}.pdf"


class PrintDialog(TabsByEye, QDialog):
    """Preview at the left, what to do at the right. ``printed`` tells each paper that went out."""

    printed = Signal(int)

    def __init__(self, desk, jobs: list[_Job], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("print")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._desk, self._jobs = desk, jobs
        self._current = -1
        self._content: tuple[str, bytes] | None = None
        self._printers: tuple[Printer, ...] = ()
        self._running = False
        self.choose_file: Callable[[str], str] = self._ask_file  # tests hand in their own
        self._build()
        self._retranslate()
        self._show_jobs()
        self.list.setCurrentRow(0)
        self._show(0)
        desk.files(print_ways.printers, then=self._show_printers)

    @classmethod
    def of_document(
        cls, desk, document_id: int, title: str, parent: QWidget | None = None, *, again: bool = False
    ) -> "PrintDialog":
        """Return the dialog for one paper; ``again``: it was printed before, a reason is asked."""
        return cls(desk, [_Job(document_id, title, again)], parent)

    @classmethod
    def of_rows(cls, desk, rows: tuple[DocumentRow, ...], parent: QWidget | None = None) -> "PrintDialog":
        """Return the dialog for rows of the print queue or of a case card."""
        jobs = [
            _Job(row.document_id, f"{kind_name(row.kind)} {row.number}", row.printed_at is not None)
            for row in rows
        ]
        return cls(desk, jobs, parent)

    def _build(self) -> None:
        self.viewer = DocumentViewer(self, name="print.viewer")
        self.list = QListWidget(self)
        self.list.setObjectName("print.list")
        self.list.currentRowChanged.connect(self._show)
        self.printer: QComboBox = choice()
        self.printer_field = Field(self.printer, name="print.printer", parent=self)
        self.copies = QSpinBox(self)
        self.copies.setRange(1, 99)
        self.copies_field = Field(self.copies, name="print.copies", parent=self)
        self.reason: QLineEdit = line_edit(limit=300)
        self.reason_field = Field(self.reason, name="print.reason", required=True, parent=self)
        self.reason.textChanged.connect(lambda: self.reason_field.set_problem(""))
        self.said = PlainLabel(parent=self, wrap=True, name="print.said")
        self.print = Button(
            parent=self, kind="primary", icon="print", name="print.print", shortcut="Ctrl+Return"
        )
        self.save = Button(parent=self, icon="save", name="print.save", shortcut="Ctrl+S")
        self.closer = Button(parent=self, name="print.close")
        self.print.clicked.connect(self.start)
        self.save.clicked.connect(self.save_as)
        self.closer.clicked.connect(self.close)
        side = QVBoxLayout()
        side.setSpacing(theme.spacing(3))
        side.addWidget(self.list, 1)
        for widget in (self.printer_field, self.copies_field, self.reason_field, self.said):
            side.addWidget(widget)
        side.addStretch(1)
        for button in (self.print, self.save, self.closer):
            side.addWidget(button)
        holder = QWidget(self)
        holder.setLayout(side)
        holder.setFixedWidth(theme.spacing(80))
        side.setContentsMargins(0, 0, 0, 0)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(*[theme.spacing(4)] * 4)
        layout.setSpacing(theme.spacing(4))
        layout.addWidget(self.viewer, 1)
        layout.addWidget(holder)
        many = len(self._jobs) > 1
        self.list.setVisible(many)
        self.reason_field.setVisible(any(job.again for job in self._jobs))
        may_print = self._desk.may(Command.PRINT)
        for widget in (self.print, self.printer_field, self.copies_field):
            widget.setVisible(may_print)
        if not may_print:
            self.reason_field.hide()
        self.print.set_why_not(self.tr("Looking for printers…"))
        self.resize(theme.spacing(250), theme.spacing(170))

    # what is shown

    def _show_printers(self, found: tuple[Printer, ...]) -> None:
        self._printers = found
        self.printer.clear()
        for one in found:
            self.printer.addItem(one.name or self.tr("Printer of this computer"), one)
        names = [one.name for one in found]
        wanted = self._desk.settings.printer
        self.printer.setCurrentIndex(names.index(wanted) if wanted in names else 0 if found else -1)
        self._tell_why_not()

    def _show_jobs(self) -> None:
        row = self.list.currentRow()
        self.list.blockSignals(True)
        self.list.clear()
        icons = {"printed": ("done", "done"), "failed": ("late", "late"), "printing": ("print", "accent")}
        for job in self._jobs:
            item = QListWidgetItem(job.title)
            name, ink = icons.get(job.state, ("file", "muted"))
            item.setIcon(theme.icon(name, ink))
            if job.error is not None:
                item.setToolTip(theme.plain_tip(sentence(job.error, self._desk.language)))
            self.list.addItem(item)
        self.list.setCurrentRow(row, QItemSelectionModel.SelectionFlag.ClearAndSelect)
        self.list.blockSignals(False)

    def _show(self, number: int) -> None:
        if not 0 <= number < len(self._jobs) or number == self._current:
            return
        self._current, self._content = number, None
        self._tell_why_not()
        job = self._jobs[number]
        self.viewer.show_loading(job.title)
        self._desk.read(
            papers.document_bytes,
            then=partial(self._read, number),
            on_error=self._unread,
            latest="paper",
            document_id=job.document_id,
        )

    def _read(self, number: int, found: tuple[str, bytes]) -> None:
        self._content = found
        self.viewer.show_pdf(found[1], self._jobs[number].title)
        self._tell_why_not()

    def _unread(self, error: BaseException) -> bool:
        if not hasattr(error, "code"):
            return False
        self.viewer.show_trouble(error.code, **error.facts)
        return True

    def _tell_why_not(self) -> None:
        why = ""
        if self._running:
            why = self.tr("Printing…")
        elif self._content is None:
            why = self.tr("The paper is being read")
        elif not self._printers:
            why = self.tr("There is no printer here. Save the paper as a file instead.")
        elif not self._waiting():
            why = self.tr("Printed")
        self.print.set_why_not(why)
        self.save.setEnabled(self._content is not None)
        if not self._printers and self._content is not None:
            self.said.setText(why)

    # printing

    def _waiting(self) -> list[_Job]:
        return [job for job in self._jobs if job.state != "printed"]

    def start(self) -> None:
        """Print what has not gone out yet, one after another; a failed one keeps the rest from nothing."""
        if any(job.again for job in self._waiting()) and not self.reason.text().strip():
            self.reason_field.set_problem(self.tr("It was printed before: say why it is printed again."))
            self.reason.setFocus(Qt.FocusReason.OtherFocusReason)
            return
        self._running = True
        for job in self._waiting():
            job.state, job.error = "", None
        self._next()

    def _next(self) -> None:
        job = next((one for one in self._jobs if one.state == ""), None)
        if job is None:
            self._finish()
            return
        job.state = "printing"
        self._show_jobs()
        self._tell_why_not()
        count = sum(1 for one in self._jobs if one.state == "printed")
        self.said.setText(
            self.tr("Printing {number} of {whole}…").format(number=count + 1, whole=len(self._jobs))
        )
        if job.sent:
            self._sent(job, None)
            return
        self._desk.read(
            papers.document_bytes,
            then=partial(self._send, job),
            on_error=partial(self._failed, job),
            document_id=job.document_id,
        )

    def _send(self, job: _Job, found: tuple[str, bytes]) -> None:
        self._desk.files(
            print_ways.send,
            then=partial(self._sent, job),
            on_error=partial(self._failed, job),
            printer=self.printer.currentData(),
            content=found[1],
            copies=self.copies.value(),
            title=job.title,
        )

    def _sent(self, job: _Job, _nothing: None) -> None:
        """It left for the printer: now, and not before, the register says so."""
        job.sent = True
        self._desk.do(
            delivering.mark_printed,
            then=partial(self._marked, job),
            on_error=partial(self._failed, job),
            document_id=job.document_id,
            copies=self.copies.value(),
            reason=self.reason.text().strip() if job.again else "",
        )

    def _marked(self, job: _Job, _nothing: None) -> None:
        job.state, job.again, job.sent = "printed", True, False
        self.printed.emit(job.document_id)
        self._next()

    def _failed(self, job: _Job, error: BaseException) -> bool:
        if not hasattr(error, "code"):
            self._running = False
            self._tell_why_not()
            return False
        job.state, job.error = "failed", error
        self._next()
        return True

    def _finish(self) -> None:
        self._running = False
        failed = [job for job in self._jobs if job.state == "failed"]
        done = [job for job in self._jobs if job.state == "printed"]
        self._show_jobs()
        self._tell_why_not()
        if failed:
            told = sentence(failed[0].error, self._desk.language)
            if len(self._jobs) > 1:
                summary = self.tr("Printed: {done}. Not printed: {failed}.").format(
                    done=len(done), failed=len(failed)
                )
                told = f"{summary} {told}"
            self.said.setText(told)
            theme.mark(self.said, tone="late")
            self.print.set_text(self.tr("Try again"))
            return
        theme.mark(self.said, tone="done")
        said = (
            self.tr("{paper} was sent to the printer").format(paper=done[0].title)
            if len(done) == 1
            else self.tr("%n paper(s) were sent to the printer", "", len(done))
        )
        self.said.setText(said)
        self._desk.notices.done(said)
        self.accept()

    # saving

    def save_as(self) -> None:
        """Save the very bytes that are shown."""
        if self._content is None:
            return
        name, content = self._content
        chosen = self.choose_file(name)
        if chosen:
            self._desk.files(
                save_bytes,
                then=partial(self._saved, Path(chosen).name),
                path=Path(with_pdf_ending(chosen)),
                content=content,
            )

    def _saved(self, name: str, _nothing: None) -> None:
        theme.mark(self.said, tone="")
        self.said.setText(self.tr("Saved as {file}").format(file=name))

    def _ask_file(self, name: str) -> str:
        folder = self._desk.settings.save_folder
        start = str(Path(folder) / name) if folder else name
        return QFileDialog.getSaveFileName(self, self.tr("Save the paper"), start, "PDF (*.pdf)")[0]

    def _retranslate(self) -> None:
        many = len(self._jobs) > 1
        self.setWindowTitle(
            self.tr("Print %n paper(s)", "", len(self._jobs)) if many else self._jobs[0].title
        )
        self.list.setAccessibleName(self.tr("Papers to print"))
        self.printer_field.set_label(self.tr("Printer"))
        self.copies_field.set_label(self.tr("Copies"))
        self.reason_field.set_label(self.tr("Why it is printed again"))
        self.print.set_text(self.tr("Print"))
        self.save.set_text(self.tr("Save as…"))
        self.closer.set_text(self.tr("Close"))
