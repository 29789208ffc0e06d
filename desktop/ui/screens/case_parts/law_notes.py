"""What the act leaves open, says twice or says besides at the step where the case is: told on demand, counted always."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QWidget

from desktop.queries.rows import CaseCard
from desktop.ui import theme
from desktop.ui.diagram.spoken import SpokenWording
from desktop.ui.screens.case_parts.part import Scrolling
from desktop.ui.widgets.plain import Button, IconButton, PlainLabel

_TALLEST = 34  # units of the grid: longer notes are scrolled


class LawNotes(QFrame):
    """The panel; ``asked`` is the button that opens it and says how many notes there are."""

    def __init__(self, desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("case.law_notes")
        self.setProperty("notice", "soon")
        self._desk = desk
        self._spoken = SpokenWording(desk.language)
        self._card: CaseCard | None = None
        self.asked = Button(parent=parent, icon="late", name="case.law_notes_open")
        self.asked.setProperty("chip", "soon")
        self.asked.clicked.connect(self.toggle)
        self.text = PlainLabel(parent=self, wrap=True, name="case.law_notes_text").make_selectable()
        self.closer = IconButton("cross", parent=self, name="case.law_notes_close")
        self.closer.clicked.connect(self.close_panel)
        scrolled = Scrolling(self)
        scrolled.column.addWidget(self.text)
        scrolled.column.addStretch(1)
        inside = QHBoxLayout(self)
        inside.setContentsMargins(theme.spacing(3), 0, theme.spacing(1), 0)
        inside.addWidget(scrolled, 1)
        inside.addWidget(self.closer, 0, Qt.AlignmentFlag.AlignTop)
        self.setMaximumHeight(theme.spacing(_TALLEST))
        self.hide()

    def show_card(self, card: CaseCard) -> None:
        """Count the notes of the step; another step closes the panel."""
        other = self._card is None or (self._card.case_id, self._card.step) != (card.case_id, card.step)
        self._card = card
        if other or not (card.notes or card.provisions):
            self.hide()
        self.retranslate()

    def toggle(self) -> None:
        self.setVisible(self.isHidden())

    def close_panel(self) -> None:
        self.hide()
        self.asked.setFocus(Qt.FocusReason.OtherFocusReason)

    def retranslate(self) -> None:
        self.closer.set_text(self.tr("Close"))
        text = self._desk.language.text
        notes = [text(note) for note in self._card.notes] if self._card is not None else []
        besides = self._card.provisions if self._card is not None else ()
        told = [*notes, *(f"{self._spoken.item(clause)}: {text(said)}" for clause, said in besides)]
        tone = (
            "soon" if notes else "calm"
        )  # an open question of the act is a warning, its other items are not
        theme.mark(self, notice=tone)
        theme.mark(self.asked, chip=tone)
        self.asked.set_icon("late" if notes else "info")
        self.asked.setVisible(bool(told))
        said = self.tr("%n note(s) on this step of the act", "", len(told))
        self.asked.set_text(said)  # its tip and its name
        self.asked.setText(str(len(told)))
        self.text.setText("\n\n".join(told))
        self.text.setAccessibleName(said)
