"""Proofs kept in a CMS signature itself, as CAdES keeps them for long (ETSI EN 319 122-1; RFC 5126 6.3).

Certificate-values and revocation-values among what is not signed (CAdES-X-L), and answers and lists beside the certificates
(``SignedData.crls``, RFC 5652 10.2.1, RFC 5940). Anybody may add them; what is right among them proves itself.
"""

import itertools
from collections.abc import Iterator
from typing import Any

from asn1crypto import core, crl, ocsp, x509

from desktop.eds.embedded_proofs import MOST_OF_EACH, Proofs

_CERTIFICATE_VALUES = "1.2.840.113549.1.9.16.2.23"
_REVOCATION_VALUES = "1.2.840.113549.1.9.16.2.24"
_BASIC = "1.3.6.1.5.5.7.48.1.1"
_BROKEN = (ValueError, TypeError, LookupError, AttributeError, ArithmeticError, RecursionError)


class _Certificates(core.SequenceOf):  # type: ignore[misc]
    _child_spec = x509.Certificate


class _Lists(core.SequenceOf):  # type: ignore[misc]
    _child_spec = crl.CertificateList


class _Answers(core.SequenceOf):  # type: ignore[misc]
    _child_spec = ocsp.BasicOCSPResponse


class _Revocation(core.Sequence):  # type: ignore[misc]
    _fields = [  # noqa: RUF012 - read by its base
        ("lists", _Lists, {"explicit": 0, "optional": True}),
        ("answers", _Answers, {"explicit": 1, "optional": True}),
        ("others", core.Any, {"explicit": 2, "optional": True}),
    ]


def of(data: Any, signer_info: Any) -> Proofs:
    """Return what a SignedData and one of its signers hold; what cannot be read is left out."""
    proofs = _beside(data)
    for kind, value in _unsigned(signer_info):
        try:
            proofs += _values(kind, value)
        except _BROKEN:
            continue
    return Proofs(
        proofs.certificates[:MOST_OF_EACH],
        proofs.answers[:MOST_OF_EACH],
        proofs.lists[:MOST_OF_EACH],
        proofs.until,
    )


def _unsigned(signer_info: Any) -> Iterator[tuple[str, bytes]]:
    attributes = signer_info["unsigned_attrs"]
    if isinstance(attributes, core.Void):
        return
    for attribute in itertools.islice(attributes, MOST_OF_EACH):
        kind = attribute["type"].dotted
        if kind in (_CERTIFICATE_VALUES, _REVOCATION_VALUES):
            for value in itertools.islice(attribute["values"], MOST_OF_EACH):
                yield kind, value.dump()


def _values(kind: str, value: bytes) -> Proofs:
    if kind == _CERTIFICATE_VALUES:
        found = _Certificates.load(value, strict=True)
        return Proofs(tuple(_whole(one) for one in itertools.islice(found, MOST_OF_EACH)))
    told = _Revocation.load(value, strict=True)
    answers = (_answer(one.dump()) for one in _some(told["answers"]))
    return Proofs((), tuple(answers), tuple(one.dump() for one in _some(told["lists"])))


def _beside(data: Any) -> Proofs:
    answers: list[bytes] = []
    lists: list[bytes] = []
    try:
        for one in _some(data["crls"]):
            if one.name == "crl":
                lists.append(one.chosen.dump())
            elif one.chosen["other_rev_info_format"].native == "ocsp_response":
                answers.append(one.chosen["other_rev_info"].dump())
            elif one.chosen["other_rev_info_format"].dotted == _BASIC:
                answers.append(_answer(one.chosen["other_rev_info"].dump()))
    except _BROKEN:
        pass  # what was read before proves itself
    return Proofs((), tuple(answers), tuple(lists))


def _some(told: Any) -> list[Any]:
    return [] if isinstance(told, core.Void) else list(itertools.islice(told, MOST_OF_EACH))


def _whole(certificate: x509.Certificate) -> bytes:
    certificate.native  # noqa: B018 - forces the parse
    return bytes(certificate.dump())


def _answer(basic: bytes) -> bytes:
    """Return a basic answer in the envelope a responder sends it in."""
    inside = {"response_type": "basic_ocsp_response", "response": core.ParsableOctetString(basic)}
    return bytes(ocsp.OCSPResponse({"response_status": "successful", "response_bytes": inside}).dump())
