"""Draws the office's papers: facts in, PDF/A-2a out (ISO 19005-2 level A: tagged, fonts embedded, alt texts).

The same facts, seal and program version give the same bytes: fonts come only from ``resources/fonts``,
the document's time is the facts' own date and nothing of the machine enters. User text is handed to the
templates (``resources/templates``) as JSON and is set as strings, so markup in a name stays a name.
"""

import json
from datetime import UTC, date, datetime, time
from functools import cache, lru_cache
from threading import Lock
from typing import Any

import typst

from desktop import resources
from desktop.documents import lettering, qr
from desktop.errors import Unavailable
from desktop.regulation import papers
from desktop.regulation.model import DocumentKind

_TEMPLATES = ("house.typ", "seal.typ", "letter.typ", "commission.typ", "corner.svg", "specimen.svg")


def draw(kind: DocumentKind, facts: papers.Facts, seal: bytes | None) -> bytes:
    """Return the PDF of the paper ``kind``; ``seal`` is the PNG of the office's seal, or None.

    Receipts carry no seal: the clerk signs them by hand. Raises BadInput("text-not-printable") when a
    text holds a character that no embedded font has, ValueError when the facts are of another paper.
    """
    if not isinstance(facts, papers.FACTS[kind]):
        raise ValueError(f"{type(facts).__name__} are not the facts of {kind}")
    plain = lettering.printable(papers.to_json(facts))
    address, modules = qr.picture(getattr(facts, "status_url", ""))
    code, code_modules = qr.picture(getattr(facts, "code", ""))
    shown = seal if seal and getattr(facts, "signer", None) else None
    given = _given(plain, address=modules, code=code_modules)
    files = {**_sources(kind), "qr.svg": address, "code.svg": code, "given.json": given}
    return _press().print(files, _numbers(shown), _moment(facts))


def print_page(template: str, facts: dict[str, Any], at: datetime) -> bytes:
    """Return the PDF of a page that is no paper of a case: ``facts`` go into JSON, ``at`` is the document's moment."""
    main = resources.path("templates", f"{template}.typ").read_bytes()
    shared = {name: resources.path("templates", name).read_bytes() for name in _TEMPLATES}
    given = _given(facts, address=0, code=0)
    moment = at.astimezone(UTC).replace(microsecond=0)
    files = {**shared, "qr.svg": b"", "code.svg": b"", "given.json": given, "main.typ": main}
    return _press().print(files, "", moment)


def warm_up() -> None:
    """Read fonts and templates now, so that the first paper is as quick as the next."""
    _press()
    for kind in DocumentKind:
        _sources(kind)


class _Press:
    """One typst compiler kept for the life of the program; it is not to be used by two threads at once."""

    def __init__(self) -> None:
        fonts = str(resources.path("fonts"))
        root = str(resources.path("templates"))
        self._lock = Lock()
        compiler: Any = typst.Compiler  # its stub does not know that it takes a dict of files
        self._compiler = compiler({"main.typ": b""}, root=root, font_paths=[fonts], ignore_system_fonts=True)

    def print(self, files: dict[str, bytes], seal: str, moment: datetime) -> bytes:
        with self._lock:
            try:
                made: Any = self._compiler.compile(
                    files,
                    format="pdf",
                    sys_inputs={"seal": seal},  # the same for all papers: another forgets what is remembered
                    pdf_standards=["a-2a"],
                    timestamp=moment,
                )
            except RuntimeError as error:  # TypstError and what the compiler says of its inputs
                raise Unavailable("document-not-drawn", reason=str(error)) from error
        return bytes(made)


@cache
def _press() -> _Press:
    return _Press()


def _given(facts: Any, *, address: int, code: int) -> bytes:
    """The file the templates read: the facts and the widths of the two codes in modules."""
    given = {"facts": facts, "qr": address, "code": code}
    return json.dumps(given, ensure_ascii=False, sort_keys=True).encode()


@lru_cache(maxsize=4)
def _numbers(picture: bytes | None) -> str:
    """Bytes as a JSON list: the way a picture enters typst, whose files and inputs are text only."""
    return json.dumps(list(picture)) if picture else ""


@cache
def _sources(kind: DocumentKind) -> dict[str, bytes]:
    """The template of ``kind`` as the main file, with what every template may import."""
    shared = {name: resources.path("templates", name).read_bytes() for name in _TEMPLATES}
    return {**shared, "main.typ": resources.path("templates", f"{kind.value}.typ").read_bytes()}


def _moment(facts: papers.Facts) -> datetime:
    """The document's time: the moment of the facts, or midnight UTC of their date."""
    when: date | datetime = (
        getattr(facts, "duplicate_on", None)
        or getattr(facts, "decided_on", None)
        or getattr(facts, "issued_on", None)
        or getattr(facts, "dated", None)
        or facts.received_at  # type: ignore[union-attr]
    )
    if isinstance(when, datetime):
        return when.astimezone(UTC).replace(microsecond=0)  # typst takes none
    return datetime.combine(when, time(), tzinfo=UTC)
