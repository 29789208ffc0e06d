"""Whose codes are believed: certificates of departments' keys, by their ``kid``; the trust list as a file.

The file is PEM with a line of text before each certificate, so that any program and any eye can read it. Only what
can sign codes counts: a P-256 key whose certificate is no authority's. Roots of authorities in the same file are for
signatures of papers and are left to them, and a department's certificate is never taken for a root.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256

from asn1crypto import pem
from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID

from desktop.eds.certificates import DEMO_MARK
from desktop.eds.codes.cose import KID_BYTES
from desktop.errors import NotAllowed

LIMIT = 4 * 1024 * 1024  # bytes of a trust-list file
OFFICES_AHEAD = timedelta(hours=14)  # a paper bears its office's day, a certificate moments in UTC


@dataclass(frozen=True, slots=True)
class CodeCertificate:
    """The public half of a department's key. Moments are aware (UTC)."""

    der: bytes = field(repr=False)
    sha256: str
    kid: bytes
    owner: str
    bin: str
    not_before: datetime
    not_after: datetime
    key: ec.EllipticCurvePublicKey = field(repr=False, compare=False)
    demo: bool = False

    @property
    def pem(self) -> str:
        return x509.load_der_x509_certificate(self.der).public_bytes(Encoding.PEM).decode("ascii")

    def speaks_for(self, bin: str) -> bool:
        """Whether its codes may tell of papers of the department ``bin``: its own, or any when it names none."""
        return self.bin in ("", bin)

    def in_date(self, day: date) -> bool:
        """Whether the certificate is valid on some moment of ``day``, which is a day of the office's own clock."""
        return (self.not_before - OFFICES_AHEAD).date() <= day <= (self.not_after + OFFICES_AHEAD).date()


def described(der: bytes) -> CodeCertificate:
    """Return what the certificate says.

    NotAllowed: "certificate-unreadable", "code-certificate-unfit" (no P-256 key, or of an authority).
    """
    try:
        certificate = x509.load_der_x509_certificate(der)
        key = certificate.public_key()
        fit = isinstance(key, ec.EllipticCurvePublicKey) and isinstance(key.curve, ec.SECP256R1)
        if not fit or _is_authority(
            certificate
        ):  # before its names are read: an authority's are longer than allowed
            raise NotAllowed("code-certificate-unfit")
        subject = certificate.subject
        names = subject.get_attributes_for_oid(NameOID.ORGANIZATION_NAME)
        names += subject.get_attributes_for_oid(NameOID.COMMON_NAME)
        units = [str(unit.value) for unit in subject.get_attributes_for_oid(NameOID.ORGANIZATIONAL_UNIT_NAME)]
    except UnsupportedAlgorithm as error:  # a GOST key, of an authority or a person
        raise NotAllowed("code-certificate-unfit") from error
    except ValueError as error:
        raise NotAllowed("certificate-unreadable") from error
    if not isinstance(key, ec.EllipticCurvePublicKey):
        raise NotAllowed("code-certificate-unfit")
    owner = str(names[0].value) if names else subject.rfc4514_string()
    return CodeCertificate(
        der=der,
        sha256=sha256(der).hexdigest(),
        kid=sha256(der).digest()[:KID_BYTES],
        owner=owner,
        bin=next((unit[3:] for unit in units if unit.startswith("BIN")), ""),
        not_before=certificate.not_valid_before_utc,
        not_after=certificate.not_valid_after_utc,
        key=key,
        demo=DEMO_MARK in subject.rfc4514_string(),
    )


def _is_authority(certificate: x509.Certificate) -> bool:
    try:
        return certificate.extensions.get_extension_for_class(x509.BasicConstraints).value.ca
    except x509.ExtensionNotFound:
        return False


class CodeTrust:
    """The certificates that are believed; ``kid`` is short, so several may share one."""

    def __init__(self, certificates: Iterable[CodeCertificate] = ()) -> None:
        self._by_kid: dict[bytes, list[CodeCertificate]] = {}
        for certificate in certificates:
            known = self._by_kid.setdefault(certificate.kid, [])
            if certificate not in known:
                known.append(certificate)

    def __bool__(self) -> bool:
        return bool(self._by_kid)

    def of(self, kid: bytes) -> tuple[CodeCertificate, ...]:
        return tuple(self._by_kid.get(kid, ()))


def split(files: Iterable[bytes | str]) -> tuple[tuple[str, ...], CodeTrust]:
    """Return what trust-list files hold: PEM of authorities (and of all that signs no codes), and the codes' keys.

    A file is PEM with any text between, or one DER certificate. NotAllowed "certificate-unreadable",
    "trust-list-too-large" (limit).
    """
    others: list[str] = []
    certificates: list[CodeCertificate] = []
    for file in files:
        for der in _certificates(file.encode() if isinstance(file, str) else file):
            try:
                certificates.append(described(der))
            except NotAllowed as refusal:
                if refusal.code != "code-certificate-unfit":
                    raise
                others.append(pem.armor("CERTIFICATE", der).decode("ascii"))
    return tuple(others), CodeTrust(certificates)


def _certificates(content: bytes) -> list[bytes]:
    if len(content) > LIMIT:
        raise NotAllowed("trust-list-too-large", limit=LIMIT)
    if b"-----BEGIN" not in content:
        return [content] if content.strip() else []
    try:
        return [der for kind, _, der in pem.unarmor(content, multiple=True) if kind == "CERTIFICATE"]
    except ValueError as error:
        raise NotAllowed("certificate-unreadable") from error


def trust_list(certificates: Iterable[CodeCertificate], *, made_at: datetime) -> str:
    """Return the file for outsiders: every key of the office, the old ones too."""
    lines = [
        f"Ruqsat: keys of the codes on papers / қағаздардағы кодтардың кілттері / ключи кодов; {made_at:%Y-%m-%d}"
    ]
    for one in certificates:
        first, last = (
            moment.astimezone(UTC).strftime("%Y-%m-%d") for moment in (one.not_before, one.not_after)
        )
        lines += [f"{one.kid.hex()}: {one.owner}, {first} - {last}", one.pem.strip()]
    return "\n".join(lines) + "\n"


def issued_by_itself(certificate: CodeCertificate) -> bool:
    """Whether the department made the certificate itself."""
    found = x509.load_der_x509_certificate(certificate.der)
    try:
        found.verify_directly_issued_by(found)
    except (ValueError, TypeError, InvalidSignature):
        return False
    return True
