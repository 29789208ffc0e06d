"""The two dialogs of the frame: our own defect, and help for a screen."""

from PySide6.QtGui import QGuiApplication, QKeySequence
from PySide6.QtWidgets import QDialog, QHBoxLayout, QVBoxLayout, QWidget

from desktop.ui import theme
from desktop.ui.widgets.plain import Button, PlainLabel, PlainView
from desktop.ui.widgets.tab_order import TabsByEye


class _Page(TabsByEye, QDialog):
    """A title, a text, what else there is, and buttons at the lower right; Esc closes."""

    def __init__(self, name: str, title: str, text: str, parent: QWidget | None) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self.setWindowTitle(title)
        self.setMinimumWidth(theme.spacing(120))
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(*[theme.spacing(6)] * 4)
        self.column.setSpacing(theme.spacing(4))
        self.column.addWidget(PlainLabel(title, self, role="title", wrap=True, name=f"{name}.title"))
        self.text = PlainLabel(text, self, wrap=True, name=f"{name}.text").make_selectable()
        self.column.addWidget(self.text)
        self.buttons = QHBoxLayout()
        self.buttons.addStretch(1)
        self.closer = Button(self.tr("Close"), self, name=f"{name}.close")
        self.closer.clicked.connect(self.accept)
        self.closer.setDefault(True)

    def showEvent(self, event) -> None:
        """Be as high as the text needs at this width: Qt counts the lines of a text at its widest."""
        needed = self.layout().totalHeightForWidth(self.width())
        self.resize(self.width(), max(self.height(), needed))
        super().showEvent(event)

    def finish(self) -> None:
        self.buttons.addWidget(self.closer)
        self.column.addLayout(self.buttons)


class DefectDialog(_Page):
    """Our defect: what was saved, the number of the report, *Copy details*. The program goes on."""

    def __init__(self, number: str, details: str, parent: QWidget | None = None) -> None:
        super().__init__("defect", "", "", parent)
        title = self.tr("The program made a mistake")
        self.setWindowTitle(title)
        self.findChild(PlainLabel, "defect.title").setText(title)
        self.text.setText(
            self.tr(
                "What you were doing was not saved; everything before it was. You can go on working. "
                "Report number {number}: give it to the administrator, with the details if you can."
            ).format(number=number)
        )
        self._details = details
        self.view = PlainView(details, self, name="defect.details")
        self.view.setAccessibleName(self.tr("Details"))
        self.view.setMaximumHeight(theme.spacing(40))
        self.column.addWidget(self.view)
        self.copy = Button(self.tr("Copy details"), self, icon="copy", name="defect.copy")
        self.copy.clicked.connect(lambda: QGuiApplication.clipboard().setText(self._details))
        self.buttons.addWidget(self.copy)
        self.finish()


class HelpDialog(_Page):
    """What the screen is for, and the keys that work everywhere."""

    def __init__(self, text: str, commands, parent: QWidget | None = None) -> None:
        super().__init__("help", "", text, parent)
        title = self.tr("What this screen is for")
        self.setWindowTitle(title)
        self.findChild(PlainLabel, "help.title").setText(title)
        self.text.setVisible(bool(text))
        keys = "\n".join(
            f"{_keys(command.shortcut)}\t{commands.title(command)}"
            for command in commands.open_commands()
            if command.shortcut
        )
        self.view = PlainView(keys, self, name="help.keys")
        self.view.setAccessibleName(self.tr("Keys"))
        self.view.setTabStopDistance(theme.spacing(28))
        self.view.setMinimumHeight(theme.spacing(30))
        self.column.addWidget(PlainLabel(self.tr("Keys"), self, role="heading"))
        self.column.addWidget(self.view)
        self.finish()


def _keys(shortcut: str) -> str:
    return QKeySequence(shortcut).toString(QKeySequence.SequenceFormat.NativeText)
