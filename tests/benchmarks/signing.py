"""Signing beside its floors: C_Sign of the same token, the library's own signer, and a thousand papers by one PIN."""

import asyncio
import io
import os
import resource
import tempfile
import time
from collections.abc import Iterator
from datetime import timedelta
from itertools import count, pairwise
from pathlib import Path
from typing import Any

import pkcs11
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign.fields import SigSeedSubFilter
from pyhanko.sign.signers import PdfSignatureMetadata, PdfSigner, SimpleSigner

from desktop.eds import demo_token
from desktop.eds.demo_ca import DemoAuthority, DemoKey
from desktop.eds.pin import Pin
from desktop.eds.signing import Signed, ToSign, results_of
from desktop.eds.tokens import Signer, open_pkcs11, open_pkcs12
from tests.benchmarks.figures import Figure, by_turns, median, p95
from tests.benchmarks.papers import licence
from tests.eds.people import AT, HEAD, PASSWORD, VALID_FROM
from tests.token_place import MODULE, PIN

TIMES = 20
THOUSAND = 1000
MAKE_AND_SIGN_GOAL = 35


def measure() -> Iterator[Figure]:
    key = DemoAuthority(valid_from=VALID_FROM - timedelta(days=1)).issue(HEAD, valid_from=VALID_FROM)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "head.p12"
        key.write_pkcs12(path, PASSWORD)
        yield _beside_the_library(path)
        yield _made_and_signed(path)
        if MODULE.is_file():
            yield from _by_token(key, Path(folder))
        with open_pkcs12(path, Pin(PASSWORD)) as signer:
            yield _a_thousand(signer, "one of a thousand by one PIN")


def _beside_the_library(path: Path) -> Figure:
    page = licence(0)
    stock: Any = SimpleSigner.load_pkcs12(str(path), passphrase=PASSWORD.encode())

    def usual() -> None:
        meta = PdfSignatureMetadata(
            field_name="Signature1", md_algorithm="sha256", subfilter=SigSeedSubFilter.PADES
        )
        writer = IncrementalPdfFileWriter(io.BytesIO(page))
        asyncio.run(PdfSigner(meta, stock).async_sign_pdf(writer, output=io.BytesIO()))

    with open_pkcs12(path, PASSWORD) as signer:
        taken, floors = by_turns(lambda: signer.sign(page, at=AT, reason=""), usual, TIMES)
    return Figure(
        "signature PAdES, made and verified, beside the library's own signer",
        median(taken),
        median(floors),
        "pyHanko SimpleSigner, made and not verified",
        TIMES,
        p95=p95(taken),
    )


def _made_and_signed(path: Path) -> Figure:
    numbers = count(1)
    page = licence(0)
    with open_pkcs12(path, PASSWORD) as signer:
        taken, floors = by_turns(
            lambda: signer.sign(licence(next(numbers)), at=AT, reason=""),
            lambda: licence(next(numbers)),
            TIMES,
        )
        assert signer.sign(page, at=AT, reason="")
    return Figure(
        "licence drawn and signed",
        median(taken),
        median(floors),
        "drawn only",
        TIMES,
        goal=MAKE_AND_SIGN_GOAL,
        p95=p95(taken),
    )


def _by_token(key: DemoKey, folder: Path) -> Iterator[Figure]:
    os.environ["SOFTHSM2_CONF"] = str(demo_token.write_configuration(folder))
    demo_token.make_token(key, module=MODULE, label="head", pin=PIN, so_pin=PIN)
    page, data = licence(0), bytes(200)
    with open_pkcs11(MODULE, token="head", pin=Pin(PIN)) as signer:
        taken, floors = by_turns(
            lambda: signer.sign(page, at=AT, reason=""), lambda: signer.sign_raw(data, "sha256"), TIMES
        )
    yield Figure(
        "signature PAdES by a token, made and verified",
        median(taken),
        median(floors),
        "C_Sign of the same token (SoftHSM2)",
        TIMES,
        p95=p95(taken),
    )
    with open_pkcs11(MODULE, token="head", pin=Pin(PIN)) as signer:
        yield _a_thousand(signer, "one of a thousand by one PIN of a token")
    pkcs11.lib(str(MODULE)).finalize()


def _a_thousand(signer: Signer, name: str) -> Figure:
    page = licence(0)
    memory: list[int] = []
    moments = [time.perf_counter()]
    for result in results_of(signer, [ToSign(page)] * THOUSAND, at=AT):
        assert isinstance(result, Signed)
        moments.append(time.perf_counter())
        memory.append(_megabytes())
    taken = [(after - before) * 1000 for before, after in pairwise(moments)]
    return Figure(
        name,
        median(taken),
        median(taken[:100]),
        "one of the first hundred",
        THOUSAND,
        p95=p95(taken),
        note=f"{sum(taken) / 1000:.1f} s in all; memory {memory[99]} MB after 100, {memory[-1]} MB after all",
    )


def _megabytes() -> int:
    """Return what of this process lies in memory now (Linux: the second number of statm, in pages)."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * resource.getpagesize() // (1024 * 1024)
