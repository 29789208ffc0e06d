"""A path that is typed or chosen in the system's dialog."""

from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QLineEdit, QWidget

from desktop.ui.widgets.plain import Button


class FilePicker(QWidget):
    """A path that is typed or chosen."""

    def __init__(
        self, name: str, filters: str, *, saving: bool = False, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._filters, self._saving = filters, saving
        self.line = QLineEdit(self)
        self.line.setObjectName(name)
        self.choose = Button(parent=self, icon="file", name=f"{name}.choose")
        self.choose.clicked.connect(self._choose)
        self.setFocusProxy(self.line)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.line, 1)
        row.addWidget(self.choose)

    def text(self) -> str:
        return self.line.text().strip()

    def retranslate(self, name: str) -> None:
        self.line.setAccessibleName(name)
        self.line.setPlaceholderText(name)
        self.choose.set_text(self.tr("Choose…"))

    def _choose(self) -> None:
        ask = QFileDialog.getSaveFileName if self._saving else QFileDialog.getOpenFileName
        path, _kind = ask(self, "", self.text(), self._filters)
        if path:
            self.line.setText(path)
