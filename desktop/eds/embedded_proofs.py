"""Proofs kept in a signed file itself: certificates, answers and lists of the authority (DSS of PAdES B-LT, Adobe's archive).

They are anybody's to add, so what is wrong among them is passed over, and what is right proves itself.
"""

import itertools
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from asn1crypto import x509
from pyhanko.pdf_utils.misc import PdfError

from desktop.eds import ocsp
from desktop.eds.certificates import CertificateInfo
from desktop.eds.revocation import Revocation, standing
from desktop.eds.revocation_asking import AskRevocation, ask_chain, of_list
from desktop.eds.verdict_parts import NOT_ASKED, RevocationSeen, Source, Standing

MOST_OF_EACH = 64
MOST_BYTES = 64 * 1024 * 1024  # of each kind together
MOST_SECONDS = (
    20.0  # for all proofs of one file: a GOST signature costs a tenth of a second, and anybody may add some
)
_BROKEN = (ValueError, TypeError, LookupError, AttributeError, ArithmeticError, RecursionError, PdfError)


@dataclass(frozen=True, slots=True)
class Proofs:
    """All DER. ``until``: the moment of the monotonic clock after which no more of them are looked at."""

    certificates: tuple[bytes, ...] = ()
    answers: tuple[bytes, ...] = ()
    lists: tuple[bytes, ...] = ()
    until: float = field(default_factory=lambda: time.monotonic() + MOST_SECONDS, compare=False)

    def __add__(self, other: "Proofs") -> "Proofs":
        return Proofs(
            self.certificates + other.certificates,
            self.answers + other.answers,
            self.lists + other.lists,
            self.until,
        )


def of_document(reader: Any) -> Proofs:
    """Return what the document security store (ISO 32000-2 12.8.4.3) of a PDF holds; nothing when it has none."""
    try:
        store = reader.root["/DSS"]
    except _BROKEN:
        return Proofs()
    certificates = [der for der in _streams(store, "/Certs") if _is_certificate(der)]
    return Proofs(tuple(certificates), tuple(_streams(store, "/OCSPs")), tuple(_streams(store, "/CRLs")))


def _streams(store: Any, name: str) -> Iterator[bytes]:
    try:
        references = list(store[name])[:MOST_OF_EACH]
    except _BROKEN:
        return
    size = 0
    for reference in references:
        try:
            content = bytes(reference.get_object().data)
        except _BROKEN:
            continue
        size += len(content)
        if size > MOST_BYTES:
            return
        yield content


def _is_certificate(der: bytes) -> bool:
    try:
        x509.Certificate.load(der, strict=True).native  # noqa: B018 - forces the parse
    except _BROKEN:
        return False
    return True


def of_signature(signer_info: Any) -> Proofs:
    """Return what the signature itself holds: Adobe's archive of revocation information."""
    answers: list[bytes] = []
    lists: list[bytes] = []
    try:
        for attribute in signer_info["signed_attrs"]:
            if attribute["type"].native == "adobe_revocation_info_archival":
                for value in attribute["values"]:
                    answers += [bytes(one.dump()) for one in _items(value["ocsp"])]
                    lists += [bytes(one.dump()) for one in _items(value["crl"])]
    except _BROKEN:
        return Proofs()
    return Proofs((), tuple(answers[:MOST_OF_EACH]), tuple(lists[:MOST_OF_EACH]))


def _items(told: Any) -> list[Any]:
    return [] if told.native is None else list(told)


def said_by(
    proofs: Proofs, info: CertificateInfo, issuer: CertificateInfo, moment: datetime, at: datetime
) -> RevocationSeen | None:
    """Return what ``proofs`` say of ``info``: as of ``moment`` (of signing) or later, never later than ``at`` (now)."""
    found = [
        *_while_time(
            proofs, proofs.answers, lambda answer: _of_answer(proofs, answer, info, issuer, moment, at)
        ),
        *_while_time(proofs, proofs.lists, lambda crl: _of_list(crl, info, issuer, moment, at)),
    ]
    return _best(found, moment)


def _best(found: Iterable[RevocationSeen], moment: datetime) -> RevocationSeen | None:
    """Return what says "revoked", else the newest that says anything."""
    known = [one for one in found if one.standing is not Standing.UNKNOWN]
    revoked = [one for one in known if one.standing is Standing.REVOKED]
    newest = sorted(known, key=lambda one: one.at or moment, reverse=True)
    return next(iter((*revoked, *newest)), None)


def _while_time(
    proofs: Proofs, contents: Iterable[bytes], judge: Callable[[bytes], RevocationSeen]
) -> Iterator[RevocationSeen]:
    for content in contents:
        if time.monotonic() > proofs.until:
            return
        yield judge(content)


def _of_answer(
    proofs: Proofs,
    answer: bytes,
    info: CertificateInfo,
    issuer: CertificateInfo,
    moment: datetime,
    at: datetime,
) -> RevocationSeen:
    def listed(delegate: CertificateInfo, named_by: CertificateInfo, when: datetime) -> RevocationSeen:
        """The lists of the file tell of a responder too."""
        told = _while_time(proofs, proofs.lists, lambda crl: _of_list(crl, delegate, named_by, when, at))
        return _best(told, when) or NOT_ASKED

    told = ocsp.judge(answer, info, issuer, at=moment, source=Source.EMBEDDED, listed=listed)
    if told.why == "ocsp-answer-old" and told.at is not None and moment < told.at <= at:
        told = ocsp.judge(answer, info, issuer, at=told.at, source=Source.EMBEDDED, listed=listed)
    return told


def _of_list(
    crl: bytes, info: CertificateInfo, issuer: CertificateInfo, moment: datetime, at: datetime
) -> RevocationSeen:
    told: Revocation = standing(info, issuer, crl, moment)
    if told.why == "revocation-list-old" and told.list_of is not None and moment < told.list_of <= at:
        told = standing(info, issuer, crl, told.list_of)
    return of_list(told, Source.EMBEDDED)


def asked_or_kept(
    proofs: Proofs,
    chain: Sequence[CertificateInfo],
    moment: datetime,
    at: datetime,
    asking: AskRevocation | None,
) -> RevocationSeen:
    """Return what is known now: whoever can be asked is asked; else ``proofs`` tell, as of ``moment`` (of signing).

    Of a certificate out of date only that it was revoked is heard: authorities forget such certificates.
    """
    asked = NOT_ASKED
    if asking is not None:
        told = ask_chain(chain, at, asking)
        if told.standing is Standing.REVOKED:
            return told
        if at <= chain[0].not_after:
            asked = told
            if asked.standing is not Standing.UNKNOWN or asked.refused:
                return asked
    return chain_by(proofs, chain, moment, at) or asked


def chain_by(
    proofs: Proofs, chain: Sequence[CertificateInfo], moment: datetime, at: datetime
) -> RevocationSeen | None:
    """Return ``said_by`` of the first of ``chain``; an issuer that is revoked is worse."""
    if len(chain) < 2:
        return None
    for info, issuer in itertools.pairwise(chain):
        told = said_by(proofs, info, issuer, moment, at)
        if told is not None and told.standing is Standing.REVOKED:
            return told
    return said_by(proofs, chain[0], chain[1], moment, at)
