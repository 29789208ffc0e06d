"""A drawing on paper: seen as it will be printed, printed, or saved as a PDF or a picture."""

from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QDialog, QFileDialog, QHBoxLayout, QSpinBox, QVBoxLayout, QWidget

from desktop.ui import print_ways, theme
from desktop.ui.diagram import pages, sheet
from desktop.ui.diagram.shapes import Shapes
from desktop.ui.messages import sentence
from desktop.ui.print_ways import Printer
from desktop.ui.printing import save_bytes, with_pdf_ending
from desktop.ui.widgets.form import Field, choice
from desktop.ui.widgets.plain import Button, PlainLabel
from desktop.ui.widgets.tab_order import TabsByEye
from desktop.ui.widgets.viewer import DocumentViewer


class DrawingDialog(TabsByEye, QDialog):
    """Preview at the left; paper, printer and the ways out at the right."""

    def __init__(self, desk, shapes: Shapes, title: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("drawing")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._desk, self._shapes, self._title = desk, shapes, title
        self._content = b""
        self._printers: tuple[Printer, ...] = ()
        self.choose_file: Callable[[str, str], str] = self._ask_file  # tests hand in their own
        self._build()
        self._retranslate()
        self._draw()
        desk.files(print_ways.printers, then=self._show_printers)

    def _build(self) -> None:
        self.viewer = DocumentViewer(self, name="drawing.viewer")
        self.size: QComboBox = choice([(size, size) for size in pages.SIZES])
        self.size_field = Field(self.size, name="drawing.size", parent=self)
        self.size.setCurrentText(pages.fitting(self._shapes))
        self.size.currentTextChanged.connect(self._draw)
        self.printer: QComboBox = choice()
        self.printer_field = Field(self.printer, name="drawing.printer", parent=self)
        self.copies = QSpinBox(self)
        self.copies.setRange(1, 99)
        self.copies_field = Field(self.copies, name="drawing.copies", parent=self)
        self.said = PlainLabel(parent=self, wrap=True, name="drawing.said")
        self.print = Button(
            parent=self, kind="primary", icon="print", name="drawing.print", shortcut="Ctrl+Return"
        )
        self.save = Button(parent=self, icon="save", name="drawing.save_pdf", shortcut="Ctrl+S")
        self.picture = Button(parent=self, icon="image", name="drawing.save_png", shortcut="Ctrl+Shift+S")
        self.closer = Button(parent=self, name="drawing.close")
        self.print.clicked.connect(self.start)
        self.save.clicked.connect(self.save_pdf)
        self.picture.clicked.connect(self.save_png)
        self.closer.clicked.connect(self.close)
        holder = QWidget(self)
        holder.setFixedWidth(theme.spacing(80))
        side = QVBoxLayout(holder)
        side.setContentsMargins(0, 0, 0, 0)
        side.setSpacing(theme.spacing(3))
        for widget in (self.size_field, self.printer_field, self.copies_field, self.said):
            side.addWidget(widget)
        side.addStretch(1)
        for button in (self.print, self.save, self.picture, self.closer):
            side.addWidget(button)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(*[theme.spacing(4)] * 4)
        layout.setSpacing(theme.spacing(4))
        layout.addWidget(self.viewer, 1)
        layout.addWidget(holder)
        self.resize(theme.spacing(250), theme.spacing(170))

    def _draw(self, *_: object) -> None:
        self._content = b""
        self._tell()
        self._desk.files(
            sheet.pdf,
            then=self._drawn,
            shapes=self._shapes,
            title=self._title,
            size=self.size.currentData(),
        )

    def _drawn(self, content: bytes) -> None:
        self._content = content
        self.viewer.show_pdf(content, self._title)
        self._tell()

    def _show_printers(self, found: tuple[Printer, ...]) -> None:
        self._printers = found
        self.printer.clear()
        for one in found:
            self.printer.addItem(one.name or self.tr("Printer of this computer"), one)
        names = [one.name for one in found]
        wanted = self._desk.settings.printer
        self.printer.setCurrentIndex(names.index(wanted) if wanted in names else 0 if found else -1)
        self._tell()

    def _tell(self) -> None:
        why = ""
        if not self._content:
            why = self.tr("The paper is being read")
        elif not self._printers:
            why = self.tr("There is no printer here. Save the paper as a file instead.")
        self.print.set_why_not(why)
        self.save.setEnabled(bool(self._content))
        if self._content:
            self._say(why)

    def _say(self, text: str, tone: str = "") -> None:
        theme.mark(self.said, tone=tone)
        self.said.setText(text)

    def start(self) -> None:
        """Print what is shown."""
        self._desk.files(
            print_ways.send,
            then=self._sent,
            on_error=self._failed,
            printer=self.printer.currentData(),
            content=self._content,
            copies=self.copies.value(),
            title=self._title,
        )

    def _sent(self, _nothing: None) -> None:
        said = self.tr("{paper} was sent to the printer").format(paper=self._title)
        self._say(said, "done")
        self._desk.notices.done(said)

    def _failed(self, error: BaseException) -> bool:
        if not hasattr(error, "code"):
            return False
        self._say(sentence(error, self._desk.language), "late")
        return True

    def save_pdf(self) -> None:
        """Save the very bytes that are shown."""
        chosen = self.choose_file(f"{self._title}.pdf", "PDF (*.pdf)")
        if chosen and self._content:
            path = Path(with_pdf_ending(chosen))
            self._desk.files(
                save_bytes, then=partial(self._saved, path.name), on_error=self._failed, path=path,
                content=self._content,
            )  # fmt: skip

    def save_png(self) -> None:
        """Save the drawing as one picture."""
        chosen = self.choose_file(f"{self._title}.png", "PNG (*.png)")
        if chosen:
            path = Path(chosen if chosen.lower().endswith(".png") else f"{chosen}.png")
            self._desk.files(
                sheet.save_png, then=partial(self._saved, path.name), on_error=self._failed, path=path,
                shapes=self._shapes,
            )  # fmt: skip

    def _saved(self, name: str, _nothing: None) -> None:
        self._say(self.tr("Saved as {file}").format(file=name), "done")

    def _ask_file(self, name: str, kind: str) -> str:
        folder = self._desk.settings.save_folder
        name = "".join("_" if letter in '\\/:*?"<>|«»' else letter for letter in name)
        start = str(Path(folder) / name) if folder else name
        return QFileDialog.getSaveFileName(self, self.tr("Save the paper"), start, kind)[0]

    def _retranslate(self) -> None:
        self.setWindowTitle(self._title)
        self.size_field.set_label(self.tr("Size of the sheet"))
        self.printer_field.set_label(self.tr("Printer"))
        self.copies_field.set_label(self.tr("Copies"))
        self.print.set_text(self.tr("Print"))
        self.save.set_text(self.tr("Save as PDF…"))
        self.picture.set_text(self.tr("Save as a picture…"))
        self.closer.set_text(self.tr("Close"))
