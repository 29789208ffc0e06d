"""``ruqsat verify`` on whatever is brought: what it is, is found by its content; offline it needs only whom to trust."""

import asyncio
import base64
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from asn1crypto import crl, pem
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding
from pyhanko.sign.signers.pdf_cms import PdfCMSSignedAttributes

from desktop.eds import trust_files
from desktop.eds.certificates import describe
from desktop.eds.checking import looks_like
from desktop.eds.cms_signature import sign_detached
from desktop.eds.report import NOT_VALID, UNREADABLE, VALID, verify_file
from desktop.errors import Unavailable
from desktop.exchange.checking import check
from tests.eds.authority import RealAuthority
from tests.eds.long_term import sign, signer
from tests.eds.people import AT, BIN, IIN

CONTENT = "Өтініш: лицензия беру".encode()


@pytest.fixture
def trust(authority: RealAuthority, tmp_path: Path) -> Path:
    """A folder as the authority gives it out: its certificates in every form, and other files among them."""
    folder = tmp_path / "trust"
    folder.mkdir()
    (folder / "root.cer").write_bytes(authority.der("root"))
    (folder / "ca.crt").write_bytes(base64.encodebytes(authority.der("ca")))
    (folder / "list.crl").write_bytes(authority.crl())
    (folder / "readme.txt").write_text("certificates of the authority", encoding="utf-8")
    return folder


def run(path: Path, at: datetime = AT, **more: Any) -> tuple[int, dict[str, Any]]:
    said: list[str] = []
    status = verify_file(path, as_json=True, write=said.append, at=at, check=check, **more)
    return status, json.loads("\n".join(said))


def words(path: Path, **more: Any) -> str:
    said: list[str] = []
    verify_file(path, write=said.append, at=AT, check=check, **more)
    return "\n".join(said)


def detached(authority: RealAuthority, label: str = "head", content: bytes = CONTENT) -> bytes:
    info = describe(authority.der(label))

    def raw(data: bytes, _digest: str) -> bytes:
        return bytes(authority.keys[label].sign(data, padding.PKCS1v15(), hashes.SHA256()))

    return sign_detached(content, info=info, chain=[authority.der("ca")], raw=raw, at=AT)


def attached(authority: RealAuthority, content: bytes = CONTENT) -> bytes:
    attributes = PdfCMSSignedAttributes(signing_time=AT.astimezone(UTC))
    making = signer(authority).async_sign_general_data(
        content, "sha256", detached=False, signed_attr_settings=attributes
    )
    return bytes(asyncio.run(making).dump())


def write(tmp_path: Path, name: str, content: bytes) -> Path:
    path = tmp_path / name
    path.write_bytes(content)
    return path


def test_a_pdf_by_a_folder_of_trust(
    authority: RealAuthority, page: bytes, trust: Path, tmp_path: Path
) -> None:
    paper = write(tmp_path, "paper.bin", sign(page, authority))
    status, told = run(paper, trust=[trust])
    assert (status, told["valid"], told["reasons"], told["kind"]) == (VALID, True, [], "pdf")
    (who,) = told["signers"]
    assert (who["iin"], who["bin"], who["role"]) == (IIN, BIN, "first-head")
    assert datetime.fromisoformat(who["signed_at"]) == AT
    assert who["revocation"]["standing"] == "unknown"
    status, told = run(paper, trust=[trust], crls=[trust / "list.crl"])
    revocation = told["signers"][0]["revocation"]
    assert (status, revocation["standing"], revocation["source"]) == (VALID, "good", "crl")
    said = words(paper, trust=[trust], crls=[trust / "list.crl"])
    assert "Revoked      no (by the authority's list of " in said
    assert "as the signer's computer stated" in said


def test_a_revoked_signer_is_refused_by_the_list_alone(
    authority: RealAuthority, page: bytes, trust: Path, tmp_path: Path
) -> None:
    paper = write(tmp_path, "paper.pdf", sign(page, authority, label="revoked"))
    status, told = run(paper, trust=[trust], crls=[trust / "list.crl"])
    assert (status, told["reasons"]) == (NOT_VALID, ["verdict-certificate-revoked"])
    assert told["signers"][0]["revocation"]["standing"] == "revoked"
    assert run(paper, trust=[trust])[0] == VALID  # nobody was asked, and that is told
    assert "not known: nobody was asked" in words(paper, trust=[trust])
    assert run(paper, trust=[trust], online=True)[0] == NOT_VALID
    years = AT + timedelta(days=900)
    status, told = run(paper, at=years, trust=[trust], crls=[trust / "list.crl"])
    assert (status, told["reasons"]) == (NOT_VALID, ["verdict-certificate-revoked"])


def test_a_given_intermediate_is_no_anchor(
    authority: RealAuthority, page: bytes, trust: Path, tmp_path: Path
) -> None:
    paper = write(tmp_path, "paper.pdf", sign(page, authority))
    status, told = run(paper, trust=[trust / "ca.crt"])
    assert (status, told["reasons"]) == (NOT_VALID, ["verdict-certificate-untrusted"])
    assert run(paper, trust=[trust / "ca.crt", trust / "root.cer"])[0] == VALID


@pytest.mark.parametrize("form", ["der", "pem", "base64"])
def test_a_detached_signature_with_its_document(
    form: str, authority: RealAuthority, trust: Path, tmp_path: Path
) -> None:
    der = detached(authority)
    forms = {"der": der, "pem": pem.armor("PKCS7", der), "base64": base64.encodebytes(der)}
    signature = write(tmp_path, "request.sig", forms[form])
    document = write(tmp_path, "request.txt", CONTENT)
    status, told = run(signature, document=document, trust=[trust], crls=[trust / "list.crl"])
    assert (status, told["kind"], told["signers"][0]["iin"]) == (VALID, "cms", IIN)
    assert told["signers"][0]["revocation"]["standing"] == "good"
    other = write(tmp_path, "other.txt", CONTENT + b".")
    status, told = run(signature, document=other, trust=[trust])
    assert (status, told["reasons"]) == (NOT_VALID, ["verdict-changed"])
    status, told = run(signature, trust=[trust])
    assert (status, told["reasons"]) == (UNREADABLE, ["cms-needs-document"])
    assert "--document FILE" in words(signature, trust=[trust])


def test_a_revoked_signer_of_a_detached_signature(
    authority: RealAuthority, trust: Path, tmp_path: Path
) -> None:
    signature = write(tmp_path, "request.sig", detached(authority, "revoked"))
    document = write(tmp_path, "request.txt", CONTENT)
    status, told = run(signature, document=document, trust=[trust], crls=[trust / "list.crl"])
    assert (status, told["reasons"]) == (NOT_VALID, ["verdict-certificate-revoked"])
    years = AT + timedelta(days=900)  # out of date by then, and still nobody's to sign with
    status, told = run(signature, document=document, at=years, trust=[trust], crls=[trust / "list.crl"])
    assert (status, told["reasons"]) == (NOT_VALID, ["verdict-certificate-revoked"])


def test_an_attached_signature(authority: RealAuthority, trust: Path, tmp_path: Path) -> None:
    der = attached(authority)
    status, told = run(write(tmp_path, "request.p7m", der), trust=[trust])
    assert (status, told["kind"], told["signers"][0]["name"]) == (VALID, "cms", "ЖҰМАҒАЛИЕВ ӘДІЛ СЕРІКҰЛЫ")
    changed = der.replace(CONTENT, CONTENT[:-1] + b"!")
    status, told = run(write(tmp_path, "changed.p7m", changed), trust=[trust])
    assert (status, told["reasons"]) == (NOT_VALID, ["verdict-changed"])
    other = write(tmp_path, "other.txt", b"another text")
    status, told = run(tmp_path / "request.p7m", document=other, trust=[trust])
    assert (status, told["reasons"]) == (NOT_VALID, ["verdict-changed"])


def test_a_signature_with_a_pdf_inside(
    authority: RealAuthority, page: bytes, trust: Path, tmp_path: Path
) -> None:
    status, told = run(write(tmp_path, "page.pdf.p7m", attached(authority, page)), trust=[trust])
    assert (status, told["kind"]) == (VALID, "cms")


def test_what_is_nothing_of_these(tmp_path: Path, trust: Path) -> None:
    for name, content, reason in (
        ("a.txt", b"hello", "verify-kind-unknown"),
        ("empty", b"", "verify-kind-unknown"),
        ("x.zip", b"PK\x03\x04 nothing", "package-unreadable"),
        ("x.sig", b"MIIB nothing", "cms-not-a-signature"),
        ("x.pdf", b"%PDF-1.7\nnothing", "pdf-broken"),
    ):
        status, told = run(write(tmp_path, name, content), trust=[trust])
        assert (status, told["valid"], told["reasons"]) == (UNREADABLE, False, [reason])
    paper = write(tmp_path, "y.pdf", b"%PDF-1.7\n")
    assert run(paper, document=paper, trust=[trust])[1]["reasons"] == ["verify-document-not-needed"]
    assert run(tmp_path / "missing")[1]["reasons"] == ["file-missing"]
    assert run(paper, trust=[tmp_path / "missing"])[1]["reasons"] == ["trust-unreadable"]
    assert run(paper, crls=[paper])[1]["reasons"] == ["crl-unreadable"]
    assert "y.pdf: missing.pem, given with --trust, is missing" in words(
        paper, trust=[tmp_path / "missing.pem"]
    )
    assert "y.pdf: y.pdf, given with --crl, is missing or is no list" in words(paper, crls=[paper])
    assert run(paper, document=tmp_path / "missing")[1]["reasons"] == ["verify-document-unreadable"]


def test_the_moment_of_checking_is_told_or_now(
    authority: RealAuthority, page: bytes, trust: Path, tmp_path: Path
) -> None:
    paper = write(tmp_path, "paper.pdf", sign(page, authority))
    assert run(paper, at=AT - timedelta(days=1), trust=[trust])[1]["reasons"] == ["verdict-signed-in-future"]
    told = run(paper, at=AT + timedelta(days=900), trust=[trust])[1]
    assert told["valid"]
    assert told["certificate"]["expired_since"]


def test_kinds_are_told_by_content() -> None:
    for content, kind in (
        (b"junk %PDF-1.4", "pdf"),
        (b"PK\x03\x04", "package"),
        (b"\x89PNG\r\n\x1a\n", "image"),
        (b"\xff\xd8\xff\xe0", "image"),
        (b"\xef\xbb\xbf KZL1:ABC", "code"),
        (b"  <a/>", "xml"),
        (b"\x30\x82\x01\x00" + bytes.fromhex("06092a864886f70d010702"), "cms"),
        (b"\x30\x82\x01\x00" + bytes.fromhex("06092a864886f70d010702") + b"%PDF-1.7", "cms"),
        (b"PK\x03\x04 a.pdf%PDF-1.7", "package"),
        (b"<?xml version='1.0'?><a>%PDF-1.7</a>", "xml"),
        (b"\x30\x82\x01\x00", ""),
        (b"", ""),
    ):
        assert looks_like(content) == kind


def test_a_folder_without_a_certificate_is_told(tmp_path: Path) -> None:
    with pytest.raises(Unavailable) as told:
        trust_files.read([tmp_path])
    assert told.value.code == "trust-unreadable"


def test_certificates_and_lists_of_no_known_form_are_unreadable(
    authority: RealAuthority, page: bytes, trust: Path, tmp_path: Path
) -> None:
    """Libraries raise causes of their own for these; whoever hands them in learns that they cannot be read."""
    paper = write(tmp_path, "paper.pdf", sign(page, authority))
    version = authority.der("root").replace(bytes.fromhex("a003020102"), bytes.fromhex("a003020105"), 1)
    assert run(paper, trust=[write(tmp_path, "odd.cer", version)])[1]["reasons"] == ["trust-unreadable"]
    (trust / "odd.cer").write_bytes(version)  # among others it is passed over
    assert run(paper, trust=[trust])[0] == VALID
    told = crl.CertificateList.load(authority.crl())
    twice = [*told["tbs_cert_list"]["crl_extensions"]] * 2
    told["tbs_cert_list"]["crl_extensions"] = crl.TBSCertListExtensions(twice)
    doubled = write(tmp_path, "doubled.crl", told.dump(force=True))
    seen = run(paper, trust=[trust], crls=[doubled])[1]
    assert seen["signers"][0]["revocation"]["standing"] == "unknown"
    assert not seen["valid"]
