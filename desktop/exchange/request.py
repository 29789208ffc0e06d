"""The request of an incoming package, as JSON or XML: one form, read strictly.

Both are read into the same tree; whatever is not in the form is refused, so that nothing signed is silently left out.
XML is read without entities, DTDs and anything that points elsewhere.
"""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from xml.parsers import expat

from desktop.errors import BadInput
from desktop.regulation.model import Channel

CONTAINER = "ruqsat-package/1"
NAMESPACE = "urn:ruqsat:package:1"
LARGEST = 2 * 1024 * 1024
_DEEPEST, _MOST_ELEMENTS = 12, 5000
_MOST_FILES, _MOST_LINES = 200, 300
_PACKAGE_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{7,63}")
_SHA256 = re.compile(r"[0-9a-f]{64}")
_FILE = re.compile(r"files/[^/\\\x00-\x1f]{1,120}")


@dataclass(frozen=True, slots=True)
class FileSaid:
    """A file as the request names it. ``path`` is its place in the container, ``name`` what people call it."""

    path: str
    sha256: str
    name: str
    paper: str | None = None


@dataclass(frozen=True, slots=True)
class LineSaid:
    paper: str
    sheets: int = 0
    expires_on: date | None = None


@dataclass(frozen=True, slots=True)
class Request:
    """What the package asks for, in the words of the request."""

    package_id: str
    created_at: datetime
    channel: Channel
    regulation: str
    service: str
    operation: str
    is_legal_entity: bool
    identifier: str = field(repr=False)
    name_kk: str = field(repr=False)
    name_ru: str = field(repr=False)
    address: str = field(repr=False)
    site: str
    consent: bool
    phone: str = ""
    email: str = ""
    representative: str = field(default="", repr=False)
    representative_iin: str = field(default="", repr=False)
    power_of_attorney: str = ""
    received_at: datetime | None = None
    number: str = ""
    sub_types: tuple[str, ...] = ()
    details: tuple[tuple[str, str], ...] = ()
    licence_issued_on: date | None = None  # of a licence given before the office's register began
    receipt: str = ""
    paid_on: date | None = None
    tenge: int | None = None
    kbk: str = ""
    knp: str = ""
    inventory: tuple[LineSaid, ...] = ()
    files: tuple[FileSaid, ...] = ()


def wrong(where: str) -> BadInput:
    """Return the refusal of a request that is not in the form; ``where`` names the place in it."""
    return BadInput("package-request-wrong", field="files", where=where)


def read_json(content: bytes) -> Request:
    """Return the request; BadInput "package-request-wrong" (where)."""
    if len(content) > LARGEST:
        raise BadInput("package-too-large", field="files", limit=LARGEST)
    try:
        told = json.loads(content.decode("utf-8"), object_pairs_hook=_once, parse_constant=_no_constant)
    except (ValueError, RecursionError) as error:
        raise wrong("request.json") from error
    return _request(told)


def read_xml(content: bytes) -> Request:
    """Return the request; BadInput "package-request-wrong" (where)."""
    if len(content) > LARGEST:
        raise BadInput("package-too-large", field="files", limit=LARGEST)
    try:
        return _request(_Tree().read(content))
    except (expat.ExpatError, UnicodeDecodeError, ValueError) as error:
        raise wrong("request.xml") from error


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    told = dict(pairs)
    if len(told) != len(pairs):
        raise ValueError("a name twice: two readers would see two requests")
    return told


def _no_constant(word: str) -> None:
    raise ValueError(word)


class _Tree:
    """Reads XML into the tree JSON has: elements of the namespace, lists where the form has lists, no attributes."""

    def __init__(self) -> None:
        self._open: list[tuple[str, dict[str, Any], list[str]]] = []
        self._elements = 0
        self._root: Any = None

    def read(self, content: bytes) -> Any:
        parser = expat.ParserCreate(namespace_separator=" ")
        parser.StartDoctypeDeclHandler = self._refuse
        parser.EntityDeclHandler = self._refuse
        parser.ExternalEntityRefHandler = self._refuse
        parser.ProcessingInstructionHandler = self._refuse
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._text
        parser.Parse(content, True)
        return self._root

    def _refuse(self, *_: Any) -> int:
        raise ValueError("a request holds no document type, entity or instruction")

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self._elements += 1
        space, _, local = name.rpartition(" ")
        if (
            space != NAMESPACE
            or attributes
            or len(self._open) >= _DEEPEST
            or self._elements > _MOST_ELEMENTS
            or (not self._open and local != "request")
        ):
            raise ValueError(name)
        self._open.append((local, {}, []))

    def _text(self, words: str) -> None:
        self._open[-1][2].append(words)

    def _end(self, _name: str) -> None:
        local, children, words = self._open.pop()
        text = "".join(words).strip()
        if children and text:
            raise ValueError(local)
        value: Any = children if children else text
        if local in _LISTS:
            value = children.get(_LISTS[local], []) if not text else None
        if not self._open:
            self._root = value
            return
        above_it, above, _ = self._open[-1]
        if _LISTS.get(above_it) == local:
            above.setdefault(local, []).append(value)
        elif local in above or above_it in _LISTS:
            raise ValueError(local)
        else:
            above[local] = value


_LISTS = {"sub_types": "sub_type", "inventory": "line", "files": "file", "details": "detail"}


@dataclass(slots=True)
class _Part:
    """An object of the request; what was not asked for when it is done is refused."""

    told: Mapping[str, Any]
    where: str
    seen: set[str] = field(default_factory=set)

    @classmethod
    def of(cls, told: object, where: str) -> "_Part":
        if not isinstance(told, Mapping):
            raise wrong(where)
        return cls(told, where)

    def get(self, name: str) -> Any:
        self.seen.add(name)
        return self.told.get(name)

    def text(self, name: str, *, needed: bool = False, limit: int = 4000) -> str:
        value = self.get(name)
        if value is None and not needed:
            return ""
        if not isinstance(value, str) or len(value) > limit or (needed and not value.strip()):
            raise wrong(f"{self.where}{name}")
        return value.strip()

    def flag(self, name: str) -> bool:
        value = self.get(name)
        if value in (True, "true"):
            return True
        if value in (False, "false"):
            return False
        raise wrong(f"{self.where}{name}")

    def number(self, name: str, most: int) -> int | None:
        value = self.get(name)
        if value is None or value == "":
            return None
        if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) < 12:
            value = int(value)
        if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= most:
            raise wrong(f"{self.where}{name}")
        return value

    def day(self, name: str) -> date | None:
        found = self._read(name, date.fromisoformat)
        return found if isinstance(found, date) else None

    def moment(self, name: str) -> datetime | None:
        found = self._read(name, datetime.fromisoformat)
        if not isinstance(found, datetime):
            return None
        if found.tzinfo is None:
            raise wrong(f"{self.where}{name}")
        return found

    def _read(self, name: str, read: Callable[[str], Any]) -> Any:
        value = self.text(name, limit=40)
        if not value:
            return None
        try:
            return read(value)
        except ValueError as error:
            raise wrong(f"{self.where}{name}") from error

    def part(self, name: str, *, needed: bool = False) -> "_Part":
        value = self.get(name)
        if value in (None, "") and not needed:
            return _Part({}, f"{self.where}{name}.")
        return _Part.of(value, f"{self.where}{name}.")

    def items(self, name: str, most: int) -> list[Any]:
        value = self.get(name)
        if value in (None, ""):
            return []
        if not isinstance(value, list) or len(value) > most:
            raise wrong(f"{self.where}{name}")
        return value

    def done(self) -> None:
        more = sorted(set(self.told) - self.seen)
        if more:
            raise wrong(f"{self.where}{more[0]}")


def _request(told: object) -> Request:
    top = _Part.of(told, "")
    if top.get("container") != CONTAINER:
        raise wrong("container")
    package_id = top.text("id", needed=True, limit=64)
    created_at = top.moment("created_at")
    if not _PACKAGE_ID.fullmatch(package_id) or created_at is None:
        raise wrong("id" if created_at else "created_at")
    try:
        channel = Channel(top.text("channel", needed=True))
    except ValueError as error:
        raise wrong("channel") from error
    applicant = top.part("applicant", needed=True)
    deputy = top.part("representative")
    fee = top.part("fee")
    made = Request(
        package_id=package_id,
        created_at=created_at,
        channel=channel,
        regulation=top.text("regulation", needed=True, limit=80),
        service=top.text("service", needed=True, limit=80),
        operation=top.text("operation", needed=True, limit=80),
        is_legal_entity=applicant.flag("is_legal_entity"),
        identifier=applicant.text("identifier", needed=True, limit=20),
        name_kk=applicant.text("name_kk", needed=True),
        name_ru=applicant.text("name_ru", needed=True),
        address=applicant.text("address", needed=True),
        phone=applicant.text("phone"),
        email=applicant.text("email"),
        site=top.text("site", needed=True),
        consent=top.flag("consent"),
        representative=deputy.text("name"),
        representative_iin=deputy.text("iin", limit=20),
        power_of_attorney=deputy.text("power_of_attorney"),
        received_at=top.moment("received_at"),
        number=top.text("number", limit=80),
        sub_types=tuple(_word(item, "sub_types") for item in top.items("sub_types", _MOST_LINES)),
        details=tuple(_detail(item) for item in top.items("details", _MOST_LINES)),
        licence_issued_on=top.day("licence_issued_on"),
        receipt=fee.text("receipt", limit=80),
        paid_on=fee.day("paid_on"),
        tenge=fee.number("tenge", 2_000_000_000),
        kbk=fee.text("kbk", limit=20),
        knp=fee.text("knp", limit=20),
        inventory=tuple(_line(item) for item in top.items("inventory", _MOST_LINES)),
        files=_files(top.items("files", _MOST_FILES)),
    )
    for part in (applicant, deputy, fee, top):
        part.done()
    return made


def _word(value: object, where: str) -> str:
    if not isinstance(value, str) or not 0 < len(value) <= 80:
        raise wrong(where)
    return value


def _detail(told: object) -> tuple[str, str]:
    part = _Part.of(told, "details.")
    pair = part.text("field", needed=True, limit=80), part.text("value")
    part.done()
    return pair


def _line(told: object) -> LineSaid:
    part = _Part.of(told, "inventory.")
    line = LineSaid(
        part.text("paper", needed=True, limit=80), part.number("sheets", 99_999) or 0, part.day("expires_on")
    )
    part.done()
    return line


def _files(told: list[Any]) -> tuple[FileSaid, ...]:
    found = []
    for item in told:
        part = _Part.of(item, "files.")
        said = FileSaid(
            path=part.text("path", needed=True, limit=130),
            sha256=part.text("sha256", needed=True, limit=64),
            name=part.text("name", limit=300) or part.text("path").rpartition("/")[2],
            paper=part.text("paper", limit=80) or None,
        )
        if not _FILE.fullmatch(said.path) or said.path.endswith("..") or not _SHA256.fullmatch(said.sha256):
            raise wrong("files.path" if _SHA256.fullmatch(said.sha256) else "files.sha256")
        part.done()
        found.append(said)
    if len({said.path.casefold() for said in found}) != len(found):
        raise wrong("files.path")
    return tuple(found)
