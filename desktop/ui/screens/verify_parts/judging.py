"""Reads and judges what was dropped: on the lanes of files and of systems, never on the window's own thread."""

import hashlib
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from desktop.eds.verdict import Reason, Verdict
from desktop.errors import Told
from desktop.queries import office as queries
from desktop.queries.code_keys import code_keys
from desktop.queries.rows import TrustRootRow

_UNDECIDED = frozenset({Reason.ALGORITHM_UNSUPPORTED, Reason.KIND_UNSUPPORTED, Reason.HASH_NOT_HERE})


@dataclass(frozen=True)
class Known:
    """What the office says: whom it trusts, its name, where it asks about certificates."""

    roots: tuple[TrustRootRow, ...] = ()
    office_kk: str = ""
    office_ru: str = ""
    is_demo: bool = False
    ocsp_address: str = ""
    code_keys: tuple[str, ...] = ()  # certificates (PEM) of the department's keys of codes, old ones too


@dataclass(frozen=True)
class FileSeen:
    name: str = ""
    sha256: str = ""
    size: int = 0


@dataclass(frozen=True)
class Checked:
    """What was learned of a file; ``error`` when nothing could be."""

    name: str
    verdict: Verdict | None
    error: Told | None = None
    path: str = ""
    file: FileSeen = FileSeen()
    document: FileSeen = FileSeen()
    known: Known = field(default_factory=Known)
    trusted: tuple[tuple[str, str], ...] = ()  # (name, SHA-256) of certificates a chain may end at
    online: bool = False

    @property
    def answer(self) -> str:
        """valid | invalid | unknown."""
        if self.verdict is None or self.verdict.reason in _UNDECIDED:
            return "unknown"
        return "valid" if self.verdict.valid else "invalid"

    @property
    def wants_document(self) -> bool:
        """A signature came without what it signs."""
        return self.error is not None and self.error.code == "cms-needs-document"


def known(store, actor) -> Known:
    """Return what the office says; readable by anybody, for such things are public."""
    roots = queries.trust_roots(store, actor)
    if not queries.has_office(store):
        return Known(roots)
    office = queries.office(store)
    codes = tuple(row.pem for row in code_keys(store, actor))
    return Known(roots, office.name.kk, office.name.ru, office.is_demo, office.signing.ocsp_address, codes)


def in_register(store, actor, *, papers) -> tuple[tuple[str, str], ...]:
    """Return what the register says of licences whose codes were found, as (message code, fact by fact)."""
    from desktop.eds.codes.comparing import InRegister, compare
    from desktop.queries.statuses import registered

    told: list[tuple[str, str]] = []
    for paper in papers:
        if paper.paper != "licence":
            continue
        row = registered(store, actor, number=paper.number)
        if row is None:
            told.append(("code-not-in-register", paper.number))
            continue
        seen = InRegister(
            row.number,
            row.identifier,
            row.holder,
            row.site,
            row.sub_types,
            row.issued_on,
            row.first_issued_on,
        )
        differences = compare(paper, row=seen)
        told += [("code-differs-register", f"{one.said} / {one.found}") for one in differences]
        if not differences:
            told.append((f"code-register-{row.status}", paper.number))
    return tuple(told)


def judge_file(
    path: str,
    known: Known,
    at: datetime | None = None,
    *,
    document: str = "",
    online: bool = False,
    text: str = "",
) -> Checked:
    """Return the verdict on a file, or on ``text`` that was pasted; what keeps it from being read stands in ``error``."""
    from desktop import settings
    from desktop.eds import trust_files
    from desktop.eds.checking import MAX_BYTES
    from desktop.eds.fetching import http_fetch
    from desktop.eds.list_cache import ListCache
    from desktop.eds.revocation_asking import asker
    from desktop.exchange.checking import check
    from desktop.ui.reading_files import read_bytes

    name, file, signed = Path(path).name, FileSeen(), FileSeen()
    trusted: tuple[tuple[str, str], ...] = ()
    asking = None
    if online:
        cache = ListCache(settings.state_folder() / "revocation")
        asking = asker(fetch=http_fetch, cache=cache, ocsp_url=known.ocsp_address)
    try:
        content = text.encode() if text else read_bytes(path, MAX_BYTES)
        file = _seen(path, content)
        beside = read_bytes(document, MAX_BYTES) if document else None
        if beside is not None:
            signed = _seen(document, beside)
        trust = trust_files.sorted_out(
            [root.pem for root in known.roots if not root.is_demo],
            [root.pem for root in known.roots if root.is_demo],
            known.code_keys,
        )
        trusted = tuple(trust.names())
        verdict = check(content, trust, at=at or datetime.now(UTC), document=beside, asking=asking)
    except Told as error:
        return Checked(name, None, error, path, file, signed, known, trusted, online)
    return Checked(name, verdict, None, path, file, signed, known, trusted, online)


def _seen(path: str, content: bytes) -> FileSeen:
    return FileSeen(Path(path).name, hashlib.sha256(content).hexdigest(), len(content))


def pair_of(paths: list[str]) -> tuple[str, str]:
    """Return (the signature, what it signs) of files dropped together; the first alone when none is a signature."""
    from desktop.eds.checking import looks_like

    for at, path in enumerate(paths[:2]):
        try:
            with Path(path).open("rb") as file:
                kind = looks_like(file.read(1024))
        except OSError:
            continue
        if kind == "cms" and len(paths) > 1:
            return path, paths[1 - at]
    return paths[0], ""
