"""The profile of Kazakhstan read from certificates, and who may sign with one."""

import base64
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from desktop.eds import demo_ca
from desktop.eds.certificates import OwnerRole, check_signer, describe, load, to_pem
from desktop.eds.demo_ca import DemoAuthority, DemoKey, DemoPerson
from desktop.errors import NotAllowed
from tests.eds.people import AT, BIN, HEAD, IIN, PASSWORD, VALID_FROM, Keys


def check(key: DemoKey, root: str, **settings: Any) -> tuple[Any, ...]:
    given = {"chain": key.chain_der, "trust_roots": [root], "at": AT, "iin": IIN, "bin": BIN} | settings
    return check_signer(describe(key.certificate_der), **given)


def refusal(key: DemoKey, root: str, **settings: Any) -> NotAllowed:
    with pytest.raises(NotAllowed) as told:
        check(key, root, **settings)
    return told.value


def test_the_profile(keys: Keys) -> None:
    info = describe(keys.head.certificate_der)
    assert info.name == "ЖҰМАҒАЛИЕВ ӘДІЛ СЕРІКҰЛЫ"
    assert (info.iin, info.bin, info.organisation) == (IIN, BIN, HEAD.organisation)
    assert info.roles == {OwnerRole.LEGAL_ENTITY, OwnerRole.FIRST_HEAD}
    assert info.key_usage == {"digital_signature", "non_repudiation"}
    assert (info.algorithm, info.key_bits, info.is_demo) == ("rsa", 2048, True)
    assert info.not_after - info.not_before == timedelta(days=365)
    assert not describe(keys.authentication.certificate_der).may_sign


def test_an_individual_has_no_organisation() -> None:
    person = DemoPerson("СМИТ ДЖОН", IIN, roles=(OwnerRole.INDIVIDUAL,))
    authority = DemoAuthority(valid_from=VALID_FROM)
    key = authority.issue(person, valid_from=VALID_FROM)
    info = describe(key.certificate_der)
    assert (info.name, info.bin, info.organisation) == ("СМИТ ДЖОН", "", "")
    assert check(key, authority.root_pem, bin=None)
    assert refusal(key, authority.root_pem).code == "certificate-wrong-organisation"


def test_contradicting_identifiers_count_as_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(demo_ca, "NO_FORCE", "BIN000140001239")
    authority = DemoAuthority(valid_from=VALID_FROM)
    assert describe(authority.issue(HEAD, valid_from=VALID_FROM).certificate_der).bin == ""


def test_the_right_signer_gets_the_chain(keys: Keys, root: str) -> None:
    chain = check(keys.head, root)
    assert [info.is_demo for info in chain] == [True, True, True]
    assert chain[0].iin == IIN
    assert chain[-1].der == load([root])[0]


@pytest.mark.parametrize(
    ("which", "code"),
    [
        ("foreign", "certificate-foreign"),
        ("expired", "certificate-expired"),
        ("not_yet_valid", "certificate-not-yet-valid"),
        ("employee", "certificate-no-role"),
        ("authentication", "certificate-no-signing-right"),
    ],
)
def test_refusals_name_the_cause_and_never_the_iin(which: str, code: str, keys: Keys, root: str) -> None:
    told = refusal(getattr(keys, which), root)
    assert told.code == code
    assert told.facts["owner"]
    assert IIN not in str(told)


def test_organisation_and_empty_iin(keys: Keys, root: str) -> None:
    assert refusal(keys.head, root, bin="000140001239").code == "certificate-wrong-organisation"
    assert refusal(keys.head, root, iin="").code == "certificate-foreign"
    nameless = replace(describe(keys.head.certificate_der), iin="")
    with pytest.raises(NotAllowed, match="certificate-foreign"):
        check_signer(nameless, chain=(), trust_roots=[root], at=AT, iin="", bin=BIN)


@pytest.mark.parametrize(
    ("moment", "code"),
    [
        (VALID_FROM - timedelta(seconds=1), "certificate-not-yet-valid"),
        (VALID_FROM, None),
        (VALID_FROM + timedelta(days=365), None),
        (VALID_FROM + timedelta(days=365, seconds=1), "certificate-expired"),
    ],
)
def test_time_bounds(moment: datetime, code: str | None, keys: Keys, root: str) -> None:
    if code is None:
        assert check(keys.head, root, at=moment)
        return
    told = refusal(keys.head, root, at=moment)
    assert told.code == code
    assert told.facts["valid_until"] == VALID_FROM + timedelta(days=365)


def test_untrusted_roots(keys: Keys, root: str) -> None:
    other = DemoAuthority(valid_from=VALID_FROM)
    assert refusal(keys.head, other.root_pem).code == "certificate-untrusted"
    assert refusal(keys.head, root, trust_roots=[]).code == "certificate-untrusted"
    assert refusal(keys.head, root, chain=()).code == "certificate-untrusted"
    assert check(keys.head, root, trust_roots=[other.root_pem, root])


def test_a_key_we_cannot_use(keys: Keys, root: str) -> None:
    info = replace(describe(keys.head.certificate_der), algorithm="1.2.398.3.10.1.1.2.2")
    with pytest.raises(NotAllowed) as told:
        check_signer(info, chain=keys.head.chain_der, trust_roots=[root], at=AT, iin=IIN, bin=BIN)
    assert told.value.code == "certificate-algorithm-unsupported"


def test_load_takes_pem_bundles_and_der_once(keys: Keys, root: str) -> None:
    (der,) = load([root])
    assert load([root + root, der, to_pem(der), base64.encodebytes(der), base64.b64encode(der)]) == (der,)
    assert load([root + to_pem(keys.head.certificate_der)]) == (der, keys.head.certificate_der)


@pytest.mark.parametrize(
    "material",
    [
        "",
        "hello",
        "MIIhello",
        b"",
        b"\x30\x00",
        "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n",
    ],
)
def test_what_is_no_certificate(material: str | bytes) -> None:
    with pytest.raises(NotAllowed) as told:
        load([material])
    assert told.value.code == "certificate-unreadable"


def test_make_writes_files_only_the_owner_reads(tmp_path: Path) -> None:
    path, pem = tmp_path / "head.p12", tmp_path / "root.pem"
    authority = demo_ca.make([(HEAD, path, PASSWORD)], valid_from=VALID_FROM, root_pem=pem)
    assert path.stat().st_mode & 0o777 == 0o600
    assert pem.read_text() == authority.root_pem
    assert describe(load([pem.read_text()])[0]).is_demo
