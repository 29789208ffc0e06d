"""CMS and time stamps signed with GOST keys, in the shapes the authority's programs write them; for the tests alone."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from typing import Any

from asn1crypto import cms, core, tsp, x509

from desktop.eds.gost import streebog
from tests.eds.gost.making import AT, GostAuthority, Holder, hash_algorithm, mechanism

CONTENT = "Өтініш: лицензия беру".encode()


@dataclass(frozen=True)
class Shape:
    """How a signature is written; the defaults are as NCALayer does it."""

    attached: bool = False
    by_key_identifier: bool = False
    with_certificate: bool = True
    signed_at: datetime | None = AT
    content_type: str = "data"
    certificate_named: Holder | None = None  # whom signing-certificate-v2 names, instead of the signer
    digest: bytes | None = None  # instead of the content's
    key_as_mechanism: bool = False  # the key's identifier where the signature's should stand
    attributes: bool = True
    stamped_by: "Stamper | None" = None
    bits_said: int = 0  # the algorithms named, instead of the key's
    digest_named: str = ""  # by the signer, in the place of what was hashed with
    mechanism_named: str = ""  # by the signer, in the place of what was signed with
    more: Sequence[bytes] = field(default=())  # certificates in the bag


PLAIN = Shape()


def signed(content: bytes, holders: Sequence[Holder], shape: Shape = PLAIN) -> bytes:
    """A ContentInfo with one signer a holder."""
    inside = {"content_type": "data"} | ({"content": content} if shape.attached else {})
    bag = [holder.certificate for holder in holders] if shape.with_certificate else []
    bag += [x509.Certificate.load(der) for der in shape.more]
    data = cms.SignedData(
        {
            "version": "v1",
            "digest_algorithms": [hash_algorithm(shape.bits_said or holders[0].key.bits)],
            "encap_content_info": inside,
            "certificates": bag,
            "signer_infos": [signer_info(content, holder, shape) for holder in holders],
        }
    )
    return bytes(cms.ContentInfo({"content_type": "signed_data", "content": data}).dump())


def signer_info(content: bytes, holder: Holder, shape: Shape) -> cms.SignerInfo:
    bits = holder.key.bits
    attributes = _attributes(content, holder, shape)
    data = attributes.dump() if shape.attributes else content
    signature = holder.key.sign(data)
    told = mechanism(shape.bits_said or bits)
    if shape.key_as_mechanism:
        told["algorithm"] = "1.2.398.3.10.1.1.2.2" if bits == 512 else "1.2.398.3.10.1.1.2.1"
    if shape.mechanism_named:
        told["algorithm"] = shape.mechanism_named
    hashed_with = hash_algorithm(shape.bits_said or bits)
    if shape.digest_named:
        hashed_with["algorithm"] = shape.digest_named
    made: dict[str, Any] = {
        "version": "v3" if shape.by_key_identifier else "v1",
        "sid": _named(holder, by_key=shape.by_key_identifier),
        "digest_algorithm": hashed_with,
        "signature_algorithm": told,
        "signature": signature,
    }
    if shape.attributes:
        made["signed_attrs"] = attributes
    if shape.stamped_by is not None:
        token = cms.ContentInfo.load(shape.stamped_by.token(signature))
        made["unsigned_attrs"] = [{"type": "signature_time_stamp_token", "values": [token]}]
    return cms.SignerInfo(made)


def _named(holder: Holder, *, by_key: bool) -> cms.SignerIdentifier:
    if by_key:
        return cms.SignerIdentifier("subject_key_identifier", holder.certificate.key_identifier)
    return cms.SignerIdentifier(
        "issuer_and_serial_number",
        cms.IssuerAndSerialNumber(
            {"issuer": holder.certificate.issuer, "serial_number": holder.certificate.serial_number}
        ),
    )


def _attributes(content: bytes, holder: Holder, shape: Shape) -> cms.CMSAttributes:
    named = shape.certificate_named or holder
    told: list[dict[str, Any]] = [
        {"type": "content_type", "values": [shape.content_type]},
        {
            "type": "message_digest",
            "values": [shape.digest or streebog(content, shape.bits_said or holder.key.bits)],
        },
        {
            "type": "signing_certificate_v2",
            "values": [tsp.SigningCertificateV2({"certs": [{"cert_hash": sha256(named.der).digest()}]})],
        },
    ]
    if shape.signed_at is not None:
        told.append({"type": "signing_time", "values": [cms.Time({"utc_time": shape.signed_at})]})
    return cms.CMSAttributes([cms.CMSAttribute(item) for item in told])


@dataclass(frozen=True)
class Stamper:
    """A time-stamping authority of a GOST authority."""

    holder: Holder
    at: datetime = AT
    policy: str = "1.2.398.3.3.2.6.4"
    of: bytes | None = None  # stamps this instead of what it is asked for
    digest_named: str = ""  # both as in a Shape
    mechanism_named: str = ""

    def token(self, stamped: bytes) -> bytes:
        bits = self.holder.key.bits
        info = tsp.TSTInfo(
            {
                "version": "v1",
                "policy": self.policy,
                "message_imprint": {
                    "hash_algorithm": hash_algorithm(bits),
                    "hashed_message": streebog(stamped if self.of is None else self.of, bits),
                },
                "serial_number": 7,
                "gen_time": self.at,
                "nonce": 11,
            }
        )
        content = info.dump()
        shape = Shape(
            content_type="tst_info",
            signed_at=self.at,
            digest_named=self.digest_named,
            mechanism_named=self.mechanism_named,
        )
        data = cms.SignedData(
            {
                "version": "v3",
                "digest_algorithms": [hash_algorithm(bits)],
                "encap_content_info": {
                    "content_type": "tst_info",
                    "content": core.ParsableOctetString(content),
                },
                "certificates": [self.holder.certificate],
                "signer_infos": [signer_info(content, self.holder, shape)],
            }
        )
        return bytes(cms.ContentInfo({"content_type": "signed_data", "content": data}).dump())


def stamper(authority: GostAuthority, **settings: Any) -> Stamper:
    holder = authority.issue(
        purposes=["1.3.6.1.5.5.7.3.8"],
        usage=["digital_signature"],
        critical_purpose=True,
        subject={"common_name": "TIME-STAMPING AUTHORITY", "country_name": "KZ"},
    )
    return Stamper(holder, **settings)


def as_ber(der: bytes) -> bytes:
    """The same ContentInfo with lengths left open on the way to the content, as Java writes it."""
    info = cms.ContentInfo.load(der)
    data = info["content"]
    eci = data["encap_content_info"]
    parts = [data["version"].dump(), data["digest_algorithms"].dump(), _open(0x30, _eci(eci))]
    if isinstance(data["certificates"], core.Void) is False:
        parts.append(data["certificates"].dump())
    parts.append(data["signer_infos"].dump())
    inner = _open(0x30, b"".join(parts))
    return _open(0x30, info["content_type"].dump() + _open(0xA0, inner))


def _eci(eci: Any) -> bytes:
    told = eci["content_type"].dump()
    if isinstance(eci["content"], core.Void):
        return told
    content, pieces = bytes(eci["content"]), []
    for start in range(0, len(content), 10):
        pieces.append(core.OctetString(content[start : start + 10]).dump())
    return told + _open(0xA0, _open(0x24, b"".join(pieces)))


def _open(tag: int, contents: bytes) -> bytes:
    return bytes([tag, 0x80]) + contents + b"\0\0"
