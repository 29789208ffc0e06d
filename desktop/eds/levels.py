"""Levels of a PAdES signature above B-B (ETSI EN 319 142-1): a time stamp, and the evidence to check it by later.

B-T adds a token of a time stamping authority (RFC 3161); B-LT also the answers and lists that say nobody had revoked
anything, in the same revision, so that the signature covers them; B-LTA one more time stamp over all of it. What was
asked once serves a whole batch. Nothing is left out in silence: without an answer there is no signature.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import pairwise
from typing import Any

from asn1crypto import crl, ocsp, tsp, x509
from pyhanko.sign.signers.pdf_signer import DSSContentSettings, SigDSSPlacementPreference
from pyhanko.sign.timestamps import TimeStamper
from pyhanko.sign.timestamps.common_utils import TimestampRequestError
from pyhanko_certvalidator import ValidationContext
from pyhanko_certvalidator.errors import PathError, ValidationError

from desktop.eds.certificates import CertificateInfo, Material, describe, find_chain, load, told_apart
from desktop.eds.fetching import TIMEOUT, Fetch, Silent
from desktop.eds.revocation_asking import ask
from desktop.eds.verdict_parts import Standing
from desktop.errors import NotAllowed, Unavailable

NATIONAL_TSA = "http://tsp.pki.gov.kz/"
NATIONAL_OCSP = "http://ocsp.pki.gov.kz/"
"""What the National authority answers at (profile of its certificates); defaults shown, never asked unbidden."""

LARGEST_STAMP = 64 * 1024
_FRESH = timedelta(minutes=10)
_MALFORMED = (ValueError, TypeError, KeyError, AttributeError)


class Level(StrEnum):
    """How much a signature brings with it."""

    B = "b-b"
    T = "b-t"
    LT = "b-lt"
    LTA = "b-lta"


@dataclass(slots=True)
class Extras:
    """What a level above B-B needs; one for a batch. Every call goes over the network: never on the GUI thread.

    Codes of everything here: Unavailable "stamp-unreachable" (reason), "stamp-not-valid", "evidence-missing" (owner,
    reason); NotAllowed "certificate-revoked" (owner, since).
    """

    level: Level
    fetch: Fetch
    stamp: Fetch
    tsa: str
    trust_roots: tuple[Material, ...] = field(repr=False)
    ocsp_url: str = ""
    timeout: float = TIMEOUT
    _stamper: "_Stamper | None" = None
    _evidence: "_Evidence | None" = None

    @property
    def stamper(self) -> TimeStamper:
        if self._stamper is None:
            self._stamper = _Stamper(self.stamp, self.tsa, self.timeout)
        return self._stamper

    def settings(self, info: CertificateInfo, chain: Sequence[bytes], at: datetime) -> dict[str, Any]:
        """Return what ``PdfSignatureMetadata`` is to be told besides."""
        if self.level not in (Level.LT, Level.LTA):
            return {}
        held = self._evidence
        if held is None or held.of != info.sha256 or abs(at - held.at) > _FRESH:
            held = self._evidence = self._gathered(info, chain, at)
        return {
            "embed_validation_info": True,
            "use_pades_lta": self.level is Level.LTA,
            "validation_context": held.context(load(self.trust_roots), at),
            "signer_key_usage": {"non_repudiation"},
            "dss_settings": DSSContentSettings(
                include_vri=False,
                placement=SigDSSPlacementPreference.TOGETHER_WITH_SIGNATURE,
                next_ts_settings=None,
            ),
        }

    def _gathered(self, info: CertificateInfo, chain: Sequence[bytes], at: datetime) -> "_Evidence":
        held = _Evidence(info.sha256, at, tuple(chain))
        kept = _Keeping(self.fetch)
        for certificate in (info, *self._of_the_stamps()):
            if certificate is not info:
                held.others += (certificate.der,)
            self._ask_about(certificate, held.others, kept, at)
        held.take(kept.answers)
        return held

    def _of_the_stamps(self) -> list[CertificateInfo]:
        try:
            asyncio.run(self.stamper.async_dummy_response("sha256"))
        except TimestampRequestError as error:
            raise explained(error) from error
        stamper = self._stamper
        assert stamper is not None
        others = [describe(item.dump()) for item in stamper.cert_registry]
        return [one for one in others if "1.3.6.1.5.5.7.3.8" in one.extended_key_usage]

    def _ask_about(self, info: CertificateInfo, others: Sequence[bytes], fetch: Fetch, at: datetime) -> None:
        path = find_chain(info.der, others=others, trust_roots=load(self.trust_roots), at=at)
        if path is None:
            raise Unavailable("evidence-missing", owner=info.name, reason="certificate-untrusted")
        for one, issuer in pairwise(path):
            url = self.ocsp_url if one is path[0] else ""
            told = ask(one, issuer, at=at, ocsp_url=url, fetch=fetch, timeout=self.timeout)
            if told.standing is Standing.REVOKED:
                raise NotAllowed("certificate-revoked", owner=one.name, since=told.since or at)
            if told.standing is not Standing.GOOD:
                raise Unavailable("evidence-missing", owner=one.name, reason=told.why)


class _Keeping:
    """Fetches, and keeps what came: the very bytes go into the file."""

    def __init__(self, fetch: Fetch) -> None:
        self._fetch = fetch
        self.answers: list[bytes] = []
        self._lists: dict[str, bytes] = {}

    def __call__(self, url: str, body: bytes | None, limit: int, timeout: float) -> bytes:
        if body is None and url in self._lists:
            return self._lists[url]
        answer = self._fetch(url, body, limit, timeout)
        self.answers.append(answer)
        if body is None:
            self._lists[url] = answer
        return answer


@dataclass(slots=True)
class _Evidence:
    of: str
    at: datetime
    others: tuple[bytes, ...]
    answers: list[bytes] = field(default_factory=list)
    lists: list[bytes] = field(default_factory=list)

    def take(self, fetched: Sequence[bytes]) -> None:
        for content in fetched:
            (self.answers if _is_answer(content) else self.lists).append(content)

    def context(self, roots: Sequence[bytes], at: datetime) -> ValidationContext:
        anchors, issuing = told_apart(roots)
        return ValidationContext(
            trust_roots=[x509.Certificate.load(item) for item in anchors],
            other_certs=[x509.Certificate.load(item) for item in (*self.others, *issuing)],
            moment=at,
            allow_fetching=False,
            revocation_mode="require",
            crls=[crl.CertificateList.load(item) for item in self.lists],
            ocsps=[ocsp.OCSPResponse.load(item) for item in self.answers],
        )


def _is_answer(content: bytes) -> bool:
    try:
        return bool(ocsp.OCSPResponse.load(content, strict=True)["response_status"].native == "successful")
    except _MALFORMED:
        return False


class _Stamper(TimeStamper):
    """Asks a time stamping authority by a bounded fetch."""

    def __init__(self, fetch: Fetch, url: str, timeout: float) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._fetch = fetch
        self._url = url
        self._timeout = timeout

    async def async_request_tsa_response(self, req: tsp.TimeStampReq) -> tsp.TimeStampResp:
        try:
            return tsp.TimeStampResp.load(
                self._fetch(self._url, req.dump(), LARGEST_STAMP, self._timeout), strict=True
            )
        except Silent as error:
            raise TimestampRequestError(error.code) from error
        except _MALFORMED as error:
            raise TimestampRequestError("stamp-not-valid") from error


def explained(error: Exception) -> Unavailable:
    """Return what a failure of the library means: who did not answer, or whose answer does not hold."""
    causes = [error]
    while (cause := causes[-1].__cause__) is not None and isinstance(cause, Exception):
        causes.append(cause)
    for one in causes:
        if isinstance(one, Silent):
            return Unavailable("stamp-unreachable", reason=one.code)
    if any(isinstance(one, TimestampRequestError) for one in causes):
        return Unavailable("stamp-not-valid")
    if any(isinstance(one, PathError | ValidationError) for one in causes):
        return Unavailable("evidence-missing", owner="", reason="certificate-untrusted")
    return Unavailable("signing-failed", reason="")
