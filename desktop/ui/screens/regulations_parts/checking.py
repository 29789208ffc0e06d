"""What the linter finds in a loaded act: warnings first, then what the file declares itself."""

from PySide6.QtWidgets import QWidget

from desktop.queries.regulations import LawReading
from desktop.ui import theme
from desktop.ui.law_words import LawWords
from desktop.ui.screens.regulations_parts.sheet import Sheet
from desktop.ui.widgets.plain import PlainLabel

_SHARES = (0, 5, 4)  # mark, sentence, place


class CheckingPart(Sheet):
    """A list to read; nothing here can be changed, for a text in use never is."""

    def __init__(self, desk, parent: QWidget | None = None) -> None:
        super().__init__(parent, name="regulations.checking")
        self._desk = desk
        self._words = LawWords(desk.language)

    def show_law(self, law: LawReading) -> None:
        """Make the page anew."""
        self.setAccessibleName(self.tr("What is odd in the act"))
        self.begin()
        odd = [finding for finding in law.findings if not finding.declared]
        declared = [finding for finding in law.findings if finding.declared]
        self.heading(
            self.tr("%n thing(s) to look at", "", len(odd)) if odd else self.tr("Nothing odd was found")
        )
        for finding in odd:
            self._finding(law, finding, "late", "soon")
        if declared:
            self.heading(self.tr("Said by the file itself"))
            for finding in declared:
                self._finding(law, finding, "info", "muted")
        self.end()

    def _finding(self, law: LawReading, finding, icon: str, ink: str) -> None:
        mark = PlainLabel(parent=self.page)
        mark.setPixmap(theme.pixmap(icon, theme.colour(ink), theme.spacing(4)))
        told = self._words.finding(finding)
        if finding.by is not None:
            told = f"{told}\n{self._desk.language.text(finding.by)}"
        self.row(mark, told, self._words.place(finding, law.regulation), shares=_SHARES)
