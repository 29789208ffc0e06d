"""A CMS SignedData (RFC 5652) as it comes: PEM lines, base64, BER of unknown length; taken apart for judging."""

import base64
import itertools
import re
from collections.abc import Iterable, Sequence
from typing import Any

from asn1crypto import cms, core, pem, x509

LARGEST_BARE = 1024 * 1024  # of a signature without content: a chain of certificates fits many times
_DEEPEST = 48
MOST_PIECES = 200_000  # values in a structure of unknown length: Java writes a piece a kilobyte and more
_BASE64 = re.compile(rb"[A-Za-z0-9+/\r\n\t ]+={0,2}[\r\n\t ]*")


def read(material: bytes) -> Any:
    """Return the SignedData in ``material`` (DER, BER, PEM or base64); ValueError when it is none."""
    told = cms.ContentInfo.load(to_der(material), strict=True)
    if told["content_type"].native != "signed_data":
        raise ValueError("no signed data")
    return told["content"]


def to_der(material: bytes) -> bytes:
    """Return the one structure in ``material`` with every length definite; ValueError when there is none."""
    raw = material
    start = material[:64].lstrip()
    if start.startswith(b"-----BEGIN"):
        raw = next(der for _, _, der in pem.unarmor(material.strip() + b"\n", multiple=True))
    elif start.startswith(b"MI") and _BASE64.fullmatch(material):
        raw = base64.b64decode(b"".join(material.split()), validate=True)
    return _definite(raw)[0] if raw[1:2] == b"\x80" else raw


def _definite(raw: bytes) -> tuple[bytes, int]:
    """Return the first value of ``raw`` in definite form (strings in one piece) and where it ends."""
    value, end = _rewritten(raw, 0, len(raw), 0, [MOST_PIECES])
    if end != len(raw):
        raise ValueError("something follows the structure")
    return value, end


def _rewritten(raw: bytes, start: int, end: int, depth: int, left: list[int]) -> tuple[bytes, int]:
    left[0] -= 1
    if depth > _DEEPEST or left[0] < 0:
        raise ValueError("nested too deep, or of too many pieces")
    place = start + 1
    if raw[start] & 31 == 31:
        while raw[place] & 128:
            place += 1
        place += 1
    tag, first = raw[start:place], raw[place]
    place += 1
    if first != 128:
        length = first
        if first > 128:
            length = int.from_bytes(raw[place : place + first - 128], "big")
            place += first - 128
        if place + length > end:
            raise ValueError("longer than what holds it")
        return raw[start : place + length], place + length  # definite: signed bytes stay as they are
    if not tag[0] & 32:
        raise ValueError("a primitive value of unknown length")
    inside = bytearray()
    while raw[place : place + 2] != b"\0\0":
        if place >= end:
            raise ValueError("no end")
        value, place = _rewritten(raw, place, end, depth + 1, left)
        inside += _contents(value) if tag == b"\x24" else value
    return (b"\x04" if tag == b"\x24" else tag) + _length(len(inside)) + bytes(inside), place + 2


def _contents(value: bytes) -> bytes:
    """The bytes of one piece of a string."""
    return bytes(core.OctetString.load(value, strict=True))


def _length(size: int) -> bytes:
    if size < 128:
        return bytes([size])
    told = size.to_bytes((size.bit_length() + 7) // 8, "big")
    return bytes([128 | len(told)]) + told


def content_of(data: Any) -> bytes | None:
    """Return what is signed when it lies inside, None when the signature is detached."""
    content = data["encap_content_info"]["content"]
    if isinstance(content, core.Void) or content.contents is None:
        return None
    if content.method:  # written in pieces of known lengths, which nobody does: not worth their time
        raise ValueError("a content in pieces")
    return bytes(content)


def detached(data: Any, signer_info: Any, signer: bytes, certificates: Iterable[bytes] = ()) -> Any:
    """Return the same SignedData without its content, with one signer and more certificates.

    ``signer`` is the certificate the signer is judged by: no other that goes by the same name stays beside it.
    """
    others = [
        der
        for der in dict.fromkeys([*certificates_of(data), *certificates])
        if signers_certificate(signer_info, [der]) is None
    ]
    return cms.SignedData(
        {
            "version": data["version"].native,
            "digest_algorithms": data["digest_algorithms"],
            "encap_content_info": {"content_type": data["encap_content_info"]["content_type"].dotted},
            "certificates": [x509.Certificate.load(der) for der in (signer, *others)],
            "signer_infos": [signer_info],
        }
    )


def certificates_of(data: Any, most: int | None = None) -> list[bytes]:
    """Return the DER of the certificates in the bag, of the first ``most`` things there; what else is there is left out."""
    bag = data["certificates"]
    if isinstance(bag, core.Void):
        return []
    return [one.chosen.dump() for one in itertools.islice(bag, most) if one.name == "certificate"]


def holds_a_signers(ders: Iterable[bytes]) -> bool:
    """Whether one of the certificates is of somebody and not of an authority: then the signer's is looked for there alone."""
    return any(not x509.Certificate.load(der).ca for der in ders)


def signers_certificate(signer_info: Any, candidates: Sequence[bytes]) -> bytes | None:
    """Return the certificate the signer is named by: issuer and number, or the identifier of the key."""
    sid = signer_info["sid"]
    for der in candidates:
        certificate = x509.Certificate.load(der)
        if sid.name == "issuer_and_serial_number":
            if (
                certificate.serial_number == sid.chosen["serial_number"].native
                and certificate.issuer == sid.chosen["issuer"]
            ):
                return der
        elif certificate.key_identifier == sid.chosen.native:
            return der
    return None
