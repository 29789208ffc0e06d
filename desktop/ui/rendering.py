"""Untrusted papers become pictures in a child process; the window only ever sees the pictures.

Run as ``python -m desktop.ui.rendering`` this module is the child: it takes papers on stdin, keeps the last
few open, and answers with page sizes or pixels on stdout, under limits of memory and processor time.
Imported, it offers :class:`Renderer`, which owns one warm child, gives it one job at a time, ends it when a
job takes too long, and starts the next one when it died. A bomb costs one picture, never the program.

Both ways a message is one line of JSON, whose ``size`` says how many bytes follow it.
"""

import contextlib
import json
import os
import sys
from collections import OrderedDict, deque
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any, BinaryIO

from PySide6.QtCore import (
    QBuffer,
    QByteArray,
    QCoreApplication,
    QIODevice,
    QObject,
    QProcess,
    QProcessEnvironment,
    QSize,
    QSizeF,
    QTimer,
)
from PySide6.QtGui import QGuiApplication, QImage, QImageReader

MEMORY_LIMIT = 700 * 1024 * 1024  # bytes the child may take beyond what it starts with
CPU_SECONDS = 15  # of processor time for one job
WALL_SECONDS = 20  # for one job, as the parent counts them
MAX_PAGES = 2000
MAX_PIXELS = 36_000_000  # of one picture
KEPT_OPEN = 4  # papers the child keeps open
IMAGE_FORMATS = {"image/jpeg": b"jpeg", "image/png": b"png", "image/tiff": b"tiff"}
DOTS_TO_POINTS = 72 / 150  # an image without a believable resolution is shown as a 150 dpi scan


# ---------------------------------------------------------------------------------------------- the child


class _Refused(Exception):
    """A paper the child can say something about: ``code`` is a message code."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class _OpenPdf:
    def __init__(self, content: bytes) -> None:
        from PySide6.QtPdf import QPdfDocument

        self._buffer = _buffer(content)
        self._document = QPdfDocument()
        self._document.load(self._buffer)
        if self._document.error() != QPdfDocument.Error.None_:
            locked = self._document.error() == QPdfDocument.Error.IncorrectPassword
            raise _Refused("paper-locked" if locked else "paper-unreadable")
        if not 0 < self._document.pageCount() <= MAX_PAGES:
            raise _Refused("paper-unreadable" if self._document.pageCount() < 1 else "paper-too-large")

    def sizes(self) -> list[tuple[float, float]]:
        sizes = (self._document.pagePointSize(index) for index in range(self._document.pageCount()))
        return [(size.width(), size.height()) for size in sizes]

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

    def __init__(self, content: bytes, image_format: bytes) -> None:
        self._content, self._format = content, image_format
        reader = self._reader(0)
        self._pages = min(max(reader.imageCount(), 1), MAX_PAGES)
        if not reader.canRead() or not reader.size().isValid():
            raise _Refused("paper-unreadable")

    def _reader(self, index: int) -> QImageReader:
        self._buffer = _buffer(self._content)
        reader = QImageReader(self._buffer, QByteArray(self._format))
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
            media_type = asked["media_type"]
            if media_type == "application/pdf":
                paper: _OpenPdf | _OpenImage = _OpenPdf(content)
            elif media_type in IMAGE_FORMATS:
                paper = _OpenImage(content, IMAGE_FORMATS[media_type])
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


# --------------------------------------------------------------------------------------------- the parent

_numbers = count(1)


@dataclass(frozen=True, slots=True)
class Paper:
    """A paper to be shown; ``number`` names it to the child."""

    content: bytes
    media_type: str
    number: int = field(default_factory=lambda: next(_numbers))


@dataclass(slots=True)
class _Job:
    paper: Paper
    asked: dict[str, Any]
    then: Callable[[Any], None]
    failed: Callable[[str], None]


class Renderer(QObject):
    """One warm child and a queue of jobs. Lives in the GUI thread and never waits."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._process: QProcess | None = None
        self._known: set[int] = set()
        self._waiting: deque[_Job] = deque()
        self._job: _Job | None = None
        self._opening = False
        self._received = QByteArray()
        self._said: dict[str, Any] | None = None
        self._clock = QTimer(self, singleShot=True)
        self._clock.timeout.connect(self._took_too_long)

    def open(
        self, paper: Paper, *, then: Callable[[list[QSizeF]], None], failed: Callable[[str], None]
    ) -> None:
        """Ask for the sizes of the pages, in points; ``failed`` gets a message code."""
        self._add(_Job(paper, {"do": "open"}, then, failed))

    def page(
        self,
        paper: Paper,
        index: int,
        size: QSize,
        *,
        then: Callable[[QImage], None],
        failed: Callable[[str], None],
    ) -> None:
        """Ask for page ``index`` drawn ``size`` pixels large."""
        width, height = max(size.width(), 1), max(size.height(), 1)
        if width * height > MAX_PIXELS:
            shrink = (MAX_PIXELS / (width * height)) ** 0.5
            width, height = max(int(width * shrink), 1), max(int(height * shrink), 1)
        asked = {"do": "page", "index": index, "width": width, "height": height}
        self._add(_Job(paper, asked, then, failed))

    def forget(self, paper: Paper) -> None:
        """Drop the jobs of a paper nobody looks at any more."""
        self._waiting = deque(job for job in self._waiting if job.paper.number != paper.number)

    def warm(self) -> None:
        """Start the child before the first paper is wanted."""
        self._child()

    def is_idle(self) -> bool:
        """Return whether every picture asked for has come."""
        return self._job is None and not self._waiting

    def stop(self) -> None:
        """End the child; the next job would start another."""
        self._waiting.clear()
        self._job = None
        self._clock.stop()
        if self._process is not None:
            process, self._process = self._process, None
            process.blockSignals(True)
            process.kill()
            process.waitForFinished(2000)
            process.deleteLater()

    # the child's life

    def _child(self) -> QProcess:
        if self._process is None:
            process = QProcess(self)
            environment = QProcessEnvironment()
            for name in ("PATH", "LD_LIBRARY_PATH", "SYSTEMROOT", "HOME", "LANG"):
                if name in os.environ:
                    environment.insert(name, os.environ[name])
            environment.insert("PYTHONPATH", str(Path(__file__).resolve().parents[2]))
            environment.insert("QT_QPA_PLATFORM", "offscreen")
            process.setProcessEnvironment(environment)
            process.setStandardErrorFile(QProcess.nullDevice())
            process.readyReadStandardOutput.connect(self._read)
            process.finished.connect(self._ended)
            process.errorOccurred.connect(self._not_started)
            process.start(sys.executable, ["-P", "-m", "desktop.ui.rendering"])
            self._process = process
            self._known.clear()
        return self._process

    def _not_started(self, error: QProcess.ProcessError) -> None:
        if error == QProcess.ProcessError.FailedToStart:
            self._ended()

    def _ended(self, *_: object) -> None:
        """The child died: of the paper in its hands, or of a bad day. That paper is said to be unreadable."""
        if self._process is not None:
            self._process.blockSignals(True)
            self._process.deleteLater()
        self._process = None
        self._finish(error="paper-broke-viewer")

    def _took_too_long(self) -> None:
        if self._process is not None:
            self._process.blockSignals(True)
            self._process.kill()
            self._process.waitForFinished(1000)
            self._process.deleteLater()
            self._process = None
        self._finish(error="paper-took-too-long")

    # the queue

    def _add(self, job: _Job) -> None:
        self._waiting.append(job)
        if self._job is None:
            self._next()

    def _next(self) -> None:
        if self._job is not None or not self._waiting:
            return
        self._job = self._waiting.popleft()
        child = self._child()
        self._received.clear()
        self._said = None
        self._opening = self._job.paper.number not in self._known
        if self._opening or self._job.asked["do"] == "open":
            self._opening = self._job.asked["do"] != "open"
            self._send(
                child, {"do": "open", "media_type": self._job.paper.media_type}, self._job.paper.content
            )
        else:
            self._send(child, self._job.asked)

    def _send(self, child: QProcess, asked: dict[str, Any], content: bytes = b"") -> None:
        assert self._job is not None
        message = {**asked, "paper": self._job.paper.number, "size": len(content)}
        child.write(json.dumps(message).encode() + b"\n")
        if content:
            child.write(content)
        self._clock.start(WALL_SECONDS * 1000)

    def _read(self) -> None:
        if self._process is None:
            return
        self._received.append(self._process.readAllStandardOutput())
        if self._said is None:
            end = self._received.indexOf(b"\n")
            if end < 0:
                return
            self._said = json.loads(bytes(self._received.left(end)))
            self._received.remove(0, end + 1)
        if self._received.size() < self._said["size"]:
            return
        self._answered(self._said, bytes(self._received))

    def _answered(self, said: dict[str, Any], payload: bytes) -> None:
        job = self._job
        if job is None:
            return
        if "error" in said:
            self._finish(error=said["error"])
        elif self._opening:
            self._opening = False
            self._remember(job.paper)
            self._received.clear()
            self._said = None
            self._send(self._child(), job.asked)
        elif job.asked["do"] == "open":
            self._remember(job.paper)
            self._finish([QSizeF(width, height) for width, height in said["pages"]])
        else:
            image = QImage(payload, said["width"], said["height"], said["stride"], QImage.Format.Format_RGB32)
            self._finish(image.copy())

    def _remember(self, paper: Paper) -> None:
        self._known.add(paper.number)
        if len(self._known) > KEPT_OPEN:  # the child let go of the oldest; ask anew rather than guess which
            self._known = {paper.number}

    def _finish(self, result: Any = None, *, error: str = "") -> None:
        self._clock.stop()
        job, self._job = self._job, None
        self._received.clear()
        self._said = None
        if job is not None:
            if error:
                job.failed(error)
            else:
                job.then(result)
        self._next()


_renderer: list[Renderer] = []


def renderer() -> Renderer:
    """The program's one renderer, made at the first paper and ended with the program."""
    if not _renderer:
        made = Renderer()
        _renderer.append(made)
        application = QCoreApplication.instance()
        if application is not None:
            application.aboutToQuit.connect(stop)
    return _renderer[0]


def stop() -> None:
    """End the child, if there is one."""
    if _renderer:
        _renderer.pop().stop()


if __name__ == "__main__":
    sys.exit(main())
