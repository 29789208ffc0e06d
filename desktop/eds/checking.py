"""One question for whatever is brought: is it validly signed? What it is, is found by its content, not by its name."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, time
from typing import TYPE_CHECKING

from desktop.eds import pdf_signature
from desktop.eds.certificates import CertificateInfo
from desktop.eds.cms_signature import CmsSeen, verify_cms
from desktop.eds.codes.claims import CodeFacts
from desktop.eds.codes.judging import looked_at
from desktop.eds.codes.reading import CodeSeen, is_code, read_code
from desktop.eds.embedded_proofs import Proofs, asked_or_kept
from desktop.eds.revocation_asking import AskRevocation
from desktop.eds.timestamps import RevokedBefore
from desktop.eds.trust_files import Trusted
from desktop.eds.verdict import (
    Kind,
    Reason,
    SignatureSeen,
    Standing,
    Unreadable,
    Verdict,
)
from desktop.eds.xml_signature import verify_xml
from desktop.errors import NotAllowed

if TYPE_CHECKING:
    from desktop.eds.codes.pictures import PaperRead

MAX_BYTES = pdf_signature.MAX_BYTES
MOST_CODE = 16 * 1024
_IMAGES = (b"\x89PNG\r\n", b"\xff\xd8\xff", b"GIF8", b"BM", b"II*\0", b"MM\0*")
_SIGNED_DATA = bytes.fromhex("06092a864886f70d010702")

Check = Callable[..., Verdict]
"""(content, trusted, at=, document=None, asking=None) to the verdict, as ``check``."""


def looks_like(content: bytes) -> str:
    """Return "pdf", "package", "image", "code", "xml", "cms", or "" for something else."""
    start = content[:1024]
    # what begins as something else may hold a PDF: a signature with its document inside, a package, an XML
    if start.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return "package"
    if start[:1] == b"\x30" and _SIGNED_DATA in start[:32]:
        return "cms"
    if b"%PDF-" in start and not start.startswith(b"<?xml"):
        return "pdf"
    if start.startswith(_IMAGES) or (start[:4] == b"RIFF" and start[8:12] == b"WEBP"):
        return "image"
    text = start.removeprefix(b"\xef\xbb\xbf").lstrip()
    if text.startswith(b"KZL1:"):
        return "code"
    if text.startswith(b"<") or start.startswith((b"\xff\xfe<\0", b"\xfe\xff\0<")):
        return "xml"
    if text.startswith((b"-----BEGIN PKCS7", b"-----BEGIN CMS", b"-----BEGIN PKCS #7", b"MI")):
        return "cms"
    return ""


def check(
    content: bytes,
    trusted: Trusted,
    *,
    at: datetime,
    document: bytes | None = None,
    asking: AskRevocation | None = None,
) -> Verdict:
    """Judge ``content`` at the aware moment ``at``.

    ``document`` is what a detached CMS signs; ``asking`` tells of revocation, without it only the file's own proofs do.
    Raises Unreadable: "verify-kind-unknown", "verify-document-not-needed", "cms-*", "pdf-*", "xml-*",
    "verify-package-elsewhere".
    """
    kind = looks_like(content)
    if document is not None and kind != "cms":
        raise Unreadable("verify-document-not-needed")
    if kind == "pdf":
        return _check_pdf(content, trusted, at, asking)
    if kind == "image":
        return _check_codes(_drawn(content).codes, trusted, at)
    if kind == "cms":
        return _check_cms(content, trusted, at, document, asking)
    if kind == "xml":
        return _check_xml(content, trusted, at, asking)
    if kind == "code":
        return _check_codes([_text(content)], trusted, at)
    raise Unreadable("verify-package-elsewhere" if kind == "package" else "verify-kind-unknown")


def _check_pdf(content: bytes, trusted: Trusted, at: datetime, asking: AskRevocation | None) -> Verdict:
    try:
        verdict = pdf_signature.verify(
            content,
            trust_roots=trusted.roots,
            demo_roots=trusted.demo,
            others=trusted.others,
            at=at,
            asking=asking,
        )
    except Unreadable as trouble:
        # scanners write files that keep no standard: nothing is believed of such a one but its code
        codes = _of_scan(content, trusted, at) if trusted.codes and trouble.code == "pdf-broken" else None
        if codes is None:
            raise
        return codes
    return _with_codes(verdict, content, trusted, at) if trusted.codes else verdict


def _of_scan(content: bytes, trusted: Trusted, at: datetime) -> Verdict | None:
    """Return what the codes of a PDF without a word in it say, None when it is another file or bears none."""
    try:
        drawn = _drawn(content)
    except Unreadable:
        return None
    codes = _check_codes(drawn.codes, trusted, at)
    return codes if drawn.scan and codes.reason is not Reason.NO_CODE else None


def _text(content: bytes) -> str:
    if len(content) > MOST_CODE:
        return ""
    return content.decode("utf-8-sig", "replace").strip()


def _check_cms(
    content: bytes, trusted: Trusted, at: datetime, document: bytes | None, asking: AskRevocation | None
) -> Verdict:
    file = verify_cms(
        content,
        document,
        trust_roots=(*trusted.roots, *trusted.demo),
        at=at,
        certificates=trusted.others,
        revoked=_stamp_revoked(asking, at),
    )
    return of_signers(file.signers, Kind.CMS, trusted, at, asking)


def _check_xml(content: bytes, trusted: Trusted, at: datetime, asking: AskRevocation | None) -> Verdict:
    roots = (*trusted.roots, *trusted.demo)
    file = verify_xml(content, trust_roots=roots, certificates=trusted.others, at=at)
    return of_signers(file.signers, Kind.XML, trusted, at, asking)


def _stamp_revoked(asking: AskRevocation | None, at: datetime) -> RevokedBefore | None:
    """Return what tells whether the authority of a timestamp was revoked when it stamped."""
    if asking is None:
        return None

    def revoked(chain: Sequence[CertificateInfo], moment: datetime) -> bool:
        return asked_or_kept(Proofs(), chain, moment, at, asking).spoils(moment)

    return revoked


def of_signers(
    signers: Iterable[CmsSeen], kind: Kind, trusted: Trusted, at: datetime, asking: AskRevocation | None
) -> Verdict:
    """Return the verdict on signatures judged apart, with what is known of revocation."""
    seen = tuple(_of_signer(one, kind, trusted, at, asking) for one in signers)
    bad = next((one for one in seen if not one.valid), None)
    return Verdict(
        valid=bad is None and bool(seen),
        reason=bad.reason if bad else seen[-1].reason if seen else Reason.NO_SIGNATURE,
        signatures=seen,
        checked_at=at,
        kind=kind,
    )


def _of_signer(
    told: CmsSeen, kind: Kind, trusted: Trusted, at: datetime, asking: AskRevocation | None
) -> SignatureSeen:
    seen = SignatureSeen(
        told.valid,
        told.reason,
        "",
        signed_at=told.signed_at,
        stated_at=told.stated_at,
        timestamp=told.timestamp,
        algorithm=told.algorithm,
        kind=kind,
        unchanged=told.reason not in (Reason.CHANGED, Reason.FORGED, Reason.DAMAGED)
        and told.signer is not None,
        covers_whole_file=told.reason not in (Reason.CHANGED, Reason.DAMAGED, Reason.NO_SIGNATURE),
    )
    if told.signer is None:
        return seen
    seen = introduced(seen, told.signer, at)
    if not told.chain:
        return seen
    demo = set(trusted.demo)
    revocation = asked_or_kept(told.proofs, told.chain, told.signed_at or at, at, asking)
    seen = replace(
        seen,
        trusted=True,
        issuers=tuple(item.name for item in told.chain[1:]) or seen.issuers,
        demo=any(item.der in demo or item.is_demo for item in told.chain),
        revocation=revocation,
    )
    return _with_revocation(seen)


def introduced(seen: SignatureSeen, info: CertificateInfo, at: datetime) -> SignatureSeen:
    """Return ``seen`` with what its certificate says."""
    signed_at = seen.signed_at or at
    return replace(
        seen,
        signer_name=info.name,
        iin=info.iin,
        bin=info.bin,
        organisation=info.organisation,
        role=info.role,
        certificate_sha256=info.sha256,
        certificate_not_before=info.not_before,
        certificate_not_after=info.not_after,
        certificate_expired_since=info.not_before <= signed_at <= info.not_after < at,
        issuers=(info.issuer,),
        demo=info.is_demo,
    )


def _with_revocation(seen: SignatureSeen) -> SignatureSeen:
    """Where nobody but the signer says when he signed, a certificate revoked by now does not hold."""
    if not seen.valid:
        return seen
    told = seen.revocation
    later = told.since is not None and seen.signed_at is not None and told.since > seen.signed_at
    reason = Reason.VALID_DEMO if seen.demo else Reason.VALID
    if told.refused:
        reason = Reason.REVOCATION_BAD
    elif told.standing is Standing.REVOKED and not (seen.stamped and later):
        reason = Reason.REVOKED
    return replace(seen, valid=reason in (Reason.VALID, Reason.VALID_DEMO), reason=reason)


def _drawn(content: bytes) -> "PaperRead":
    from desktop.eds.codes.pictures import (
        paper_read,  # starts a child process and reads pictures: not for every file
    )

    try:
        return paper_read(content)
    except NotAllowed as error:
        raise Unreadable(error.code, **error.facts) from error


def _with_codes(verdict: Verdict, content: bytes, trusted: Trusted, at: datetime) -> Verdict:
    """Look at the codes in a PDF too: each must be genuine and agree with the page.

    A scan is judged by them alone. A PDF with words in it is no scan: anybody makes one with a code copied from a
    paper, and a draft that was never signed is one, so without a signature of its own it is not valid.
    """
    try:
        drawn = _drawn(content)
    except Unreadable:
        return verdict  # the signature has been judged by the bytes; nothing is said of codes
    codes = _check_codes(drawn.codes, trusted, at, page=drawn.text)
    if codes.reason is Reason.NO_CODE:
        return verdict
    if verdict.reason is Reason.NO_SIGNATURE:
        if codes.valid and not drawn.scan:
            codes = replace(codes, valid=False, reason=Reason.CODE_NOT_SIGNED)
        return codes
    if verdict.valid and not codes.valid and codes.reason is not Reason.CODE_KEY_UNKNOWN:
        verdict = replace(verdict, valid=False, reason=codes.reason)
    return replace(verdict, told=(*verdict.told, *codes.told), papers=codes.papers)


def _check_codes(texts: Iterable[str], trusted: Trusted, at: datetime, page: str = "") -> Verdict:
    """Judge the codes found; those of other systems are passed over, and every one of ours must hold."""
    ours = [read_code(text, trusted.codes) for text in texts if is_code(text)]
    if not ours:
        return Verdict(False, Reason.NO_CODE, checked_at=at, kind=Kind.CODE)
    seen: list[SignatureSeen] = []
    told: list[tuple[str, str]] = []
    for one in ours:
        judged = _of_code(one)
        told += facts_of(one.facts) if one.facts is not None else ()
        if one.valid and one.facts is not None:
            trouble, more = looked_at(one.facts, at=at, page=page, status=trusted.status)
            told += more
            judged = replace(judged, valid=False, reason=Reason(trouble)) if trouble else judged
        seen.append(judged)
    bad = next((one for one in seen if not one.valid), None)
    return Verdict(
        valid=bad is None,
        reason=bad.reason if bad else seen[-1].reason,
        signatures=tuple(seen),
        checked_at=at,
        kind=Kind.CODE,
        papers=tuple(one.facts for one in ours if one.valid and one.facts is not None),
        told=tuple(told),
    )


def _of_code(code: CodeSeen) -> SignatureSeen:
    seen = SignatureSeen(
        code.valid,
        Reason(code.reason.value),
        "",
        kind=Kind.CODE,
        algorithm="sha256 / ecdsa",
        demo=code.demo,
        trusted=code.certificate is not None,
        unchanged=code.valid,
    )
    if code.facts is not None:
        seen = replace(seen, signed_at=datetime.combine(code.facts.dated, time(), UTC))
    if code.certificate is None:
        return seen
    return replace(
        seen,
        signer_name=code.certificate.owner,
        bin=code.certificate.bin,
        certificate_not_before=code.certificate.not_before,
        certificate_not_after=code.certificate.not_after,
        certificate_sha256=_sha256(code.certificate.der),
    )


def _sha256(der: bytes) -> str:
    from hashlib import sha256

    return sha256(der).hexdigest()


def facts_of(facts: CodeFacts) -> tuple[tuple[str, str], ...]:
    """Return what a code says of its paper, as (name, text), the empty left out."""
    pairs = (
        ("paper", facts.paper),
        ("number", facts.number),
        ("dated", facts.dated.isoformat()),
        ("holder_kk", facts.holder.kk),
        ("holder_ru", facts.holder.ru),
        ("identifier", facts.identifier),
        ("activity", facts.activity),
        ("sub_types", "; ".join(facts.sub_types)),
        ("site", facts.site),
        ("licensor", facts.licensor),
        ("licensor_bin", facts.licensor_bin),
        ("status_url", facts.status_url),
    )
    return tuple((name, value) for name, value in pairs if value)
