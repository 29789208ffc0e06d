"""The four faces of a list or a page: its content, nothing yet, still loading, could not be read."""

from collections.abc import Callable

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QProgressBar, QVBoxLayout, QWidget

from desktop.ui import theme
from desktop.ui.messages import sentence
from desktop.ui.widgets.pages import Pages
from desktop.ui.widgets.plain import Button, PlainLabel


class Empty(QWidget):
    """A quiet picture, one sentence, a second smaller one, at most one thing to do."""

    def __init__(self, parent: QWidget | None = None, *, name: str = "empty") -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self._act: Callable[[], None] | None = None
        self.picture = PlainLabel(parent=self)
        self.picture.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self.title = PlainLabel(parent=self, role="heading", wrap=True, name=f"{name}.title")
        self.text = PlainLabel(parent=self, role="muted", wrap=True, name=f"{name}.text")
        self.action = Button(parent=self, name=f"{name}.action")
        self.action.clicked.connect(self._clicked)
        layout = QVBoxLayout(self)
        layout.setSpacing(theme.spacing(2))
        layout.addStretch(2)
        for widget in (self.picture, self.title, self.text):
            if isinstance(widget, PlainLabel):
                widget.setAlignment(Qt.AlignmentFlag.AlignHCenter)
            layout.addWidget(widget)
        layout.addWidget(self.action, 0, Qt.AlignmentFlag.AlignHCenter)
        layout.addStretch(3)

    def say(
        self,
        title: str,
        text: str = "",
        *,
        icon: str = "empty",
        action: str = "",
        act: Callable[[], None] | None = None,
    ) -> None:
        self.picture.setPixmap(theme.pixmap(icon, theme.colour("muted"), theme.spacing(10)))
        self.title.setText(title)
        self.text.setText(text)
        self.text.setVisible(bool(text))
        self.action.set_text(action)
        self.action.setVisible(bool(action))
        self._act = act

    def _clicked(self) -> None:
        if self._act is not None:
            self._act()


class Loading(QWidget):
    """Says that something is being read; shows itself only when it takes longer than a blink."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("loading")
        self.text = PlainLabel(parent=self, role="muted")
        self.text.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self.bar = QProgressBar(self)
        self.bar.setRange(0, 0)
        self.bar.setTextVisible(False)
        self.bar.setFixedWidth(theme.spacing(50))
        layout = QVBoxLayout(self)
        layout.addStretch(1)
        layout.addWidget(self.text)
        layout.addWidget(self.bar, 0, Qt.AlignmentFlag.AlignHCenter)
        layout.addStretch(1)

    def hold(self, text: str) -> None:
        """Say ``text`` and take the focus: else what is typed meanwhile presses a button nearby."""
        self.text.setText(text)
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.setFocus(Qt.FocusReason.OtherFocusReason)


class States(Pages):
    """Holds a content and shows it, or why it is not there."""

    LOADING_AFTER_MS = 200

    def __init__(self, content: QWidget, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.content, self.empty, self.loading = content, Empty(self), Loading(self)
        self.failed = Empty(self, name="failed")
        for page in (content, self.empty, self.loading, self.failed):
            self.addWidget(page)
        self._timer = QTimer(self, singleShot=True, interval=self.LOADING_AFTER_MS)
        self._timer.timeout.connect(lambda: self.setCurrentWidget(self.loading))

    def show_content(self) -> None:
        self._show(self.content)

    def show_loading(self, *, keep: bool = True) -> None:
        """Say that it is being read; ``keep`` leaves a content already shown where it is."""
        self.loading.text.setText(self.tr("Reading…"))
        if not (keep and self.currentWidget() is self.content):
            self._timer.start()

    def show_empty(
        self,
        title: str,
        text: str = "",
        *,
        icon: str = "empty",
        action: str = "",
        act: Callable[[], None] | None = None,
    ) -> None:
        self.empty.say(title, text, icon=icon, action=action, act=act)
        self._show(self.empty)

    def show_error(self, error: BaseException, retry: Callable[[], None] | None = None) -> bool:
        """Say what failed and offer to try again; always True (an ``on_error`` of Desk)."""
        action = self.tr("Try again") if retry else ""
        self.failed.say(
            self.tr("This could not be read"), sentence(error), icon="offline", action=action, act=retry
        )
        self._show(self.failed)
        return True

    def _show(self, page: QWidget) -> None:
        self._timer.stop()
        self.setCurrentWidget(page)
