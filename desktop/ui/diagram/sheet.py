"""The drawing as a PDF or a picture, in the light colours, whatever the windows wear. Runs on the files lane."""

from pathlib import Path

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QMarginsF, QRectF
from PySide6.QtGui import QColor, QImage, QPageLayout, QPageSize, QPainter, QPdfWriter

from desktop.ui import theme
from desktop.ui.diagram import pages
from desktop.ui.diagram.paint import Painting
from desktop.ui.diagram.shapes import Shapes
from desktop.ui.printing import save_bytes

_DPI = 300
_SHARP = 2  # pixels of a picture for one unit of the drawing
_EDGE = 2  # of a step's outline
_LARGEST = 16_000  # pixels of a side
_PAGES = {"A4": QPageSize.PageSizeId.A4, "A3": QPageSize.PageSizeId.A3}


def pdf(shapes: Shapes, title: str, size: str) -> bytes:
    """Return the drawing as a PDF on paper of ``size`` ("A4", "A3")."""
    sheets = pages.of(shapes, size)
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    writer = QPdfWriter(buffer)
    turned = QPageLayout.Orientation.Landscape if sheets.lying else QPageLayout.Orientation.Portrait
    margins = QMarginsF(*[pages.MARGIN] * 4)
    writer.setPageLayout(QPageLayout(QPageSize(_PAGES[size]), turned, margins, QPageLayout.Unit.Millimeter))
    writer.setResolution(_DPI)
    writer.setTitle(title)
    writer.setCreator("Ruqsat")
    painter = QPainter(writer)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    scale = _DPI / 96 * sheets.scale
    for number, (top, bottom) in enumerate(sheets.slices):
        if number:
            writer.newPage()
        painter.save()
        painter.scale(scale, scale)
        _slice(painter, shapes, top, bottom, first=not number)
        painter.restore()
    painter.end()
    return bytes(buffer.data().data())


def _slice(painter: QPainter, shapes: Shapes, top: float, bottom: float, *, first: bool) -> None:
    """Draw what stands between two heights; a page that is not the first begins with the lanes' titles."""
    painting = Painting(painter, shapes, theme.LIGHT)
    above = 0.0
    lanes_end = shapes.rows[-1][1]
    if not first and top < lanes_end:
        painting.head(0)
        above = shapes.head.height
    painter.translate(0, above - top)
    painter.setClipRect(QRectF(0, top - _EDGE, shapes.width, bottom - top))  # edges of steps reach over
    painting.whole()


def png(shapes: Shapes) -> bytes:
    """Return the drawing as a picture, twice as sharp as the screen."""
    sharp = min(_SHARP, _LARGEST / shapes.width, _LARGEST / shapes.height)
    image = QImage(round(shapes.width * sharp), round(shapes.height * sharp), QImage.Format.Format_RGB32)
    image.fill(QColor(theme.LIGHT.surface))
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.scale(sharp, sharp)
    Painting(painter, shapes, theme.LIGHT).whole()
    painter.end()
    content = QByteArray()
    buffer = QBuffer(content)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    image.save(buffer, "PNG")
    return bytes(content.data())


def save_png(path: Path, shapes: Shapes) -> None:
    """Write the picture; Unavailable "file-not-saved"."""
    save_bytes(path, png(shapes))
