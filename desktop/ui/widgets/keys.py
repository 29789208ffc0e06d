"""Keys that act within a widget. PySide6 6.12 forgets ``context`` when QShortcut is made with a callable."""

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QWidget


class Shortcut(QShortcut):
    """``act`` when ``keys`` are pressed within ``context`` of ``parent``; held down they repeat, or do not."""

    def __init__(
        self,
        keys: QKeySequence | QKeySequence.StandardKey | Qt.Key | str,
        parent: QWidget,
        act: Callable[[], object],
        context: Qt.ShortcutContext = Qt.ShortcutContext.WindowShortcut,
        *,
        repeats: bool = True,
    ) -> None:
        super().__init__(QKeySequence(keys), parent)
        self.setAutoRepeat(repeats)
        self.setContext(context)
        self.activated.connect(act)
