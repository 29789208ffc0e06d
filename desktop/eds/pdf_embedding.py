"""Puts a CMS that somebody else made (NCALayer) into a PDF, as ``/adbe.pkcs7.detached`` (ISO 32000-1 12.8.3.3).

Two steps with the other's work between: :func:`begin` writes the file with a gap and returns the bytes to be
signed, :meth:`Begun.finish` fills the gap. Such a CMS carries a signing-time attribute, so it is no PAdES.
"""

import io
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from asn1crypto import cms
from pyhanko.sign.fields import SigFieldSpec, SigSeedSubFilter
from pyhanko.sign.signers.cms_embedder import PdfCMSEmbedder, SigIOSetup, SigObjSetup
from pyhanko.sign.signers.pdf_byterange import SignatureObject

from desktop.eds.certificates import CertificateInfo, describe
from desktop.eds.pdf_signing import opened
from desktop.errors import NotAllowed, Unavailable

BYTES_RESERVED = 32768
"""Hexadecimal digits kept: 16 KiB of CMS. One of GOST with a timestamp and its chain takes about 4 KiB."""

_MALFORMED = (ValueError, TypeError, KeyError, AttributeError, IndexError)


@dataclass(frozen=True, slots=True)
class Begun:
    """A file that waits for its signature; ``to_sign`` is all of it but the gap."""

    to_sign: bytes = field(repr=False)
    _digest: Any = field(repr=False)
    _output: Any = field(repr=False)

    def finish(self, signature: bytes) -> bytes:
        """Return the file with ``signature`` (DER) in the gap; Unavailable "signature-too-large"."""
        if 2 * len(signature) > BYTES_RESERVED:
            raise Unavailable("signature-too-large", size=len(signature))
        self._digest.fill_with_cms(self._output, signature)
        return bytes(self._output.getvalue())


def begin(pdf: bytes, *, at: datetime, reason: str, name: str) -> Begun:
    """Write ``pdf`` with an invisible field and a gap; NotAllowed "pdf-broken" when it cannot be read."""
    writer, wanted = opened(pdf)
    steps = PdfCMSEmbedder(SigFieldSpec(wanted, box=None)).write_cms(wanted, writer)
    next(steps)
    placeholder = SignatureObject(
        timestamp=at,
        subfilter=SigSeedSubFilter.ADOBE_PKCS7_DETACHED,
        name=name or None,
        reason=reason or None,
        bytes_reserved=BYTES_RESERVED,
    )
    steps.send(SigObjSetup(sig_placeholder=placeholder))
    digest, output = steps.send(SigIOSetup(md_algorithm="sha256", in_place=False, output=io.BytesIO()))
    view = output.getbuffer()
    to_sign = bytes(view[: digest.reserved_region_start]) + bytes(view[digest.reserved_region_end :])
    view.release()
    return Begun(to_sign, digest, output)


def signer_of(signature: bytes) -> tuple[CertificateInfo, tuple[bytes, ...]]:
    """Return whose detached CMS this is, and the other certificates in it; ValueError when it is not one."""
    try:
        told = cms.ContentInfo.load(signature, strict=True)
        if told["content_type"].native != "signed_data":
            raise ValueError("no signed data")
        data = told["content"]
        if data["encap_content_info"]["content"].native is not None:
            raise ValueError("not detached")
        (signer,) = data["signer_infos"]
        present = [item.chosen for item in data["certificates"] if item.name == "certificate"]
        mine = [item.dump() for item in present if _names(signer["sid"], item)]
        if len(set(mine)) != 1:
            raise ValueError("the signer's certificate is not in it")
        return describe(mine[0]), _others(present, mine[0])
    except (*_MALFORMED, NotAllowed) as error:
        raise ValueError("not a detached signature") from error


def _names(sid: Any, certificate: Any) -> bool:
    if sid.name == "issuer_and_serial_number":
        return bool(
            certificate.issuer == sid.chosen["issuer"]
            and certificate.serial_number == sid.chosen["serial_number"].native
        )
    return bool(certificate.key_identifier == sid.chosen.native)


def _others(present: Sequence[Any], mine: bytes) -> tuple[bytes, ...]:
    return tuple(item for item in (one.dump() for one in present) if item != mine)
