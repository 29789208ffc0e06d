"""Detached CMS signatures (RFC 5652) over a file that is no PDF: made with a key at hand, verified offline.

Judged at the moment the signer states: nobody else has stamped it. What the list of revoked certificates says is
``revocation``'s to ask.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from asn1crypto import cms
from pyhanko.sign.signers.pdf_cms import PdfCMSSignedAttributes
from pyhanko.sign.validation.generic_cms import async_validate_detached_cms
from pyhanko.sign.validation.settings import KeyUsageConstraints

from desktop.eds.certificates import (
    CertificateInfo,
    Material,
    check_certificate,
    describe,
    load,
    offline_context,
    path_of,
)
from desktop.eds.pdf_signature import MALFORMED, algorithm_of
from desktop.eds.pdf_signing import RawSign, RawSigner, digest_for
from desktop.eds.verdict import Reason
from desktop.eds.verdict_parts import CLOCK_TOLERANCE

LARGEST = 1024 * 1024  # of the signature itself: a chain of certificates fits many times


@dataclass(frozen=True, slots=True)
class CmsSeen:
    """What verifying told. ``chain``: from the signer's certificate up to the root, () when none is found."""

    reason: Reason
    signer: CertificateInfo | None = None
    signed_at: datetime | None = None
    chain: tuple[CertificateInfo, ...] = field(default=(), repr=False)
    algorithm: str = ""

    @property
    def valid(self) -> bool:
        return self.reason in (Reason.VALID, Reason.VALID_DEMO)


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
    content: bytes, signature: bytes, *, trust_roots: Sequence[Material], at: datetime
) -> CmsSeen:
    """Judge the one signature over ``content``; ``at`` is the moment of checking. Nothing is fetched."""
    if len(signature) > LARGEST:
        return CmsSeen(Reason.TOO_MANY)
    try:
        data = _signed_data(signature)
        (signer_info,) = data["signer_infos"]
        info = describe(_signers_certificate(data, signer_info))
        algorithm, supported = algorithm_of(signer_info, info)
        signed_at = _stated(signer_info)
    except MALFORMED:
        return CmsSeen(Reason.DAMAGED)
    seen = CmsSeen(Reason.DAMAGED, info, signed_at, algorithm=algorithm)
    if not supported:
        return _as(seen, Reason.ALGORITHM_UNSUPPORTED)
    if signed_at is None:
        return _as(seen, Reason.NO_SIGNING_TIME)
    try:
        status = asyncio.run(_status(content, data, load(trust_roots), signed_at))
        chain = path_of(status.validation_path) if status.trusted else ()
    except MALFORMED:
        return seen
    return CmsSeen(_reason(status, info, signed_at, at), info, signed_at, chain, algorithm)


def _as(seen: CmsSeen, reason: Reason) -> CmsSeen:
    return CmsSeen(reason, seen.signer, seen.signed_at, seen.chain, seen.algorithm)


def _signed_data(signature: bytes) -> Any:
    """Return the one SignedData, which holds no content of its own: that would be another text than the file's."""
    told = cms.ContentInfo.load(signature, strict=True)
    if told["content_type"].native != "signed_data":
        raise ValueError("no signed data")
    data = told["content"]
    if data["encap_content_info"]["content"].native is not None:
        raise ValueError("not detached")
    return data


def _signers_certificate(data: Any, signer_info: Any) -> bytes:
    sid = signer_info["sid"]
    if sid.name != "issuer_and_serial_number":
        raise ValueError("a signer is named by issuer and number")
    for choice in data["certificates"]:
        certificate = choice.chosen
        if choice.name == "certificate" and (
            certificate.issuer == sid.chosen["issuer"]
            and certificate.serial_number == sid.chosen["serial_number"].native
        ):
            return bytes(certificate.dump())
    raise ValueError("the signer's certificate is not in it")


def _stated(signer_info: Any) -> datetime | None:
    times = [
        attribute["values"][0].native
        for attribute in signer_info["signed_attrs"]
        if attribute["type"].native == "signing_time"
    ]
    return times[0] if len(times) == 1 and isinstance(times[0], datetime) else None


async def _status(content: bytes, data: Any, roots: Sequence[bytes], moment: datetime) -> Any:
    return await async_validate_detached_cms(
        content,
        data,
        signer_validation_context=offline_context(roots, moment),
        key_usage_settings=KeyUsageConstraints(key_usage={"non_repudiation"}),
    )


def _reason(status: Any, info: CertificateInfo, signed_at: datetime, at: datetime) -> Reason:
    tests = (
        (not status.intact, Reason.CHANGED),
        (not status.valid, Reason.FORGED),
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
