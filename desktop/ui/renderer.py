"""Owns the child that draws untrusted papers (:mod:`desktop.ui.rendering`): one, warm, for the whole program.

Gives it one job at a time, ends it when a job takes too long, and starts the next one when it died: a bomb costs
one picture, never the program. Nothing here waits.
"""

import json
import os
import sys
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any

from PySide6.QtCore import (
    QByteArray,
    QCoreApplication,
    QObject,
    QProcess,
    QProcessEnvironment,
    QSize,
    QSizeF,
    QTimer,
)
from PySide6.QtGui import QImage

from desktop.ui.rendering import KEPT_OPEN

WALL_SECONDS = 20  # for one job
MAX_PIXELS = 36_000_000  # of one picture

_numbers = count(1)


@dataclass(frozen=True, slots=True)
class Paper:
    """A paper to be shown; ``number`` names it to the child."""

    content: bytes
    media_type: str
    path: str = ""  # of a file to be read in its place, for what is too large to be held
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
            paper = self._job.paper
            asked = {"do": "open", "media_type": paper.media_type, "path": paper.path}
            self._send(child, asked, paper.content)
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
