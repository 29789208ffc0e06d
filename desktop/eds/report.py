"""``ruqsat verify``: the verdict on a file in plain English sentences, or as JSON, and an exit status.

Administrators script it: 0 means that the signature is intact, covers the whole file and leads to a root that
was given; 1 that it does not; 2 that the file (or a root) cannot be read, so nothing can be said.
"""

import json
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from desktop.eds.pdf_signature import MAX_BYTES, verify
from desktop.eds.verdict import Reason, SignatureSeen, Unreadable, Verdict
from desktop.errors import NotAllowed, Unavailable

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
    Reason.NOT_ACCEPTED: "the signature does not meet the rules of checking (a weak key, for example).",
}
_UNREADABLE = {
    "pdf-not-a-pdf": "it is not a PDF.",
    "pdf-broken": "the PDF is damaged and cannot be read.",
    "pdf-encrypted": "the PDF is locked with a password.",
    "pdf-too-large": "it is larger than can be checked.",
    "file-missing": "there is no such file.",
    "file-unreadable": "it cannot be opened.",
    "trust-unreadable": "a root given with --trust is not a certificate.",
}


def verify_file(
    path: Path,
    *,
    trust: Sequence[Path] = (),
    as_json: bool = False,
    write: Callable[[str], Any] = print,
    at: datetime | None = None,
) -> int:
    """Judge the PDF at ``path`` by the roots in the files ``trust`` and return the exit status.

    Without a root nothing is trusted: the status is 1 at best, but what is known of the file is still told.
    ``at`` is the moment of checking, for the tests.
    """
    moment = at or datetime.now(UTC)
    try:
        roots = [_read(root, 1024 * 1024, "trust-unreadable") for root in trust]
        pdf = _read(path, MAX_BYTES + 1, "file-unreadable")
        verdict = _judged(pdf, roots, moment)
    except (Unreadable, Unavailable) as told:
        _tell_unreadable(path, told.code, write, as_json=as_json)
        return UNREADABLE
    if as_json:
        write(json.dumps(verdict.to_json(), ensure_ascii=False, indent=2))
    else:
        for line in lines(path.name, verdict, roots_given=bool(roots)):
            write(line)
    return VALID if verdict.valid else NOT_VALID


def judge_of(roots: Sequence[tuple[str, bool]]) -> Callable[[bytes, datetime, str], str]:
    """Return what tells of a PDF signed at a moment with a certificate (SHA-256) why its signature does not hold, or "".

    ``roots``: certificates in PEM, and whether each is a demo one.
    """
    real = [pem for pem, demo in roots if not demo]
    demo_roots = [pem for pem, demo in roots if demo]

    def judge(pdf: bytes, signed_at: datetime, certificate_sha256: str) -> str:
        try:
            verdict = verify(pdf, trust_roots=real, demo_roots=demo_roots, at=signed_at)
        except Unreadable as told:
            return told.code
        if not verdict.valid:
            return verdict.reason.value
        return "" if verdict.certificate_sha256 == certificate_sha256 else "signature-other-person"

    return judge


def lines(name: str, verdict: Verdict, *, roots_given: bool) -> Iterator[str]:
    """Yield the verdict in sentences, the answer first."""
    yield f"{'VALID' if verdict.valid else 'NOT VALID'}: {name}: {_JUDGED[verdict.reason]}"
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
    yield f"  Signed at    {_moment(seen.signed_at)} (as the signer's computer stated)"
    chain = " < ".join(seen.issuers) or "(not known)"
    yield f"  Chain        {chain}"
    yield f"  Trusted      {'yes: it ends at a root that was given' if seen.trusted else 'no'}"
    yield f"  Content      {'unchanged since it was signed' if seen.unchanged else 'not what was signed'}"
    yield f"  Whole file   {'covered by the signature' if seen.covers_whole_file else 'not covered'}"
    yield f"  Key          {'DEMO, without legal force' if seen.demo else 'not marked as a demo'}"
    first, last = _moment(seen.certificate_not_before), _moment(seen.certificate_not_after)
    yield f"  Certificate  {first} to {last}, SHA-256 {seen.certificate_sha256 or '(not known)'}"
    if seen.certificate_expired_since:
        yield "               (in date when the file was signed; expired since)"
    yield f"  Algorithm    {seen.algorithm or '(not known)'}"


def _judged(pdf: bytes, roots: Sequence[bytes], at: datetime) -> Verdict:
    try:
        return verify(pdf, trust_roots=roots, at=at)
    except Unreadable:
        raise
    except NotAllowed as error:  # a root that is no certificate: "certificate-unreadable"
        raise Unavailable("trust-unreadable") from error


def _read(path: Path, limit: int, code: str) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(limit)
    except FileNotFoundError as error:
        raise Unavailable("file-missing" if code == "file-unreadable" else code) from error
    except OSError as error:
        raise Unavailable(code) from error


def _tell_unreadable(path: Path, code: str, write: Callable[[str], Any], *, as_json: bool) -> None:
    why = _UNREADABLE.get(code, "it cannot be read.")
    if as_json:
        told = {"valid": False, "reason": code, "readable": False, "file": path.name, "signatures": []}
        write(json.dumps(told, ensure_ascii=False, indent=2))
    else:
        write(f"CANNOT BE CHECKED: {path.name}: {why}")


def _moment(at: datetime | None) -> str:
    return at.isoformat(" ", "seconds") if at else "(not stated)"
