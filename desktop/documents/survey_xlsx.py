"""The survey summed up as an Excel workbook: a line for every service and question."""

from collections.abc import Iterable
from pathlib import Path

from desktop.documents.registers_xlsx import Heading
from desktop.errors import Unavailable
from desktop.queries.result_rows import SurveyRow
from desktop.regulation.model import Text
from desktop.regulation.survey import survey

_SERVICE = Text("Қызмет", "Услуга")
_QUESTION = Text("Сұрақ", "Вопрос")
_TOTAL = Text("Барлығы", "Всего")
_WIDTHS = (60, 60, 16, 16, 16, 12)


def write(path: Path, *, rows: Iterable[SurveyRow], heading: Heading, language: str) -> int:
    """Write the workbook and return how many lines it has; Unavailable "file-not-written" (path, reason)."""
    from openpyxl import Workbook
    from openpyxl.styles import Alignment, Font

    book = Workbook()
    sheet = book.active
    sheet.append([survey().title.in_language(language)])
    sheet.append([heading.office.in_language(language)])
    sheet.append([f"{heading.filtered_by.in_language(language)} · {heading.made_at:%d.%m.%Y %H:%M}"])
    titles = [_SERVICE, _QUESTION, *survey().answers.values(), _TOTAL]
    sheet.append([title.in_language(language) for title in titles])
    for cell in (*sheet[1], *sheet[4]):
        cell.font = Font(bold=True)
    told = tuple(rows)
    for row in told:
        texts = (row.service.in_language(language), row.question.in_language(language))
        sheet.append([*texts, *row.counts, row.total])
        for cell in sheet[sheet.max_row][:2]:
            cell.data_type = "s"  # never a formula
            cell.alignment = Alignment(wrap_text=True, vertical="top")
    for letter, width in zip("ABCDEF", _WIDTHS, strict=True):
        sheet.column_dimensions[letter].width = width
    sheet.freeze_panes = "A5"
    try:
        book.save(path)
    except OSError as error:
        raise Unavailable("file-not-written", path=str(path), reason=error.strerror or str(error)) from error
    return len(told)
