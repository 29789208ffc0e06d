"""Where each key of a TOML text stands, so that a fault of meaning can name its line.

``tomllib`` gives lines for faults of syntax only; this reads the same text (already known to be valid
TOML 1.0) once more, for headers and keys alone.
"""

import re

Path = tuple[str | int, ...]

_PART = re.compile(r"""\s*("(?:[^"\\]|\\.)*"|'[^']*'|[A-Za-z0-9_-]+)\s*""")
_SKIPPED = re.compile(r'"""|\'\'\'|"(?:[^"\\]|\\.)*"|\'[^\']*\'|#.*|[\[\]{}]')


class Lines:
    """The line (from 1) of every header and key of a valid TOML text, read when first asked for."""

    def __init__(self, text: str) -> None:
        self._unread: str | None = text
        self._lines: dict[Path, int] = {(): 1}
        self._table: Path = ()
        self._arrays: dict[Path, int] = {}
        self._depth = 0  # of brackets a value has left open
        self._quote = ""  # the delimiter of a string left open

    def of(self, path: Path) -> int:
        """Return the line of ``path``, or of the nearest thing around it."""
        if self._unread is not None:
            for number, line in enumerate(self._unread.splitlines(), start=1):
                self._read(line, number)
            self._unread = None
        while path not in self._lines:
            path = path[:-1]
        return self._lines[path]

    def _read(self, line: str, number: int) -> None:
        if self._quote or self._depth:
            self._skip(line)
            return
        stripped = line.strip()
        if not stripped or stripped.startswith("#"):
            return
        if stripped.startswith("["):
            self._header(stripped, number)
            return
        parts, rest = _parts(stripped)
        for length in range(1, len(parts) + 1):
            self._lines.setdefault((*self._table, *parts[:length]), number)
        self._skip(rest.lstrip("="))

    def _header(self, stripped: str, number: int) -> None:
        is_array = stripped.startswith("[[")
        parts, _ = _parts(stripped.lstrip("["))
        path: Path = ()
        for part in parts[:-1]:
            path = (*path, part)
            if path in self._arrays:
                path = (*path, self._arrays[path])
        path = (*path, parts[-1])
        if is_array:
            self._lines.setdefault(path, number)
            self._arrays[path] = self._arrays.get(path, -1) + 1
            path = (*path, self._arrays[path])
        self._table = path
        self._lines.setdefault(path, number)

    def _skip(self, rest: str) -> None:
        """Note what a value leaves open at the end of its line: a long string or a bracket."""
        position = 0
        while position < len(rest):
            if self._quote:
                end = rest.find(self._quote, position)
                if end < 0:
                    return
                position, self._quote = end + 3, ""
                continue
            found = _SKIPPED.search(rest, position)
            if found is None:
                return
            mark, position = found.group(), found.end()
            if mark in ('"""', "'''"):
                self._quote = mark
            elif mark in "[{":
                self._depth += 1
            elif mark in "]}":
                self._depth -= 1


def _parts(text: str) -> tuple[tuple[str, ...], str]:
    """Return the parts of the dotted key ``text`` begins with, and what follows it."""
    parts: list[str] = []
    position = 0
    while found := _PART.match(text, position):
        word = found.group(1)
        parts.append(word[1:-1] if word[0] in "\"'" else word)
        position = found.end()
        if not text.startswith(".", position):
            break
        position += 1
    return tuple(parts), text[position:]
