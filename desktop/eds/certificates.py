"""Certificates of Kazakhstan's certification authority: what one says, and whether its owner may sign here.

Profile (rules of the National Certification Authority, order V2000021440): the subject holds
``serialNumber=IIN<12 digits>``, for a person of an organisation also ``OU=BIN<12 digits>``; the patronymic
stands in ``givenName``; what the owner may do is told by extended key usages below 1.2.398.3.3.4.
"""

import asyncio
import base64
import contextlib
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from functools import lru_cache
from hashlib import sha256
from typing import Any

from asn1crypto import pem, x509

from desktop.eds import gost
from desktop.errors import NotAllowed
from desktop.regulation.identifiers import DEMO_MARK as DEMO_MARK

Material = str | bytes
"""One or more certificates as PEM text, or one as DER bytes or bare base64."""

_IIN = re.compile(r"IIN(\d{12})")
_BIN = re.compile(r"BIN(\d{12})")
_KEYS = frozenset({"rsa", "rsassa_pss", "ec"})
GOST = frozenset(f"gost2015-{bits}" for bits in gost.KEYS.values())
"""Keys that are checked here and signed with elsewhere: no key of these is in a file or on a token we can use."""

_EMAIL_PROTECTION = "1.3.6.1.5.5.7.3.4"
_USUAL_BYTES = 8 * 1024  # of a certificate; what is larger is not remembered
_MALFORMED = (ValueError, TypeError, KeyError, AttributeError, OverflowError)


class OwnerRole(StrEnum):
    """What the authority says the owner is: extended key usages of the profile."""

    INDIVIDUAL = "1.2.398.3.3.4.1.1"
    LEGAL_ENTITY = "1.2.398.3.3.4.1.2"
    FIRST_HEAD = "1.2.398.3.3.4.1.2.1"
    MAY_SIGN = "1.2.398.3.3.4.1.2.2"
    MAY_SIGN_FINANCE = "1.2.398.3.3.4.1.2.3"
    HR = "1.2.398.3.3.4.1.2.4"
    EMPLOYEE = "1.2.398.3.3.4.1.2.5"
    INFORMATION_SYSTEM = "1.2.398.3.3.4.1.2.6"


_TELLING = (
    OwnerRole.FIRST_HEAD,
    OwnerRole.MAY_SIGN,
    OwnerRole.MAY_SIGN_FINANCE,
    OwnerRole.HR,
    OwnerRole.EMPLOYEE,
    OwnerRole.INFORMATION_SYSTEM,
    OwnerRole.INDIVIDUAL,
    OwnerRole.LEGAL_ENTITY,
)


@dataclass(frozen=True, slots=True)
class CertificateInfo:
    """What a certificate says. Moments are aware (UTC); identifiers stay out of ``repr`` and so of the logs."""

    subject: str = field(repr=False)
    name: str = field(repr=False)
    iin: str = field(repr=False)  # "" when there is none, or more than one
    bin: str = field(repr=False)
    organisation: str
    not_before: datetime
    not_after: datetime
    issuer: str
    serial: str  # hexadecimal
    sha256: str
    key_usage: frozenset[str]  # names of RFC 5280 in snake case: "non_repudiation"
    extended_key_usage: frozenset[str]  # dotted object identifiers
    roles: frozenset[OwnerRole]
    algorithm: (
        str  # "rsa", "ec", "gost2015-256", "gost2015-512", or the dotted identifier of a key unknown here
    )
    key_bits: int  # 0 when unknown
    is_demo: bool
    der: bytes = field(repr=False)

    @property
    def may_sign(self) -> bool:
        """Whether it is a signing certificate (an authentication one has no ``nonRepudiation``)."""
        usage = self.extended_key_usage
        return "non_repudiation" in self.key_usage and (not usage or _EMAIL_PROTECTION in usage)

    @property
    def speaks_for_organisation(self) -> bool:
        """Whether the owner is the first head or a person with the right to sign for the organisation."""
        return not self.roles.isdisjoint({OwnerRole.FIRST_HEAD, OwnerRole.MAY_SIGN})

    @property
    def role(self) -> str:
        """What the owner is, the most telling of what is said: "first-head", "employee", ...; "" when nothing is."""
        told = next((role for role in _TELLING if role in self.roles), None)
        return told.name.lower().replace("_", "-") if told else ""


def load(material: Iterable[Material]) -> tuple[bytes, ...]:
    """Return the DER of every certificate in ``material``, each once, in order.

    Raises NotAllowed("certificate-unreadable") when something in it is not a certificate.
    """
    found: dict[bytes, None] = {}
    for item in material:
        try:
            ders = _ders(item.encode() if isinstance(item, str) else item)
            for der in ders:
                _read_before(der) if len(der) <= _USUAL_BYTES else _read_through(der)
        except _MALFORMED as error:
            raise NotAllowed("certificate-unreadable") from error
        if not ders:
            raise NotAllowed("certificate-unreadable")
        found.update(dict.fromkeys(ders))
    return tuple(found)


def parsed(der: bytes) -> Any:
    """Return the certificate as asn1crypto has it; to be looked at only, for others may have it too.

    The few an office meets again and again are read once. One with parts that cannot be read is as it comes.
    """
    if len(der) <= _USUAL_BYTES:
        with contextlib.suppress(*_MALFORMED):
            return _read_before(der)
    return x509.Certificate.load(der)


def _read_through(der: bytes) -> Any:
    certificate = x509.Certificate.load(der, strict=True)
    certificate.native  # noqa: B018 - parses all of it, so that no two threads do
    return certificate


_read_before = lru_cache(maxsize=64)(_read_through)


def _ders(raw: bytes) -> list[bytes]:
    if pem.detect(raw):
        return [der for kind, _, der in pem.unarmor(raw, multiple=True) if kind == "CERTIFICATE"]
    if raw.lstrip().startswith(b"MI"):  # the authority also gives out bare base64
        return [base64.b64decode(b"".join(raw.split()), validate=True)]
    return [raw]


def to_pem(der: bytes) -> str:
    """Return ``der`` armoured as PEM text."""
    return str(pem.armor("CERTIFICATE", der).decode())


def describe(der: bytes) -> CertificateInfo:
    """Return what the certificate ``der`` says; NotAllowed("certificate-unreadable") when it is not one."""
    try:
        return _described_before(der) if len(der) <= _USUAL_BYTES else _described(der)
    except _MALFORMED as error:
        raise NotAllowed("certificate-unreadable") from error


@lru_cache(maxsize=64)
def _described_before(der: bytes) -> CertificateInfo:
    return _described(der)


def _described(der: bytes) -> CertificateInfo:
    certificate: Any = x509.Certificate.load(der, strict=True)
    subject = _attributes(certificate.subject)
    issuer = _attributes(certificate.issuer)
    usage = certificate.key_usage_value
    extended = certificate.extended_key_usage_value
    purposes = frozenset(item.dotted for item in extended) if extended is not None else frozenset()
    validity = certificate["tbs_certificate"]["validity"]
    algorithm, key_bits = _key(certificate.public_key)
    der = certificate.dump()
    return CertificateInfo(
        subject=", ".join(value for _, value in subject),
        name=_person(subject),
        iin=_identifier(_IIN, subject, "serial_number"),
        bin=_identifier(_BIN, subject, "organizational_unit_name", "serial_number"),
        organisation=_first(subject, "organization_name"),
        not_before=validity["not_before"].native,
        not_after=validity["not_after"].native,
        issuer=_first(issuer, "common_name") or ", ".join(value for _, value in issuer),
        serial=format(certificate.serial_number, "x"),
        sha256=sha256(der).hexdigest(),
        key_usage=frozenset(usage.native) if usage is not None else frozenset(),
        extended_key_usage=purposes,
        roles=frozenset(role for role in OwnerRole if role.value in purposes),
        algorithm=algorithm,
        key_bits=key_bits,
        is_demo=any(DEMO_MARK in value for _, value in (*subject, *issuer)),
        der=der,
    )


def _key(key: Any) -> tuple[str, int]:
    """Return the algorithm by name with its bits, or the dotted identifier and 0 for a key that cannot be used here."""
    algorithm = key["algorithm"]["algorithm"]
    if algorithm.native in _KEYS:
        return str(algorithm.native), int(key.bit_size)
    if algorithm.dotted in gost.KEYS and gost.public_key(key.dump()) is not None:
        bits = gost.KEYS[algorithm.dotted]
        return f"gost2015-{bits}", bits
    return str(algorithm.dotted), 0


def _attributes(name: Any) -> tuple[tuple[str, str], ...]:
    """Return the attributes of a distinguished name as (type, value), in the order they stand."""
    return tuple(
        (attribute["type"].native, str(attribute["value"].native)) for rdn in name.chosen for attribute in rdn
    )


def _first(attributes: Iterable[tuple[str, str]], kind: str) -> str:
    return next((value for name, value in attributes if name == kind), "")


def _person(subject: Sequence[tuple[str, str]]) -> str:
    """Return surname, name and, where given, patronymic (the profile keeps it in ``givenName``)."""
    common = _first(subject, "common_name")
    patronymic = _first(subject, "given_name")
    return common if not patronymic or patronymic in common.split() else f"{common} {patronymic}"


def _identifier(pattern: re.Pattern[str], subject: Iterable[tuple[str, str]], *kinds: str) -> str:
    """Return the one identifier of the pattern; "" when there is none or they contradict each other."""
    found = {match[1] for name, value in subject if name in kinds and (match := pattern.fullmatch(value))}
    return found.pop() if len(found) == 1 else ""


def check_signer(
    info: CertificateInfo,
    *,
    chain: Sequence[bytes],
    trust_roots: Sequence[Material],
    at: datetime,
    iin: str,
    bin: str | None = None,
) -> tuple[CertificateInfo, ...]:
    """Check that the owner of ``info`` is the signer ``iin`` of organisation ``bin`` and may sign at ``at``.

    ``bin`` None leaves the organisation unchecked (a natural person signing). ``chain`` holds the issuing
    certificates at hand, ``trust_roots`` the office's roots. Returns the chain from the signer to the root;
    raises NotAllowed naming what is wrong. Revocation is not asked: nothing here goes to the network.
    """
    if not iin or info.iin != iin:
        raise NotAllowed("certificate-foreign", owner=info.name)
    if bin is not None and info.bin != bin:
        raise NotAllowed("certificate-wrong-organisation", owner=info.name, organisation=info.organisation)
    check_certificate(info, at)
    if bin is not None and not info.speaks_for_organisation:
        raise NotAllowed("certificate-no-role", owner=info.name, organisation=info.organisation)
    path = find_chain(info.der, others=chain, trust_roots=load(trust_roots), at=at)
    if path is None:
        raise NotAllowed("certificate-untrusted", owner=info.name, issuer=info.issuer)
    return path


def check_certificate(info: CertificateInfo, at: datetime) -> None:
    """Raise NotAllowed unless the certificate itself is in date at ``at``, for signing, and of a kind we know."""
    facts = {
        "owner": info.name,
        "at": at,
        "valid_from": info.not_before.astimezone(at.tzinfo),
        "valid_until": info.not_after.astimezone(at.tzinfo),
    }
    if at < info.not_before:
        raise NotAllowed("certificate-not-yet-valid", **facts)
    if at > info.not_after:
        raise NotAllowed("certificate-expired", **facts)
    if not info.may_sign:
        raise NotAllowed("certificate-no-signing-right", owner=info.name)
    if info.algorithm not in _KEYS and info.algorithm not in GOST:
        raise NotAllowed("certificate-algorithm-unsupported", algorithm=info.algorithm)


def find_chain(
    der: bytes, *, others: Sequence[bytes], trust_roots: Sequence[bytes], at: datetime
) -> tuple[CertificateInfo, ...] | None:
    """Return the valid chain of ``der`` at ``at`` from it up to a trust root, or None (RFC 5280, offline)."""
    from pyhanko_certvalidator import CertificateValidator
    from pyhanko_certvalidator.errors import PathError, ValidationError

    try:
        validator = CertificateValidator(
            x509.Certificate.load(der),
            intermediate_certs=[x509.Certificate.load(item) for item in others],
            validation_context=offline_context(trust_roots, at),
        )
        path = asyncio.run(validator.async_validate_path())
    except (PathError, ValidationError, *_MALFORMED):
        return None
    return path_of(path)


def path_of(path: Any) -> tuple[CertificateInfo, ...]:
    """Return the certificates of a validation path, from the signer's up to the root."""
    return tuple(reversed([describe(item.dump()) for item in path.iter_certs(include_root=True)]))


def offline_context(trust_roots: Sequence[bytes], at: datetime) -> Any:
    """Return a validation context for the moment ``at`` that trusts just these roots and never fetches; GOST is in it.

    An issuing certificate among them may stand in a chain and ends none (:func:`told_apart`).
    """
    from pyhanko_certvalidator import ValidationContext

    from desktop.eds.gost.validator import GostSignatureValidator, SignaturePolicy

    # An empty list stays a list: None would mean the operating system's roots.
    roots, issuing = told_apart(trust_roots)
    context = ValidationContext(
        trust_roots=[parsed(item) for item in roots],
        moment=at,
        allow_fetching=False,
        revocation_mode="soft-fail",
        crls=[],
        ocsps=[],
        signature_validator=GostSignatureValidator(),
        algorithm_usage_policy=SignaturePolicy(),
    )
    context.certificate_registry.register_multiple([parsed(item) for item in issuing])
    return context


def told_apart(ders: Iterable[bytes]) -> tuple[tuple[bytes, ...], tuple[bytes, ...]]:
    """Return what may end a chain, and the issuing certificates: of an authority, signed by another.

    The national authority gives out its root and its issuing certificates apart, and an office trusts both. Were an
    issuing one an anchor, nobody would ask the root whether it is revoked.
    """
    anchors: list[bytes] = []
    issuing: list[bytes] = []
    for der in ders:
        certificate = parsed(der)
        between = certificate.ca and certificate.subject != certificate.issuer
        (issuing if between else anchors).append(der)
    return tuple(anchors), tuple(issuing)


def without_root(ders: Iterable[bytes]) -> tuple[bytes, ...]:
    """Return the issuing certificates among ``ders`` that lead to no root among them: they count for nothing yet.

    Only the names are looked at, to tell a person what is missing; a chain is proved when it is used.
    """
    anchors, issuing = told_apart(ders)
    known = {parsed(der).subject.hashable for der in anchors}
    waiting = list(issuing)
    while found := [der for der in waiting if parsed(der).issuer.hashable in known]:
        known |= {parsed(der).subject.hashable for der in found}
        waiting = [der for der in waiting if der not in found]
    return tuple(waiting)
