"""What the clerk tells the applicant after registering: number, time, dates; and the receipt to print."""

from datetime import datetime

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from desktop.cases.registering import Registered
from desktop.ui import theme
from desktop.ui.widgets.plain import Button, PlainLabel


class DonePanel(QWidget):
    """Takes the form's place until the next application."""

    print_asked = Signal()
    open_asked = Signal()
    next_asked = Signal()

    def __init__(self, language, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._language = language
        self._registered: Registered | None = None
        self._received_at: datetime | None = None
        self.setObjectName("register.done")
        card = QFrame(self)
        card.setProperty("role", "card")
        self.title = PlainLabel(parent=card, role="heading", wrap=True)
        self.number = PlainLabel(
            parent=card, role="display", wrap=True, name="register.done.number"
        ).make_selectable()
        self.heads = [PlainLabel(parent=card, role="label") for _ in range(3)]
        self.received = PlainLabel(parent=card, wrap=True, name="register.done.received")
        self.due = PlainLabel(parent=card, role="number", wrap=True, name="register.done.due")
        self.hand_over = PlainLabel(parent=card, role="number", wrap=True, name="register.done.hand_over")
        grid = QGridLayout()
        grid.setHorizontalSpacing(theme.spacing(4))
        grid.setVerticalSpacing(theme.spacing(2))
        for row, (head, value) in enumerate(
            zip(self.heads, (self.received, self.due, self.hand_over), strict=True)
        ):
            grid.addWidget(head, row, 0, Qt.AlignmentFlag.AlignTop)
            grid.addWidget(value, row, 1)
        grid.setColumnStretch(1, 1)
        self.print = Button(
            parent=card, kind="primary", icon="print", name="register.done.print", shortcut="Ctrl+Return"
        )
        self.open = Button(parent=card, name="register.done.open", shortcut="Ctrl+Shift+O")
        self.next = Button(parent=card, icon="add", name="register.done.next", shortcut="Ctrl+N")
        buttons = QHBoxLayout()
        buttons.setSpacing(theme.spacing(2))
        for button, signal in (
            (self.print, self.print_asked),
            (self.open, self.open_asked),
            (self.next, self.next_asked),
        ):
            buttons.addWidget(button)
            button.clicked.connect(signal)
        buttons.addStretch(1)
        inside = QVBoxLayout(card)
        inside.setContentsMargins(*[theme.spacing(6)] * 4)
        inside.setSpacing(theme.spacing(4))
        inside.addWidget(self.title)
        inside.addWidget(self.number)
        inside.addLayout(grid)
        inside.addLayout(buttons)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(*[theme.spacing(6)] * 4)
        layout.addWidget(card)
        layout.addStretch(1)
        self.retranslate()

    @property
    def registered(self) -> Registered | None:
        return self._registered

    def show_registered(self, registered: Registered) -> None:
        self._registered, self._received_at = registered, None
        self._show()
        self.print.setFocus(Qt.FocusReason.OtherFocusReason)

    def show_received(self, received_at: datetime) -> None:
        self._received_at = received_at
        self._show()

    def _show(self) -> None:
        made = self._registered
        if made is None:
            return
        self.number.setText(made.number)
        self.received.setText(self._language.format_moment(self._received_at))
        self.due.setText(self._language.format_moment(made.due_at))
        self.hand_over.setText(self._language.format_moment(made.hand_over_by))
        for widget in (self.heads[2], self.hand_over):
            widget.setVisible(made.hand_over_by is not None)

    def retranslate(self) -> None:
        self.title.setText(self.tr("The application is registered"))
        self.number.setAccessibleName(self.tr("Incoming number"))
        for head, text in zip(
            self.heads,
            (self.tr("Received"), self.tr("Answer due by"), self.tr("At the State corporation by")),
            strict=True,
        ):
            head.setText(text)
        self.print.set_text(self.tr("Print the receipt"))
        self.open.set_text(self.tr("Open the case"))
        self.next.set_text(self.tr("Next application"))
        self._show()
