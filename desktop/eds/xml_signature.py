"""XML signatures (XMLDSig) of the National authority's profile, verified offline: RSA-SHA256 and GOST, over the whole document.

A signature here is enveloped, refers to the document itself and to no part of it, and has no other transformation than
its own removal and a canonical form: so nothing signed can be moved about (signature wrapping). No DTD, no entities, no
network. Nobody says when it was made: certificates are judged at the moment of checking.
"""

from collections.abc import Sequence
from copy import deepcopy
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from asn1crypto import algos, x509
from cryptography.exceptions import InvalidSignature
from lxml import etree

from desktop.eds import algorithms, xml_profile
from desktop.eds.certificates import CertificateInfo, Material, describe, find_chain, load
from desktop.eds.cms_signature import CmsFile, CmsSeen
from desktop.eds.gost.validator import GostSignatureValidator
from desktop.eds.pdf_signature import MALFORMED
from desktop.eds.verdict import Reason, Unreadable
from desktop.eds.xml_profile import DS, Form, Refused
from desktop.errors import Unavailable

LARGEST = 32 * 1024 * 1024
MOST_SIGNATURES = 8
MOST_WORK = 20_000_000  # a canonical form costs the square of the names in force, at every element
_MALFORMED = (*MALFORMED, etree.LxmlError)


def verify_xml(
    xml: bytes,
    *,
    trust_roots: Sequence[Material] = (),
    at: datetime,
    certificates: Sequence[Material] = (),
) -> CmsFile:
    """Judge every signature of the document; ``at`` is the aware moment of checking. Nothing is fetched.

    A signature covers the document without itself, and without those made after it. ``certificates``: of authorities,
    not trusted by this. Raises Unreadable("xml-not-xml"), ("xml-with-dtd") or ("xml-too-large", fact ``limit``).
    """
    roots, others = load(trust_roots), load(certificates)
    tree = _parsed(xml)
    count = len(_signatures(tree))
    if not 0 < count <= MOST_SIGNATURES:
        return CmsFile((CmsSeen(Reason.TOO_MANY if count else Reason.NO_SIGNATURE),), xml, True)
    return CmsFile(tuple(_judged(tree, number, roots, others, at) for number in range(count)), xml, True)


def _parsed(xml: bytes) -> Any:
    if len(xml) > LARGEST:
        raise Unreadable("xml-too-large", limit=LARGEST)
    raw = xml.removeprefix(b"\xef\xbb\xbf").lstrip()
    if b"<!DOCTYPE" in raw.replace(b"\0", b""):
        raise Unreadable("xml-with-dtd")
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        dtd_validation=False,
        huge_tree=False,
        strip_cdata=False,
    )
    try:
        tree = etree.ElementTree(etree.fromstring(raw, parser))
    except (etree.LxmlError, ValueError, AssertionError) as error:
        raise Unreadable("xml-not-xml") from error
    if tree.docinfo.doctype or tree.docinfo.internalDTD is not None:
        raise Unreadable("xml-with-dtd")
    if _is_overgrown(tree):
        raise Unreadable("xml-not-xml")
    return tree


def _is_overgrown(tree: Any) -> bool:
    """Whether a canonical form would take for ever: many names in force, or attributes, at many elements."""
    names = work = 0
    for event, one in etree.iterwalk(tree, events=("start", "start-ns", "end-ns")):
        names += {"start-ns": 1, "end-ns": -1}.get(event, 0)
        if event == "start":
            work += names**2 + len(one.attrib) ** 2
        if work > MOST_WORK:
            return True
    return False


@dataclass(frozen=True, slots=True)
class _Signed:
    """One signature, read: how it was made, by whom, and its value."""

    form: Form
    value: bytes
    info: CertificateInfo
    others: tuple[bytes, ...]


def _judged(tree: Any, number: int, roots: Sequence[bytes], others: Sequence[bytes], at: datetime) -> CmsSeen:
    """Judge one signature; whatever cannot be worked out is not valid."""
    element = _signatures(tree)[number]
    try:
        signed = _read(tree, element)
    except Refused as refused:
        return CmsSeen(refused.reason)
    except _MALFORMED:
        return CmsSeen(Reason.DAMAGED)
    seen = CmsSeen(Reason.DAMAGED, signed.info, algorithm=signed.form.algorithm)
    if not signed.form.suits(signed.info):
        return replace(seen, reason=Reason.ALGORITHM_UNSUPPORTED)
    try:
        unchanged = _is_unchanged(tree, number, signed.form)
        made = _is_made_by(element, signed)
        chain = _chain(signed, roots, others, at)
    except Unavailable:
        return replace(seen, reason=Reason.HASH_NOT_HERE)
    except _MALFORMED:
        return seen
    return replace(seen, reason=_reason(signed.info, chain, at, unchanged=unchanged, made=made), chain=chain)


def _signatures(tree: Any) -> list[Any]:
    return list(tree.getroot().iter(f"{DS}Signature"))


def _read(tree: Any, element: Any) -> _Signed:
    """Take one signature apart; Refused with the reason when it is not of the profile."""
    form = xml_profile.read(tree, element)
    value = xml_profile.decoded(xml_profile.only(element, "SignatureValue"))
    ders = [
        xml_profile.decoded(item)
        for item in element.iterfind(f"{DS}KeyInfo/{DS}X509Data/{DS}X509Certificate")
    ]
    if not ders or len(ders) > xml_profile.MOST_CERTIFICATES:
        raise Refused(Reason.DAMAGED)
    signer = _end_of_chain(ders)
    return _Signed(form, value, describe(signer), tuple(der for der in ders if der != signer))


def _end_of_chain(ders: Sequence[bytes]) -> bytes:
    """Return the certificate that issued none of the others, the first where that leaves several."""
    loaded = [x509.Certificate.load(der) for der in ders]
    ends = [
        der
        for der, one in zip(ders, loaded, strict=True)
        if not any(other.issuer == one.subject for other in loaded if other is not one)
    ]
    return (ends or list(ders))[0]


def _is_unchanged(tree: Any, number: int, form: Form) -> bool:
    """Whether the document is what was signed: without this signature, and without the later ones made on top of it."""
    for last in (number, len(_signatures(tree)) - 1):
        rest = _without(tree, range(number, last + 1))
        for canonical in form.canonical(rest):
            if algorithms.digest(form.digest, canonical) == form.digest_value:
                return True
    return False


def _without(tree: Any, numbers: range) -> Any:
    copied = deepcopy(tree)
    for element in [one for number, one in enumerate(_signatures(copied)) if number in numbers]:
        xml_profile.take_out(element)
    return copied


def _is_made_by(element: Any, signed: _Signed) -> bool:
    mechanism = algos.SignedDigestAlgorithm({"algorithm": signed.form.mechanism})
    key = x509.Certificate.load(signed.info.der).public_key
    data = signed.form.canonical_signed_info(xml_profile.only(element, "SignedInfo"))
    try:
        GostSignatureValidator().validate_signature(signed.value, data, key, mechanism)
    except InvalidSignature:
        return False
    return True


def _chain(
    signed: _Signed, roots: Sequence[bytes], others: Sequence[bytes], at: datetime
) -> tuple[CertificateInfo, ...]:
    """Return the chain; of a certificate out of date as it was while in date, so that more than that is told."""
    moment = min(max(at, signed.info.not_before), signed.info.not_after)
    found = find_chain(signed.info.der, others=[*signed.others, *others], trust_roots=roots, at=moment)
    return found or ()


def _reason(
    info: CertificateInfo, chain: Sequence[CertificateInfo], at: datetime, *, unchanged: bool, made: bool
) -> Reason:
    tests = (
        (not unchanged, Reason.CHANGED),
        (not made, Reason.FORGED),
        (at < info.not_before, Reason.NOT_YET_VALID),
        (at > info.not_after, Reason.EXPIRED),
        (not info.may_sign, Reason.NO_SIGNING_RIGHT),
        (not chain, Reason.UNTRUSTED),
    )
    good = Reason.VALID_DEMO if info.is_demo else Reason.VALID
    return next((reason for wrong, reason in tests if wrong), good)
