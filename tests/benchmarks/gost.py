"""Verifying GOST signatures: the signature alone, a CMS with its chain, and hashing what is large.

The floors: the raw RSA-2048 verification of the same library all else uses, and SHA-512 over the same bytes.
"""

import hashlib
from collections.abc import Iterator

from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.hashes import SHA256

from desktop.eds.cms_signature import verify_detached
from desktop.eds.gost import streebog, verify
from tests.benchmarks.figures import Figure, by_turns, median, p95
from tests.eds.gost import making
from tests.eds.gost.messages import CONTENT, signed

TIMES = 60
GOAL = 100
_ALGORITHM = {256: "1.2.398.3.10.1.1.2.3.1", 512: "1.2.398.3.10.1.1.2.3.2"}


def measure() -> Iterator[Figure]:
    for bits in (256, 512):
        yield _alone(bits)
    yield _whole()
    yield _hashing()


def _alone(bits: int) -> Figure:
    key = making.new_key(bits)
    signature, spki = key.sign(CONTENT), key.spki
    taken, floors = by_turns(lambda: verify(spki, signature, CONTENT, _ALGORITHM[bits]), _rsa(), TIMES)
    return _figure(f"GOST {bits} signature verified", taken, floors)


def _whole() -> Figure:
    authority = making.authority()
    cms = signed(CONTENT, [authority.issue()])
    roots = [authority.root.der, authority.issuing.der]

    def judged() -> None:
        assert verify_detached(CONTENT, cms, trust_roots=roots, at=making.AT).valid

    taken, floors = by_turns(judged, _rsa(), TIMES)
    return _figure("GOST 512 CMS verified with its chain", taken, floors)


def _hashing() -> Figure:
    data = bytes(10 * 1024 * 1024)
    taken, floors = by_turns(lambda: streebog(data, 512), lambda: hashlib.sha512(data).digest(), 10)
    return Figure("Streebog-512 of 10 MB", median(taken), median(floors), "SHA-512", 10, p95=p95(taken))


def _rsa():
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    signature, public = key.sign(CONTENT, padding.PKCS1v15(), SHA256()), key.public_key()
    return lambda: public.verify(signature, CONTENT, padding.PKCS1v15(), SHA256())


def _figure(name: str, taken: list[float], floors: list[float]) -> Figure:
    return Figure(
        name, median(taken), median(floors), "raw RSA-2048 verification", TIMES, goal=GOAL, p95=p95(taken)
    )
