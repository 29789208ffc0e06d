"""The hash of Kazakhstan's signatures, over whatever is at hand to compute it."""

from collections.abc import Iterable

from desktop.eds.gost import libgcrypt, streebog_plain
from desktop.errors import Unavailable

LARGEST_PLAIN = 64 * 1024
"""What plain Python may hash without libgcrypt, in bytes: a quarter of a second."""


def streebog(data: bytes | Iterable[bytes], bits: int) -> bytes:
    """Return the Streebog digest (GOST 34.11-2012) of ``bits`` 256 or 512: 32 or 64 bytes.

    ``data`` may be an iterable of pieces, read once. Raises Unavailable("streebog-not-here", fact ``limit`` in bytes)
    when there is more of it than plain Python may do and libgcrypt is not installed.
    """
    if bits not in (256, 512):
        raise ValueError(f"no Streebog of {bits} bits")
    pieces = (data,) if isinstance(data, bytes) else data
    if libgcrypt.available():
        return libgcrypt.digest(pieces, bits)
    held = bytearray()
    for piece in pieces:
        held += piece
        if len(held) > LARGEST_PLAIN:
            raise Unavailable("streebog-not-here", limit=LARGEST_PLAIN)
    return streebog_plain.digest(bytes(held), bits)
