"""Time stamps and proofs kept in the file: when it was signed and that the certificate held, told offline."""

import io
import re
from collections.abc import Callable, Sequence
from datetime import timedelta

import pytest
from asn1crypto import cms, tsp, x509
from cryptography import x509 as pyca
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign.fields import SigSeedSubFilter

from desktop.eds import embedded_proofs
from desktop.eds.certificates import describe
from desktop.eds.fetching import http_fetch
from desktop.eds.pdf_signature import verify
from desktop.eds.report import judge_of
from desktop.eds.revocation_asking import asker
from desktop.eds.verdict import Reason, Source, Standing, Verdict
from tests.eds.authority import REVOKED_AT, RealAuthority
from tests.eds.long_term import Stamps, sign, with_proofs
from tests.eds.people import AT, IIN

LATER = AT + timedelta(days=3 * 365)  # every certificate but the root's and the issuer's has run out


@pytest.fixture(scope="module")
def made(page: bytes, authority: RealAuthority) -> dict[str, bytes]:
    return {level: sign(page, authority, level=level) for level in ("B-B", "B-T", "B-LT", "B-LTA")}


def judged(pdf: bytes, authority: RealAuthority, at=AT, roots: Sequence[str] = ("root",), **more) -> Verdict:
    return verify(pdf, trust_roots=[authority.pem(root) for root in roots], at=at, **more)


def test_a_plain_signature_states_its_moment_itself(made: dict[str, bytes], authority: RealAuthority) -> None:
    verdict = judged(made["B-B"], authority)
    seen = verdict.signatures[0]
    assert verdict.reason is Reason.VALID
    assert (seen.timestamp, seen.stamped, seen.signed_at, seen.stated_at) == (None, False, AT, AT)
    assert (seen.role, seen.subfilter) == ("first-head", "ETSI.CAdES.detached")
    assert seen.revocation.why == "revocation-not-asked"
    assert verdict.to_json()["signers"][0]["signed_at_source"] == "stated"


def test_a_stamped_signature_has_the_moment_of_the_stamp(
    made: dict[str, bytes], authority: RealAuthority
) -> None:
    seen = judged(made["B-T"], authority).signatures[0]
    assert seen.valid
    assert seen.timestamp is not None
    assert (seen.stamped, seen.timestamp.authority, seen.timestamp.algorithm) == (
        True,
        "TIME STAMPS",
        "sha256 / ecdsa",
    )
    assert seen.signed_at == AT
    late = judged(made["B-T"], authority, LATER)
    assert late.valid
    assert late.certificate_expired_since


@pytest.mark.parametrize("level", ["B-LT", "B-LTA"])
def test_proofs_in_the_file_tell_offline(
    level: str, made: dict[str, bytes], authority: RealAuthority
) -> None:
    authority.asked.clear()
    for at in (AT, LATER):
        verdict = judged(made[level], authority, at)
        seen = verdict.signatures[0]
        assert verdict.reason is Reason.VALID, [one.reason for one in verdict.signatures]
        assert (seen.revocation.standing, seen.revocation.source) == (Standing.GOOD, Source.EMBEDDED)
        assert seen.revocation.at == AT
        assert verdict.unchanged
        assert seen.only_proofs_after
    assert authority.asked == []
    if level == "B-LTA":
        assert [one.is_timestamp for one in verdict.signatures] == [False, True]
        assert len(verdict.to_json()["signers"]) == 1
        assert verdict.signatures[1].subfilter == "ETSI.RFC3161"


def test_a_stamp_of_nobody_is_told_and_not_relied_on(page: bytes, authority: RealAuthority) -> None:
    pdf = sign(page, authority, level="B-T", tsa_url=authority.foreign_tsa_url)
    seen = judged(pdf, authority).signatures[0]
    assert seen.valid
    assert seen.timestamp is not None
    assert (seen.stamped, seen.timestamp.intact, seen.timestamp.why) == (False, True, "timestamp-untrusted")
    assert judged(pdf, authority, roots=("root", "other-root")).signatures[0].stamped


def test_a_stamp_of_something_else_is_refused(
    page: bytes, authority: RealAuthority, monkeypatch: pytest.MonkeyPatch
) -> None:
    honest = Stamps.async_request_tsa_response

    async def of_something_else(self: Stamps, req: tsp.TimeStampReq) -> tsp.TimeStampResp:
        req["message_imprint"]["hashed_message"] = bytes(32)
        return await honest(self, req)

    monkeypatch.setattr(Stamps, "async_request_tsa_response", of_something_else)
    verdict = judged(sign(page, authority, level="B-T"), authority)
    assert (verdict.valid, verdict.reason) == (False, Reason.TIMESTAMP_BAD)
    assert verdict.signatures[0].timestamp is not None
    assert verdict.signatures[0].timestamp.why == "timestamp-forged"


def test_revoked_before_and_after_the_stamp(page: bytes, authority: RealAuthority) -> None:
    before, after = REVOKED_AT - timedelta(days=5), REVOKED_AT + timedelta(days=5)
    asking = asker(crls=[authority.crl()])
    with authority.at(before):
        early = {level: sign(page, authority, level=level, label="revoked") for level in ("B-B", "B-T")}
    with authority.at(after):
        late = sign(page, authority, level="B-T", label="revoked")
    assert judged(early["B-T"], authority, asking=asking).valid  # a witness says that it was signed before
    assert (
        judged(early["B-B"], authority, asking=asking).reason is Reason.REVOKED
    )  # nobody but the signer says so
    verdict = judged(late, authority, asking=asking)
    assert verdict.reason is Reason.REVOKED
    assert verdict.signatures[0].revocation.since == REVOKED_AT
    assert judged(late, authority).valid  # nobody was asked, and the verdict says that
    assert judged(late, authority).signatures[0].revocation.standing is Standing.UNKNOWN


def test_whoever_can_be_asked_is_asked_and_a_bad_answer_refuses(
    made: dict[str, bytes], authority: RealAuthority
) -> None:
    asking = asker(fetch=http_fetch)
    seen = judged(made["B-LT"], authority, asking=asking).signatures[0]
    assert (seen.valid, seen.revocation.source) == (True, Source.OCSP)
    with authority.silenced("ocsp", "crls"):
        seen = judged(made["B-LT"], authority, asking=asking).signatures[0]
        assert (seen.valid, seen.revocation.source) == (True, Source.EMBEDDED)
        seen = judged(made["B-B"], authority, asking=asking).signatures[0]
        assert (seen.valid, seen.revocation.why) == (True, "revocation-unreached")
    with authority.spoiling(lambda _service, _content: b"?"):
        assert judged(made["B-B"], authority, asking=asking).reason is Reason.REVOCATION_BAD
    authority.asked.clear()
    assert judged(made["B-B"], authority, roots=("other-root",), asking=asking).reason is Reason.UNTRUSTED
    assert authority.asked == []  # addresses of a certificate nobody vouches for are an attacker's


def test_proofs_of_a_revoked_certificate_refuse_offline(page: bytes, authority: RealAuthority) -> None:
    pdf = with_proofs(sign(page, authority, label="revoked"), authority, "revoked")
    verdict = judged(pdf, authority)
    assert verdict.reason is Reason.REVOKED
    assert verdict.signatures[0].revocation.source is Source.EMBEDDED


def test_false_proofs_are_passed_over(made: dict[str, bytes], authority: RealAuthority) -> None:
    with authority.spoiling(lambda _service, content: content[:-60] + bytes(60)):
        pdf = with_proofs(made["B-B"], authority, "head")
    verdict = judged(pdf, authority)
    assert verdict.valid
    assert verdict.signatures[0].revocation.standing is Standing.UNKNOWN


def _tail(pdf: bytes, extra: bytes) -> bytes:
    """Return ``pdf`` with ``extra`` pushed in before the last table, whose offset is put right."""
    start = int(re.findall(rb"startxref\s+(\d+)", pdf)[-1])
    head, tail = pdf[:start], pdf[start:]
    return head + extra + tail.replace(str(start).encode(), str(start + len(extra)).encode())


def test_what_hides_among_proofs_is_refused(made: dict[str, bytes], authority: RealAuthority) -> None:
    pdf = with_proofs(made["B-B"], authority, "head")
    assert judged(pdf, authority).valid
    for spoiled in (
        pdf + b"\n\n",
        pdf + b"x" * 100,
        pdf + pdf[-100:],
        _tail(pdf, b"\n1 0 obj\n<</Type/Pages/Count 0/Kids[]>>\nendobj\n"),  # for programs that repair files
    ):
        verdict = judged(spoiled, authority)
        assert not verdict.valid
        assert verdict.reason in (Reason.CHANGED_AFTER, Reason.PARTIAL, Reason.DAMAGED)


def test_an_overlay_after_the_signature_is_refused_whatever_stands_behind_it(
    made: dict[str, bytes], page: bytes, authority: RealAuthority
) -> None:
    writer = IncrementalPdfFileWriter(io.BytesIO(made["B-LT"]))
    sheet = writer.root["/Pages"]["/Kids"][0].get_object()
    overlay = writer.add_object(generic.StreamObject(stream_data=b"1 1 1 rg 0 0 600 800 re f"))
    sheet["/Contents"] = generic.ArrayObject([sheet.raw_get("/Contents"), overlay])
    writer.update_container(sheet)
    output = io.BytesIO()
    writer.write(output)
    overlaid = output.getvalue()
    assert judged(overlaid, authority).reason is Reason.CHANGED_AFTER
    proved = with_proofs(overlaid, authority, "head")
    assert judged(proved, authority).reason is Reason.CHANGED_AFTER
    again = sign(overlaid, authority, label="head-ec", field="Signature2")  # a second, good signature over it
    verdict = judged(again, authority)
    assert not verdict.valid
    assert verdict.signatures[0].reason is Reason.CHANGED_AFTER


def test_the_other_kind_of_signature_is_named(page: bytes, authority: RealAuthority) -> None:
    pdf = sign(page, authority, subfilter=SigSeedSubFilter.ADOBE_PKCS7_DETACHED)
    seen = judged(pdf, authority).signatures[0]
    assert (seen.valid, seen.subfilter) == (True, "adbe.pkcs7.detached")
    assert judged(pdf, authority).to_json()["signatures"][0]["subfilter"] == "adbe.pkcs7.detached"


def test_issuing_certificates_given_apart_end_no_chain(
    made: dict[str, bytes], authority: RealAuthority
) -> None:
    pdf = made["B-B"]
    assert verify(pdf, trust_roots=[], others=[authority.pem("ca")], at=AT).reason is Reason.UNTRUSTED
    assert verify(pdf, trust_roots=[authority.pem("root")], others=[authority.pem("ca")], at=AT).valid


def _with_bag(pdf: bytes, change: Callable[[cms.SignedData], None]) -> bytes:
    """Return ``pdf`` with another bag of certificates in its signature; what was signed stays as it is."""
    (contents,) = re.findall(rb"/Contents\s*<([0-9a-fA-F]+)>", pdf)
    told = cms.ContentInfo.load(bytes.fromhex(contents.decode()))
    change(told["content"])
    made = told.dump(force=True).hex().encode()
    assert len(made) <= len(contents)
    return pdf.replace(contents, made.ljust(len(contents), b"0"))


def _imitation(authority: RealAuthority, label: str, **subject: str) -> x509.Certificate:
    """A certificate of an attacker: number, issuer's name and key of ``label``, another person, signed by his own key."""
    real = pyca.load_der_x509_certificate(authority.der(label))
    names = [pyca.NameAttribute(one.oid, subject.get(one.oid._name, str(one.value))) for one in real.subject]
    made = (
        pyca.CertificateBuilder()
        .subject_name(pyca.Name(names))
        .issuer_name(real.issuer)
        .serial_number(real.serial_number)
        .public_key(real.public_key())
        .not_valid_before(real.not_valid_before_utc)
        .not_valid_after(real.not_valid_after_utc)
    )
    for extension in real.extensions:
        made = made.add_extension(extension.value, extension.critical)
    return x509.Certificate.load(
        made.sign(authority.keys["other-root"], hashes.SHA256()).public_bytes(Encoding.DER)
    )


def test_another_certificate_in_the_bag_is_refused(made: dict[str, bytes], authority: RealAuthority) -> None:
    forged = _imitation(authority, "head", serialNumber="IIN850505300120", commonName="БАСҚА АДАМ")

    def swap_signer(data: cms.SignedData) -> None:
        head = authority.der("head")
        kept = [one for one in data["certificates"] if one.chosen.dump() != head]
        data["certificates"] = cms.CertificateSet([cms.CertificateChoices("certificate", forged), *kept])

    verdict = judged(_with_bag(made["B-B"], swap_signer), authority)
    assert not verdict.valid
    trusting = judged(_with_bag(made["B-B"], swap_signer), authority, roots=("root", "other-root"))
    assert not trusting.valid


def test_another_issuer_in_the_bag_changes_nothing(made: dict[str, bytes], authority: RealAuthority) -> None:
    """The bag is not signed: an issuer is believed by its own chain, and a false one beside it spoils nothing."""
    forged = _imitation(authority, "ca")

    def only_forged(data: cms.SignedData) -> None:
        head = x509.Certificate.load(authority.der("head"))
        bag = [cms.CertificateChoices("certificate", one) for one in (forged, head)]
        data["certificates"] = cms.CertificateSet(bag)

    pdf = _with_bag(made["B-B"], only_forged)
    assert judged(pdf, authority).reason is Reason.UNTRUSTED
    assert judged(pdf, authority, others=[authority.pem("ca")]).valid


def test_a_false_twin_of_the_signer_beside_him_is_never_named(
    made: dict[str, bytes], authority: RealAuthority
) -> None:
    forged = _imitation(authority, "head", serialNumber="IIN850505300120")

    def both(data: cms.SignedData) -> None:
        data["certificates"] = cms.CertificateSet(
            [cms.CertificateChoices("certificate", forged), *data["certificates"]]
        )

    seen = judged(_with_bag(made["B-B"], both), authority).signatures[0]
    assert not seen.valid or seen.iin == IIN


def test_proofs_without_end_are_looked_at_for_a_while(
    made: dict[str, bytes], authority: RealAuthority, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(embedded_proofs, "MOST_SECONDS", -1.0)
    seen = judged(made["B-LT"], authority).signatures[0]
    assert (seen.valid, seen.revocation.standing) == (True, Standing.UNKNOWN)


def test_a_store_of_too_many_bytes_is_read_in_part(
    made: dict[str, bytes], authority: RealAuthority, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(embedded_proofs, "MOST_BYTES", 10)
    seen = judged(made["B-LT"], authority).signatures[0]
    assert (seen.valid, seen.revocation.standing) == (True, Standing.UNKNOWN)


def test_the_judge_of_papers_counts_what_files_prove(
    made: dict[str, bytes], authority: RealAuthority
) -> None:
    """``ruqsat journal verify --deep`` asks nobody: proofs kept in the file are looked at, and what has none is told."""
    judge = judge_of([(authority.pem("root"), False), (authority.pem("ca"), False)])
    sha256 = describe(authority.der("head")).sha256
    plain, proved = made["B-B"], made["B-LT"]
    assert judge(plain, AT, sha256) == ""
    assert (judge.held, judge.proved, judge.not_asked) == (1, 0, 1)
    assert judge(proved, AT, sha256) == ""
    assert (judge.held, judge.proved, judge.not_asked) == (2, 1, 1)
    assert judge(plain[:-9], AT, sha256) != ""
    assert judge(plain, AT, "0" * 64) == "signature-other-person"
    assert (judge.held, judge.not_asked) == (2, 1)
