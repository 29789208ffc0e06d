"""PDFs signed with GOST as NCALayer does it: the same rules of what a signature covers as for every other key."""

import io
import random
from datetime import timedelta

import pytest
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign.fields import SigFieldSpec, SigSeedSubFilter
from pyhanko.sign.signers.cms_embedder import PdfCMSEmbedder, SigIOSetup, SigObjSetup
from pyhanko.sign.signers.pdf_byterange import DocumentTimestamp, SignatureObject

from desktop.eds import revocation_asking
from desktop.eds.checking import check
from desktop.eds.gost import hashing, libgcrypt
from desktop.eds.pdf_embedding import begin
from desktop.eds.pdf_signature import verify
from desktop.eds.report import lines
from desktop.eds.trust_files import Trusted
from desktop.eds.verdict import Reason, Unreadable, Verdict
from tests.eds.gost import making, xml_making
from tests.eds.gost.making import AT, BIN, IIN, GostAuthority, Holder
from tests.eds.gost.messages import CONTENT, PLAIN, Shape, Stamper, signed, stamper


@pytest.fixture(scope="module", params=[512, 256])
def authority(request: pytest.FixtureRequest) -> GostAuthority:
    return making.authority(request.param)


@pytest.fixture(scope="module")
def holder(authority: GostAuthority) -> Holder:
    return authority.issue()


@pytest.fixture(scope="module")
def pdf(page: bytes, holder: Holder) -> bytes:
    return signed_pdf(page, holder)


def signed_pdf(page: bytes, holder: Holder, shape: Shape = PLAIN) -> bytes:
    begun = begin(page, at=AT, reason="Лицензия беру", name="")
    return begun.finish(signed(begun.to_sign, [holder], shape))


def embedded(page: bytes, placeholder: object, make: object) -> bytes:
    """A PDF with a signature object of another kind than ``pdf_embedding`` writes."""
    writer = IncrementalPdfFileWriter(io.BytesIO(page))
    steps = PdfCMSEmbedder(SigFieldSpec("Other", box=None)).write_cms("Other", writer)
    next(steps)
    steps.send(SigObjSetup(sig_placeholder=placeholder))
    digest, output = steps.send(SigIOSetup(md_algorithm="sha256", in_place=False, output=io.BytesIO()))
    whole = output.getvalue()
    digest.fill_with_cms(
        output, make(whole[: digest.reserved_region_start] + whole[digest.reserved_region_end :])
    )
    return output.getvalue()


def seen(authority: GostAuthority, pdf: bytes, **settings: object) -> Verdict:
    given = {"trust_roots": [authority.root.der, authority.issuing.der], "at": AT} | settings
    return verify(pdf, **given)


def test_a_signature_of_ncalayer(authority: GostAuthority, pdf: bytes) -> None:
    told = seen(authority, pdf)
    (one,) = told.signatures
    assert (told.valid, told.reason) == (True, Reason.VALID)
    assert (one.iin, one.bin, one.role, one.signed_at) == (IIN, BIN, "first-head", AT)
    assert one.algorithm == f"streebog{authority.bits} / gost2015-{authority.bits}"
    assert (one.subfilter, one.covers_whole_file, one.trusted) == ("adbe.pkcs7.detached", True, True)


def test_pades(authority: GostAuthority, page: bytes, holder: Holder) -> None:
    place = SignatureObject(timestamp=AT, subfilter=SigSeedSubFilter.PADES, bytes_reserved=32768)
    made = embedded(page, place, lambda data: signed(data, [holder], Shape(signed_at=None)))
    told = seen(authority, made)
    assert told.reason is Reason.VALID
    assert told.signatures[0].subfilter == "ETSI.CAdES.detached"


def test_a_chain_by_certificates_given_beside(authority: GostAuthority, pdf: bytes) -> None:
    assert seen(authority, pdf, trust_roots=[authority.root.der]).reason is Reason.UNTRUSTED
    whole = seen(authority, pdf, trust_roots=[authority.root.der], others=[authority.issuing.der])
    assert whole.valid
    assert len(whole.issuers) == 2


def test_a_crowd_of_certificates_is_not_looked_at(
    authority: GostAuthority, page: bytes, holder: Holder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("desktop.eds.pdf_embedding.BYTES_RESERVED", 200_000)
    crowd = signed_pdf(page, holder, Shape(more=[authority.issue(key=holder.key).der for _ in range(33)]))
    told = verify(crowd, trust_roots=[authority.root.der, authority.issuing.der], at=AT)
    assert (told.reason, told.signatures) == (Reason.TOO_MANY, ())


def test_no_byte_of_the_file_is_idle(authority: GostAuthority, pdf: bytes, page: bytes) -> None:
    chosen = random.Random(3)
    for place in [chosen.randrange(len(page)) for _ in range(20)]:
        changed = bytearray(pdf)
        changed[place] ^= 1 << chosen.randrange(8)
        try:
            assert not seen(authority, bytes(changed)).valid, place
        except Unreadable:
            continue


def test_what_is_added_afterwards_is_refused(authority: GostAuthority, pdf: bytes) -> None:
    assert seen(authority, pdf + b"\n%%EOF\n").reason is Reason.CHANGED_AFTER
    writer = IncrementalPdfFileWriter(io.BytesIO(pdf))
    writer.root["/Evil"] = writer.add_object(writer.root.raw_get("/Pages").get_object())
    writer.update_root()
    output = io.BytesIO()
    writer.write(output)
    assert not seen(authority, output.getvalue()).valid


def test_a_signature_of_another_file(authority: GostAuthority, page: bytes, holder: Holder) -> None:
    begun = begin(page, at=AT, reason="", name="")
    assert seen(authority, begun.finish(signed(CONTENT, [holder]))).reason is Reason.CHANGED


def test_an_attached_text_is_not_the_file(authority: GostAuthority, page: bytes, holder: Holder) -> None:
    begun = begin(page, at=AT, reason="", name="")
    made = begun.finish(signed(begun.to_sign[:100], [holder], Shape(attached=True)))
    assert not seen(authority, made).valid


def test_two_signers_in_one_signature(authority: GostAuthority, page: bytes, holder: Holder) -> None:
    begun = begin(page, at=AT, reason="", name="")
    told = seen(authority, begun.finish(signed(begun.to_sign[:9000], [holder, authority.issue()])))
    assert not told.valid


def test_two_signatures_one_after_another(authority: GostAuthority, pdf: bytes) -> None:
    told = seen(authority, signed_pdf(pdf, authority.issue()))
    assert told.valid
    assert [one.valid for one in told.signatures] == [True, True]


def test_a_timestamp_in_the_signature(authority: GostAuthority, page: bytes, holder: Holder) -> None:
    moment = AT + timedelta(seconds=3)
    told = seen(authority, signed_pdf(page, holder, Shape(stamped_by=stamper(authority, at=moment))))
    (one,) = told.signatures
    assert told.reason is Reason.VALID
    assert (one.stamped, one.signed_at, one.stated_at) == (True, moment, AT)
    forged = signed_pdf(page, holder, Shape(stamped_by=stamper(authority, of=b"another")))
    assert seen(authority, forged).reason is Reason.TIMESTAMP_BAD
    foreign = Shape(stamped_by=stamper(making.authority(768 - authority.bits)))
    told = seen(authority, signed_pdf(page, holder, foreign))
    assert (told.reason, told.signatures[0].stamped) == (Reason.VALID, False)


def test_a_timestamp_over_the_file(authority: GostAuthority, pdf: bytes) -> None:
    def stamped(by: Stamper) -> bytes:
        return embedded(pdf, DocumentTimestamp(bytes_reserved=32768), by.token)

    moment = AT + timedelta(seconds=5)
    told = seen(authority, stamped(stamper(authority, at=moment)))
    assert (told.valid, told.reason) == (True, Reason.VALID)
    assert [one.is_timestamp for one in told.signatures] == [False, True]
    assert not seen(authority, stamped(stamper(authority, of=b"another"))).valid
    assert not seen(authority, stamped(stamper(making.authority(768 - authority.bits)))).valid


def test_a_revoked_certificate(authority: GostAuthority, pdf: bytes, holder: Holder) -> None:
    asking = revocation_asking.asker(crls=[authority.crl(holder), authority.crl(by=authority.root)])
    told = seen(authority, pdf, asking=asking)
    assert told.reason is Reason.REVOKED
    good = revocation_asking.asker(crls=[authority.crl(authority.issue()), authority.crl(by=authority.root)])
    assert seen(authority, pdf, asking=good).signatures[0].revocation.standing.value == "good"


def test_gost_2004_is_never_valid(authority: GostAuthority, page: bytes, holder: Holder) -> None:
    begun = begin(page, at=AT, reason="", name="")
    old = Shape(digest_named="1.2.398.3.10.1.3.1", mechanism_named="1.2.398.3.10.1.1.1.2")
    told = seen(authority, begun.finish(signed(begun.to_sign, [holder], old)))
    assert (told.valid, told.reason) == (False, Reason.ALGORITHM_UNSUPPORTED)


def test_without_the_library_a_large_file_cannot_be_checked(
    authority: GostAuthority, pdf: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(libgcrypt, "available", lambda: False)
    monkeypatch.setattr(hashing, "LARGEST_PLAIN", 5000)
    told = seen(authority, pdf)
    assert (told.valid, told.reason) == (False, Reason.HASH_NOT_HERE)


def test_the_verdict_says_that_it_is_a_technical_check(authority: GostAuthority, pdf: bytes) -> None:
    told = seen(authority, pdf)
    assert told.signatures[0].technical
    assert told.to_json()["signers"][0]["technical_check"] is True
    assert any("not the certified one" in line for line in lines("a.pdf", told, roots_given=True))


def test_rsa_is_no_technical_check(signed: bytes, root: str) -> None:
    told = verify(signed, trust_roots=[root], at=AT)
    assert told.to_json()["signers"][0]["technical_check"] is False
    assert not any("not the certified one" in line for line in lines("a.pdf", told, roots_given=True))


def test_whose_moment_it_is(authority: GostAuthority, holder: Holder) -> None:
    xml = xml_making.signed(xml_making.DOCUMENT, xml_making.by_gost(holder))
    trusted = Trusted((authority.root.der,), others=(authority.issuing.der,))
    told = check(xml, trusted, at=AT)
    assert told.valid
    assert any("nobody says when" in line for line in lines("a.xml", told, roots_given=True))
    old = stamper(authority, mechanism_named="1.2.398.3.10.1.1.1.2")
    told = check(signed(CONTENT, [holder], Shape(attached=True, stamped_by=old)), trusted, at=AT)
    assert told.valid
    assert any("time stamp cannot be checked here" in line for line in lines("a.cms", told, roots_given=True))
