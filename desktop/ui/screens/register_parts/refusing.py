"""Refusing to accept an incomplete package: which papers are missing, and why; then its receipt."""

import dataclasses

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QDialog, QFrame, QHBoxLayout, QPlainTextEdit, QScrollArea, QVBoxLayout, QWidget

from desktop.cases import registering
from desktop.errors import BadInput
from desktop.regulation.model import Paper
from desktop.ui import theme
from desktop.ui.messages import sentence
from desktop.ui.printing import PrintDialog
from desktop.ui.screens.register_parts.fields import Tick
from desktop.ui.widgets.form import Field
from desktop.ui.widgets.plain import Button, PlainLabel
from desktop.ui.widgets.tab_order import TabsByEye


class RefuseDialog(TabsByEye, QDialog):
    """Asks what is missing and the reason. ``refused(missing paper ids, reason)``; stays open until it went through."""

    refused = Signal(tuple, str)

    def __init__(
        self, language, papers: tuple[Paper, ...], brought: set[str], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setObjectName("refuse")
        self.setWindowTitle(self.tr("Refuse acceptance"))
        self.ticks: dict[str, Tick] = {}
        title = PlainLabel(self.tr("Refuse acceptance"), self, role="title", wrap=True)
        about = PlainLabel(
            self.tr("No case is opened. The applicant gets a receipt that names the missing papers."),
            self,
            wrap=True,
        )
        page = QWidget(self)
        page.setObjectName("page")
        lines = QVBoxLayout(page)
        lines.setContentsMargins(0, 0, theme.spacing(2), 0)
        lines.setSpacing(theme.spacing(2))
        for paper in papers:
            if not paper.required:
                continue
            tick = Tick(name=f"refuse.missing.{paper.id}", parent=page)
            tick.set_text(language.text(paper.title))
            tick.set_checked(paper.id not in brought)
            lines.addWidget(tick)
            self.ticks[paper.id] = tick
        lines.addStretch(1)
        scroll = QScrollArea(self)
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setWidget(page)
        scroll.setMinimumHeight(theme.spacing(36))
        self.reason = QPlainTextEdit(self)
        self.reason.setTabChangesFocus(True)
        self.reason.setMaximumHeight(theme.spacing(24))
        self.field = Field(self.reason, self.tr("Reason"), name="refuse.reason", parent=self)
        self.reason.textChanged.connect(lambda: self.field.set_problem(""))
        self.cancel = Button(self.tr("Cancel"), self, name="refuse.cancel")
        self.refuse = Button(
            self.tr("Refuse and print the receipt"),
            self,
            kind="danger",
            name="refuse.confirm",
            shortcut="Ctrl+Return",
        )
        self.cancel.clicked.connect(self.reject)
        self.refuse.clicked.connect(self._refuse)
        buttons = QHBoxLayout()
        buttons.addStretch(1)
        buttons.addWidget(self.cancel)
        buttons.addWidget(self.refuse)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(*[theme.spacing(6)] * 4)
        layout.setSpacing(theme.spacing(3))
        layout.addWidget(title)
        layout.addWidget(about)
        layout.addWidget(PlainLabel(self.tr("Missing papers"), self, role="label"))
        layout.addWidget(scroll, 1)
        layout.addWidget(self.field)
        layout.addLayout(buttons)
        self.resize(theme.spacing(150), theme.spacing(150))
        first = next(iter(self.ticks.values()), None)
        (first.box if first else self.reason).setFocus(Qt.FocusReason.OtherFocusReason)

    def missing(self) -> tuple[str, ...]:
        return tuple(paper for paper, tick in self.ticks.items() if tick.is_checked())

    def show_problem(self, text: str) -> None:
        self.field.set_problem(text)
        self.reason.setFocus(Qt.FocusReason.OtherFocusReason)

    def _refuse(self) -> None:
        self.refused.emit(self.missing(), self.reason.toPlainText())


class Refusing(QObject):
    """Joins the dialog and the form of the registration screen."""

    def __init__(self, screen) -> None:
        super().__init__(screen)
        self._screen, self._desk = screen, screen.desk
        self.dialog: RefuseDialog | None = None

    def ask(self) -> None:
        """Ask what is missing and refuse acceptance."""
        page = self._screen.page
        chosen = page.service.chosen()
        if chosen is None:
            return
        self.dialog = RefuseDialog(self._desk.language, chosen.papers, page.papers.brought(), self._screen)
        self.dialog.refused.connect(self._refuse)
        self.dialog.open()

    def _refuse(self, missing: tuple[str, ...], reason: str) -> None:
        application = self._screen.made().application
        inventory = tuple(
            dataclasses.replace(line, brought=False, sheets=0)
            if line.paper in missing
            else dataclasses.replace(line, brought=True)
            for line in application.inventory
        )
        self._desk.do(
            registering.refuse_acceptance,
            then=self._refused,
            on_error=self._not_refused,
            said=self.tr("Acceptance was refused; its receipt is ready"),
            application=dataclasses.replace(application, inventory=inventory),
            reason=reason,
            draw=self._desk.draw,
        )

    def _not_refused(self, error: BaseException) -> bool:
        if not isinstance(error, BadInput):
            return False
        if error.field == "reason":
            self.dialog.show_problem(sentence(error, self._desk.language))
            return True
        self.dialog.reject()
        return self._screen._show_at_fields((error,))

    def _refused(self, document_id: int) -> None:
        self.dialog.accept()
        self._screen._empty()
        PrintDialog.of_document(self._desk, document_id, self.tr("Refusal to accept"), self._screen).open()
