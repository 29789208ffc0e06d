"""GOST 34.10-2015 with Streebog as Kazakhstan's authority uses it: verified here, never signed.

A technical check: the only certified means of checking these signatures is the authority's own (KalkanCrypt).
``validator`` puts it into the library that builds chains, and is imported where that library is.
"""

from desktop.eds.gost.hashing import streebog
from desktop.eds.gost.opaque_keys import install
from desktop.eds.gost.signature import ALGORITHMS, DIGESTS, KEYS, bits_of, public_key, verify

__all__ = ["ALGORITHMS", "DIGESTS", "KEYS", "bits_of", "public_key", "streebog", "verify"]

install()
