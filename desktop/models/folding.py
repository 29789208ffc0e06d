"""What a text is found by and sorted by, the same on both engines: SQLite has no Kazakh, PostgreSQL not always.

Both are made here, by the writer, and stored; a change of either needs a migration that makes them anew.
"""

import unicodedata

# a Russian keyboard has the neighbour, not the letter
_NEIGHBOURS = str.maketrans("ёәғқңөұүһі", "еагкноуухи")
# quotes and apostrophes come in a dozen shapes; bidirectional marks cannot be seen
_DROPPED = dict.fromkeys(
    [
        *map(ord, "\"'`´«»„“”‘’‚‹›"),
        0xAD,
        0xFEFF,
        *range(0x200B, 0x2010),
        *range(0x202A, 0x202F),
        *range(0x2066, 0x206A),
    ]
)

# The Kazakh Cyrillic alphabet of 42 letters; Russian letters have their places in it.
_ALPHABET = "аәбвгғдеёжзийкқлмнңоөпрстуұүфхһцчшщъыіьэюя"
_LATIN = "abcdefghijklmnopqrstuvwxyz"
_DIGITS = "0123456789"
# digits, Latin, Cyrillic: consecutive letters of a block where nothing else stands
_ORDERED = " " + _DIGITS + _LATIN + _ALPHABET
_KEYS = {ord(letter): chr(0x21 + place) for place, letter in enumerate(_ORDERED)}
_OTHER = chr(0x21 + len(_ORDERED))


def fold(text: str) -> str:
    """Return ``text`` as it is searched: no case, no ё, Kazakh letters as a Russian keyboard types them, no quotes."""
    plain = unicodedata.normalize("NFKC", text).translate(_DROPPED).casefold()
    return " ".join(unicodedata.normalize("NFC", plain).translate(_NEIGHBOURS).split())


def storable(text: str) -> str:
    """Return ``text`` without what no database can be asked for: NUL and half surrogates."""
    return "".join(letter for letter in text if letter != "\x00" and not "\ud800" <= letter <= "\udfff")


def sort_key(text: str) -> str:
    """Return a key whose order by code points is the Kazakh alphabetical order of ``text``.

    Case and quotes do not count; digits, then Latin, then Cyrillic, then the rest.
    """
    plain = unicodedata.normalize("NFKC", text).translate(_DROPPED).casefold()
    spaced = " ".join("".join(_letter_or_space(letter) for letter in plain).split())
    return "".join(_KEYS.get(ord(letter)) or _OTHER + letter for letter in spaced)


def _letter_or_space(letter: str) -> str:
    """Punctuation does not count: "А-Б" stands beside "А Б"."""
    return letter if letter.isalnum() else " "
