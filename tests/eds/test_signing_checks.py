"""Before any PIN: each thing a certificate can be wrong in has its own word; silence and bad answers are not alike."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from desktop.eds import fetching
from desktop.eds.certificates import describe
from desktop.eds.demo_ca import DemoKey
from desktop.eds.revocation_asking import asker
from desktop.eds.signing_checks import Checked, Expected, check
from desktop.eds.verdict_parts import Source, Standing
from desktop.errors import NotAllowed, Told, Unavailable
from tests.eds.authority import RealAuthority
from tests.eds.people import AT, BIN, IIN, VALID_FROM, Keys


@pytest.fixture
def expected(authority: RealAuthority) -> Expected:
    return Expected(IIN, BIN, AT, (authority.pem("root"),))


def checked(authority: RealAuthority, label: str, expected: Expected, **more: Any) -> Checked:
    asking = asker(fetch=fetching.http_fetch, timeout=5)
    info = describe(authority.der(label))
    return check(info, chain=[authority.der("ca")], expected=expected, asking=asking, **more)


def refused(authority: RealAuthority, label: str, expected: Expected) -> Told:
    with pytest.raises(Told) as told:
        checked(authority, label, expected)
    return told.value


@pytest.mark.parametrize(("label", "source"), [("head", "ocsp"), ("head-ec", "ocsp"), ("bare", "crl")])
def test_a_good_certificate_and_who_said_so(
    label: str, source: str, authority: RealAuthority, expected: Expected
) -> None:
    found = checked(authority, label, expected)
    assert found.known
    assert found.revocation.standing is Standing.GOOD
    assert (found.revocation.source, found.note) == (Source(source), source)


def test_ocsp_is_asked_first_and_a_fresh_list_when_it_is_silent(
    authority: RealAuthority, expected: Expected
) -> None:
    with authority.silenced("ocsp"):
        assert checked(authority, "head", expected).note == "crl"


def test_a_revoked_one_is_refused(authority: RealAuthority, expected: Expected) -> None:
    told = refused(authority, "revoked", expected)
    assert isinstance(told, NotAllowed)
    assert told.code == "certificate-revoked"
    assert told.facts["since"] < AT


def test_a_bad_answer_refuses_even_where_silence_is_allowed(
    authority: RealAuthority, expected: Expected
) -> None:
    def flipped(service: str, content: bytes) -> bytes:
        return content[:-9] + bytes([content[-9] ^ 1]) + content[-8:] if service == "ocsp" else content

    with authority.spoiling(flipped):
        told = refused(authority, "head", replace(expected, silence_allowed=True))
    assert isinstance(told, NotAllowed)
    assert told.code == "revocation-answer-bad"


@pytest.mark.parametrize("label", ["head", "unlisted"])
def test_silence_refuses_unless_the_office_allows_it_and_then_is_noted(
    label: str, authority: RealAuthority, expected: Expected
) -> None:
    with authority.silenced("ocsp", "crls"):
        told = refused(authority, label, expected)
        allowed = checked(authority, label, replace(expected, silence_allowed=True))
    assert isinstance(told, Unavailable)
    assert told.code == "revocation-unknown"
    assert not allowed.known
    assert allowed.note == told.facts["why"] != ""


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"iin": "850505300120"}, "certificate-foreign"),
        ({"iin": ""}, "certificate-foreign"),
        ({"bin": "000140001239"}, "certificate-wrong-organisation"),
        ({"at": AT + timedelta(days=400)}, "certificate-expired"),
        ({"at": VALID_FROM - timedelta(days=1)}, "certificate-not-yet-valid"),
        ({"trust_roots": ()}, "certificate-untrusted"),
    ],
)
def test_whose_in_date_and_by_whom(
    change: dict[str, Any], code: str, authority: RealAuthority, expected: Expected
) -> None:
    before = len(authority.asked)
    assert refused(authority, "head", replace(expected, **change)).code == code
    assert len(authority.asked) == before, "nobody is asked about what cannot sign anyway"


def test_another_root_is_not_trusted(authority: RealAuthority, expected: Expected) -> None:
    other = replace(expected, trust_roots=(authority.pem("other-root"),))
    assert refused(authority, "head", other).code == "certificate-untrusted"


@pytest.mark.parametrize(
    ("key", "code"),
    [
        (lambda keys: keys.employee, "certificate-no-role"),
        (lambda keys: keys.authentication, "certificate-no-signing-right"),
        (lambda keys: keys.foreign, "certificate-foreign"),
    ],
)
def test_role_and_use(key: Callable[[Keys], DemoKey], code: str, keys: Keys) -> None:
    chosen = key(keys)
    expected = Expected(IIN, BIN, AT, (), (keys.authority.root_pem,))
    with pytest.raises(NotAllowed) as told:
        check(describe(chosen.certificate_der), chain=chosen.chain_der, expected=expected, asking=asker())
    assert told.value.code == code


def test_nobody_is_asked_about_a_demo_certificate(keys: Keys) -> None:
    expected = Expected(IIN, BIN, AT, (), (keys.authority.root_pem,))
    info = describe(keys.head.certificate_der)
    found = check(info, chain=keys.head.chain_der, expected=expected, asking=asker())
    assert found.demo
    assert found.known
    assert found.note == ""
    as_real = replace(expected, trust_roots=(keys.authority.root_pem,), demo_roots=())
    with pytest.raises(Unavailable):
        check(info, chain=keys.head.chain_der, expected=as_real, asking=asker())


def test_what_was_asked_a_moment_ago_is_not_asked_again(authority: RealAuthority, expected: Expected) -> None:
    found = checked(authority, "head", expected)
    before = len(authority.asked)
    assert checked(authority, "head", expected, before=found) is found
    assert len(authority.asked) == before
    assert checked(authority, "head-ec", expected, before=found).info.sha256 != found.info.sha256
