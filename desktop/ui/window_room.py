"""Where the window stands on the screen: as it was left, else as large as is good, else the whole screen."""

from PySide6.QtCore import QSettings, QSize
from PySide6.QtWidgets import QWidget

_KEY = "window/geometry"
_WANTED = QSize(1280, 800)
_FRAME = 40  # what a title bar may take


def restore(window: QWidget, kept: QSettings) -> None:
    """Give ``window`` the place it was left at."""
    if geometry := kept.value(_KEY):
        window.restoreGeometry(geometry)
    else:
        window.resize(window.screen().availableSize().boundedTo(_WANTED))


def keep(window: QWidget, kept: QSettings) -> None:
    kept.setValue(_KEY, window.saveGeometry())


def show(window: QWidget, kept: QSettings) -> None:
    """Show ``window``; it fills a screen which it would not fit with its frame."""
    room = window.screen().availableSize()
    fits = room.width() >= _WANTED.width() and room.height() >= _WANTED.height() + _FRAME
    if fits or kept.contains(_KEY):
        window.show()
    else:
        window.showMaximized()
