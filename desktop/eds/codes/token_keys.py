"""Makes the department's key on a PKCS#11 token: the private half is born there and cannot leave."""

import secrets
from datetime import datetime
from pathlib import Path
from typing import Any

import pkcs11
from asn1crypto import core, x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256, Hash
from cryptography.hazmat.primitives.serialization import Encoding
from pkcs11 import Attribute, KeyType, Mechanism
from pkcs11.util.ec import encode_named_curve_parameters
from pkcs11.util.x509 import decode_x509_certificate

from desktop.eds.codes.keys import LIFE, wanted_certificate
from desktop.eds.codes.trust import CodeCertificate, described
from desktop.eds.pin import Pin
from desktop.errors import NotAllowed, Unavailable

_LABEL = "KZL1"


def make_on_token(
    module: Path | str,
    token: str,
    pin: str | Pin,
    *,
    name: str,
    bin: str,
    valid_from: datetime,
    demo: bool = False,
) -> CodeCertificate:
    """Make a key of P-256 on the token (by serial number) and leave its certificate beside it.

    Unavailable "token-missing", "token-failed" (reason); NotAllowed "token-pin-wrong", "token-pin-locked",
    "token-key-not-made" when the token makes no such keys.
    """
    try:
        device = next((one for one in pkcs11.lib(str(module)).get_tokens() if _serial(one) == token), None)
        if device is None:
            raise Unavailable("token-missing", token=token)
        with device.open(rw=True, user_pin=pin) as session:
            return _made(session, name, bin, valid_from, demo)
    except (pkcs11.PinIncorrect, pkcs11.PinInvalid, pkcs11.PinLenRange) as error:
        raise NotAllowed("token-pin-wrong") from error
    except pkcs11.PinLocked as error:
        raise NotAllowed("token-pin-locked") from error
    except (pkcs11.MechanismInvalid, pkcs11.FunctionNotSupported) as error:
        raise NotAllowed("token-key-not-made") from error
    except pkcs11.PKCS11Error as error:
        raise Unavailable("token-failed", reason=type(error).__name__, module=str(module)) from error


def _made(session: Any, name: str, bin: str, valid_from: datetime, demo: bool) -> CodeCertificate:
    curve = session.create_domain_parameters(
        KeyType.EC, {Attribute.EC_PARAMS: encode_named_curve_parameters("secp256r1")}, local=True
    )
    key_id = secrets.token_bytes(20)
    public, private = curve.generate_keypair(
        store=True, id=key_id, label=_LABEL, mechanism=Mechanism.EC_KEY_PAIR_GEN
    )
    point = core.OctetString.load(public[Attribute.EC_POINT]).native
    der = _certificate(point, private, name, bin, valid_from, demo)
    session.create_object(
        decode_x509_certificate(der)
        | {Attribute.TOKEN: True, Attribute.ID: key_id, Attribute.PRIVATE: False, Attribute.LABEL: _LABEL}
    )
    return described(der)


def _certificate(point: bytes, private: Any, name: str, bin: str, valid_from: datetime, demo: bool) -> bytes:
    """Return the certificate signed by the token: what is to be signed is built first, with a key thrown away."""
    key = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), point)
    wanted = wanted_certificate(key, name=name, bin=bin, valid_from=valid_from, life=LIFE, demo=demo)
    drafted = wanted.sign(ec.generate_private_key(ec.SECP256R1()), SHA256()).public_bytes(Encoding.DER)
    certificate = x509.Certificate.load(drafted)
    digest = Hash(SHA256())
    digest.update(certificate["tbs_certificate"].dump())
    value = private.sign(digest.finalize(), mechanism=Mechanism.ECDSA)
    r, s = (int.from_bytes(half, "big") for half in (value[:32], value[32:]))
    certificate["signature_value"] = core.OctetBitString(encode_dss_signature(r, s))
    return bytes(certificate.dump(force=True))


def _serial(token: Any) -> str:
    return str(token.serial.decode("ascii", "replace")).strip()
