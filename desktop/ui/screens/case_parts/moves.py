"""The office's own moves: each says what it will cause and takes a reason before it is done."""

from collections.abc import Callable
from typing import Any

from PySide6.QtWidgets import QDialog, QHBoxLayout, QVBoxLayout, QWidget

from desktop.errors import BadInput, Told
from desktop.queries.rows import CaseCard, PersonRow
from desktop.regulation.model import Role
from desktop.ui import case_words as words
from desktop.ui import theme
from desktop.ui.messages import sentence
from desktop.ui.screens.case_parts.part import Scrolling
from desktop.ui.screens.case_parts.visas import read_assignees, text_area
from desktop.ui.widgets.form import Field, Form, choice
from desktop.ui.widgets.plain import Button, PlainLabel
from desktop.ui.widgets.tab_order import TabsByEye


def return_for_rework(store, actor, **facts) -> None:
    """Run the command; imported where it runs."""
    from desktop.cases import routing

    routing.return_for_rework(store, actor, **facts)


def withdraw(store, actor, **facts) -> None:
    """Run the command; imported where it runs."""
    from desktop.cases import routing

    routing.withdraw(store, actor, **facts)


def reassign(store, actor, **facts) -> None:
    """Run the command; imported where it runs."""
    from desktop.cases import routing

    routing.reassign(store, actor, **facts)


class MoveDialog(TabsByEye, QDialog):
    """What the move causes, its fields, the reason. Errors stay here, and so does what was typed."""

    command: Callable[..., None]
    danger = False

    def __init__(self, desk, act_on, card: CaseCard, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.desk, self.act_on, self.card = desk, act_on, card
        self.setObjectName("case.move")
        self.setModal(True)
        self.setMinimumWidth(theme.spacing(130))
        self.title = PlainLabel(parent=self, role="title", wrap=True)
        self.causes = PlainLabel(parent=self, wrap=True, name="case.move.causes")
        self.form = Form(self, columns=1)
        self.reason = self.form.add(
            "reason",
            Field(text_area(name="case.move.reason", lines=3), name="case.move.reason", required=True),
        )
        self.problem = PlainLabel(parent=self, wrap=True, name="case.move.problem")
        theme.mark(self.problem, tone="late")
        self.problem.hide()
        self.do = Button(
            parent=self,
            kind="danger" if self.danger else "primary",
            name="case.move.do",
            shortcut="Ctrl+Return",
        )
        self.cancel = Button(parent=self, name="case.move.cancel")
        self.do.clicked.connect(self._do)
        self.cancel.clicked.connect(self.reject)
        self.add_fields()
        self.form.add_row(self.reason)
        self._lay_out()
        self.retranslate()

    def _lay_out(self) -> None:
        buttons = QHBoxLayout()
        buttons.addStretch(1)
        buttons.addWidget(self.cancel)
        buttons.addWidget(self.do)
        scrolling = Scrolling(self)
        scrolling.column.addWidget(self.form)
        scrolling.column.addStretch(1)
        scrolling.setMinimumHeight(min(self.form.sizeHint().height() + theme.spacing(8), theme.spacing(90)))
        whole = QVBoxLayout(self)
        whole.setContentsMargins(*[theme.spacing(6)] * 4)
        whole.setSpacing(theme.spacing(3))
        for widget in (self.title, self.causes):
            whole.addWidget(widget)
        whole.addWidget(scrolling, 1)
        whole.addWidget(self.problem)
        whole.addLayout(buttons)

    def add_fields(self) -> None:
        """Add what the move needs besides the reason."""

    def facts(self) -> dict[str, Any]:
        """Return what the command needs besides the reason."""
        return {}

    def said(self) -> str:
        """Return what the notice says afterwards."""
        return ""

    def retranslate(self) -> None:
        self.setWindowTitle(self.title.text())
        self.reason.set_label(self.tr("Reason (goes into the history)"))
        self.cancel.set_text(self.tr("Cancel"))

    def _do(self) -> None:
        self.form.clear_problems()
        self.problem.hide()
        reason = self.reason.editor.toPlainText()
        if not reason.strip():
            self.reason.set_problem(self.tr("Write the reason"))
            self.reason.editor.setFocus()
            return
        self.act_on(
            type(self).command,
            said=self.said(),
            then=lambda _: self.accept(),
            on_error=self._show_error,
            reason=reason,
            **self.facts(),
        )

    def _show_error(self, error: BaseException) -> bool:
        if isinstance(error, BadInput) and self.form.show_error(error):
            return True
        if not isinstance(error, Told):
            return False
        self.problem.setText(sentence(error, self.desk.language))
        self.problem.show()
        return True


class ReturnDialog(MoveDialog):
    command = staticmethod(return_for_rework)

    def said(self) -> str:
        return self.tr("Returned for rework")

    def retranslate(self) -> None:
        self.title.setText(self.tr("Return for rework"))
        self.causes.setText(
            self.tr(
                "The draft is set aside and the case goes back to be drafted anew. Its number stays reserved. "
                "The term of the whole service runs on."
            )
        )
        self.do.set_text(self.tr("Return for rework"))
        super().retranslate()


class WithdrawDialog(MoveDialog):
    command = staticmethod(withdraw)
    danger = True

    def said(self) -> str:
        return self.tr("Withdrawn at the applicant's wish; the case is closed")

    def retranslate(self) -> None:
        self.title.setText(self.tr("Withdraw at the applicant's wish"))
        self.causes.setText(
            self.tr(
                "The case closes for good without a result. Numbers reserved for a draft are voided. "
                "The applicant would have to apply anew."
            )
        )
        self.do.set_text(self.tr("Withdraw and close the case"))
        super().retranslate()


class ReassignDialog(MoveDialog):
    """Gives the case to another person of the role that works on it."""

    command = staticmethod(reassign)

    def add_fields(self) -> None:
        roles = [role for role, _ in self.card.assignees] or [Role.EXECUTOR]
        self.role = self.form.add(
            "role", Field(choice([(words.role(role), role) for role in roles]), name="case.move.role")
        )
        self.person = self.form.add("person_id", Field(choice(), name="case.move.person", required=True))
        self.role.setVisible(len(roles) > 1)
        self.role.editor.currentIndexChanged.connect(lambda _: self._read_people())
        self.form.add_row(self.role)
        self.form.add_row(self.person)
        self._read_people()

    def _role(self) -> Role:
        return Role(self.role.editor.currentData())  # Qt hands back a plain text

    def _read_people(self) -> None:
        role = self._role()
        self.desk.read(read_assignees, then=self._show_people, latest="people", role=role)

    def _show_people(self, people: tuple[PersonRow, ...]) -> None:
        language = self.desk.language
        now = dict(self.card.assignees).get(self._role())
        self.person.editor.clear()
        for person in people:
            if person.name == now:
                continue
            load = self.tr("%n open case(s)", "", person.open_cases)
            self.person.editor.addItem(f"{language.text(person.name)} · {load}", person.person_id)

    def facts(self) -> dict[str, Any]:
        return {"role": self._role(), "person_id": self.person.editor.currentData() or 0}

    def said(self) -> str:
        name = self.person.editor.currentText().partition(" · ")[0]
        return self.tr("The case was given to {name}").format(name=name)

    def retranslate(self) -> None:
        self.title.setText(self.tr("Give the case to another person"))
        self.causes.setText(
            self.tr("The case leaves one desk for another. The step and its term do not change.")
        )
        self.role.set_label(self.tr("Role"))
        self.person.set_label(self.tr("Who works on it from now on"))
        self.do.set_text(self.tr("Give the case"))
        super().retranslate()
