"""Puts proofs into a CMS signature as CAdES-X-L keeps them (ETSI EN 319 122-1), byte by byte."""

from collections.abc import Sequence

from asn1crypto import cms, core
from asn1crypto import ocsp as asn1_ocsp


def tlv(tag: int, *parts: bytes) -> bytes:
    body = b"".join(parts)
    size = len(body)
    told = bytes([size]) if size < 128 else b"\x84" + size.to_bytes(4, "big")
    return bytes([tag]) + told + body


def attribute(last: int, value: bytes) -> bytes:
    """An attribute below ``id-aa`` (1.2.840.113549.1.9.16.2) with one value."""
    return tlv(0x30, _kind(last), tlv(0x31, value))


def _kind(last: int) -> bytes:
    return core.ObjectIdentifier(f"1.2.840.113549.1.9.16.2.{last}").dump()


def with_unsigned(signature: bytes, *attributes: bytes) -> bytes:
    told = cms.ContentInfo.load(signature)
    told["content"]["signer_infos"][0]["unsigned_attrs"] = cms.CMSAttributes.load(tlv(0x31, *attributes))
    return bytes(told.dump(force=True))


def basic(content: bytes) -> bytes:
    return bytes(asn1_ocsp.OCSPResponse.load(content)["response_bytes"]["response"].parsed.dump())


def revocation_values(lists: Sequence[bytes] = (), answers: Sequence[bytes] = ()) -> bytes:
    parts = [tlv(0xA0, tlv(0x30, *lists))] if lists else []
    parts += [tlv(0xA1, tlv(0x30, *map(basic, answers)))] if answers else []
    return attribute(24, tlv(0x30, *parts))
