"""Time stamps over signatures (RFC 3161): whose word the moment of signing is, offline.

A token that is not of the signature, or is changed, is told as forged; one of an authority that is not trusted here is
told and not relied on.
"""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from asn1crypto import cms, core, tsp
from pyhanko.sign.validation import async_validate_pdf_timestamp
from pyhanko.sign.validation.generic_cms import async_validate_cms_signature
from pyhanko.sign.validation.status import DocumentTimestampStatus, TimestampSignatureStatus
from pyhanko_certvalidator.errors import PathError, ValidationError

from desktop.eds import algorithms, gost, signed_data
from desktop.eds.certificates import CertificateInfo, describe, offline_context, parsed, path_of
from desktop.eds.verdict_parts import CLOCK_TOLERANCE, TimestampSeen
from desktop.errors import NotAllowed, Unavailable

MOST_TOKENS = 4
MOST_CERTIFICATES = 16
_BROKEN = (
    ValueError,
    TypeError,
    LookupError,
    AttributeError,
    ArithmeticError,
    AssertionError,
    NotImplementedError,
    RecursionError,
    PathError,
    ValidationError,
    NotAllowed,
)
_OVER_SIGNATURE = "signature_time_stamp_token"

RevokedBefore = Callable[[Sequence[CertificateInfo], datetime], bool]
"""(chain of the stamping authority, moment of the stamp) to whether its certificate was revoked by then."""


def take_tokens(signer_info: Any) -> list[Any]:
    """Return the tokens over the signature and take them out of ``signer_info``, which is not what is stored.

    The library would judge the signature by them; here they are judged apart. More than a few are cut off.
    """
    unsigned = signer_info["unsigned_attrs"]
    if isinstance(unsigned, core.Void):
        return []
    tokens = [
        value
        for attribute in unsigned
        if attribute["type"].native == _OVER_SIGNATURE
        for value in attribute["values"]
    ]
    kept = [attribute for attribute in unsigned if attribute["type"].native != _OVER_SIGNATURE]
    signer_info["unsigned_attrs"] = cms.CMSAttributes(kept)
    return tokens[:MOST_TOKENS]


def judge_tokens(
    tokens: Sequence[Any],
    signer_info: Any,
    roots: Sequence[bytes],
    others: Sequence[bytes],
    at: datetime,
    revoked: RevokedBefore,
) -> TimestampSeen | None:
    """Return what the best of ``tokens`` says of the signature's moment; None when there is none."""
    value = bytes(signer_info["signature"].native)
    seen = [
        _judged(token, lambda name: algorithms.digest(name, value), roots, others, at, revoked)
        for token in tokens
    ]
    forged = next((one for one in seen if one.why == "timestamp-forged"), None)
    trusted = next((one for one in seen if one.trusted), None)
    return forged or trusted or next(iter(seen), None)


def _judged(
    token: Any,
    imprint: Callable[[str], bytes],
    roots: Sequence[bytes],
    others: Sequence[bytes],
    at: datetime,
    revoked: RevokedBefore,
) -> TimestampSeen:
    try:
        data = token["content"]
        info = data["encap_content_info"]["content"].parsed
        if not isinstance(info, tsp.TSTInfo):
            return TimestampSeen(None, why="timestamp-forged")
        moment = info["gen_time"].native
        (signer,) = data["signer_infos"]
        algorithm = str(signer["digest_algorithm"]["algorithm"].native)
    except _BROKEN:
        return TimestampSeen(None, why="timestamp-forged")
    try:
        intact, chain, authority, algorithm = _checked_token(data, imprint, roots, others, moment)
    except Unavailable:
        return TimestampSeen(moment, algorithm=algorithm, why="timestamp-unchecked")
    except _BROKEN:
        return TimestampSeen(moment, algorithm=algorithm, why="timestamp-forged")
    if not intact or moment > at + CLOCK_TOLERANCE:
        return TimestampSeen(moment, authority, algorithm=algorithm, why="timestamp-forged")
    trusted = bool(chain) and not revoked(chain, moment)
    why = "" if trusted else "timestamp-untrusted"
    return TimestampSeen(moment, authority, intact=True, trusted=trusted, algorithm=algorithm, why=why)


def _checked_token(
    data: Any,
    imprint: Callable[[str], bytes],
    roots: Sequence[bytes],
    others: Sequence[bytes],
    moment: datetime,
) -> tuple[bool, tuple[CertificateInfo, ...], str, str]:
    """Return whether the token is intact, its authority's chain (() when not trusted), its name and the algorithms.

    Unavailable("timestamp-unchecked") for algorithms that cannot be checked here, or without the certificate.
    """
    (signer_info,) = data["signer_infos"]
    held = signed_data.certificates_of(data, MOST_CERTIFICATES)
    beside = () if signed_data.holds_a_signers(held) else (*others, *roots)
    der = signed_data.signers_certificate(signer_info, [*held, *beside])
    if der is None and held:
        raise ValueError("not of the certificate that came with it")
    if der is None:
        raise Unavailable("timestamp-unchecked")
    info = describe(der)
    algorithm, supported = algorithms.algorithm_of(signer_info, info)
    if not supported:
        raise Unavailable("timestamp-unchecked")
    alone = signed_data.detached(data, signer_info, der)
    status = asyncio.run(_status(alone, data, roots, others, moment))
    intact = bool(status.intact and status.valid)
    stamped = data["encap_content_info"]["content"].parsed["message_imprint"]
    hashed = str(stamped["hash_algorithm"]["algorithm"].native)
    if intact and hashed not in algorithms.DIGESTS and hashed not in gost.DIGESTS:
        raise Unavailable("timestamp-unchecked")
    intact = intact and imprint(hashed) == stamped["hashed_message"].native
    chain = path_of(status.validation_path) if status.trusted else ()
    return intact, chain, info.name, algorithm


async def _status(
    alone: Any, data: Any, roots: Sequence[bytes], others: Sequence[bytes], moment: datetime
) -> Any:
    return await async_validate_cms_signature(
        alone,
        status_cls=TimestampSignatureStatus,
        raw_digest=_digest(data),
        validation_context=context_with(roots, others, moment),
        status_kwargs={"timestamp": moment},
    )


def _digest(data: Any) -> bytes:
    (signer_info,) = data["signer_infos"]
    name = signer_info["digest_algorithm"]["algorithm"].native
    return algorithms.digest(name, signed_data.content_of(data) or b"")


async def document_status(embedded: Any, context: Any) -> Any:
    """Judge a timestamp over a whole PDF; the library does not hash by Streebog."""
    if embedded.md_algorithm not in gost.DIGESTS:
        return await async_validate_pdf_timestamp(embedded, context)
    if str(embedded.sig_object.get("/SubFilter", "")) != "/ETSI.RFC3161":
        raise ValueError("no timestamp")
    embedded.compute_integrity_info()
    data = embedded.signed_data
    info = data["encap_content_info"]["content"].parsed
    same = embedded.compute_digest() == info["message_imprint"]["hashed_message"].native
    told = {"coverage": embedded.coverage, "diff_result": embedded.diff_result}
    status = await async_validate_cms_signature(
        signed_data.detached(data, embedded.signer_info, embedded.signer_cert.dump()),
        status_cls=DocumentTimestampStatus,
        raw_digest=_digest(data),
        validation_context=context,
        status_kwargs={"timestamp": info["gen_time"].native, **told},
    )
    return status if same else replace(status, intact=False)


def context_with(roots: Sequence[bytes], others: Sequence[bytes], moment: datetime) -> Any:
    """Return ``offline_context`` which also knows the issuing certificates ``others`` (DER)."""
    context = offline_context(roots, moment)
    context.certificate_registry.register_multiple([parsed(item) for item in others])
    return context
