"""A key in a PKCS#12 file: parsed once, kept in memory for one batch, dropped at its end."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from asn1crypto import pkcs12 as asn1_pkcs12
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.hashes import SHA256, SHA384, SHA512, HashAlgorithm
from cryptography.hazmat.primitives.serialization import Encoding, pkcs12

from desktop.eds.certificates import CertificateInfo, describe
from desktop.eds.pdf_signing import RawSign
from desktop.eds.pin import Pin, taken
from desktop.eds.signing import KeySigner
from desktop.errors import NotAllowed, Unavailable

_KEYSTORE_BYTES = 1024 * 1024
_DIGESTS: dict[str, HashAlgorithm] = {"sha256": SHA256(), "sha384": SHA384(), "sha512": SHA512()}


@contextmanager
def open_pkcs12(path: Path | str, password: str | Pin) -> Iterator[KeySigner]:
    """Open the key container at ``path``; the key is parsed once and kept until the end of the block.

    A Pin handed in is wiped. Codes: Unavailable "keystore-missing", "keystore-unreadable"; NotAllowed "keystore-not-a-keystore",
    "keystore-wrong-password", "keystore-no-key", "keystore-key-unsupported". Whether the certificate is in
    date and the signer's own is ``check_signer``'s to say.
    """
    pin = taken(password)
    try:
        key, info, chain = _read_pkcs12(Path(path), pin)
    finally:
        pin.wipe()
    signer = KeySigner(info, chain, _software_signature(key))
    del key
    try:
        yield signer
    finally:
        signer.close()


def _read_pkcs12(
    path: Path, password: Pin
) -> tuple[rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey, CertificateInfo, tuple[bytes, ...]]:
    name = path.name
    try:
        with path.open("rb") as file:
            content = file.read(_KEYSTORE_BYTES + 1)
    except FileNotFoundError as error:
        raise Unavailable("keystore-missing", file=name) from error
    except OSError as error:
        raise Unavailable("keystore-unreadable", file=name) from error
    if not _is_keystore(content):
        raise NotAllowed("keystore-not-a-keystore", file=name)
    try:
        key, certificate, others = pkcs12.load_key_and_certificates(content, password.encode())
    except UnsupportedAlgorithm as error:
        raise NotAllowed("keystore-key-unsupported", file=name) from error
    except ValueError as error:
        # cryptography tells a wrong password and a key it does not know (GOST) apart by words only.
        wrong = "password" in str(error).lower()
        raise NotAllowed(
            "keystore-wrong-password" if wrong else "keystore-key-unsupported", file=name
        ) from error
    if key is None or certificate is None:
        raise NotAllowed("keystore-no-key", file=name)
    if not isinstance(key, rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey):
        raise NotAllowed("keystore-key-unsupported", file=name)
    chain = tuple(item.public_bytes(Encoding.DER) for item in others)
    return key, describe(certificate.public_bytes(Encoding.DER)), chain


def _is_keystore(content: bytes) -> bool:
    if len(content) > _KEYSTORE_BYTES:
        return False
    try:
        return bool(asn1_pkcs12.Pfx.load(content, strict=True)["version"].native == "v3")
    except (ValueError, TypeError, KeyError):
        return False


def _software_signature(key: rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey) -> RawSign:
    def sign(data: bytes, digest: str) -> bytes:
        if isinstance(key, rsa.RSAPrivateKey):
            return key.sign(data, padding.PKCS1v15(), _DIGESTS[digest])
        return key.sign(data, ec.ECDSA(_DIGESTS[digest]))

    return sign
