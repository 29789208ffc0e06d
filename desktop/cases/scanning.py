"""What a PDF can do besides being read, found without a PDF library and within fixed bounds.

Names are looked for outside the streams and inside the object streams, unpacked by zlib up to a limit;
``/J#53`` is read as ``/JS``. The answer is a list of warnings: the file itself is kept byte for byte.
"""

import re
import zlib

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
_STREAM = re.compile(rb"stream\r?\n")
_PAGE = re.compile(rb"/Type\s*/Page(?![A-Za-z])")


def pdf_flags(content: bytes) -> tuple[str, ...]:
    """Return the warnings of a PDF, sorted: ``javascript``, ``encrypted``, ``embedded-file``, ``expands-too-far``..."""
    flags: set[str] = set()
    left = TOTAL_LIMIT
    pages = 0
    position = 0
    for head, start, end in _streams(content):
        pages += _look(content[position:start], flags)
        position = end
        if b"FlateDecode" not in head and b"/Fl" not in head:
            continue
        of_objects = b"/ObjStm" in head
        unpacked, size, whole = _unpack(content[start:end], min(STREAM_LIMIT, left), keep=of_objects)
        left -= size
        if size and not whole:
            flags.add("expands-too-far")
        if of_objects:
            if size == 0 and end > start:
                flags.add("damaged")
            pages += _look(unpacked, flags)
        if left <= 0:
            flags.add("expands-too-far")
            break
    pages += _look(content[position:], flags)
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


def _streams(content: bytes) -> "list[tuple[bytes, int, int]]":
    """Return (dictionary before, first byte, byte after the last) of each stream."""
    found = []
    position = 0
    while match := _STREAM.search(content, position):
        if content[max(0, match.start() - 3) : match.start()] == b"end":
            position = match.end()
            continue
        end = content.find(b"endstream", match.end())
        if end < 0:
            end = len(content)
        opening = content.rfind(b"obj", max(position, match.start() - 4096), match.start())
        head = content[opening if opening >= 0 else max(position, match.start() - 512) : match.start()]
        found.append((_plain(head), match.end(), end))
        position = end
    return found


def _look(piece: bytes, flags: set[str]) -> int:
    """Add the flags of the names in ``piece``; return how many pages it holds."""
    piece = _plain(piece)
    for name in set(_NAME.findall(piece)):
        flag = _FLAGS.get(name.decode("ascii"))
        if flag:
            flags.add(flag)
    return len(_PAGE.findall(piece))


def _plain(piece: bytes) -> bytes:
    if b"#" not in piece:
        return piece
    return _ESCAPE.sub(lambda match: bytes([int(match.group(1), 16)]), piece)


def _unpack(packed: bytes, limit: int, *, keep: bool) -> tuple[bytes, int, bool]:
    """Return (bytes, how many, whether that was all); the bytes only with ``keep``. Damaged data ends where it breaks."""
    machine = zlib.decompressobj()
    pieces: list[bytes] = []
    size = 0
    rest = packed
    while rest and size <= limit:
        try:
            piece = machine.decompress(rest, 1024 * 1024)
        except zlib.error:
            break
        size += len(piece)
        if keep:
            pieces.append(piece)
        if machine.eof or not piece:
            break
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
