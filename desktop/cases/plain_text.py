"""What a person typed, as plain data: no control characters, composed letters, within a length.

Quotes, angle brackets and right-to-left letters stay as they were typed; they are data everywhere.
"""

import unicodedata

from desktop.errors import BadInput

LINE = 300  # a name, a title, a reason of one line
LONG_LINE = 1000  # the full name of an applicant, the particulars of a power of attorney
TEXT = 4000  # an address with explanations, a note

_BIDI = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def clean(text: str, *, lines: bool = False) -> str:
    """Return ``text`` in NFC without control characters and half surrogates, trimmed.

    With ``lines`` line ends are kept; otherwise every run of white space becomes one space.
    """
    kept = []
    for letter in unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n")):
        if letter == "\n" and lines:
            kept.append(letter)
        elif letter.isspace():
            kept.append(" ")
        elif unicodedata.category(letter) not in {"Cc", "Cs"} and ord(letter) & 0xFFFE != 0xFFFE:
            kept.append(letter)
    joined = "".join(kept)
    if lines:
        return "\n".join(" ".join(line.split(" ")).rstrip() for line in joined.split("\n")).strip()
    return " ".join(joined.split())


def clean_name(text: str) -> str:
    """Return a name: as :func:`clean`, also without marks that turn the direction of what follows."""
    return clean("".join(letter for letter in text if letter not in _BIDI))


def required(text: str, field: str, *, limit: int = LINE, lines: bool = False) -> str:
    """Return the cleaned text; BadInput "field-required" or "too-long" at ``field``."""
    cleaned = optional(text, field, limit=limit, lines=lines)
    if not cleaned:
        raise BadInput("field-required", field=field)
    return cleaned


def optional(text: str, field: str, *, limit: int = LINE, lines: bool = False) -> str:
    """Return the cleaned text, which may be empty; BadInput "too-long" at ``field``."""
    cleaned = clean(text, lines=lines)
    if len(cleaned) > limit:
        raise BadInput("too-long", field=field, limit=limit, length=len(cleaned))
    return cleaned
