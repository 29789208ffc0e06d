"""The department's key: made, kept in a PKCS#12 file of a workstation or on a PKCS#11 token, opened for a session.

Its private half is nowhere else: the database keeps certificates only.
"""

import os
import secrets
from contextlib import ExitStack
from datetime import datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, pkcs12
from cryptography.x509.oid import NameOID

from desktop.eds import tokens
from desktop.eds.certificates import DEMO_MARK
from desktop.eds.codes.cose import RawSignature
from desktop.eds.codes.making import CodeSigner
from desktop.eds.codes.trust import MARK, CodeCertificate, described
from desktop.eds.pin import Pin, taken
from desktop.errors import NotAllowed, Told, Unavailable

LIFE = timedelta(days=3 * 365)
_NAME_LIMIT = 64  # characters of a name in a certificate (RFC 5280, upper bounds)
_USAGE = x509.KeyUsage(
    digital_signature=True,
    content_commitment=False,  # nobody signs a paper with it
    key_encipherment=False,
    data_encipherment=False,
    key_agreement=False,
    key_cert_sign=False,
    crl_sign=False,
    encipher_only=False,
    decipher_only=False,
)


def make(
    *, name: str, bin: str, valid_from: datetime, life: timedelta = LIFE, demo: bool = False
) -> tuple[ec.EllipticCurvePrivateKey, CodeCertificate]:
    """Make a key of P-256 and the certificate the department gives itself for it."""
    key = ec.generate_private_key(ec.SECP256R1())
    wanted = wanted_certificate(
        key.public_key(), name=name, bin=bin, valid_from=valid_from, life=life, demo=demo
    )
    return key, described(wanted.sign(key, SHA256()).public_bytes(Encoding.DER))


def wanted_certificate(
    key: ec.EllipticCurvePublicKey, *, name: str, bin: str, valid_from: datetime, life: timedelta, demo: bool
) -> x509.CertificateBuilder:
    """Return a certificate that waits for its own key's signature. ``valid_from`` is aware."""
    title = f"{DEMO_MARK} {name}" if demo else name
    subject = x509.Name(
        [
            x509.NameAttribute(NameOID.COUNTRY_NAME, "KZ"),
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, title[:_NAME_LIMIT]),
            x509.NameAttribute(NameOID.ORGANIZATIONAL_UNIT_NAME, f"BIN{bin}"),
            x509.NameAttribute(NameOID.COMMON_NAME, "KZL1"),
        ]
    )
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key)
        .serial_number(secrets.randbits(127) + 1)
        .not_valid_before(valid_from)
        .not_valid_after(valid_from + life)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_USAGE, critical=True)
        .add_extension(x509.ExtendedKeyUsage([x509.ObjectIdentifier(MARK)]), critical=True)
    )


def write_keystore(
    path: Path | str, password: str | Pin, key: ec.EllipticCurvePrivateKey, certificate: CodeCertificate
) -> None:
    """Write the key into a new file which its owner alone reads.

    Unavailable("keystore-unwritable"), also when there is such a file: a key is never written over.
    """
    content = pkcs12.serialize_key_and_certificates(
        b"KZL1",
        key,
        x509.load_der_x509_certificate(certificate.der),
        None,
        serialization.BestAvailableEncryption(bytes(password.encode())),
    )
    path = Path(path)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "wb") as file:
            file.write(content)
    except OSError as error:
        raise Unavailable("keystore-unwritable", file=path.name, reason=error.strerror or "") from error


def open_keystore(path: Path | str, password: str | Pin) -> CodeSigner:
    """Open the key of a PKCS#12 file and keep it in memory; the password is used once and wiped.

    Codes as ``tokens.open_pkcs12``, and NotAllowed "code-certificate-unfit".
    """
    with ExitStack() as stack:
        hand = stack.enter_context(tokens.open_pkcs12(path, password))
        certificate = described(hand.info.der)
        return CodeSigner(
            certificate, lambda data: _plain(hand.sign_raw(data, "sha256")), stack.pop_all().close
        )


def open_token(
    module: Path | str, token: str, pin: str | Pin | None, certificate_sha256: str = ""
) -> CodeSigner:
    """Open the P-256 key on a token (by serial number or label); ``certificate_sha256`` where it holds several.

    A session is opened for each code and closed again: a login left open would let anything in this program sign with
    every key of the token, the head's own among them, and the head's signature may want the same token next. So the
    letters of the PIN are kept in memory, and overwritten when the key is closed or at its first refusal. Codes as
    ``tokens.open_pkcs11``, and "token-no-certificate" when nothing there can sign codes.
    """
    held = None if pin is None else taken(pin)
    forget = held.wipe if held is not None else _nothing
    try:
        certificate = _code_certificate(module, token, certificate_sha256)
        return CodeSigner(certificate, _by_token(module, token, certificate, held), forget)
    except Told:
        forget()
        raise


def _by_token(module: Path | str, token: str, certificate: CodeCertificate, held: Pin | None) -> RawSignature:
    def sign(data: bytes) -> bytes:
        if held is not None and not held:
            raise Unavailable("code-key-closed")
        pin = None if held is None else held.again()
        try:
            with tokens.open_pkcs11(
                module, token=token, pin=pin, certificate_sha256=certificate.sha256
            ) as hand:
                return _plain(hand.sign_raw(data, "sha256"))
        except NotAllowed:
            if held is not None:
                held.wipe()  # a wrong PIN is never tried twice
            raise

    return sign


def _nothing() -> None:
    """The PIN is typed on the device: there is none to forget."""


def _code_certificate(module: Path | str, token: str, sha256: str) -> CodeCertificate:
    fit = []
    for info in tokens.certificates_on(module, token):
        if info.may_sign or (sha256 and info.sha256 != sha256):
            continue  # a person's own
        try:
            fit.append(described(info.der))
        except NotAllowed:
            continue
    fit = [one for one in fit if one.marked] or fit
    if not fit:
        raise NotAllowed("token-no-certificate")
    if len(fit) > 1:
        raise NotAllowed("token-many-certificates", count=len(fit))
    return fit[0]


def software(key: ec.EllipticCurvePrivateKey) -> RawSignature:
    """Sign with a key in memory."""
    return lambda data: _plain(key.sign(data, ec.ECDSA(SHA256())))


def _plain(value: bytes) -> bytes:
    """Return a DER signature as r and s of 32 bytes each, the form of COSE."""
    r, s = decode_dss_signature(value)
    return r.to_bytes(32, "big") + s.to_bytes(32, "big")
