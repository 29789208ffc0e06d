"""Reads codes of strangers: bounded in every step, one algorithm, a key that is known, a day the key was valid on."""

import zlib
from dataclasses import dataclass
from enum import StrEnum

from desktop.eds.codes import base45, cose
from desktop.eds.codes.claims import CodeFacts, from_cbor
from desktop.eds.codes.making import PREFIX
from desktop.eds.codes.trust import CodeCertificate, CodeTrust

MOST_TEXT = 4296  # characters of the largest QR code there is (ISO/IEC 18004)
MOST_INSIDE = 64 * 1024  # bytes a code may unpack to


class CodeReason(StrEnum):
    """Why a code is, or is not, believed; each has its sentence in the messages."""

    VALID = "code-valid"
    VALID_DEMO = "code-valid-demo"
    NOT_OURS = "code-not-ours"  # another text: an address, another system's code
    BROKEN = "code-broken"  # it begins as ours and cannot be read
    KEY_UNKNOWN = "code-key-unknown"  # no certificate of that key in the trust list
    FORGED = "code-forged"  # the signature is not of that key, or the key not of the department it speaks for
    KEY_OUT_OF_DATE = "code-key-out-of-date"  # the paper's day is outside the certificate's validity


@dataclass(frozen=True, slots=True)
class CodeSeen:
    """What a code says and whether it is believed. ``facts`` of a code that is not believed prove nothing."""

    valid: bool
    reason: CodeReason
    facts: CodeFacts | None = None
    kid: str = ""  # hexadecimal
    certificate: CodeCertificate | None = None  # of the key that made it

    @property
    def demo(self) -> bool:
        """No legal force: the key or the office is of a demo."""
        told = self.facts is not None and self.facts.demo
        return told or (self.certificate is not None and self.certificate.demo)


def is_code(text: str) -> bool:
    """Whether a text of a QR code begins as ours."""
    return text.startswith(PREFIX)


def read_code(text: str, trust: CodeTrust) -> CodeSeen:
    """Return what ``text`` says and whether a key of ``trust`` stands behind it; never raises, whatever it holds."""
    if not is_code(text):
        return CodeSeen(False, CodeReason.NOT_OURS)
    try:
        sealed = cose.opened(unpacked(text))
        facts = from_cbor(sealed.payload)
    except ValueError:
        return CodeSeen(False, CodeReason.BROKEN)
    reason, certificate = judge(sealed, trust)
    if certificate is not None and not certificate.in_date(facts.dated):
        reason = CodeReason.KEY_OUT_OF_DATE
    if certificate is not None and not certificate.speaks_for(facts.licensor_bin):
        reason = CodeReason.FORGED
    if reason is CodeReason.VALID and (facts.demo or (certificate is not None and certificate.demo)):
        reason = CodeReason.VALID_DEMO
    valid = reason in (CodeReason.VALID, CodeReason.VALID_DEMO)
    return CodeSeen(valid, reason, facts, sealed.kid.hex(), certificate)


def judge(sealed: cose.Sealed, trust: CodeTrust) -> tuple[CodeReason, CodeCertificate | None]:
    """Return whether a known key signed it, and its certificate when one did; the day is not looked at."""
    known = trust.of(sealed.kid)
    if not known:
        return CodeReason.KEY_UNKNOWN, None
    for certificate in known:
        if cose.holds(sealed, certificate.key):
            return CodeReason.VALID, certificate
    return CodeReason.FORGED, None


def unpacked(text: str) -> bytes:
    """Return the COSE bytes of a code's text; ValueError when it is too long, no base45, or more than it may be."""
    if len(text) > MOST_TEXT:
        raise ValueError("too long")
    return inflated(base45.decode(text.removeprefix(PREFIX)), MOST_INSIDE)


def inflated(packed: bytes, most: int) -> bytes:
    """Return what a zlib stream (RFC 1950) holds, no more than ``most`` bytes; ValueError for anything else.

    Spare bits after its last block must be zero: a stream of the same content with other bytes is refused.
    """
    content = _inflate(packed, most)
    end = len(packed) - 5  # the byte before the checksum
    if end < 2:
        raise ValueError("cut off")
    for spare in range(7, 0, -1):
        mask = 0xFF << (8 - spare) & 0xFF
        if packed[end] & mask and _same(packed, end, packed[end] & ~mask, content, most):
            raise ValueError("spare bits are not zero")
    return content


def _same(packed: bytes, at: int, byte: int, content: bytes, most: int) -> bool:
    try:
        return _inflate(packed[:at] + bytes((byte,)) + packed[at + 1 :], most) == content
    except ValueError:
        return False


def _inflate(packed: bytes, most: int) -> bytes:
    reader = zlib.decompressobj()
    try:
        content = reader.decompress(packed, most)
    except zlib.error as error:
        raise ValueError("not zlib") from error
    if not reader.eof or reader.unused_data or reader.unconsumed_tail:
        raise ValueError("cut off, too large or followed by something")
    return content
