"""The registers as workbooks, read again by openpyxl."""

import zipfile
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from desktop.documents import register_cells, registers_xlsx
from desktop.documents.register_cells import CELL_LENGTH
from desktop.documents.register_columns import columns, filter_words
from desktop.errors import Unavailable
from desktop.queries.rows import ApplicationRow, LicenceRow, RegisterFilter
from desktop.regulation.model import Channel, Text
from tests.documents.paper_facts import ORAL

MADE_AT = datetime(2018, 8, 1, 9, 15, tzinfo=ORAL)
HEADING = registers_xlsx.Heading(Text("Басқарма", "Управление"), filter_words(RegisterFilter()), MADE_AT)
APPLICATION = ApplicationRow(
    case_id=1,
    number="2018-000147",
    received_at=datetime(2018, 6, 29, 16, 50, tzinfo=ORAL),
    channel=Channel.STATE_CORPORATION,
    holder=Text("«Шипа» ЖШС", "ТОО «Шипа»"),
    identifier="050540004327",
    site="Орал қ.",
    service=Text("Лицензия беру", "Выдача лицензии"),
    operation=Text("Беру", "Выдача"),
    step=None,
    executor=Text("Сәрсенов Қ.", "Сарсенов К."),
    due_at=datetime(2018, 7, 23, 18, 30, tzinfo=ORAL),
    result="licence",
    closed_at=None,
    fee_receipt="0012",
    fee_paid_on=date(2018, 6, 28),
    fee_tenge=24050,
    sub_types=(Text("Терапия", "Терапия"), Text("Емдеу", "Лечение")),
)
LICENCE = LicenceRow(
    licence_id=1,
    case_id=1,
    document_id=1,
    number="18000123",
    annex_number="001",
    issued_on=date(2018, 7, 23),
    first_issued_on=date(2018, 7, 23),
    holder=Text("«Шипа» ЖШС", "ТОО «Шипа»"),
    identifier="050540004327",
    holder_address="Орал қ.",
    site="Орал қ.",
    sub_types=Text("Терапия", "Терапия"),
    status="issued",
    signer=Text("Төсекбаев Қ. Д.", "Тосекбаев К. Д."),
    case_number="2018-000147",
    handed_to="Сәрсенова Ә.",
)


def _write(path: Path, rows: Any, **options: Any) -> int | None:
    return registers_xlsx.write(
        path, **{"kind": "applications", "heading": HEADING, "rows": iter(rows), **options}
    )


def _row(sheet: Any, number: int, kind: Any = "applications") -> dict[str, Any]:
    cells = sheet[number]
    return {column.heading.ru: cell for column, cell in zip(columns(kind), cells, strict=True)}


def test_a_row_is_as_high_as_its_longest_text(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    site = "Бәйтерек ауданы, Переметное ауылы, " * 4  # 140 letters in a column of 42
    assert _write(path, [APPLICATION, APPLICATION._replace(site=site)]) == 2
    sheet = openpyxl.load_workbook(path).active
    assert sheet.row_dimensions[5].height == 15
    assert sheet.row_dimensions[6].height == 60
    cells = _row(sheet, 6)
    assert cells["Место деятельности"].alignment.wrap_text
    assert cells["Принято"].alignment.horizontal == "left"
    assert sheet.row_dimensions[4].height >= 4 * 15  # the longest heading has four lines


def test_values_keep_their_kinds(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    assert _write(path, [APPLICATION]) == 1
    cells = _row(openpyxl.load_workbook(path).active, 5)
    assert cells["ИИН / БИН"].value == "050540004327"
    assert cells["ИИН / БИН"].number_format == "@"
    assert cells["Входящий №"].value == "2018-000147"
    assert cells["Принято"].value == datetime(2018, 6, 29, 16, 50)
    assert cells["Срок"].value == datetime(2018, 7, 23, 18, 30)
    assert cells["Дата оплаты"].value == datetime(2018, 6, 28)
    assert cells["Дата оплаты"].number_format == "dd.mm.yyyy"
    assert cells["Сумма, ₸"].value == 24050
    assert cells["Завершено"].value is None
    assert cells["Канал"].value == "Мемлекеттік корпорация"
    assert cells["Подвиды деятельности"].value == "Терапия; Емдеу"
    assert cells["Заявитель (рус.)"].value == "ТОО «Шипа»"


def test_licences_in_russian(tmp_path: Path) -> None:
    path = tmp_path / "l.xlsx"
    assert _write(path, [LICENCE], kind="licences", language="ru") == 1
    sheet = openpyxl.load_workbook(path).active
    cells = _row(sheet, 5, "licences")
    assert cells["Номер приложения"].value == "001"
    assert cells["Дата выдачи"].value == datetime(2018, 7, 23)
    assert cells["Статус"].value == "Выдана"
    assert cells["Подписал"].value == "Тосекбаев К. Д."


def test_the_head_of_the_sheet_says_what_was_filtered_when_and_how_many(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    chosen = RegisterFilter(text="=Шипа", first_day=date(2018, 6, 1), state="overdue", channel=Channel.OFFICE)
    heading = replace(HEADING, filtered_by=filter_words(chosen, executor="Сәрсенов Қ."))
    _write(path, [APPLICATION, APPLICATION], heading=heading)
    book = openpyxl.load_workbook(path)
    sheet = book.active
    assert sheet["A1"].value == "Өтініштер тізілімі / Реестр заявлений — Басқарма / Управление"
    for said in ("«=Шипа»", "01.06.2018 – …", "просроченные", "Канцелярия", "исполнитель: Сәрсенов Қ."):
        assert said in sheet["A2"].value
    assert sheet["A3"].value == "Қалыптастырылды / Сформировано: 01.08.2018 09:15 · Жолдар / Строк: 2"
    assert sheet["A4"].value == "Кіріс нөмірі\nВходящий №"
    assert sheet.freeze_panes == "B5"
    assert sheet.auto_filter.ref == "A4:R6"
    assert sheet.print_title_rows == "$4:$4"
    assert sheet.column_dimensions["E"].width == 42
    assert book.properties.title == "Өтініштер тізілімі / Реестр заявлений"


@pytest.mark.parametrize(
    "typed",
    [
        "=1+1",
        "+7 701",
        "-5",
        "@SUM(A1)",
        '=HYPERLINK("http://x.invalid")',
        "<b>&amp;</b> ]]>",
        "\t=1",
        " бос ",
        "a\nb",
    ],
)
def test_what_a_person_typed_stays_text(tmp_path: Path, typed: str) -> None:
    path = tmp_path / "a.xlsx"
    _write(path, [APPLICATION._replace(holder=Text(typed, typed), fee_receipt=typed, site=typed)])
    cells = _row(openpyxl.load_workbook(path).active, 5)
    assert cells["Заявитель (каз.)"].value == typed
    for cell in cells.values():
        assert cell.data_type != "f"
    with zipfile.ZipFile(path) as archive:
        assert b"<f>" not in archive.read("xl/worksheets/sheet1.xml")


def test_characters_xml_forbids_are_left_out_and_huge_texts_end_with_dots(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    bad = "а\x00б\x0bв\ud800г\ufffe\r\nд"
    _write(path, [APPLICATION._replace(site=bad, fee_receipt="ә" * 40_000, holder=Text("_x0041_", "ok"))])
    cells = _row(openpyxl.load_workbook(path).active, 5)
    assert cells["Место деятельности"].value == "абвг\nд"
    assert len(cells["Квитанция"].value) == CELL_LENGTH
    assert cells["Квитанция"].value.endswith("…")
    with zipfile.ZipFile(path) as archive:
        assert "_x005F_x0041_" in archive.read("xl/worksheets/sheet1.xml").decode()


def test_rows_beyond_a_sheet_go_on_to_the_next(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    rows = [APPLICATION._replace(number=f"2018-{number:06}") for number in range(25)]
    assert _write(path, rows, sheet_rows=14) == 25
    book = openpyxl.load_workbook(path)
    assert len(book.sheetnames) == 3
    numbers = [row[0].value for sheet in book for row in sheet.iter_rows(min_row=5)]
    assert numbers == [row.number for row in rows]
    assert [sheet.max_row for sheet in book] == [14, 14, 9]
    assert [sheet.auto_filter.ref for sheet in book] == ["A4:R14", "A4:R14", "A4:R9"]
    assert not any(sheet.sheet_view.tabSelected for sheet in book.worksheets[1:])
    assert all("Строк: 25" in sheet["A3"].value for sheet in book)


def test_a_full_sheet_needs_no_second(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    assert _write(path, [APPLICATION] * 10, sheet_rows=14) == 10
    assert len(openpyxl.load_workbook(path).sheetnames) == 1


def test_an_empty_register_is_a_workbook_too(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    assert _write(path, []) == 0
    sheet = openpyxl.load_workbook(path).active
    assert sheet.max_row == 4
    assert sheet["A3"].value.endswith("Жолдар / Строк: 0")


def test_stopping_leaves_no_file_and_the_old_one_as_it_was(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    path.write_bytes(b"old")
    heard: list[int] = []

    def until_two_thousand(count: int) -> bool:
        heard.append(count)
        return count < 2_000

    assert _write(path, (APPLICATION for _ in range(5_000)), on_progress=until_two_thousand) is None
    assert heard == [1_000, 2_000]
    assert path.read_bytes() == b"old"
    assert [item.name for item in tmp_path.iterdir()] == ["a.xlsx"]


def test_a_failure_half_way_leaves_no_file(tmp_path: Path) -> None:
    def broken() -> Iterator[ApplicationRow]:
        yield from [APPLICATION] * 1_500
        raise Unavailable("database-gone")

    with pytest.raises(Unavailable, match="database-gone"):
        _write(tmp_path / "a.xlsx", broken())
    assert not list(tmp_path.iterdir())


def test_a_folder_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(Unavailable) as failed:
        _write(tmp_path / "none" / "a.xlsx", [APPLICATION])
    assert failed.value.code == "file-not-written"


def test_moments_are_exact_over_a_whole_day(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    start = datetime(2018, 6, 29, tzinfo=ORAL)
    moments = [start + timedelta(seconds=977 * number) for number in range(89)]
    _write(path, [APPLICATION._replace(received_at=moment) for moment in moments])
    sheet = openpyxl.load_workbook(path).active
    read = [sheet.cell(5 + number, 2).value for number in range(89)]
    assert read == [moment.replace(tzinfo=None) for moment in moments]


@pytest.mark.parametrize("letters", [0, 60, 100_000])
def test_words_that_come_again_are_kept_once_while_there_is_room(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, letters: int
) -> None:
    monkeypatch.setattr(register_cells, "_SHARED_LETTERS", letters)
    path = tmp_path / "a.xlsx"
    titles = ["=1+1", " бос ", "a|b | c", "<b>&amp;", "Беру", "", "Қайта ресімдеу" * 30]
    rows = [APPLICATION._replace(operation=Text(titles[at % 7], "")) for at in range(2_000)]
    assert _write(path, rows) == 2_000
    sheet = openpyxl.load_workbook(path).active
    said = [sheet.cell(5 + at, 9).value or "" for at in range(2_000)]
    assert said == [titles[at % 7] for at in range(2_000)]
    assert sheet.row_dimensions[5 + 6].height > 15
    with zipfile.ZipFile(path) as archive:
        sheets, shared = (archive.read(f"xl/{name}.xml") for name in ("worksheets/sheet1", "sharedStrings"))
        assert b"<f>" not in sheets
        told = (sheets.count("<t>Беру</t>".encode()), shared.count("<t>Беру</t>".encode()))
        assert told in {0: {(286, 0)}, 60: {(286, 0), (0, 1)}, 100_000: {(0, 1)}}[letters]


def test_a_disk_that_fills_while_a_piece_is_on_its_way_is_told(tmp_path: Path) -> None:
    class Full(BytesIO):
        def write(self, content: Any) -> int:
            raise OSError(28, "No space left on device")

    with pytest.raises(OSError, match="No space"), registers_xlsx._Beside(Full()) as beside:
        beside.write(b"first")
    beside = registers_xlsx._Beside(Full())
    beside.write(b"first")
    with pytest.raises(OSError, match="No space"):
        beside.write(b"second")
    beside.__exit__(OSError, None, None)
