"""Proofs a CMS signature keeps for long (CAdES-X-L, and lists beside its certificates) are read as those of a PDF are."""

from collections.abc import Callable

import pytest
from asn1crypto import cms, core
from cryptography import x509

from desktop.eds.checking import check
from desktop.eds.cms_signature import verify_detached
from desktop.eds.revocation_asking import asker
from desktop.eds.trust_files import sorted_out
from desktop.eds.verdict import Reason, Source, Standing, Verdict
from tests.eds.authority import REVOKED_AT, RealAuthority
from tests.eds.cades import attribute, basic, revocation_values, tlv, with_unsigned
from tests.eds.lists import answer, certificate, crl, responder
from tests.eds.people import AT
from tests.eds.test_checking import CONTENT, detached


@pytest.fixture
def seen(authority: RealAuthority) -> Callable[..., Verdict]:
    trusted = sorted_out([authority.pem("root"), authority.pem("ca")])

    def judged(signature: bytes, **more: object) -> Verdict:
        return check(signature, trusted, at=AT, document=CONTENT, **more)

    return judged


def test_answers_and_lists_of_the_signature_tell(
    authority: RealAuthority, seen: Callable[..., Verdict]
) -> None:
    by = responder(authority, (x509.OCSPNoCheck(), False))
    bare = detached(authority)
    assert seen(bare).signatures[0].revocation.standing is Standing.UNKNOWN
    for proofs, made_at in (
        (revocation_values(answers=[answer(authority, by)]), AT),
        (revocation_values(lists=[authority.crl()]), None),
        (revocation_values([authority.crl()], [answer(authority, by, "head-ec")]), None),
    ):
        told = seen(with_unsigned(bare, proofs))
        assert told.reason is Reason.VALID
        revocation = told.signatures[0].revocation
        assert (revocation.standing, revocation.source) == (Standing.GOOD, Source.EMBEDDED)
        assert made_at is None or revocation.at == made_at


def test_a_signature_that_proves_its_own_revocation_is_refused(
    authority: RealAuthority, seen: Callable[..., Verdict]
) -> None:
    signature = detached(authority, "revoked")
    assert seen(signature).valid  # nobody was asked
    told = seen(with_unsigned(signature, revocation_values([authority.crl()])))
    assert told.reason is Reason.REVOKED
    assert told.signatures[0].revocation.since == REVOKED_AT


def test_who_is_asked_now_is_heard_before_what_was_kept(
    authority: RealAuthority, seen: Callable[..., Verdict]
) -> None:
    kept = with_unsigned(detached(authority), revocation_values([crl(authority, 1)]))
    gone = crl(authority, certificate(authority, "head").serial_number)
    assert seen(kept).valid
    assert seen(kept, asking=asker(crls=[gone])).reason is Reason.REVOKED


def test_certificates_of_the_signature_build_its_chain(authority: RealAuthority) -> None:
    signature = cms.ContentInfo.load(detached(authority))
    head = cms.CertificateChoices.load(authority.der("head"))
    signature["content"]["certificates"] = cms.CertificateSet([head])
    alone = signature.dump(force=True)

    def reason(content: bytes) -> Reason:
        return verify_detached(CONTENT, content, trust_roots=[authority.pem("root")], at=AT).reason

    assert reason(alone) is Reason.UNTRUSTED
    assert reason(with_unsigned(alone, attribute(23, tlv(0x30, authority.der("ca"))))) is Reason.VALID


def test_lists_and_answers_beside_the_certificates(
    authority: RealAuthority, seen: Callable[..., Verdict]
) -> None:
    by = responder(authority, (x509.OCSPNoCheck(), False))
    whole = tlv(0xA1, core.ObjectIdentifier("1.3.6.1.5.5.7.16.2").dump(), answer(authority, by))
    plain = tlv(0xA1, core.ObjectIdentifier("1.3.6.1.5.5.7.48.1.1").dump(), basic(answer(authority, by)))
    for content in (authority.crl(), whole, plain):
        signature = cms.ContentInfo.load(detached(authority))
        signature["content"]["crls"] = cms.RevocationInfoChoices.load(tlv(0x31, content))
        told = seen(signature.dump(force=True))
        assert told.valid
        assert told.signatures[0].revocation.source is Source.EMBEDDED


@pytest.mark.parametrize(
    "broken",
    [
        attribute(24, b"\x05\x00"),
        attribute(24, tlv(0x30, b"\x02\x01\x01")),
        attribute(24, tlv(0x30, tlv(0xA0, tlv(0x30, b"\x30\x03\x02\x01\x01" * 1000)))),
        attribute(23, tlv(0x30, b"\x30\x00" * 1000)),
        attribute(24, tlv(0x30, tlv(0xA1, tlv(0x30, b"\x30\x80")))),
    ],
)
def test_what_is_wrong_among_them_is_passed_over(
    authority: RealAuthority, seen: Callable[..., Verdict], broken: bytes
) -> None:
    good = revocation_values([authority.crl()])
    told = seen(with_unsigned(detached(authority), broken, good))
    assert told.valid
    assert told.signatures[0].revocation.source is Source.EMBEDDED


def test_proofs_of_another_tell_nothing(authority: RealAuthority, seen: Callable[..., Verdict]) -> None:
    for foreign in (
        crl(authority, 1, by="root"),
        crl(authority, 1, extensions=((x509.DeltaCRLIndicator(1), True),)),
    ):
        told = seen(with_unsigned(detached(authority), revocation_values([foreign])))
        assert told.valid
        assert told.signatures[0].revocation.standing is Standing.UNKNOWN
