"""Whose codes are believed: certificates of departments' keys, by their ``kid``; the trust list as a file.

The file is PEM with a line of text before each certificate, so that any program and any eye can read it. A certificate
given in a file counts as a key of codes when it says so itself (``MARK``), or when the file says so of it (a block
``KZL1 CERTIFICATE``): what else has a P-256 key may be a person's own, and he must not speak for a department. Roots of
authorities in the same file are for signatures of papers and are left to them.
"""

from collections.abc import Iterable, Iterator
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

MARK = "2.25.55210513698963900053706354957451327285"
"""The extended key usage of keys of codes; an identifier anybody may make himself (ITU-T X.667)."""
UNMARKED = "KZL1 CERTIFICATE"
"""The kind of a PEM block with the certificate of a key of codes that bears no mark."""

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
    marked: bool = False  # it says itself that its key makes codes

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
        marked=_is_marked(certificate),
    )


def _is_marked(certificate: x509.Certificate) -> bool:
    try:
        usage = certificate.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
    except (x509.ExtensionNotFound, ValueError):
        return False
    return [one.dotted_string for one in usage] == [MARK]


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

    def __iter__(self) -> Iterator[CodeCertificate]:
        return (one for known in self._by_kid.values() for one in known)

    def of(self, kid: bytes) -> tuple[CodeCertificate, ...]:
        return tuple(self._by_kid.get(kid, ()))


def split(files: Iterable[bytes | str]) -> tuple[tuple[str, ...], CodeTrust]:
    """Return what trust-list files hold: PEM of authorities (and of all that signs no codes), and the codes' keys.

    A file is PEM with any text between, or one DER certificate. NotAllowed "certificate-unreadable",
    "trust-list-too-large" (limit), "code-certificate-unfit" for a block that is called a key of codes and is none.
    """
    others: list[str] = []
    certificates: list[CodeCertificate] = []
    for file in files:
        for kind, der in blocks(file.encode() if isinstance(file, str) else file):
            try:
                found = described(der)
            except NotAllowed as refusal:
                if refusal.code != "code-certificate-unfit" or kind == UNMARKED:
                    raise
                found = None
            if found is not None and (found.marked or kind == UNMARKED):
                certificates.append(found)
            else:
                others.append(pem.armor("CERTIFICATE", der).decode("ascii"))
    return tuple(others), CodeTrust(certificates)


def of_office(pems: Iterable[str]) -> tuple[CodeCertificate, ...]:
    """Return the keys of a database in their order: an administrator put each there as a key of codes, marked or not.

    NotAllowed as ``described``.
    """
    return tuple(described(der) for one in pems for _, der in blocks(one.encode()))


def blocks(content: bytes) -> list[tuple[str, bytes]]:
    """Return the certificates of a file as (kind of PEM block, DER); NotAllowed as ``split``."""
    if len(content) > LIMIT:
        raise NotAllowed("trust-list-too-large", limit=LIMIT)
    if b"-----BEGIN" not in content:
        return [("CERTIFICATE", content)] if content.strip() else []
    try:
        found = [(kind, der) for kind, _, der in pem.unarmor(content, multiple=True)]
    except ValueError as error:
        raise NotAllowed("certificate-unreadable") from error
    return [(kind, der) for kind, der in found if kind in ("CERTIFICATE", UNMARKED)]


def trust_list(certificates: Iterable[CodeCertificate], *, made_at: datetime) -> str:
    """Return the file for outsiders: every key of the office, the old ones too."""
    lines = [
        f"Ruqsat: keys of the codes on papers / қағаздардағы кодтардың кілттері / ключи кодов; {made_at:%Y-%m-%d}"
    ]
    for one in certificates:
        first, last = (
            moment.astimezone(UTC).strftime("%Y-%m-%d") for moment in (one.not_before, one.not_after)
        )
        block = one.pem.strip() if one.marked else pem.armor(UNMARKED, one.der).decode("ascii").strip()
        lines += [f"{one.kid.hex()}: {one.owner}, {first} - {last}", block]
    return "\n".join(lines) + "\n"


def issued_by_itself(certificate: CodeCertificate) -> bool:
    """Whether the department made the certificate itself."""
    found = x509.load_der_x509_certificate(certificate.der)
    try:
        found.verify_directly_issued_by(found)
    except (ValueError, TypeError, InvalidSignature):
        return False
    return True
