"""The bar that says what happened: in the office's words, without a dialog, with at most one thing to do."""

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QFrame, QHBoxLayout, QWidget

from desktop.ui import theme
from desktop.ui.messages import Notice
from desktop.ui.widgets.plain import Button, IconButton, PlainLabel

_TONES = {"done": "done", "info": "accent", "refused": "soon", "failed": "late", "waiting": "soon"}
_ICONS = {"done": "done", "info": "info", "refused": "soon", "failed": "late", "waiting": "clock"}


class NoticeBar(QFrame):
    """Shows the newest notice. What went well leaves by itself; what did not stays until it is closed.

    What is not known yet cannot be closed: it comes back after any other notice until it is found out.
    """

    LEAVES_AFTER_MS = 6000

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("notice")
        self._notice: Notice | None = None
        self._waiting: Notice | None = None
        self._picture = PlainLabel(parent=self)
        self.text = PlainLabel(parent=self, wrap=True, name="notice.text")
        self.text.make_selectable()
        self.action = Button(parent=self, name="notice.action")
        self.action.clicked.connect(self._clicked)
        self.closer = IconButton("cross", parent=self, name="notice.close")
        self.closer.clicked.connect(self._leave)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(theme.spacing(4), theme.spacing(2), theme.spacing(2), theme.spacing(2))
        layout.setSpacing(theme.spacing(3))
        layout.addWidget(self._picture)
        layout.addWidget(self.text, 1)
        layout.addWidget(self.action)
        layout.addWidget(self.closer)
        self._timer = QTimer(self, singleShot=True, interval=self.LEAVES_AFTER_MS)
        self._timer.timeout.connect(self._leave)
        self.hide()

    def show_notice(self, notice: Notice) -> None:
        self._notice = notice
        if notice.kind == "waiting":
            self._waiting = notice
        self.closer.setVisible(notice.kind != "waiting")
        tone = _TONES[notice.kind]
        theme.mark(self, notice=tone)
        self._picture.setPixmap(theme.pixmap(_ICONS[notice.kind], theme.colour(tone), theme.spacing(5)))
        self.text.setText(notice.text)
        self.setAccessibleName(notice.text)
        self.action.set_text(notice.action)
        self.action.setVisible(bool(notice.action))
        self.closer.set_text(self.tr("Close"))
        self.show()
        self._timer.start() if notice.kind in ("done", "info") else self._timer.stop()

    def found_out(self) -> None:
        """Nothing is unknown any more; what has come of it is told by its own notice."""
        was, self._waiting = self._waiting, None
        if was is not None and self._notice is was:
            self.hide()

    def overtaken(self) -> None:
        """What was refused has been done since: "nothing was saved" is not true any more."""
        if self._notice is not None and self._notice.kind == "refused":
            self._leave()

    def server_is_away(self, away: bool) -> None:
        """The banner says it now; what offers to try again stays."""
        if (
            away
            and self._notice is not None
            and self._notice.code == "database-gone"
            and not self._notice.action
        ):
            self._leave()

    def _leave(self) -> None:
        self.hide()
        if self._waiting is not None and self._notice is not self._waiting:
            self.show_notice(self._waiting)

    def _clicked(self) -> None:
        if self._notice is not None and self._notice.kind != "waiting":
            self.hide()
        if self._notice is not None and self._notice.act is not None:
            self._notice.act()
