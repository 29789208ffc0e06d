"""Pages of a stranger's file as pictures and texts: drawn by the child process that draws untrusted papers.

The child (``desktop.ui.rendering``) has limits of its own for memory, processor and files; here is the limit of time.
"""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import Timer
from typing import Any, BinaryIO

from PIL import Image

from desktop.errors import NotAllowed

WALL_SECONDS = 60  # for one file
MOST_BYTES = 64 * 1024 * 1024
MOST_PAGES = 40  # that are looked at
MOST_PIXELS = 16_000_000  # of one picture; a larger photograph is looked at smaller
DOTS_PER_INCH = 200
_POINTS = 72
_PHOTO_POINTS = 72 / 150  # the child calls an image's pixel that
_KINDS = (
    (b"%PDF", "application/pdf"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"II*\0", "image/tiff"),
    (b"MM\0*", "image/tiff"),
)


def media_type(content: bytes) -> str:
    """Return what kind of file it is by its first bytes; "" for one that is never drawn."""
    if b"%PDF-" in content[:1024]:
        return "application/pdf"
    return next((kind for mark, kind in _KINDS if content.startswith(mark)), "")


@dataclass(frozen=True, slots=True)
class Page:
    """One page: its picture in grey, its text ("" of an image), and how many pages the file has."""

    picture: Image.Image
    text: str
    count: int


@contextmanager
def pages_of(content: bytes) -> Iterator[Iterator[Page]]:
    """Give the pages of a PDF or an image, drawn one after another.

    NotAllowed "code-file-kind" (no PDF, PNG, JPEG or TIFF), "code-file-too-large" (limit), "paper-unreadable",
    "paper-locked", "paper-too-large": also when the child was ended for taking too much.
    """
    kind = media_type(content)
    if not kind:
        raise NotAllowed("code-file-kind")
    if len(content) > MOST_BYTES:
        raise NotAllowed("code-file-too-large", limit=MOST_BYTES)
    child = _start()
    clock = Timer(WALL_SECONDS, child.kill)
    clock.start()
    try:
        yield _drawn(_Talk(child), content, kind)
    finally:
        clock.cancel()
        child.kill()
        child.wait()
        for stream in (child.stdin, child.stdout):
            if stream is not None:
                stream.close()


def _start() -> "subprocess.Popen[bytes]":
    kept = ("PATH", "LD_LIBRARY_PATH", "SYSTEMROOT", "HOME", "LANG")
    environment = {name: os.environ[name] for name in kept if name in os.environ}
    environment |= {"PYTHONPATH": str(Path(__file__).resolve().parents[3]), "QT_QPA_PLATFORM": "offscreen"}
    return subprocess.Popen(
        [sys.executable, "-P", "-m", "desktop.ui.rendering"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=environment,
        bufsize=0,
    )


class _Talk:
    """Questions to the child and its answers: a line of JSON, then as many bytes as it says."""

    def __init__(self, child: "subprocess.Popen[bytes]") -> None:
        assert child.stdin is not None
        assert child.stdout is not None
        self._to: Any = child.stdin
        self._from: BinaryIO = os.fdopen(os.dup(child.stdout.fileno()), "rb")

    def ask(self, content: bytes = b"", **asked: Any) -> tuple[dict[str, Any], bytes]:
        try:
            self._write(json.dumps({**asked, "paper": 1, "size": len(content)}).encode() + b"\n" + content)
            line = self._from.readline()
            said = json.loads(line)
            payload = self._from.read(said["size"])
        except (OSError, ValueError, KeyError) as error:
            raise NotAllowed("paper-too-large") from error  # the child was ended, by us or by its limits
        if "error" in said:
            raise NotAllowed(said["error"])
        return said, payload

    def _write(self, message: bytes) -> None:
        view = memoryview(message)
        while view:
            view = view[self._to.write(view) :]

    def close(self) -> None:
        self._from.close()


def _drawn(talk: _Talk, content: bytes, kind: str) -> Iterator[Page]:
    try:
        opened, _ = talk.ask(content, do="open", media_type=kind)
        pdf = kind == "application/pdf"
        for index, (width, height) in enumerate(opened["pages"][:MOST_PAGES]):
            scale = DOTS_PER_INCH / _POINTS if pdf else 1 / _PHOTO_POINTS
            wide, high = width * scale, height * scale
            fitting = min(1.0, (MOST_PIXELS / max(wide * high, 1)) ** 0.5)
            size = {"width": max(1, round(wide * fitting)), "height": max(1, round(high * fitting))}
            said, pixels = talk.ask(do="page", index=index, **size)
            picture = Image.frombuffer(
                "RGB", (said["width"], said["height"]), pixels, "raw", "BGRX", said["stride"], 1
            ).convert("L")
            text = ""
            if pdf:
                text = talk.ask(do="text", index=index)[1].decode("utf-8", "replace")
            yield Page(picture, text, len(opened["pages"]))
    finally:
        talk.close()
