"""Is what is brought validly signed? As ``eds.checking``, and it opens the packages of the portal and the centres too."""

import tempfile
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from desktop.eds import checking
from desktop.eds.cms_signature import verify_detached
from desktop.eds.revocation_asking import AskRevocation
from desktop.eds.trust_files import Trusted
from desktop.eds.verdict import Kind, Reason, Unreadable, Verdict
from desktop.exchange import identity
from desktop.exchange.container import MOST_BYTES, Package, open_package


def check(
    content: bytes,
    trusted: Trusted,
    *,
    at: datetime,
    document: bytes | None = None,
    asking: AskRevocation | None = None,
) -> Verdict:
    """Judge ``content`` as ``eds.checking.check``; BadInput as ``container.open_package`` for a broken package."""
    if checking.looks_like(content) != "package":
        return checking.check(content, trusted, at=at, document=document, asking=asking)
    if document is not None:
        raise Unreadable("verify-document-not-needed")
    with tempfile.TemporaryDirectory(prefix="ruqsat-") as folder:
        path = Path(folder) / "package.zip"
        path.write_bytes(content)
        package = open_package(path, Path(folder) / "files", limit=MOST_BYTES)
        return _judged(package, trusted, at, asking)


def _judged(package: Package, trusted: Trusted, at: datetime, asking: AskRevocation | None) -> Verdict:
    told = _facts(package)
    if not package.signature:
        return Verdict(False, Reason.NO_SIGNATURE, checked_at=at, kind=Kind.PACKAGE, told=told)
    seen = verify_detached(
        package.request_bytes,
        package.signature,
        trust_roots=(*trusted.roots, *trusted.demo),
        at=at,
        certificates=trusted.others,
    )
    if seen.valid and not all(one.same for one in package.files):
        seen = replace(seen, reason=Reason.CHANGED)
    verdict = replace(checking.of_signers([seen], Kind.PACKAGE, trusted, at, asking), told=told)
    wrong = identity.why_not(package.request, seen.signer) if seen.signer is not None else ""
    return replace(verdict, valid=False, reason=Reason(wrong)) if verdict.valid and wrong else verdict


def _facts(package: Package) -> tuple[tuple[str, str], ...]:
    request = package.request
    pairs = [
        ("package", request.package_id),
        ("operation", request.operation),
        ("holder_kk", request.name_kk),
        ("holder_ru", request.name_ru),
        ("identifier", request.identifier),
    ]
    pairs += [("file" if one.same else "file_changed", one.said.name) for one in package.files]
    return tuple((name, value) for name, value in pairs if value)
