"""GOST 34.10-2015 signatures as Kazakhstan's authority writes them, verified.

Byte orders of the profile: the public key is x‖y, the signature r‖s, each number little-endian, and the hash is read
as a little-endian number. (RFC 9215, of another country, has s‖r big-endian.)
"""

from dataclasses import dataclass
from typing import Any, ClassVar

from asn1crypto import core

from desktop.eds.gost import curves
from desktop.eds.gost.curves import Curve, Point
from desktop.eds.gost.hashing import streebog

STREEBOG_256, STREEBOG_512 = "1.2.398.3.10.1.3.2", "1.2.398.3.10.1.3.3"
_KEY_256, _KEY_512 = "1.2.398.3.10.1.1.2.1", "1.2.398.3.10.1.1.2.2"
_SIGNATURE_256, _SIGNATURE_512 = "1.2.398.3.10.1.1.2.3.1", "1.2.398.3.10.1.1.2.3.2"

ALGORITHMS = {_SIGNATURE_256: 256, _SIGNATURE_512: 512}
"""Signature algorithms of GOST 34.10-2015 with their Streebog: the identifier to the bits of key and hash."""

DIGESTS = {STREEBOG_256: 256, STREEBOG_512: 512}
"""Identifiers of Streebog (GOST 34.11-2015) to its bits."""

KEYS = {_KEY_256: 256, _KEY_512: 512}
"""Identifiers of public keys to their bits."""

_PARAMETERS: dict[int, dict[str, Curve]] = {
    512: {
        "1.2.398.3.10.1.1.2.2.1": curves.TC26_512_A,
        "1.2.643.7.1.2.1.2.1": curves.TC26_512_A,
        "1.2.643.7.1.2.1.2.2": curves.TC26_512_B,
    },
    256: {
        "1.2.398.3.10.1.1.2.1.1": curves.TC26_256_A,
        "1.2.643.7.1.2.1.1.1": curves.TC26_256_A,
        "1.2.643.7.1.2.1.1.2": curves.CRYPTOPRO_A,
        "1.2.643.2.2.35.1": curves.CRYPTOPRO_A,
        "1.2.643.7.1.2.1.1.3": curves.CRYPTOPRO_B,
        "1.2.643.2.2.35.2": curves.CRYPTOPRO_B,
        "1.2.643.7.1.2.1.1.4": curves.CRYPTOPRO_C,
        "1.2.643.2.2.35.3": curves.CRYPTOPRO_C,
    },
}


class _Parameters(core.Sequence):  # type: ignore[misc]
    _fields: ClassVar[list[Any]] = [
        ("public_key", core.ObjectIdentifier),
        ("digest", core.ObjectIdentifier, {"optional": True}),
        ("cipher", core.ObjectIdentifier, {"optional": True}),
    ]


class _Algorithm(core.Sequence):  # type: ignore[misc]
    _fields: ClassVar[list[Any]] = [
        ("algorithm", core.ObjectIdentifier),
        ("parameters", core.Any, {"optional": True}),
    ]


class _KeyInfo(core.Sequence):  # type: ignore[misc]
    _fields: ClassVar[list[Any]] = [("algorithm", _Algorithm), ("key", core.OctetBitString)]


@dataclass(frozen=True, slots=True)
class PublicKey:
    """A public key that was found good: of known parameters, and its point one of the curve's group."""

    bits: int
    curve: Curve
    point: Point

    def verify_digest(self, signature: bytes, digest: bytes) -> bool:
        """Whether ``signature`` (r‖s, little-endian) is this key's over ``digest``; a wrong length or range never is."""
        size, q = self.bits // 8, self.curve.q
        if len(signature) != 2 * size or len(digest) != size:
            return False
        r, s = int.from_bytes(signature[:size], "little"), int.from_bytes(signature[size:], "little")
        if not (0 < r < q and 0 < s < q):
            return False
        return verify_numbers(self.curve, self.point, int.from_bytes(digest, "little"), r, s)


def verify_numbers(curve: Curve, point: Point, e: int, r: int, s: int) -> bool:
    """The equation of GOST 34.10, section 6.2, for numbers already in range and a point of the curve."""
    inverse = pow(e % curve.q or 1, -1, curve.q)
    found = curve.sum(s * inverse % curve.q, point, -r * inverse % curve.q)
    return found is not None and found[0] % curve.q == r


def public_key(der: bytes) -> PublicKey | None:
    """Return the key of a SubjectPublicKeyInfo, or None for another algorithm, unknown parameters or a bad point."""
    try:
        info = _KeyInfo.load(der, strict=True)
        bits = KEYS.get(info["algorithm"]["algorithm"].dotted)
        if bits is None:
            return None
        parameters = info["algorithm"]["parameters"].parse(_Parameters)
        curve = _PARAMETERS[bits].get(parameters["public_key"].dotted)
        raw = core.OctetString.load(info["key"].native, strict=True).native
        digest = parameters["digest"]
    except (ValueError, TypeError, KeyError, AttributeError):
        return None
    if curve is None or len(raw) != bits // 4 or not _suits(digest, bits):
        return None
    half = bits // 8
    point = int.from_bytes(raw[:half], "little"), int.from_bytes(raw[half:], "little")
    return PublicKey(bits, curve, point) if curve.holds(point) else None


def _suits(digest: Any, bits: int) -> bool:
    """The digest the parameters name, when they do, is the key's own."""
    return digest.native is None or DIGESTS.get(digest.dotted) == bits


def verify(public_key_der: bytes, signature: bytes, data: bytes, algorithm_oid: str) -> bool:
    """Whether ``signature`` is that of the key (a SubjectPublicKeyInfo) over ``data``; what is not understood never is.

    Raises Unavailable("streebog-not-here") when ``data`` is too large to be hashed here.
    """
    bits, key = ALGORITHMS.get(algorithm_oid), public_key(public_key_der)
    if bits is None or key is None or key.bits != bits:
        return False
    return key.verify_digest(signature, streebog(data, bits))


def bits_of(algorithm: Any, digest: str | None = None) -> int | None:
    """Return 256 or 512 for a signature algorithm of GOST 34.10-2015, None for another.

    In a CMS the algorithm may be that of the key, when ``digest`` (a dotted identifier) is the Streebog it goes with.
    """
    dotted = algorithm["algorithm"].dotted
    if dotted in KEYS:
        return KEYS[dotted] if DIGESTS.get(digest or "") == KEYS[dotted] else None
    bits = ALGORITHMS.get(dotted)
    return bits if digest is None or DIGESTS.get(digest) == bits else None
