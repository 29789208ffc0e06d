"""Verifies the signatures of a PDF (PAdES, ISO 32000-2 clause 12.8) offline, at the moment of signing.

Judged by pyHanko's ``bottom_line`` and by two checks of our own: the last signature must cover the whole file,
and what it leaves out must be its own value and nothing else. ``intact and valid`` would not do: an incremental
update can overlay text and leave both true.
"""

import asyncio
import io
import logging
import re
import zlib
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from pyhanko.pdf_utils.decode_limits import (
    DEFAULT_PURPOSE_LIMITS,
    DecodeLimits,
    DocumentDecodeBudget,
    StreamDecodeLimits,
)
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.fields import enumerate_sig_fields
from pyhanko.sign.validation import async_validate_pdf_signature, async_validate_pdf_timestamp
from pyhanko.sign.validation.settings import KeyUsageConstraints
from pyhanko.sign.validation.status import SignatureCoverageLevel
from pyhanko_certvalidator.errors import PathError, ValidationError

from desktop.eds.certificates import (
    CertificateInfo,
    Material,
    describe,
    load,
    offline_context,
    path_of,
)
from desktop.eds.verdict import Reason, SignatureSeen, Unreadable, Verdict
from desktop.errors import NotAllowed

MAX_BYTES = 256 * 1024 * 1024
MAX_SIGNATURES = 32
CLOCK_TOLERANCE = timedelta(minutes=10)

_MIB = 1024 * 1024
_LIMITS = DecodeLimits(
    per_stream=StreamDecodeLimits(max_output_size=64 * _MIB),
    per_purpose=dict(DEFAULT_PURPOSE_LIMITS),
    document_budget=DocumentDecodeBudget(base_allowance=128 * _MIB, max_ratio=10),
)
_DIGESTS = frozenset({"sha256", "sha384", "sha512"})
_SIGNATURES = frozenset({"rsassa_pkcs1v15", "rsassa_pss", "ecdsa"})
_HEX = re.compile(rb"<[0-9A-Fa-f]*>")
_TRACE = re.compile(rb"/ByteRange\s*\[\s*(\d+)\s+(\d+)\s+(\d+)\s+(\d+)\s*\]")

# What the library raises on malformed input, besides its own errors: it trusts the structure it walks.
MALFORMED = (
    PdfError,
    PathError,
    ValidationError,
    ValueError,
    TypeError,
    LookupError,
    AttributeError,
    ArithmeticError,
    AssertionError,
    NotImplementedError,
    RecursionError,
    zlib.error,
    NotAllowed,
)

# Its messages quote certificate subjects, which hold the ИИН.
for _noisy in ("pyhanko", "pyhanko_certvalidator"):
    logging.getLogger(_noisy).setLevel(logging.CRITICAL + 1)


def verify(
    pdf: bytes,
    *,
    trust_roots: Sequence[Material] = (),
    demo_roots: Sequence[Material] = (),
    at: datetime,
) -> Verdict:
    """Judge every signature of ``pdf``; ``at`` is the aware moment of checking.

    A chain may end at a root of either list; at a demo root the verdict says ``demo``. Certificates are judged
    at the stated signing moment. Nothing is fetched: revocation is not asked. Raises :class:`Unreadable` when
    the file is not a PDF or is too damaged, or too large, to look for a signature in it.
    """
    roots = load((*trust_roots, *demo_roots))
    demo = frozenset(load(demo_roots))
    if len(pdf) > MAX_BYTES:
        raise Unreadable("pdf-too-large", limit=MAX_BYTES)
    try:
        reader, embedded = _open(pdf)
    except MALFORMED as error:
        return _by_traces(pdf, at, error)
    if not embedded:
        return _by_traces(pdf, at, None)
    if len(embedded) > MAX_SIGNATURES:
        return Verdict(False, Reason.TOO_MANY, checked_at=at)
    seen = tuple(_judge(item, pdf, roots, demo, at, last=item is embedded[-1]) for item in embedded)
    bad = next((item for item in seen if not item.valid), None)
    return Verdict(
        valid=bad is None,
        reason=bad.reason if bad else seen[-1].reason,
        signatures=seen,
        later_bytes=max(0, len(pdf) - _end(embedded[-1])),
        later_revisions=reader.xrefs.total_revisions - 1 - embedded[-1].signed_revision,
        checked_at=at,
    )


def _open(pdf: bytes) -> tuple[PdfFileReader, list[Any]]:
    """Return the reader and the signatures in signing order; strict, so that no two readers can differ."""
    reader = PdfFileReader(io.BytesIO(pdf), strict=True, decode_limits=_LIMITS)
    if reader.encrypted:
        raise Unreadable("pdf-encrypted")
    filled = sum(1 for _ in enumerate_sig_fields(reader, filled_status=True))
    if filled > MAX_SIGNATURES:
        return reader, [None] * filled
    embedded = list(reader.embedded_signatures)
    if len(embedded) < filled:
        raise _OtherKind
    return reader, embedded


class _OtherKind(ValueError):
    """The file holds a signature of a kind (SubFilter) the library does not know."""


def _by_traces(pdf: bytes, at: datetime, error: Exception | None) -> Verdict:
    """Judge a file that shows no signature to a strict reader: was there one, and what became of it?"""
    if isinstance(error, Unreadable):
        raise error
    if isinstance(error, _OtherKind):
        return Verdict(False, Reason.KIND_UNSUPPORTED, checked_at=at)
    traces = list(_TRACE.finditer(pdf)) if len(pdf) <= MAX_BYTES else []
    if traces:
        numbers = [int(item[:20]) for item in traces[-1].groups()]
        later = max(0, len(pdf) - numbers[2] - numbers[3])
        return Verdict(
            False,
            Reason.CHANGED_AFTER if later else Reason.DAMAGED,
            later_bytes=later,
            readable=error is None,
            checked_at=at,
        )
    if error is None:
        damaged = b"/ByteRange" in pdf
        return Verdict(False, Reason.DAMAGED if damaged else Reason.NO_SIGNATURE, checked_at=at)
    if b"/ByteRange" in pdf or b"/ETSI.CAdES.detached" in pdf:
        return Verdict(False, Reason.DAMAGED, readable=False, checked_at=at)
    raise Unreadable("pdf-broken" if b"%PDF-" in pdf[:1024] else "pdf-not-a-pdf") from error


def _end(embedded: Any) -> int:
    """Return the offset behind the last byte ``embedded`` covers; 0 when its range makes no sense."""
    numbers = list(embedded.byte_range)
    return int(numbers[2]) + int(numbers[3]) if len(numbers) == 4 else 0


def _leaves_out_only_itself(embedded: Any, pdf: bytes) -> bool:
    """Whether the gap of the byte range is exactly the signature value, in hexadecimal.

    The library adds up lengths; an attacker who moves the tail of the file and hides objects in the gap could
    make the sum come out right with a value kept elsewhere.
    """
    numbers = list(embedded.byte_range)
    if len(numbers) != 4 or numbers[0] != 0 or min(numbers) < 0 or numbers[1] > numbers[2]:
        return False
    gap = pdf[int(numbers[1]) : int(numbers[2])]
    return _HEX.fullmatch(gap) is not None and bytes.fromhex(gap[1:-1].decode()) == embedded.pkcs7_content


def _judge(
    embedded: Any, pdf: bytes, roots: Sequence[bytes], demo: frozenset[bytes], at: datetime, *, last: bool
) -> SignatureSeen:
    """Judge one signature; whatever cannot be worked out is not valid."""
    name = str(embedded.field_name)
    timestamp = embedded.sig_object_type == "/DocTimeStamp"
    alone = _leaves_out_only_itself(embedded, pdf)
    whole = alone and _end(embedded) == len(pdf)
    unread = SignatureSeen(False, Reason.DAMAGED, name, timestamp, covers_whole_file=whole)
    try:
        info = describe(embedded.signer_cert.dump())
        algorithm, supported = algorithm_of(embedded.signer_info, info)
        signed_at = _moment(embedded.self_reported_timestamp)
    except MALFORMED:
        return unread
    moment = signed_at or at
    seen = replace(
        unread,
        signer_name=info.name,
        iin=info.iin,
        bin=info.bin,
        organisation=info.organisation,
        signed_at=signed_at,
        stated_at=signed_at,
        role=info.role,
        subfilter=str(embedded.sig_object.get("/SubFilter", "")).removeprefix("/"),
        certificate_sha256=info.sha256,
        certificate_not_before=info.not_before,
        certificate_not_after=info.not_after,
        certificate_expired_since=info.not_before <= moment <= info.not_after < at,
        issuers=(info.issuer,),
        demo=info.is_demo,
        algorithm=algorithm,
        stated_reason=_stated_reason(embedded),
    )
    if not supported:
        return replace(seen, reason=Reason.ALGORITHM_UNSUPPORTED)
    try:
        status = asyncio.run(_status(embedded, roots, moment, timestamp=timestamp))
        chain = path_of(status.validation_path)[1:] if status.trusted else ()
    except MALFORMED:
        return seen
    if status.trusted:
        seen = replace(
            seen,
            trusted=True,
            issuers=tuple(item.name for item in chain) or (info.issuer,),
            demo=info.is_demo or info.der in demo or any(item.der in demo or item.is_demo for item in chain),
        )
    reason = _reason(status, info, signed_at, at, alone=alone, whole=whole, last=last)
    if timestamp and reason in (Reason.NO_SIGNING_TIME, Reason.NO_SIGNING_RIGHT):
        reason = Reason.VALID if status.bottom_line else Reason.NOT_ACCEPTED
    valid = reason is Reason.VALID
    if valid and seen.demo:
        reason = Reason.VALID_DEMO
    return replace(seen, valid=valid, reason=reason, unchanged=bool(status.intact))


async def _status(embedded: Any, roots: Sequence[bytes], moment: datetime, *, timestamp: bool) -> Any:
    context = offline_context(roots, moment)
    if timestamp:
        return await async_validate_pdf_timestamp(embedded, context)
    usage = KeyUsageConstraints(key_usage={"non_repudiation"})
    return await async_validate_pdf_signature(embedded, context, key_usage_settings=usage)


def _reason(
    status: Any,
    info: CertificateInfo,
    signed_at: datetime | None,
    at: datetime,
    *,
    alone: bool,
    whole: bool,
    last: bool,
) -> Reason:
    """Return why the signature does not hold, the gravest first, or VALID."""
    revision = whole or (alone and status.coverage == SignatureCoverageLevel.ENTIRE_REVISION)
    tests = (
        (not status.intact, Reason.CHANGED),
        (not status.valid, Reason.FORGED),
        (not revision, Reason.PARTIAL),
        (last and not whole, Reason.CHANGED_AFTER),
        (not whole and not getattr(status, "docmdp_ok", True), Reason.CHANGED_AFTER),
        (signed_at is None, Reason.NO_SIGNING_TIME),
        (signed_at is not None and signed_at > at + CLOCK_TOLERANCE, Reason.IN_FUTURE),
        (signed_at is not None and signed_at < info.not_before, Reason.NOT_YET_VALID),
        (signed_at is not None and signed_at > info.not_after, Reason.EXPIRED),
        (not info.may_sign, Reason.NO_SIGNING_RIGHT),
        (not status.trusted, Reason.UNTRUSTED),
        (not status.bottom_line, Reason.NOT_ACCEPTED),
    )
    return next((reason for wrong, reason in tests if wrong), Reason.VALID)


def algorithm_of(signer_info: Any, info: CertificateInfo) -> tuple[str, bool]:
    """Return the algorithms by name, and whether they can be checked here (GOST cannot)."""
    digest = str(signer_info["digest_algorithm"]["algorithm"].native)
    mechanism = signer_info["signature_algorithm"]
    try:
        signature = str(mechanism.signature_algo)
    except ValueError:
        signature = str(mechanism["algorithm"].native)
    known = digest in _DIGESTS and signature in _SIGNATURES and info.key_bits > 0
    return f"{digest} / {signature}", known


def _moment(stated: datetime | None) -> datetime | None:
    """Return the stated moment as an aware one; a PDF date without a zone is taken as UTC."""
    return stated.replace(tzinfo=UTC) if stated is not None and stated.tzinfo is None else stated


def _stated_reason(embedded: Any) -> str:
    text = embedded.sig_object.get("/Reason", "")
    return str(text)[:512] if isinstance(text, str) else ""
