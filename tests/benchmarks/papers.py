"""Drawing a licence and signing it, warm, each licence with facts of its own.

The floors: the compiler alone on the very pages, all that goes in made ready before, and the raw RSA-2048 operation
on the same key.
"""

import tempfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any
from unittest import mock

from cryptography.hazmat.primitives.asymmetric import ec, padding
from cryptography.hazmat.primitives.hashes import SHA256

from desktop import resources
from desktop.documents import drawing
from desktop.eds.codes import keys
from desktop.eds.codes.making import CodeSigner
from desktop.eds.codes.papers import PaperCoder
from desktop.eds.demo_ca import DemoAuthority
from desktop.eds.tokens import open_pkcs12
from desktop.regulation.model import DocumentKind
from tests.benchmarks.figures import Figure, by_turns, median, p95
from tests.documents.paper_facts import LICENCE
from tests.eds.people import AT, HEAD, PASSWORD, VALID_FROM

TIMES = 30
DRAW_GOAL = 15
SIGN_GOAL = 25
WHOLE_GOAL = 35  # make, with both codes, and sign


def measure() -> Iterator[Figure]:
    yield _drawing()
    yield _signing()
    yield _both_codes()
    yield _code()


def licence(number: int) -> bytes:
    """Draw a licence no other has the words of: nothing of its text is found in a cache."""
    text = f"18{number:06d}"
    facts = replace(LICENCE, number=text, status_url=f"https://status.ruqsat.invalid/l/{text}")
    return drawing.draw(DocumentKind.LICENCE, facts, _seal())


def by_the_compiler_alone(drawn: Callable[[int], bytes]) -> Callable[[int], bytes]:
    """Return what sets the licence of a number by typst with nothing of ours: its files are those of number 0."""
    press = drawing._press()
    given: list[tuple[dict[str, bytes], str, datetime]] = []

    class Noted:
        def print(self, files: dict[str, bytes], seal: str, moment: datetime) -> bytes:
            given.append((files, seal, moment))
            return press.print(files, seal, moment)

    with mock.patch.object(drawing, "_press", Noted):
        drawn(0)
    (files, seal, moment), name = given[0], "given.json"

    def alone(number: int) -> bytes:
        facts = files[name].replace(b"18000000", f"18{number:06d}".encode())
        return press.print({**files, name: facts}, seal, moment)

    return alone


def _drawing() -> Figure:
    numbers = count(1)
    drawing.warm_up()
    alone = by_the_compiler_alone(licence)
    taken, floors = by_turns(lambda: licence(next(numbers)), lambda: alone(next(numbers)), TIMES)
    return Figure(
        "licence PDF/A-2a, seal and QR in it",
        median(taken),
        median(floors),
        "the same two pages by typst alone, codes and facts made before",
        TIMES,
        goal=DRAW_GOAL,
        p95=p95(taken),
        note="the goal is for one page; a licence with its annex is two",
    )


def _signing() -> Figure:
    key = DemoAuthority(valid_from=VALID_FROM - timedelta(days=1)).issue(HEAD, valid_from=VALID_FROM)
    page, data = licence(0), bytes(200)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "head.p12"
        key.write_pkcs12(path, PASSWORD)
        with open_pkcs12(path, PASSWORD) as signer:
            taken, floors = by_turns(
                lambda: signer.sign(page, at=AT, reason="Лицензия"),
                lambda: key.private_key.sign(data, padding.PKCS1v15(), SHA256()),
                TIMES,
            )
    return Figure(
        "signature PAdES, made and verified",
        median(taken),
        median(floors),
        "raw RSA-2048",
        TIMES,
        goal=SIGN_GOAL,
        p95=p95(taken),
        note="about half of it is the check of what was made, which no signature leaves without",
    )


def _both_codes() -> Figure:
    """A licence with both codes, made and signed: the department's key and the head's, both in memory."""
    numbers = count(1)
    key = DemoAuthority(valid_from=VALID_FROM - timedelta(days=1)).issue(HEAD, valid_from=VALID_FROM)
    coder = _coder()
    alone = by_the_compiler_alone(lambda number: _coded(number, coder))

    def floor() -> None:
        key.private_key.sign(alone(next(numbers)), padding.PKCS1v15(), SHA256())

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "head.p12"
        key.write_pkcs12(path, PASSWORD)
        with open_pkcs12(path, PASSWORD) as signer:
            taken, floors = by_turns(
                lambda: signer.sign(_coded(next(numbers), coder), at=AT, reason="Лицензия беру"), floor, TIMES
            )
    return Figure(
        "licence with both codes, made and signed", median(taken), median(floors),
        "the same two pages by typst alone and raw RSA-2048", TIMES, goal=WHOLE_GOAL, p95=p95(taken),
    )  # fmt: skip


def _code() -> Figure:
    """The text of the code alone: claims, signature, compression."""
    coder = _coder()
    key = ec.generate_private_key(ec.SECP256R1())
    numbers = count(1)

    def made() -> None:
        number = f"18{next(numbers):06d}"
        coder.code(DocumentKind.LICENCE, replace(_dated(), number=number))

    taken, floors = by_turns(made, lambda: key.sign(b"x" * 500, ec.ECDSA(SHA256())), TIMES)
    return Figure(
        "text of a code (KZL1)", median(taken), median(floors), "raw ECDSA P-256", TIMES, p95=p95(taken)
    )


def _coder() -> PaperCoder:
    key, certificate = keys.make(name="Басқарма", bin="150540004327", valid_from=VALID_FROM)
    return PaperCoder(CodeSigner(certificate, keys.software(key)))


def _dated() -> Any:
    return replace(LICENCE, issued_on=AT.date(), first_issued_on=AT.date())


def _coded(number: int, coder: PaperCoder) -> bytes:
    text = f"18{number:06d}"
    facts = replace(_dated(), number=text, status_url=f"https://status.ruqsat.invalid/l/{text}")
    facts = replace(facts, code=coder.code(DocumentKind.LICENCE, facts))
    return drawing.draw(DocumentKind.LICENCE, facts, _seal())


def _seal() -> bytes:
    return resources.path("stamp", "specimen-seal.png").read_bytes()
