"""An authority with GOST keys of its own, for the tests alone: keys, certificates, lists, answers, CMS, time stamps.

Signing is here and nowhere in the program: it is neither constant in time nor certified.
"""

import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from hashlib import sha1
from typing import Any

from asn1crypto import algos, core, crl, keys, ocsp, x509

from desktop.eds.gost import curves, streebog
from desktop.eds.gost.curves import Curve

VALID_FROM = datetime(2026, 1, 1, tzinfo=UTC)
AT = datetime(2026, 11, 21, 7, 30, 15, tzinfo=UTC)
IIN, BIN = "800101400121", "150540004327"

_DIGEST = {256: "1.2.398.3.10.1.3.2", 512: "1.2.398.3.10.1.3.3"}
_SIGNATURE = {256: "1.2.398.3.10.1.1.2.3.1", 512: "1.2.398.3.10.1.1.2.3.2"}
_KEY = {256: "1.2.398.3.10.1.1.2.1", 512: "1.2.398.3.10.1.1.2.2"}
_CURVE = {
    256: (curves.TC26_256_A, "1.2.398.3.10.1.1.2.1.1"),
    512: (curves.TC26_512_A, "1.2.398.3.10.1.1.2.2.1"),
}


@dataclass(frozen=True)
class GostKey:
    """A private key; ``parameters`` is the identifier the certificate names them by."""

    curve: Curve
    parameters: str
    secret: int

    @property
    def bits(self) -> int:
        return self.curve.size * 8

    @property
    def spki(self) -> bytes:
        point = self.curve.sum(self.secret, (self.curve.x, self.curve.y), 0)
        assert point is not None
        raw = b"".join(number.to_bytes(self.curve.size, "little") for number in point)
        return spki_of(_KEY[self.bits], (self.parameters, _DIGEST[self.bits]), raw)

    def sign(self, data: bytes) -> bytes:
        return self.sign_digest(streebog(data, self.bits))

    def sign_digest(self, digest: bytes) -> bytes:
        """GOST 34.10, section 6.1; r‖s, each little-endian."""
        q = self.curve.q
        e = int.from_bytes(digest, "little") % q or 1
        while True:
            k = secrets.randbelow(q - 1) + 1
            point = self.curve.sum(k, (self.curve.x, self.curve.y), 0)
            assert point is not None
            r = point[0] % q
            s = (r * self.secret + k * e) % q
            if r and s:
                return r.to_bytes(self.curve.size, "little") + s.to_bytes(self.curve.size, "little")


def spki_of(algorithm: str, parameters: Sequence[str], raw: bytes) -> bytes:
    """A SubjectPublicKeyInfo of whatever is said."""
    named = core.SequenceOf(spec=core.ObjectIdentifier)
    for item in parameters:
        named.append(core.ObjectIdentifier(item))
    inner = core.ObjectIdentifier(algorithm).dump() + named.dump()
    bits = core.OctetBitString(core.OctetString(raw).dump())
    return _sequence(_sequence(inner) + bits.dump())


def _sequence(contents: bytes) -> bytes:
    return bytes(core.Asn1Value(class_=0, method=1, tag=16, contents=contents).dump())


def new_key(bits: int = 512, curve: Curve | None = None, parameters: str = "") -> GostKey:
    standard, name = _CURVE[bits]
    chosen = curve or standard
    return GostKey(chosen, parameters or name, secrets.randbelow(chosen.q - 1) + 1)


def mechanism(bits: int) -> algos.SignedDigestAlgorithm:
    return algos.SignedDigestAlgorithm({"algorithm": _SIGNATURE[bits], "parameters": core.Null()})


def hash_algorithm(bits: int) -> algos.DigestAlgorithm:
    return algos.DigestAlgorithm({"algorithm": _DIGEST[bits], "parameters": core.Null()})


@dataclass(frozen=True)
class Holder:
    """A key with its certificate."""

    key: GostKey
    certificate: x509.Certificate

    @property
    def der(self) -> bytes:
        return bytes(self.certificate.dump())


_EMAIL, _HEAD, _ENTITY = "1.3.6.1.5.5.7.3.4", "1.2.398.3.3.4.1.2.1", "1.2.398.3.3.4.1.2"
HEAD_PURPOSES = (_EMAIL, _ENTITY, _HEAD)
PERSON_PURPOSES = (_EMAIL, "1.2.398.3.3.4.1.1")


@dataclass(frozen=True)
class GostAuthority:
    """A root and an issuing authority, as the national one is built."""

    root: Holder
    issuing: Holder
    bits: int = 512

    def issue(
        self,
        *,
        bits: int = 0,
        purposes: Iterable[str] = HEAD_PURPOSES,
        usage: Iterable[str] = ("digital_signature", "non_repudiation", "key_agreement"),
        valid_from: datetime = VALID_FROM,
        key: GostKey | None = None,
        critical_purpose: bool = False,
        subject: dict[str, str] | None = None,
        no_check: bool = False,
        list_at: str = "",
    ) -> Holder:
        owner = key or new_key(bits or self.bits)
        named = subject or {
            "common_name": "ЖҰМАҒАЛИЕВ ӘДІЛ",
            "surname": "ЖҰМАҒАЛИЕВ",
            "serial_number": f"IIN{IIN}",
            "country_name": "KZ",
            "given_name": "СЕРІКҰЛЫ",
            "organization_name": "Денсаулық сақтау басқармасы",
            "organizational_unit_name": f"BIN{BIN}",
        }
        extensions = [
            ("key_usage", True, x509.KeyUsage(set(usage))),
            ("extended_key_usage", critical_purpose, x509.ExtKeyUsageSyntax(list(purposes))),
            ("authority_information_access", False, _where("ocsp", "http://ocsp.invalid/")),
        ]
        if no_check:
            extensions.append(("ocsp_no_check", False, core.Null()))
        if list_at:
            extensions.append(("crl_distribution_points", False, _listed(list_at)))
        return _certified(owner, named, self.issuing, valid_from, timedelta(days=365), extensions)

    def crl(
        self,
        *revoked: Holder,
        issued: datetime = AT - timedelta(hours=1),
        lasts: timedelta = timedelta(days=1),
        by: Holder | None = None,
    ) -> bytes:
        """A list of revoked certificates."""
        signer = by or self.issuing
        entries = [
            {
                "user_certificate": one.certificate.serial_number,
                "revocation_date": x509.Time({"utc_time": issued}),
            }
            for one in revoked
        ]
        tbs = crl.TbsCertList(
            {
                "version": "v2",
                "signature": mechanism(signer.key.bits),
                "issuer": signer.certificate.subject,
                "this_update": x509.Time({"utc_time": issued}),
                "next_update": x509.Time({"utc_time": issued + lasts}),
                "revoked_certificates": entries or None,
                "crl_extensions": [
                    {"extn_id": "crl_number", "critical": False, "extn_value": core.Integer(14)}
                ],
            }
        )
        made = crl.CertificateList(
            {
                "tbs_cert_list": tbs,
                "signature_algorithm": mechanism(signer.key.bits),
                "signature": signer.key.sign(tbs.dump()),
            }
        )
        return bytes(made.dump())

    def ocsp(self, of: Holder, status: str = "good", *, by: Holder | None = None, at: datetime = AT) -> bytes:
        """An OCSP answer, signed by the issuing authority or by its responder."""
        signer = by or self.issuing
        issuer = self.issuing.certificate
        single = {
            "cert_id": {
                "hash_algorithm": {"algorithm": "sha1"},
                "issuer_name_hash": sha1(issuer.subject.dump(), usedforsecurity=False).digest(),
                "issuer_key_hash": issuer.public_key.sha1,
                "serial_number": of.certificate.serial_number,
            },
            "cert_status": ocsp.CertStatus("revoked", {"revocation_time": at - timedelta(days=1)})
            if status == "revoked"
            else ocsp.CertStatus("good", ocsp.StatusGood()),
            "this_update": at,
            "next_update": at + timedelta(hours=1),
        }
        tbs = ocsp.ResponseData(
            {
                "responder_id": ocsp.ResponderId("by_name", signer.certificate.subject),
                "produced_at": at,
                "responses": [single],
            }
        )
        basic = ocsp.BasicOCSPResponse(
            {
                "tbs_response_data": tbs,
                "signature_algorithm": mechanism(signer.key.bits),
                "signature": signer.key.sign(tbs.dump()),
                "certs": [signer.certificate],
            }
        )
        return bytes(
            ocsp.OCSPResponse(
                {
                    "response_status": "successful",
                    "response_bytes": {"response_type": "basic_ocsp_response", "response": basic},
                }
            ).dump()
        )


@cache
def authority(bits: int = 512, valid_from: datetime = VALID_FROM - timedelta(days=30)) -> GostAuthority:
    root_key, issuing_key = new_key(bits), new_key(bits)
    names = ("НЕГІЗГІ КУӘЛАНДЫРУШЫ ОРТАЛЫҚ (GOST) TEST", "ҰЛТТЫҚ КУӘЛАНДЫРУШЫ ОРТАЛЫҚ (GOST) TEST 2026")
    root = _authority_certificate(root_key, names[0], None, valid_from)
    return GostAuthority(root, _authority_certificate(issuing_key, names[1], root, valid_from), bits)


def _where(method: str, url: str) -> x509.AuthorityInfoAccessSyntax:
    place = x509.GeneralName("uniform_resource_identifier", url)
    return x509.AuthorityInfoAccessSyntax([{"access_method": method, "access_location": place}])


def _listed(url: str) -> x509.CRLDistributionPoints:
    place = x509.GeneralName("uniform_resource_identifier", url)
    return x509.CRLDistributionPoints([{"distribution_point": {"full_name": [place]}}])


def _authority_certificate(key: GostKey, name: str, issuer: Holder | None, valid_from: datetime) -> Holder:
    extensions = [
        ("basic_constraints", True, x509.BasicConstraints({"ca": True})),
        ("key_usage", True, x509.KeyUsage({"key_cert_sign", "crl_sign"})),
    ]
    subject = {"common_name": name, "country_name": "KZ"}
    return _certified(key, subject, issuer, valid_from, timedelta(days=3000), extensions)


def _certified(
    key: GostKey,
    subject: dict[str, str],
    issuer: Holder | None,
    valid_from: datetime,
    lasts: timedelta,
    extensions: list[tuple[str, bool, Any]],
) -> Holder:
    info = keys.PublicKeyInfo.load(key.spki)
    name = x509.Name.build(subject)
    above = issuer.certificate if issuer else None
    identifiers = [
        ("key_identifier", False, core.OctetString(info.sha1)),
        (
            "authority_key_identifier",
            False,
            x509.AuthorityKeyIdentifier({"key_identifier": above.public_key.sha1 if above else info.sha1}),
        ),
    ]
    tbs = x509.TbsCertificate(
        {
            "version": "v3",
            "serial_number": secrets.randbits(150) | 1,
            "signature": mechanism((issuer.key if issuer else key).bits),
            "issuer": above.subject if above else name,
            "validity": {
                "not_before": x509.Time({"utc_time": valid_from}),
                "not_after": x509.Time({"utc_time": valid_from + lasts}),
            },
            "subject": name,
            "subject_public_key_info": info,
            "extensions": [
                {"extn_id": kind, "critical": critical, "extn_value": value}
                for kind, critical, value in (*extensions, *identifiers)
            ],
        }
    )
    signer = issuer.key if issuer else key
    made = x509.Certificate(
        {
            "tbs_certificate": tbs,
            "signature_algorithm": mechanism(signer.bits),
            "signature_value": signer.sign(tbs.dump()),
        }
    )
    return Holder(key, x509.Certificate.load(made.dump()))
