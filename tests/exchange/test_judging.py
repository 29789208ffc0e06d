"""The conditions of a package, one by one: each fails for its own reason, and says what could not be checked."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from cryptography import x509

from desktop.eds.fetching import Silent
from desktop.errors import BadInput
from desktop.exchange.http_port import HttpPort
from desktop.exchange.judging import files_of, judge
from desktop.regulation.package_checks import Check, Grounds, Verdict
from desktop.regulation.systems import Connection, System
from tests.eds.cades import revocation_values, with_unsigned
from tests.eds.lists import certificate, crl
from tests.eds.people import AT as SIGNED_AT
from tests.eds.test_checking import detached
from tests.exchange.making import AT, BIN, IIN, good, signed, with_request
from tests.exchange.other_side import OtherSide, answers, gives, listening

NOW = AT + timedelta(minutes=30)


@pytest.fixture
def grounds(service, operation, senders) -> Grounds:
    return Grounds(
        regulation_sha256="0" * 64,
        service=service,
        operation=operation,
        rates=((date(2018, 1, 1), 2405),),
        trust_roots=(senders.authority.root_pem,),
        connections={},
        now=NOW,
        office_bin="050140003412",
        file_limit=20 * 1024 * 1024,
    )


def port_of(connection: Connection) -> HttpPort:
    return HttpPort(connection, pause=lambda _: None)


@pytest.fixture
def judged(opened, grounds):
    """``judged(made, …)`` opens a package and judges it; returns {check: (verdict, code)}."""

    def judge_it(made, *, on=None):
        came = judge(opened(made), on or grounds, port_of)
        return {one.check: (one.verdict, one.code) for one in came.found}

    return judge_it


def connected(grounds, system, side, **facts):
    how = Connection(system, side.address, active=True, timeout_seconds=1, attempts=1, **facts)
    return replace(grounds, connections={**grounds.connections, system: how})


def test_a_good_package_holds_every_condition(judged, sent):
    found = judged(sent)
    assert {check for check, (verdict, _) in found.items() if verdict is Verdict.PASSED} == {
        Check.SIGNATURE,
        Check.CERTIFICATE,
        Check.IDENTITY,
        Check.FEE,
        Check.PAPERS,
    }
    assert found[Check.REVOCATION] == (Verdict.UNCHECKED, "package-revocation-not-asked")
    assert found[Check.APPLICANT] == (Verdict.UNCHECKED, "package-applicant-not-asked")


def test_what_becomes_the_application(opened, grounds, sent, operation):
    package = opened(sent)
    came = judge(package, grounds, port_of)
    told = came.application
    assert (told.identifier, told.holder_ru, told.outside_number) == (BIN, "ТОО «Ақ жайық»", "KZ18-77")
    assert (told.fee_tenge, told.fee_paid_on) == (43250, date(2018, 6, 8))
    assert {line.paper for line in told.inventory if line.brought} == {
        paper.id for paper in operation.papers if paper.required
    }
    assert dict(came.sender)["iin"] == IIN
    assert [file.paper for file in files_of(package, operation)] == [one.said.paper for one in package.files]


def test_the_signature(judged, sent, senders):
    failed = Verdict.FAILED
    assert judged(replace(sent, key=None))[Check.SIGNATURE] == (failed, "package-signature-missing")
    other = signed(with_request(sent, site="басқа").content, senders.applicant)
    assert judged(replace(sent, signature=other))[Check.SIGNATURE] == (failed, "package-signature-broken")
    assert judged(replace(sent, signature=b"garbage"))[Check.SIGNATURE] == (
        failed,
        "package-signature-broken",
    )
    name = next(iter(sent.files))
    sent.files[name] += b"x"
    assert judged(sent)[Check.SIGNATURE] == (failed, "package-file-changed")


def test_the_certificate(judged, sent, grounds):
    failed = Verdict.FAILED
    foreign = replace(grounds, trust_roots=())
    assert judged(sent, on=foreign)[Check.CERTIFICATE] == (failed, "package-certificate-untrusted")
    early = replace(grounds, now=AT - timedelta(days=1))
    assert judged(sent, on=early)[Check.CERTIFICATE] == (failed, "package-signed-in-future")
    later = replace(grounds, now=NOW + timedelta(days=900))
    assert judged(sent, on=later)[Check.CERTIFICATE][0] is Verdict.PASSED, "it was in date when signing"


def test_a_revoked_certificate(judged, sent, grounds, senders):
    serial = senders.applicant.certificate.serial_number

    def listed(*numbers):
        made = (
            x509.CertificateRevocationListBuilder()
            .issuer_name(senders.authority.issuing.subject)
            .last_update(NOW - timedelta(hours=1))
            .next_update(NOW + timedelta(days=1))
        )
        for number in numbers:
            entry = x509.RevokedCertificateBuilder().serial_number(number)
            made = made.add_revoked_certificate(entry.revocation_date(NOW - timedelta(hours=1)).build())
        return senders.authority.signed_list(made)

    for body, expected in (
        (listed(serial), (Verdict.FAILED, "package-certificate-revoked")),
        (listed(serial + 1), (Verdict.PASSED, "package-not-revoked")),
        (b"garbage", (Verdict.UNCHECKED, "package-revocation-unknown")),
    ):
        with listening(OtherSide(gives(body))) as side:
            on = connected(grounds, System.AUTHORITY, side)
            assert judged(sent, on=on)[Check.REVOCATION] == expected
    assert judged(sent, on=on)[Check.REVOCATION] == (Verdict.UNCHECKED, "package-revocation-unknown")


def test_whose_signature_it_is(judged, sent, operation, senders):
    other = (Verdict.FAILED, "package-identity-other")
    assert judged(good(operation, senders.stranger))[Check.IDENTITY] == other
    applicant = {**sent.request["applicant"], "is_legal_entity": False, "identifier": IIN}
    citizen = with_request(sent, applicant=applicant)
    assert judged(replace(citizen, key=senders.citizen))[Check.IDENTITY][0] is Verdict.PASSED
    assert judged(replace(citizen, key=senders.stranger))[Check.IDENTITY] == other
    assert judged(good(operation, senders.citizen))[Check.IDENTITY] == other, "a person is no organisation"
    centre = with_request(sent, channel="state_corporation")
    assert judged(replace(centre, key=senders.operator))[Check.IDENTITY] == (
        Verdict.PASSED,
        "package-operator",
    )
    assert judged(replace(centre, key=senders.citizen))[Check.IDENTITY] == (
        Verdict.FAILED,
        "package-operator-unknown",
    )


def test_the_applicant_is_looked_up(judged, sent, grounds):
    with listening(OtherSide(answers(name_ru="ТОО"))) as side:
        on = connected(grounds, System.GBD_UL, side)
        assert judged(sent, on=on)[Check.APPLICANT] == (Verdict.PASSED, "package-applicant-known")
        assert side.heard[0][0]["question"] == {"identifier": BIN}
    with listening(OtherSide(answers("no_data"))) as side:
        on = connected(grounds, System.GBD_UL, side)
        assert judged(sent, on=on)[Check.APPLICANT] == (Verdict.FAILED, "package-applicant-unknown")
    assert judged(sent, on=on)[Check.APPLICANT] == (Verdict.UNCHECKED, "package-applicant-unreached")


def test_the_fee(judged, sent, grounds):
    fee = sent.request["fee"]
    for changed, expected in (
        ({}, (Verdict.FAILED, "package-fee-not-paid")),
        ({**fee, "receipt": ""}, (Verdict.FAILED, "package-fee-not-paid")),
        ({**fee, "paid_on": "2019-01-01"}, (Verdict.FAILED, "package-fee-not-paid")),
        ({**fee, "tenge": 24049}, (Verdict.FAILED, "package-fee-too-low")),
        ({**fee, "tenge": 24050}, (Verdict.PASSED, "package-fee-by-receipt")),
        ({**fee, "paid_on": "2017-12-31"}, (Verdict.UNCHECKED, "package-fee-rate-unknown")),
    ):
        assert judged(with_request(sent, fee=changed))[Check.FEE] == expected
    free = replace(grounds, operation=replace(grounds.operation, fee=None))
    assert judged(with_request(sent, fee={}), on=free)[Check.FEE] == (
        Verdict.NOT_NEEDED,
        "package-fee-none",
    )


@pytest.mark.parametrize(
    ("says", "expected"),
    [
        (answers(tenge="24050"), (Verdict.PASSED, "package-fee-confirmed")),
        (answers(tenge="24049"), (Verdict.FAILED, "package-fee-too-low")),
        (answers(tenge="lots"), (Verdict.FAILED, "package-fee-too-low")),
        (answers("no_data"), (Verdict.FAILED, "package-fee-not-paid")),
        (gives(b"", 500), (Verdict.PASSED, "package-fee-by-receipt")),
    ],
)
def test_the_payment_gateway_is_believed_before_the_receipt(judged, sent, grounds, says, expected):
    with listening(OtherSide(says)) as side:
        assert judged(sent, on=connected(grounds, System.PAYMENT_GATEWAY, side))[Check.FEE] == expected


def test_papers_that_are_missing(judged, sent, operation):
    gone = sent.request["files"][0]
    sent.files.pop(gone["path"])
    found = judged(with_request(sent, files=sent.request["files"][1:]))
    assert found[Check.PAPERS] == (Verdict.FAILED, "package-papers-missing")


def test_a_channel_nobody_sends_packages_through(judged, sent):
    for channel in ("office", "service_centre"):
        with pytest.raises(BadInput, match="package-channel-wrong"):
            judged(with_request(sent, channel=channel))


def test_the_authority_is_asked_before_the_list(opened, sent, grounds, senders):
    """By the office's settings: its address for answers, then its list; each says who told."""
    made = sent
    asked = []

    def silent(url, body, limit, timeout):
        asked.append((url, body is not None))
        raise Silent("revocation-unreached")

    def garbled(url, body, limit, timeout):
        return b"<html>"

    on = replace(grounds, ocsp_address="http://ocsp.example.test/")

    def found(on, fetch):
        came = judge(opened(made), on, port_of, fetch=fetch)
        return next(one for one in came.found if one.check is Check.REVOCATION)

    told = found(on, silent)
    assert (told.verdict, told.code) == (Verdict.UNCHECKED, "package-revocation-unknown")
    assert dict(told.facts) == {"why": "revocation-unreached"}
    assert asked == [("http://ocsp.example.test/", True)]
    issuing = senders.authority.issuing
    listed = (
        x509.CertificateRevocationListBuilder()
        .issuer_name(issuing.subject)
        .last_update(NOW - timedelta(hours=1))
        .next_update(NOW + timedelta(days=1))
    )
    with listening(OtherSide(gives(senders.authority.signed_list(listed)))) as side:
        both = connected(on, System.AUTHORITY, side)
        assert found(both, silent).code == "package-not-revoked"
        told = found(both, garbled)  # a bad answer is not mended by a list: a person decides
    assert (told.verdict, dict(told.facts)) == (Verdict.UNCHECKED, {"why": "ocsp-answer-unreadable"})


@pytest.mark.parametrize(
    ("label", "silent", "expected"),
    [
        ("head", (), (Verdict.PASSED, "package-not-revoked-answered")),
        ("revoked", (), (Verdict.FAILED, "package-certificate-revoked")),
        ("head", ("ocsp",), (Verdict.PASSED, "package-not-revoked")),
        ("revoked", ("ocsp",), (Verdict.FAILED, "package-certificate-revoked")),
        ("head", ("ocsp", "crls"), (Verdict.UNCHECKED, "package-revocation-unknown")),
    ],
)
def test_a_real_responder_tells(opened, sent, grounds, authority, label, silent, expected):
    """Of the office's own address; when it is silent, of the list the certificate names."""
    sent.signature = detached(authority, label, sent.content)
    on = replace(
        grounds,
        trust_roots=(authority.pem("root"),),
        now=SIGNED_AT + timedelta(minutes=5),
        ocsp_address=authority.ocsp_url,
    )
    with authority.silenced(*silent):
        came = judge(opened(sent), on, port_of)
    found = {one.check: one for one in came.found}
    assert found[Check.SIGNATURE].verdict is Verdict.PASSED
    told = found[Check.REVOCATION]
    assert (told.verdict, told.code) == expected
    if expected[0] is Verdict.FAILED:
        assert dict(told.facts)["source"] == ("crl" if silent else "ocsp")


def test_a_signature_that_proves_its_own_revocation_is_refused_whoever_is_silent(
    opened, sent, grounds, authority
):
    on = replace(grounds, trust_roots=(authority.pem("root"),), now=SIGNED_AT + timedelta(minutes=5))
    for label, expected in (
        ("revoked", (Verdict.FAILED, "package-certificate-revoked")),
        ("head", (Verdict.UNCHECKED, "package-revocation-not-asked")),  # good then is no answer of today
    ):
        bare = detached(authority, label, sent.content)
        sent.signature = with_unsigned(bare, revocation_values([authority.crl()]))
        found = {one.check: one for one in judge(opened(sent), on, port_of).found}
        assert (found[Check.REVOCATION].verdict, found[Check.REVOCATION].code) == expected


def test_an_issuing_authority_that_is_revoked_brings_nobody_in(opened, sent, grounds, authority):
    """Root and issuing certificate are both trusted by the office; the list set there is the root's."""
    sent.signature = detached(authority, "head", sent.content)
    roots = (authority.pem("root"), authority.pem("ca"))
    on = replace(grounds, trust_roots=roots, now=SIGNED_AT + timedelta(minutes=5))
    gone = crl(authority, certificate(authority, "ca").serial_number, by="root")
    with listening(OtherSide(gives(gone))) as side:
        on = connected(on, System.AUTHORITY, side)
        found = {one.check: one for one in judge(opened(sent), on, port_of).found}
    assert (found[Check.REVOCATION].verdict, found[Check.REVOCATION].code) == (
        Verdict.FAILED,
        "package-certificate-revoked",
    )
