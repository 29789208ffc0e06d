"""How a stored PDF reaches paper: as it is through CUPS (``lp``), elsewhere as a picture of at least 600 dpi.

QtPdf only rasterises; the system's own print service takes the very bytes that were signed. Everything here runs
off the GUI thread and knows no widget.
"""

import os
import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QMarginsF, QPoint, QRect, QRectF, QSize, QSizeF
from PySide6.QtGui import QImage, QPageLayout, QPageSize, QPainter
from PySide6.QtPdf import QPdfDocument, QPdfDocumentRenderOptions
from PySide6.QtPrintSupport import QPrinter, QPrinterInfo

from desktop.errors import Unavailable

LEAST_DPI = 600
STRIP_HEIGHT = 800  # pixels of a page in memory at once
_SECONDS = 60


@dataclass(frozen=True, slots=True)
class Printer:
    """A printer as the system names it; ``name`` "" is the default one. ``whole``: takes the PDF as it is."""

    name: str
    whole: bool


def printers() -> tuple[Printer, ...]:
    """Return the printers there are, the default one first; none when there is nothing to print on."""
    if shutil.which("lp") is not None:
        names = _cups_names()
        if names is None:
            return (Printer("", whole=True),)
        if names:
            return tuple(Printer(name, whole=True) for name in names)
    known = QPrinterInfo.availablePrinterNames()
    first = QPrinterInfo.defaultPrinterName()
    return tuple(Printer(name, whole=False) for name in sorted(known, key=lambda name: name != first))


def send(printer: Printer, content: bytes, *, copies: int, title: str) -> None:
    """Print the paper; returns once the system has taken it.

    Unavailable "printer-absent", "printer-refused" (reason), "paper-not-printable".
    """
    if printer.whole:
        _through_cups(printer, content, copies, title)
    else:
        device = QPrinter(QPrinter.PrinterMode.HighResolution)
        device.setPrinterName(printer.name)
        if not device.isValid():
            raise Unavailable("printer-absent", printer=printer.name)
        device.setDocName(title)
        device.setCopyCount(copies)
        as_picture(device, content)


def as_picture(device: QPrinter, content: bytes) -> None:
    """Paint each page on ``device`` at its resolution, at least 600 dpi, in its own size, without margins."""
    buffer = QBuffer()
    buffer.setData(QByteArray(content))
    buffer.open(QIODevice.OpenModeFlag.ReadOnly)
    document = QPdfDocument()
    document.load(buffer)
    if document.error() != QPdfDocument.Error.None_ or document.pageCount() < 1:
        raise Unavailable("paper-not-printable")
    device.setResolution(max(LEAST_DPI, device.resolution()))
    device.setFullPage(True)
    painter = QPainter()
    for number in range(document.pageCount()):
        size = document.pagePointSize(number)
        device.setPageLayout(_layout(size))
        if number and not device.newPage():
            raise Unavailable("printer-refused", printer=device.printerName(), reason="")
        if not number and not painter.begin(device):
            raise Unavailable("printer-refused", printer=device.printerName(), reason="")
        _paint_page(painter, document, number, size, device.resolution())
    painter.end()
    document.close()


def _layout(size: QSizeF) -> QPageLayout:
    page = QPageSize(size, QPageSize.Unit.Point, "", QPageSize.SizeMatchPolicy.FuzzyMatch)
    lying = size.width() > size.height()
    turned = QPageLayout.Orientation.Landscape if lying else QPageLayout.Orientation.Portrait
    if lying:
        page = QPageSize(size.transposed(), QPageSize.Unit.Point, "", QPageSize.SizeMatchPolicy.FuzzyMatch)
    return QPageLayout(page, turned, QMarginsF())


def _paint_page(painter: QPainter, document: QPdfDocument, number: int, size: QSizeF, dpi: int) -> None:
    """Paint in strips: a whole A4 page at 600 dpi would take 140 MB."""
    whole = QSize(round(size.width() * dpi / 72), round(size.height() * dpi / 72))
    for top in range(0, whole.height(), STRIP_HEIGHT):
        strip = QRect(QPoint(0, top), QSize(whole.width(), min(STRIP_HEIGHT, whole.height() - top)))
        options = QPdfDocumentRenderOptions()
        options.setScaledSize(whole)
        options.setScaledClipRect(strip)
        drawn = document.render(number, strip.size(), options)
        if drawn.isNull():
            raise Unavailable("paper-not-printable")
        paper = QImage(drawn.size(), QImage.Format.Format_RGB32)
        paper.fill(0xFFFFFFFF)
        over = QPainter(paper)
        over.drawImage(0, 0, drawn)
        over.end()
        painter.drawImage(QRectF(strip), paper, QRectF(paper.rect()))


def _cups_names() -> list[str] | None:
    """Return CUPS' printers, the default first; None when the system cannot list them."""
    if shutil.which("lpstat") is None:
        return None
    listed = _run(["lpstat", "-e"])
    default = _run(["lpstat", "-d"]).stdout.rpartition(":")[2].strip()
    names = [line.strip() for line in listed.stdout.splitlines() if line.strip()]
    return sorted(names, key=lambda name: name != default)


def _through_cups(printer: Printer, content: bytes, copies: int, title: str) -> None:
    handle, name = tempfile.mkstemp(prefix="ruqsat-", suffix=".pdf")  # readable by this user only
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        wanted = ["-d", printer.name] if printer.name else []
        told = _run(["lp", *wanted, "-n", str(copies), "-t", title, "--", name])
    finally:
        Path(name).unlink(missing_ok=True)
    if told.returncode != 0:
        reason = " ".join(told.stderr.split())[:300]
        raise Unavailable("printer-refused", printer=printer.name, reason=reason)


def _run(command: list[str]) -> subprocess.CompletedProcess[str]:
    try:
        return subprocess.run(
            command,
            capture_output=True,
            text=True,
            errors="replace",
            timeout=_SECONDS,
            env={**os.environ, "LC_ALL": "C.UTF-8"},
            check=False,
        )
    except FileNotFoundError as error:
        raise Unavailable("printer-absent", printer="") from error
    except (OSError, subprocess.TimeoutExpired) as error:
        raise Unavailable("printer-refused", printer="", reason=str(error)) from error
