"""The authority of these tests answers as a real one does, so that what is proved against it means something."""

import urllib.request

from asn1crypto import ocsp, tsp
from cryptography import x509

from desktop.eds.certificates import OwnerRole, describe, find_chain, told_apart
from tests.eds.authority import REVOKED_AT, RealAuthority
from tests.eds.people import AT, BIN, IIN


def _ask(url: str, body: bytes | None = None) -> bytes:
    with urllib.request.urlopen(urllib.request.Request(url, data=body), timeout=5) as answer:
        return bytes(answer.read())


def test_people_have_the_profile_and_a_chain(authority: RealAuthority) -> None:
    head = describe(authority.der("head"))
    assert (head.iin, head.bin, head.role) == (IIN, BIN, "first-head")
    assert head.may_sign
    assert OwnerRole.FIRST_HEAD in head.roles
    chain = find_chain(head.der, others=[authority.der("ca")], trust_roots=[authority.der("root")], at=AT)
    assert chain is not None
    assert len(chain) == 3
    assert (
        find_chain(head.der, others=[authority.der("ca")], trust_roots=[authority.der("other-root")], at=AT)
        is None
    )


def test_it_answers_over_the_network(authority: RealAuthority) -> None:
    told = x509.load_der_x509_crl(_ask(authority.crl_url))
    (entry,) = told
    assert entry.revocation_date_utc == REVOKED_AT
    empty = ocsp.OCSPRequest({"tbs_request": {"request_list": []}})
    answer = ocsp.OCSPResponse.load(_ask(authority.ocsp_url, empty.dump()))
    assert answer["response_status"].native == "malformed_request"
    imprint = {"hash_algorithm": {"algorithm": "sha256"}, "hashed_message": bytes(32)}
    request = tsp.TimeStampReq({"version": 1, "message_imprint": imprint, "nonce": 7})
    stamp = tsp.TimeStampResp.load(_ask(authority.tsa_url, request.dump()))
    assert stamp["status"]["status"].native == "granted"


def test_an_issuing_certificate_among_the_roots_ends_no_chain(authority: RealAuthority) -> None:
    """The national authority gives out both; only the root may be the end, else nobody asks it about the other."""
    head, both = authority.der("head"), [authority.der("ca"), authority.der("root")]
    chain = find_chain(head, others=(), trust_roots=both, at=AT)
    assert chain is not None
    assert [info.der for info in chain] == [head, authority.der("ca"), authority.der("root")]
    assert find_chain(head, others=(), trust_roots=[authority.der("ca")], at=AT) is None
    stranger = [authority.der("ca"), authority.der("other-root")]
    assert find_chain(head, others=(), trust_roots=stranger, at=AT) is None
    assert told_apart(both) == ((both[1],), (both[0],))
