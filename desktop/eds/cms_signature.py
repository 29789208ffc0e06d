"""CMS signatures (RFC 5652) over a file that is no PDF, RSA, EC and GOST: made with a key at hand, verified offline.

Judged at the moment the signer states: nobody else has stamped it. What the list of revoked certificates says is
``revocation``'s to ask.
"""

import asyncio
import itertools
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

from pyhanko.sign.signers.pdf_cms import PdfCMSSignedAttributes
from pyhanko.sign.validation.generic_cms import async_validate_cms_signature
from pyhanko.sign.validation.settings import KeyUsageConstraints
from pyhanko.sign.validation.status import StandardCMSSignatureStatus

from desktop.eds import algorithms, cades_proofs, signed_data
from desktop.eds.certificates import (
    CertificateInfo,
    Material,
    check_certificate,
    describe,
    load,
    offline_context,
    path_of,
)
from desktop.eds.embedded_proofs import Proofs, chain_by
from desktop.eds.pdf_signature import MALFORMED
from desktop.eds.pdf_signing import RawSign, RawSigner, digest_for
from desktop.eds.timestamps import RevokedBefore, judge_tokens, take_tokens
from desktop.eds.verdict import Reason, TimestampSeen, Unreadable
from desktop.eds.verdict_parts import CLOCK_TOLERANCE
from desktop.errors import Unavailable

LARGEST = signed_data.LARGEST_BARE
LARGEST_WITH_CONTENT = 256 * 1024 * 1024
MOST_SIGNERS = 16
MOST_CERTIFICATES = 16


@dataclass(frozen=True, slots=True)
class CmsSeen:
    """What verifying told. ``chain``: from the signer's certificate up to the root, () when none is found.

    ``signed_at``: of a trusted timestamp where there is one, else what the signer's machine stated (``stated_at``).
    """

    reason: Reason
    signer: CertificateInfo | None = None
    signed_at: datetime | None = None
    chain: tuple[CertificateInfo, ...] = field(default=(), repr=False)
    algorithm: str = ""
    timestamp: TimestampSeen | None = None
    stated_at: datetime | None = None
    proofs: Proofs = field(default_factory=Proofs, repr=False, compare=False)  # kept in the signature itself

    @property
    def valid(self) -> bool:
        return self.reason in (Reason.VALID, Reason.VALID_DEMO)


@dataclass(frozen=True, slots=True)
class CmsFile:
    """A file of signatures. ``content``: what is signed, whether it lay inside (``attached``) or was given."""

    signers: tuple[CmsSeen, ...]
    content: bytes = field(default=b"", repr=False)
    attached: bool = False

    @property
    def valid(self) -> bool:
        """Whether there are signers and every one's signature holds."""
        return bool(self.signers) and all(seen.valid for seen in self.signers)


def sign_detached(
    content: bytes, *, info: CertificateInfo, chain: Sequence[bytes], raw: RawSign, at: datetime
) -> bytes:
    """Return the DER of a detached signature of ``info`` over ``content``; NotAllowed as ``check_certificate``."""
    check_certificate(info, at)
    signer = RawSigner(info.der, chain, raw)
    attributes = PdfCMSSignedAttributes(signing_time=at.astimezone(UTC).replace(microsecond=0))
    made = asyncio.run(
        signer.async_sign_general_data(
            content, digest_for(info), detached=True, use_cades=True, signed_attr_settings=attributes
        )
    )
    return bytes(made.dump())


def verify_detached(
    content: bytes,
    signature: bytes,
    *,
    trust_roots: Sequence[Material],
    at: datetime,
    certificates: Sequence[Material] = (),
    revoked: RevokedBefore | None = None,
) -> CmsSeen:
    """Judge the one signature over ``content``; ``at`` is the moment of checking. Nothing is fetched.

    ``certificates``: of signers or authorities that may be left out of the signature; they are not trusted by this.
    ``revoked``: who tells whether the authority of a timestamp was revoked; nobody unless given.
    """
    if len(signature) > LARGEST:
        return CmsSeen(Reason.TOO_MANY)
    try:
        data = signed_data.read(signature)
        (signer_info,) = data["signer_infos"]
        if signed_data.content_of(data) is not None:  # another text than the file's
            return CmsSeen(Reason.DAMAGED)
    except MALFORMED:
        return CmsSeen(Reason.DAMAGED)
    grounds = _Grounds(load(trust_roots), load(certificates), at, revoked)
    return _judged(data, signer_info, _hashing(content), grounds)


def verify_cms(
    signature: bytes,
    content: bytes | None = None,
    *,
    trust_roots: Sequence[Material],
    at: datetime,
    certificates: Sequence[Material] = (),
    revoked: RevokedBefore | None = None,
) -> CmsFile:
    """Judge every signature of a CMS file over what it holds, or over ``content`` where it holds nothing.

    Both given must be the same. Raises Unreadable("cms-not-a-signature") for something else,
    ("cms-needs-document") when what was signed is at neither place, ("cms-too-large", fact ``limit`` in bytes).
    """
    if len(signature) > LARGEST_WITH_CONTENT:
        raise Unreadable("cms-too-large", limit=LARGEST_WITH_CONTENT)
    try:
        data = signed_data.read(signature)
        inside = signed_data.content_of(data)
        fits = len(data.contents) - len(inside or b"") <= LARGEST
        signers = list(itertools.islice(data["signer_infos"], MOST_SIGNERS + 1)) if fits else []
    except MALFORMED as error:
        raise Unreadable("cms-not-a-signature") from error
    signed = content if inside is None else inside
    if signed is None:
        raise Unreadable("cms-needs-document")
    if not fits or len(signers) > MOST_SIGNERS:
        return CmsFile((CmsSeen(Reason.TOO_MANY),), signed, inside is not None)
    hashing = _hashing(signed)
    grounds = _Grounds(load(trust_roots), load(certificates), at, revoked)
    seen = [_judged(data, one, hashing, grounds) for one in signers]
    if content is not None and content != signed:
        seen = [replace(one, reason=Reason.CHANGED) if one.valid else one for one in seen]
    return CmsFile(tuple(seen) or (CmsSeen(Reason.NO_SIGNATURE),), signed, inside is not None)


def verify_attached(signature: bytes, *, trust_roots: Sequence[Material], at: datetime) -> CmsFile:
    """Judge a CMS that holds what it signs; Unreadable as ``verify_cms``."""
    return verify_cms(signature, trust_roots=trust_roots, at=at)


def _hashing(content: bytes) -> Callable[[str], bytes]:
    """Return what hashes the content by the name of the digest, each once for all signers."""
    known: dict[str, bytes] = {}

    def hashed(name: str) -> bytes:
        if name not in known:
            known[name] = algorithms.digest(name, content)
        return known[name]

    return hashed


@dataclass(frozen=True, slots=True)
class _Grounds:
    """What a signature is judged by: certificates in DER, and the moment of checking."""

    roots: tuple[bytes, ...]
    more: tuple[bytes, ...]
    at: datetime
    revoked: RevokedBefore | None


def _judged(data: Any, signer_info: Any, hashed: Callable[[str], bytes], grounds: _Grounds) -> CmsSeen:
    """Judge one signer; whatever cannot be worked out is not valid."""
    try:
        held = signed_data.certificates_of(data, MOST_CERTIFICATES + 1)
        if len(held) > MOST_CERTIFICATES:
            return CmsSeen(Reason.TOO_MANY)
        proofs = cades_proofs.of(data, signer_info)
        grounds = replace(grounds, more=(*grounds.more, *proofs.certificates))
        beside = () if signed_data.holds_a_signers(held) else (*grounds.more, *grounds.roots)
        der = signed_data.signers_certificate(signer_info, [*held, *beside])
        if der is None:
            return CmsSeen(Reason.DAMAGED)
        info = describe(der)
        algorithm, supported = algorithms.algorithm_of(signer_info, info)
        stated = _stated(signer_info)
    except MALFORMED:
        return CmsSeen(Reason.DAMAGED)
    seen = CmsSeen(Reason.DAMAGED, info, stated, algorithm=algorithm, stated_at=stated, proofs=proofs)
    if not supported:
        return replace(seen, reason=Reason.ALGORITHM_UNSUPPORTED)
    try:
        stamp = _stamp(signer_info, held, grounds, proofs)
        moment = stamp.at if stamp is not None and stamp.trusted else stated
        seen = replace(seen, timestamp=stamp, signed_at=moment)
        if moment is None:
            return replace(seen, reason=Reason.NO_SIGNING_TIME)
        digest = hashed(signer_info["digest_algorithm"]["algorithm"].native)
        alone = signed_data.detached(data, signer_info, der, grounds.more)
        status = asyncio.run(_status(alone, digest, grounds.roots, moment))
        chain = path_of(status.validation_path) if status.trusted else ()
        if status.signing_cert.dump() != der:
            return seen
    except Unavailable:
        return replace(seen, reason=Reason.HASH_NOT_HERE)
    except MALFORMED:
        return seen
    return replace(seen, reason=_reason(status, info, seen, moment, grounds.at), chain=chain)


def _stamp(
    signer_info: Any, held: Sequence[bytes], grounds: _Grounds, proofs: Proofs
) -> TimestampSeen | None:
    def revoked(chain: Sequence[CertificateInfo], moment: datetime) -> bool:
        kept = chain_by(proofs, chain, moment, grounds.at)
        asked = grounds.revoked is not None and grounds.revoked(chain, moment)
        return asked or (kept is not None and kept.spoils(moment))

    tokens = take_tokens(signer_info)
    return judge_tokens(tokens, signer_info, grounds.roots, (*held, *grounds.more), grounds.at, revoked)


def _stated(signer_info: Any) -> datetime | None:
    times = [
        attribute["values"][0].native
        for attribute in signer_info["signed_attrs"]
        if attribute["type"].native == "signing_time"
    ]
    return times[0] if len(times) == 1 and isinstance(times[0], datetime) else None


async def _status(data: Any, digest: bytes, roots: Sequence[bytes], moment: datetime) -> Any:
    return await async_validate_cms_signature(
        data,
        status_cls=StandardCMSSignatureStatus,
        raw_digest=digest,
        validation_context=offline_context(roots, moment),
        key_usage_settings=KeyUsageConstraints(key_usage={"non_repudiation"}),
    )


def _reason(status: Any, info: CertificateInfo, seen: CmsSeen, signed_at: datetime, at: datetime) -> Reason:
    stamp = seen.timestamp
    tests = (
        (not status.intact, Reason.CHANGED),
        (not status.valid, Reason.FORGED),
        (stamp is not None and stamp.why == "timestamp-forged", Reason.TIMESTAMP_BAD),
        (signed_at > at + CLOCK_TOLERANCE, Reason.IN_FUTURE),
        (signed_at < info.not_before, Reason.NOT_YET_VALID),
        (signed_at > info.not_after, Reason.EXPIRED),
        (not info.may_sign, Reason.NO_SIGNING_RIGHT),
        (not status.trusted, Reason.UNTRUSTED),
        (not status.bottom_line, Reason.NOT_ACCEPTED),
    )
    return next(
        (reason for wrong, reason in tests if wrong), Reason.VALID_DEMO if info.is_demo else Reason.VALID
    )
