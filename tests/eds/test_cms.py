"""Detached signatures over files that are no PDF, and what a list of revoked certificates says of the signer."""

from datetime import UTC, datetime, timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding

from desktop.eds import revocation
from desktop.eds.certificates import describe
from desktop.eds.cms_signature import CmsSeen, sign_detached, verify_detached
from desktop.eds.demo_ca import DemoAuthority, DemoKey
from desktop.eds.verdict import Reason
from desktop.eds.verdict_parts import Standing
from desktop.errors import NotAllowed
from tests.eds.people import AT, HEAD, IIN, VALID_FROM, Keys

CONTENT = "Өтініш: лицензия беру".encode()


def sign(key: DemoKey, content: bytes = CONTENT, at: datetime = AT) -> bytes:
    def raw(data: bytes, digest: str) -> bytes:
        assert digest == "sha256"
        return key.private_key.sign(data, padding.PKCS1v15(), hashes.SHA256())

    return sign_detached(content, info=describe(key.certificate_der), chain=key.chain_der, raw=raw, at=at)


def seen(signature: bytes, root: str, content: bytes = CONTENT, at: datetime = AT) -> CmsSeen:
    return verify_detached(content, signature, trust_roots=[root], at=at)


def test_a_signature_is_found_valid_and_says_whose_it_is(keys: Keys, root: str):
    told = seen(sign(keys.head), root)
    assert told.valid
    assert told.reason is Reason.VALID_DEMO
    assert told.signer is not None
    assert (told.signer.iin, told.signed_at) == (IIN, AT.replace(microsecond=0).astimezone(UTC))
    assert [item.is_demo for item in told.chain] == [True, True, True]


def test_every_byte_of_the_content_counts(keys: Keys, root: str):
    signature = sign(keys.head)
    for at in range(len(CONTENT)):
        changed = CONTENT[:at] + bytes([CONTENT[at] ^ 1]) + CONTENT[at + 1 :]
        assert seen(signature, root, changed).reason is Reason.CHANGED


def test_a_changed_signature_is_never_valid(keys: Keys, root: str):
    signature = sign(keys.head)
    start = len(signature) - 250  # the value itself
    for at in range(start, len(signature), 10):
        changed = signature[:at] + bytes([signature[at] ^ 1]) + signature[at + 1 :]
        assert not seen(changed, root).valid


@pytest.mark.parametrize("signature", [b"", b"\x30\x80", b"garbage", CONTENT * 70_000])
def test_what_is_no_signature(signature: bytes, root: str):
    assert seen(signature, root).reason in (Reason.DAMAGED, Reason.TOO_MANY)


def test_whose_chain_is_not_trusted(keys: Keys):
    other = DemoAuthority(valid_from=VALID_FROM, name="other").root_pem
    assert seen(sign(keys.head), other).reason is Reason.UNTRUSTED
    assert verify_detached(CONTENT, sign(keys.head), trust_roots=[], at=AT).reason is Reason.UNTRUSTED


def test_the_certificate_must_be_in_date_and_for_signing(keys: Keys, root: str):
    for key in (keys.expired, keys.not_yet_valid, keys.authentication):
        with pytest.raises(NotAllowed, match="certificate-"):
            sign(key)
    late = sign(keys.head, at=AT + timedelta(hours=1))
    assert seen(late, root).reason is Reason.IN_FUTURE
    was_valid = keys.expired.certificate.not_valid_before_utc + timedelta(hours=1)
    assert seen(sign(keys.expired, at=was_valid), root).valid, "it was in date when it signed"


# revoked certificates


def crl(
    keys: Keys,
    *revoked: DemoKey,
    issued: datetime = AT - timedelta(hours=1),
    lasts: timedelta = timedelta(days=1),
    by: DemoAuthority | None = None,
) -> bytes:
    authority = by or keys.authority
    made = (
        x509.CertificateRevocationListBuilder()
        .issuer_name(authority.issuing.subject)
        .last_update(issued)
        .next_update(issued + lasts)
    )
    for key in revoked:
        entry = x509.RevokedCertificateBuilder().serial_number(key.certificate.serial_number)
        made = made.add_revoked_certificate(entry.revocation_date(issued).build())
    return authority.signed_list(made)


def told_of(keys: Keys, content: bytes, at: datetime = AT) -> revocation.Revocation:
    info = describe(keys.head.certificate_der)
    return revocation.standing(info, describe(keys.head.chain_der[0]), content, at)


def test_a_list_says_good_and_revoked(keys: Keys):
    assert told_of(keys, crl(keys, keys.employee)).standing is Standing.GOOD
    told = told_of(keys, crl(keys, keys.head))
    assert (told.standing, told.since) == (Standing.REVOKED, (AT - timedelta(hours=1)).astimezone(UTC))


def test_a_list_that_says_nothing(keys: Keys):
    other = DemoAuthority(valid_from=VALID_FROM, name="other")
    forged = bytearray(crl(keys))
    forged[-1] ^= 1
    for content, why in (
        (b"garbage", "revocation-list-unreadable"),
        (crl(keys, by=other), "revocation-list-of-another"),
        (bytes(forged), "revocation-list-forged"),
        (crl(keys, issued=AT - timedelta(days=9)), "revocation-list-old"),
        (crl(keys, issued=AT + timedelta(days=9)), "revocation-list-old"),
    ):
        told = told_of(keys, content)
        assert (told.standing, told.why) == (Standing.UNKNOWN, why)
    assert told_of(keys, crl(keys, keys.head, issued=AT - timedelta(days=9))).standing is Standing.REVOKED


def test_another_key_of_the_same_person(keys: Keys, root: str):
    again = keys.authority.issue(HEAD, valid_from=VALID_FROM)
    assert seen(sign(again), root).valid
