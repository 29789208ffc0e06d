"""Verifies the signatures of a PDF (PAdES, ISO 32000-2 clause 12.8) offline, at the moment of signing.

Judged by pyHanko's ``bottom_line`` and by two checks of our own: the last signature must cover the whole file,
and what it leaves out must be its own value and nothing else. ``intact and valid`` would not do: an incremental
update can overlay text and leave both true.
"""

import asyncio
import itertools
import logging
import re
import zlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from asn1crypto import parser
from pyhanko.pdf_utils.generic import EncryptedObjAccess
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.fields import enumerate_sig_fields
from pyhanko.sign.validation import async_validate_pdf_signature
from pyhanko.sign.validation.settings import KeyUsageConstraints
from pyhanko_certvalidator.errors import PathError, ValidationError

from desktop.eds import embedded_proofs
from desktop.eds.algorithms import algorithm_of, fill_digest
from desktop.eds.certificates import CertificateInfo, Material, describe, load, path_of
from desktop.eds.embedded_proofs import Proofs
from desktop.eds.pdf_reasons import only_proofs_after, only_signed_after, reason_of
from desktop.eds.pdf_size import LIMITS, has_huge_strings, stream_of
from desktop.eds.revocation_asking import AskRevocation
from desktop.eds.signed_data import LARGEST_BARE, certificates_of
from desktop.eds.timestamps import context_with, document_status, judge_tokens, take_tokens
from desktop.eds.verdict import (
    Reason,
    RevocationSeen,
    SignatureSeen,
    TimestampSeen,
    Unreadable,
    Verdict,
)
from desktop.errors import NotAllowed, Unavailable

MAX_BYTES = 256 * 1024 * 1024
MAX_SIGNATURES = 32
MAX_BESIDE = 32  # certificates that came with a signature

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


@dataclass(frozen=True, slots=True)
class _Grounds:
    """What every signature of one file is judged by; certificates as DER."""

    pdf: bytes
    roots: tuple[bytes, ...]
    demo: frozenset[bytes]
    others: tuple[bytes, ...]
    at: datetime
    asking: AskRevocation | None
    proofs: Proofs


def verify(
    pdf: bytes,
    *,
    trust_roots: Sequence[Material] = (),
    demo_roots: Sequence[Material] = (),
    at: datetime,
    others: Sequence[Material] = (),
    asking: AskRevocation | None = None,
) -> Verdict:
    """Judge every signature of ``pdf``; ``at`` is the aware moment of checking.

    A chain may end at a root of either list; at a demo root the verdict says ``demo``. ``others`` are issuing
    certificates that may stand in a chain and end none. Certificates are judged at the moment of a trusted timestamp,
    else at the stated one. Revocation is told by the file's own proofs and by ``asking``; without it nothing is
    fetched. Raises :class:`Unreadable` when the file is not a PDF or is too damaged, or too large, to look for a
    signature in it.
    """
    roots = load((*trust_roots, *demo_roots))
    if len(pdf) > MAX_BYTES:
        raise Unreadable("pdf-too-large", limit=MAX_BYTES)
    if has_huge_strings(pdf):
        return Verdict(False, Reason.TOO_MANY, checked_at=at)
    try:
        reader, embedded = _open(pdf)
    except MALFORMED as error:
        return _by_traces(pdf, at, error)
    if not embedded:
        return _by_traces(pdf, at, None)
    if any(map(_is_crowded, embedded)):
        return Verdict(False, Reason.TOO_MANY, checked_at=at)
    proofs = embedded_proofs.of_document(reader)
    known = (*load(others), *proofs.certificates)
    grounds = _Grounds(pdf, roots, frozenset(load(demo_roots)), known, at, asking, proofs)
    seen = _judge_all(embedded, grounds)
    bad = next((item for item in seen if not item.valid), None)
    signed = [item for item in seen if not item.is_timestamp]
    return Verdict(
        valid=bad is None and bool(signed),
        reason=bad.reason if bad else signed[-1].reason if signed else Reason.NO_SIGNATURE,
        signatures=seen,
        later_bytes=max(0, len(pdf) - _end(embedded[-1])),
        later_revisions=reader.xrefs.total_revisions - 1 - embedded[-1].signed_revision,
        checked_at=at,
    )


def _is_crowded(embedded: Any) -> bool:
    """Whether so many certificates came with a signature that looking at each would take for ever."""
    try:
        return len(certificates_of(embedded.signed_data, MAX_BESIDE + 1)) > MAX_BESIDE
    except MALFORMED:
        return True


def _judge_all(embedded: Sequence[Any], grounds: _Grounds) -> tuple[SignatureSeen, ...]:
    """Judge from the last to the first: a timestamp of the document is a witness for what stands before it."""
    seen: list[SignatureSeen] = []
    witness: TimestampSeen | None = None
    for place, item in reversed(list(enumerate(embedded, 1))):
        one = _judge(item, grounds, witness, later=embedded[place:])
        seen.insert(0, one)
        if one.is_timestamp and one.valid and one.trusted and one.signed_at is not None:
            witness = TimestampSeen(
                one.signed_at, one.signer_name, True, True, one.algorithm, of_document=True
            )
    return tuple(seen)


def _open(pdf: bytes) -> tuple[PdfFileReader, list[Any]]:
    """Return the reader and the signatures in signing order; strict, so that no two readers can differ."""
    reader = PdfFileReader(stream_of(pdf), strict=True, decode_limits=LIMITS)
    if reader.encrypted:
        raise Unreadable("pdf-encrypted")
    filled = list(itertools.islice(enumerate_sig_fields(reader, filled_status=True), MAX_SIGNATURES + 1))
    if len(filled) > MAX_SIGNATURES or any(_size(value) > LARGEST_BARE for _, value, _ in filled):
        raise _TooMuch
    embedded = list(reader.embedded_signatures)
    if len(embedded) < len(filled):
        raise _OtherKind
    return reader, embedded


def _size(value: Any) -> int:
    """Return the bytes of a signature's value, before anything looks into it."""
    told = value.get_object().raw_get("/Contents", decrypt=EncryptedObjAccess.RAW)
    return len(getattr(told, "original_bytes", b""))


class _TooMuch(ValueError):
    """The file holds more signatures, or larger ones, than anybody makes."""


class _OtherKind(ValueError):
    """The file holds a signature of a kind (SubFilter) the library does not know."""


def _by_traces(pdf: bytes, at: datetime, error: Exception | None) -> Verdict:
    """Judge a file that shows no signature to a strict reader: was there one, and what became of it?"""
    if isinstance(error, Unreadable):
        raise error
    if isinstance(error, _TooMuch):
        return Verdict(False, Reason.TOO_MANY, checked_at=at)
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
    """Whether the gap of the byte range is exactly the signature value, in hexadecimal, and zeros up to its end.

    The library adds up lengths; an attacker who moves the tail of the file and hides objects in the gap could
    make the sum come out right with a value kept elsewhere.
    """
    numbers = list(embedded.byte_range)
    if len(numbers) != 4 or numbers[0] != 0 or min(numbers) < 0 or numbers[1] > numbers[2]:
        return False
    gap = pdf[int(numbers[1]) : int(numbers[2])]
    if _HEX.fullmatch(gap) is None or (value := bytes.fromhex(gap[1:-1].decode())) != embedded.pkcs7_content:
        return False
    try:
        return not any(value[parser.peek(value) :])  # what is left over is zeros (ISO 32000-2, table 255)
    except ValueError:
        return False


def _judge(
    embedded: Any, grounds: _Grounds, witness: TimestampSeen | None, *, later: Sequence[Any]
) -> SignatureSeen:
    """Judge one signature; whatever cannot be worked out is not valid."""
    name = str(embedded.field_name)
    timestamp = embedded.sig_object_type == "/DocTimeStamp"
    alone = _leaves_out_only_itself(embedded, grounds.pdf)
    whole = alone and _end(embedded) == len(grounds.pdf)
    unread = SignatureSeen(False, Reason.DAMAGED, name, timestamp, covers_whole_file=whole)
    try:
        info = describe(embedded.signer_cert.dump())
        algorithm, supported = algorithm_of(embedded.signer_info, info)
        stated = _stamped_at(embedded) if timestamp else _moment(embedded.self_reported_timestamp)
    except MALFORMED:
        return unread
    seen = _introduced(unread, embedded, info, algorithm, stated, grounds.at)
    if not supported:
        return replace(seen, reason=Reason.ALGORITHM_UNSUPPORTED)
    try:
        proofs = grounds.proofs + embedded_proofs.of_signature(embedded.signer_info)
        stamp = None if timestamp else _stamp(embedded, replace(grounds, proofs=proofs)) or witness
        if (
            witness is not None
            and stamp is not None
            and not stamp.trusted
            and stamp.why != "timestamp-forged"
        ):
            stamp = witness
        moment = stamp.at if stamp is not None and stamp.trusted else stated
        status = asyncio.run(_status(embedded, grounds, moment or grounds.at, timestamp=timestamp))
        path = path_of(status.validation_path) if status.trusted else ()
    except Unavailable:
        return replace(seen, reason=Reason.HASH_NOT_HERE)
    except MALFORMED:
        return seen
    seen = replace(
        seen,
        timestamp=stamp,
        signed_at=moment,
        certificate_expired_since=moment is not None
        and info.not_before <= moment <= info.not_after < grounds.at,
        unchanged=bool(status.intact),
        only_proofs_after=alone and not whole and only_proofs_after(status, embedded, grounds.pdf),
    )
    if path:
        seen = _with_chain(seen, path, grounds, proofs, moment or grounds.at)
    after = only_signed_after(status, embedded, later) if later else None
    reason = reason_of(status, info, seen, grounds.at, alone=alone, signed_after=after)
    if reason is Reason.VALID and seen.demo:
        reason = Reason.VALID_DEMO
    return replace(seen, valid=reason in (Reason.VALID, Reason.VALID_DEMO), reason=reason)


def _introduced(
    seen: SignatureSeen,
    embedded: Any,
    info: CertificateInfo,
    algorithm: str,
    stated: datetime | None,
    at: datetime,
) -> SignatureSeen:
    """Return ``seen`` with what the signature and its certificate say of themselves."""
    return replace(
        seen,
        signer_name=info.name,
        iin=info.iin,
        bin=info.bin,
        organisation=info.organisation,
        role=info.role,
        signed_at=stated,
        stated_at=stated,
        subfilter=str(embedded.sig_object.get("/SubFilter", "")).removeprefix("/"),
        certificate_sha256=info.sha256,
        certificate_not_before=info.not_before,
        certificate_not_after=info.not_after,
        certificate_expired_since=info.not_before <= (stated or at) <= info.not_after < at,
        issuers=(info.issuer,),
        demo=info.is_demo,
        algorithm=algorithm,
        stated_reason=_stated_reason(embedded),
    )


def _with_chain(
    seen: SignatureSeen, path: Sequence[CertificateInfo], grounds: _Grounds, proofs: Proofs, moment: datetime
) -> SignatureSeen:
    chain = path[1:]
    return replace(
        seen,
        trusted=True,
        issuers=tuple(item.name for item in chain) or seen.issuers,
        demo=any(item.der in grounds.demo or item.is_demo for item in path),
        revocation=_revocation(path, grounds, proofs, moment),
    )


def _stamp(embedded: Any, grounds: _Grounds) -> TimestampSeen | None:
    def revoked(chain: Sequence[CertificateInfo], moment: datetime) -> bool:
        return _revocation(chain, grounds, grounds.proofs, moment).spoils(moment)

    beside = tuple(bytes(one.dump()) for one in embedded.other_embedded_certs[:MAX_BESIDE])
    return judge_tokens(
        take_tokens(embedded.signer_info),
        embedded.signer_info,
        grounds.roots,
        (*grounds.others, *beside),
        grounds.at,
        revoked,
    )


def _stamped_at(embedded: Any) -> datetime:
    """Return the moment of a timestamp over the document: the token's own, not what is written beside it."""
    moment = embedded.signed_data["encap_content_info"]["content"].parsed["gen_time"].native
    if not isinstance(moment, datetime):
        raise ValueError("no moment")
    return moment


def _revocation(
    path: Sequence[CertificateInfo], grounds: _Grounds, proofs: Proofs, moment: datetime
) -> RevocationSeen:
    return embedded_proofs.asked_or_kept(proofs, path, moment, grounds.at, grounds.asking)


async def _status(embedded: Any, grounds: _Grounds, moment: datetime, *, timestamp: bool) -> Any:
    context = context_with(grounds.roots, grounds.others, moment)
    fill_digest(embedded)
    if timestamp:
        return await document_status(embedded, context)
    usage = KeyUsageConstraints(key_usage={"non_repudiation"})
    return await async_validate_pdf_signature(embedded, context, key_usage_settings=usage)


def _moment(stated: datetime | None) -> datetime | None:
    """Return the stated moment as an aware one; a PDF date without a zone is taken as UTC."""
    return stated.replace(tzinfo=UTC) if stated is not None and stated.tzinfo is None else stated


def _stated_reason(embedded: Any) -> str:
    text = embedded.sig_object.get("/Reason", "")
    return str(text)[:512] if isinstance(text, str) else ""
