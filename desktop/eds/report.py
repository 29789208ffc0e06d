"""``ruqsat verify``: the verdict on a file in plain English sentences, or as JSON, and an exit status.

Administrators script it: 0 means that every signature is intact, covers the whole file, leads to a root that was given
and is not known to be revoked; 1 that it does not; 2 that the file (or a root, or a list) cannot be read, so nothing
can be said. Nothing is fetched unless that is asked for.
"""

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from desktop.eds import checking, trust_files
from desktop.eds.fetching import http_fetch
from desktop.eds.pdf_signature import verify
from desktop.eds.revocation import LARGEST_LIST
from desktop.eds.revocation_asking import AskRevocation, asker
from desktop.eds.verdict import Kind, Reason, RevocationSeen, SignatureSeen, Standing, Unreadable, Verdict
from desktop.errors import Told, Unavailable

VALID, NOT_VALID, UNREADABLE = 0, 1, 2

_JUDGED: dict[Reason, str] = {
    Reason.VALID: "the signature holds, and the file is exactly what was signed.",
    Reason.VALID_DEMO: "the signature holds and the file is unchanged, but the key is a DEMO one: no legal force.",
    Reason.NO_SIGNATURE: "the file carries no electronic signature.",
    Reason.DAMAGED: "the file was signed, but it is damaged: the signature no longer holds.",
    Reason.CHANGED: "the file was changed after it was signed.",
    Reason.FORGED: "the signature does not belong to the certificate shown.",
    Reason.CHANGED_AFTER: "something was added to the file after it was signed.",
    Reason.PARTIAL: "the signature does not cover the whole file.",
    Reason.KIND_UNSUPPORTED: "the file is signed in a way that cannot be checked here.",
    Reason.ALGORITHM_UNSUPPORTED: "the signature uses an algorithm that cannot be checked here (GOST 2004, for example).",
    Reason.HASH_NOT_HERE: "the signature is a GOST one and the file too large without libgcrypt: install it, check again.",
    Reason.TOO_MANY: "the file holds too many signatures to be checked.",
    Reason.NO_SIGNING_TIME: "the signature does not say when it was made, so its certificate cannot be judged.",
    Reason.IN_FUTURE: "the signature states a moment that has not come yet.",
    Reason.NOT_YET_VALID: "the certificate was not yet valid at the moment of signing.",
    Reason.EXPIRED: "the certificate had already expired at the moment of signing.",
    Reason.NO_SIGNING_RIGHT: "the certificate was not issued for signing documents.",
    Reason.UNTRUSTED: "the certificate does not lead to a root that was given.",
    Reason.REVOKED: "the certificate is revoked.",
    Reason.REVOCATION_BAD: "what was said of the certificate's revocation cannot be believed.",
    Reason.TIMESTAMP_BAD: "the time stamp does not belong to the signature.",
    Reason.CODE_VALID: "the code is genuine and so is what it says; the paper or picture itself is not a signed file.",
    Reason.CODE_VALID_DEMO: "the code holds, but the key is a DEMO one: no legal force; the file itself is not signed.",
    Reason.CODE_NOT_SIGNED: "the code is genuine, but the file bears no signature: ask for the signed file,"
    " or compare with the register.",
    Reason.IDENTITY_OTHER: "the IIN or BIN in the request is not the one in the certificate that signed it.",
    Reason.OPERATOR_UNKNOWN: "whoever signed the package in a centre is no employee of an organisation.",
    Reason.NO_CODE: "there is no code of a paper in it.",
    Reason.CODE_NOT_OURS: "the code is not one of a paper of a department.",
    Reason.CODE_BROKEN: "the code is damaged or cut off and cannot be read.",
    Reason.CODE_KEY_UNKNOWN: "no certificate of the key that made the code was given.",
    Reason.CODE_FORGED: "the code is forged or was changed.",
    Reason.CODE_KEY_OUT_OF_DATE: "the day of the paper is outside the validity of the key that made the code.",
    Reason.CODE_DIFFERS: "the code is genuine, but the page says another thing: do not rely on the page.",
    Reason.CODE_SUSPENDED: "the code is genuine, but by the status list the licence is suspended.",
    Reason.CODE_STOPPED: "the code is genuine, but by the status list the licence has ended.",
    Reason.CODE_REPLACED: "the code is genuine, but by the status list the licence was replaced.",
    Reason.CODE_NOT_LISTED: "the code is genuine, but the status list, made after its day, knows no such licence.",
    Reason.NOT_ACCEPTED: "the signature does not meet the rules of checking (a weak key, for example).",
}
_UNREADABLE = {
    "pdf-not-a-pdf": "it is not a PDF.",
    "pdf-broken": "the PDF is damaged and cannot be read.",
    "pdf-encrypted": "the PDF is locked with a password.",
    "pdf-too-large": "it is larger than can be checked.",
    "cms-too-large": "it is larger than can be checked.",
    "cms-not-a-signature": "it begins like a signature (CMS) and cannot be read as one.",
    "cms-needs-document": "the signature stands apart from what it signs: name that file with --document FILE.",
    "verify-kind-unknown": "it is no PDF, no signature (CMS or XML), no code, no picture and no package.",
    "verify-document-not-needed": "--document goes with a signature (CMS) that stands apart from its file.",
    "verify-document-unreadable": "the file given with --document cannot be opened.",
    "verify-too-large": "it is larger than can be checked.",
    "file-missing": "there is no such file.",
    "file-unreadable": "it cannot be opened.",
    "status-list-unfit": "a status list given with --trust is damaged, or none of the keys given signed it.",
    "code-file-kind": "pictures of this kind are not read: use PNG, JPEG or TIFF.",
    "code-file-too-large": "it is larger than can be checked.",
    "paper-unreadable": "it is damaged and cannot be drawn.",
    "paper-locked": "it is locked with a password.",
    "paper-too-large": "it takes too much to be drawn.",
    "trust-unreadable": "{file_name}, given with --trust, is missing or is no certificate.",
    "crl-unreadable": "{file_name}, given with --crl, is missing or is no list of revoked certificates.",
    "package-unreadable": "the package is damaged or is no package.",
    "package-unsafe": "the package holds something that must not be unpacked.",
    "package-too-large": "the package is larger than can be checked.",
    "package-entry-unknown": "the package holds a file its request does not name.",
    "package-file-missing": "the package lacks a file its request names.",
    "package-request-missing": "there is no request in it.",
    "package-request-wrong": "the request in the package is not written as it must be.",
}
_KINDS = {
    Kind.PDF: "the PDF",
    Kind.CMS: "the signature file (CMS)",
    Kind.XML: "the XML",
    Kind.CODE: "the code",
    Kind.PACKAGE: "the package",
}
_WHY = {
    "revocation-not-asked": "nobody was asked; give a list with --crl FILE, or ask with --online",
    "revocation-no-address": "the certificate names no address to ask at",
    "revocation-unreached": "the authority did not answer",
    "revocation-slow": "the authority answered too slowly",
    "revocation-list-old": "the list is out of date",
    "revocation-list-of-another": "the list is not about this certificate",
    "revocation-list-forged": "the list is not signed by the certificate's issuer",
    "revocation-of-issuer": "the issuing authority's certificate is revoked, or what was said of it is not believed",
    "ocsp-delegate-unchecked": "whoever answered for the authority may be revoked, and no list says that it is not",
    "ocsp-delegate-revoked": "whoever answered for the authority is revoked",
    "ocsp-no-answer": "the authority's service gave no answer",
}


def verify_file(
    path: Path,
    *,
    trust: Sequence[Path] = (),
    document: Path | None = None,
    crls: Sequence[Path] = (),
    online: bool = False,
    as_json: bool = False,
    write: Callable[[str], Any] = print,
    at: datetime | None = None,
    check: checking.Check = checking.check,
) -> int:
    """Judge the file at ``path`` by the certificates at ``trust`` (files, folders) and return the exit status.

    Without a root nothing is trusted: the status is 1 at best, but what is known of the file is still told.
    ``at`` is the moment of checking, now unless said. ``online``: authorities are asked about revocation. ``check``
    judges what was read; a higher layer hands in one that knows packages too.
    """
    moment = at or datetime.now(UTC)
    try:
        trusted = trust_files.read(trust)
        lists = tuple(trust_files.lists(crls, LARGEST_LIST))
        content = _read(path, "file-unreadable")
        signed = _read(document, "verify-document-unreadable") if document is not None else None
        asking: AskRevocation | None = None
        if lists or online:
            asking = asker(crls=lists, fetch=http_fetch if online else None)
        verdict = check(content, trusted, at=moment, document=signed, asking=asking)
    except Told as told:
        _tell_unreadable(path, told, write, as_json=as_json)
        return UNREADABLE
    if as_json:
        write(json.dumps({**verdict.to_json(), "file": path.name}, ensure_ascii=False, indent=2))
    else:
        for line in lines(path.name, verdict, roots_given=bool(trusted)):
            write(line)
    return VALID if verdict.valid else NOT_VALID


@dataclass(slots=True)
class PaperJudge:
    """Tells of a PDF signed at a moment with a certificate (SHA-256) why its signature does not hold, or "".

    Nobody is asked about revocation: only the file's own proofs are (PAdES B-LT). ``held`` counts signatures that hold,
    ``proved`` those of them whose file proves that the certificate was not revoked.
    """

    real: Sequence[str]
    demo: Sequence[str] = ()
    held: int = 0
    proved: int = 0

    @property
    def not_asked(self) -> int:
        return self.held - self.proved

    def __call__(self, pdf: bytes, signed_at: datetime, certificate_sha256: str) -> str:
        try:
            verdict = verify(pdf, trust_roots=self.real, demo_roots=self.demo, at=signed_at)
        except Unreadable as told:
            return told.code
        if not verdict.valid:
            return verdict.reason.value
        if verdict.certificate_sha256 != certificate_sha256:
            return "signature-other-person"
        own = [one for one in verdict.signatures if one.certificate_sha256 == certificate_sha256]
        self.held += 1
        self.proved += own[-1].revocation.standing is Standing.GOOD
        return ""


def judge_of(roots: Sequence[tuple[str, bool]]) -> PaperJudge:
    """Return who judges papers by ``roots``: certificates in PEM, and whether each is a demo one."""
    return PaperJudge([pem for pem, demo in roots if not demo], [pem for pem, demo in roots if demo])


def lines(name: str, verdict: Verdict, *, roots_given: bool) -> Iterator[str]:
    """Yield the verdict in sentences, the answer first."""
    yield f"{'VALID' if verdict.valid else 'NOT VALID'}: {name}: {_JUDGED[verdict.reason]}"
    if verdict.kind is not Kind.PDF:
        yield f"  Judged as    {_KINDS[verdict.kind]}"
    for label, value in verdict.told:
        yield f"  {label.replace('_', ' '):<12} {value}"
    for number, seen in enumerate(verdict.signatures, 1):
        yield ""
        if len(verdict.signatures) > 1:
            yield f"Signature {number} of {len(verdict.signatures)}: {_JUDGED[seen.reason]}"
        yield from _signature(seen)
    if verdict.later_bytes:
        yield ""
        yield f"{verdict.later_bytes} bytes were added after the last signature."
    if verdict.signatures and not roots_given and not verdict.trusted:
        yield ""
        yield "No root was given, so nothing is trusted. Name the authority's certificate with --trust PEM."


def _signature(seen: SignatureSeen) -> Iterator[str]:
    who = seen.signer_name or "(no name)"
    if seen.organisation:
        who = f"{who}, {seen.organisation}"
    numbers = [f"IIN {seen.iin}"] * bool(seen.iin) + [f"BIN {seen.bin}"] * bool(seen.bin)
    yield f"  Signed by    {', '.join([who, *numbers])}"
    if seen.role:
        yield f"  As           {seen.role.replace('-', ' ')} (so the certificate says)"
    yield f"  Signed at    {_moment(seen.signed_at)} ({_whose_moment(seen)})"
    chain = " < ".join(seen.issuers) or "(not known)"
    yield f"  Chain        {chain}"
    yield f"  Trusted      {'yes: it ends at a root that was given' if seen.trusted else 'no'}"
    if seen.kind is Kind.CODE:
        yield "  Whole file   not covered: a code speaks of its own facts alone"
    else:
        yield f"  Revoked      {_revocation(seen.revocation)}"
        yield f"  Content      {'unchanged since it was signed' if seen.unchanged else 'not what was signed'}"
        yield f"  Whole file   {'covered by the signature' if seen.covers_whole_file else 'not covered'}"
    yield f"  Key          {'DEMO, without legal force' if seen.demo else 'not marked as a demo'}"
    first, last = _moment(seen.certificate_not_before), _moment(seen.certificate_not_after)
    yield f"  Certificate  {first} to {last}, SHA-256 {seen.certificate_sha256 or '(not known)'}"
    if seen.certificate_expired_since:
        yield "               (in date when the file was signed; expired since)"
    yield f"  Algorithm    {seen.algorithm or '(not known)'}"
    if seen.technical:
        yield "  Note         a technical check of a GOST signature, not the certified one (KalkanCrypt)"
    if seen.subfilter:
        yield f"  Kind         {seen.subfilter}"


def _whose_moment(seen: SignatureSeen) -> str:
    if seen.kind is Kind.CODE:
        return "the day the paper bears"
    if seen.stamped and seen.timestamp is not None:
        return f"proved by a time stamp of {seen.timestamp.authority}"
    if seen.is_timestamp:
        return "as this time stamp says"
    if seen.signed_at is None:
        return "nobody says when; the certificate is judged at the moment of checking"
    if seen.timestamp is not None and seen.timestamp.why == "timestamp-unchecked":
        return "as the signer's computer stated; its time stamp cannot be checked here"
    if seen.timestamp is not None:
        return "as the signer's computer stated; its time stamp is not of an authority that was given"
    return "as the signer's computer stated"


def _revocation(told: RevocationSeen) -> str:
    source = {
        "ocsp": "the authority's answer",
        "crl": "the authority's list",
        "embedded": "a proof kept in the file",
    }
    by = f" (by {source[told.source.value]} of {_moment(told.at)})" if told.source.value and told.at else ""
    if told.standing is Standing.GOOD:
        return f"no{by}"
    if told.standing is Standing.REVOKED:
        return f"YES, since {_moment(told.since)}{by}"
    return f"not known: {_WHY.get(told.why, told.why)}{by}"


def _read(path: Path, code: str) -> bytes:
    try:
        with path.open("rb") as file:
            content = file.read(checking.MAX_BYTES + 1)
    except FileNotFoundError as error:
        raise Unavailable("file-missing" if code == "file-unreadable" else code) from error
    except OSError as error:
        raise Unavailable(code) from error
    if len(content) > checking.MAX_BYTES:
        raise Unavailable("verify-too-large")
    return content


def _tell_unreadable(path: Path, told: Told, write: Callable[[str], Any], *, as_json: bool) -> None:
    code = told.code
    if as_json:
        said = {"valid": False, "reason": code, "reasons": [code], "readable": False}
        said |= {"file": path.name, "signers": [], "signatures": []}
        write(json.dumps(said, ensure_ascii=False, indent=2))
    else:
        why = _UNREADABLE.get(code, "it cannot be read.").format(**{"file_name": "a file", **told.facts})
        write(f"CANNOT BE CHECKED: {path.name}: {why}")


def _moment(at: datetime | None) -> str:
    return at.isoformat(" ", "seconds") if at else "(not stated)"
