"""A drop-down whose texts are never cut without saying so: shut they end in "…", open they have the room they need."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QAbstractItemView, QComboBox, QWidget

from desktop.ui import theme

if TYPE_CHECKING:  # styles are many enumerations, which the first window does not need
    from PySide6.QtWidgets import QStyleOptionComboBox

_EDGES = 12  # of a list beside its texts, in units of the grid: padding, scroll bar


class DropDown(QComboBox):
    """Does not widen its form and ignores a stray wheel; the tip tells the whole of a text that did not fit."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setMinimumContentsLength(8)
        self.cut = (
            Qt.TextElideMode.ElideRight
        )  # where what tells the entries apart stands last: in the middle

    def shown_text(self) -> str:
        """Return the chosen text, else why nothing is, as it is drawn: whole, or as much of it as fits and "…"."""
        return self._fitted(self._option())

    def showPopup(self) -> None:
        make_room(self.view(), self)
        super().showPopup()

    def paintEvent(self, _event) -> None:
        from PySide6.QtWidgets import QStyle, QStylePainter

        painter, option = QStylePainter(self), self._option()
        if self.currentIndex() < 0:
            option.palette.setBrush(QPalette.ColorRole.ButtonText, option.palette.placeholderText())
        painter.drawComplexControl(QStyle.ComplexControl.CC_ComboBox, option)
        option.currentText = self._fitted(option)
        painter.drawControl(QStyle.ControlElement.CE_ComboBoxLabel, option)

    def event(self, event) -> bool:
        if event.type() == QEvent.Type.ToolTip and not self.toolTip():
            from PySide6.QtWidgets import QToolTip

            whole = self.currentText() or self.placeholderText()
            QToolTip.showText(
                event.globalPos(), theme.plain_tip(whole) if whole != self.shown_text() else "", self
            )
            return True
        return super().event(event)

    def wheelEvent(self, event) -> None:
        if self.hasFocus():
            super().wheelEvent(event)
        else:
            event.ignore()

    def _option(self) -> "QStyleOptionComboBox":
        from PySide6.QtWidgets import QStyleOptionComboBox

        option = QStyleOptionComboBox()
        self.initStyleOption(option)
        return option

    def _fitted(self, option: "QStyleOptionComboBox") -> str:
        from PySide6.QtWidgets import QStyle

        part = QStyle.SubControl.SC_ComboBoxEditField
        room = self.style().subControlRect(QStyle.ComplexControl.CC_ComboBox, option, part, self)
        text = self.currentText() if self.currentIndex() >= 0 or self.isEditable() else self.placeholderText()
        return self.fontMetrics().elidedText(text, self.cut, room.width())


def make_room(view: QAbstractItemView, combo: QComboBox) -> None:
    """Let the open list be as wide as its longest text, as far as the screen has room; the rest ends in "…"."""
    metrics = view.fontMetrics()
    texts = (combo.itemText(row) for row in range(combo.count()))
    widest = max((metrics.horizontalAdvance(text) for text in texts), default=0) + theme.spacing(_EDGES)
    there = combo.screen().availableGeometry()
    left = combo.mapToGlobal(combo.rect().topLeft()).x() - there.left()
    view.setTextElideMode(Qt.TextElideMode.ElideRight)
    view.setMinimumWidth(max(combo.width(), min(widest, there.width() - max(0, left))))
