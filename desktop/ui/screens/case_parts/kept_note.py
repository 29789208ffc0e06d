"""The line that says that what was typed is kept, when a colleague moved the case on meanwhile."""

from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QWidget

from desktop.ui import theme
from desktop.ui.widgets.plain import IconButton, PlainLabel


class KeptNote(QFrame):
    """Hidden until there is something to tell; the person closes it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("notice", "soon")
        self.text = PlainLabel(parent=self, wrap=True, name="case.note").make_selectable()
        self.close_it = IconButton("cross", parent=self, name="case.note_close")
        self.close_it.clicked.connect(self.hide)
        inside = QHBoxLayout(self)
        inside.setContentsMargins(theme.spacing(3), theme.spacing(1), theme.spacing(1), theme.spacing(1))
        inside.addWidget(self.text, 1)
        inside.addWidget(self.close_it, 0, Qt.AlignmentFlag.AlignTop)
        self.hide()

    def tell(self, typed: dict[str, Any]) -> None:
        """Say that ``typed`` is kept, with its free texts for the eye."""
        told = self.tr(
            "The case has moved on meanwhile. What you typed is kept and comes back with the step."
        )
        self.text.setText("\n".join([told, *(f"“{text}”" for text in _texts_of(typed) if text)]))
        self.show()

    def retranslate(self) -> None:
        self.close_it.set_text(self.tr("Close"))


def _texts_of(typed: Any) -> list[str]:
    """Return the free texts among what was typed, for the eye."""
    if isinstance(typed, str):
        return [typed] if " " in typed or len(typed) > 14 else []
    if isinstance(typed, dict):
        return [text for value in typed.values() for text in _texts_of(value)]
    if isinstance(typed, list | tuple):
        return [text for value in typed for text in _texts_of(value)]
    return []
