"""Makes the text of a code: ``KZL1:`` and base45 of the compressed COSE_Sign1 of the claims, by a key behind a port."""

import zlib
from collections.abc import Callable
from hashlib import sha512

from desktop.eds.codes import base45, cose
from desktop.eds.codes.claims import CodeFacts, shortened, to_cbor
from desktop.eds.codes.trust import CodeCertificate
from desktop.errors import NotAllowed, Unavailable

PREFIX = "KZL1:"
MOST_CHARACTERS = 816  # QR version 18 at level M in alphanumeric mode (ISO/IEC 18004 table 7)
_MARGIN = 6  # the signature does not compress, but what stands around it may by a byte or two
_TRIES = 8


class CodeSigner:
    """The department's key, open: in memory until :meth:`close`, used by one thread at a time."""

    def __init__(
        self, certificate: CodeCertificate, raw: cose.RawSignature, close: Callable[[], None] | None = None
    ) -> None:
        """``raw`` signs with the key of ``certificate``; NotAllowed("code-key-another") when it is another's."""
        self.certificate = certificate
        self._raw: cose.RawSignature | None = raw
        self._close = close
        probe = cose.sign1(b"", certificate.kid, raw)
        if not cose.holds(cose.opened(probe), certificate.key):
            self.close()
            raise NotAllowed("code-key-another")

    def sign(self, facts: CodeFacts) -> str:
        """Return the code of ``facts``, shortened where it would be too long.

        NotAllowed "code-key-not-in-date" when the paper's day is outside the certificate's validity, "code-key-foreign"
        when the certificate names another BIN than the paper (nobody would believe such a code);
        Unavailable "code-key-closed", or what the key says.
        """
        if not self.certificate.in_date(facts.dated):
            raise NotAllowed(
                "code-key-not-in-date", first=self.certificate.not_before, last=self.certificate.not_after
            )
        if not self.certificate.speaks_for(facts.licensor_bin):
            raise NotAllowed("code-key-foreign", bin=self.certificate.bin, office=facts.licensor_bin)
        payload = to_cbor(shortened(facts, self._fits))
        # A signature is random, and now and then packs a few characters worse than the margin allows: then another one.
        texts = (text_of(self.seal(payload)) for _ in range(_TRIES))
        return next((text for text in texts if len(text) <= MOST_CHARACTERS), None) or text_of(
            self.seal(payload)
        )

    def seal(self, payload: bytes) -> bytes:
        """Return ``payload`` as a COSE_Sign1 of this key."""
        if self._raw is None:
            raise Unavailable("code-key-closed")
        return cose.sign1(payload, self.certificate.kid, self._raw)

    def close(self) -> None:
        """Forget the key."""
        self._raw = None
        if self._close is not None:
            self._close()
            self._close = None

    def _fits(self, facts: CodeFacts) -> bool:
        payload = to_cbor(facts)
        tried = cose.sign1(payload, self.certificate.kid, lambda data: sha512(data).digest())
        return len(text_of(tried)) <= MOST_CHARACTERS - _MARGIN


def text_of(sealed: bytes) -> str:
    """Return a COSE_Sign1 as the text a QR code holds."""
    return PREFIX + base45.encode(zlib.compress(sealed, 9))
