"""Lists and answers an authority could give out, made one by one: whole, of changes, indirect; by a responder it named."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives.hashes import SHA1, SHA256
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509 import ocsp
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from tests.eds.authority import RealAuthority
from tests.eds.people import AT, VALID_FROM

Extensions = Sequence[tuple[x509.ExtensionType, bool]]


def certificate(authority: RealAuthority, label: str) -> x509.Certificate:
    return x509.load_der_x509_certificate(authority.der(label))


def crl(
    authority: RealAuthority,
    *revoked: int,
    by: str = "ca",
    extensions: Extensions = (),
    of_entries: Extensions = (),
    made: datetime = AT - timedelta(hours=1),
) -> bytes:
    """Return a list of the serial numbers ``revoked``, in date at ``AT``."""
    builder: Any = (
        x509.CertificateRevocationListBuilder()
        .issuer_name(certificate(authority, by).subject)
        .last_update(made)
        .next_update(made + timedelta(days=1))
    )
    for serial in revoked:
        entry = x509.RevokedCertificateBuilder().serial_number(serial).revocation_date(made)
        for value, critical in of_entries:
            entry = entry.add_extension(value, critical)
        builder = builder.add_revoked_certificate(entry.build())
    for value, critical in extensions:
        builder = builder.add_extension(value, critical)
    return bytes(builder.sign(authority.keys[by], SHA256()).public_bytes(Encoding.DER))


def responder(authority: RealAuthority, *extensions: tuple[x509.ExtensionType, bool]) -> x509.Certificate:
    """Return a certificate ``ca`` gave to the key ``ocsp`` for answering; nothing says that it need not be asked about."""
    made: Any = (
        x509.CertificateBuilder()
        .subject_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "RESPONDER")]))
        .issuer_name(certificate(authority, "ca").subject)
        .public_key(authority.keys["ocsp"].public_key())
        .serial_number(4711)
        .not_valid_before(VALID_FROM)
        .not_valid_after(VALID_FROM + timedelta(days=365))
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.OCSP_SIGNING]), critical=False)
    )
    for value, critical in extensions:
        made = made.add_extension(value, critical)
    return made.sign(authority.keys["ca"], SHA256())


def answer(
    authority: RealAuthority, by: x509.Certificate, label: str = "head", *, revoked: bool = False
) -> bytes:
    """Return what the responder says of a certificate of ``ca`` at ``AT``."""
    made = (
        ocsp.OCSPResponseBuilder()
        .add_response(
            cert=certificate(authority, label),
            issuer=certificate(authority, "ca"),
            algorithm=SHA1(),
            cert_status=ocsp.OCSPCertStatus.REVOKED if revoked else ocsp.OCSPCertStatus.GOOD,
            this_update=AT,
            next_update=AT + timedelta(minutes=10),
            revocation_time=AT if revoked else None,
            revocation_reason=None,
        )
        .responder_id(ocsp.OCSPResponderEncoding.HASH, by)
        .certificates([by])
        .sign(authority.keys["ocsp"], SHA256())
    )
    return bytes(made.public_bytes(Encoding.DER))
