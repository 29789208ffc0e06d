"""Signs PDF bytes: PAdES B-B in an invisible field, as an incremental update of exactly the bytes given.

The visible stamp is drawn in the page before; the field adds no appearance. The signing moment is the
office's, not this machine's.
"""

import io
from collections.abc import Callable, Sequence
from datetime import datetime
from itertools import count
from typing import Any

from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.pdf_utils.writer import BasePdfFileWriter
from pyhanko.sign.fields import SigFieldSpec, SigSeedSubFilter, enumerate_sig_fields
from pyhanko.sign.general import SigningError
from pyhanko.sign.signers import PdfSignatureMetadata, PdfSigner
from pyhanko.sign.signers import Signer as CmsSigner
from pyhanko.sign.signers.pdf_signer import PdfSigningSession
from pyhanko.sign.timestamps.common_utils import TimestampRequestError
from pyhanko_certvalidator.registry import SimpleCertificateStore

from desktop.eds.certificates import GOST, CertificateInfo, Material, check_certificate, parsed
from desktop.eds.levels import Extras, explained
from desktop.eds.pdf_signature import verify
from desktop.eds.verdict import Verdict
from desktop.errors import NotAllowed, Unavailable
from desktop.regulation.model import Text

RawSign = Callable[[bytes, str], bytes]
"""Signs data with the private key: (data, digest name "sha256") to the raw signature value."""

ROOM_OF_PROOFS = 32768
"""Hexadecimal digits kept for a signature value with proofs or a time stamp in it: 16 KiB of CMS."""
_ROOM_OF_WORDS = 1024
"""Bytes of CMS around certificates and value: object identifiers, digests, the moment."""


def sign_pdf(
    pdf: bytes,
    *,
    info: CertificateInfo,
    chain: Sequence[bytes],
    raw: RawSign,
    at: datetime,
    reason: Text | str,
    extras: Extras | None = None,
) -> bytes:
    """Return ``pdf`` with a signature of ``info`` appended, checked before it is returned.

    The result begins with ``pdf``. Raises NotAllowed as ``check_certificate``, before the key is touched, and
    Unavailable("signing-failed") when the key made something that does not verify; what ``raw`` and ``extras``
    raise passes through.
    """
    check_certificate(info, at)
    signer = RawSigner(info.der, chain, raw)
    writer, field = opened(pdf)
    metadata = PdfSignatureMetadata(
        field_name=field,
        md_algorithm=digest_for(info),
        subfilter=SigSeedSubFilter.PADES,
        reason=stated(reason) or None,
        name=info.name or None,
        **(extras.settings(info, chain, at) if extras else {}),
    )
    pdf_signer = _OfficeClockSigner(
        metadata,
        signer,
        timestamper=extras.stamper if extras else None,
        new_field_spec=SigFieldSpec(field, box=None),
    )
    pdf_signer.signing_moment = at
    output = io.BytesIO()
    try:
        pdf_signer.sign_pdf(writer, bytes_reserved=_room(info, chain, extras), output=output)
    except (SigningError, TimestampRequestError) as error:
        raise explained(error) from error
    signed = output.getvalue()
    verify_made(signed, pdf, info, at, extras.trust_roots if extras else ())
    return signed


def _room(info: CertificateInfo, chain: Sequence[bytes], extras: Extras | None) -> int:
    """Return the hexadecimal digits to keep for the value: a reader goes through each of them, so not more than needed.

    Of B-B everything is known before: the certificates, and the signer's own names and number twice more.
    """
    if extras is not None:
        return ROOM_OF_PROOFS
    certificates = 2 * len(info.der) + sum(map(len, chain))
    return 2 * (certificates + info.key_bits // 8 + _ROOM_OF_WORDS)


def opened(pdf: bytes) -> tuple["UntouchedMetadataWriter", str]:
    """Return a writer behind ``pdf`` and a name for a new signature; NotAllowed "pdf-broken"."""
    try:
        writer = UntouchedMetadataWriter(io.BytesIO(pdf))
        taken = {name for name, _, _ in enumerate_sig_fields(writer.prev)}
    except PdfError as error:
        raise NotAllowed("pdf-broken") from error
    return writer, next(name for number in count(1) if (name := f"Signature{number}") not in taken)


def stated(reason: Text | str) -> str:
    """Return what the signature states as its reason, in both state languages."""
    return reason if isinstance(reason, str) else " / ".join(dict.fromkeys((reason.kk, reason.ru)))


def verify_made(
    signed: bytes, pdf: bytes, info: CertificateInfo, at: datetime, roots: Sequence[Material] = ()
) -> None:
    """Raise Unavailable("signing-failed", "stamp-not-valid") unless ``signed`` is ``pdf`` with a good last signature of ``info``.

    ``roots`` are those of a time stamp, which must be there then.
    """
    # Trusting the very certificate leaves the office's trust to check_signer: this is about the bytes.
    verdict = verify(signed, trust_roots=[info.der, *roots], at=at)
    own = next((place for place, one in enumerate(verdict.signatures) if _is_last(place, verdict)), None)
    ours = () if own is None else verdict.signatures[own:]  # and the time stamps over it
    good = bool(ours) and all(one.valid for one in ours) and ours[0].certificate_sha256 == info.sha256
    if not good or not verdict.covers_whole_file or not signed.startswith(pdf):
        wrong = next((one.reason for one in ours if not one.valid), verdict.reason)
        raise Unavailable("signing-failed", reason=wrong.value)
    if roots and not (ours[0].timestamp is not None and ours[0].timestamp.trusted):
        raise Unavailable("stamp-not-valid")


def _is_last(place: int, verdict: Verdict) -> bool:
    """Whether the signature there is the last that is no time stamp."""
    later = verdict.signatures[place + 1 :]
    return not verdict.signatures[place].is_timestamp and all(one.is_timestamp for one in later)


def digest_for(info: CertificateInfo) -> str:
    """Return the digest to sign with: as strong as the key (SHA-256 for RSA-2048 and P-256).

    NotAllowed("certificate-algorithm-unsupported") for GOST: such a key signs in a program of its own.
    """
    if info.algorithm in GOST:
        raise NotAllowed("certificate-algorithm-unsupported", algorithm=info.algorithm)
    if info.algorithm == "ec":
        return "sha256" if info.key_bits <= 256 else "sha384" if info.key_bits <= 384 else "sha512"
    return "sha256" if info.key_bits <= 3072 else "sha512"


class RawSigner(CmsSigner):
    """Makes the CMS with a key somebody else holds: loaded once, in memory or on a token."""

    def __init__(self, certificate: bytes, chain: Sequence[bytes], raw: RawSign) -> None:
        store: Any = SimpleCertificateStore.from_certs([parsed(item) for item in chain])  # type: ignore[no-untyped-call]
        super().__init__(signing_cert=parsed(certificate), cert_registry=store, embed_roots=False)
        self._raw = raw

    async def async_sign_raw(self, data: bytes, digest_algorithm: str, dry_run: bool = False) -> bytes:
        if dry_run:
            return bytes(512)
        return self._raw(data, digest_algorithm.lower())


class _OfficeClockSigner(PdfSigner):
    """Puts the office's moment into ``/M`` instead of this machine's."""

    signing_moment: datetime

    def init_signing_session(
        self, pdf_out: BasePdfFileWriter, existing_fields_only: bool = False
    ) -> PdfSigningSession:
        session = super().init_signing_session(pdf_out, existing_fields_only)
        session.system_time = self.signing_moment
        return session


class UntouchedMetadataWriter(IncrementalPdfFileWriter):
    """Leaves XMP and ``/Info`` as drawn: the PDF/A declaration stays, and no second clock gets in."""

    def _update_meta(self) -> Any:
        return None
