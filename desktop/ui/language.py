"""The language of the windows (kk, ru, en): switched live, with dates, durations and plurals as each has them.

Texts of the program are written in English in the code and translated by tab-separated files,
``resources/translations/sources/*.tsv`` (source, kk, ru, and en where a plural needs it). Legal texts are not
translated here: they are data in both state languages and :meth:`Language.text` picks one.
"""

import ast
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QLibraryInfo, QLocale, QObject, QTranslator, Signal

from desktop import resources
from desktop.regulation.model import Text

LANGUAGES = ("kk", "ru", "en")
OWN_NAMES = {"kk": "Қазақша", "ru": "Русский", "en": "English"}
PLURAL_FORMS = {"kk": 1, "ru": 3, "en": 2}
_LOCALES = {"kk": "kk_KZ", "ru": "ru_RU", "en": "en_GB"}
_MONTHS_OF = {  # genitive where the language has one; CLDR's forms, kept here so that every Qt shows the same
    "kk": [
        "қаңтар",
        "ақпан",
        "наурыз",
        "сәуір",
        "мамыр",
        "маусым",
        "шілде",
        "тамыз",
        "қыркүйек",
        "қазан",
        "қараша",
        "желтоқсан",
    ],
    "ru": [
        "января",
        "февраля",
        "марта",
        "апреля",
        "мая",
        "июня",
        "июля",
        "августа",
        "сентября",
        "октября",
        "ноября",
        "декабря",
    ],
    "en": [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ],
}


def plural_form(language: str, number: int) -> int:
    """Return which of the language's plural forms ``number`` takes (CLDR; whole numbers only)."""
    number = abs(number)
    if language == "kk":
        return 0
    if language == "ru":
        if number % 10 == 1 and number % 100 != 11:
            return 0
        return 1 if number % 10 in (2, 3, 4) and number % 100 not in (12, 13, 14) else 2
    return 0 if number == 1 else 1


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of a source file. ``forms[language]`` holds one text, or the plural forms."""

    source: str
    forms: dict[str, tuple[str, ...]]
    file: str
    line: int


def read_sources(folder: Path | None = None) -> Iterator[Entry]:
    """Yield every entry of the translation files; ValueError names the file and line that is malformed."""
    folder = folder or resources.path("translations", "sources")
    for path in sorted(folder.glob("*.tsv")):
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            if not line.strip() or line.startswith("#"):
                continue
            cells = [cell.strip(" \r").replace("\\n", "\n") for cell in line.split("\t")]
            if len(cells) not in (3, 4):
                raise ValueError(f"{path.name}:{number}: {len(cells)} columns, expected 3 or 4")
            plural = "%n" in cells[0]
            forms = {
                code: tuple(cell.split("|")) if plural else (cell,)
                for code, cell in zip(LANGUAGES, cells[1:], strict=False)
            }
            yield Entry(cells[0], forms, path.name, number)


@lru_cache(maxsize=len(LANGUAGES))
def forms_in(language: str) -> Mapping[str, tuple[str, ...]]:
    """Return source → forms of what is translated into ``language``, of the shipped files, which are read once.

    The same as :func:`read_sources` gives, without what nobody asks for: the first window waits for it.
    """
    column = 1 + LANGUAGES.index(language)
    forms: dict[str, tuple[str, ...]] = {}
    for path in sorted(resources.path("translations", "sources").glob("*.tsv")):
        for line in path.read_text(encoding="utf-8").splitlines():
            cells = line.split("\t")
            if len(cells) <= column or line[0] == "#":
                continue
            form = cells[column].strip(" \r")
            if "\\" in line:
                form, cells[0] = form.replace("\\n", "\n"), cells[0].replace("\\n", "\n")
            told = tuple(form.split("|")) if "%n" in cells[0] else (form,)
            if told[0]:
                forms[cells[0].strip(" \r")] = told
    return forms


class _Texts(QTranslator):
    """Answers Qt's ``tr`` from the source files, in one language."""

    def __init__(self, language: str, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._language = language
        self._forms = forms_in(language)

    def isEmpty(self) -> bool:
        return False

    def translate(self, context, source, disambiguation=None, n=-1):
        forms = self._forms.get(f"{context}::{source}") or self._forms.get(source)
        if forms is None:
            return None
        if len(forms) == 1 or n < 0:
            return forms[0]
        return forms[min(plural_form(self._language, n), len(forms) - 1)]


def current_code() -> str:
    """Return the language the windows are in; English where there are none (the command line)."""
    return _in_use[-1] if _in_use else "en"


_in_use: list[str] = []  # the languages of the live Language objects, the newest last


class Language(QObject):
    """The language in use. Switching installs the translators; Qt then sends LanguageChange to every window."""

    changed = Signal(str)

    def __init__(self, code: str = "kk", parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.code = ""
        self._installed: list[QTranslator] = []
        self.switch(code)

    @property
    def locale(self) -> QLocale:
        return QLocale(_LOCALES[self.code])

    def switch(self, code: str) -> None:
        """Show everything in ``code`` (kk, ru or en); any other code is a defect."""
        if code not in LANGUAGES:
            raise ValueError(code)
        if code == self.code:
            return
        self.remove()
        self.code = code
        _in_use.append(code)
        QLocale.setDefault(self.locale)
        qt_own = QTranslator(self)
        folder = QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)
        if code != "en" and qt_own.load(f"qtbase_{code}", folder):
            self._install(qt_own)
        self._install(_Texts(code, self))
        self.changed.emit(code)

    def remove(self) -> None:
        """Take the translators out again (a test, or the end of the program)."""
        for translator in self._installed:
            QCoreApplication.removeTranslator(translator)
        self._installed = []
        if self.code in _in_use:
            _in_use.remove(self.code)

    def _install(self, translator: QTranslator) -> None:
        QCoreApplication.installTranslator(translator)
        self._installed.append(translator)

    def text(self, text: Text | None) -> str:
        """Return a legal text or a name as the reader sees it (English readers see Russian); "" for None."""
        return "" if text is None else text.in_language(self.code)

    def format_date(self, day: date | None, *, year: bool = True) -> str:
        """Return "14 желтоқсан 2026", "14 декабря 2026", "14 December 2026"; "" for None."""
        if day is None:
            return ""
        words = f"{day.day} {_MONTHS_OF[self.code][day.month - 1]}"
        return f"{words} {day.year}" if year else words

    def format_time(self, at: datetime | time) -> str:
        return f"{at.hour:02d}:{at.minute:02d}"

    def format_moment(self, at: datetime | None, *, today: date | None = None) -> str:
        """Return day and time, the year left out in ``today``'s year; "" for None."""
        if at is None:
            return ""
        year = today is None or at.year != today.year
        return f"{self.format_date(at.date(), year=year)}, {self.format_time(at)}"

    def format_short(self, day: date | datetime | None) -> str:
        """Return "14.12.2026" for table columns; "" for None."""
        return "" if day is None else f"{day.day:02d}.{day.month:02d}.{day.year}"

    def format_short_moment(self, at: datetime | None) -> str:
        """Return "14.12.2026 18:30" for table columns; "" for None."""
        return "" if at is None else f"{self.format_short(at)} {self.format_time(at)}"

    def format_left(self, due_at: datetime, now: datetime) -> str:
        """Return what a deadline chip says: "2 сағ 10 мин", "ертең, 18:30", "14 желтоқсан", "1 күн кешікті"."""
        left = due_at - now
        if left < timedelta(0):
            return self._late(-left)
        days = (due_at.date() - now.astimezone(due_at.tzinfo).date()).days
        if days == 0:
            return self._hours(left)
        if days == 1:
            return self.tr("tomorrow, {time}").format(time=self.format_time(due_at))
        if days <= 6:
            return self.tr("%n day(s)", "", days)
        return self.format_date(due_at.date(), year=due_at.year != now.year)

    def format_length(self, length: timedelta) -> str:
        """Return how long something lasts: "2 сағ 10 мин"."""
        return self._hours(length)

    def _hours(self, left: timedelta) -> str:
        hours, minutes = divmod(int(left.total_seconds()) // 60, 60)
        if hours and minutes:
            return self.tr("{hours} h {minutes} min").format(hours=hours, minutes=minutes)
        if hours:
            return self.tr("{hours} h").format(hours=hours)
        return self.tr("{minutes} min").format(minutes=minutes)

    def _late(self, late: timedelta) -> str:
        if late.days:
            return self.tr("%n day(s) late", "", late.days)
        return self.tr("{time} late").format(time=self._hours(late))

    def weekdays(self) -> tuple[str, ...]:
        """Return the names of the weekdays, Monday first, as the language writes them."""
        return tuple(self.locale.standaloneDayName(day) for day in range(1, 8))

    def format_money(self, tenge: int | None) -> str:
        """Return "39 320 ₸" with unbreakable spaces; "" for None."""
        return "" if tenge is None else f"{tenge:,}".replace(",", "\u00a0") + "\u00a0₸"

    def format_size(self, size: int) -> str:
        """Return a file's size in the reader's words (KB of 1024 bytes)."""
        return self.locale.formattedDataSize(size, 1, QLocale.DataSizeFormat.DataSizeTraditionalFormat)

    def sort_key(self):
        """Return a key function that orders texts alphabetically as the language does."""
        from PySide6.QtCore import QCollator

        collator = QCollator(self.locale)
        collator.setNumericMode(True)
        return collator.sortKey


def used_texts(path: Path) -> Iterator[tuple[str, int, str]]:
    """Yield (context or "", line, source) of every text marked for translation in a module.

    A text that is not a literal is yielded as "" so that a test can point at it.
    """
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if not isinstance(node, ast.Call) or not node.args:
            continue
        name = getattr(node.func, "attr", getattr(node.func, "id", ""))
        if name == "tr":
            yield "", node.lineno, _literal(node.args[0])
        elif name == "QT_TRANSLATE_NOOP" and len(node.args) > 1:
            yield _literal(node.args[0]), node.lineno, _literal(node.args[1])


def _literal(node: ast.expr) -> str:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""


def missing_texts(paths: list[Path]) -> Iterator[tuple[Path, int, str]]:
    """Yield the texts of the modules that have no Kazakh or Russian translation."""
    known = {entry.source: entry for entry in read_sources()}
    for path in paths:
        for context, line, source in used_texts(path):
            entry = known.get(f"{context}::{source}") or known.get(source)
            named = [one for one in known if one.endswith(f"::{source}")]
            entry = entry or (known[named[0]] if named else None)
            if source and (entry is None or not all(entry.forms[code][0] for code in ("kk", "ru"))):
                yield path, line, source


if __name__ == "__main__":
    for missing in missing_texts([Path(name) for name in sys.argv[1:]]):
        sys.stdout.write(missing[2].replace("\n", "\\n") + "\t\t\n")
