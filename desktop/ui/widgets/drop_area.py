"""A place to drop a file on, with a button for those who would rather choose it."""

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFileDialog, QFrame, QHBoxLayout, QVBoxLayout, QWidget

from desktop.ui import theme
from desktop.ui.widgets.plain import Button, PlainLabel


class DropArea(QFrame):
    """Gives the path of one file, ``several`` of all that were dropped or chosen together. ``filters`` are those of the file dialog; endings are proved by who reads."""

    chosen = Signal(str)
    several = Signal(list)

    def __init__(
        self,
        parent: QWidget | None = None,
        *,
        name: str,
        filters: str,
        tall: bool = False,
        primary: bool = False,
        shortcut: str = "",
    ) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self.setProperty("role", "sunken")
        self.setAcceptDrops(True)
        self.filters, self.folder = filters, ""
        self.text = PlainLabel(
            parent=self, role="heading" if tall else "muted", wrap=True, name=f"{name}.text"
        )
        kind = "primary" if primary else ""
        self.choose = Button(parent=self, kind=kind, icon="file", name=f"{name}.choose", shortcut=shortcut)
        self.choose.clicked.connect(self._ask)
        self.setFocusProxy(self.choose)
        layout = QVBoxLayout(self) if tall else QHBoxLayout(self)
        layout.setContentsMargins(*[theme.spacing(8 if tall else 4)] * 4)
        layout.setSpacing(theme.spacing(4))
        if tall:
            self.text.setAlignment(Qt.AlignmentFlag.AlignHCenter)
            layout.addWidget(self.text)
            layout.addWidget(self.choose, 0, Qt.AlignmentFlag.AlignHCenter)
        else:
            layout.addWidget(self.text, 1)
            layout.addWidget(self.choose)

    def set_texts(self, text: str, button: str) -> None:
        self.text.setText(text)
        self.setAccessibleName(text)
        self.choose.set_text(button)

    def _ask(self) -> None:
        path, _kind = QFileDialog.getOpenFileName(
            self, self.choose.accessibleName(), self.folder, self.filters
        )
        if path:
            self.take([path])

    def take(self, paths: Sequence[str]) -> None:
        """Give on the first of the files dropped or chosen."""
        if paths:
            self.folder = str(Path(paths[0]).parent)
            self.chosen.emit(paths[0])
            self.several.emit(list(paths))

    def dragEnterEvent(self, event) -> None:
        if _local_files(event):
            event.acceptProposedAction()

    def dropEvent(self, event) -> None:
        paths = _local_files(event)
        if paths:
            event.acceptProposedAction()
            self.take(paths)


def _local_files(event) -> list[str]:
    return [url.toLocalFile() for url in event.mimeData().urls() if url.isLocalFile()]
