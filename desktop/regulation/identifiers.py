"""ИИН and БИН: which of the two, and what is wrong with it.

Sources: PP 22.05.2007 № 406 (rules of forming), Law 12.01.2007 № 223 (control digit); domain notes B5.
Some faults make the number impossible; others (see ``IMPOSSIBLE``) only ask for a confirmation.
"""

from datetime import date

DEMO_MARK = "ДЕМО / DEMO"
"""Stands in the names of every certificate of the demo authority; such a signature has no legal force."""

LENGTH = 12
IMPOSSIBLE = frozenset({"identifier-length", "identifier-digits", "identifier-kind", "identifier-date"})
_CENTURIES = {"1": 1800, "2": 1800, "3": 1900, "4": 1900, "5": 2000, "6": 2000}
_FIRST_WEIGHTS = (1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11)
_SECOND_WEIGHTS = (3, 4, 5, 6, 7, 8, 9, 10, 11, 1, 2)


def kind_of(digits: str) -> str | None:
    """Return "iin" (fifth digit 0-3: tens of a birthday), "bin" (4-6: kind of entity), else None."""
    if len(digits) != LENGTH or not _all_digits(digits):
        return None
    if digits[4] in "0123":
        return "iin"
    return "bin" if digits[4] in "456" else None


def problem(digits: str) -> str | None:
    """Return the code of the gravest fault, or None.

    Impossible: identifier-digits, identifier-length, identifier-kind (fifth digit 7-9), identifier-date
    (no such day, or month of registration). To be confirmed: identifier-check-digit, identifier-century
    (seventh digit of an ИИН outside 1-6), identifier-unit (sixth digit of a БИН outside 0-3).
    """
    if not _all_digits(digits):
        return "identifier-digits" if digits else "identifier-length"
    if len(digits) != LENGTH:
        return "identifier-length"
    kind = kind_of(digits)
    if kind is None:
        return "identifier-kind"
    if not (_is_birthday(digits) if kind == "iin" else 1 <= int(digits[2:4]) <= 12):
        return "identifier-date"
    if check_digit(digits[:11]) != int(digits[11]):
        return "identifier-check-digit"
    if kind == "iin" and digits[6] not in _CENTURIES:
        return "identifier-century"
    if kind == "bin" and digits[5] not in "0123":
        return "identifier-unit"
    return None


def is_impossible(code: str | None) -> bool:
    """Return whether the fault cannot be confirmed away."""
    return code in IMPOSSIBLE


def check_digit(body: str) -> int | None:
    """Return the control digit of the first eleven digits; None when such a number is never given out."""
    for weights in (_FIRST_WEIGHTS, _SECOND_WEIGHTS):
        rest = sum(int(digit) * weight for digit, weight in zip(body, weights, strict=True)) % 11
        if rest < 10:
            return rest
    return None


def _all_digits(text: str) -> bool:
    return text.isascii() and text.isdigit()


def _is_birthday(digits: str) -> bool:
    year, month, day = int(digits[:2]), int(digits[2:4]), int(digits[4:6])
    century = _CENTURIES.get(digits[6])
    return any(_is_day(year + base, month, day) for base in ([century] if century else [1900, 2000]))


def _is_day(year: int, month: int, day: int) -> bool:
    try:
        date(year, month, day)
    except ValueError:
        return False
    return True
