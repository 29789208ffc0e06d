"""Which lists are whole ones, who may answer for an authority, and that an issuing authority may be revoked too."""

from dataclasses import replace
from datetime import timedelta

import pytest
from cryptography import x509

from desktop.eds import ocsp, revocation
from desktop.eds.certificates import describe
from desktop.eds.embedded_proofs import Proofs, said_by
from desktop.eds.revocation_asking import ask, asker
from desktop.eds.signing_checks import Expected, check
from desktop.eds.verdict import Standing
from desktop.errors import NotAllowed
from tests.eds.authority import RealAuthority
from tests.eds.lists import Extensions, answer, certificate, crl, responder
from tests.eds.people import AT, BIN, IIN

_STRANGE = x509.UnrecognizedExtension(x509.ObjectIdentifier("1.2.3.4.5"), b"\x05\x00")
_INDIRECT = x509.IssuingDistributionPoint(None, None, False, False, None, True, False)
_ATTRIBUTES = x509.IssuingDistributionPoint(None, None, False, False, None, False, True)
_AUTHORITIES = x509.IssuingDistributionPoint(None, None, False, True, None, False, False)
_SOME_REASONS = x509.IssuingDistributionPoint(
    None, None, False, False, frozenset({x509.ReasonFlags.key_compromise}), False, False
)
_OTHERS = x509.CertificateIssuer([x509.DirectoryName(x509.Name([]))])


def standing(authority: RealAuthority, content: bytes) -> revocation.Revocation:
    return revocation.standing(describe(authority.der("head")), describe(authority.der("ca")), content, AT)


@pytest.mark.parametrize(
    ("extensions", "good"),
    [
        ((), True),
        (((x509.CRLNumber(7), False),), True),
        (((_STRANGE, False),), True),
        (((_STRANGE, True),), False),
        (((x509.DeltaCRLIndicator(6), True),), False),
        (((x509.DeltaCRLIndicator(6), False),), False),  # not as it must be, and still no whole list
        (((_INDIRECT, True),), False),
        (((_ATTRIBUTES, True),), False),
        (((_AUTHORITIES, True),), False),
        (((_SOME_REASONS, True),), False),
    ],
)
def test_a_list_that_is_not_whole_is_never_read_as_one(
    authority: RealAuthority, extensions: Extensions, good: bool
) -> None:
    """Of changes, indirect, of others, or with something in it that must be understood: unknown, and never good."""
    told = standing(authority, crl(authority, 1, 2, extensions=extensions))
    assert (told.standing is Standing.GOOD, told.standing is Standing.UNKNOWN) == (good, not good)
    assert told.why == ("" if good else "revocation-list-of-another")
    seen = ask(
        describe(authority.der("head")),
        describe(authority.der("ca")),
        at=AT,
        crls=[crl(authority, extensions=extensions)],
    )
    assert (seen.standing is Standing.GOOD) == good


def test_an_entry_that_must_be_understood_spoils_the_list(authority: RealAuthority) -> None:
    """In an indirect list the number alone says nothing: an entry may be of another authority's certificate."""
    for of_entries, good in (
        (((x509.CRLReason(x509.ReasonFlags.superseded), False),), True),
        (((x509.CRLReason(x509.ReasonFlags.superseded), False), (_OTHERS, True)), False),
    ):
        told = standing(authority, crl(authority, 1, 2, of_entries=of_entries))
        assert (told.standing is Standing.GOOD, told.standing is Standing.UNKNOWN) == (good, not good)
    head = certificate(authority, "head").serial_number
    assert (
        standing(authority, crl(authority, head, 2, of_entries=((_OTHERS, True),))).standing
        is Standing.REVOKED
    )
    numbers = [int.from_bytes(b"\x01\x01\xff" + bytes([place])) for place in range(9)]
    assert standing(authority, crl(authority, *numbers)).standing is Standing.GOOD


def test_a_responder_is_asked_about_too(authority: RealAuthority) -> None:
    """RFC 6960 4.2.2.2.1: its issuer says that it need not be, or a list says that it is not revoked."""
    by = responder(authority)
    fetched: list[str] = []

    def fetch(url: str, body: bytes | None, limit: int, timeout: float) -> bytes:
        fetched.append(url)
        return answer(authority, by)

    def told(*crls: bytes) -> tuple[Standing, str, bool, str]:
        head, ca = describe(authority.der("unlisted")), describe(authority.der("ca"))
        with_url = {"ocsp_url": "http://ocsp.example/", "fetch": fetch}
        seen = ask(head, ca, at=AT, crls=crls, **with_url)
        return seen.standing, seen.source.value, seen.refused, seen.why

    def fetch_about(label: str, revoked: bool = False) -> None:
        nonlocal fetch
        content = answer(authority, by, label, revoked=revoked)
        fetch = lambda url, body, limit, timeout: content  # noqa: E731

    fetch_about("unlisted")
    assert told() == (Standing.UNKNOWN, "ocsp", False, "ocsp-delegate-unchecked")
    assert told(crl(authority, 1)) == (Standing.GOOD, "ocsp", False, "")
    assert told(crl(authority, by.serial_number)) == (Standing.UNKNOWN, "ocsp", True, "ocsp-delegate-revoked")
    fetch_about("unlisted", revoked=True)
    assert told()[0] is Standing.REVOKED  # that is heard even from one that may be revoked
    by = responder(authority, (x509.OCSPNoCheck(), False))
    fetch_about("unlisted")
    assert told() == (Standing.GOOD, "ocsp", False, "")


def test_the_lists_of_a_file_tell_of_its_responders(authority: RealAuthority) -> None:
    by = responder(authority)
    head, ca, said = describe(authority.der("head")), describe(authority.der("ca")), answer(authority, by)
    assert ocsp.judge(said, head, ca, at=AT).why == "ocsp-delegate-unchecked"
    assert said_by(Proofs((), (said,), ()), head, ca, AT, AT) is None
    told = said_by(
        Proofs((), (said,), (crl(authority, 1, made=AT - timedelta(minutes=1)),)), head, ca, AT, AT
    )
    assert told is not None
    assert (told.standing, told.at) == (Standing.GOOD, AT)
    revoked = Proofs((), (said,), (crl(authority, by.serial_number, extensions=((_AUTHORITIES, True),)),))
    assert said_by(revoked, head, ca, AT, AT) is None


def test_an_issuing_authority_that_its_root_revoked_signs_nobody_in(authority: RealAuthority) -> None:
    """Root and issuing certificate are both among those the office trusts: the root is asked about the other."""
    head = describe(authority.der("head"))
    roots = (authority.pem("ca"), authority.pem("root"))
    expected = Expected(trust_roots=roots, at=AT, iin=IIN, bin=BIN)
    lists = (authority.crl(), crl(authority, 1, by="root"))
    assert check(head, chain=(), expected=expected, asking=asker(crls=lists)).known
    gone = crl(authority, certificate(authority, "ca").serial_number, by="root")
    with pytest.raises(NotAllowed, match="certificate-revoked"):
        check(head, chain=(), expected=expected, asking=asker(crls=(authority.crl(), gone)))
    alone = replace(expected, trust_roots=roots[:1])
    with pytest.raises(NotAllowed, match="certificate-untrusted"):
        check(head, chain=(), expected=alone, asking=asker(crls=lists))
