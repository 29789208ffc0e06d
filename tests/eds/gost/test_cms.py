"""CMS with GOST in every shape the authority's programs write; whatever is not as it was signed is refused."""

import base64
import random
import time
from datetime import timedelta
from typing import Any

import pytest
from asn1crypto import cms, pem

from desktop.eds import signed_data
from desktop.eds.cms_signature import CmsFile, CmsSeen, verify_attached, verify_cms, verify_detached
from desktop.eds.gost import hashing, libgcrypt
from desktop.eds.verdict import Reason, Unreadable
from tests.eds.gost import making
from tests.eds.gost.making import AT, BIN, IIN, GostAuthority, Holder
from tests.eds.gost.messages import CONTENT, Shape, Stamper, as_ber, signed, stamper


@pytest.fixture(scope="module", params=[512, 256])
def authority(request: pytest.FixtureRequest) -> GostAuthority:
    return making.authority(request.param)


@pytest.fixture(scope="module")
def holder(authority: GostAuthority) -> Holder:
    return authority.issue()


def seen(authority: GostAuthority, signature: bytes, content: bytes = CONTENT, **settings: Any) -> CmsSeen:
    given = {"trust_roots": [authority.root.der, authority.issuing.der], "at": AT} | settings
    return verify_detached(content, signature, **given)


def file_seen(
    authority: GostAuthority, signature: bytes, content: bytes | None = None, **settings: Any
) -> CmsFile:
    given = {"trust_roots": [authority.root.der, authority.issuing.der], "at": AT} | settings
    return verify_cms(signature, content, **given)


def test_a_detached_signature_says_whose_it_is(authority: GostAuthority, holder: Holder) -> None:
    told = seen(authority, signed(CONTENT, [holder]))
    assert told.reason is Reason.VALID
    assert told.signer is not None
    assert (told.signer.iin, told.signer.bin, told.signed_at) == (IIN, BIN, AT)
    assert told.algorithm == f"streebog{authority.bits} / gost2015-{authority.bits}"
    assert told.chain[0].der == holder.der


def test_an_attached_signature_gives_its_content(authority: GostAuthority, holder: Holder) -> None:
    signature = signed(CONTENT, [holder], Shape(attached=True))
    told = verify_attached(signature, trust_roots=[authority.issuing.der, authority.root.der], at=AT)
    assert (told.valid, told.content, told.attached) == (True, CONTENT, True)
    assert file_seen(authority, signature, CONTENT).valid, "the same given as well"
    other = file_seen(authority, signature, CONTENT + b" ")
    assert [item.reason for item in other.signers] == [Reason.CHANGED]
    assert seen(authority, signature).reason is Reason.DAMAGED, "it is not detached"


SHAPES = {
    "signer named by key": Shape(by_key_identifier=True),
    "mechanism named by key": Shape(key_as_mechanism=True),
    "attached": Shape(attached=True),
    "attached, named by key": Shape(attached=True, by_key_identifier=True),
}


@pytest.mark.parametrize("name", SHAPES)
@pytest.mark.parametrize("written", ["der", "ber", "pem", "base64", "base64 lines"])
def test_shapes(authority: GostAuthority, holder: Holder, name: str, written: str) -> None:
    der = signed(CONTENT, [holder], SHAPES[name])
    material = {
        "der": der,
        "ber": as_ber(der),
        "pem": pem.armor("CMS", der).replace(b"\n", b"\r\n"),
        "base64": base64.b64encode(der),
        "base64 lines": base64.encodebytes(as_ber(der)),
    }[written]
    told = file_seen(authority, material, None if SHAPES[name].attached else CONTENT)
    assert [item.reason for item in told.signers] == [Reason.VALID]
    assert told.content == CONTENT


def test_a_certificate_left_out_may_be_given(authority: GostAuthority, holder: Holder) -> None:
    bare = signed(CONTENT, [holder], Shape(with_certificate=False))
    assert seen(authority, bare).reason is Reason.DAMAGED
    assert seen(authority, bare, certificates=[holder.der]).reason is Reason.VALID
    whole = seen(
        authority, bare, certificates=[holder.der, authority.issuing.der], trust_roots=[authority.root.der]
    )
    assert whole.reason is Reason.VALID
    assert len(whole.chain) == 3
    assert seen(authority, bare, certificates=[holder.der], trust_roots=[]).reason is Reason.UNTRUSTED
    assert seen(authority, bare, certificates=[authority.issue().der]).reason is Reason.DAMAGED


def test_several_signers_are_each_judged(authority: GostAuthority, holder: Holder) -> None:
    other = authority.issue(purposes=making.PERSON_PURPOSES)
    both = signed(CONTENT, [holder, other])
    told = file_seen(authority, both, CONTENT)
    assert told.valid
    assert {item.signer.der for item in told.signers if item.signer} == {holder.der, other.der}
    assert seen(authority, both).reason is Reason.DAMAGED, "one was expected"
    foreign = making.authority(768 - authority.bits).issue()
    mixed = file_seen(authority, signed(CONTENT, [holder, foreign]), CONTENT)
    assert not mixed.valid
    assert sorted(item.reason for item in mixed.signers) == [Reason.UNTRUSTED, Reason.VALID]
    many = signed(CONTENT, [holder] * 17, Shape(with_certificate=False))
    assert len(signed_data.read(many)["signer_infos"]) == 17
    assert [item.reason for item in file_seen(authority, many, CONTENT).signers] == [Reason.TOO_MANY]


@pytest.mark.parametrize(
    ("shape", "reason"),
    [
        (Shape(content_type="tst_info"), Reason.DAMAGED),
        (Shape(digest=bytes(64)), Reason.CHANGED),
        (Shape(signed_at=None), Reason.NO_SIGNING_TIME),
        (Shape(attributes=False), Reason.NO_SIGNING_TIME),
        (Shape(signed_at=AT + timedelta(hours=1)), Reason.IN_FUTURE),
        (Shape(signed_at=making.VALID_FROM - timedelta(days=1)), Reason.NOT_YET_VALID),
    ],
)
def test_what_does_not_hold(authority: GostAuthority, holder: Holder, shape: Shape, reason: Reason) -> None:
    assert seen(authority, signed(CONTENT, [holder], shape)).reason is reason


def test_the_named_certificate_must_be_the_signers(authority: GostAuthority, holder: Holder) -> None:
    told = seen(authority, signed(CONTENT, [holder], Shape(certificate_named=authority.issue())))
    assert told.reason is Reason.DAMAGED


def test_another_certificate_of_the_same_key(authority: GostAuthority, holder: Holder) -> None:
    """The bag is not signed: a certificate put in for the signer's is found out by signing-certificate-v2."""
    again = authority.issue(key=holder.key, purposes=making.PERSON_PURPOSES)
    der = signed(CONTENT, [again], Shape(certificate_named=holder))
    assert seen(authority, der).reason is Reason.DAMAGED


def test_the_certificate_must_be_for_signing(authority: GostAuthority) -> None:
    told = seen(authority, signed(CONTENT, [authority.issue(usage=["digital_signature"])]))
    assert told.reason is Reason.NO_SIGNING_RIGHT
    login = authority.issue(purposes=["1.3.6.1.5.5.7.3.2"])
    assert seen(authority, signed(CONTENT, [login])).reason is Reason.NO_SIGNING_RIGHT


def test_an_expired_certificate(authority: GostAuthority) -> None:
    early = AT - timedelta(days=400)
    old = authority.issue(valid_from=early - timedelta(days=1))
    assert seen(authority, signed(CONTENT, [old])).reason is Reason.EXPIRED


def test_algorithms_that_do_not_go_together(authority: GostAuthority, holder: Holder) -> None:
    told = seen(authority, signed(CONTENT, [holder], Shape(bits_said=768 - authority.bits)))
    assert told.reason is Reason.ALGORITHM_UNSUPPORTED


@pytest.mark.parametrize("oid", ["1.2.398.3.10.1.1.1.2", "1.2.643.7.1.1.3.3", "1.2.3.4"])
def test_other_algorithms_cannot_be_checked_here(authority: GostAuthority, holder: Holder, oid: str) -> None:
    signature = signed(CONTENT, [holder], Shape(mechanism_named=oid))
    assert seen(authority, signature).reason is Reason.ALGORITHM_UNSUPPORTED


@pytest.mark.parametrize("written", ["der", "ber"])
def test_no_byte_is_idle(authority: GostAuthority, holder: Holder, written: str) -> None:
    """Of the content, the signed attributes, the signature, the certificate's signed part."""
    der = signed(CONTENT, [holder], Shape(attached=True))
    material = der if written == "der" else as_ber(der)
    info = signed_data.read(der)
    (one,) = info["signer_infos"]
    parts = (
        one["signed_attrs"].untag().contents,
        one["signature"].native,
        holder.certificate["tbs_certificate"].dump(),
        CONTENT[:10],
    )
    chosen = random.Random(5)
    for part in parts:
        start = material.index(part)
        for _ in range(25):
            place = start + chosen.randrange(len(part))
            changed = bytearray(material)
            changed[place] ^= 1 << chosen.randrange(8)
            try:
                told = file_seen(authority, bytes(changed))
            except Unreadable:
                continue
            assert not told.valid, place


@pytest.mark.parametrize(
    "material",
    [
        b"",
        b"\x30\x80",
        b"\x30\x80\x00\x00",
        b"\x30\x80" * 60,
        b"\x30\x80\x24\x80" + b"\x04\x01a" * 3,
        b"garbage",
        b"MIIgarbage",
        b"-----BEGIN CMS-----\nAAAA\n-----END CMS-----\n",
        b"-----BEGIN CMS-----",
        b"\x30\x84\xff\xff\xff\xff",
        b"\x1f" + b"\xff" * 40,
    ],
)
def test_what_is_no_signature(authority: GostAuthority, material: bytes) -> None:
    assert seen(authority, material).reason is Reason.DAMAGED
    with pytest.raises(Unreadable, match="cms-not-a-signature"):
        file_seen(authority, material)


def test_a_document_must_be_somewhere(authority: GostAuthority, holder: Holder) -> None:
    with pytest.raises(Unreadable, match="cms-needs-document"):
        file_seen(authority, signed(CONTENT, [holder]))


def test_a_certificate_of_nobody_is_no_signature(authority: GostAuthority) -> None:
    empty = cms.ContentInfo(
        {
            "content_type": "signed_data",
            "content": {
                "version": "v1",
                "digest_algorithms": [],
                "encap_content_info": {"content_type": "data", "content": CONTENT},
                "certificates": [authority.issue().certificate],
                "signer_infos": [],
            },
        }
    )
    told = file_seen(authority, empty.dump())
    assert ([item.reason for item in told.signers], told.valid) == ([Reason.NO_SIGNATURE], False)


def test_a_bag_of_too_many_certificates(authority: GostAuthority, holder: Holder) -> None:
    many = [authority.issue(key=holder.key).der for _ in range(17)]
    assert seen(authority, signed(CONTENT, [holder], Shape(more=many))).reason is Reason.TOO_MANY


@pytest.mark.parametrize("place", ["certificates", "signer_infos"])
def test_a_crowd_is_not_looked_at_one_by_one(authority: GostAuthority, holder: Holder, place: str) -> None:
    crowd = b"\x30\x03\x02\x01\x01" * 500_000
    content = _tlv(0x30, bytes.fromhex("06092a864886f70d010701") + _tlv(0xA0, b"\x04\x01x"))
    info = signed_data.read(signed(CONTENT, [holder]))["signer_infos"].dump()
    parts = {"certificates": _tlv(0xA0, crowd) + info, "signer_infos": _tlv(0x31, crowd)}
    data = _tlv(0x30, b"\x02\x01\x01\x31\x00" + content + parts[place])
    whole = _tlv(0x30, bytes.fromhex("06092a864886f70d010702") + _tlv(0xA0, data))
    started = time.process_time()
    assert [one.reason for one in file_seen(authority, whole).signers] == [Reason.TOO_MANY]
    assert time.process_time() - started < 1


def test_content_in_very_many_pieces_is_not_put_together(authority: GostAuthority) -> None:
    start = bytes.fromhex("308006092a864886f70d010702a08030800201013100308006092a864886f70d010701a0802480")
    with pytest.raises(Unreadable, match="cms-not-a-signature"):
        file_seen(authority, start + b"\x04\x00" * (signed_data.MOST_PIECES + 1) + bytes(14))


def _tlv(tag: int, contents: bytes) -> bytes:
    size = len(contents).to_bytes(4, "big")
    return bytes([tag, 0x84]) + size + contents


def test_without_the_library_a_large_document_cannot_be_checked(
    authority: GostAuthority, holder: Holder, monkeypatch: pytest.MonkeyPatch
) -> None:
    large = bytes(hashing.LARGEST_PLAIN + 1)
    signature = signed(large, [holder])
    assert seen(authority, signature, large).valid
    monkeypatch.setattr(libgcrypt, "available", lambda: False)
    told = seen(authority, signature, large)
    assert (told.reason, told.valid) == (Reason.HASH_NOT_HERE, False)
    assert seen(authority, signed(CONTENT, [holder])).valid, "small ones are hashed by ourselves"


def test_a_name_that_is_demo(authority: GostAuthority) -> None:
    holder = authority.issue(
        subject={"common_name": "ДЕМО / DEMO", "serial_number": f"IIN{IIN}", "country_name": "KZ"}
    )
    assert seen(authority, signed(CONTENT, [holder])).reason is Reason.VALID_DEMO


# time stamps


def stamped(authority: GostAuthority, holder: Holder, **settings: Any) -> bytes:
    return signed(CONTENT, [holder], Shape(stamped_by=stamper(authority, **settings)))


def test_a_timestamp_is_the_moment_of_signing(authority: GostAuthority, holder: Holder) -> None:
    moment = AT - timedelta(minutes=1)
    told = seen(authority, stamped(authority, holder, at=moment))
    assert told.reason is Reason.VALID
    assert told.timestamp is not None
    assert (told.timestamp.intact, told.timestamp.trusted, told.timestamp.at) == (True, True, moment)
    assert told.timestamp.authority == "TIME-STAMPING AUTHORITY"
    assert told.timestamp.algorithm == f"streebog{authority.bits} / gost2015-{authority.bits}"
    assert (told.signed_at, told.stated_at) == (moment, AT)


@pytest.mark.parametrize("policy", ["1.2.398.3.3.2.6.1", "1.2.398.3.3.2.6.2", "1.2.398.3.3.2.6.4", "1.2.3"])
def test_timestamps_of_any_policy(authority: GostAuthority, holder: Holder, policy: str) -> None:
    told = seen(authority, stamped(authority, holder, policy=policy))
    assert told.timestamp is not None
    assert told.timestamp.trusted


def test_a_timestamp_of_another_authority_is_told_and_not_relied_on(
    authority: GostAuthority, holder: Holder
) -> None:
    other = making.authority(768 - authority.bits)
    told = seen(authority, stamped(other, holder, at=AT - timedelta(minutes=1)))
    assert told.reason is Reason.VALID
    assert told.timestamp is not None
    assert (told.timestamp.intact, told.timestamp.trusted) == (True, False)
    assert told.timestamp.why == "timestamp-untrusted"
    assert told.signed_at == AT


def test_a_timestamp_over_something_else_is_refused(authority: GostAuthority, holder: Holder) -> None:
    told = seen(authority, stamped(authority, holder, of=b"something else"))
    assert told.reason is Reason.TIMESTAMP_BAD


def test_a_timestamp_by_a_key_that_is_not_for_it(authority: GostAuthority, holder: Holder) -> None:
    wrong = Stamper(authority.issue(), AT)
    told = seen(authority, signed(CONTENT, [holder], Shape(stamped_by=wrong)))
    assert told.timestamp is not None
    assert not told.timestamp.trusted


def test_no_byte_of_a_timestamp_is_idle(authority: GostAuthority, holder: Holder) -> None:
    der = stamped(authority, holder)
    (one,) = signed_data.read(der)["signer_infos"]
    token = one["unsigned_attrs"][0]["values"][0]["content"]
    (by,) = token["signer_infos"]
    parts = (
        bytes(token["encap_content_info"]["content"]),
        by["signed_attrs"].untag().contents,
        by["signature"].native,
    )
    chosen = random.Random(6)
    for part in parts:
        start = der.index(part)
        for _ in range(15):
            place = start + chosen.randrange(len(part))
            changed = bytearray(der)
            changed[place] ^= 1 << chosen.randrange(8)
            assert not seen(authority, bytes(changed)).valid, place


def test_a_timestamp_of_gost_2004_cannot_be_checked_and_the_signature_can(
    authority: GostAuthority, holder: Holder
) -> None:
    old = {"digest_named": "1.2.398.3.10.1.3.1", "mechanism_named": "1.2.398.3.10.1.1.1.2"}
    told = seen(authority, stamped(authority, holder, **old))
    assert told.reason is Reason.VALID
    assert told.timestamp is not None
    assert (told.timestamp.trusted, told.timestamp.why) == (False, "timestamp-unchecked")
    assert told.signed_at == AT


def test_whose_it_is_is_read_from_the_certificate_that_was_judged(
    authority: GostAuthority, holder: Holder
) -> None:
    """A changed copy in the bag goes by the same issuer and number as the one given beside."""
    der = signed(CONTENT, [holder])
    place = der.index(IIN.encode())
    forged = der[:place] + b"9" + der[place + 1 :]
    for beside in ([], [holder.der], [authority.issuing.der, holder.der]):
        assert not seen(authority, forged, certificates=beside).valid
    genuine = seen(authority, der, certificates=[holder.der.replace(IIN.encode(), b"9" + IIN.encode()[1:])])
    assert genuine.signer is not None
    assert (genuine.reason, genuine.signer.iin) == (Reason.VALID, IIN)
