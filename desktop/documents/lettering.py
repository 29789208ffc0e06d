"""Which characters the embedded fonts can print, and user text made ready for paper.

PDF/A forbids a glyph that is missing, so a character no font has is found here, with its field,
before the page is set. Read from the fonts' own ``cmap`` tables (ISO/IEC 14496-22, formats 4 and 12).
"""

import struct
import unicodedata
from functools import cache
from pathlib import Path
from typing import Any

from desktop import resources
from desktop.errors import BadInput

_SHAPING = "\u200c\u200d"  # zero-width (non-)joiner: part of the spelling of Arabic-script names


def printable(facts: Any, field: str = "") -> Any:
    """Return ``facts`` (JSON values) with every text normalised (NFC) and fit to be printed.

    Line ends stay; control characters, invisible marks and direction overrides are left out: they print
    nothing and can make a name read as another. Raises BadInput("text-not-printable", field, character, point) otherwise.
    """
    if isinstance(facts, dict):
        return {name: printable(value, f"{field}.{name}" if field else name) for name, value in facts.items()}
    if isinstance(facts, list):
        return [printable(value, field) for value in facts]
    return _text(facts, field) if isinstance(facts, str) else facts


def shown(facts: Any, instead: str) -> Any:
    """Return ``facts`` as ``printable``, with ``instead`` for every character no font has: for texts of strangers."""
    if isinstance(facts, dict):
        return {name: shown(value, instead) for name, value in facts.items()}
    if isinstance(facts, list):
        return [shown(value, instead) for value in facts]
    if not isinstance(facts, str):
        return facts
    mark = instead if ord(instead) in _covered() else "?"
    return "".join(char if char == "\n" or ord(char) in _covered() else mark for char in _kept(facts))


def _kept(value: str) -> str:
    return "".join(
        " " if char.isspace() and char not in "\n\u00a0" else char
        for char in unicodedata.normalize("NFC", value)
        if char.isspace() or char in _SHAPING or unicodedata.category(char) not in ("Cc", "Cf", "Cs")
    )


def _text(value: str, field: str) -> str:
    if value.isascii() and value.isprintable():
        return value
    kept = _kept(value)
    for char in kept:
        if ord(char) not in _covered() and char != "\n":
            raise BadInput("text-not-printable", field=field, character=char, point=f"U+{ord(char):04X}")
    return kept


@cache
def _covered() -> frozenset[int]:
    """Code points of the widest fallback face in both weights; all other faces fall back to it."""
    faces = sorted(resources.path("fonts").glob("*.ttf"))
    by_name = {face.name: _code_points(face) for face in faces}
    scripts = [points for name, points in by_name.items() if name.startswith(("NotoNaskh", "NotoSansHebrew"))]
    return frozenset((by_name["NotoSans-Regular.ttf"] & by_name["NotoSans-Bold.ttf"]).union(*scripts))


def _code_points(face: Path) -> set[int]:
    data = face.read_bytes()
    tables = struct.unpack_from(">H", data, 4)[0]
    for index in range(tables):
        tag, _, offset, _ = struct.unpack_from(">4sLLL", data, 12 + 16 * index)
        if tag == b"cmap":
            return _character_map(data, offset)
    raise ValueError(f"{face.name} has no character map")


def _character_map(data: bytes, at: int) -> set[int]:
    found: set[int] = set()
    for index in range(struct.unpack_from(">H", data, at + 2)[0]):
        subtable = at + struct.unpack_from(">HHL", data, at + 4 + 8 * index)[2]
        kind = struct.unpack_from(">H", data, subtable)[0]
        if kind == 12:
            for group in range(struct.unpack_from(">L", data, subtable + 12)[0]):
                first, last, _ = struct.unpack_from(">LLL", data, subtable + 16 + 12 * group)
                found.update(range(first, last + 1))
        elif kind == 4:
            found |= _segments(data, subtable)
    return found


def _segments(data: bytes, at: int) -> set[int]:
    """Format 4: segments of code points; a segment may still map single points to no glyph."""
    count = struct.unpack_from(">H", data, at + 6)[0] // 2
    ends = struct.unpack_from(f">{count}H", data, at + 14)
    starts = struct.unpack_from(f">{count}H", data, at + 16 + 2 * count)
    deltas = struct.unpack_from(f">{count}H", data, at + 16 + 4 * count)
    ranges_at = at + 16 + 6 * count
    ranges = struct.unpack_from(f">{count}H", data, ranges_at)
    found: set[int] = set()
    for index, (first, last, delta, shift) in enumerate(zip(starts, ends, deltas, ranges, strict=True)):
        for point in range(first, min(last, 0xFFFE) + 1):
            if shift:
                glyph = struct.unpack_from(">H", data, ranges_at + 2 * index + shift + 2 * (point - first))[0]
            else:
                glyph = point
            if (glyph + delta) & 0xFFFF and (glyph or not shift):
                found.add(point)
    return found
