"""The demo certification authority: keys and certificates in the profile of Kazakhstan, without legal force.

Used by the demo office and by the tests. Nothing made here chains to a real authority, and every name says
so; :data:`desktop.regulation.identifiers.DEMO_MARK` is what the program recognises it by.
"""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import pkcs12
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from desktop.eds.certificates import OwnerRole
from desktop.regulation.identifiers import DEMO_MARK

NO_FORCE = f"{DEMO_MARK} – no legal force"

_ROOT_LIFE = timedelta(days=3650)
_ISSUING_LIFE = timedelta(days=3285)
_PERSON_LIFE = timedelta(days=365)
_SIGNING_POLICY = x509.ObjectIdentifier("1.2.398.3.3.2")


@dataclass(frozen=True, slots=True)
class DemoPerson:
    """The person a certificate is made for. ``surname_name`` as the profile has it: "ФАМИЛИЯ ИМЯ"."""

    surname_name: str
    iin: str
    patronymic: str = ""
    organisation: str = ""
    bin: str = ""
    roles: tuple[OwnerRole, ...] = (OwnerRole.LEGAL_ENTITY, OwnerRole.FIRST_HEAD)


@dataclass(frozen=True, slots=True)
class DemoKey:
    """A private key with its certificate and the authority's, ready to be written to a file or a token."""

    private_key: Any  # RSA or of an elliptic curve
    certificate: x509.Certificate
    chain: tuple[x509.Certificate, ...]

    @property
    def certificate_der(self) -> bytes:
        return self.certificate.public_bytes(serialization.Encoding.DER)

    @property
    def chain_der(self) -> tuple[bytes, ...]:
        return tuple(item.public_bytes(serialization.Encoding.DER) for item in self.chain)

    def to_pkcs12(self, password: str) -> bytes:
        """Return the key, its certificate and the issuing one as a PKCS#12 container."""
        return pkcs12.serialize_key_and_certificates(
            self.certificate.subject.rfc4514_string()[:32].encode(),
            self.private_key,
            self.certificate,
            self.chain,
            serialization.BestAvailableEncryption(password.encode()),
        )

    def write_pkcs12(self, path: Path, password: str) -> None:
        """Write ``to_pkcs12`` to ``path``, readable by its owner only."""
        path.touch(mode=0o600)
        path.write_bytes(self.to_pkcs12(password))


class DemoAuthority:
    """A root and an issuing authority. The root's PEM is what an office adds to its trust roots."""

    def __init__(self, *, valid_from: datetime, name: str = "") -> None:
        """Make new keys; certificates are valid for ten (root) and nine years from ``valid_from`` (aware)."""
        title = f"{NO_FORCE}{': ' + name if name else ''}"
        root_key, self._issuing_key = _new_key(), _new_key()
        root_name = _authority_name(f"{title} – root CA")
        issuing_name = _authority_name(f"{title} – issuing CA")
        self.root = _authority_certificate(
            root_name, root_name, root_key, root_key.public_key(), valid_from, _ROOT_LIFE, path_length=1
        )
        self.issuing = _authority_certificate(
            issuing_name,
            root_name,
            root_key,
            self._issuing_key.public_key(),
            valid_from,
            _ISSUING_LIFE,
            path_length=0,
        )

    @property
    def root_pem(self) -> str:
        return self.root.public_bytes(serialization.Encoding.PEM).decode()

    def issue(
        self,
        person: DemoPerson,
        *,
        valid_from: datetime,
        valid_for: timedelta = _PERSON_LIFE,
        for_signing: bool = True,
        elliptic: bool = False,
    ) -> DemoKey:
        """Make a new key (RSA-2048, or ``elliptic`` P-256) and its certificate.

        ``for_signing`` False gives an authentication one.
        """
        key: Any = ec.generate_private_key(ec.SECP256R1()) if elliptic else _new_key()
        purposes = [
            ExtendedKeyUsageOID.EMAIL_PROTECTION if for_signing else ExtendedKeyUsageOID.CLIENT_AUTH,
            *(x509.ObjectIdentifier(role.value) for role in person.roles),
        ]
        certificate = (
            _builder(_person_name(person), self.issuing.subject, key.public_key(), valid_from, valid_for)
            .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
            .add_extension(_key_usage(signs=for_signing), critical=True)
            .add_extension(x509.ExtendedKeyUsage(purposes), critical=False)
            .add_extension(
                x509.CertificatePolicies([x509.PolicyInformation(_SIGNING_POLICY, None)]), critical=False
            )
            .add_extension(
                x509.AuthorityKeyIdentifier.from_issuer_public_key(self._issuing_key.public_key()),
                critical=False,
            )
            .sign(self._issuing_key, hashes.SHA256())
        )
        return DemoKey(key, certificate, (self.issuing,))

    def signed_list(self, revoked: x509.CertificateRevocationListBuilder) -> bytes:
        """Sign a list of revoked certificates as the issuing authority; return it as DER."""
        return revoked.sign(self._issuing_key, hashes.SHA256()).public_bytes(serialization.Encoding.DER)


def make(
    people: Sequence[tuple[DemoPerson, Path, str]], *, valid_from: datetime, root_pem: Path | None = None
) -> DemoAuthority:
    """Make a new authority and a PKCS#12 file for each (person, path, password); return the authority."""
    authority = DemoAuthority(valid_from=valid_from)
    for person, path, password in people:
        authority.issue(person, valid_from=valid_from).write_pkcs12(path, password)
    if root_pem is not None:
        root_pem.write_text(authority.root_pem, encoding="ascii")
    return authority


def _new_key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


def _authority_name(common: str) -> x509.Name:
    return x509.Name(
        [
            x509.NameAttribute(NameOID.COMMON_NAME, common),
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, NO_FORCE),
            x509.NameAttribute(NameOID.COUNTRY_NAME, "KZ"),
        ]
    )


def _person_name(person: DemoPerson) -> x509.Name:
    attributes = [
        x509.NameAttribute(NameOID.COMMON_NAME, person.surname_name),
        x509.NameAttribute(NameOID.SURNAME, person.surname_name.split()[0]),
        x509.NameAttribute(NameOID.SERIAL_NUMBER, f"IIN{person.iin}"),
        x509.NameAttribute(NameOID.COUNTRY_NAME, "KZ"),
        x509.NameAttribute(NameOID.ORGANIZATIONAL_UNIT_NAME, NO_FORCE),
    ]
    if person.patronymic:
        attributes.append(x509.NameAttribute(NameOID.GIVEN_NAME, person.patronymic))
    if person.organisation:
        attributes.append(x509.NameAttribute(NameOID.ORGANIZATION_NAME, person.organisation))
    if person.bin:
        attributes.append(x509.NameAttribute(NameOID.ORGANIZATIONAL_UNIT_NAME, f"BIN{person.bin}"))
    return x509.Name(attributes)


def _builder(
    subject: x509.Name, issuer: x509.Name, key: Any, valid_from: datetime, valid_for: timedelta
) -> x509.CertificateBuilder:
    start = valid_from.replace(microsecond=0)
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key)
        .serial_number(secrets.randbits(152) | 1 << 152)
        .not_valid_before(start)
        .not_valid_after(start + valid_for)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key), critical=False)
    )


def _authority_certificate(
    subject: x509.Name,
    issuer: x509.Name,
    issuer_key: rsa.RSAPrivateKey,
    key: rsa.RSAPublicKey,
    valid_from: datetime,
    valid_for: timedelta,
    *,
    path_length: int,
) -> x509.Certificate:
    return (
        _builder(subject, issuer, key, valid_from, valid_for)
        .add_extension(x509.BasicConstraints(ca=True, path_length=path_length), critical=True)
        .add_extension(_key_usage(certifies=True), critical=True)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer_key.public_key()), critical=False
        )
        .sign(issuer_key, hashes.SHA256())
    )


def _key_usage(*, signs: bool = False, certifies: bool = False) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not certifies,
        content_commitment=signs,
        key_encipherment=not signs and not certifies,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=certifies,
        crl_sign=certifies,
        encipher_only=False,
        decipher_only=False,
    )
