"""What a certification authority's list of revoked certificates (CRL, RFC 5280) says of one of its certificates."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec, rsa

from desktop.eds.certificates import CertificateInfo
from desktop.eds.verdict_parts import Standing

_TOLERANCE = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Revocation:
    standing: Standing
    since: datetime | None = None
    why: str = ""  # revocation-list-unreadable, -of-another, -forged, -old
    list_of: datetime | None = None  # when the list was issued


def standing(certificate: CertificateInfo, issuer: CertificateInfo, crl: bytes, at: datetime) -> Revocation:
    """Return what ``crl`` says at ``at``; it must be the issuer's own, whole and not out of date."""
    try:
        told = (
            x509.load_pem_x509_crl(crl) if crl.lstrip().startswith(b"-----") else x509.load_der_x509_crl(crl)
        )
        authority = x509.load_der_x509_certificate(issuer.der)
        key = authority.public_key()
        partial = _is_partial(told)
        entry = told.get_revoked_certificate_by_serial_number(int(certificate.serial, 16))
    except (ValueError, TypeError, UnsupportedAlgorithm):
        return Revocation(Standing.UNKNOWN, why="revocation-list-unreadable")
    if told.issuer != authority.subject or partial:
        return Revocation(Standing.UNKNOWN, why="revocation-list-of-another")
    if not isinstance(key, rsa.RSAPublicKey | ec.EllipticCurvePublicKey) or not _signed(told, key):
        return Revocation(Standing.UNKNOWN, why="revocation-list-forged")
    issued, next_one = told.last_update_utc, told.next_update_utc
    if entry is not None:  # once revoked it stays so, however old the list is
        return Revocation(Standing.REVOKED, entry.revocation_date_utc, list_of=issued)
    if issued > at + _TOLERANCE or next_one is None or next_one < at - _TOLERANCE:
        return Revocation(Standing.UNKNOWN, why="revocation-list-old", list_of=issued)
    return Revocation(Standing.GOOD, list_of=issued)


def _is_partial(told: x509.CertificateRevocationList) -> bool:
    """A list of changes, or of some certificates only, says nothing of those it leaves out."""
    return any(
        isinstance(extension.value, x509.DeltaCRLIndicator | x509.IssuingDistributionPoint)
        for extension in told.extensions
    )


def _signed(told: x509.CertificateRevocationList, key: rsa.RSAPublicKey | ec.EllipticCurvePublicKey) -> bool:
    try:
        return told.is_signature_valid(key)
    except (InvalidSignature, UnsupportedAlgorithm, TypeError):
        return False
