"""What is odd in a legal text: Latin letters that look Cyrillic, Russian where Kazakh should be, one text in both places."""

import re
from collections.abc import Iterator

from desktop.regulation.oddities import Oddity

_WORD = re.compile(r"[^\W\d_]+")
_LATIN = re.compile(r"[A-Za-z]")
_CYRILLIC = re.compile(r"[\u0400-\u052f]")
_LOOK_ALIKES = frozenset("aceopxyiABCEHKMOPTXYI")
_ALONE = frozenset("aceopxyi")  # conjunctions and prepositions by the look of them
_ROMAN = re.compile(r"[IVXLCDM]+")
_KAZAKH = re.compile(r"[әғқңөұүһіӘҒҚҢӨҰҮҺІ]")
_LONG = 40  # letters: no Kazakh text of this length does without a letter of its own


def odd(kk: str, ru: str) -> Iterator[tuple[Oddity, dict[str, object]]]:
    """Give what is odd in a text of both languages, with facts."""
    for language, text in (("kk", kk), ("ru", ru)):
        if found := look_alikes(text):
            yield Oddity.MIXED_LETTERS, {"language": language, "words": found}
    if kk == ru:
        if len(_WORD.findall(kk)) > 1:
            yield Oddity.SAME_IN_BOTH, {}
    elif not _KAZAKH.search(kk) and sum(map(len, _WORD.findall(kk))) >= _LONG:
        yield Oddity.KAZAKH_LOOKS_RUSSIAN, {}


def look_alikes(text: str) -> list[str]:
    """Return the words of a Cyrillic text in which Latin letters pose as Cyrillic ones."""
    if not _CYRILLIC.search(text):
        return []
    found = []
    for word in _WORD.findall(text):
        latin = _LATIN.findall(word)
        mixed = bool(latin) and bool(_CYRILLIC.search(word))
        posing = len(latin) == len(word) > 1 and set(word) <= _LOOK_ALIKES and not _ROMAN.fullmatch(word)
        if mixed or posing:
            found.append(word)
    found += [word for word in text.split() if len(word) == 1 and word in _ALONE]
    return list(dict.fromkeys(found))
