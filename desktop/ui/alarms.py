"""What makes the office's records doubtful: red over everything until it is mended, and nothing is signed meanwhile."""

from collections.abc import Sequence

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QWidget

from desktop.errors import NotAllowed, Told
from desktop.ui import theme
from desktop.ui.messages import sentence
from desktop.ui.widgets.plain import PlainLabel


class Alarms(QObject):
    """Alarms by who raised them; ``changed`` is sent whenever there are others than before."""

    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._raised: dict[str, tuple[Told, ...]] = {}

    def set(self, source: str, told: Sequence[Told]) -> None:
        """Let ``source`` ("rights", "journal", …) say what is wrong now; an empty list takes its alarms back."""
        before = self.told
        self._raised[source] = tuple(told)
        if self.told != before:
            self.changed.emit()

    def clear(self) -> None:
        """Forget all: another office is opened."""
        for source in tuple(self._raised):
            self.set(source, ())

    @property
    def told(self) -> tuple[Told, ...]:
        """Everything that is wrong, in the order it was raised."""
        return tuple(one for raised in self._raised.values() for one in raised)

    def refuse_signing(self) -> None:
        """Raise NotAllowed "signing-stopped" while anything is wrong."""
        if self.told:
            raise NotAllowed("signing-stopped")


class AlarmBanner(QFrame):
    """Over everything, for as long as it lasts: what is wrong, and that nothing is signed."""

    def __init__(self, desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("alarm")
        self._desk = desk
        self.text = PlainLabel(parent=self, wrap=True, name="alarm.text")
        self.text.make_selectable()
        layout = QHBoxLayout(self)
        layout.setContentsMargins(theme.spacing(4), theme.spacing(2), theme.spacing(4), theme.spacing(2))
        layout.addWidget(self.text, 1)
        desk.alarms.changed.connect(self.retranslate)
        self.retranslate()

    def retranslate(self) -> None:
        told = self._desk.alarms.told
        if told:  # the sentences are read from their files when there is something to say
            words = [sentence(one, self._desk.language) for one in (*told, NotAllowed("signing-stopped"))]
            self.text.setText("\n".join(words))
            self.setAccessibleName(self.text.text())
        self.setVisible(bool(told))
