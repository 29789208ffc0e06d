"""Untrusted papers become pictures in a child process; the window only ever sees the pictures.

Run as ``python -m desktop.ui.rendering`` this module is the child: it takes papers on stdin, keeps the last
few open, and answers with page sizes or pixels on stdout, under limits of memory and processor time. Its owner
is :mod:`desktop.ui.renderer`.

Both ways a message is one line of JSON, whose ``size`` says how many bytes follow it.
"""

import contextlib
import json
import os
import sys
from collections import OrderedDict
from pathlib import Path
from typing import Any, BinaryIO

from PySide6.QtCore import (
    QBuffer,
    QByteArray,
    QFile,
    QIODevice,
    QSize,
)
from PySide6.QtGui import QGuiApplication, QImage, QImageReader

MEMORY_LIMIT = 700 * 1024 * 1024  # bytes the child may take beyond what it starts with
CPU_SECONDS = 15  # of processor time for one job
MAX_PAGES = 2000
MOST_TEXT = 200_000  # characters of one page
KEPT_OPEN = 4  # papers the child keeps open
IMAGE_FORMATS = {"image/jpeg": b"jpeg", "image/png": b"png", "image/tiff": b"tiff"}
DOTS_TO_POINTS = 72 / 150  # an image without a believable resolution is shown as a 150 dpi scan


class _Refused(Exception):
    """A paper the child can say something about: ``code`` is a message code."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class _OpenPdf:
    def __init__(self, content: bytes, path: str = "") -> None:
        from PySide6.QtPdf import QPdfDocument

        self._source = _source(content, path)
        self._document = QPdfDocument()
        self._document.load(self._source)
        if self._document.error() != QPdfDocument.Error.None_:
            locked = self._document.error() == QPdfDocument.Error.IncorrectPassword
            raise _Refused("paper-locked" if locked else "paper-unreadable")
        if not 0 < self._document.pageCount() <= MAX_PAGES:
            raise _Refused("paper-unreadable" if self._document.pageCount() < 1 else "paper-too-large")

    def sizes(self) -> list[tuple[float, float]]:
        sizes = (self._document.pagePointSize(index) for index in range(self._document.pageCount()))
        return [(size.width(), size.height()) for size in sizes]

    def text(self, index: int) -> str:
        """Return the words of a page, as they stand in the file."""
        return self._document.getAllText(index).text()[:MOST_TEXT]

    def page(self, index: int, size: QSize) -> QImage:
        drawn = self._document.render(index, size)
        paper = QImage(drawn.size(), QImage.Format.Format_RGB32)
        paper.fill(0xFFFFFFFF)
        from PySide6.QtGui import QPainter

        painter = QPainter(paper)
        painter.drawImage(0, 0, drawn)
        painter.end()
        return paper


class _OpenImage:
    """JPEG, PNG or TIFF; several pictures of one TIFF are pages. The size is read before any pixel."""

    def __init__(self, content: bytes, image_format: bytes, path: str = "") -> None:
        self._content, self._format, self._path = content, image_format, path
        reader = self._reader(0)
        self._pages = min(max(reader.imageCount(), 1), MAX_PAGES)
        if not reader.canRead() or not reader.size().isValid():
            raise _Refused("paper-unreadable")

    def _reader(self, index: int) -> QImageReader:
        self._source = _source(self._content, self._path)
        reader = QImageReader(self._source, QByteArray(self._format))
        reader.setAutoDetectImageFormat(False)
        reader.setAutoTransform(True)
        if index:
            reader.jumpToImage(index)
        return reader

    def _size(self, index: int) -> QSize:
        reader = self._reader(index)
        size = reader.size()
        turned = reader.transformation().value & 4  # a quarter turn, by the camera's note
        return size.transposed() if turned else size

    def sizes(self) -> list[tuple[float, float]]:
        sizes = (self._size(index) for index in range(self._pages))
        return [(size.width() * DOTS_TO_POINTS, size.height() * DOTS_TO_POINTS) for size in sizes]

    def page(self, index: int, size: QSize) -> QImage:
        whole = self._size(index)
        if whole.width() * whole.height() * 4 > QImageReader.allocationLimit() * 1024 * 1024:
            raise _Refused("paper-too-large")
        reader = self._reader(index)
        if self._format == b"jpeg" and reader.transformation().value & 4 == 0:
            reader.setScaledSize(size)  # decoded at the size wanted, not at the size sent
        image = reader.read()
        if image.isNull():
            raise _Refused("paper-unreadable")
        return image.scaled(size).convertToFormat(QImage.Format.Format_RGB32)


def _source(content: bytes, path: str) -> QIODevice:
    """Return what the paper is read from: the file, where it is too large to be sent, else the bytes."""
    if not path:
        return _buffer(content)
    file = QFile(path)
    if not file.open(QIODevice.OpenModeFlag.ReadOnly):
        raise _Refused("paper-unreadable")
    return file


def _buffer(content: bytes) -> QBuffer:
    buffer = QBuffer()
    buffer.setData(QByteArray(content))
    buffer.open(QIODevice.OpenModeFlag.ReadOnly)
    return buffer


class _Child:
    def __init__(self) -> None:
        self._open: OrderedDict[int, _OpenPdf | _OpenImage] = OrderedDict()

    def answer(self, asked: dict[str, Any], content: bytes) -> tuple[dict[str, Any], bytes]:
        if asked["do"] == "open":
            media_type, path = asked["media_type"], asked.get("path", "")
            if media_type == "application/pdf":
                paper: _OpenPdf | _OpenImage = _OpenPdf(content, path)
            elif media_type in IMAGE_FORMATS:
                paper = _OpenImage(content, IMAGE_FORMATS[media_type], path)
            else:
                raise _Refused("paper-not-shown")
            sizes = paper.sizes()
            self._open[asked["paper"]] = paper
            self._open.move_to_end(asked["paper"])
            while len(self._open) > KEPT_OPEN:
                self._open.popitem(last=False)
            return {"pages": sizes}, b""
        paper = self._open[asked["paper"]]
        self._open.move_to_end(asked["paper"])
        if asked["do"] == "text":
            return {}, paper.text(asked["index"]).encode("utf-8", "replace") if isinstance(
                paper, _OpenPdf
            ) else b""
        image = paper.page(asked["index"], QSize(asked["width"], asked["height"]))
        if image.isNull():
            raise _Refused("paper-unreadable")
        return (
            {"width": image.width(), "height": image.height(), "stride": image.bytesPerLine()},
            bytes(image.constBits()),
        )


def _limit() -> None:
    """Memory for good; no file may be written, no core left. Where the system has no such limits, go without.

    PDFium's allocator reserves 32 GB of addresses when it wakes and takes its memory from there, so it is
    woken first, and what counts is RLIMIT_DATA (writable memory) rather than RLIMIT_AS (addresses) alone.
    """
    try:
        import resource
    except ImportError:  # Windows; a job object will do this there
        return
    if not Path("/proc/self/status").exists():
        return
    with contextlib.suppress(_Refused):
        _OpenPdf(b"%PDF-1.4")
    taken = _taken_bytes()
    for limit, already in ((resource.RLIMIT_AS, taken["VmSize"]), (resource.RLIMIT_DATA, taken["VmData"])):
        resource.setrlimit(limit, (already + MEMORY_LIMIT, already + MEMORY_LIMIT))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _taken_bytes() -> dict[str, int]:
    """Return what this process holds already, by the kernel's names."""
    lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    cells = [line.split() for line in lines if line.startswith(("VmSize", "VmData"))]
    return {cell[0].rstrip(":"): int(cell[1]) * 1024 for cell in cells}


def _limit_this_job() -> None:
    """The processor limit counts the whole life of a process, so each job moves it on."""
    try:
        import resource
    except ImportError:
        return
    used = resource.getrusage(resource.RUSAGE_SELF)
    soft = int(used.ru_utime + used.ru_stime) + CPU_SECONDS
    resource.setrlimit(resource.RLIMIT_CPU, (soft, resource.getrlimit(resource.RLIMIT_CPU)[1]))


def serve(source: BinaryIO, target: BinaryIO) -> None:
    """Answer jobs until ``source`` ends."""
    child = _Child()
    while line := source.readline():
        asked = json.loads(line)
        content = source.read(asked.get("size", 0))
        _limit_this_job()
        try:
            said, payload = child.answer(asked, content)
        except _Refused as refusal:
            said, payload = {"error": refusal.code}, b""
        except MemoryError:
            said, payload = {"error": "paper-too-large"}, b""
        said["size"] = len(payload)
        target.write(json.dumps(said).encode() + b"\n" + payload)
        target.flush()


def main() -> int:
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    application = QGuiApplication([sys.argv[0]])
    _limit()
    serve(sys.stdin.buffer, sys.stdout.buffer)
    del application
    return 0


if __name__ == "__main__":
    sys.exit(main())
