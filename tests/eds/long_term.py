"""Signatures of every level with the authority of these tests: B-B, B-T, B-LT, B-LTA, made by pyHanko itself."""

import io
from typing import Any

from asn1crypto import crl as asn1_crl
from asn1crypto import ocsp as asn1_ocsp
from asn1crypto import tsp, x509
from cryptography.hazmat.primitives import serialization
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import signers, timestamps
from pyhanko.sign.fields import SigFieldSpec, SigSeedSubFilter
from pyhanko.sign.validation import DocumentSecurityStore
from pyhanko_certvalidator import ValidationContext
from pyhanko_certvalidator.registry import SimpleCertificateStore

from desktop.eds import ocsp
from desktop.eds.certificates import describe
from desktop.eds.fetching import http_fetch
from tests.eds.authority import RealAuthority


class Stamps(timestamps.TimeStamper):
    """Asks the authority's own service for time stamps."""

    def __init__(self, url: str) -> None:
        super().__init__()
        self._url = url

    async def async_request_tsa_response(self, req: tsp.TimeStampReq) -> tsp.TimeStampResp:
        return tsp.TimeStampResp.load(http_fetch(self._url, req.dump(), 100_000, 10))


def signer(authority: RealAuthority, label: str = "head") -> signers.SimpleSigner:
    key = authority.keys[label].private_bytes(
        serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    from asn1crypto.keys import PrivateKeyInfo

    store: Any = SimpleCertificateStore.from_certs([x509.Certificate.load(authority.der("ca"))])
    return signers.SimpleSigner(
        signing_cert=x509.Certificate.load(authority.der(label)),
        signing_key=PrivateKeyInfo.load(key),
        cert_registry=store,
    )


def answers(authority: RealAuthority, *labels: str) -> list[asn1_ocsp.OCSPResponse]:
    issuer = describe(authority.der("ca"))
    return [
        asn1_ocsp.OCSPResponse.load(
            http_fetch(
                authority.ocsp_url, ocsp.question(describe(authority.der(label)), issuer, b""), 10**6, 10
            )
        )
        for label in labels
    ]


def context(authority: RealAuthority) -> ValidationContext:
    """What a signer needs to prove everything later: answers of now and both lists."""
    lists = [asn1_crl.CertificateList.load(authority.crl(label)) for label in ("people", "authorities")]
    return ValidationContext(
        trust_roots=[x509.Certificate.load(authority.der("root"))],
        other_certs=[x509.Certificate.load(authority.der("ca"))],
        moment=authority.now,
        allow_fetching=False,
        revocation_mode="hard-fail",
        crls=lists,
        ocsps=answers(authority, "head", "tsa"),
    )


def sign(
    pdf: bytes,
    authority: RealAuthority,
    *,
    level: str = "B-B",
    label: str = "head",
    tsa_url: str = "",
    subfilter: SigSeedSubFilter = SigSeedSubFilter.PADES,
    field: str = "Signature1",
) -> bytes:
    """Return ``pdf`` signed at the authority's ``now``; ``level``: B-B, B-T, B-LT, B-LTA."""
    lasting = level in ("B-LT", "B-LTA")
    metadata = signers.PdfSignatureMetadata(
        field_name=field,
        md_algorithm="sha256",
        subfilter=subfilter,
        signer_key_usage={"non_repudiation"},
        embed_validation_info=lasting,
        validation_context=context(authority) if lasting else None,
        use_pades_lta=level == "B-LTA",
    )
    stamps = Stamps(tsa_url or authority.tsa_url) if level != "B-B" else None
    made = AtSigner(
        metadata, signer(authority, label), timestamper=stamps, new_field_spec=SigFieldSpec(field)
    )
    made.moment = authority.now
    output = io.BytesIO()
    made.sign_pdf(IncrementalPdfFileWriter(io.BytesIO(pdf)), output=output)
    return output.getvalue()


class AtSigner(signers.PdfSigner):
    moment: Any

    def init_signing_session(self, pdf_out: Any, existing_fields_only: bool = False) -> Any:
        session = super().init_signing_session(pdf_out, existing_fields_only)
        session.system_time = self.moment
        return session


def with_proofs(pdf: bytes, authority: RealAuthority, *labels: str) -> bytes:
    """Return ``pdf`` with answers about ``labels`` and the authority's lists added behind (DSS)."""
    writer = IncrementalPdfFileWriter(io.BytesIO(pdf))
    dss = DocumentSecurityStore.supply_dss_in_writer(
        writer,
        None,
        certs=[x509.Certificate.load(authority.der("ca"))],
        ocsps=answers(authority, *labels),
        crls=[asn1_crl.CertificateList.load(authority.crl("authorities"))],
    )
    assert dss is not None
    output = io.BytesIO()
    writer.write(output)
    return output.getvalue()
