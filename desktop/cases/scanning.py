"""What a PDF can do besides being read, found without a PDF library and within fixed bounds.

Names are looked for outside the streams and inside the object streams, unpacked by zlib up to a limit;
``/J#53`` is read as ``/JS``. The answer is a list of warnings: the file itself is kept byte for byte.
"""

import re
import zlib
from collections.abc import Iterator

from desktop.cases.leafing import WINDOW, Leaves, of_bytes

STREAM_LIMIT = 16 * 1024 * 1024  # bytes unpacked of one stream
TOTAL_LIMIT = 128 * 1024 * 1024  # bytes unpacked of one file
PAGES = 500
PIXELS = 120_000_000  # of a picture: A4 at 1200 dpi is 139 million, at 1100 dpi 117 million

_FLAGS = {
    "JS": "javascript",
    "JavaScript": "javascript",
    "Launch": "launch",
    "EmbeddedFile": "embedded-file",
    "EmbeddedFiles": "embedded-file",
    "RichMedia": "rich-media",
    "XFA": "xfa",
    "SubmitForm": "submit-form",
    "ImportData": "import-data",
    "GoToR": "opens-other-file",
    "GoToE": "opens-other-file",
    "AA": "automatic-action",
    "OpenAction": "automatic-action",
    "URI": "link",
    "Encrypt": "encrypted",
}
_NAME = re.compile(rb"/([A-Za-z]+)(?![A-Za-z0-9_])")
_ESCAPE = re.compile(rb"#([0-9A-Fa-f]{2})")
_PAGE = re.compile(rb"/Type\s*/Page(?![A-Za-z])")


def pdf_flags(content: bytes | Leaves) -> tuple[str, ...]:
    """Return the warnings of a PDF, sorted: ``javascript``, ``encrypted``, ``embedded-file``, ``expands-too-far``..."""
    leaves = content if isinstance(content, Leaves) else of_bytes(content)
    flags: set[str] = set()
    left = TOTAL_LIMIT
    pages = 0
    position = 0
    for head, start, end in _streams(leaves):
        pages += _look_through(leaves, position, start, flags)
        position = end
        if b"FlateDecode" not in head and b"/Fl" not in head:
            continue
        of_objects = b"/ObjStm" in head
        unpacked, size, whole = _unpack(leaves, start, end, min(STREAM_LIMIT, left), keep=of_objects)
        left -= size
        if size and not whole:
            flags.add("expands-too-far")
        if of_objects:
            if size == 0 and end > start:
                flags.add("damaged")
            pages += _look(unpacked, len(unpacked), flags)
        if left <= 0:
            flags.add("expands-too-far")
            break
    pages += _look_through(leaves, position, len(leaves), flags)
    if "encrypted" in flags:
        flags.discard("damaged")  # its object streams cannot be read without the key
    if pages > PAGES:
        flags.add("many-pages")
    return tuple(sorted(flags))


def image_flags(media_type: str, content: bytes) -> tuple[str, ...]:
    """Return ("image-too-large",) for a picture whose header promises more than ``PIXELS``."""
    width, height = 0, 0
    if media_type == "image/png" and len(content) >= 24:
        width, height = int.from_bytes(content[16:20], "big"), int.from_bytes(content[20:24], "big")
    elif media_type == "image/jpeg":
        width, height = _jpeg_size(content)
    return ("image-too-large",) if width * height > PIXELS else ()


def _streams(leaves: Leaves) -> Iterator[tuple[bytes, int, int]]:
    """Yield (dictionary before, first byte, byte after the last) of each stream."""
    position = 0
    while (word := leaves.find(b"stream", position)) >= 0:
        after = leaves.read(word + 6, word + 8)
        start = word + 6 + (2 if after == b"\r\n" else 1)
        if not after.startswith((b"\n", b"\r\n")) or leaves.read(word - 3, word) == b"end":
            position = word + 6
            continue
        end = leaves.find(b"endstream", start)
        if end < 0:
            end = len(leaves)
        before = leaves.read(max(position, word - 4096), word)
        opening = before.rfind(b"obj")
        yield _plain(before[opening:] if opening >= 0 else before[-512:]), start, end
        position = end


def _look_through(leaves: Leaves, start: int, end: int, flags: set[str]) -> int:
    return sum(_look(piece, own, flags) for piece, own in leaves.windows(start, end))


def _look(piece: bytes, own: int, flags: set[str]) -> int:
    """Add the flags of the names that begin in the first ``own`` bytes of ``piece``; return how many pages it holds."""
    plain = _plain(piece)
    own = len(_plain(piece[:own]))
    for match in _NAME.finditer(plain):
        flag = _FLAGS.get(match.group(1).decode("ascii"))
        if flag and match.start() < own:
            flags.add(flag)
    return sum(1 for match in _PAGE.finditer(plain) if match.start() < own)


def _plain(piece: bytes) -> bytes:
    if b"#" not in piece:
        return piece
    return _ESCAPE.sub(lambda match: bytes([int(match.group(1), 16)]), piece)


def _unpack(leaves: Leaves, start: int, end: int, limit: int, *, keep: bool) -> tuple[bytes, int, bool]:
    """Return (bytes, how many, whether that was all); the bytes only with ``keep``. Damaged data ends where it breaks."""
    machine = zlib.decompressobj()
    pieces: list[bytes] = []
    size = 0
    rest = b""
    while size <= limit and not machine.eof and (rest or start < end):
        if not rest:
            rest = leaves.read(start, min(start + WINDOW, end))
            start += WINDOW
            if not rest:
                break
        try:
            piece = machine.decompress(rest, 1024 * 1024)
        except zlib.error:
            break
        size += len(piece)
        if keep:
            pieces.append(piece)
        rest = machine.unconsumed_tail
    return b"".join(pieces), size, size <= limit


def _jpeg_size(content: bytes) -> tuple[int, int]:
    position = 2
    while position + 9 < len(content) and content[position] == 0xFF:
        marker = content[position + 1]
        if 0xC0 <= marker <= 0xCF and marker not in {0xC4, 0xC8, 0xCC}:
            height = int.from_bytes(content[position + 5 : position + 7], "big")
            return int.from_bytes(content[position + 7 : position + 9], "big"), height
        position += 2 + int.from_bytes(content[position + 2 : position + 4], "big")
    return 0, 0
