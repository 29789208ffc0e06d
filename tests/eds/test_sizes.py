"""A PDF is looked at for its size before it is read: what nobody signs is refused in milliseconds."""

import io
import time
import zlib
from pathlib import Path

import pikepdf
import pytest

from desktop.eds.pdf_embedding import begin
from desktop.eds.pdf_signature import verify
from desktop.eds.pdf_size import LONGEST, has_huge_strings
from desktop.eds.tokens import open_pkcs12
from desktop.eds.verdict import Reason, Unreadable
from tests.eds.people import AT, PASSWORD, Keys


def with_reserved(page: bytes, size: int, monkeypatch: pytest.MonkeyPatch, cms: bytes = b"") -> bytes:
    """A signed PDF whose value has ``size`` hexadecimal digits, the rest of them zeros."""
    monkeypatch.setattr("desktop.eds.pdf_embedding.BYTES_RESERVED", size)
    return begin(page, at=AT, reason="", name="").finish(cms or b"\x30\x03\x02\x01\x01")


def test_a_huge_signature_is_refused_before_it_is_read(page: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    """Digits of a hexadecimal string are read one by one: 7.8 MB of certificates cost seconds."""
    huge = with_reserved(page, 7_800_000, monkeypatch)
    started = time.process_time()
    assert verify(huge, trust_roots=[], at=AT).reason is Reason.TOO_MANY
    assert time.process_time() - started < 0.5
    monkeypatch.setattr("desktop.eds.pdf_signature.has_huge_strings", lambda _: False)
    monkeypatch.setattr("desktop.eds.pdf_signature.LARGEST_BARE", 100_000)
    huge = with_reserved(page, 200_002, monkeypatch)
    assert verify(huge, trust_roots=[], at=AT).reason is Reason.TOO_MANY  # nor in an object of another form
    monkeypatch.undo()
    small = with_reserved(page, 200_000, monkeypatch)
    assert verify(small, trust_roots=[], at=AT).reason is not Reason.TOO_MANY


def test_strings_are_found_wherever_they_stand() -> None:
    most = b"0" * LONGEST
    for before in (b"", b"x" * 1000, b"\n" * 70_000, bytes(range(256)) * 1024):
        assert not has_huge_strings(before + b"<" + most + b">")
        assert has_huge_strings(before + b"<" + most + b"0" + b">" + before)
        assert not has_huge_strings(before + b"stream\n" + most * 5)  # an image written in hexadecimal
    several = (b"<" + most + b">\n") * 4
    assert not has_huge_strings(several)
    assert has_huge_strings(several + b"<" + b"0" * 140_000 + b">")


def test_looking_for_strings_takes_no_longer_than_reading() -> None:
    piece = b"0" * (70 * 1024)
    for content in (b"z" + piece, b"z" * 65_535 + b"0", piece[:65_535] + b"z", b" " * 70_000):
        started = time.process_time()
        has_huge_strings(content * (32 * 1024 * 1024 // len(content)))
        assert time.process_time() - started < 2


def in_streams(count: int, size: int) -> bytes:
    """A PDF whose form has ``count`` objects, each a string of ``size`` digits packed into an object stream of its own."""
    out, places, first, far = bytearray(b"%PDF-1.7\n"), {}, 10, 1000

    def put(number: int, content: bytes) -> None:
        places[number] = len(out)
        out.extend(b"%d 0 obj\n%s\nendobj\n" % (number, content))

    def stream(number: int, told: bytes, content: bytes) -> None:
        packed = zlib.compress(content, 9)
        told = b"<< %s /Filter /FlateDecode /Length %d >>" % (told, len(packed))
        put(number, told + b"\nstream\n" + packed + b"\nendstream")

    for index in range(count):
        head = b"%d 0 " % (far + index)
        content = head + b"<" + b"0" * size + b">"
        stream(first + index, b"/Type /ObjStm /N 1 /First %d" % len(head), content)
    fields = b" ".join(b"%d 0 R" % (far + index) for index in range(count))
    put(1, b"<< /Type /Catalog /Pages 2 0 R /AcroForm << /Fields [%s] >> >>" % fields)
    put(2, b"<< /Type /Pages /Kids [] /Count 0 >>")
    last = far + count
    places[last] = len(out)
    rows = b"".join(
        b"\2" + (first + number - far).to_bytes(4, "big") + b"\0"
        if far <= number < last
        else b"\1" + places[number].to_bytes(4, "big") + b"\0"
        if number in places
        else bytes(6)
        for number in range(last + 1)
    )
    table = b"/Type /XRef /Size %d /W [1 4 1] /Root 1 0 R" % (last + 1)
    stream(last, table, rows)
    return bytes(out) + b"startxref\n%d\n%%%%EOF" % places[last]


def answered(pdf: bytes) -> str:
    """Return what is said of a file that nobody signed, which must be said soon."""
    started = time.process_time()
    try:
        told = verify(pdf, trust_roots=[], at=AT).reason.value
    except Unreadable as trouble:
        told = trouble.code
    assert time.process_time() - started < 15
    return told


def test_what_unpacks_to_more_than_it_is_worth_is_not_parsed() -> None:
    """63 KB in sixteen object streams kept the reader busy for half a minute."""
    assert answered(in_streams(3, 1000)) == "verdict-no-signature"
    assert answered(in_streams(3, 100_000)) == "verdict-no-signature"
    for count, size in ((1, 3_900_000), (16, 3_900_000), (1, 7_000_000)):
        assert answered(in_streams(count, size)) != "verdict-valid"
    assert answered(in_streams(16, 3_900_000)) == "pdf-broken"


def with_array(count: int) -> bytes:
    """A PDF whose catalogue holds ``count`` strings that mean nothing."""
    out = b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog /Pages 2 0 R /X [" + b"(a) " * count + b"] >>\nendobj\n"
    second = len(out)
    out += b"2 0 obj\n<< /Type /Pages /Kids [] /Count 0 >>\nendobj\n"
    table = b"xref\n0 3\n0000000000 65535 f \n%010d 00000 n \n%010d 00000 n \n" % (9, second)
    told = b"trailer\n<< /Size 3 /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF" % len(out)
    return out + table + told


def test_a_large_file_is_read_so_many_times_and_no_more(monkeypatch: pytest.MonkeyPatch) -> None:
    assert answered(with_array(5000)) == "verdict-no-signature"
    monkeypatch.setattr("desktop.eds.pdf_size._Watched.left", 5000)
    assert answered(with_array(5000)) == "verdict-no-signature"  # a small one is read however long
    monkeypatch.setattr("desktop.eds.pdf_size._LARGE", 10_000)
    assert answered(with_array(5000)) == "pdf-broken"
    monkeypatch.setattr("desktop.eds.pdf_size._Watched.left", 100_000)
    assert answered(with_array(5000)) == "verdict-no-signature"


def test_a_paper_in_object_streams_is_judged_as_any(
    page: bytes, keys: Keys, root: str, tmp_path: Path
) -> None:
    packed = io.BytesIO()
    with pikepdf.open(io.BytesIO(page)) as opened:
        opened.save(packed, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    keys.head.write_pkcs12(tmp_path / "key.p12", PASSWORD)
    with open_pkcs12(tmp_path / "key.p12", PASSWORD) as signer:
        signed = signer.sign(packed.getvalue(), at=AT, reason="")
    assert b"/ObjStm" in signed
    assert verify(signed, trust_roots=[root], at=AT).valid
