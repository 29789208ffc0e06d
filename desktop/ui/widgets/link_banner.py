"""Over everything while the database cannot be reached: calm, what is kept, when it is tried again."""

from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QWidget

from desktop.ui import theme
from desktop.ui.widgets.plain import Button, PlainLabel


class LinkBanner(QFrame):
    """Hidden while all is well."""

    def __init__(self, link, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._link = link
        self.setObjectName("link")
        theme.mark(self, notice="soon")
        self._picture = PlainLabel(parent=self)
        self.text = PlainLabel(parent=self, wrap=True, name="link.text")
        self.action = Button(parent=self, name="link.retry")
        self.action.clicked.connect(link.retry)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(theme.spacing(4), theme.spacing(1), theme.spacing(2), theme.spacing(1))
        layout.setSpacing(theme.spacing(3))
        layout.addWidget(self._picture)
        layout.addWidget(self.text, 1)
        layout.addWidget(self.action)
        link.away_changed.connect(self._show)
        link.ticked.connect(self._say)
        self.hide()

    def _show(self, away: bool) -> None:
        self._say()
        self.setVisible(away)

    def _say(self) -> None:
        self._picture.setPixmap(theme.pixmap("offline", theme.colour("soon"), theme.spacing(5)))
        left = self._link.seconds_left
        kept = self.tr("No connection with the server. What you type is kept.")
        soon = self.tr("Trying again in {seconds} s").format(seconds=left) if left else self.tr("Trying…")
        self.text.setText(f"{kept} {soon}")
        self.setAccessibleName(kept)
        self.action.set_text(self.tr("Try now"))

    def changeEvent(self, event) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self._say()
