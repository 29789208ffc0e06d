"""Is a certificate revoked? Asks its authority: OCSP first, then a fresh list (CRL); who said so and when is told.

Silence is unknown, with why; an answer that is there and bad (forged, old, of another) refuses, and nothing asked
after it can make it good. Only certificates whose chain is proved may be asked about: their addresses are then the
authority's word and not an attacker's.
"""

import itertools
import secrets
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime

from asn1crypto import x509

from desktop.eds import ocsp
from desktop.eds.certificates import CertificateInfo
from desktop.eds.fetching import TIMEOUT, Fetch, Silent
from desktop.eds.list_cache import ListCache
from desktop.eds.revocation import LARGEST_LIST, Revocation, standing
from desktop.eds.verdict_parts import NOT_ASKED, RevocationSeen, Source, Standing

AskRevocation = Callable[[CertificateInfo, CertificateInfo, datetime], RevocationSeen]
"""(certificate, its issuer, moment of checking) to what is known of its revocation."""

_REFUSED = frozenset({"revocation-list-forged", "revocation-list-unreadable", "revocation-list-of-another"})
_MOST_ADDRESSES = 3


def ask(
    info: CertificateInfo,
    issuer: CertificateInfo,
    *,
    at: datetime,
    ocsp_url: str = "",
    crls: Sequence[bytes] = (),
    fetch: Fetch | None = None,
    cache: ListCache | None = None,
    timeout: float = TIMEOUT,
) -> RevocationSeen:
    """Return whether ``info`` is revoked as of ``at`` (aware).

    ``ocsp_url`` is where to ask instead of the address in the certificate; ``crls``: lists at hand, DER or PEM;
    without ``fetch`` nothing goes to the network. ``why`` of an unknown standing: a code of ``ocsp.judge``, of
    ``revocation.standing``, of ``fetching.Silent``, or "revocation-no-address" / "revocation-not-asked".
    """

    def of_delegate(delegate: CertificateInfo, named_by: CertificateInfo, moment: datetime) -> RevocationSeen:
        known = _of_lists(delegate, named_by, crls, moment)
        if known is not None and known.standing is not Standing.UNKNOWN:
            return known
        return _by_fetched_list(delegate, named_by, moment, fetch, cache, timeout) or NOT_ASKED

    answer = _by_ocsp(info, issuer, at, ocsp_url, fetch, timeout, of_delegate)
    if answer is not None and (answer.standing is not Standing.UNKNOWN or answer.refused):
        return answer
    at_hand = _of_lists(info, issuer, crls, at)
    if at_hand is not None and (at_hand.standing is not Standing.UNKNOWN or at_hand.refused):
        return at_hand
    listed = _by_fetched_list(info, issuer, at, fetch, cache, timeout)
    if listed is not None and (listed.standing is not Standing.UNKNOWN or listed.refused):
        return listed
    silent = at_hand or listed or answer
    if silent is not None:
        return silent
    return NOT_ASKED if fetch is None else replace(NOT_ASKED, why="revocation-no-address")


def addresses(der: bytes) -> tuple[list[str], list[str]]:
    """Return the addresses a certificate names: of the responders, and of the lists of revoked certificates."""
    certificate = x509.Certificate.load(der)
    try:
        responders = [str(url) for url in certificate.ocsp_urls]
        lists = [str(point.url) for point in certificate.crl_distribution_points if point.url]
    except (ValueError, TypeError, KeyError, AttributeError):
        return [], []
    return responders[:_MOST_ADDRESSES], lists[:_MOST_ADDRESSES]


def of_list(told: Revocation, source: Source = Source.CRL) -> RevocationSeen:
    """Return what a list says as part of a verdict."""
    return RevocationSeen(
        told.standing,
        source,
        at=told.list_of,
        why=told.why,
        since=told.since,
        until=told.until,
        refused=told.why in _REFUSED,
    )


def _by_ocsp(
    info: CertificateInfo,
    issuer: CertificateInfo,
    at: datetime,
    ocsp_url: str,
    fetch: Fetch | None,
    timeout: float,
    listed: ocsp.Listed,
) -> RevocationSeen | None:
    if fetch is None:
        return None
    silent = None
    for url in [ocsp_url] if ocsp_url else addresses(info.der)[0]:
        nonce = secrets.token_bytes(16)
        try:
            answer = fetch(url, ocsp.question(info, issuer, nonce), ocsp.LARGEST_ANSWER, timeout)
        except Silent as trouble:
            silent = RevocationSeen(why=trouble.code)
            continue
        told = ocsp.judge(answer, info, issuer, at=at, nonce=nonce, listed=listed)
        if told.standing is not Standing.UNKNOWN or told.refused:
            return told
        silent = told
    return silent


def _of_lists(
    info: CertificateInfo, issuer: CertificateInfo, crls: Sequence[bytes], at: datetime
) -> RevocationSeen | None:
    """Return what the lists at hand say; those of other authorities are not about this certificate."""
    found = [of_list(standing(info, issuer, crl, at)) for crl in crls]
    about = [one for one in found if one.why != "revocation-list-of-another"]
    revoked = [one for one in about if one.standing is Standing.REVOKED]
    good = [one for one in about if one.standing is Standing.GOOD]
    refused = [one for one in about if one.refused]
    return next(iter((*revoked, *refused, *good, *about)), None)


def _by_fetched_list(
    info: CertificateInfo,
    issuer: CertificateInfo,
    at: datetime,
    fetch: Fetch | None,
    cache: ListCache | None,
    timeout: float,
) -> RevocationSeen | None:
    """Return what the list at the certificate's own address says: the kept one while it is in date, else a new one."""
    seen = None
    for url in addresses(info.der)[1]:
        kept = cache.kept(url) if cache is not None else b""
        if kept:
            told = standing(info, issuer, kept, at)
            if told.standing is not Standing.UNKNOWN:
                return of_list(told)
        if fetch is None:
            continue
        try:
            fresh = fetch(url, None, LARGEST_LIST, timeout)
        except Silent as trouble:
            seen = seen or RevocationSeen(why=trouble.code)
            continue
        told = standing(info, issuer, fresh, at)
        if told.standing is not Standing.UNKNOWN and cache is not None:
            cache.keep(url, fresh)
        return of_list(told)
    return seen


def asker(
    *,
    crls: Sequence[bytes] = (),
    fetch: Fetch | None = None,
    cache: ListCache | None = None,
    ocsp_url: str = "",
    timeout: float = TIMEOUT,
) -> AskRevocation:
    """Return ``ask`` with where to ask already settled; ``ocsp_url`` is where people are asked about."""

    def asking(info: CertificateInfo, issuer: CertificateInfo, at: datetime) -> RevocationSeen:
        url = "" if "key_cert_sign" in info.key_usage else ocsp_url
        return ask(info, issuer, at=at, ocsp_url=url, crls=crls, fetch=fetch, cache=cache, timeout=timeout)

    return asking


def ask_chain(chain: Sequence[CertificateInfo], at: datetime, asking: AskRevocation) -> RevocationSeen:
    """Return the standing of the first of ``chain`` (signer's up to the root), or of an issuer that is worse.

    An issuer about which nobody tells does not spoil the answer about the signer: lists of roots are seldom in reach.
    """
    if len(chain) < 2:
        return NOT_ASKED
    first = asking(chain[0], chain[1], at)
    if first.standing is Standing.REVOKED or first.refused:
        return first
    for info, issuer in itertools.pairwise(chain):
        told = asking(info, issuer, at)
        if told.standing is Standing.REVOKED or told.refused:
            return replace(told, why="revocation-of-issuer")
    return first
