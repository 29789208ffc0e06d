"""A drop-down one can also type into: words in any order narrow the list, what fits nothing is taken back."""

from PySide6.QtCore import QModelIndex, QSortFilterProxyModel, Qt
from PySide6.QtWidgets import QComboBox, QCompleter, QWidget

from desktop.ui.widgets.drop_down import make_room


class _Narrowed(QSortFilterProxyModel):
    """The entries that hold every word typed, in any order and case."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._words: list[str] = []

    def narrow(self, text: str) -> None:
        self._words = text.casefold().split()
        self.invalidate()

    def filterAcceptsRow(self, row: int, parent: QModelIndex) -> bool:
        text = str(self.sourceModel().index(row, 0, parent).data() or "").casefold()
        return all(word in text for word in self._words)


class SearchChoice(QComboBox):
    """Like a drop-down, but its text can be typed; the entry chosen stays until another one is."""

    def __init__(self, *, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setEditable(True)
        self.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setMinimumContentsLength(8)
        self._narrowed = _Narrowed(self)
        self._narrowed.setSourceModel(self.model())
        completer = QCompleter(self._narrowed, self)
        completer.setCompletionMode(QCompleter.CompletionMode.UnfilteredPopupCompletion)
        self.setCompleter(completer)
        self.lineEdit().setObjectName(f"{name}.typed")
        self.lineEdit().textEdited.connect(self._narrow)
        self.lineEdit().editingFinished.connect(self._tidy)
        self.currentIndexChanged.connect(lambda _: self._show_beginning())

    def say(self, label: str) -> None:
        """Name the control and the line one types into."""
        self.setAccessibleName(label)
        self.lineEdit().setAccessibleName(label)

    def _narrow(self, text: str) -> None:
        self._narrowed.narrow(text)
        make_room(self.completer().popup(), self)

    def showPopup(self) -> None:
        make_room(self.view(), self)
        super().showPopup()

    def _tidy(self) -> None:
        """The field was left: what was typed is the entry it names, or is taken back."""
        if not self.completer().popup().isVisible():
            self._narrowed.narrow("")
            self.setEditText(self.itemText(self.currentIndex()))
            self._show_beginning()

    def _show_beginning(self) -> None:
        self.lineEdit().setCursorPosition(0)

    def setCurrentIndex(self, index: int) -> None:
        super().setCurrentIndex(index)
        self._show_beginning()  # also where nobody is told of the change

    def setItemText(self, index: int, text: str) -> None:
        super().setItemText(index, text)
        if index == self.currentIndex():
            self.setEditText(text)
            self._show_beginning()

    def wheelEvent(self, event) -> None:
        if self.hasFocus():
            super().wheelEvent(event)
        else:
            event.ignore()

    def focusInEvent(self, event) -> None:
        super().focusInEvent(event)
        if event.reason() in (Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason):
            self.lineEdit().selectAll()
