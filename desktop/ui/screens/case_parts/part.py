"""What the parts of the case screen have in common, and what a panel of an act promises to the screen."""

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtWidgets import QFrame, QScrollArea, QVBoxLayout, QWidget

from desktop.queries.rows import CaseCard, OpenOutcome
from desktop.ui import theme
from desktop.ui.messages import say


class Part(QWidget):
    """A part of the case screen. ``card`` is None until the first card is shown."""

    def __init__(self, desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.desk = desk
        self.card: CaseCard | None = None

    @property
    def language(self):
        return self.desk.language

    def show_card(self, card: CaseCard) -> None:
        """Show a card; the same case again keeps what was typed, chosen and scrolled."""
        self.card = card

    def retranslate(self) -> None:
        """Set every text again; :class:`CaseScreen` shows the card again afterwards."""


class ActPanel(Part):
    """What is done at a step of one act. The action bar asks it what is primary, what is closed and why.

    ``act_on(fn, said=…, then=…, **facts)`` runs a command on the case and is handed in by the screen;
    ``show_paper(content, media_type, title)`` puts a paper into the viewer.
    """

    room = 0.45  # the panel's share of the width, the rest is the paper's
    tells_time = False  # it is handed ``now``, the office's clock
    changed = Signal()  # what can be done now may have changed
    paper_wanted = Signal(bytes, str, str)  # content, media type, title

    def __init__(self, desk, act_on: Callable[..., bool], parent: QWidget | None = None) -> None:
        super().__init__(desk, parent)
        self.act_on = act_on

    def primary(self, outcomes: tuple[OpenOutcome, ...]) -> OpenOutcome | None:
        """Return the outcome that stands at the primary place: the first open one, else the first."""
        return next((item for item in outcomes if item.open), outcomes[0] if outcomes else None)

    def why_not(self, outcome: OpenOutcome) -> str:
        """Return why an outcome the law leaves open cannot be taken yet, as a sentence; "" when it can."""
        return ""

    def take(self, outcome: OpenOutcome) -> None:
        """Do it."""
        raise AssertionError(outcome)

    def typed(self) -> dict[str, Any]:
        """Return what the person typed and has not saved, by field; empty when nothing."""
        return {}

    def restore(self, typed: dict[str, Any]) -> None:
        """Put back what :meth:`typed` gave."""

    def show_error(self, error: BaseException) -> bool:
        """Show a BadInput at its field; True when it was one of the panel's."""
        return False

    def leave(self) -> None:
        """The case is left or the step has passed: stop what is under way for the eye only."""


def sentence_of(code: str, desk, **facts: object) -> str:
    """Return the sentence of a ``why_not`` code."""
    return say(code, facts, desk.language)


def column(parent: QWidget, *, margins: float = 0, gap: float = 3) -> QVBoxLayout:
    """Give ``parent`` a vertical layout on the grid."""
    layout = QVBoxLayout(parent)
    layout.setContentsMargins(*[theme.spacing(margins)] * 4)
    layout.setSpacing(theme.spacing(gap))
    return layout


class Scrolling(QScrollArea):
    """Scrolls one column of widgets that takes the width there is."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.page = QWidget()
        self.page.setObjectName("page")
        self.column = column(self.page, margins=0, gap=3)
        self.column.setContentsMargins(0, theme.spacing(2), theme.spacing(3), theme.spacing(4))
        self.setWidget(self.page)

    def event(self, event) -> bool:
        if event.type() == QEvent.Type.ShortcutOverride:  # Ctrl+Enter belongs to the action bar
            event.ignore()
        return super().event(event)


def clear(layout) -> None:
    """Take every widget out of a layout and let it go."""
    while (item := layout.takeAt(0)) is not None:
        if item.widget() is not None:
            item.widget().hide()
            item.widget().deleteLater()
        elif item.layout() is not None:
            clear(item.layout())
