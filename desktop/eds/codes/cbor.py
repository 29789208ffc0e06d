"""CBOR of strangers (RFC 8949): read only when small, flat and written in the one deterministic way.

What is sealed has one form: definite lengths, no doubled key, shortest numbers. Anything else is refused before
or after the library reads it, so that two different texts never mean the same.
"""

from typing import Any

import cbor2

DEPTH = 8  # containers inside each other
ITEMS = 100_000  # data items in one message; a status list holds three to a licence
_SEALED = 18  # the only tag: COSE_Sign1 (RFC 9052 section 4.2)


def dumps(value: Any) -> bytes:
    """Return ``value`` as deterministic CBOR (RFC 8949 section 4.2: shortest forms, sorted keys)."""
    return bytes(cbor2.dumps(value, canonical=True))


def loads(content: bytes, *, items: int = ITEMS) -> Any:
    """Return the one value ``content`` holds; ValueError when it is not deterministic CBOR within the limits."""
    if _skip(content, 0, DEPTH, [items]) != len(content):
        raise ValueError("bytes after the value")
    try:
        value = cbor2.loads(content)
        again = dumps(value)
    except (cbor2.CBORError, ValueError, TypeError, OverflowError, RecursionError) as error:
        raise ValueError("not CBOR") from error
    if again != content:
        raise ValueError("not deterministic")
    return value


def _skip(content: bytes, at: int, depth: int, left: list[int]) -> int:
    """Return where the item at ``at`` ends, without making anything of it."""
    left[0] -= 1
    if depth < 0 or left[0] < 0:
        raise ValueError("too deep or too many items")
    kind, number, at = _head(content, at)
    if kind in (2, 3):
        at += number
    elif kind in (4, 5):
        for _ in range(min(number * (kind - 3), left[0] + 1)):
            at = _skip(content, at, depth - 1, left)
    elif kind == 6:
        if number != _SEALED:
            raise ValueError("a tag that is not expected")
        at = _skip(content, at, depth - 1, left)
    if at > len(content):
        raise ValueError("cut off")
    return at


def _head(content: bytes, at: int) -> tuple[int, int, int]:
    """Return the major type, the number and where the head ends (RFC 8949 section 3)."""
    if at >= len(content):
        raise ValueError("cut off")
    kind, short = divmod(content[at], 32)
    at += 1
    if kind == 7 and short not in (20, 21):
        raise ValueError("neither false nor true")
    if short < 24:
        return kind, short, at
    if short > 27:
        raise ValueError("no definite length")
    size = 1 << (short - 24)
    if at + size > len(content):
        raise ValueError("cut off")
    return kind, int.from_bytes(content[at : at + size], "big"), at + size
