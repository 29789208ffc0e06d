"""What a code says of its paper, and how it is written: CBOR with the integer labels of ``README.md``.

A licence of many sub-types would not fit a code that a printed page can carry, so what is long is shortened by a
rule (:func:`shortened`), never refused: the digest of the whole stands beside the part.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from hashlib import sha256
from typing import Any

from desktop.eds.codes import cbor
from desktop.regulation.model import Text

VERSION = 1
DIGEST_BYTES = 16
_ISSUER, _SUBJECT, _OURS = 1, 2, -65537  # RFC 8392; -65537: the first label for private use (RFC 9052)
_LABELS = {
    "version": 1,
    "paper": 2,
    "dated": 3,
    "issued_on": 4,
    "first_issued_on": 5,
    "holder": 6,
    "identifier": 7,
    "activity": 8,
    "sub_types": 9,
    "site": 10,
    "licensor": 11,
    "status_url": 12,
    "whole": 13,
    "demo": 14,
}
_TEXTS = ("holder", "activity", "licensor", "site")  # what may be cut
_CUTS = (60, 30, 12)  # characters that are left of a text, step by step


@dataclass(frozen=True, slots=True)
class CodeFacts:
    """The facts of a paper. ``whole``: names of facts that were shortened, with the digest of what they were."""

    paper: str  # DocumentKind: "licence", "refusal", ...
    number: str
    dated: date  # the day the page bears
    holder: Text = field(repr=False)
    identifier: str = field(repr=False)  # ИИН / БИН
    licensor: str  # in Kazakh; which department it is, the BIN says
    licensor_bin: str
    activity: str = ""  # in Kazakh
    sub_types: tuple[str, ...] = ()
    site: str = ""
    status_url: str = ""
    issued_on: date | None = None  # where it is another day than ``dated``: on a duplicate
    first_issued_on: date | None = None
    demo: bool = False
    whole: tuple[tuple[str, bytes], ...] = ()

    def digest_of(self, name: str) -> bytes | None:
        """Return the digest of the whole fact ``name`` where only a part of it is here."""
        return dict(self.whole).get(name)


def digest(value: Text | str | tuple[str, ...]) -> bytes:
    """Return the first 16 bytes of the SHA-256 of a fact: its texts in UTF-8, each ended by a line feed."""
    texts = (value.kk, value.ru) if isinstance(value, Text) else (value,) if isinstance(value, str) else value
    return sha256("".join(f"{text}\n" for text in texts).encode()).digest()[:DIGEST_BYTES]


def to_cbor(facts: CodeFacts) -> bytes:
    """Return the claims as CBOR; what is empty is left out."""
    ours: dict[int, Any] = {_LABELS["version"]: VERSION}
    for name, label in _LABELS.items():
        value = getattr(facts, name, None)
        if isinstance(value, Text):
            value = value.kk if value.ru in ("", value.kk) else [value.kk, value.ru]
        elif isinstance(value, date):
            value = value.isoformat()
        elif name == "whole":
            value = {_LABELS[one]: kept for one, kept in facts.whole}
        elif isinstance(value, tuple):
            value = list(value)
        if value:
            ours[label] = value
    return cbor.dumps({_ISSUER: facts.licensor_bin, _SUBJECT: facts.number, _OURS: ours})


def from_cbor(content: bytes) -> CodeFacts:
    """Return the claims; ValueError when they are not of this form. A label of a later version is passed over."""
    claims = cbor.loads(content)
    if not isinstance(claims, dict) or not isinstance(claims.get(_OURS), dict):
        raise ValueError("no claims of a paper")
    given = {name: claims[_OURS][label] for name, label in _LABELS.items() if label in claims[_OURS]}
    names = {label: name for name, label in _LABELS.items()}
    if given.pop("version", None) != VERSION:
        raise ValueError("another version")
    try:
        return CodeFacts(
            number=_text(claims.get(_SUBJECT)),
            licensor_bin=_text(claims.get(_ISSUER)),
            dated=date.fromisoformat(_text(given["dated"])),
            paper=_text(given["paper"]),
            identifier=_text(given.get("identifier", "")),
            holder=_pair(given.get("holder", "")),
            licensor=_text(given.get("licensor", "")),
            activity=_text(given.get("activity", "")),
            site=_text(given.get("site", "")),
            status_url=_text(given.get("status_url", "")),
            issued_on=_day(given.get("issued_on")),
            first_issued_on=_day(given.get("first_issued_on")),
            sub_types=tuple(map(_text, _list(given.get("sub_types", [])))),
            demo=given.get("demo", False) is True,
            whole=tuple(
                (names[label], _digest(kept)) for label, kept in _map(given.get("whole", {})).items()
            ),
        )
    except (KeyError, TypeError, IndexError) as error:
        raise ValueError("a claim is missing or of another kind") from error


def shortened(facts: CodeFacts, fits: Callable[[CodeFacts], bool]) -> CodeFacts:
    """Return as much of ``facts`` as ``fits``, by the rule of ``README.md``; never fails: the last step is returned."""
    last = facts
    for last in _ladder(facts, fits):
        if fits(last):
            return last
    return last


def _ladder(facts: CodeFacts, fits: Callable[[CodeFacts], bool]) -> Iterator[CodeFacts]:
    """First all of it, then the holder in one language, then fewer sub-types, then shorter texts, then no address."""
    yield facts
    part = facts
    if facts.holder.kk:
        part = replace(facts, holder=Text(facts.holder.kk, facts.holder.kk))
        yield part
    most = len(facts.sub_types)
    for cut in (0, *_CUTS):
        shorter = _cut(part, cut, facts) if cut else part
        if not most or not fits(_some(shorter, 0)):
            yield shorter if not most else _some(shorter, 0)
            continue
        low, high = 0, most + 1  # ``low`` fits, ``high`` does not
        while high - low > 1:
            middle = (low + high) // 2
            low, high = (middle, high) if fits(_some(shorter, middle)) else (low, middle)
        yield _some(shorter, low)
    bare = _some(_cut(part, _CUTS[-1], facts), 0) if most else _cut(part, _CUTS[-1], facts)
    yield replace(bare, status_url="")
    yield replace(bare, status_url="", activity="", site="")


def _some(facts: CodeFacts, count: int) -> CodeFacts:
    if count == len(facts.sub_types):
        return facts
    return _marked(replace(facts, sub_types=facts.sub_types[:count]), "sub_types", facts.sub_types)


def _cut(facts: CodeFacts, most: int, whole: CodeFacts) -> CodeFacts:
    for name in _TEXTS:
        value = getattr(facts, name)
        text = (value.kk or value.ru) if isinstance(value, Text) else value
        if len(text) > most:
            kept = text[: most - 1] + "…"
            changes: dict[str, Any] = {name: Text(kept, kept) if isinstance(value, Text) else kept}
            facts = _marked(replace(facts, **changes), name, getattr(whole, name))
    return facts


def _marked(facts: CodeFacts, name: str, whole: Any) -> CodeFacts:
    if facts.digest_of(name) is not None:
        return facts  # of the whole, which was here before the first cut
    return replace(facts, whole=(*facts.whole, (name, digest(whole))))


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise ValueError("not a text")
    return value


def _list(value: Any) -> list[Any]:
    if not isinstance(value, list):
        raise ValueError("not a list")
    return value


def _map(value: Any) -> dict[Any, Any]:
    if not isinstance(value, dict):
        raise ValueError("not a map")
    return value


def _day(value: Any) -> date | None:
    return None if value is None else date.fromisoformat(_text(value))


def _digest(value: Any) -> bytes:
    if not isinstance(value, bytes) or len(value) != DIGEST_BYTES:
        raise ValueError("not a digest")
    return value


def _pair(value: Any) -> Text:
    if isinstance(value, str):
        return Text(value, value)
    kk, ru = _list(value)
    return Text(_text(kk), _text(ru))
