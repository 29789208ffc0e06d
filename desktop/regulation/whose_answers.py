"""Whose an answer of another system is: one that names another than the applicant confirms nothing of him by itself.

What is kept of an answer is never changed. That it counts all the same, or was set aside, is a record of its own beside
it (``COUNTED``, ``SET_ASIDE`` in ``reason``, the id of the answer in ``number``); so is a newer answer of the same system
that names the applicant.
"""

import re
from collections.abc import Iterable, Mapping
from typing import Protocol

from desktop.regulation.systems import Heard

COUNTED, SET_ASIDE = "answer-counted", "answer-set-aside"
WEIGHED = frozenset({COUNTED, SET_ASIDE})
_NUMBER = re.compile(r"(?<!\d)\d{12}(?!\d)")  # ИИН or БИН
_WHOSE = ("identifier", "iin", "bin", "holder", "payer", "represented", "name_kk", "name_ru")
"""Where a question or an answer tells whose it is; who heads, certifies or represents is another by nature."""


class Kept(Protocol):
    """A record of what a system said, as it is kept."""

    @property
    def id(self) -> int: ...
    @property
    def system(self) -> str: ...
    @property
    def question(self) -> Mapping[str, str]: ...
    @property
    def answer(self) -> Mapping[str, str]: ...
    @property
    def heard(self) -> str: ...
    @property
    def reason(self) -> str: ...
    @property
    def number(self) -> str: ...


def others_named(record: Kept, *, applicant: str, representative: str = "") -> tuple[str, ...]:
    """Return the ИИН and БИН of others an answer names, none where it is the applicant's or names nobody.

    What was asked about the representative may name him.
    """
    if record.heard != Heard.ANSWERED.value or record.reason in WEIGHED:
        return ()
    asked = _numbers(record.question)
    about = representative if representative and representative in asked else applicant
    return tuple(dict.fromkeys(one for one in (*asked, *_numbers(record.answer)) if one != about))


def unweighed(
    records: Iterable[Kept], *, applicant: str, representative: str = ""
) -> dict[int, tuple[str, ...]]:
    """Return the answers that name others and of which nobody has said what they count for; records in any order."""
    waiting: dict[int, tuple[str, tuple[str, ...]]] = {}
    for record in sorted(records, key=lambda one: one.id):
        others = others_named(record, applicant=applicant, representative=representative)
        if record.reason in WEIGHED:
            waiting.pop(int(record.number) if record.number.isdecimal() else 0, None)
        elif others:
            waiting[record.id] = (record.system, others)
        elif record.heard == Heard.ANSWERED.value:
            waiting = {key: told for key, told in waiting.items() if told[0] != record.system}
    return {key: others for key, (_system, others) in waiting.items()}


def _numbers(told: Mapping[str, str]) -> list[str]:
    found: list[str] = []
    for name in _WHOSE:
        value = told.get(name, "")
        found += _NUMBER.findall(value) or _NUMBER.findall(re.sub(r"[\s\-]", "", value))
    return found
