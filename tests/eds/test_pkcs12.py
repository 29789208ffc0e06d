"""Signing with a PKCS#12 file: what comes out, and every way the file can be wrong."""

import logging
import subprocess
from datetime import timedelta
from pathlib import Path

import pikepdf
import pytest
from cryptography.hazmat.primitives.asymmetric import ed25519
from cryptography.hazmat.primitives.serialization import NoEncryption, pkcs12

from desktop.eds.pdf_signature import verify
from desktop.eds.tokens import open_pkcs12
from desktop.errors import NotAllowed, Unavailable
from desktop.regulation.model import Text
from tests.eds.people import AT, BIN, HEAD, IIN, PASSWORD, Keys


def test_the_signature_is_an_incremental_update_with_everything_named(
    signed: bytes, page: bytes, root: str
) -> None:
    verdict = verify(signed, trust_roots=[root], at=AT)
    assert signed.startswith(page)
    assert verdict.valid
    assert verdict.unchanged
    assert verdict.covers_whole_file
    assert verdict.demo
    assert (verdict.iin, verdict.bin) == (IIN, BIN)
    assert verdict.signer_name == f"{HEAD.surname_name} {HEAD.patronymic}"
    assert verdict.organisation == HEAD.organisation
    assert verdict.signed_at == AT
    assert [
        name.endswith(kind) for name, kind in zip(verdict.issuers, ("issuing CA", "root CA"), strict=True)
    ]


def test_poppler_says_valid_and_whole(signed: bytes, tmp_path: Path) -> None:
    path = tmp_path / "signed.pdf"
    path.write_bytes(signed)
    told = subprocess.run(["pdfsig", "-nocert", path], capture_output=True, text=True, check=True).stdout
    assert "Signature is Valid" in told
    assert "Total document signed" in told
    assert "ETSI.CAdES.detached" in told


def test_the_archive_declaration_survives_and_nothing_is_drawn(
    signed: bytes, page: bytes, tmp_path: Path
) -> None:
    path = tmp_path / "signed.pdf"
    path.write_bytes(signed)
    with pikepdf.open(path) as pdf:
        assert "/OutputIntents" in pdf.Root
        assert "/StructTreeRoot" in pdf.Root
        with pdf.open_metadata() as metadata:
            assert (metadata["pdfaid:part"], metadata["pdfaid:conformance"]) == ("2", "A")
        (widget,) = pdf.pages[0].Annots
        assert [float(number) for number in widget.Rect] == [0, 0, 0, 0]


def test_one_key_signs_a_batch(keystore: Path, page: bytes, root: str) -> None:
    with open_pkcs12(keystore, PASSWORD) as signer:
        batch = [signer.sign(page, at=AT, reason=Text("қазақша", "по-русски")) for _ in range(3)]
    verdicts = [verify(item, trust_roots=[root], at=AT) for item in batch]
    assert all(item.valid for item in verdicts)
    assert verdicts[0].signatures[0].stated_reason == "қазақша / по-русски"


def test_a_closed_signer_signs_no_more(keystore: Path, page: bytes) -> None:
    with open_pkcs12(keystore, PASSWORD) as signer:
        pass
    with pytest.raises(Unavailable) as told:
        signer.sign(page, at=AT, reason="")
    assert told.value.code == "token-removed"


@pytest.mark.parametrize("which", ["expired", "not_yet_valid", "authentication"])
def test_a_certificate_that_may_not_sign_now_signs_nothing(
    which: str, keys: Keys, page: bytes, tmp_path: Path
) -> None:
    path = tmp_path / "key.p12"
    getattr(keys, which).write_pkcs12(path, PASSWORD)
    with open_pkcs12(path, PASSWORD) as signer, pytest.raises(NotAllowed) as told:
        signer.sign(page, at=AT, reason="")
    expected = {
        "expired": "certificate-expired",
        "not_yet_valid": "certificate-not-yet-valid",
        "authentication": "certificate-no-signing-right",
    }
    assert told.value.code == expected[which]


def test_a_second_signature_keeps_the_first(signed: bytes, keys: Keys, root: str, tmp_path: Path) -> None:
    path = tmp_path / "second.p12"
    keys.foreign.write_pkcs12(path, PASSWORD)
    with open_pkcs12(path, PASSWORD) as signer:
        twice = signer.sign(signed, at=AT + timedelta(minutes=5), reason="")
    verdict = verify(twice, trust_roots=[root], at=AT + timedelta(minutes=5))
    assert verdict.valid
    assert len(verdict.signatures) == 2
    assert [item.covers_whole_file for item in verdict.signatures] == [False, True]
    assert verdict.iin == "850505300120"


def test_wrong_password(keystore: Path) -> None:
    for password in ("wrong", "", PASSWORD + " "):
        with pytest.raises(NotAllowed) as told, open_pkcs12(keystore, password):
            pass
        assert told.value.code == "keystore-wrong-password"
        assert told.value.facts == {"file": "head.p12"}


@pytest.mark.parametrize(
    "content", [b"", b"\x00" * 64, b"%PDF-1.7", b"\x30\x03\x02\x01\x03", b"0" * 2_000_000]
)
def test_not_a_keystore(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "x.p12"
    path.write_bytes(content)
    with pytest.raises(NotAllowed) as told, open_pkcs12(path, PASSWORD):
        pass
    assert told.value.code == "keystore-not-a-keystore"


def test_missing_and_unreadable(tmp_path: Path) -> None:
    with pytest.raises(Unavailable) as told, open_pkcs12(tmp_path / "none.p12", PASSWORD):
        pass
    assert told.value.code == "keystore-missing"
    with pytest.raises(Unavailable) as told, open_pkcs12(tmp_path, PASSWORD):
        pass
    assert told.value.code == "keystore-unreadable"


def test_a_truncated_keystore(keystore: Path, tmp_path: Path) -> None:
    path = tmp_path / "half.p12"
    content = keystore.read_bytes()
    path.write_bytes(content[: len(content) // 2])
    with pytest.raises(NotAllowed) as told, open_pkcs12(path, PASSWORD):
        pass
    assert told.value.code == "keystore-not-a-keystore"


def test_a_keystore_without_a_key_or_with_a_foreign_kind(keys: Keys, tmp_path: Path) -> None:
    path = tmp_path / "x.p12"
    path.write_bytes(pkcs12.serialize_key_and_certificates(None, None, None, keys.head.chain, NoEncryption()))
    with pytest.raises(NotAllowed) as told, open_pkcs12(path, ""):
        pass
    assert told.value.code == "keystore-no-key"
    other = ed25519.Ed25519PrivateKey.generate()
    path.write_bytes(pkcs12.serialize_key_and_certificates(b"x", other, None, None, NoEncryption()))
    with pytest.raises(NotAllowed) as told, open_pkcs12(path, ""):
        pass
    assert told.value.code in ("keystore-no-key", "keystore-key-unsupported")


def test_an_old_container_of_the_authority_opens(keys: Keys, page: bytes, root: str, tmp_path: Path) -> None:
    """The authority's files use 3DES, RC2-40 and a SHA-1 MAC; OpenSSL makes one the same way."""
    new, bundle, old = tmp_path / "new.p12", tmp_path / "bundle.pem", tmp_path / "old.p12"
    keys.head.write_pkcs12(new, PASSWORD)
    base = ["openssl", "pkcs12"]
    secret = ["-passin", f"pass:{PASSWORD}", "-passout", f"pass:{PASSWORD}"]
    subprocess.run([*base, "-in", new, "-out", bundle, "-nodes", *secret], check=True, capture_output=True)
    subprocess.run(
        [*base, "-export", "-legacy", "-in", bundle, "-out", old, *secret], check=True, capture_output=True
    )
    with open_pkcs12(old, PASSWORD) as signer:
        assert verify(signer.sign(page, at=AT, reason=""), trust_roots=[root], at=AT).valid


def test_nothing_secret_reaches_the_log(
    keystore: Path, page: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    with open_pkcs12(keystore, PASSWORD) as signer:
        signed = signer.sign(page, at=AT, reason="")
        logging.getLogger("desktop").info("%s %r", signer.info, signer)
    logging.getLogger("desktop").info("%s", verify(signed, at=AT))
    wrong = PASSWORD[::-1]
    with pytest.raises(NotAllowed) as told, open_pkcs12(keystore, wrong):
        pass
    logging.getLogger("desktop").error("failed", exc_info=told.value)
    for secret in (PASSWORD, IIN, BIN, wrong):
        assert secret not in caplog.text
