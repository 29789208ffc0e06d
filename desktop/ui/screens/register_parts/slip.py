"""A slip for whoever brought papers while the server was away: what was taken in, and that it is no registration."""

from pathlib import Path

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QMarginsF
from PySide6.QtGui import QFont, QPageLayout, QPageSize, QPdfWriter, QTextDocument
from PySide6.QtWidgets import QDialog, QFileDialog, QHBoxLayout, QVBoxLayout, QWidget

from desktop.ui import print_ways, theme
from desktop.ui.messages import say
from desktop.ui.taken_in import TakenIn
from desktop.ui.widgets.plain import Button, PlainLabel
from desktop.ui.widgets.tab_order import TabsByEye
from desktop.ui.widgets.viewer import DocumentViewer


def slip_text(entry: TakenIn) -> str:
    """Return the slip in both state languages; it has no number."""
    parts = []
    for code in ("kk", "ru"):
        facts = {
            "holder": entry.holder,
            "identifier": entry.application["identifier"],
            "service": entry.service,
            "moment": entry.taken_at.astimezone(),
            "clerk": entry.clerk,
            "scans": len(entry.values.get("files", [])),
        }
        lines = ("taken-in-slip-title", "taken-in-slip-what", "taken-in-slip-who", "taken-in-slip-means")
        parts.append("\n\n".join(say(line, facts, code) for line in lines))
    return "\n\n\n".join(parts)


def slip_pdf(*, entry: TakenIn) -> bytes:
    """Return the slip as a PDF page A5; runs on the lane of files."""
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    writer = QPdfWriter(buffer)
    writer.setPageSize(QPageSize(QPageSize.PageSizeId.A5))
    writer.setPageMargins(QMarginsF(12, 12, 12, 12), QPageLayout.Unit.Millimeter)
    writer.setTitle("ruqsat")
    document = QTextDocument()
    document.setDefaultFont(QFont(theme.font("body").family(), 10))
    document.setPlainText(slip_text(entry))
    document.print_(writer)
    del writer
    return QByteArray(buffer.data()).data()


def print_slip(*, content: bytes, title: str) -> None:
    """Print on the system's default printer; Unavailable "printer-absent" when there is none."""
    from desktop.errors import Unavailable

    printers = print_ways.printers()
    if not printers:
        raise Unavailable("printer-absent", printer="")
    print_ways.send(printers[0], content, copies=1, title=title)


def save_slip(*, path: str, content: bytes) -> str:
    """Write the slip; returns the file's name."""
    from desktop.ui.screens.case_parts.saving import write_bytes

    return write_bytes(path=path, content=content)


class SlipDialog(TabsByEye, QDialog):
    """Shows the slip as it will be printed."""

    def __init__(self, desk, entry: TakenIn, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("slip")
        self._desk, self._entry = desk, entry
        self._content = b""
        self.viewer = DocumentViewer(self, name="slip.viewer")
        self.text = PlainLabel(parent=self, wrap=True, name="slip.text")
        self.print = Button(parent=self, kind="primary", icon="print", name="slip.print")
        self.save = Button(parent=self, icon="save", name="slip.save")
        self.close_it = Button(parent=self, name="slip.close")
        self.print.clicked.connect(self._print)
        self.save.clicked.connect(self._save)
        self.close_it.clicked.connect(self.reject)
        buttons = QHBoxLayout()
        for button in (self.print, self.save, self.close_it):
            buttons.addWidget(button)
        buttons.addStretch(1)
        layout = QVBoxLayout(self)
        layout.addWidget(self.text)
        layout.addWidget(self.viewer, 1)
        layout.addLayout(buttons)
        self.resize(theme.spacing(160), theme.spacing(170))
        self.setWindowTitle(self.tr("Provisional slip"))
        self.text.setText(
            self.tr("The applicant may have this meanwhile. It is no receipt: there is no number yet.")
        )
        self.print.set_text(self.tr("Print"))
        self.save.set_text(self.tr("Save as…"))
        self.close_it.set_text(self.tr("Close"))
        self.finished.connect(self.deleteLater)
        desk.files(slip_pdf, then=self._show, entry=entry)

    def _show(self, content: bytes) -> None:
        self._content = content
        self.viewer.show_paper(content, "application/pdf", self.windowTitle())

    def _print(self) -> None:
        said = self.tr("The slip was sent to the printer")
        self._desk.files(
            print_slip,
            then=lambda _: self._desk.notices.done(said),
            content=self._content,
            title=self.windowTitle(),
        )

    def _save(self) -> None:
        start = str(Path(self._desk.settings.save_folder or Path.home()) / "slip.pdf")
        path = QFileDialog.getSaveFileName(self, self.tr("Save as…"), start, "PDF (*.pdf)")[0]
        if path:
            said = self.tr("Saved as {file}")
            self._desk.files(
                save_slip,
                then=lambda name: self._desk.notices.done(said.format(file=name)),
                path=path,
                content=self._content,
            )
