"""Widgets that show data letter by letter: a name holding ``<img …>`` stays a name.

Qt guesses whether a text is HTML and would load a picture named in it. Every label, tip, question and text view
of the program comes from here (a test forbids the bare classes elsewhere).
"""

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QIcon, QKeySequence
from PySide6.QtWidgets import (
    QDialog,
    QFrame,
    QHBoxLayout,
    QLabel,
    QPlainTextEdit,
    QPushButton,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from desktop.ui import theme
from desktop.ui.widgets.tab_order import TabsByEye


class PlainLabel(QLabel):
    """A label of plain text. ``role`` is the type-scale role of :func:`theme.mark`; ``wrap`` breaks long lines."""

    def __init__(
        self,
        text: str = "",
        parent: QWidget | None = None,
        *,
        role: str = "",
        wrap: bool = False,
        name: str = "",
    ) -> None:
        super().__init__(parent)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setWordWrap(wrap)
        self.setObjectName(name)
        if role:
            self.setProperty("role", role)
        self.setText(text)

    def make_selectable(self) -> "PlainLabel":
        """Let the text be marked and copied with mouse and keyboard."""
        flags = Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        self.setTextInteractionFlags(flags)
        return self


class ElidedLabel(PlainLabel):
    """A label of one line that gives way: what does not fit ends in "…", and the tip shows all of it."""

    def __init__(
        self, text: str = "", parent: QWidget | None = None, *, role: str = "", name: str = ""
    ) -> None:
        self._whole = ""
        super().__init__(text, parent, role=role, name=name)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.setMinimumWidth(theme.spacing(10))

    def setText(self, text: str) -> None:
        self._whole = text
        self.setAccessibleName(text)
        self._fit()

    def whole_text(self) -> str:
        return self._whole

    def sizeHint(self) -> QSize:
        return QSize(QFontMetrics(self.font()).horizontalAdvance(self._whole), super().sizeHint().height())

    def resizeEvent(self, event) -> None:
        super().resizeEvent(event)
        self._fit()

    def changeEvent(self, event) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._fit()

    def _fit(self) -> None:
        room = max(self.width(), self.minimumWidth())
        shown = self.fontMetrics().elidedText(self._whole, Qt.TextElideMode.ElideRight, room)
        super().setText(shown)
        set_tip(self, self._whole if shown != self._whole else "")


class PlainView(QPlainTextEdit):
    """Several lines to read and copy, never HTML."""

    def __init__(self, text: str = "", parent: QWidget | None = None, *, name: str = "") -> None:
        super().__init__(parent)
        self.setReadOnly(True)
        self.setTabChangesFocus(True)
        self.setObjectName(name)
        self.setPlainText(text)


class Button(QPushButton):
    """A push button: ``kind`` primary, danger, quiet or link; ``icon`` is re-inked when the scheme changes.

    Text is shown as it is ("&" makes no mnemonic); the tip carries the shortcut.
    """

    def __init__(
        self,
        text: str = "",
        parent: QWidget | None = None,
        *,
        kind: str = "",
        icon: str = "",
        name: str = "",
        shortcut: str = "",
    ) -> None:
        super().__init__(parent)
        self._icon, self._ink, self._keys, self._why = (
            icon,
            "accent_text" if kind == "primary" else "text",
            "",
            "",
        )
        self.setObjectName(name)
        self.setAutoDefault(False)
        if kind:
            self.setProperty("kind", kind)
        if kind == "danger":
            self._ink = "late"
        if shortcut:
            self._keys = shortcut
            self.setShortcut(QKeySequence(shortcut))
        self.set_text(text)
        self._tint()

    def set_text(self, text: str) -> None:
        """Name the button; also its accessible name and its tip with the shortcut."""
        keys = self.shortcut()
        self.setText(text.replace("&", "&&"))
        if keys:  # setText drops the shortcut of a former mnemonic
            self.setShortcut(keys)
        self.setAccessibleName(text)
        self._tell()

    def set_why_not(self, why: str) -> None:
        """Grey the button and say why in its tip; "" opens it again."""
        self._why = why
        self.setEnabled(not why)
        self.setAccessibleDescription(why)
        self._tell()

    def set_icon(self, name: str, ink: str = "") -> None:
        self._icon, self._ink = name, ink or self._ink
        self._tint()

    def changeEvent(self, event) -> None:
        super().changeEvent(event)
        if event.type() in (QEvent.Type.PaletteChange, QEvent.Type.StyleChange):
            self._tint()

    def _tell(self) -> None:
        set_tip(self, self._why or self.accessibleName(), "" if self._why else self._keys)

    def _tint(self) -> None:
        if getattr(self, "_icon", ""):
            self.setIcon(theme.icon(self._icon, self._ink))
            self.setIconSize(QSize(theme.spacing(4.5), theme.spacing(4.5)))
        elif not self.icon().isNull():
            self.setIcon(QIcon())


class ChoiceButton(QPushButton):
    """One of several to choose from: a name and a smaller line under it, each as many lines as it needs."""

    def __init__(self, parent: QWidget | None = None, *, name: str = "") -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self.setProperty("kind", "choice")
        self.setCheckable(True)
        self.setAutoDefault(False)
        self.title = PlainLabel(parent=self, wrap=True)
        self.detail = PlainLabel(parent=self, role="small", wrap=True)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(*[theme.spacing(3)] * 4)
        layout.setSpacing(theme.spacing(0.5))
        for label in (self.title, self.detail):
            label.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
            layout.addWidget(label)
        policy = self.sizePolicy()
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def set_words(self, title: str, detail: str) -> None:
        self.title.setText(title)
        self.detail.setText(detail)
        self.setAccessibleName(f"{title}, {detail}")

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        return self.layout().totalHeightForWidth(width)

    def sizeHint(self) -> QSize:
        return self.layout().totalSizeHint()

    def minimumSizeHint(self) -> QSize:
        return self.layout().totalMinimumSize()


class IconButton(QToolButton):
    """A square button of one icon; its name is told to the tip and to screen readers."""

    def __init__(
        self, icon: str, text: str = "", parent: QWidget | None = None, *, name: str = "", shortcut: str = ""
    ) -> None:
        super().__init__(parent)
        self._icon, self._keys = icon, shortcut
        self.setObjectName(name)
        if shortcut:
            self.setShortcut(QKeySequence(shortcut))
        self.set_text(text)
        self._tint()

    def set_text(self, text: str) -> None:
        self.setAccessibleName(text)
        set_tip(self, text, self._keys)

    def set_icon(self, name: str) -> None:
        self._icon = name
        self._tint()

    def changeEvent(self, event) -> None:
        super().changeEvent(event)
        if event.type() in (QEvent.Type.PaletteChange, QEvent.Type.StyleChange):
            self._tint()

    def _tint(self) -> None:
        self.setIcon(theme.icon(self._icon))
        self.setIconSize(QSize(theme.spacing(5), theme.spacing(5)))


class Clickable(QFrame):
    """A frame that acts as a button (a card to choose): mouse, Enter and Space."""

    clicked = Signal()

    def __init__(self, parent: QWidget | None = None, *, name: str = "") -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setProperty("role", "choice")

    def mouseReleaseEvent(self, event) -> None:
        if event.button() == Qt.MouseButton.LeftButton and self.rect().contains(event.position().toPoint()):
            self.clicked.emit()

    def keyPressEvent(self, event) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self.clicked.emit()
        else:
            super().keyPressEvent(event)


def rule(parent: QWidget | None = None) -> QFrame:
    """Return a hairline."""
    line = QFrame(parent)
    line.setProperty("role", "rule")
    return line


def set_tip(widget: QWidget, text: str, shortcut: str = "") -> None:
    """Give a widget its tip, the shortcut shown after it."""
    keys = QKeySequence(shortcut).toString(QKeySequence.SequenceFormat.NativeText) if shortcut else ""
    widget.setToolTip(theme.plain_tip(f"{text}  ({keys})" if keys and text else text or keys))


class Question(TabsByEye, QDialog):
    """One sentence and two buttons; Esc answers no. Dangerous answers are not the default."""

    def __init__(
        self, parent: QWidget | None, text: str, *, title: str, yes: str, danger: bool = False
    ) -> None:
        super().__init__(parent)
        self.setObjectName("question")
        self.setWindowTitle(title)
        self.text = PlainLabel(text, self, wrap=True, name="question.text")
        self.text.setMinimumWidth(theme.spacing(90))
        self.yes = Button(yes, self, kind="danger" if danger else "primary", name="question.yes")
        self.no = Button(self.tr("Cancel"), self, name="question.no")
        self.yes.clicked.connect(self.accept)
        self.no.clicked.connect(self.reject)
        (self.no if danger else self.yes).setDefault(True)
        buttons = QHBoxLayout()
        buttons.addStretch(1)
        buttons.addWidget(self.no)
        buttons.addWidget(self.yes)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(*[theme.spacing(6)] * 4)
        layout.setSpacing(theme.spacing(5))
        layout.addWidget(self.text)
        layout.addLayout(buttons)


def ask(parent: QWidget | None, text: str, *, title: str, yes: str, danger: bool = False) -> bool:
    """Ask a question over the window; True when the person says ``yes``."""
    return Question(parent, text, title=title, yes=yes, danger=danger).exec() == QDialog.DialogCode.Accepted
