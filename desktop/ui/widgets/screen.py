"""What every screen is: a widget that says itself again when the language changes."""

from PySide6.QtCore import QEvent, Signal
from PySide6.QtWidgets import QWidget

from desktop.ui.widgets.tab_order import TabsByEye


class Screen(TabsByEye, QWidget):
    """Base of the screens. ``case_chosen`` opens a case; ``screen_chosen`` another screen by its id."""

    case_chosen = Signal(int)
    screen_chosen = Signal(str)
    shows_what_others_do = (
        False  # read anew when a colleague changed something; a form that is filled in is not
    )

    def __init__(self, desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.desk = desk

    def refresh(self) -> None:
        """Read anew what is shown; keeps selection, scroll and focus."""

    def retranslate(self) -> None:
        """Set every text of the screen again in the language in use."""

    def may_close(self) -> bool:
        """Return whether the window may close; False keeps it (the screen has said why, or closes it itself soon)."""
        return True

    def may_leave(self) -> bool:
        """Return whether another place may be shown; the screen lives on. False keeps it (it has said why)."""
        return self.may_close()

    def changeEvent(self, event) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()
