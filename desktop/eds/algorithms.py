"""What a signature was made with: named, judged whether it can be checked here, and hashed by."""

import hashlib
from collections.abc import Iterable, Iterator
from typing import Any

from desktop.eds import gost
from desktop.eds.certificates import CertificateInfo

DIGESTS = frozenset({"sha256", "sha384", "sha512"})
_SIGNATURES = frozenset({"rsassa_pkcs1v15", "rsassa_pss", "ecdsa"})
_PIECE = 1024 * 1024


def algorithm_of(signer_info: Any, info: CertificateInfo) -> tuple[str, bool]:
    """Return the algorithms by name ("streebog512 / gost2015-512"), and whether they can be checked here.

    GOST 2004, and whatever nobody here knows, cannot.
    """
    hashed = signer_info["digest_algorithm"]["algorithm"]
    mechanism = signer_info["signature_algorithm"]
    bits = gost.bits_of(mechanism, hashed.dotted)
    if bits is not None:
        known = info.algorithm == f"gost2015-{bits}" and gost.DIGESTS.get(hashed.dotted) == bits
        return f"streebog{bits} / gost2015-{bits}", known
    digest_name = str(hashed.native)
    try:
        signature = str(mechanism.signature_algo)
    except ValueError:
        signature = str(mechanism["algorithm"].native)
    known = digest_name in DIGESTS and signature in _SIGNATURES and info.key_bits > 0
    return f"{digest_name} / {signature}", known


def is_gost(algorithm: str) -> bool:
    """Whether an algorithm, as ``algorithm_of`` or a certificate names it, is GOST: a technical check, not the certified."""
    return "gost2015" in algorithm


def digest(name: str, data: bytes | Iterable[bytes]) -> bytes:
    """Return the digest by name ("sha256") or dotted identifier (Streebog) of data, or of pieces one after another.

    ValueError for another; Unavailable("streebog-not-here") as ``gost.streebog``.
    """
    if name in gost.DIGESTS:
        return gost.streebog(data, gost.DIGESTS[name])
    if name not in DIGESTS:
        raise ValueError(f"no digest {name}")
    told = hashlib.new(name)
    for piece in (data,) if isinstance(data, bytes) else data:
        told.update(piece)
    return told.digest()


def fill_digest(embedded: Any) -> None:
    """Hash what a signature of a PDF covers, where the library cannot: by Streebog. ``digest`` says what is raised."""
    name = embedded.external_md_algorithm
    if name in gost.DIGESTS and name not in embedded.external_digests:
        embedded.external_digests[name] = digest(name, _covered(embedded))


def _covered(embedded: Any) -> Iterator[bytes]:
    numbers, stream = [int(number) for number in embedded.byte_range], embedded.reader.stream
    if len(numbers) != 4 or min(numbers) < 0 or numbers[0] + numbers[1] > numbers[2]:
        raise ValueError("no byte range")
    for start, length in (numbers[:2], numbers[2:]):
        stream.seek(start)
        left = length
        while left:
            piece = stream.read(min(left, _PIECE))
            if not piece:
                raise ValueError("a byte range beyond the file")
            left -= len(piece)
            yield piece
