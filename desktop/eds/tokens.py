"""The keys people sign with, by one name: a PKCS#12 file, a PKCS#11 token, NCALayer.

A PIN or password is asked once by the caller, handed in, used once, never retried, never logged, and wiped when
the signer is closed.
"""

from desktop.eds.ncalayer import open_ncalayer
from desktop.eds.signing import KeySigner, Signer
from desktop.eds.tokens_pkcs11 import TokenSeen, certificates_on, list_modules, list_tokens, open_pkcs11
from desktop.eds.tokens_pkcs12 import open_pkcs12

__all__ = [
    "KeySigner",
    "Signer",
    "TokenSeen",
    "certificates_on",
    "list_modules",
    "list_tokens",
    "open_ncalayer",
    "open_pkcs11",
    "open_pkcs12",
]
