"""What a certification authority's list of revoked certificates (CRL, RFC 5280) says of one of its certificates.

The list's signature is proved with the validator every chain is proved with, so that lists signed by GOST keys are
judged wherever that can be done at all.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from asn1crypto import algos, core
from asn1crypto import crl as asn1_crl
from asn1crypto import x509 as asn1
from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from pyhanko_certvalidator.errors import AlgorithmNotSupported

from desktop.eds.certificates import CertificateInfo, offline_context
from desktop.eds.verdict_parts import CLOCK_TOLERANCE, Standing
from desktop.errors import Unavailable

LARGEST_LIST = 64 * 1024 * 1024
_WEAK = frozenset({"md2", "md5", "sha1"})
_BROKEN = (
    ValueError,
    TypeError,
    KeyError,
    AttributeError,
    OverflowError,
    AssertionError,
    UnsupportedAlgorithm,
    x509.InvalidVersion,
    x509.DuplicateExtension,
    x509.UnsupportedGeneralNameType,
)


@dataclass(frozen=True, slots=True)
class Revocation:
    """``since``: when it was revoked, or became unreliable where the authority says so. Moments are aware."""

    standing: Standing
    since: datetime | None = None
    why: str = ""  # revocation-list-unreadable, -of-another, -forged, -old, -algorithm-unsupported
    list_of: datetime | None = None  # when the list was issued
    until: datetime | None = None  # when the next one is due


def standing(certificate: CertificateInfo, issuer: CertificateInfo, crl: bytes, at: datetime) -> Revocation:
    """Return what ``crl`` says at ``at``; it must be the issuer's own, whole and not out of date."""
    if len(crl) > LARGEST_LIST:
        return Revocation(Standing.UNKNOWN, why="revocation-list-unreadable")
    try:
        told = (
            x509.load_pem_x509_crl(crl) if crl.lstrip().startswith(b"-----") else x509.load_der_x509_crl(crl)
        )
        # read apart: the other library warns of names longer than the standard's bound, as the authority's are
        named = asn1_crl.TbsCertList.load(told.tbs_certlist_bytes)["issuer"].dump()
        ours = named == asn1.Certificate.load(issuer.der).subject.dump()
        covered = ours and _covers(told, certificate)
        if not covered:
            return Revocation(Standing.UNKNOWN, why="revocation-list-of-another")
        entry = told.get_revoked_certificate_by_serial_number(int(certificate.serial, 16))
        since = _since(entry) if entry is not None else None
        if entry is None and _has_strange_entries(told):
            return Revocation(Standing.UNKNOWN, why="revocation-list-of-another")
        issued, next_one = told.last_update_utc, told.next_update_utc
    except _BROKEN:
        return Revocation(Standing.UNKNOWN, why="revocation-list-unreadable")
    signed = _signed(told, issuer, at)
    if signed is None:
        return Revocation(Standing.UNKNOWN, why="revocation-list-algorithm-unsupported", list_of=issued)
    if not signed:
        return Revocation(Standing.UNKNOWN, why="revocation-list-forged")
    if since is not None:  # once revoked it stays so, however old the list is
        return Revocation(Standing.REVOKED, since, list_of=issued, until=next_one)
    if issued > at + CLOCK_TOLERANCE or next_one is None or next_one < at - CLOCK_TOLERANCE:
        return Revocation(Standing.UNKNOWN, why="revocation-list-old", list_of=issued, until=next_one)
    return Revocation(Standing.GOOD, list_of=issued, until=next_one)


def _since(entry: x509.RevokedCertificate) -> datetime:
    """Return from when on the certificate may not be relied on: the earlier of the two moments given."""
    revoked = entry.revocation_date_utc
    try:
        invalid = entry.extensions.get_extension_for_class(x509.InvalidityDate).value.invalidity_date_utc
    except x509.ExtensionNotFound:
        return revoked
    return min(revoked, invalid)


def _has_strange_entries(told: x509.CertificateRevocationList) -> bool:
    """Whether an entry must be understood and is not (RFC 5280 5.3): of a certificate of another issuer, as an indirect list has.

    Entries by the hundred thousand are looked at one by one only where the bytes of a critical extension are there.
    """
    of_the_list = sum(extension.critical for extension in told.extensions)
    if told.tbs_certlist_bytes.count(b"\x01\x01\xff") <= of_the_list:
        return False
    return any(extension.critical for entry in told for extension in entry.extensions)


def _covers(told: x509.CertificateRevocationList, certificate: CertificateInfo) -> bool:
    """Whether the list speaks of certificates like this one: not a list of changes, nor one of others only.

    RFC 5280 6.3.3 (b): a list of one distribution point is for the certificates that name that point.
    """
    scope = None
    for extension in told.extensions:
        if isinstance(extension.value, x509.IssuingDistributionPoint):
            scope = extension.value
        elif isinstance(extension.value, x509.DeltaCRLIndicator) or extension.critical:
            return False
    if scope is None:
        return True
    authority = "key_cert_sign" in certificate.key_usage
    if scope.indirect_crl or scope.only_contains_attribute_certs or scope.only_some_reasons:
        return False
    if scope.relative_name or (scope.only_contains_ca_certs, scope.only_contains_user_certs)[authority]:
        return False
    return scope.full_name is None or bool(
        {name.value for name in scope.full_name} & set(_points(certificate))
    )


def _points(certificate: CertificateInfo) -> list[str]:
    """Return the addresses the certificate names as places of its authority's list."""
    points = x509.load_der_x509_certificate(certificate.der).extensions
    try:
        told = points.get_extension_for_class(x509.CRLDistributionPoints).value
    except x509.ExtensionNotFound:
        return []
    return [str(name.value) for point in told for name in point.full_name or ()]


def _signed(told: x509.CertificateRevocationList, issuer: CertificateInfo, at: datetime) -> bool | None:
    if issuer.key_usage and "crl_sign" not in issuer.key_usage:
        return False
    algorithm = algos.SignedDigestAlgorithm.load(_outer_algorithm(told))
    return signed_by(issuer.der, told.signature, told.tbs_certlist_bytes, algorithm, at)


def _outer_algorithm(told: x509.CertificateRevocationList) -> bytes:
    """Return the algorithm stated beside the signature; that the inner one is the same, the parser has seen to."""
    from cryptography.hazmat.primitives.serialization import Encoding

    whole = core.Sequence.load(told.public_bytes(Encoding.DER))
    return bytes(whole[1].dump())


def signed_by(
    certificate: bytes, signature: bytes, data: bytes, algorithm: algos.SignedDigestAlgorithm, at: datetime
) -> bool | None:
    """Return whether the key of ``certificate`` (DER) made ``signature`` over ``data``; None: it cannot be told here."""
    try:
        if _digest_of(algorithm) in _WEAK:
            return False
        key: Any = asn1.Certificate.load(certificate).public_key
        offline_context((), at).sig_validator.validate_signature(signature, data, key, algorithm)
    except InvalidSignature:
        return False
    except (AlgorithmNotSupported, NotImplementedError, UnsupportedAlgorithm, Unavailable):
        return None
    except _BROKEN:
        return False
    return True


def _digest_of(algorithm: algos.SignedDigestAlgorithm) -> str:
    try:
        return str(algorithm.hash_algo)
    except ValueError:  # of a kind asn1crypto does not know: the validator decides
        return ""
