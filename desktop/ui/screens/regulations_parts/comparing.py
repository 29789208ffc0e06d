"""Two operations side by side, of one act or of two; what differs is marked and named."""

from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QVBoxLayout, QWidget

from desktop.queries.regulations import LawReading, RegulationRow, reading
from desktop.regulation import comparing
from desktop.regulation.model import Channel, Operation, Service
from desktop.ui import theme
from desktop.ui.law_words import LawWords
from desktop.ui.screens.regulations_parts.choosing import Chooser
from desktop.ui.screens.regulations_parts.sheet import Sheet
from desktop.ui.widgets.plain import PlainLabel

_SHARES = (4, 0, 4)


class ComparingPart(QWidget):
    """The left is what was chosen above; the right is chosen here."""

    failed = Signal(object)

    def __init__(self, desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("regulations.comparing")
        self._desk = desk
        self._words = LawWords(desk.language)
        self._left: tuple[LawReading, Service, Operation, Channel] | None = None
        self._right: LawReading | None = None
        self.chooser = Chooser(desk, self, name="regulations.other")
        self.only = QCheckBox(self)
        self.only.setObjectName("regulations.only_differences")
        self.sheet = Sheet(self, name="regulations.compared")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, theme.spacing(2), 0, 0)
        layout.setSpacing(theme.spacing(2))
        for widget in (self.chooser, self.only, self.sheet):
            layout.addWidget(widget)
        layout.setStretch(2, 1)
        self.chooser.law_wanted.connect(self._read)
        self.chooser.changed.connect(self._compare)
        self.only.toggled.connect(self._compare)
        self.retranslate()

    def show_rows(self, rows: tuple[RegulationRow, ...]) -> None:
        self.chooser.show_rows(rows)

    def show_left(self, law: LawReading, service: Service, operation: Operation, channel: Channel) -> None:
        """Compare this; the other side stays, or becomes the same service of another act."""
        self._left = (law, service, operation, channel)
        if self._right is None:
            self.chooser.suggest_other(law.row, service.id)
        else:
            self._compare()

    def _read(self, sha256: str) -> None:
        self._desk.read(
            reading, then=self._show_right, on_error=self._failed, latest="other law", sha256=sha256
        )

    def _failed(self, error: BaseException) -> bool:
        self.failed.emit(error)
        return False

    def _show_right(self, law: LawReading) -> None:
        self._right = law
        like = self._left[1:3] if self._left is not None else None
        self.chooser.show_law(law, like=like, channel=self._left[3] if self._left is not None else None)
        self._compare()

    def _compare(self, *_: object) -> None:
        right = self.chooser.chosen()
        if self._left is None or self._right is None or right is None:
            return
        titles = (self._title(*self._left), self._title(self._right, *right))
        self._desk.files(
            comparing.compare,
            then=partial(self._show_pairs, titles),
            latest="compared",
            left=self._left[2],
            left_channel=self._left[3],
            right=right[1],
            right_channel=right[2],
        )

    def _show_pairs(self, titles: tuple[str, str], pairs: tuple[comparing.Pair, ...]) -> None:
        self.sheet.begin()
        self.sheet.row(titles[0], "", titles[1], shares=_SHARES, role="number")
        kind = None
        for pair in pairs:
            if self.only.isChecked() and pair.same:
                continue
            if pair.kind is not kind:
                kind = pair.kind
                self.sheet.heading(self._words.kind(kind))
            self._pair(pair)
        if kind is None:
            self.sheet.heading(self.tr("Nothing differs"))
        self.sheet.end()

    def _title(self, law: LawReading, service: Service, operation: Operation, channel: Channel) -> str:
        spoken = self._words.spoken
        heading = spoken.heading(law.regulation, service, operation, channel)
        return f"{self._words.act(law.regulation)}\n{heading.title}\n{heading.lines[0]}"

    def _pair(self, pair: comparing.Pair) -> None:
        mark = PlainLabel(parent=self.sheet.page)
        icon, ink = (
            ("tick", "done") if pair.same else ("arrow", "soon") if pair.differs else ("minus", "muted")
        )
        mark.setPixmap(theme.pixmap(icon, theme.colour(ink), theme.spacing(4)))
        none = self.tr("— nothing like it —")
        left, right = (self._words.side(pair.kind, part) or none for part in (pair.left, pair.right))
        sides = (left, right)
        if pair.kind is comparing.Kind.STEP:
            sides = tuple(self.sheet.stack(side) if "\n" in side else side for side in sides)
        self.sheet.row(sides[0], mark, sides[1], shares=_SHARES)
        if pair.differs:
            told = self.tr("Differs: {what}").format(what=self._words.differs(pair))
            self.sheet.row(told, "", "", shares=_SHARES, tone="soon")

    def retranslate(self) -> None:
        self.only.setText(self.tr("Only what differs"))
        self.only.setAccessibleName(self.only.text())
        self.sheet.setAccessibleName(self.tr("Two acts side by side"))
        self.chooser.retranslate()
        self._compare()
