"""Parts of a verdict: what was learned of revocation, and of a timestamp; nothing here asks anybody."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

CLOCK_TOLERANCE = timedelta(minutes=10)
"""How far two computers' clocks may differ before a moment is called one that has not come yet."""


class Kind(StrEnum):
    """What kind of thing was judged."""

    PDF = "pdf"
    CMS = "cms"
    XML = "xml"
    CODE = "code"
    PACKAGE = "package"


class Standing(StrEnum):
    """``UNKNOWN``: nobody told, and ``why`` says so."""

    GOOD = "good"
    REVOKED = "revoked"
    UNKNOWN = "unknown"


class Source(StrEnum):
    """Who told whether a certificate is revoked."""

    OCSP = "ocsp"
    CRL = "crl"
    EMBEDDED = "embedded"  # an answer or a list kept in the signed file itself
    NONE = ""


@dataclass(frozen=True, slots=True)
class RevocationSeen:
    """Whether a certificate is revoked, who said so and as of when. Moments are aware.

    ``refused``: what was said is forged, of another or contradicts itself, so the signature does not hold;
    silence is not refused. ``why``: a code, of what kept it from being known, or of the reason of revocation.
    """

    standing: Standing = Standing.UNKNOWN
    source: Source = Source.NONE
    at: datetime | None = None  # when the answer or the list was made
    why: str = "revocation-not-asked"
    since: datetime | None = None  # when it was revoked
    until: datetime | None = None  # until when the answer or the list speaks, where it says so
    refused: bool = False

    def spoils(self, moment: datetime) -> bool:
        """Whether what the certificate stamped at ``moment`` cannot be relied on; a stolen key may state any moment."""
        early = self.since is None or self.since <= moment or self.why == "key_compromise"
        return self.refused or (self.standing is Standing.REVOKED and early)


NOT_ASKED = RevocationSeen()


@dataclass(frozen=True, slots=True)
class TimestampSeen:
    """A token of RFC 3161 over a signature (or over the whole file) and whether it can be relied on.

    ``why``: "timestamp-forged" (not of this signature, or changed: the signature does not hold),
    "timestamp-untrusted", "timestamp-unchecked" (an algorithm that cannot be checked here), "" when it is trusted.
    """

    at: datetime | None
    authority: str = ""
    intact: bool = False  # it is over this very signature, and its own signature is right
    trusted: bool = (
        False  # and its chain ends at a root given, and its authority's certificate is not revoked
    )
    algorithm: str = ""
    of_document: bool = False
    why: str = ""
