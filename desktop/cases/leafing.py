"""A file as bytes that are read where they are looked at and not kept: a scan of 100 MB costs a few of them.

It is read and not mapped: a file that shrinks, or a stick that is pulled out, must not end the program.
"""

import io
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

WINDOW = 1024 * 1024  # bytes held at a time
_OVERLAP = 64  # of two windows, so that a word on their border is found


class Leaves:
    """The bytes of an open file. What is looked for goes forwards, through one window after another."""

    def __init__(self, source: BinaryIO) -> None:
        self._source = source
        self._length = source.seek(0, io.SEEK_END)
        self._at, self._held = 0, b""

    def __len__(self) -> int:
        return self._length

    def read(self, start: int, end: int) -> bytes:
        """Return a stretch of the file; a short one, for it is held whole."""
        start, end = max(start, 0), min(end, self._length)
        if self._at <= start and end <= self._at + len(self._held):
            return self._held[start - self._at : end - self._at]
        self._source.seek(start)
        return self._source.read(max(end - start, 0))

    def find(self, word: bytes, start: int) -> int:
        """Return where ``word`` (64 bytes at most) stands next, -1 for nowhere."""
        position = start
        while position < self._length:
            if not self._at <= position < self._at + len(self._held) - len(word):
                self._at, self._held = position, self._read(position, WINDOW + _OVERLAP)
            found = self._held.find(word, position - self._at)
            if found >= 0:
                return self._at + found
            following = self._at + len(self._held) - len(word) + 1
            if self._at + len(self._held) >= self._length or following <= position:
                return -1
            position = following
        return -1

    def windows(self, start: int, end: int) -> Iterator[tuple[bytes, int]]:
        """Yield the bytes of a stretch in windows, each with how many of them are not in the next one."""
        position = start
        while position < end:
            own = min(WINDOW, end - position)
            yield self.read(position, min(position + own + _OVERLAP, end)), own
            position += own

    def _read(self, start: int, count: int) -> bytes:
        self._source.seek(start)
        return self._source.read(count)


def of_bytes(content: bytes) -> Leaves:
    """Return what is in memory already, to be looked at the same way."""
    return Leaves(io.BytesIO(content))


@contextmanager
def opened(path: Path) -> Iterator[Leaves]:
    """Open a file; OSError when it cannot be read."""
    with path.open("rb", buffering=0) as source:
        yield Leaves(io.BufferedReader(source, 64 * 1024))
