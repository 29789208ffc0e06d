"""What a PDF may hold before it is parsed: the library reads a hexadecimal string digit by digit, some 2.6 MB a second.

A signature's value is such a string. Whoever stuffs one with certificates, or writes many, is refused by a look that costs
milliseconds.
"""

import re

from pyhanko.pdf_utils.decode_limits import (
    DEFAULT_PURPOSE_LIMITS,
    DecodeLimits,
    DecodePurpose,
    DocumentDecodeBudget,
    StreamDecodeLimits,
)

from desktop.eds.signed_data import LARGEST_BARE

_MIB = 1024 * 1024
LIMITS = DecodeLimits(
    per_stream=StreamDecodeLimits(max_output_size=64 * _MIB),
    per_purpose={
        **DEFAULT_PURPOSE_LIMITS,
        DecodePurpose.OBJECT_STREAM: StreamDecodeLimits(
            max_ratio=100, ratio_floor=4 * _MIB, max_output_size=8 * _MIB
        ),
    },
    document_budget=DocumentDecodeBudget(base_allowance=128 * _MIB, max_ratio=10),
)
"""What the library may decode; an object stream is parsed as slowly as the file is."""

LONGEST = 2 * LARGEST_BARE  # digits of one string: a signature of a mebibyte
LONGEST_TOGETHER = 4 * LONGEST
_STEP = 64 * 1024  # a string shorter than two of these is not looked for
_DIGITS = re.compile(rb"[0-9A-Fa-f\s\0]*+")


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
