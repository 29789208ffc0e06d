"""Time stamps over signatures (RFC 3161): whose word the moment of signing is, offline.

A token that is not of the signature, or is changed, is told as forged; one of an authority that is not trusted here is
told and not relied on.
"""

import asyncio
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from asn1crypto import cms, core, tsp
from pyhanko.sign.validation.generic_cms import message_imprint_checker, validate_tst_signed_data
from pyhanko_certvalidator.errors import PathError, ValidationError

from desktop.eds.certificates import CertificateInfo, describe, offline_context, path_of
from desktop.eds.verdict_parts import CLOCK_TOLERANCE, TimestampSeen
from desktop.errors import NotAllowed, Unavailable

MOST_TOKENS = 4
_DIGESTS = frozenset({"sha256", "sha384", "sha512"})
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
    seen = [
        _judged(token, message_imprint_checker(signer_info), roots, others, at, revoked) for token in tokens
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
        intact, chain, authority = _checked_token(data, algorithm, imprint, roots, others, moment)
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
    algorithm: str,
    imprint: Callable[[str], bytes],
    roots: Sequence[bytes],
    others: Sequence[bytes],
    moment: datetime,
) -> tuple[bool, tuple[CertificateInfo, ...], str]:
    """Return whether the token is intact, its authority's chain (() when not trusted) and the authority's name."""
    if algorithm not in _DIGESTS:
        raise Unavailable("timestamp-unchecked")
    context = context_with(roots, others, moment)
    status = asyncio.run(_status(data, context, imprint))
    name = describe(status["signing_cert"].dump()).name
    path = status["validation_path"] if status["trust_problem_indic"] is None else None
    chain = path_of(path) if path is not None else ()
    return bool(status["intact"] and status["valid"]), chain, name


async def _status(data: Any, context: Any, imprint: Callable[[str], bytes]) -> dict[str, Any]:
    status: dict[str, Any] = await validate_tst_signed_data(data, context, imprint)
    return status


def context_with(roots: Sequence[bytes], others: Sequence[bytes], moment: datetime) -> Any:
    """Return ``offline_context`` which also knows the issuing certificates ``others`` (DER)."""
    from asn1crypto import x509

    context = offline_context(roots, moment)
    context.certificate_registry.register_multiple([x509.Certificate.load(item) for item in others])
    return context
