"""GOST 34.10-2015 with Streebog as Kazakhstan's authority uses it: verified here, never signed.

A technical check: the only certified means of checking these signatures is the authority's own (KalkanCrypt).
"""

from desktop.eds.gost.hashing import streebog
from desktop.eds.gost.signature import ALGORITHMS, DIGESTS, KEYS, public_key, verify
from desktop.eds.gost.validator import GostSignatureValidator, SignaturePolicy, bits_of

__all__ = [
    "ALGORITHMS",
    "DIGESTS",
    "KEYS",
    "GostSignatureValidator",
    "SignaturePolicy",
    "bits_of",
    "public_key",
    "streebog",
    "verify",
]
