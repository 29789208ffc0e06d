"""The rows of a register as the XML of a sheet (ECMA-376), many at a time and column by column.

Column by column most of what Python spends on a single cell is spent once for all of them. A text is an inline string
or a shared one, never anything else, so that nothing typed by a user can become a formula, and ИИН/БИН keep their zeros.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date, datetime, timedelta, tzinfo
from functools import lru_cache
from itertools import islice, repeat
from operator import attrgetter
from typing import Any

from desktop.documents.register_columns import Column, Language

CELL_LENGTH = 32_767  # UTF-16 units of a cell
LINE = 15  # points a line of a row is high; LibreOffice does not work the height out by itself
_NARROW = 20  # characters: what is wider breaks its lines
_FULL = 0.92  # of a line that words fill before they break
_SHARED_LETTERS = 200_000  # of all texts that are kept once for the whole book; they stay in memory
_DAY_ZERO = date(1899, 12, 30).toordinal()
_FIRST_TRUE_DAY = date(1900, 3, 1)  # before it Excel's calendar has a day too many
_SECOND = timedelta(seconds=1)
_DAY_SECONDS = 86400
_NEEDS_CARE = re.compile(
    "[&<>\x00-\x08\x0b\x0c\r\x0e-\x1f\ud800-\udfff\ufffe\uffff]|_x[0-9A-Fa-f]{4}_|^\\s|\\s$"
)
_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_LOOKS_ESCAPED = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")
_Cells = Callable[[Sequence[Any]], Iterable[str]]


def wraps(column: Column) -> bool:
    return column.form == "text" and column.width > _NARROW


def legal(text: str) -> str:
    """``text`` without the characters XML forbids."""
    return _ILLEGAL.sub("", text)


class SharedTexts:
    """Texts that come again and again, kept once for the whole book while they are few."""

    def __init__(self, first: int) -> None:
        """``first``: how many shared texts of others come before these."""
        self._first = first
        self._room = _SHARED_LETTERS
        self._items: list[str] = []

    def take(self, text: str) -> int | None:
        """Keep one more text; return its number, None when there is no room for it."""
        if len(text) > self._room:
            return None
        self._room -= len(text)
        self._items.append(f"<si>{_inner(text)}</si>")
        return self._first + len(self._items) - 1

    def items(self) -> list[str]:
        """Return what the shared strings have of them, in the order of their numbers."""
        return self._items


class Lines:
    """Rows as XML, taken in batches; knows when there are no more."""

    def __init__(
        self,
        rows: Iterable[Any],
        shown: Sequence[Column],
        styles: Sequence[int],
        language: Language,
        shared: SharedTexts,
    ) -> None:
        from openpyxl.utils import get_column_letter

        self._rows = iter(rows)
        self._language = language
        self._values = attrgetter(*(column.source for column in shown))
        ends = [f'<c r="{get_column_letter(number)}' for number in range(2, len(shown) + 1)] + ["</row>"]
        self._columns = [
            (
                column.say,
                _cells(column, style, end, shared),
                int(column.width * _FULL) if wraps(column) else 0,
            )
            for column, style, end in zip(shown, styles, ends, strict=True)
        ]
        self._next = next(self._rows, None)

    @property
    def ended(self) -> bool:
        return self._next is None

    def take(self, limit: int, *, first_row: int) -> list[str]:
        """Return at most ``limit`` rows, the first of them to stand in the sheet's row ``first_row``."""
        if self._next is None or limit < 1:
            return []
        batch = [self._next, *islice(self._rows, limit - 1)]
        self._next = next(self._rows, None)
        language = self._language
        lines: list[Sequence[int]] = [[1] * len(batch)]  # of text in each row, by what each wide column needs
        cells: list[Iterable[str]] = []
        by_column = zip(*map(self._values, batch), strict=True)
        for values, (say, made, room) in zip(by_column, self._columns, strict=True):
            said = values if say is None else [say(value, language) for value in values]
            cells.append(made(said))
            if room:
                lengths = [*map(len, said)]
                if max(lengths) > room:
                    lines.append([-(-length // room) for length in lengths])
        needed = map(max, *lines) if len(lines) > 1 else lines[0]
        high = [f'" ht="{lines * LINE}"><c r="A' for lines in needed]
        # a row's number stands before each of its cells, and nowhere else
        numbers = map(str, range(first_row, first_row + len(batch)))
        return [
            number.join(row)
            for number, row in zip(numbers, zip(repeat('<row r="'), high, *cells), strict=False)
        ]


def _cells(column: Column, style: int, end: str, shared: SharedTexts) -> _Cells:
    """Return what turns values of a column into cells without their addresses, each with ``end`` behind it."""
    empty = f'" s="{style}"/>{end}'
    if column.form == "text":
        before, after = f'" s="{style}" t="inlineStr"><is>', f"</is></c>{end}"
        if column.repeats:
            return _Repeated(shared, f'" s="{style}" t="s"><v>', f"</v></c>{end}", before, after, empty).cells
        return lambda values: _texts(values, before, after, empty)
    before, after = f'" s="{style}"><v>', f"</v></c>{end}"
    if column.form == "number":
        return lambda values: [empty if value is None else f"{before}{value}{after}" for value in values]
    if column.form == "date":
        early = f'" s="{style}" t="inlineStr"><is><t>', f"</t></is></c>{end}"

        @lru_cache(maxsize=512)
        def day(value: date | None) -> str:
            if value is None:
                return empty
            if value < _FIRST_TRUE_DAY:
                return f"{value:%d.%m.%Y}".join(early)
            return f"{before}{value.toordinal() - _DAY_ZERO}{after}"

        return lambda values: map(day, values)
    return lambda values: [
        empty
        if value is None
        else f"{before}{(value - _zero(value.tzinfo)) // _SECOND / _DAY_SECONDS:.9f}{after}"
        for value in values
    ]


@lru_cache(maxsize=8)
def _zero(zone: tzinfo | None) -> datetime:
    """Day zero of Excel by the clock of a zone: moments of one zone are apart by what their clocks show."""
    return datetime(1899, 12, 30, tzinfo=zone)


def _texts(values: Sequence[str], before: str, after: str, empty: str) -> list[str]:
    if _plain("|".join(values)) and 2 * max(map(len, values)) <= CELL_LENGTH:
        before, after = before + "<t>", "</t>" + after
        return [f"{before}{value}{after}" if value else empty for value in values]
    return [f"{before}{_inner(value)}{after}" if value else empty for value in values]


class _Repeated:
    """The cells of a column whose texts come again and again."""

    def __init__(
        self, shared: SharedTexts, before: str, after: str, alone: str, alone_after: str, empty: str
    ) -> None:
        self._shared = shared
        self._before, self._after = before, after
        self._alone, self._alone_after = alone, alone_after
        self._known = {"": empty}

    def cells(self, values: Sequence[str]) -> Iterator[str]:
        known = self._known
        unshared: dict[str, str] = {}
        for text in sorted(
            set(values).difference(known)
        ):  # in an order, so that the same rows are the same book
            number = self._shared.take(text)
            if number is None:
                unshared[text] = f"{self._alone}{_inner(text)}{self._alone_after}"
            else:
                known[text] = f"{self._before}{number}{self._after}"
        return map((known | unshared if unshared else known).__getitem__, values)


def _inner(text: str) -> str:
    if 2 * len(text) > CELL_LENGTH or (not _plain(text) and _NEEDS_CARE.search(text)):
        return f'<t xml:space="preserve">{_careful(text)}</t>'
    return f"<t>{text}</t>"


def _plain(text: str) -> bool:
    """True for texts (with "|" between them) that are surely written as they are; found sooner than what is not."""
    return (
        text.isprintable()  # of white space a space alone
        and "&" not in text
        and "<" not in text
        and ">" not in text
        and "_x" not in text
        and " |" not in text
        and "| " not in text
        and text[:1] != " "
        and text[-1:] != " "
    )


def _careful(value: str) -> str:
    """``value`` as XML text: without characters XML forbids, not longer than a cell may be."""
    kept = legal(value.replace("\r\n", "\n").replace("\r", "\n"))
    if len(kept.encode("utf-16-le")) // 2 > CELL_LENGTH:
        kept = kept.encode("utf-16-le")[: (CELL_LENGTH - 1) * 2].decode("utf-16-le", "ignore") + "…"
    kept = _LOOKS_ESCAPED.sub("_x005F_", kept)
    return kept.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
