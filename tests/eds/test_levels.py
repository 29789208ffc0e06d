"""Levels above B-B with an authority that answers: what is made, that it holds offline, and who did not answer."""

import asyncio
import io
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from asn1crypto import x509
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import async_validate_pdf_signature
from pyhanko.sign.validation.dss import DocumentSecurityStore

from desktop.eds import fetching
from desktop.eds.levels import Extras, Level
from desktop.eds.pdf_signature import verify
from desktop.eds.signing import Failed, Signed, ToSign, sign_batch
from desktop.eds.tokens import open_pkcs12
from desktop.errors import NotAllowed, Told, Unavailable
from tests.eds.authority import RealAuthority
from tests.eds.people import AT, IIN, PASSWORD


def extras(authority: RealAuthority, level: Level, **more: Any) -> Extras:
    return Extras(
        level,
        fetching.http_fetch,
        fetching.stamp_fetch,
        more.pop("tsa", authority.tsa_url),
        (authority.pem("root"),),
        **more,
    )


def made(
    authority: RealAuthority, folder: Path, page: bytes, level: Level, who: str = "head", **more: Any
) -> bytes:
    path = authority.write_pkcs12(who, folder / "key.p12", PASSWORD)
    with open_pkcs12(path, PASSWORD) as signer:
        signer.extras = extras(authority, level, **more)
        return signer.sign(page, at=AT, reason="")


@pytest.mark.parametrize("who", ["head", "head-ec"])
@pytest.mark.parametrize("level", [Level.T, Level.LT, Level.LTA])
def test_a_level_is_made_and_holds_offline(
    level: Level, who: str, authority: RealAuthority, tmp_path: Path, page: bytes
) -> None:
    pdf = made(authority, tmp_path, page, level, who)
    before = len(authority.asked)
    verdict = verify(pdf, trust_roots=[authority.pem("root")], at=AT + timedelta(minutes=1))
    assert verdict.valid, verdict.reason
    assert verdict.covers_whole_file
    signature = verdict.signatures[0]
    assert signature.iin == IIN
    assert [one.is_timestamp for one in verdict.signatures] == [False, *[True] * (level is Level.LTA)]
    reader = PdfFileReader(io.BytesIO(pdf))
    embedded = reader.embedded_regular_signatures[0]
    assert signature.timestamp is not None
    assert signature.timestamp.trusted
    if level in (Level.LT, Level.LTA):
        roots = {"trust_roots": [x509.Certificate.load(authority.der("root"))], "allow_fetching": False}
        store = DocumentSecurityStore.read_dss(reader)
        # The independent judge: revocation is required, and nothing but the file may tell of it.
        context = store.as_validation_context({**roots, "moment": AT, "revocation_mode": "require"})
        status = asyncio.run(async_validate_pdf_signature(embedded, context, context))
        assert status.bottom_line
        assert status.timestamp_validity is not None
        assert status.timestamp_validity.trusted
    assert len(authority.asked) == before


def test_evidence_is_asked_once_for_a_batch(authority: RealAuthority, tmp_path: Path, page: bytes) -> None:
    path = authority.write_pkcs12("head", tmp_path / "key.p12", PASSWORD)
    authority.asked.clear()
    with open_pkcs12(path, PASSWORD) as signer:
        signer.extras = extras(authority, Level.LT)
        results = sign_batch(signer, [ToSign(page)] * 3, at=AT)
    assert all(isinstance(one, Signed) for one in results)
    assert authority.asked.count("ocsp") == 2  # of the head, and of the time stamps
    assert authority.asked.count("crls") == 1
    assert authority.asked.count("tsa") == 4


@pytest.mark.parametrize(
    ("silent", "level", "code"),
    [
        ("tsa", Level.T, "stamp-unreachable"),
        ("tsa", Level.LT, "stamp-unreachable"),
        ("crls", Level.LT, "evidence-missing"),
    ],
)
def test_who_did_not_answer_is_told_and_nothing_is_signed(
    silent: str, level: Level, code: str, authority: RealAuthority, tmp_path: Path, page: bytes
) -> None:
    with authority.silenced(silent), pytest.raises(Unavailable) as told:
        made(authority, tmp_path, page, level)
    assert told.value.code == code


def test_an_answer_that_does_not_hold(authority: RealAuthority, tmp_path: Path, page: bytes) -> None:
    def other(service: str, content: bytes) -> bytes:
        return content[:-40] if service == "tsa" else content

    with authority.spoiling(other), pytest.raises(Unavailable) as told:
        made(authority, tmp_path, page, Level.T)
    assert told.value.code == "stamp-not-valid"


@pytest.mark.parametrize("level", [Level.T, Level.LT])
def test_time_stamps_of_nobody_are_not_kept(
    level: Level, authority: RealAuthority, tmp_path: Path, page: bytes
) -> None:
    with pytest.raises(Told) as told:
        made(authority, tmp_path, page, level, tsa=authority.foreign_tsa_url)
    assert told.value.code in ("evidence-missing", "stamp-not-valid")


def test_a_revoked_signer_gets_no_evidence(authority: RealAuthority, tmp_path: Path, page: bytes) -> None:
    with pytest.raises(NotAllowed) as told:
        made(authority, tmp_path, page, Level.LT, "revoked")
    assert told.value.code == "certificate-revoked"


def test_a_batch_stops_when_the_authority_falls_silent(
    authority: RealAuthority, tmp_path: Path, page: bytes
) -> None:
    path = authority.write_pkcs12("head", tmp_path / "key.p12", PASSWORD)
    with open_pkcs12(path, PASSWORD) as signer, authority.silenced("tsa"):
        signer.extras = extras(authority, Level.T)
        first, second = sign_batch(signer, [ToSign(page)] * 2, at=AT)
    assert isinstance(first, Failed)
    assert isinstance(second, Failed)
    assert (first.error.code, first.tried, second.tried) == ("stamp-unreachable", True, False)
