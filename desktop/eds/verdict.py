"""What verifying tells, of whatever kind of file: one frozen value for window, command line, protocol and journal."""

from dataclasses import dataclass, field, fields, is_dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from desktop.eds.codes.claims import CodeFacts
from desktop.eds.verdict_parts import NOT_ASKED, Kind, RevocationSeen, Source, Standing, TimestampSeen
from desktop.errors import NotAllowed

__all__ = [
    "NOT_ASKED",
    "Kind",
    "Reason",
    "RevocationSeen",
    "SignatureSeen",
    "Source",
    "Standing",
    "TimestampSeen",
    "Unreadable",
    "Verdict",
]


class Reason(StrEnum):
    """Why a file is, or is not, validly signed; each has its sentence in the messages."""

    VALID = "verdict-valid"
    VALID_DEMO = "verdict-valid-demo"
    NO_SIGNATURE = "verdict-no-signature"
    DAMAGED = "verdict-damaged"  # there was a signature, but the file no longer parses
    CHANGED = "verdict-changed"  # a byte in the signed ranges is not what was signed
    FORGED = "verdict-forged"  # the signature value is not of the certificate's key
    CHANGED_AFTER = "verdict-changed-after"  # bytes were added after the signature
    PARTIAL = "verdict-partial"  # the signature leaves out a part of the file
    KIND_UNSUPPORTED = "verdict-kind-unsupported"
    ALGORITHM_UNSUPPORTED = "verdict-algorithm-unsupported"  # GOST 2004 or unknown: cannot be checked here
    HASH_NOT_HERE = "verdict-hash-not-here"  # GOST over more than can be hashed without libgcrypt
    TOO_MANY = "verdict-too-many-signatures"
    NO_SIGNING_TIME = "verdict-no-signing-time"
    IN_FUTURE = "verdict-signed-in-future"
    NOT_YET_VALID = "verdict-certificate-not-yet-valid"
    EXPIRED = "verdict-certificate-expired"
    NO_SIGNING_RIGHT = "verdict-certificate-no-signing-right"
    UNTRUSTED = "verdict-certificate-untrusted"
    REVOKED = "verdict-certificate-revoked"
    REVOCATION_BAD = "verdict-revocation-answer-bad"  # what was said of revocation is forged or of another
    TIMESTAMP_BAD = "verdict-timestamp-bad"  # a time stamp that is not of this signature, or is forged
    NOT_ACCEPTED = "verdict-not-accepted"  # the library's rules say no for another cause
    IDENTITY_OTHER = "package-identity-other"  # whom the request speaks of is not who signed it
    OPERATOR_UNKNOWN = "package-operator-unknown"  # signed in a centre by nobody's employee
    NO_CODE = "verdict-no-code"  # a picture or a text without a code of ours
    CODE_VALID = "code-valid"  # of what the code says, not of the paper or the picture around it
    CODE_VALID_DEMO = "code-valid-demo"
    CODE_NOT_SIGNED = "code-not-signed"  # a genuine code in a PDF of text that bears no signature
    CODE_NOT_OURS = "code-not-ours"
    CODE_BROKEN = "code-broken"
    CODE_KEY_UNKNOWN = "code-key-unknown"
    CODE_FORGED = "code-forged"
    CODE_KEY_OUT_OF_DATE = "code-key-out-of-date"
    CODE_DIFFERS = "code-differs"  # the page says another thing than its code
    CODE_SUSPENDED = "code-suspended"  # by a status list
    CODE_STOPPED = "code-stopped"
    CODE_REPLACED = "code-replaced"
    CODE_NOT_LISTED = "code-not-listed"  # a list that must know the number does not


class Unreadable(NotAllowed):
    """The file cannot be read as a PDF at all, so nothing can be said of a signature.

    Codes: "pdf-not-a-pdf", "pdf-broken", "pdf-encrypted", "pdf-too-large" (fact ``limit`` in bytes).
    """


@dataclass(frozen=True, slots=True)
class SignatureSeen:
    """One signature of the file. Moments are aware.

    ``signed_at`` is the moment the certificate is judged by: of a trusted timestamp where there is one (then
    ``stamped``), else what the signer's machine stated, which is also in ``stated_at``.
    """

    valid: bool
    reason: Reason
    field_name: str
    is_timestamp: bool = False
    signer_name: str = field(default="", repr=False)
    iin: str = field(default="", repr=False)
    bin: str = field(default="", repr=False)
    organisation: str = ""
    signed_at: datetime | None = None
    certificate_sha256: str = ""
    certificate_not_before: datetime | None = None
    certificate_not_after: datetime | None = None
    certificate_expired_since: bool = False  # in date when signing, out of date at the time of checking
    issuers: tuple[
        str, ...
    ] = ()  # from the issuer up to the root; the stated issuer alone when no chain is found
    trusted: bool = False  # the chain ends at a root given, at the signing moment
    demo: bool = False  # the chain ends at a demo root, or a name says DEMO
    unchanged: bool = False  # the signed ranges hold what was signed
    covers_whole_file: bool = False
    algorithm: str = ""  # "sha256 / rsassa_pkcs1v15"
    stated_reason: str = ""
    kind: Kind = Kind.PDF
    subfilter: str = ""  # of a PDF: "ETSI.CAdES.detached", "adbe.pkcs7.detached", "ETSI.RFC3161"
    role: str = ""  # what the certificate says its owner is: "first-head", "may-sign", "employee", ...
    stated_at: datetime | None = None
    timestamp: TimestampSeen | None = None
    revocation: RevocationSeen = NOT_ASKED
    only_proofs_after: bool = False  # what was added after it proves it and changes nothing (DSS, timestamps)

    @property
    def technical(self) -> bool:
        """Whether it is a GOST one: judged here by a technical check, not by the authority's certified means."""
        return "gost2015" in self.algorithm

    @property
    def stamped(self) -> bool:
        """Whether ``signed_at`` is the word of a trusted timestamp and not of the signer's machine alone."""
        return self.timestamp is not None and self.timestamp.trusted


@dataclass(frozen=True, slots=True)
class Verdict:
    """The judgement on a file; the signer's particulars are those of the last signature."""

    valid: bool
    reason: Reason
    signatures: tuple[SignatureSeen, ...] = ()
    later_bytes: int = 0  # added after the end of what the last signature covers
    later_revisions: int = 0
    readable: bool = True  # False: traces of a signature in a file that no longer parses
    checked_at: datetime | None = None
    kind: Kind = Kind.PDF
    papers: tuple[CodeFacts, ...] = field(default=(), repr=False)  # what genuine codes say
    told: tuple[tuple[str, str], ...] = field(
        default=(), repr=False
    )  # what a code or a package says: (name, text)

    @property
    def reasons(self) -> tuple[Reason, ...]:
        """Everything that keeps the file from being validly signed, the gravest first; () when it is."""
        if self.valid:
            return ()
        wrong = (item.reason for item in self.signatures if not item.valid)
        return tuple(dict.fromkeys((self.reason, *wrong)))

    @property
    def file_signed(self) -> bool:
        """Whether a signature stands over the file; a code speaks of its own facts alone."""
        return any(not item.is_timestamp and item.kind is not Kind.CODE for item in self.signatures)

    @property
    def last(self) -> SignatureSeen | None:
        """The last signature, the one that must cover the whole file."""
        return self.signatures[-1] if self.signatures else None

    @property
    def signer_name(self) -> str:
        return self.last.signer_name if self.last else ""

    @property
    def iin(self) -> str:
        return self.last.iin if self.last else ""

    @property
    def bin(self) -> str:
        return self.last.bin if self.last else ""

    @property
    def organisation(self) -> str:
        return self.last.organisation if self.last else ""

    @property
    def signed_at(self) -> datetime | None:
        return self.last.signed_at if self.last else None

    @property
    def certificate_sha256(self) -> str:
        return self.last.certificate_sha256 if self.last else ""

    @property
    def not_before(self) -> datetime | None:
        """From when the signer's certificate is valid."""
        return self.last.certificate_not_before if self.last else None

    @property
    def not_after(self) -> datetime | None:
        """Until when the signer's certificate is valid."""
        return self.last.certificate_not_after if self.last else None

    @property
    def certificate_expired_since(self) -> bool:
        return any(item.certificate_expired_since for item in self.signatures)

    @property
    def issuers(self) -> tuple[str, ...]:
        return self.last.issuers if self.last else ()

    @property
    def algorithm(self) -> str:
        return self.last.algorithm if self.last else ""

    @property
    def trusted(self) -> bool:
        return bool(self.signatures) and all(item.trusted for item in self.signatures)

    @property
    def demo(self) -> bool:
        return any(item.demo for item in self.signatures)

    @property
    def covers_whole_file(self) -> bool:
        return self.last is not None and self.last.covers_whole_file

    @property
    def unchanged(self) -> bool:
        """Whether the file is what was signed and no more, but for proofs of the signature added behind it."""
        whole = self.last is not None and (self.last.covers_whole_file or self.last.only_proofs_after)
        return whole and all(item.unchanged for item in self.signatures)

    def to_json(self) -> dict[str, Any]:
        """Return the verdict as plain JSON values; moments as ISO 8601, ``reason`` as its code."""
        return {
            "valid": self.valid,
            "reason": self.reason.value,
            "reasons": [reason.value for reason in self.reasons],
            "kind": self.kind.value,
            "file_signed": self.file_signed,
            "signers": [_signer(seen) for seen in self.signatures if not seen.is_timestamp],
            "readable": self.readable,
            "signer": self.signer_name,
            "iin": self.iin,
            "bin": self.bin,
            "organisation": self.organisation,
            "signed_at": _plain(self.signed_at),
            "certificate": {
                "sha256": self.certificate_sha256,
                "not_before": _plain(self.not_before),
                "not_after": _plain(self.not_after),
                "expired_since": self.certificate_expired_since,
            },
            "chain": list(self.issuers),
            "trusted": self.trusted,
            "demo": self.demo,
            "unchanged": self.unchanged,
            "covers_whole_file": self.covers_whole_file,
            "later_bytes": self.later_bytes,
            "later_revisions": self.later_revisions,
            "algorithm": self.algorithm,
            "checked_at": _plain(self.checked_at),
            "told": [{"name": name, "value": value} for name, value in self.told],
            "signatures": [_plain(seen) for seen in self.signatures],
        }


def _signer(seen: SignatureSeen) -> dict[str, Any]:
    return {
        "name": seen.signer_name,
        "iin": seen.iin,
        "bin": seen.bin,
        "algorithm": seen.algorithm,
        "technical_check": seen.technical,
        "signed_at": _plain(seen.signed_at),
        "signed_at_source": "timestamp" if seen.stamped else "stated" if seen.signed_at else "",
        "revocation": _plain(seen.revocation),
        "organisation": seen.organisation,
        "role": seen.role,
        "valid": seen.valid,
        "reason": seen.reason.value,
    }


def _plain(value: Any) -> Any:
    """Return ``value`` as JSON holds it: moments as ISO 8601, codes as text, parts as objects."""
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, StrEnum):
        return value.value
    if is_dataclass(value):
        return {item.name: _plain(getattr(value, item.name)) for item in fields(value)}
    return [_plain(item) for item in value] if isinstance(value, tuple) else value
