"""Questions to a certification authority about one certificate, and what its answer is worth (OCSP, RFC 6960).

Nothing here goes to the network. An answer is believed when the issuer signed it, or a delegate whose certificate the
issuer itself signed for that purpose (4.2.2.2) and which is not revoked (4.2.2.2.1), it is about the certificate asked
for, of this time, and repeats the number that was sent, where it repeats any.
"""

import hashlib
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from asn1crypto import core, ocsp, x509

from desktop.eds.certificates import CertificateInfo, describe
from desktop.eds.revocation import signed_by
from desktop.eds.verdict_parts import CLOCK_TOLERANCE, NOT_ASKED, RevocationSeen, Source, Standing
from desktop.errors import NotAllowed

LARGEST_ANSWER = 256 * 1024
OLDEST_WITHOUT_END = timedelta(days=1)  # of an answer which does not say until when it speaks
MOST_CERTIFICATES = 16

_BROKEN = (ValueError, TypeError, KeyError, AttributeError, OverflowError, IndexError, RecursionError)
_PURPOSE = "1.3.6.1.5.5.7.3.9"
_HASHES = frozenset({"sha1", "sha256", "sha384", "sha512"})

Listed = Callable[[CertificateInfo, CertificateInfo, datetime], RevocationSeen]
"""(certificate of a responder, the issuer that named it, moment) to what lists say of it."""


def question(info: CertificateInfo, issuer: CertificateInfo, nonce: bytes) -> bytes:
    """Return the DER of a request about ``info``; ``nonce`` b"" sends no number. SHA-1 is what every responder knows."""
    identity = ocsp.CertId(
        {
            "hash_algorithm": {"algorithm": "sha1"},
            "issuer_name_hash": _name_hash(issuer.der, "sha1"),
            "issuer_key_hash": _key_hash(issuer.der, "sha1"),
            "serial_number": int(info.serial, 16),
        }
    )
    asked: dict[str, Any] = {"request_list": [{"req_cert": identity}]}
    if nonce:
        asked["request_extensions"] = [{"extn_id": "nonce", "extn_value": nonce}]
    return bytes(ocsp.OCSPRequest({"tbs_request": asked}).dump())


def judge(
    answer: bytes,
    info: CertificateInfo,
    issuer: CertificateInfo,
    *,
    at: datetime,
    nonce: bytes = b"",
    source: Source = Source.OCSP,
    listed: Listed | None = None,
) -> RevocationSeen:
    """Return what ``answer`` says of ``info`` at ``at``. ``listed`` is asked about a responder that may be revoked.

    ``refused`` with ``why``: "ocsp-answer-unreadable", "ocsp-answer-of-another", "ocsp-answer-forged",
    "ocsp-answer-by-nobody" (of a responder the issuer did not name), "ocsp-answer-old", "ocsp-answer-repeated"
    (another number than was sent), "ocsp-certificate-unknown", "ocsp-delegate-revoked". Unknown without being refused,
    for nobody signed it or it cannot be checked here: "ocsp-no-answer", "ocsp-algorithm-unsupported",
    "ocsp-delegate-unchecked" (it may be revoked, and no list says that it is not).
    """
    bad = RevocationSeen(Standing.UNKNOWN, source, why="ocsp-answer-unreadable", refused=True)
    if len(answer) > LARGEST_ANSWER:
        return bad
    try:
        told = ocsp.OCSPResponse.load(answer, strict=True)
        if told["response_status"].native != "successful":
            return RevocationSeen(Standing.UNKNOWN, source, why="ocsp-no-answer")
        if told["response_bytes"]["response_type"].native != "basic_ocsp_response":
            return bad
        basic = told["response_bytes"]["response"].parsed
        return _judged(basic, bad, info, issuer, at, nonce, listed)
    except (*_BROKEN, NotAllowed):
        return bad


def _judged(
    basic: Any,
    bad: RevocationSeen,
    info: CertificateInfo,
    issuer: CertificateInfo,
    at: datetime,
    nonce: bytes,
    listed: Listed | None,
) -> RevocationSeen:
    data = basic["tbs_response_data"]
    ours = [one for one in data["responses"] if _is_about(one["cert_id"], info, issuer)]
    if len(ours) != 1:  # looked at first: it costs nothing, and a signature may
        return replace(bad, why="ocsp-answer-of-another")
    signer = _responder(basic, issuer, at)
    if isinstance(signer, str):
        return replace(bad, why=signer, refused=signer != "ocsp-algorithm-unsupported")
    signed = signed_by(signer, basic["signature"].native, data.dump(), basic["signature_algorithm"], at)
    if signed is None:
        return replace(bad, why="ocsp-algorithm-unsupported", refused=False)
    if not signed:
        return replace(bad, why="ocsp-answer-forged")
    sent = _number(data)
    if nonce and sent and sent != nonce:
        return replace(bad, why="ocsp-answer-repeated")
    told = _said(ours[0], bad, at)
    why = _delegate_trouble(signer, issuer, at, listed) if signer != issuer.der else ""
    unchecked = why == "ocsp-delegate-unchecked"
    if why and not (unchecked and told.standing is not Standing.GOOD):
        return replace(bad, why=why, refused=not unchecked)
    return told


def _delegate_trouble(der: bytes, issuer: CertificateInfo, at: datetime, listed: Listed | None) -> str:
    """Return "" when the delegate is not revoked: its issuer says it need not be asked about, or a list says so."""
    if x509.Certificate.load(der).ocsp_no_check_value is not None:
        return ""
    told = listed(describe(der), issuer, at) if listed is not None else NOT_ASKED
    if told.standing is Standing.REVOKED:
        return "ocsp-delegate-revoked"
    return "" if told.standing is Standing.GOOD else "ocsp-delegate-unchecked"


def _number(data: Any) -> bytes:
    """Return the number (nonce) the answer repeats, b"" when it repeats none."""
    for extension in _items(data["response_extensions"]):
        if extension["extn_id"].native == "nonce":
            return bytes(extension["extn_value"].parsed.native)
    return b""


def _said(single: Any, bad: RevocationSeen, at: datetime) -> RevocationSeen:
    made, until = single["this_update"].native, single["next_update"].native
    status = single["cert_status"]
    told = replace(bad, at=made, until=until)
    if status.name == "revoked":  # once revoked it stays so, however old the answer is
        chosen = status.chosen
        return replace(
            told,
            standing=Standing.REVOKED,
            since=_since(single, chosen["revocation_time"].native),
            why=str(chosen["revocation_reason"].native or ""),
            refused=False,
        )
    if made > at + CLOCK_TOLERANCE or (until or made + OLDEST_WITHOUT_END) < at - CLOCK_TOLERANCE:
        return replace(told, why="ocsp-answer-old")
    if status.name != "good":
        return replace(told, why="ocsp-certificate-unknown")
    return replace(told, standing=Standing.GOOD, why="", refused=False)


def _since(single: Any, revoked: datetime) -> datetime:
    for extension in _items(single["single_extensions"]):
        if extension["extn_id"].native == "invalidity_date":
            moment = extension["extn_value"].parsed.native
            return min(revoked, moment) if isinstance(moment, datetime) else revoked
    return revoked


def _responder(basic: Any, issuer: CertificateInfo, at: datetime) -> bytes | str:
    """Return the certificate (DER) whose key answers, or the code of why nobody of the issuer's does."""
    wanted = basic["tbs_response_data"]["responder_id"]
    bag = [bytes(one.dump()) for one in _items(basic["certs"])[:MOST_CERTIFICATES]]
    for der in (issuer.der, *bag):
        if _named(wanted, der):
            return issuer.der if der == issuer.der else _delegate(der, issuer, at)
    return "ocsp-answer-by-nobody"


def _items(told: Any) -> list[Any]:
    """Return the items of an optional list."""
    return [] if isinstance(told, core.Void) else list(told)


def _named(wanted: Any, der: bytes) -> bool:
    if wanted.name == "by_key":
        return bool(wanted.native == _key_hash(der, "sha1"))
    return bool(wanted.chosen == x509.Certificate.load(der).subject)


def _delegate(der: bytes, issuer: CertificateInfo, at: datetime) -> bytes | str:
    """A delegate is named by the issuer directly, for answering, and in date; RFC 6960 4.2.2.2."""
    certificate = x509.Certificate.load(der)
    info = describe(der)
    mother = x509.Certificate.load(issuer.der)
    named = (
        certificate.issuer == mother.subject
        and _PURPOSE in info.extended_key_usage
        and (not info.key_usage or "digital_signature" in info.key_usage)
        and info.not_before <= at + CLOCK_TOLERANCE
        and at - CLOCK_TOLERANCE <= info.not_after
    )
    if not named:
        return "ocsp-answer-by-nobody"
    data = certificate["tbs_certificate"].dump()
    value = certificate["signature_value"].native
    signed = signed_by(issuer.der, value, data, certificate["signature_algorithm"], at)
    if signed is None:
        return "ocsp-algorithm-unsupported"
    return der if signed else "ocsp-answer-by-nobody"


def _is_about(identity: Any, info: CertificateInfo, issuer: CertificateInfo) -> bool:
    name = str(identity["hash_algorithm"]["algorithm"].native)
    return (
        name in _HASHES
        and identity["serial_number"].native == int(info.serial, 16)
        and identity["issuer_name_hash"].native == _name_hash(issuer.der, name)
        and identity["issuer_key_hash"].native == _key_hash(issuer.der, name)
    )


def _name_hash(der: bytes, name: str) -> bytes:
    return hashlib.new(name, x509.Certificate.load(der).subject.dump()).digest()


def _key_hash(der: bytes, name: str) -> bytes:
    """Return the hash of the key's bit string, whatever kind of key it is."""
    information = core.Sequence.load(x509.Certificate.load(der).public_key.dump())
    return hashlib.new(name, information[1].contents[1:]).digest()
