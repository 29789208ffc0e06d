"""A PDF is looked at for its size before it is read: what nobody signs is refused in milliseconds."""

import time

import pytest

from desktop.eds.pdf_embedding import begin
from desktop.eds.pdf_signature import verify
from desktop.eds.pdf_size import LONGEST, has_huge_strings
from desktop.eds.verdict import Reason
from tests.eds.people import AT


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
