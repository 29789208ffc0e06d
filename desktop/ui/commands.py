"""Every command of the windows, declared once: menus, tool tips, shortcuts and the palette refer to it.

The moves of a case are not commands: the case screen makes its buttons from what the regulation opens.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import (
    QDialog,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QMenu,
    QMenuBar,
    QVBoxLayout,
    QWidget,
)

from desktop.ui import theme
from desktop.ui.widgets.plain import PlainLabel
from desktop.ui.widgets.tab_order import TabsByEye

if TYPE_CHECKING:
    from desktop.queries.rows import ApplicationRow, Page


@dataclass(frozen=True)
class UserCommand:
    """``text`` is marked with QT_TRANSLATE_NOOP("Command", …). ``enabled`` is asked again before each showing."""

    id: str
    text: str
    run: Callable[[], None]
    enabled: Callable[[], bool] = field(default=lambda: True)
    shortcut: str = ""
    menu: str = ""  # id of the menu it stands in
    icon: str = ""
    context: str = "Command"  # under which its text is translated


class Commands(QObject):
    """The registry: one QAction a command."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._window = window
        self._commands: dict[str, UserCommand] = {}
        self._actions: dict[str, QAction] = {}

    def add(self, command: UserCommand) -> QAction:
        """Declare a command; its shortcut works in the whole window. Two with one id are a defect."""
        if command.id in self._commands:
            raise ValueError(command.id)
        action = QAction(self._window)
        action.setObjectName(f"command.{command.id}")
        action.triggered.connect(lambda: self.run(command.id))
        if command.shortcut:
            action.setShortcut(QKeySequence(command.shortcut))
        self._commands[command.id], self._actions[command.id] = command, action
        self._window.addAction(action)
        self._word(command)
        return action

    def action(self, command_id: str) -> QAction:
        return self._actions[command_id]

    def open_commands(self) -> list[UserCommand]:
        """Return the commands that can be used now, in the order they were declared."""
        return [command for command in self._commands.values() if command.enabled()]

    def run(self, command_id: str) -> None:
        """Do a command if it is open now."""
        command = self._commands[command_id]
        if command.enabled():
            command.run()

    def title(self, command: UserCommand) -> str:
        return QCoreApplication.translate(command.context, command.text)

    def refresh(self) -> None:
        """Ask every command again whether it is open, and name it in the language in use."""
        for command in self._commands.values():
            self._word(command)

    def fill(self, bar: QMenuBar, menus: list[tuple[str, str]]) -> None:
        """Make the menus (id, title) anew from the commands open to the person; an empty menu is left out."""
        bar.clear()
        for menu_id, title in menus:
            inside = [
                command
                for command in self._commands.values()
                if command.menu == menu_id and command.enabled()
            ]
            if inside:
                menu = QMenu(title, bar)
                menu.setObjectName(f"menu.{menu_id}")
                for command in inside:
                    menu.addAction(self._actions[command.id])
                bar.addMenu(menu)

    def _word(self, command: UserCommand) -> None:
        action = self._actions[command.id]
        title = self.title(command)
        keys = QKeySequence(command.shortcut).toString(QKeySequence.SequenceFormat.NativeText)
        action.setText(title.replace("&", "&&"))
        action.setToolTip(theme.plain_tip(f"{title}  ({keys})" if keys else title))
        action.setEnabled(command.enabled())


class CommandPalette(TabsByEye, QDialog):
    """Ctrl+K: type a few letters of a command, or of a case's number, name or identifier; Enter goes there."""

    case_chosen = Signal(int)
    CASES = 8

    def __init__(self, desk, commands: Commands, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("palette")
        self.setWindowFlag(Qt.WindowType.FramelessWindowHint)
        self.setWindowTitle(self.tr("Find a command or a case"))
        self._desk, self._commands = desk, commands
        self.line = QLineEdit(self)
        self.line.setObjectName("palette.line")
        self.line.setPlaceholderText(self.tr("Command, case number, IIN/BIN, name…"))
        self.line.setAccessibleName(self.windowTitle())
        self.list = QListWidget(self)
        self.list.setObjectName("palette.list")
        self.list.setAccessibleName(self.tr("Found"))
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.nothing = PlainLabel(self.tr("Nothing was found"), self, role="muted", name="palette.nothing")
        self.nothing.hide()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(*[theme.spacing(3)] * 4)
        layout.addWidget(self.line)
        layout.addWidget(self.nothing)
        layout.addWidget(self.list)
        self._timer = QTimer(self, singleShot=True, interval=150)
        self._timer.timeout.connect(self._ask_cases)
        self.line.textChanged.connect(self._typed)
        self.line.returnPressed.connect(self._go)
        self.list.itemClicked.connect(lambda _item: self._go())
        self.resize(theme.spacing(150), theme.spacing(90))
        self._typed("")

    def _typed(self, text: str) -> None:
        self.list.clear()
        words = text.casefold().split()
        for command in self._commands.open_commands():
            title = self._commands.title(command)
            if command.id != "find" and all(word in title.casefold() for word in words):
                self._add(title, command.shortcut, command.icon, ("command", command.id))
        self.list.setCurrentRow(0)
        asks = len(text.strip()) >= 2 and self._desk.actor is not None
        self.nothing.setVisible(not asks and self.list.count() == 0)
        self._timer.start() if asks else self._timer.stop()

    def _add(self, title: str, right: str, icon: str, what: tuple[str, object]) -> None:
        item = QListWidgetItem(f"{title}    {right}" if right else title)
        item.setIcon(theme.icon(icon or "arrow", "muted"))
        item.setData(Qt.ItemDataRole.UserRole, what)
        self.list.addItem(item)

    def _ask_cases(self) -> None:
        from desktop.queries.registers import applications
        from desktop.queries.rows import RegisterFilter

        self._desk.read(
            applications,
            then=self._show_cases,
            latest="palette",
            filter=RegisterFilter(text=self.line.text().strip()),
            limit=self.CASES,
        )

    def _show_cases(self, page: "Page[ApplicationRow]") -> None:
        language = self._desk.language
        for row in page.rows:
            title = f"{row.number}  {language.text(row.holder)}"
            self._add(title, language.format_short(row.received_at), "applications", ("case", row.case_id))
        if self.list.currentRow() < 0:
            self.list.setCurrentRow(0)
        self.nothing.setVisible(self.list.count() == 0)

    def keyPressEvent(self, event) -> None:
        step = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1, Qt.Key.Key_PageDown: 8, Qt.Key.Key_PageUp: -8}.get(
            event.key()
        )
        if step is None:
            super().keyPressEvent(event)
            return
        last = self.list.count() - 1
        self.list.setCurrentRow(max(0, min(last, self.list.currentRow() + step)))

    def _go(self) -> None:
        item = self.list.currentItem()
        if item is None:
            return
        kind, what = item.data(Qt.ItemDataRole.UserRole)
        self.accept()
        if kind == "case":
            self.case_chosen.emit(what)
        else:
            self._commands.run(what)
