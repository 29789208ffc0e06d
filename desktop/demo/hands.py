"""A person's hands at the program's windows: finds a control by its name, types, clicks, waits for what must come.

Nothing is called behind the windows' back; what a person could not do (a hidden or disabled control) fails here
too. Waiting is for a state, with a limit, and never for a time.
"""

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from PySide6.QtCore import QEventLoop, QMimeData, QPoint, QPointF, Qt, QTimer, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QInputMethodEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QComboBox,
    QListWidget,
    QListWidgetItem,
    QScrollArea,
    QWidget,
)

from desktop.ui.main_window import MainWindow
from desktop.ui.renderer import renderer

PATIENCE = 60.0  # seconds: only a defect ever waits so long
_SOME_MS = 20
_SOON_MS = 500  # what waits no longer than this belongs to the work under way


class Stuck(RuntimeError):
    """What was waited for did not come; the message says what, and what the window said."""


class Hands:
    """Works at ``window``; ``said()`` tells what the program has last told its user, for a :class:`Stuck`."""

    def __init__(self, window: MainWindow, said: Callable[[], str]) -> None:
        self.window = window
        self._said = said

    def wait(self, ready: Callable[[], bool], what: str) -> None:
        """Let the program work until ``ready()``; raises Stuck after ``PATIENCE`` seconds."""
        limit = time.monotonic() + PATIENCE
        while not ready():
            if time.monotonic() > limit:
                raise Stuck(f"waited for {what}; the window says: {self._said()}")
            QApplication.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, _SOME_MS)
            time.sleep(0.002)
        QApplication.processEvents()

    def settle(self) -> None:
        """Wait until the program works at nothing: what was asked for is shown, short timers have run out."""
        self.wait(self._at_rest, "the work to be done")

    def _at_rest(self) -> bool:
        soon = any(
            timer.isActive() and timer.isSingleShot() and timer.interval() <= _SOON_MS
            for timer in self.window.findChildren(QTimer)
        )
        return not soon and self.window.desk.tasks.running == 0 and renderer().is_idle()

    def find(self, name: str, kind: type[QWidget] = QWidget) -> Any:
        """Return the visible control of that name in the window or a dialog of it, None when there is none.

        A process may hold other windows with the same names; they are not what these hands work at.
        """
        for top in QApplication.topLevelWidgets():
            if top.isVisible() and self._is_ours(top):
                named: list[QWidget] = [top, *top.findChildren(kind, name)]
                for found in named:
                    if found.objectName() == name and found.isVisible():
                        return found
        return None

    def _is_ours(self, top: QWidget) -> bool:
        over: QWidget | None = top
        while over is not None and over is not self.window:
            over = over.parentWidget()
        return over is not None

    def see(self, name: str, kind: type[QWidget] = QWidget) -> Any:
        """Wait for the control and bring it into view."""
        found = None
        while found is None:  # what was there a moment ago may be drawn anew meanwhile
            self.wait(lambda: self.find(name, kind) is not None, name)
            found = self.find(name, kind)
        parent = found.parentWidget()
        while parent is not None:
            if isinstance(parent, QScrollArea):
                parent.ensureWidgetVisible(found, 0, 80)
            parent = parent.parentWidget()
        return found

    def click(self, name: str) -> None:
        """Click the button once it can be clicked."""
        button = self.see(name, QAbstractButton)
        self.wait(lambda: self.find(name) is not None and button.isEnabled(), f"{name} to be enabled")
        self._focus(button)
        QTest.mouseClick(button, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, _inside(button))

    def tick(self, name: str, on: bool = True) -> None:
        """Set a tick."""
        box = self.see(name, QAbstractButton)
        if box.isChecked() != on:
            self._focus(box)
            QTest.keyClick(box, Qt.Key.Key_Space)
        self.wait(lambda: box.isChecked() == on, f"{name} to be ticked")

    def write(self, name: str, text: str) -> None:
        """Type ``text`` into the field in place of what stands there, as an input method does."""
        field = self.see(name)
        self._focus(field)
        QTest.keyClick(field, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
        QTest.keyClick(field, Qt.Key.Key_Delete)
        if text:
            typed = QInputMethodEvent()
            typed.setCommitString(text)
            QApplication.sendEvent(field, typed)

    def leave(self, name: str) -> None:
        """Go on to the next field, as Tab does."""
        QTest.keyClick(self.see(name), Qt.Key.Key_Tab)

    def choose(self, name: str, fits: Callable[[object], bool]) -> None:
        """Choose the entry of a drop-down list whose data fits, with the arrow keys."""
        box = self.see(name, QComboBox)
        self.wait(lambda: any(fits(box.itemData(row)) for row in range(box.count())), f"an entry of {name}")
        wanted = next(row for row in range(box.count()) if fits(box.itemData(row)))
        self._focus(box)
        for _press in range(box.count()):
            if box.currentIndex() != wanted:
                QTest.keyClick(box, Qt.Key.Key_Down if box.currentIndex() < wanted else Qt.Key.Key_Up)
        if box.currentIndex() != wanted:
            raise Stuck(f"{name} stays at {box.currentText()!r}")

    def tick_items(self, name: str, fits: Callable[[QListWidgetItem], bool]) -> int:
        """Tick the items that fit in a checkable list, each with Space; return how many."""
        chosen = 0
        shown = self.see(name, QListWidget)
        self.wait(lambda: shown.count() > 0, f"items of {name}")
        for row in range(shown.count()):
            item = shown.item(row)
            if fits(item) and item.checkState() != Qt.CheckState.Checked:
                self._focus(shown)
                shown.setCurrentRow(row)
                QTest.keyClick(shown, Qt.Key.Key_Space)
                chosen += item.checkState() == Qt.CheckState.Checked
        return chosen

    def key(self, name: str, key: Qt.Key) -> None:
        """Press a key on a control."""
        control = self.see(name)
        self._focus(control)
        QTest.keyClick(control, key)

    def _focus(self, control: QWidget) -> None:
        """Give the control the focus; a window that is not the active one hears no shortcut."""
        window = control.window()
        if not window.isActiveWindow():
            window.activateWindow()
            self.wait(window.isActiveWindow, "the window to be active")
        control.setFocus(Qt.FocusReason.TabFocusReason)

    def drop(self, target: QWidget, files: list[str]) -> None:
        """Drag files over the control and let them go there."""
        load = QMimeData()
        load.setUrls([QUrl.fromLocalFile(path) for path in files])
        copy, left = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton
        entered = QDragEnterEvent(QPoint(40, 40), copy, load, left, Qt.KeyboardModifier.NoModifier)
        QApplication.sendEvent(target, entered)
        if entered.isAccepted():
            dropped = QDropEvent(QPointF(40, 40), copy, load, left, Qt.KeyboardModifier.NoModifier)
            QApplication.sendEvent(target, dropped)

    def picture(self, path: Path) -> None:
        """Save a picture of the window, with the dialog that stands over it."""
        self.settle()
        picture = self.window.grab()
        dialog = QApplication.activeModalWidget()
        if dialog is not None and dialog is not self.window:
            from PySide6.QtGui import QPainter

            painter = QPainter(picture)
            over = dialog.grab()
            painter.drawPixmap(
                (self.window.width() - dialog.width()) // 2,
                (self.window.height() - dialog.height()) // 2,
                over,
            )
            painter.end()
        if not picture.save(str(path)):
            raise OSError(f"{path} could not be written")


def _inside(control: QWidget) -> QPoint:
    """Return a point of the control that is surely its own: a tick's text may end far before its right edge."""
    return QPoint(min(12, control.width() // 2), control.height() // 2)
