"""Puts a demo key on a SoftHSM2 token, so that signing with a token can be shown and tested without hardware.

SoftHSM2 finds its tokens by the environment variable ``SOFTHSM2_CONF``, read when its module is first used.
"""

import subprocess
from pathlib import Path

import pkcs11
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from pkcs11 import Attribute, MechanismFlag
from pkcs11.util.ec import decode_ec_private_key
from pkcs11.util.rsa import decode_rsa_private_key
from pkcs11.util.x509 import decode_x509_certificate

from desktop.eds.demo_ca import DemoKey
from desktop.errors import Unavailable

_SECONDS = 30


def write_configuration(directory: Path) -> Path:
    """Make ``directory`` a place for SoftHSM2 tokens; return the file ``SOFTHSM2_CONF`` is to name."""
    tokens = directory / "tokens"
    tokens.mkdir(parents=True, exist_ok=True)
    configuration = directory / "softhsm2.conf"
    configuration.write_text(
        f"directories.tokendir = {tokens}\nobjectstore.backend = file\nlog.level = ERROR\n", encoding="utf-8"
    )
    return configuration


def make_token(
    key: DemoKey | None,
    *,
    module: Path | str,
    label: str,
    pin: str,
    so_pin: str,
    always_authenticate: bool = False,
) -> None:
    """Initialise a new token of SoftHSM2 and, given a key, put it there with its certificate and the issuer's.

    Raises Unavailable("softhsm-missing") without ``softhsm2-util``, Unavailable("softhsm-failed") when it fails.
    """
    command = ["softhsm2-util", "--init-token", "--free", "--label", label, "--pin", pin, "--so-pin", so_pin]
    try:
        subprocess.run(command, check=True, capture_output=True, timeout=_SECONDS)
    except FileNotFoundError as error:
        raise Unavailable("softhsm-missing") from error
    except (subprocess.CalledProcessError, subprocess.TimeoutExpired) as error:
        # The command line holds the PIN: it must not travel on as the cause.
        raise Unavailable("softhsm-failed", reason=type(error).__name__) from None
    library = pkcs11.lib(str(module))
    library.reinitialize()  # tokens made by another process are seen only by a fresh start
    if key is not None:
        add_key(key, module=module, label=label, pin=pin, always_authenticate=always_authenticate)


def add_key(
    key: DemoKey, *, module: Path | str, label: str, pin: str, always_authenticate: bool = False
) -> None:
    """Put ``key`` with its certificate and the issuing one on the token ``label``."""
    key_id = key.certificate.fingerprint(key.certificate.signature_hash_algorithm)[:20]  # type: ignore[arg-type]
    private = key.private_key.private_bytes(Encoding.DER, PrivateFormat.TraditionalOpenSSL, NoEncryption())
    token = pkcs11.lib(str(module)).get_token(token_label=label)
    with token.open(rw=True, user_pin=pin) as session:
        if isinstance(key.private_key, rsa.RSAPrivateKey):
            attributes = decode_rsa_private_key(private, MechanismFlag.SIGN)
        else:
            attributes = decode_ec_private_key(private) | {Attribute.SIGN: True}
        attributes |= {
            Attribute.TOKEN: True,
            Attribute.PRIVATE: True,
            Attribute.SENSITIVE: True,
            Attribute.EXTRACTABLE: False,
            Attribute.ID: key_id,
            Attribute.LABEL: label,
        }
        if always_authenticate:
            attributes[Attribute.ALWAYS_AUTHENTICATE] = True
        session.create_object(attributes)
        for der, identifier in ((key.certificate_der, key_id), *((item, b"") for item in key.chain_der)):
            session.create_object(
                decode_x509_certificate(der)
                | {Attribute.TOKEN: True, Attribute.ID: identifier, Attribute.PRIVATE: False}
            )
