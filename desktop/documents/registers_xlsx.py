"""Writes the registers as Excel workbooks (ECMA-376), a hundred thousand rows in seconds.

openpyxl makes the book: styles, headings, frozen pane, filter, print set-up. The rows are streamed into
its sheets as XML (``register_cells``): openpyxl would spend ten times as long on them.
"""

import os
import re
import secrets
from collections.abc import Callable, Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO, Any
from zipfile import ZIP_DEFLATED, ZipFile

from desktop.documents.register_cells import LINE, Lines, SharedTexts, legal, wraps
from desktop.documents.register_columns import TITLES, Column, Form, Kind, Language, columns
from desktop.errors import Unavailable
from desktop.queries.rows import ApplicationRow, LicenceRow
from desktop.regulation.model import Text

EXCEL_ROWS = 1_048_576  # rows of a sheet, the specification's limit
_HEADING_ROW = 4
_ROOM = 65536  # bytes the parts of an empty book need at most
_HEADING_LINES = 4
_EVERY = 1_000  # rows between two reports of progress
_BATCH = 250  # rows in memory at once
_COUNTED_CELL = "A3"  # says how many rows there are: a shared string, written when they have been counted
_SPREADSHEET = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_SHARED_TYPE = (
    '<Override PartName="/xl/sharedStrings.xml" ContentType='
    '"application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"/></Types>'
)
_SHARED_LINK = (
    '<Relationship Id="rIdCounted" Target="sharedStrings.xml" Type='
    '"http://schemas.openxmlformats.org/officeDocument/2006/relationships/sharedStrings"/></Relationships>'
)
_FORMATS: dict[Form, str] = {
    "text": "@",
    "date": "dd.mm.yyyy",
    "moment": "dd.mm.yyyy hh:mm",
    "number": "#,##0",
}


@dataclass(frozen=True, slots=True)
class Heading:
    """What the first lines of the workbook say."""

    office: Text
    filtered_by: Text  # register_columns.filter_words
    made_at: datetime  # office time


def write(
    path: Path,
    *,
    kind: Kind,
    rows: Iterable[ApplicationRow] | Iterable[LicenceRow],
    heading: Heading,
    language: Language = "kk",
    on_progress: Callable[[int], bool | None] | None = None,
    sheet_rows: int = EXCEL_ROWS,
) -> int | None:
    """Write the workbook to ``path`` and return how many rows it has.

    ``on_progress`` hears the count so far; when it answers False the writing stops and None is returned.
    The file appears whole or not at all; Unavailable("file-not-written", file, reason) when it cannot.
    Rows beyond ``sheet_rows`` go on to further sheets under the same headings.
    """
    beside = path.with_name(f".{path.name}.{secrets.token_hex(4)}.part")
    try:
        try:
            with open(beside, "xb") as file:
                book = _Book(kind, heading, language, sheet_rows)
                count = book.write(file, rows, on_progress)
                file.flush()
                os.fsync(file.fileno())
            if count is not None:
                os.replace(beside, path)
        except OSError as error:
            raise Unavailable(
                "file-not-written", path=str(path), reason=error.strerror or str(error)
            ) from error
        return count
    finally:
        with suppress(OSError):
            beside.unlink()


class _Book:
    """One workbook on its way to the disk."""

    def __init__(self, kind: Kind, heading: Heading, language: Language, sheet_rows: int) -> None:
        self._kind = kind
        self._heading = heading
        self._columns = columns(kind)
        self._language = language
        self._room = sheet_rows - _HEADING_ROW
        self._sheet = _SheetFrame(self._parts([0])["xl/worksheets/sheet1.xml"].decode(), len(self._columns))

    def write(
        self, file: IO[bytes], rows: Iterable[Any], on_progress: Callable[[int], bool | None] | None
    ) -> int | None:
        """Stream ``rows`` into ``file``; None when ``on_progress`` said to stop."""
        shared = SharedTexts(first=1)  # after the count
        lines = Lines(rows, self._columns, self._sheet.styles, self._language, shared)
        counts: list[int] = []
        with ZipFile(file, "w", ZIP_DEFLATED, compresslevel=1) as archive:
            more = True
            while more:
                before = sum(counts)
                with archive.open(
                    f"xl/worksheets/sheet{len(counts) + 1}.xml", "w", force_zip64=True
                ) as sheet:
                    sheet.write(self._sheet.opening)
                    with _Beside(sheet) as rest:
                        written, more, stopped = self._fill(rest, lines, before, on_progress)
                    sheet.write(self._sheet.closing(written).encode())
                if stopped:
                    return None
                counts.append(written)
            total = sum(counts)
            for name, content in self._parts(counts).items():
                if not name.startswith("xl/worksheets/"):
                    archive.writestr(name, content)
            archive.writestr("xl/sharedStrings.xml", self._texts(total, shared))
        return total

    def _fill(
        self,
        sheet: "_Beside",
        lines: Lines,
        before: int,
        on_progress: Callable[[int], bool | None] | None,
    ) -> tuple[int, bool, bool]:
        """Write rows until the sheet is full; return how many, whether more wait, whether to stop."""
        written = 0
        while True:
            batch = lines.take(min(_BATCH, self._room - written), first_row=_HEADING_ROW + 1 + written)
            sheet.write("".join(batch).encode())
            written += len(batch)
            over = lines.ended or written >= self._room
            told = batch and (over or not (before + written) % _EVERY)
            if on_progress and told and on_progress(before + written) is False:
                return written, False, True
            if over:
                return written, not lines.ended, False

    def _parts(self, counts: list[int]) -> dict[str, bytes]:
        """The parts of the book openpyxl makes, with a sheet for each of ``counts``."""
        with TemporaryFile() as room:  # openpyxl and lxml tell of a full disk by an error of their own
            room.write(bytes(_ROOM))
        made = BytesIO()
        _blank_book(self._kind, self._heading, self._columns, counts).save(made)
        with ZipFile(made) as archive:
            parts = {name: archive.read(name) for name in archive.namelist()}
        for name, end, more in (
            ("[Content_Types].xml", b"</Types>", _SHARED_TYPE),
            ("xl/_rels/workbook.xml.rels", b"</Relationships>", _SHARED_LINK),
        ):
            parts[name] = parts[name].replace(end, more.encode())
        return parts

    def _texts(self, total: int, shared: SharedTexts) -> str:
        made_at = f"{self._heading.made_at:%d.%m.%Y %H:%M}"
        items = shared.items()
        return (
            f'<sst xmlns="{_SPREADSHEET}" uniqueCount="{len(items) + 1}"><si><t>'
            f"Қалыптастырылды / Сформировано: {made_at} · Жолдар / Строк: {total}</t></si>"
            f"{''.join(items)}</sst>"
        )


class _Beside:
    """Writes on a thread of its own: compressing needs no interpreter, so the next rows are made meanwhile.

    One piece at a time is on its way; what went wrong with it is raised at the next one, or at the end.
    """

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="workbook")
        self._piece: Future[int] | None = None

    def write(self, content: bytes) -> None:
        if self._piece is not None:
            self._piece.result()
        self._piece = self._thread.submit(self._file.write, content)

    def __enter__(self) -> "_Beside":
        return self

    def __exit__(self, kind: type[BaseException] | None, *_error: object) -> None:
        self._thread.shutdown()
        if self._piece is not None and kind is None:
            self._piece.result()


class _SheetFrame:
    """The sheet openpyxl made, cut open where its rows go."""

    def __init__(self, xml: str, width: int) -> None:
        row = re.search(rf'<row r="{_HEADING_ROW + 1}".*?</row>', xml, re.DOTALL)
        if row is None:
            raise ValueError("the book has no sample row")
        self.styles = tuple(int(style) for style in re.findall(r'<c r="[A-Z]+\d+" s="(\d+)"', row.group()))
        if len(self.styles) != width:
            raise ValueError("the sample row does not show every style")
        opening, found = re.subn(
            rf'(<c r="{_COUNTED_CELL}" s="\d+" t=)"inlineStr">.*?</c>',
            r'\1"s"><v>0</v></c>',
            re.sub(r"<dimension [^>]*/>", "", xml[: row.start()]),
        )
        if not found:
            raise ValueError("the book has no cell for the count")
        self.opening = opening.encode()
        self._closing = xml[row.end() :]

    def closing(self, rows: int) -> str:
        last = _HEADING_ROW + max(rows, 1)
        return re.sub(r'(<autoFilter ref="A\d+:[A-Z]+)\d+"', rf'\g<1>{last}"', self._closing)


def _blank_book(kind: Kind, heading: Heading, shown: tuple[Column, ...], counts: list[int]) -> Any:
    """The workbook without its rows, one sheet for each of ``counts``."""
    from openpyxl import Workbook  # late: a third of a second the window need not wait for

    book = Workbook()
    book.remove(book.active)
    title = TITLES[kind]
    for index, count in enumerate(counts):
        sheet = book.create_sheet(title.kk if index == 0 else f"{title.kk} {index + 1}")
        _dress(sheet, kind, heading, shown, count)
    book.properties.title = f"{title.kk} / {title.ru}"
    book.properties.creator = heading.office.kk
    book.properties.description = f"{heading.filtered_by.kk} / {heading.filtered_by.ru}"
    book.properties.language = "kk"
    book.properties.created = heading.made_at.replace(tzinfo=None)
    return book


def _dress(sheet: Any, kind: Kind, heading: Heading, shown: tuple[Column, ...], count: int) -> None:
    """Headings, widths, styles, pane, filter and print set-up of a sheet."""
    from openpyxl.styles import Alignment, Font, PatternFill
    from openpyxl.utils import get_column_letter

    last = get_column_letter(len(shown))
    top = (
        f"{TITLES[kind].kk} / {TITLES[kind].ru} — {heading.office.kk} / {heading.office.ru}",
        f"Сүзгі / Фильтр: {heading.filtered_by.kk} / {heading.filtered_by.ru}",
        "—",  # _COUNTED_CELL
    )
    for number, line in enumerate(top, start=1):
        _put(sheet.cell(number, 1), line)
        sheet.cell(number, 1).font = Font(bold=number == 1, size=14 if number == 1 else 10)
    for number, column in enumerate(shown, start=1):
        cell = sheet.cell(_HEADING_ROW, number)
        _put(cell, f"{column.heading.kk}\n{column.heading.ru}")
        cell.font = Font(bold=True, color="FFFFFF")
        cell.fill = PatternFill("solid", fgColor="0D5257")
        cell.alignment = Alignment(wrap_text=True, vertical="center")
        sample = sheet.cell(_HEADING_ROW + 1, number)
        sample.number_format = _FORMATS[column.form]
        side = "left" if column.form in ("date", "moment") else None  # at the right they touch the next words
        sample.alignment = Alignment(horizontal=side, vertical="top", wrap_text=wraps(column))
        sheet.column_dimensions[get_column_letter(number)].width = column.width
    sheet.row_dimensions[_HEADING_ROW].height = LINE * _HEADING_LINES + 2
    sheet.freeze_panes = sheet.cell(_HEADING_ROW + 1, 2)
    sheet.auto_filter.ref = f"A{_HEADING_ROW}:{last}{_HEADING_ROW + max(count, 1)}"
    sheet.print_title_rows = f"{_HEADING_ROW}:{_HEADING_ROW}"
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = sheet.PAPERSIZE_A4
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.oddFooter.right.text = "&P / &N"


def _put(cell: Any, text: str) -> None:
    """Set a text that stays a text, even when it begins with an equals sign."""
    cell.value = legal(text)
    cell.data_type = "s"
