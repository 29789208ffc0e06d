"""The sentences of the codes, in every language: ``resources/translations/sentences/*.tsv``.

A line is ``code<TAB>English<TAB>Kazakh<TAB>Russian``. A sentence says what happened, whether anything was saved and
what to do next. Reasons of dates and verdicts of signatures are codes too.
"""

from functools import cache
from pathlib import Path

from desktop import resources

COLUMNS = ("en", "kk", "ru")


@cache
def sentences(folder: Path | None = None) -> dict[str, dict[str, str]]:
    """Return code → language → sentence; ValueError names the file and line that is malformed or said twice."""
    found: dict[str, dict[str, str]] = {}
    for path in sorted((folder or resources.path("translations", "sentences")).glob("*.tsv")):
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            if not line.strip() or line.startswith("#"):
                continue
            code, *told = (cell.strip() for cell in line.split("\t"))
            if len(told) != len(COLUMNS) or not all(told):
                raise ValueError(f"{path.name}:{number}: {code} needs a sentence in {', '.join(COLUMNS)}")
            if code in found:
                raise ValueError(f"{path.name}:{number}: {code} has a sentence already")
            found[code] = dict(zip(COLUMNS, told, strict=True))
    return found
