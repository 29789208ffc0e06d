"""The verifier is for strangers' files: whatever is in them, it answers, in time, and never "valid" for another content.

An ordinary run tries some dozens of the same spoiled inputs for each kind; ``installer/test --fuzz N`` tries N new ones.
"""

import io
import json
import time
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from lxml import etree

from desktop.eds import ocsp
from desktop.eds.certificates import describe
from desktop.eds.embedded_proofs import Proofs, chain_by
from desktop.eds.fetching import http_fetch
from desktop.eds.report import NOT_VALID, UNREADABLE, VALID, verify_file
from desktop.eds.revocation import standing
from desktop.eds.revocation_asking import asker
from desktop.eds.trust_files import Trusted, sorted_out
from desktop.eds.verdict import Standing, Verdict
from desktop.errors import Told
from desktop.exchange.checking import check
from tests.eds.authority import RealAuthority
from tests.eds.cades import attribute, revocation_values, tlv, with_unsigned
from tests.eds.gost import xml_making
from tests.eds.lists import answer, responder
from tests.eds.long_term import sign
from tests.eds.people import AT, BIN, Keys
from tests.eds.test_checking import CONTENT, attached, detached
from tests.exchange.making import good

SLOWEST = 20.0  # seconds for one input, on a machine that does other things too

_PIECES = (
    b"/ByteRange [0 1 2 3]", b"/Contents <00>", b"1 0 obj", b"endobj", b"stream", b"startxref", b"%%EOF", b"<<", b"[",
    b"9999999999", b"-1", b"\x30\x84\xff\xff\xff\xff", b"\x30\x80", b"\x00\x00", b"\x04\x00", b"\x02\x81\x00", b"\x1f\xff",
    b"<a>", b"&x;", b"]]>", b"\xff\xfe", b"\xf0\x9f\x98\x80", b"PK\x01\x02", b"KZL1:", b"MII", b"-----BEGIN CMS-----",
)  # fmt: skip
_EDITS = st.lists(
    st.tuples(
        st.sampled_from(("flip", "cut", "put", "drop", "repeat", "swap")),
        st.integers(0, 2**24),
        st.one_of(st.binary(min_size=1, max_size=12), st.sampled_from(_PIECES)),
    ),
    min_size=1,
    max_size=6,
)


def spoiled(content: bytes, edits: list[tuple[str, int, bytes]]) -> bytes:
    """Return ``content`` after the edits: bits turned, ends cut, pieces put in, left out, said twice, exchanged."""
    made = bytearray(content)
    for kind, place, piece in edits:
        at = place % (len(made) + 1)
        if kind == "flip" and at < len(made):
            made[at] ^= piece[0] or 1
        elif kind == "cut":
            del made[at:]
        elif kind == "put":
            made[at:at] = piece
        elif kind == "drop":
            del made[at : at + 1 + piece[0]]
        elif kind == "repeat":
            made[at:at] = made[at : at + 64 * len(piece)]
        elif kind == "swap":
            made[at : at + len(piece)] = piece
    return bytes(made)


@pytest.fixture
def tries(request: pytest.FixtureRequest) -> Callable[..., None]:
    """Run a function on many spoiled inputs: ``tries(fn, base)``."""
    wanted = int(request.config.getoption("--fuzz"))

    def run(fn: Callable[[bytes], None], base: bytes, share: int = 1) -> None:
        @settings(
            max_examples=max(5, (wanted or 40) // share),
            derandomize=not wanted,
            database=None,
            deadline=None,
            phases=[Phase.generate, Phase.shrink],
            suppress_health_check=list(HealthCheck),
        )
        @given(_EDITS)
        def one(edits: list[tuple[str, int, bytes]]) -> None:
            began = time.monotonic()
            fn(spoiled(base, edits))
            assert time.monotonic() - began < SLOWEST

        one()

    return run


@pytest.fixture(scope="module")
def trust(authority: RealAuthority) -> Trusted:
    return sorted_out([authority.pem("root"), authority.pem("ca")])


def judged(content: bytes, trust: Trusted, **more: Any) -> Verdict | None:
    """Return the verdict, None when it cannot be read; anything else that is raised is a crash."""
    try:
        verdict = check(content, trust, at=AT, **more)
    except Told:
        return None
    json.dumps(verdict.to_json())
    return verdict


def test_pdf(tries: Any, trust: Trusted, authority: RealAuthority, page: bytes) -> None:
    for level in ("B-B", "B-LTA"):
        base = sign(page, authority, level=level)
        end = len(base)

        def one(content: bytes, base: bytes = base, end: int = end) -> None:
            verdict = judged(content, trust, asking=asker(crls=[authority.crl()]))
            if verdict is not None and verdict.valid:
                # what is signed is there, byte for byte; only the unsigned part of the value may differ
                (start, stop) = (base.index(b"/ByteRange"), base.rindex(b"startxref"))
                assert content[:start] == base[:start]
                assert len(content) == end or stop < len(content)

        tries(one, base, 2)


@pytest.mark.parametrize("kind", ["attached", "detached", "with proofs"])
def test_cms(kind: str, tries: Any, trust: Trusted, authority: RealAuthority) -> None:
    base = attached(authority) if kind == "attached" else detached(authority)
    if kind == "with proofs":  # CAdES-X-L
        values = revocation_values([authority.crl()], [answer(authority, responder(authority))])
        base = with_unsigned(base, attribute(23, tlv(0x30, authority.der("ca"))), values)
    document = None if kind == "attached" else CONTENT

    def one(content: bytes) -> None:
        verdict = judged(content, trust, document=document)
        if verdict is not None and verdict.valid and kind == "attached":
            assert CONTENT in content

    tries(one, base)
    if kind == "detached":
        other = CONTENT + b"."

        def foreign(content: bytes) -> None:
            verdict = judged(content, trust, document=other)
            assert verdict is None or not verdict.valid

        tries(foreign, base)


def test_answers_of_the_authority(tries: Any, authority: RealAuthority) -> None:
    revoked, head, ca = (describe(authority.der(label)) for label in ("revoked", "head", "ca"))
    answer = http_fetch(authority.ocsp_url, ocsp.question(revoked, ca, b"n" * 16), 100_000, 5)

    def one(content: bytes) -> None:
        for info in (revoked, head):
            assert ocsp.judge(content, info, ca, at=AT, nonce=b"n" * 16).standing is not Standing.GOOD
        chain_by(Proofs((), (content,), (content,)), [revoked, ca, ca], AT, AT)

    tries(one, answer)


def test_lists(tries: Any, authority: RealAuthority) -> None:
    revoked, ca = describe(authority.der("revoked")), describe(authority.der("ca"))

    def one(content: bytes) -> None:
        assert standing(revoked, ca, content, AT).standing is not Standing.GOOD

    tries(one, authority.crl())


def test_packages(tries: Any, keys: Keys, root: str, tmp_path: Path) -> None:
    operation: Any = SimpleNamespace(papers=(), id="licence")
    made = good(operation, keys.head, created_at=AT.isoformat())
    made.signed_at = AT
    made.request["applicant"]["identifier"] = BIN  # of who signs
    base = made.write(tmp_path / "package.zip").read_bytes()
    trusted = sorted_out([], [root])
    seen = judged(base, trusted)
    assert seen is not None
    assert seen.valid

    def one(content: bytes) -> None:
        verdict = judged(content, trusted)
        if verdict is not None and verdict.valid:
            with zipfile.ZipFile(io.BytesIO(content)) as zipped:
                assert zipped.read("request.json") == made.content

    tries(one, base)


def test_xml(tries: Any, keys: Keys, root: str) -> None:
    base = xml_making.signed(xml_making.DOCUMENT, xml_making.by_rsa(keys.head))
    trusted = sorted_out(keys.head.chain_der, [root])
    seen = judged(base, trusted)
    assert seen is not None
    assert seen.valid

    def document(content: bytes) -> bytes:
        """What is signed: the canonical form of everything but the signature."""
        tree = etree.fromstring(content, etree.XMLParser(resolve_entities=False, no_network=True))
        for signature in tree.findall("{http://www.w3.org/2000/09/xmldsig#}Signature"):
            tree.remove(signature)
        return bytes(etree.tostring(tree, method="c14n"))

    def one(content: bytes) -> None:
        verdict = judged(content, trusted)
        if verdict is not None and verdict.valid:
            assert document(content) == document(base)

    tries(one, base)


@pytest.mark.parametrize(
    "base",
    [
        b"KZL1:NCFOXN%TS3DH3ZSUZK+.V0ETD%65NL-AH",
        b"<?xml version='1.0'?><a><ds:Signature/></a>",
        b"\x89PNG\r\n\x1a\n",
        b"",
    ],
    ids=["code", "xml", "picture", "nothing"],
)
def test_other_things(base: bytes, tries: Any, trust: Trusted) -> None:
    def one(content: bytes) -> None:
        verdict = judged(content, trust)
        assert verdict is None or not verdict.valid

    tries(one, base)


def test_the_command(tries: Any, authority: RealAuthority, page: bytes, tmp_path: Path) -> None:
    paper, root, listed = (tmp_path / name for name in ("paper.pdf", "root.pem", "list.crl"))
    whole = {paper: sign(page, authority), root: authority.pem("root").encode(), listed: authority.crl()}
    for spoil in whole:

        def one(content: bytes, spoil: Path = spoil) -> None:
            for path, kept in whole.items():
                path.write_bytes(content if path is spoil else kept)
            said: list[str] = []
            status = verify_file(
                paper, trust=[root], crls=[listed], as_json=True, write=said.append, at=AT, check=check
            )
            assert status in (VALID, NOT_VALID, UNREADABLE)
            told = json.loads("\n".join(said))
            assert told["valid"] is (status == VALID)
            words: list[str] = []
            verify_file(paper, trust=[root], crls=[listed], write=words.append, at=AT, check=check)
            assert words

        tries(one, whole[spoil], 3)


def _bomb() -> bytes:
    packed = zlib.compress(bytes(200 * 1024 * 1024), 9)
    head = b"%PDF-1.7\n1 0 obj<</Type/XRef/Size 9/W[1 9 9]/Root 1 0 R/Filter/FlateDecode/Length "
    return (
        head + str(len(packed)).encode() + b">>stream\n" + packed + b"\nendstream endobj\nstartxref\n9\n%%EOF"
    )


@pytest.mark.parametrize(
    "content",
    [
        b"%PDF-1.7\n" + b"[" * 200_000,
        b"%PDF-1.7\n1 0 obj" + b"<</A" * 100_000 + b"\nstartxref\n9\n%%EOF",
        b"%PDF-1.7\n" + b"/ByteRange [0 1 2 3]" * 100_000,
        b"%PDF-1.7\n" + b"0 0 obj " * 200_000 + b"startxref\n9\n%%EOF",
        b"\x30\x80" * 100_000,
        b"\x30\x84\x7f\xff\xff\xff" + bytes.fromhex("06092a864886f70d010702") + b"\x30\x80" * 50_000,
        b"MI" + b"A" * 3_000_000,
        b"-----BEGIN CMS-----\n" + b"A" * 3_000_000,
        b"<a>" * 200_000,
        b"<!DOCTYPE a [<!ENTITY b 'x'>]><a>&b;</a>",
        b"KZL1:" + b"0" * 5_000_000,
        b"PK\x03\x04" + bytes(5_000_000),
    ],
    ids=[
        "arrays",
        "dicts",
        "ranges",
        "objects",
        "der",
        "length",
        "base64",
        "pem",
        "xml",
        "entity",
        "code",
        "zip",
    ],
)
def test_what_is_made_to_be_slow_or_deep_ends(content: bytes, trust: Trusted) -> None:
    began = time.monotonic()
    verdict = judged(content, trust)
    assert verdict is None or not verdict.valid
    assert time.monotonic() - began < SLOWEST


def test_a_stream_that_unpacks_without_end_is_refused(trust: Trusted) -> None:
    began = time.monotonic()
    assert judged(_bomb(), trust) is None
    assert time.monotonic() - began < SLOWEST
