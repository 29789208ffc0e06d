"""What a PDF may hold before it is parsed: the library reads a hexadecimal string digit by digit, some 2.6 MB a second.

A signature's value is such a string. Whoever stuffs one with certificates, or writes many, is refused by a look that costs
milliseconds.
"""

import io
import re

from pyhanko.pdf_utils.decode_limits import (
    DEFAULT_PURPOSE_LIMITS,
    DecodeLimits,
    DecodePurpose,
    DocumentDecodeBudget,
    StreamDecodeLimits,
)
from pyhanko.pdf_utils.misc import PdfReadError

from desktop.eds.signed_data import LARGEST_BARE

_MIB = 1024 * 1024
_PARSED = StreamDecodeLimits(max_ratio=100, ratio_floor=256 * 1024, max_output_size=8 * _MIB)
LIMITS = DecodeLimits(
    per_stream=StreamDecodeLimits(max_output_size=64 * _MIB),
    per_purpose={
        **DEFAULT_PURPOSE_LIMITS,
        DecodePurpose.OBJECT_STREAM: _PARSED,
        DecodePurpose.XREF_STREAM: _PARSED,
    },
    document_budget=DocumentDecodeBudget(base_allowance=16 * _MIB, max_ratio=4),
)
"""What the library may decode. What it parses afterwards it reads byte by byte, as it reads the file."""

LONGEST = 2 * LARGEST_BARE  # digits of one string: a signature of a mebibyte
LONGEST_TOGETHER = 4 * LONGEST
MOST_READS = 10_000_000  # the library reads what it parses a byte at a time, a million in a second
_LARGE = 16 * _MIB
_STEP = 64 * 1024  # a string shorter than two of these is not looked for
_DIGITS = re.compile(rb"[0-9A-Fa-f\s\0]*+")


def stream_of(pdf: bytes) -> io.BytesIO:
    """Return ``pdf`` to be read; of a large one no more reads than a reader needs for millions of objects."""
    return io.BytesIO(pdf) if len(pdf) <= _LARGE else _Watched(pdf)


class _Watched(io.BytesIO):
    left = MOST_READS

    def read(self, size: int | None = -1, /) -> bytes:
        self.left -= 1
        if self.left < 0:
            raise PdfReadError("takes too long to be read")
        return super().read(size)


def has_huge_strings(pdf: bytes) -> bool:
    """Whether the hexadecimal strings of ``pdf`` are longer than any signatures are, one of them or all together.

    Digits of a stream (an image written in hexadecimal) are none: no ``<`` stands before them.
    """
    place = together = seen = 0
    while place + _STEP <= len(pdf):
        if not _DIGITS.fullmatch(pdf, place, place + _STEP):
            place += _STEP
            continue
        start = pdf.rfind(b"<", seen, place + 1) + 1
        found = _DIGITS.match(pdf, place)
        end = found.end() if found is not None else place
        if start and _DIGITS.fullmatch(pdf, start, place):
            together += end - start
            if end - start > LONGEST or together > LONGEST_TOGETHER:
                return True
        seen, place = end, max(end - end % _STEP, place + _STEP)
    return False
