"""A regulation file is dropped, looked over, and loaded: a broken one is refused, an odd one asks first."""

from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from desktop.cases.office import load_regulation
from desktop.errors import NotAllowed
from desktop.regulation import linting
from desktop.ui import theme
from desktop.ui.law_words import LawWords
from desktop.ui.messages import say, sentence
from desktop.ui.reading_files import read_text
from desktop.ui.widgets.drop_area import DropArea
from desktop.ui.widgets.plain import Button, PlainLabel

_LIMIT = 4 * 1024 * 1024
_MOST = 8  # warnings shown before loading; the rest is counted


def look_over(path: str) -> tuple[str, str, linting.Report]:
    """Return a file's name, text and what is odd in it; runs on the files lane."""
    name = Path(path).name
    text = read_text(path, _LIMIT)
    return name, text, linting.check_text(text, name=name)


class LawLoader(QWidget):
    """The place to drop a file, and why one was not loaded. ``loaded`` comes when the office has a new text."""

    loaded = Signal()

    def __init__(self, desk, parent: QWidget | None = None, *, name: str) -> None:
        super().__init__(parent)
        self.desk = desk
        self._broken: NotAllowed | None = None
        self._waiting: tuple[str, str, linting.Report] | None = None
        self._words = LawWords(desk.language)
        self.drop = DropArea(
            self, name=f"{name}.drop", filters="TOML (*.toml)", primary=True, shortcut="Ctrl+Return"
        )
        self.drop.chosen.connect(self.take_file)
        self.problem = QFrame(self)
        self.problem_place = PlainLabel(parent=self.problem, wrap=True, name=f"{name}.problem_place")
        self.problem_place.setProperty("strong", True)
        self.problem_text = PlainLabel(
            parent=self.problem, wrap=True, name=f"{name}.problem"
        ).make_selectable()
        self.load_anyway = Button(parent=self.problem, name=f"{name}.load_anyway")
        self.load_anyway.clicked.connect(self._load_waiting)
        told = QVBoxLayout(self.problem)
        told.setContentsMargins(*[theme.spacing(3)] * 4)
        for widget in (self.problem_place, self.problem_text, self.load_anyway):
            told.addWidget(widget)
        self.problem.hide()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(theme.spacing(4))
        layout.addWidget(self.drop)
        layout.addWidget(self.problem)
        self.retranslate()

    def take_file(self, path: str) -> None:
        """Read a file and look it over; a broken one is refused with its line and the reason."""
        self.problem.hide()
        self._broken, self._waiting = None, None
        self.desk.files(look_over, path=path, then=self._looked_over, on_error=self._refuse)

    def _looked_over(self, found: tuple[str, str, linting.Report]) -> None:
        self._waiting = found
        if found[2].clean:
            self._load_waiting()
        else:
            self._say_problem()
            self.problem.show()

    def _load_waiting(self) -> None:
        if self._waiting is None:
            return
        name, text, _report = self._waiting
        self._waiting = None
        self.problem.hide()
        self.desk.do(
            load_regulation,
            text=text,
            name=name,
            then=lambda _: self.loaded.emit(),
            on_error=self._refuse,
            said=self.tr("The regulation is loaded. New cases begin under it; open ones stay under theirs."),
        )

    def _refuse(self, error: BaseException) -> bool:
        if not hasattr(error, "code"):
            return False
        self._broken, self._waiting = error, None
        self._say_problem()
        self.problem.show()
        return True

    def _say_problem(self) -> None:
        self.load_anyway.setVisible(self._waiting is not None)
        theme.mark(self.problem, notice="soon" if self._waiting is not None else "late")
        if self._waiting is not None:
            self._say_warnings(*self._waiting)
            return
        error = self._broken
        if error is None:
            return
        if error.code == "regulation-broken":
            place = self.tr("{file}, line {line}").format(file=error.facts["file"], line=error.facts["line"])
            reason = say(f"regulation-fault-{error.facts['reason']}", error.facts, self.desk.language)
            rest = self.tr("Nothing was loaded. Correct the file and load it again.")
            self.problem_place.setText(place)
            self.problem_text.setText(f"{reason[:1].upper()}{reason[1:].rstrip('.')}. {rest}")
        else:
            self.problem_text.setText(sentence(error, self.desk.language))
        self.problem_place.setVisible(error.code == "regulation-broken")

    def _say_warnings(self, name: str, _text: str, report: linting.Report) -> None:
        odd = [finding for finding in report.findings if not finding.declared]
        told = self.tr("{file} can be used, but look at this first. Nothing was loaded yet.")
        self.problem_place.setText(told.format(file=name))
        self.problem_place.show()
        lines = [
            f"• {self._words.place(one, report.regulation)}: {self._words.finding(one)}"
            for one in odd[:_MOST]
        ]
        if len(odd) > _MOST:
            lines.append(self.tr("and %n more", "", len(odd) - _MOST))
        self.problem_text.setText("\n".join(lines))

    def retranslate(self) -> None:
        self.drop.set_texts(self.tr("Drop a regulation file (TOML) here."), self.tr("Load a file…"))
        self.load_anyway.set_text(self.tr("Load it all the same"))
        self._say_problem()
