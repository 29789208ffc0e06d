"""COSE_Sign1 (RFC 9052 section 4.2) with ES256 (RFC 9053 section 2.1): one signature over one payload.

``18([protected, {}, payload, signature])``; protected is ``{1: -7, 4: kid}``, the signature r and s of 32 bytes each,
``kid`` the first eight bytes of the SHA-256 of the certificate. Nothing else is written and nothing else is read.
"""

from collections.abc import Callable
from dataclasses import dataclass

import cbor2
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256

from desktop.eds.codes import cbor

ES256 = -7
KID_BYTES = 8
SIGNATURE_BYTES = 64
_ALG, _KID = 1, 4

RawSignature = Callable[[bytes], bytes]
"""Signs data by ECDSA over P-256 with SHA-256 and returns r and s, 32 bytes each."""


@dataclass(frozen=True, slots=True)
class Sealed:
    """A COSE_Sign1 that is well formed; whether its signature holds is :func:`holds`'s to say."""

    kid: bytes
    protected: bytes
    payload: bytes
    signature: bytes


def sign1(payload: bytes, kid: bytes, sign: RawSignature) -> bytes:
    """Return ``payload`` sealed by ``sign``."""
    protected = cbor.dumps({_ALG: ES256, _KID: kid})
    return cbor.dumps(cbor2.CBORTag(18, [protected, {}, payload, sign(_signed(protected, payload))]))


def opened(content: bytes) -> Sealed:
    """Return the parts of a COSE_Sign1; ValueError unless it is exactly of the form above (other algorithms too)."""
    message = cbor.loads(content, items=16)
    if (
        not isinstance(message, cbor2.CBORTag)
        or not isinstance(message.value, list)
        or len(message.value) != 4
    ):
        raise ValueError("not a COSE_Sign1")
    protected, unprotected, payload, signature = message.value
    if unprotected != {} or not all(isinstance(part, bytes) for part in (protected, payload, signature)):
        raise ValueError("not a COSE_Sign1 of ours")
    head = cbor.loads(protected)
    if not isinstance(head, dict) or set(head) != {_ALG, _KID} or head[_ALG] != ES256:
        raise ValueError("not ES256")
    kid = head[_KID]
    if not isinstance(kid, bytes) or len(kid) != KID_BYTES or len(signature) != SIGNATURE_BYTES:
        raise ValueError("a part has another length")
    return Sealed(kid, protected, payload, signature)


def holds(sealed: Sealed, key: ec.EllipticCurvePublicKey) -> bool:
    """Whether the signature is of ``key``, which must be of P-256: the algorithm is pinned to the kind of key."""
    if not isinstance(key.curve, ec.SECP256R1):
        return False
    r, s = (int.from_bytes(part, "big") for part in (sealed.signature[:32], sealed.signature[32:]))
    try:
        key.verify(encode_dss_signature(r, s), _signed(sealed.protected, sealed.payload), ec.ECDSA(SHA256()))
    except InvalidSignature:
        return False
    return True


def _signed(protected: bytes, payload: bytes) -> bytes:
    """The bytes the signature is over: Sig_structure of RFC 9052 section 4.4."""
    return cbor.dumps(["Signature1", protected, b"", payload])
