"""A code lies inside the paper it speaks of: what it says against the words of the page, and against the register.

The code is what the department's key signed, so where they differ the page, or the register, is what to doubt.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

from desktop.eds.codes.claims import CodeFacts, digest
from desktop.regulation.model import Text

PAGE, REGISTER = "page", "register"


@dataclass(frozen=True, slots=True)
class InRegister:
    """What the register of licences says of a number; the sub-types in Kazakh, in the order of the page."""

    number: str
    identifier: str = field(repr=False)
    holder: Text = field(repr=False)
    site: str
    sub_types: tuple[str, ...]
    issued_on: date
    first_issued_on: date


@dataclass(frozen=True, slots=True)
class Difference:
    """One fact of the code that is another elsewhere. ``fact``: a field of ``CodeFacts``; ``found`` "" where it is absent."""

    where: str  # PAGE or REGISTER
    fact: str
    said: str = field(repr=False)  # by the code
    found: str = field(default="", repr=False)

    @property
    def code(self) -> str:
        """The message code of its sentence."""
        return f"code-differs-{self.where}"


def compare(
    facts: CodeFacts, *, page: str | None = None, row: InRegister | None = None
) -> tuple[Difference, ...]:
    """Return where the page's words or the register's row say another thing than the code; () when nowhere."""
    found: list[Difference] = []
    if page is not None:
        found += _with_page(facts, _letters(page))
    if row is not None:
        found += _with_register(facts, row)
    return tuple(found)


def _with_page(facts: CodeFacts, words: str) -> Iterator[Difference]:
    """Every fact must stand on the page, of one that was shortened its beginning; a number not in the address alone."""
    address = _letters(facts.status_url)
    bare = words.replace(address, " ") if address else words
    for name, values in (
        ("number", (facts.number,)),
        ("identifier", (facts.identifier,)),
        ("dated", (f"{facts.dated:%d.%m.%Y}",)),
        ("issued_on", (f"{facts.issued_on:%d.%m.%Y}",) if facts.issued_on else ()),
        ("first_issued_on", (f"{facts.first_issued_on:%d.%m.%Y}",) if facts.first_issued_on else ()),
        ("holder", tuple(dict.fromkeys((facts.holder.kk, facts.holder.ru)))),
        ("licensor", (facts.licensor,)),
        ("activity", (facts.activity,)),
        ("site", (facts.site,)),
        ("sub_types", facts.sub_types),
        ("status_url", (facts.status_url,)),
    ):
        for value in values:
            wanted = _letters(value.removesuffix("…") if facts.digest_of(name) else value)
            if name == "site" and _SITE in words:
                wanted = _SITE + wanted  # it may be a part of the holder's address
            if wanted and wanted not in (words if name == "status_url" else bare):
                yield Difference(PAGE, name, value)


def _with_register(facts: CodeFacts, row: InRegister) -> Iterator[Difference]:
    issued = facts.issued_on or facts.dated
    for name, said, found in (
        ("number", facts.number, row.number),
        ("identifier", facts.identifier, row.identifier),
        ("dated", f"{issued:%d.%m.%Y}", f"{row.issued_on:%d.%m.%Y}"),
        (
            "first_issued_on",
            f"{facts.first_issued_on or row.first_issued_on:%d.%m.%Y}",
            f"{row.first_issued_on:%d.%m.%Y}",
        ),
    ):
        if _letters(said) != _letters(found):
            yield Difference(REGISTER, name, said, found)
    whole = facts.digest_of("holder")
    names = {_letters(row.holder.kk), _letters(row.holder.ru)}
    alike = (
        whole == digest(row.holder)
        if whole
        else {_letters(facts.holder.kk), _letters(facts.holder.ru)} <= names
    )
    if not alike:
        yield Difference(REGISTER, "holder", facts.holder.kk, row.holder.kk)
    whole = facts.digest_of("site")
    if facts.site and (whole != digest(row.site) if whole else _letters(facts.site) != _letters(row.site)):
        yield Difference(REGISTER, "site", facts.site, row.site)
    whole = facts.digest_of("sub_types")
    kinds = tuple(map(_letters, row.sub_types))
    if whole != digest(row.sub_types) if whole else tuple(map(_letters, facts.sub_types)) != kinds:
        yield Difference(REGISTER, "sub_types", "; ".join(facts.sub_types), "; ".join(row.sub_types))


_SITE = "производственнаябаза(местоосуществлениядеятельности)"  # what stands over it on a licence


def _letters(text: str) -> str:
    """``text`` as it is compared: the same letters whatever the lines, spaces and ligatures of a page."""
    return re.sub(r"[\s\u00ad]+", "", unicodedata.normalize("NFKC", text)).casefold()
