"""Certificates, chains, lists and answers signed with GOST, judged by the same means as those with RSA."""

import asyncio
import subprocess
import sys
from datetime import timedelta

import pytest
from asn1crypto import ocsp, x509
from pyhanko_certvalidator import CertificateValidator, ValidationContext
from pyhanko_certvalidator.errors import PathError, ValidationError

from desktop.eds.certificates import (
    OwnerRole,
    check_certificate,
    check_signer,
    describe,
    find_chain,
    load,
    offline_context,
)
from desktop.eds.demo_ca import DemoAuthority
from desktop.eds.gost.validator import GostSignatureValidator, SignaturePolicy
from desktop.eds.pdf_signing import digest_for
from desktop.errors import NotAllowed
from tests.eds.gost import making
from tests.eds.gost.making import AT, BIN, IIN, GostAuthority, Holder
from tests.eds.people import HEAD, Keys


@pytest.fixture(scope="module", params=[512, 256])
def authority(request: pytest.FixtureRequest) -> GostAuthority:
    return making.authority(request.param)


@pytest.fixture(scope="module")
def holder(authority: GostAuthority) -> Holder:
    return authority.issue()


def test_what_a_certificate_says(authority: GostAuthority, holder: Holder) -> None:
    info = describe(holder.der)
    assert (info.algorithm, info.key_bits) == (f"gost2015-{authority.bits}", authority.bits)
    assert (info.iin, info.bin, info.name) == (IIN, BIN, "ЖҰМАҒАЛИЕВ ӘДІЛ СЕРІКҰЛЫ")
    assert info.roles == {OwnerRole.LEGAL_ENTITY, OwnerRole.FIRST_HEAD}
    assert info.may_sign
    assert load([holder.der]) == (holder.der,)


def test_a_chain_is_found(authority: GostAuthority, holder: Holder) -> None:
    given = {"chain": [authority.issuing.der], "trust_roots": [authority.root.der], "at": AT}
    chain = check_signer(describe(holder.der), iin=IIN, bin=BIN, **given)
    assert [item.der for item in chain] == [holder.der, authority.issuing.der, authority.root.der]


@pytest.mark.parametrize("of", ["leaf", "issuing"])
def test_no_byte_of_a_chain_is_idle(authority: GostAuthority, holder: Holder, of: str) -> None:
    ders = {"leaf": holder.der, "issuing": authority.issuing.der}
    inside = len(x509.Certificate.load(ders[of])["tbs_certificate"].dump())
    for place in range(60, inside, 37):
        changed = bytearray(ders[of])
        changed[place] ^= 1
        told = ders | {of: bytes(changed)}
        found = find_chain(told["leaf"], others=[told["issuing"]], trust_roots=[authority.root.der], at=AT)
        assert found is None, place


def test_a_chain_of_another_authority(authority: GostAuthority, holder: Holder) -> None:
    other = making.authority(768 - authority.bits)
    assert find_chain(holder.der, others=[authority.issuing.der], trust_roots=[other.root.der], at=AT) is None
    late = AT + timedelta(days=400)
    assert (
        find_chain(holder.der, others=[authority.issuing.der], trust_roots=[authority.root.der], at=late)
        is None
    )


def test_keys_of_both_lengths_in_one_chain() -> None:
    authority = making.authority(512)
    holder = authority.issue(bits=256)
    assert describe(holder.der).algorithm == "gost2015-256"
    assert find_chain(holder.der, others=[authority.issuing.der], trust_roots=[authority.root.der], at=AT)


def test_a_gost_key_signs_elsewhere(holder: Holder) -> None:
    info = describe(holder.der)
    check_certificate(info, AT)
    with pytest.raises(NotAllowed, match="certificate-algorithm-unsupported"):
        digest_for(info)


def test_a_key_of_gost_2004_cannot_be_used() -> None:
    raw = making.spki_of("1.2.398.3.10.1.1.1.1", ("1.2.398.3.10.1.1.1.1.1", "1.2.398.3.10.1.3.1"), bytes(64))
    holder = making.authority().issue()
    old = x509.Certificate.load(holder.der)
    tbs = old["tbs_certificate"].copy()
    tbs["subject_public_key_info"] = making.keys.PublicKeyInfo.load(raw)
    old["tbs_certificate"] = tbs
    info = describe(old.dump(force=True))
    assert (info.algorithm, info.key_bits) == ("1.2.398.3.10.1.1.1.1", 0)
    with pytest.raises(NotAllowed, match="certificate-algorithm-unsupported"):
        check_certificate(info, AT)


def test_rsa_is_judged_as_before(keys: Keys) -> None:
    chain = find_chain(
        keys.head.certificate_der,
        others=keys.head.chain_der,
        trust_roots=load([keys.authority.root_pem]),
        at=AT,
    )
    assert chain is not None
    assert chain[0].algorithm == "rsa"
    other = DemoAuthority(valid_from=making.VALID_FROM).issue(HEAD, valid_from=making.VALID_FROM)
    assert (
        find_chain(
            other.certificate_der, others=other.chain_der, trust_roots=load([keys.authority.root_pem]), at=AT
        )
        is None
    )


def judged(
    authority: GostAuthority, holder: Holder, *, crls: tuple[bytes, ...] = (), ocsps: tuple[bytes, ...] = ()
) -> bool:
    """Whether the certificate is found good by the library when it must say something of revocation."""
    context = ValidationContext(
        trust_roots=[authority.root.certificate],
        moment=AT,
        allow_fetching=False,
        revocation_mode="require" if crls or ocsps else "soft-fail",
        crls=[*crls, authority.crl(by=authority.root)],
        ocsps=[ocsp.OCSPResponse.load(item) for item in ocsps],
        signature_validator=GostSignatureValidator(),
        algorithm_usage_policy=SignaturePolicy(),
    )
    validator = CertificateValidator(
        holder.certificate, intermediate_certs=[authority.issuing.certificate], validation_context=context
    )
    try:
        asyncio.run(validator.async_validate_path())
    except (PathError, ValidationError):
        return False
    return True


def test_lists_of_revoked_certificates(authority: GostAuthority, holder: Holder) -> None:
    other = authority.issue()
    assert judged(authority, holder, crls=(authority.crl(other),))
    assert not judged(authority, holder, crls=(authority.crl(holder),))
    forged = bytearray(authority.crl(other))
    forged[-3] ^= 1
    assert not judged(authority, holder, crls=(bytes(forged),))


def test_answers_about_certificates(authority: GostAuthority, holder: Holder) -> None:
    assert judged(authority, holder, ocsps=(authority.ocsp(holder),))
    assert not judged(authority, holder, ocsps=(authority.ocsp(holder, "revoked"),))
    responder = authority.issue(purposes=["1.3.6.1.5.5.7.3.9"], usage=["digital_signature"], no_check=True)
    assert judged(authority, holder, ocsps=(authority.ocsp(holder, by=responder),))
    assert not judged(authority, holder, ocsps=(authority.ocsp(holder, by=authority.issue()),)), (
        "no responder"
    )


def test_the_context_of_every_check_knows_gost(authority: GostAuthority) -> None:
    context = offline_context([authority.root.der], AT)
    assert isinstance(context.sig_validator, GostSignatureValidator)
    assert isinstance(context.algorithm_policy, SignaturePolicy)


def test_reading_certificates_does_not_load_the_library_of_chains() -> None:
    """A window that shows a certificate must not wait for what judges signatures."""
    code = (
        "import sys, desktop.eds.certificates; print(any(name.startswith('pyhanko') for name in sys.modules))"
    )
    told = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60
    )
    assert told.stdout.strip() == "False"
