"""How long signing and verifying take beside their floors: ``python -m tests.eds.timing``.

The floor of a signature is the raw RSA-2048 operation on the same key in the same process; that of verifying
is the digest of the file with the raw public-key operation.
"""

import hashlib
import os
import statistics
import tempfile
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import typst
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.hazmat.primitives.hashes import SHA256

from desktop.eds import demo_token
from desktop.eds.demo_ca import DemoAuthority
from desktop.eds.pdf_signature import verify
from desktop.eds.tokens import open_pkcs11, open_pkcs12
from tests.eds.people import AT, HEAD, PASSWORD, VALID_FROM

MODULE = Path("/usr/lib/softhsm/libsofthsm2.so")
PIN = "12345678"
TIMES = 40


def median(work: Callable[[], object], times: int = TIMES) -> float:
    """Return the median of ``times`` runs in milliseconds, after one to warm up."""
    work()
    taken = []
    for _ in range(times):
        started = time.perf_counter()
        work()
        taken.append((time.perf_counter() - started) * 1000)
    return statistics.median(taken)


def measure() -> dict[str, float]:
    """Return medians in milliseconds; keys ending in ``floor`` are the floors of the line before."""
    authority = DemoAuthority(valid_from=VALID_FROM - timedelta(days=1))
    key = authority.issue(HEAD, valid_from=VALID_FROM)
    roots = [authority.root_pem]
    page = typst.compile("= Лицензия\nМедициналық қызметке".encode(), format="pdf", pdf_standards=["a-2a"])
    assert isinstance(page, bytes)
    data = bytes(200)
    value = key.private_key.sign(data, padding.PKCS1v15(), SHA256())
    told: dict[str, float] = {}
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "head.p12"
        key.write_pkcs12(path, PASSWORD)
        with open_pkcs12(path, PASSWORD) as signer:
            told["sign and check, PKCS#12"] = median(lambda: signer.sign(page, at=AT, reason=""))
            signed = signer.sign(page, at=AT, reason="")
        told["sign, floor"] = median(lambda: key.private_key.sign(data, padding.PKCS1v15(), SHA256()))
        told["open PKCS#12"] = median(lambda: open_pkcs12(path, PASSWORD).__enter__(), 10)
        if MODULE.is_file():
            os.environ["SOFTHSM2_CONF"] = str(demo_token.write_configuration(Path(folder)))
            demo_token.make_token(key, module=MODULE, label="head", pin=PIN, so_pin=PIN)
            with open_pkcs11(MODULE, token="head", pin=PIN) as signer:
                told["sign and check, PKCS#11 (SoftHSM2)"] = median(
                    lambda: signer.sign(page, at=AT, reason="")
                )
            told["log in, sign and check, PKCS#11"] = median(lambda: _one(page), 10)
    told["verify"] = median(lambda: verify(signed, trust_roots=roots, at=AT))
    public = key.private_key.public_key()
    told["verify, floor"] = median(
        lambda: (hashlib.sha256(signed), public.verify(value, data, padding.PKCS1v15(), SHA256()))
    )
    return told


def _one(page: bytes) -> bytes:
    with open_pkcs11(MODULE, token="head", pin=PIN) as signer:
        return signer.sign(page, at=AT, reason="")


if __name__ == "__main__":
    for name, milliseconds in measure().items():
        print(f"{name:40} {milliseconds:8.2f} ms")  # noqa: T201
