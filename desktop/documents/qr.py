"""QR codes (ISO/IEC 18004, level M) as pictures of lines: the text becomes codewords here, ``qrcode`` places them.

The library puts every bit into a list of its own and divides polynomials by recursion, which took three quarters of
the time of a dense code; the codewords are the same.
"""

from collections.abc import Iterator, Sequence
from functools import cache
from itertools import chain, zip_longest
from typing import Any

import qrcode
from qrcode import base, util
from qrcode.exceptions import DataOverflowError

_LEVEL = qrcode.constants.ERROR_CORRECT_M
_QUIET_ZONE = 4  # modules of white around a code
_DENSE, DENSE_MASK = 200, 3  # from how many characters on the mask is not looked for
_VALUES = {sign: value for value, sign in enumerate(util.ALPHA_NUM)}
_PADDING = (0xEC, 0x11)


def picture(text: str) -> tuple[bytes, int]:
    """``text`` as the SVG of a code and its width in modules; 0 when there is none.

    The four modules of white around it are part of the picture. Capitals, digits and signs go in alphanumeric mode.
    """
    if not text:
        return b"", 0
    matrix = modules(text)
    side = len(matrix)
    runs = "".join(lines(row, y) for y, row in enumerate(matrix))
    svg = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {side} {side}" shape-rendering="crispEdges">'
        f'<path fill="#fff" d="M0 0h{side}v{side}H0z"/><path d="{runs}"/></svg>'
    )
    return svg.encode(), side


def modules(text: str) -> list[list[bool]]:
    """Return the rows of the code, dark modules True, with the white around it."""
    # Looking for the best of eight masks costs four times the code itself; in a dense code any of them mixes well.
    mask = DENSE_MASK if len(text) > _DENSE else None
    code = qrcode.QRCode(error_correction=_LEVEL, border=_QUIET_ZONE, mask_pattern=mask)
    code.add_data(text)
    code.version = _version(code.data_list)
    code.data_cache = codewords(code.data_list, code.version)
    code.make(fit=False)
    matrix: list[list[bool]] = code.get_matrix()
    return matrix


def lines(row: Sequence[bool], y: int) -> str:
    """One path per run of dark modules: fewer seams than a square for each."""
    drawn = []
    start: int | None = None
    for x, dark in enumerate([*row, False]):
        if dark and start is None:
            start = x
        elif not dark and start is not None:
            drawn.append(f"M{start} {y}h{x - start}v1H{start}z")
            start = None
    return "".join(drawn)


def codewords(parts: Sequence[Any], version: int) -> list[int]:
    """Return the bytes of a code in the order they are placed: data of all blocks by turns, then their corrections."""
    blocks = base.rs_blocks(version, _LEVEL)
    data = _padded("".join(_bits(parts, version)), sum(block.data_count for block in blocks))
    own, corrections, start = [], [], 0
    for block in blocks:
        part = data[start : start + block.data_count]
        start += block.data_count
        own.append(part)
        corrections.append(_correction(part, block.total_count - block.data_count))
    turns = chain(zip_longest(*own), zip_longest(*corrections))
    return [word for turn in turns for word in turn if word is not None]


def _version(parts: Sequence[Any]) -> int:
    """Return the smallest version (1 to 40) that holds the parts; DataOverflowError when none does."""
    for version, limit in enumerate(util.BIT_LIMIT_TABLE[_LEVEL]):
        if (
            version
            and sum(4 + util.length_in_bits(one.mode, version) + _length(one) for one in parts) <= limit
        ):
            return version
    raise DataOverflowError


def _length(part: Any) -> int:
    """Return the bits of a part of the text, without what stands before it."""
    many = len(part)
    if part.mode == util.MODE_NUMBER:
        return 10 * (many // 3) + (0, 4, 7)[many % 3]
    if part.mode == util.MODE_ALPHA_NUM:
        return 11 * (many // 2) + 6 * (many % 2)
    return 8 * many


def _bits(parts: Sequence[Any], version: int) -> Iterator[str]:
    for part in parts:
        data = part.data
        yield f"{part.mode:04b}{len(part):0{util.length_in_bits(part.mode, version)}b}"
        if part.mode == util.MODE_NUMBER:
            for at in range(0, len(data), 3):
                digits = data[at : at + 3]
                yield f"{int(digits):0{(4, 7, 10)[len(digits) - 1]}b}"
        elif part.mode == util.MODE_ALPHA_NUM:
            values = [_VALUES[sign] for sign in data]
            for first, second in zip(values[::2], values[1::2], strict=False):
                yield f"{first * 45 + second:011b}"
            if len(values) % 2:
                yield f"{values[-1]:06b}"
        else:
            yield "".join(f"{byte:08b}" for byte in data)


def _padded(bits: str, many: int) -> bytes:
    """Return the bits as ``many`` bytes: an end mark, zeros to a whole byte, then two bytes by turns."""
    bits += "0" * min(4, 8 * many - len(bits))
    bits += "0" * (-len(bits) % 8)
    data = int(bits, 2).to_bytes(len(bits) // 8, "big")
    return data + bytes(_PADDING[at % 2] for at in range(many - len(data)))


def _correction(data: bytes, many: int) -> bytes:
    """Return the ``many`` bytes of Reed and Solomon for ``data``: the rest of a division, a byte of data a step."""
    multiples, shift, mask = _multiples(many), 8 * (many - 1), (1 << 8 * many) - 1
    rest = 0
    for byte in data:
        rest = ((rest << 8) & mask) ^ multiples[(rest >> shift) ^ byte]
    return rest.to_bytes(many, "big")


@cache
def _multiples(many: int) -> tuple[int, ...]:
    """The generator polynomial of degree ``many`` without its first term, times every byte, each as one number."""
    generator = [1]
    for power in range(many):
        root = base.gexp(power)
        shifted = [*generator, 0]
        for at, value in enumerate(generator, 1):
            shifted[at] ^= _product(value, root)
        generator = shifted
    return tuple(
        int.from_bytes(bytes(_product(factor, value) for value in generator[1:]), "big")
        for factor in range(256)
    )


def _product(first: int, second: int) -> int:
    """Multiply in the field of 256 of the codes."""
    return base.gexp(base.glog(first) + base.glog(second)) if first and second else 0
