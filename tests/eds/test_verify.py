"""Judging files: anything but the very bytes that were signed, by a trusted and able certificate, is refused."""

import base64
import io
import random
import re
import socket
import subprocess
import time
import tracemalloc
import zlib
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pikepdf
import pytest
from asn1crypto import cms
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import signers
from pyhanko.sign.fields import SigFieldSpec, SigSeedSubFilter, append_signature_field
from pyhanko.stamp import TextStampStyle

from desktop.eds import pdf_signature
from desktop.eds.demo_ca import DemoAuthority, DemoKey
from desktop.eds.pdf_signature import verify
from desktop.eds.tokens import open_pkcs12
from desktop.eds.verdict import Reason, Unreadable
from tests.eds.long_term import AtSigner
from tests.eds.people import AT, HEAD, IIN, PASSWORD, VALID_FROM, Keys

FLIPS = 150


def ranges(signed: bytes) -> tuple[int, int, int, int]:
    found = re.findall(rb"/ByteRange \[(\d+) (\d+) (\d+) (\d+)\s*\]", signed)[-1]
    first, length, second, rest = (int(item) for item in found)
    return first, length, second, rest


def with_content(signed: bytes, change: Callable[[bytes], bytes]) -> bytes:
    """Return ``signed`` with the CMS value replaced, at the same length and place."""
    _, start, end, _ = ranges(signed)
    value = bytes.fromhex(signed[start + 1 : end - 1].decode())
    changed = change(value).hex().encode().ljust(end - start - 2, b"0")
    assert len(changed) == end - start - 2
    return signed[: start + 1] + changed + signed[end - 1 :]


def sign(page: bytes, key: DemoKey, folder: Path, at: datetime = AT) -> bytes:
    path = folder / "key.p12"
    key.write_pkcs12(path, PASSWORD)
    with open_pkcs12(path, PASSWORD) as signer:
        return signer.sign(page, at=at, reason="")


def judged(content: bytes, *roots: str) -> str:
    """Return the reason of a verdict that must be no, or the code of a file that cannot be read."""
    try:
        verdict = verify(content, trust_roots=roots, at=AT)
    except Unreadable as told:
        return told.code
    assert not verdict.valid
    return verdict.reason.value


def test_every_sampled_change_in_the_signed_ranges_is_seen(signed: bytes, root: str) -> None:
    _, length, second, rest = ranges(signed)
    assert second + rest == len(signed)
    places = [*range(length), *range(second, len(signed))]
    choose = random.Random(20261121)
    sample = {*choose.sample(places, FLIPS), 0, 5, length - 1, second, len(signed) - 1, len(signed) - 3}
    for place in sorted(sample):
        changed = bytearray(signed)
        changed[place] ^= choose.randrange(1, 256)
        verdict = verify(bytes(changed), trust_roots=[root], at=AT)
        assert not verdict.valid, place
        assert not verdict.unchanged, place


def test_poppler_sees_the_change_too(signed: bytes, tmp_path: Path) -> None:
    changed = signed.replace(b"/Length", b"/Lengtj", 1)
    path = tmp_path / "changed.pdf"
    path.write_bytes(changed)
    told = subprocess.run(["pdfsig", "-nocert", path], capture_output=True, text=True, check=False).stdout
    assert "Signature is Valid" not in told


@pytest.mark.parametrize("tail", [b"\n", b" ", b"\x00", b"%comment\n%%EOF\n", b"x" * 5000])
def test_appended_bytes_are_not_valid(tail: bytes, signed: bytes, root: str) -> None:
    verdict = verify(signed + tail, trust_roots=[root], at=AT)
    assert not verdict.valid
    assert verdict.reason is Reason.CHANGED_AFTER
    assert verdict.later_bytes == len(tail)


def overlay(signed: bytes) -> bytes:
    """Hide the text by an incremental update: poppler alone still calls the signature valid."""
    writer = IncrementalPdfFileWriter(io.BytesIO(signed))
    white = generic.StreamObject(stream_data=b"1 g 0 0 600 800 re f")
    writer.add_stream_to_page(0, writer.add_object(white))
    output = io.BytesIO()
    writer.write(output)
    return output.getvalue()


def test_an_incremental_overlay_is_not_valid(signed: bytes, root: str) -> None:
    changed = overlay(signed)
    assert changed.startswith(signed)
    verdict = verify(changed, trust_roots=[root], at=AT)
    assert not verdict.valid
    assert verdict.reason is Reason.CHANGED_AFTER
    assert verdict.signatures[0].unchanged  # its own bytes are: this is why that alone proves nothing
    assert verdict.later_revisions == 1
    assert verdict.later_bytes == len(changed) - len(signed)


def test_an_overlay_countersigned_by_another_is_not_valid(
    signed: bytes, keys: Keys, root: str, tmp_path: Path
) -> None:
    twice = sign(overlay(signed), keys.foreign, tmp_path)
    verdict = verify(twice, trust_roots=[root], at=AT)
    assert not verdict.valid
    assert [item.valid for item in verdict.signatures] == [False, True]
    assert verdict.reason is Reason.CHANGED_AFTER


@pytest.mark.parametrize("part", [0.2, 0.5, 0.9, 0.999])
def test_truncated(part: float, signed: bytes, root: str) -> None:
    assert judged(signed[: int(len(signed) * part)], root) in ("pdf-broken", Reason.DAMAGED)


def test_a_gap_that_holds_more_than_the_value(signed: bytes, root: str) -> None:
    """Blanks inside the gap hide nothing, but a gap that is not the bare value is refused on principle."""
    _, start, end, _ = ranges(signed)
    changed = signed[: end - 2] + b" >" + signed[end:]
    assert signed[start : start + 1] == b"<"
    verdict = verify(changed, trust_roots=[root], at=AT)
    assert not verdict.valid


def test_a_value_with_something_behind_it(signed: bytes, root: str) -> None:
    _, _start, end, _ = ranges(signed)
    assert signed[end - 5 : end] == b"0000>"
    verdict = verify(signed[: end - 2] + b"1>" + signed[end:], trust_roots=[root], at=AT)
    assert (verdict.valid, verdict.reason) == (False, Reason.PARTIAL)


def wrapped(signed: bytes) -> bytes:
    """Move the signed tail down and hide another document in the gap, its signature value kept as a literal.

    The digest of the two ranges stays right, and so does the sum of all lengths: twice the length of the
    value, plus two, is the length of the gap, although the value itself takes only half of it.
    """
    _, start, end, rest = ranges(signed)
    tail = signed[end:]
    table_at = int(re.findall(rb"startxref\s+(\d+)", tail)[-1])  # the tail is signed: this cannot change
    value = bytes.fromhex(signed[start + 1 : end - 1].decode()).rstrip(b"\0")
    gap = table_at + 1000 - start
    gap += gap % 2
    value = value.ljust((gap - 2) // 2, b"\0")
    literal = value.replace(b"\\", b"\\\\").replace(b"(", b"\\(").replace(b")", b"\\)").replace(b"\r", b"\\r")
    page = b"BT /F1 24 Tf 50 700 Td (another text) Tj ET"
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R /AcroForm << /Fields [5 0 R] /SigFlags 3 >> >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Annots [5 0 R] >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(page), page),
        b"<< /FT /Sig /Type /Annot /Subtype /Widget /Rect [0 0 0 0] /F 132 /T (S) /P 3 0 R /V 6 0 R >>",
        b"<< /Type /Sig /Filter /Adobe.PPKLite /SubFilter /ETSI.CAdES.detached /M (D:20261121123015+05'00')"
        b" /ByteRange [0 %d %d %d] /Contents (%s) >>" % (start, start + gap, rest, literal),
    ]
    hidden, places = b"\n", []
    for number, body in enumerate(objects, 1):
        places.append(start + len(hidden))
        hidden += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    hidden = hidden.ljust(table_at - start, b" ")
    hidden += b"xref\n0 7\n0000000000 65535 f \n" + b"".join(b"%010d 00000 n \n" % place for place in places)
    hidden += b"trailer\n<< /Size 7 /Root 1 0 R >>\n"
    return signed[:start] + hidden.ljust(gap, b" ") + tail


def test_a_document_hidden_in_the_gap_is_not_valid(signed: bytes, root: str) -> None:
    changed = wrapped(signed)
    verdict = verify(changed, trust_roots=[root], at=AT)
    assert not verdict.valid
    assert verdict.reason is Reason.PARTIAL
    assert not verdict.covers_whole_file


def test_another_value_in_the_gap(signed: bytes, keys: Keys, page: bytes, root: str, tmp_path: Path) -> None:
    other = sign(page.replace(b"%PDF-1.7", b"%PDF-1.6"), keys.head, tmp_path)
    _, start, end, _ = ranges(other)
    value = bytes.fromhex(other[start + 1 : end - 1].decode())
    verdict = verify(with_content(signed, lambda _: value), trust_roots=[root], at=AT)
    assert verdict.reason is Reason.CHANGED


def test_a_forged_signature_value(signed: bytes, root: str) -> None:
    def forge(value: bytes) -> bytes:
        message = cms.ContentInfo.load(value)
        (signer,) = message["content"]["signer_infos"]
        signature = bytearray(signer["signature"].native)
        signature[7] ^= 1
        signer["signature"] = bytes(signature)
        return message.dump(force=True)

    verdict = verify(with_content(signed, forge), trust_roots=[root], at=AT)
    assert verdict.reason is Reason.FORGED


def test_gost_said_of_an_rsa_key_cannot_be_checked_and_is_never_valid(signed: bytes, root: str) -> None:
    def as_gost(value: bytes) -> bytes:
        message = cms.ContentInfo.load(value)
        content = message["content"]
        (signer,) = content["signer_infos"]
        signer["digest_algorithm"] = {"algorithm": "1.2.398.3.10.1.3.3"}
        signer["signature_algorithm"] = {"algorithm": "1.2.398.3.10.1.1.2.3.2"}
        content["digest_algorithms"] = [{"algorithm": "1.2.398.3.10.1.3.3"}]
        return message.dump(force=True)

    verdict = verify(with_content(signed, as_gost), trust_roots=[root], at=AT)
    assert not verdict.valid
    assert verdict.reason is Reason.ALGORITHM_UNSUPPORTED
    assert verdict.algorithm == "streebog512 / gost2015-512"
    assert verdict.iin == IIN  # still told, as what the file says


@pytest.mark.parametrize("value", [b"", b"\x00", b"\x30\x80", b"garbage" * 9, b"\x30\x03\x02\x01\x00"])
def test_a_value_that_is_no_cms(value: bytes, signed: bytes, root: str) -> None:
    verdict = verify(with_content(signed, lambda _: value), trust_roots=[root], at=AT)
    assert not verdict.valid


def test_a_kind_of_signature_we_do_not_know(signed: bytes, root: str) -> None:
    changed = signed.replace(b"/ETSI.CAdES.detached", b"/adbe.x509.rsa_sha1 ")
    verdict = verify(changed, trust_roots=[root], at=AT)
    assert not verdict.valid
    assert verdict.reason is Reason.KIND_UNSUPPORTED


def test_chain_to_another_root_or_to_none(signed: bytes) -> None:
    other = DemoAuthority(valid_from=VALID_FROM)  # the same names, other keys
    for roots in ([other.root_pem], []):
        verdict = verify(signed, trust_roots=roots, at=AT)
        assert not verdict.valid
        assert verdict.reason is Reason.UNTRUSTED
        assert verdict.unchanged
        assert not verdict.trusted
        assert verdict.issuers == ("ДЕМО / DEMO – no legal force – issuing CA",)


def test_demo_root_is_valid_and_says_demo(signed: bytes, root: str) -> None:
    for roots in ({"trust_roots": [root]}, {"demo_roots": [root]}, {"demo_roots": [root.encode()]}):
        verdict = verify(signed, at=AT, **roots)  # type: ignore[arg-type]
        assert verdict.valid
        assert verdict.reason is Reason.VALID_DEMO
        assert verdict.demo


def test_a_real_root_does_not_say_demo(page: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("desktop.eds.demo_ca.NO_FORCE", "TEST")
    authority = DemoAuthority(valid_from=VALID_FROM)
    signed = sign(page, authority.issue(HEAD, valid_from=VALID_FROM), tmp_path)
    verdict = verify(signed, trust_roots=[authority.root_pem], at=AT)
    assert verdict.valid
    assert verdict.reason is Reason.VALID
    assert not verdict.demo
    assert verify(signed, demo_roots=[authority.root_pem], at=AT).reason is Reason.VALID_DEMO


def test_expired_since_is_valid_at_the_signing_moment_and_told(signed: bytes, root: str) -> None:
    verdict = verify(signed, trust_roots=[root], at=AT + timedelta(days=1000))
    assert verdict.valid
    assert verdict.certificate_expired_since
    assert not verify(signed, trust_roots=[root], at=AT).certificate_expired_since


@pytest.mark.parametrize(
    ("seconds", "reason"),
    [
        (-1, Reason.NOT_YET_VALID),
        (0, Reason.VALID_DEMO),
        (365 * 86400, Reason.VALID_DEMO),
        (365 * 86400 + 1, Reason.EXPIRED),
    ],
)
def test_the_bounds_of_the_certificate_at_the_signing_moment(
    seconds: int,
    reason: Reason,
    page: bytes,
    keys: Keys,
    root: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    moment = VALID_FROM + timedelta(seconds=seconds)
    # What another program may have made: ours refuses to sign out of date.
    monkeypatch.setattr("desktop.eds.pdf_signing.check_certificate", lambda info, at: None)
    monkeypatch.setattr("desktop.eds.pdf_signing.verify_made", lambda *_: None)
    verdict = verify(sign(page, keys.head, tmp_path, moment), trust_roots=[root], at=moment)
    assert verdict.reason is reason
    assert verdict.valid is (reason is Reason.VALID_DEMO)


def test_signed_in_the_future(signed: bytes, root: str) -> None:
    assert verify(signed, trust_roots=[root], at=AT - timedelta(minutes=9)).valid
    verdict = verify(signed, trust_roots=[root], at=AT - timedelta(minutes=11))
    assert not verdict.valid
    assert verdict.reason is Reason.IN_FUTURE


def test_an_authentication_certificate(
    page: bytes, keys: Keys, root: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("desktop.eds.pdf_signing.check_certificate", lambda info, at: None)
    monkeypatch.setattr("desktop.eds.pdf_signing.verify_made", lambda *_: None)
    verdict = verify(sign(page, keys.authentication, tmp_path), trust_roots=[root], at=AT)
    assert verdict.reason is Reason.NO_SIGNING_RIGHT


def test_no_signature(page: bytes, root: str) -> None:
    verdict = verify(page, trust_roots=[root], at=AT)
    assert not verdict.valid
    assert verdict.reason is Reason.NO_SIGNATURE
    assert verdict.signatures == ()
    assert verdict.to_json()["signer"] == ""


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "pdf-not-a-pdf"),
        (b"\x89PNG\r\n", "pdf-not-a-pdf"),
        (b"PK\x03\x04" + bytes(500), "pdf-not-a-pdf"),
        (b"%PDF-1.7\n", "pdf-broken"),
        (b"%PDF-1.7\n" + b"[" * 200_000, "pdf-broken"),
        (b"%PDF-1.7\nstartxref\n9\n%%EOF", "pdf-broken"),
        (b"%PDF-1.7\nstartxref\n99999999999999999999\n%%EOF", "pdf-broken"),
    ],
)
def test_what_is_no_pdf(content: bytes, code: str) -> None:
    with pytest.raises(Unreadable) as told:
        verify(content, at=AT)
    assert told.value.code == code


def test_encrypted(page: bytes) -> None:
    output = io.BytesIO()
    with pikepdf.open(io.BytesIO(page)) as pdf:
        pdf.save(output, encryption=pikepdf.Encryption(owner="o", user="u"))
    with pytest.raises(Unreadable) as told:
        verify(output.getvalue(), at=AT)
    assert told.value.code == "pdf-encrypted"


def test_too_large(monkeypatch: pytest.MonkeyPatch, signed: bytes) -> None:
    monkeypatch.setattr(pdf_signature, "MAX_BYTES", len(signed) - 1)
    with pytest.raises(Unreadable) as told:
        verify(signed, at=AT)
    assert (told.value.code, told.value.facts) == ("pdf-too-large", {"limit": len(signed) - 1})


def deep(levels: int) -> bytes:
    nested = b"[" * levels + b"]" * levels
    return assemble(
        [
            b"<< /Type /Catalog /Pages 2 0 R /AcroForm " + nested + b" >>",
            b"<< /Type /Pages /Kids [] /Count 0 >>",
        ]
    )


def assemble(objects: list[bytes]) -> bytes:
    out, places = b"%PDF-1.7\n", []
    for number, body in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    size = len(objects) + 1
    return (
        out
        + b"xref\n0 %d\n0000000000 65535 f \n%strailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n"
        % (
            size,
            table,
            size,
            len(out),
        )
    )


def bomb(layers: int, size: int = 2**30) -> bytes:
    """A catalogue kept in an object stream of ``size`` bytes when inflated, filter upon filter."""
    catalog = b"1 0 << /Type /Catalog /Pages 2 0 R /AcroForm << /Fields [] >> >>"
    packer = zlib.compressobj(9)
    data = packer.compress(catalog)
    for _ in range(size // 2**24):
        data += packer.compress(b" " * 2**24)
    data += packer.flush()
    for _ in range(layers):
        data = zlib.compress(data, 9)
    filters = b" ".join([b"/FlateDecode"] * (layers + 1))
    head = b"%PDF-1.7\n2 0 obj\n<< /Type /Pages /Kids [] /Count 0 >>\nendobj\n"
    stream = (
        b"3 0 obj\n<< /Type /ObjStm /N 1 /First 4 /Filter [%s] /Length %d >>\nstream\n%s\nendstream\nendobj\n"
    )
    body = head + stream % (filters, len(data), data)
    rows = ((0, 0, 255), (2, 3, 0), (1, head.index(b"2 0 obj"), 0), (1, len(head), 0), (1, len(body), 0))
    table = b"".join(kind.to_bytes(1) + place.to_bytes(4) + index.to_bytes(1) for kind, place, index in rows)
    return body + (
        b"4 0 obj\n<< /Type /XRef /Size 5 /W [1 4 1] /Root 1 0 R /Length %d >>\nstream\n%s\nendstream\nendobj\n"
        b"startxref\n%d\n%%%%EOF\n" % (len(table), table, len(body))
    )


def test_the_bombs_are_sound_but_for_their_size() -> None:
    for layers in (0, 2):
        assert judged(bomb(layers, size=2**10)) == Reason.NO_SIGNATURE


def test_bombs_end_soon_and_stay_small() -> None:
    content = bomb(0)
    tracemalloc.start()
    started = time.process_time()
    try:
        assert judged(content) == "pdf-broken"
        assert tracemalloc.get_traced_memory()[1] < 300 * 2**20
    finally:
        tracemalloc.stop()
    assert judged(bomb(2)) == "pdf-broken"
    assert judged(deep(100_000)) == "pdf-broken"
    assert time.process_time() - started < 20


def test_fields_that_contain_each_other(root: str) -> None:
    looped = assemble(
        [
            b"<< /Type /Catalog /Pages 2 0 R /AcroForm << /Fields [3 0 R] >> >>",
            b"<< /Type /Pages /Kids [] /Count 0 >>",
            b"<< /T (a) /FT /Sig /Kids [3 0 R] >>",
        ]
    )
    assert judged(looped, root) in ("pdf-broken", Reason.NO_SIGNATURE)


def test_too_many_signatures(signed: bytes, root: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf_signature, "MAX_SIGNATURES", 0)
    assert verify(signed, trust_roots=[root], at=AT).reason is Reason.TOO_MANY


def test_nothing_is_fetched(signed: bytes, root: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        pytest.fail("verifying opened a connection")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    assert verify(signed, trust_roots=[root], at=AT).valid
    assert not verify(signed, at=AT).valid


def test_the_json_is_plain(signed: bytes, root: str) -> None:
    told = verify(signed, trust_roots=[root], at=AT.astimezone(UTC)).to_json()
    assert told["valid"] is True
    assert told["signed_at"] == "2026-11-21T12:30:15+05:00"
    assert told["chain"] == [
        "ДЕМО / DEMO – no legal force – issuing CA",
        "ДЕМО / DEMO – no legal force – root CA",
    ]
    assert base64.b16decode(told["certificate"]["sha256"].upper())
    assert [seen["reason"] for seen in told["signatures"]] == ["verdict-valid-demo"]


def signed_again(
    pdf: bytes, key: DemoKey, folder: Path, box: tuple[int, int, int, int] | None, field: str = "Over"
) -> bytes:
    """Sign once more in a field of one's own, with a picture in ``box`` (or none); every rule of PDF is kept."""
    path = folder / "again.p12"
    key.write_pkcs12(path, PASSWORD)
    made = AtSigner(
        signers.PdfSignatureMetadata(
            field_name=field, md_algorithm="sha256", subfilter=SigSeedSubFilter.PADES
        ),
        signers.SimpleSigner.load_pkcs12(path, passphrase=PASSWORD.encode()),
        stamp_style=TextStampStyle(stamp_text="Another holder", background_opacity=1),
        new_field_spec=SigFieldSpec(field, on_page=0, box=box),
    )
    made.moment = AT
    output = io.BytesIO()
    made.sign_pdf(IncrementalPdfFileWriter(io.BytesIO(pdf)), output=output)
    return output.getvalue()


def test_a_second_signature_lays_no_picture_over_the_first_ones_text(
    signed: bytes, keys: Keys, root: str, tmp_path: Path
) -> None:
    """Anybody with a key of the same authority could sign a licence too, with another holder in his picture."""
    over = signed_again(signed, keys.foreign, tmp_path, (50, 300, 550, 700))
    verdict = verify(over, trust_roots=[root], at=AT)
    assert [one.valid for one in verdict.signatures] == [False, True]
    assert (verdict.valid, verdict.reason) == (False, Reason.CHANGED_AFTER)
    third = signed_again(over, keys.foreign, tmp_path, None, "Third")
    assert verify(third, trust_roots=[root], at=AT).reason is Reason.CHANGED_AFTER
    unseen = signed_again(signed, keys.foreign, tmp_path, None)
    assert verify(unseen, trust_roots=[root], at=AT).valid
    alone = signed_again(unseen, keys.foreign, tmp_path, (0, 0, 0, 0), "Third")
    assert verify(alone, trust_roots=[root], at=AT).valid


def test_a_place_the_first_signer_left_for_another_may_be_signed(
    page: bytes, keys: Keys, root: str, tmp_path: Path
) -> None:
    writer = IncrementalPdfFileWriter(io.BytesIO(page))
    append_signature_field(writer, SigFieldSpec("Over", on_page=0, box=(50, 50, 250, 100)))
    kept = io.BytesIO()
    writer.write(kept)
    first = sign(kept.getvalue(), keys.head, tmp_path)
    both = signed_again(first, keys.foreign, tmp_path, (50, 50, 250, 100))
    assert verify(both, trust_roots=[root], at=AT).valid
