"""What a signature costs no more than once: room for its value, and reading the same certificates."""

import re
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from asn1crypto import x509

from desktop.eds.certificates import OwnerRole, describe, parsed
from desktop.eds.demo_ca import DemoAuthority, DemoPerson
from desktop.eds.pdf_signing import sign_pdf
from desktop.eds.tokens import open_pkcs12
from desktop.errors import NotAllowed
from tests.eds.people import AT, BIN, IIN, PASSWORD, VALID_FROM

_LONG = "Қ" * 31  # the most bytes a name may have


def _value(signed: bytes) -> bytes:
    """The digits of the signature's value, with the room left behind it."""
    found = re.findall(rb"/Contents <([0-9A-Fa-f]+)>", signed)
    assert len(found) == 1
    return bytes(found[0])


def test_there_is_room_for_the_value_and_little_more(signed: bytes) -> None:
    digits = _value(signed)
    used = len(digits.rstrip(b"0"))
    assert used < len(digits) < 2 * used


def test_there_is_room_for_the_longest_names(page: bytes, tmp_path: Path) -> None:
    authority = DemoAuthority(valid_from=VALID_FROM - timedelta(days=1))
    person = DemoPerson(_LONG, IIN, "", _LONG, BIN, tuple(OwnerRole))
    path = tmp_path / "long.p12"
    authority.issue(person, valid_from=VALID_FROM).write_pkcs12(path, PASSWORD)
    with open_pkcs12(path, PASSWORD) as signer:
        digits = _value(signer.sign(page, at=AT, reason=_LONG))
    assert len(digits.rstrip(b"0")) < len(digits)


def test_certificates_of_a_batch_are_read_once(
    keystore: Path, page: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    with open_pkcs12(keystore, PASSWORD) as signer:
        signer.sign(page, at=AT, reason="")
        own = {signer.info.der, *signer.chain}
        read: list[bytes] = []
        load = x509.Certificate.load.__func__

        def noted(cls: type, der: bytes, **how: object) -> object:
            read.append(der)
            return load(cls, der, **how)

        monkeypatch.setattr(x509.Certificate, "load", classmethod(noted))
        signer.sign(page, at=AT, reason="")
    assert own & set(read) == set()


def test_what_is_remembered_of_a_certificate_is_not_of_another(keystore: Path, page: bytes) -> None:
    with open_pkcs12(keystore, PASSWORD) as signer:
        info = signer.info
        assert describe(info.der) is describe(bytes(bytearray(info.der)))
        assert parsed(info.der) is parsed(bytes(bytearray(info.der)))
        other = bytearray(info.der)
        other[-1] ^= 1
        assert describe(bytes(other)).sha256 != info.sha256
        with pytest.raises(NotAllowed, match="certificate-unreadable"):
            describe(info.der[:-1])
        with pytest.raises(NotAllowed, match="certificate-unreadable"):
            describe(info.der[:-1])
        again = sign_pdf(
            page, info=replace(info, key_bits=4096), chain=(), raw=signer.sign_raw, at=AT, reason=""
        )
    assert again.startswith(page)
