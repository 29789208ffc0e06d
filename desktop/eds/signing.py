"""The one port of signing: a key behind it, a batch of PDFs through it, one answer for each.

Adapters: ``tokens_pkcs12`` and ``tokens_pkcs11`` make PAdES (``/ETSI.CAdES.detached``), ``ncalayer`` embeds what
NCALayer made (``/adbe.pkcs7.detached``). A certificate cannot change inside a batch: the adapter holds one.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from desktop.eds.certificates import CertificateInfo
from desktop.eds.levels import Extras
from desktop.eds.pdf_signing import RawSign, sign_pdf
from desktop.errors import NotAllowed, Told, Unavailable
from desktop.regulation.model import Text


@dataclass(frozen=True, slots=True)
class ToSign:
    """One document: its bytes, and what the signature states as its reason."""

    pdf: bytes = field(repr=False)
    reason: Text | str = ""


@dataclass(frozen=True, slots=True)
class Signed:
    """``pdf`` begins with what was given, and was verified."""

    pdf: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Failed:
    """Not signed. ``tried`` False: an earlier failure, or the person, stopped the batch before this one."""

    error: Told
    tried: bool = True


Result = Signed | Failed

Progress = Callable[[int, Result], None]
"""Told of each document as it is done: its place in the batch, and what became of it. Runs on the token's lane."""


class Signer(Protocol):
    """A key at hand. Open for one batch, on one thread, by ``with open_…() as signer``."""

    @property
    def info(self) -> CertificateInfo: ...

    @property
    def chain(self) -> tuple[bytes, ...]:
        """The issuing certificates found beside the key, DER."""

    def sign(self, pdf: bytes, *, at: datetime, reason: Text | str) -> bytes:
        """Return ``pdf`` signed at the office's aware moment ``at``; see ``pdf_signing.sign_pdf``."""

    def each(
        self, documents: Sequence[ToSign], *, at: datetime, cancelled: Callable[[], bool]
    ) -> Iterator[Result]:
        """Sign one after another, asking ``cancelled`` between them; ends early only by raising Told."""


def sign_batch(
    signer: Signer,
    documents: Sequence[ToSign],
    *,
    at: datetime,
    progress: Progress = lambda place, result: None,
    cancelled: Callable[[], bool] = lambda: False,
) -> list[Result]:
    """Return what became of each document, in order and as many.

    Nothing is tried twice. The first failure of the key (a token pulled out, a PIN, a certificate) ends the batch;
    the rest is Failed with the same error and ``tried`` False. A document that is broken by itself fails alone.
    """
    results: list[Result] = []
    for result in results_of(signer, documents, at=at, cancelled=cancelled):
        results.append(result)
        progress(len(results) - 1, result)
    return results


def results_of(
    signer: Signer,
    documents: Sequence[ToSign],
    *,
    at: datetime,
    cancelled: Callable[[], bool] = lambda: False,
) -> Iterator[Result]:
    """Do as ``sign_batch`` and keep nothing: what was made is the caller's, one after another."""
    done = 0
    try:
        for result in signer.each(documents, at=at, cancelled=cancelled):
            done += 1
            yield result
    except Told as error:
        if done < len(documents) and error.code not in UNTRIED:
            done += 1
            yield Failed(error)
        for _ in range(len(documents) - done):
            yield Failed(error, tried=False)


UNTRIED = frozenset({"batch-stopped"})
"""Ends of a batch that came between two documents."""

_OF_THE_DOCUMENT = frozenset({"pdf-not-a-pdf", "pdf-broken", "pdf-encrypted", "pdf-too-large"})


class KeySigner:
    """Signs with ``raw`` until closed; a failure of the key closes it for good."""

    extras: Extras | None = None
    """What a level above B-B takes; None signs B-B."""

    def __init__(self, info: CertificateInfo, chain: tuple[bytes, ...], raw: RawSign) -> None:
        self.info = info
        self.chain = chain
        self._raw: RawSign | None = raw

    def sign(self, pdf: bytes, *, at: datetime, reason: Text | str) -> bytes:
        return sign_pdf(
            pdf,
            info=self.info,
            chain=self.chain,
            raw=self.sign_raw,
            at=at,
            reason=reason,
            extras=self.extras,
        )

    def each(
        self, documents: Sequence[ToSign], *, at: datetime, cancelled: Callable[[], bool]
    ) -> Iterator[Result]:
        for document in documents:
            if cancelled():
                raise NotAllowed("batch-stopped")
            try:
                made = self.sign(document.pdf, at=at, reason=document.reason)
            except Told as error:
                if error.code not in _OF_THE_DOCUMENT:
                    raise
                yield Failed(error)
            else:
                yield Signed(made)

    def close(self) -> None:
        self._raw = None

    def sign_raw(self, data: bytes, digest: str) -> bytes:
        """Return the bare signature value over ``data`` (of an EC key as DER); ``digest``: "sha256", ..."""
        if self._raw is None:
            raise Unavailable("token-removed")
        try:
            return self._raw(data, digest)
        except Told:
            self.close()
            raise
