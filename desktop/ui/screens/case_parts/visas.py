"""The visa: choose who does the next step (ASSIGN), or send on without choosing anybody (APPROVE)."""

from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QButtonGroup, QPlainTextEdit, QVBoxLayout

from desktop.queries.rows import CaseCard, OpenOutcome, PersonRow
from desktop.regulation.model import Role
from desktop.ui import case_words as words
from desktop.ui import theme
from desktop.ui.screens.case_parts.part import ActPanel, Scrolling, column
from desktop.ui.widgets.form import Field
from desktop.ui.widgets.plain import ChoiceButton, PlainLabel


def assign(store, actor, **facts) -> None:
    """Run the command; imported where it runs."""
    from desktop.cases.routing import assign as put_visa

    put_visa(store, actor, **facts)


def approve(store, actor, **facts) -> None:
    """Run the command; imported where it runs."""
    from desktop.cases.routing import approve as agree

    agree(store, actor, **facts)


def read_assignees(store, actor, *, role: Role) -> tuple[PersonRow, ...]:
    """Ask the query; imported where it runs."""
    from desktop.queries.office import assignees

    return assignees(store, actor, role)


def text_area(*, name: str, lines: int = 2) -> QPlainTextEdit:
    """Return a plain editor of a few lines in which Tab goes on."""
    editor = QPlainTextEdit()
    editor.setObjectName(name)
    editor.setTabChangesFocus(True)
    editor.setFixedHeight(theme.spacing(5) * lines + theme.spacing(4))
    return editor


class AssignPanel(ActPanel):
    """The people who may do the next step, each with what lies on his desk; the least burdened first."""

    def __init__(self, desk, act_on, parent=None, *, read=read_assignees) -> None:
        super().__init__(desk, act_on, parent)
        self._read = read
        self._role: Role | None = None
        self._people: tuple[PersonRow, ...] = ()
        self._wanted = 0
        self._page = Scrolling(self)
        self.title = PlainLabel(parent=self, role="heading", wrap=True)
        self.problem = PlainLabel(parent=self, role="small", wrap=True, name="case.person.problem")
        self._group = QButtonGroup(self)
        self._group.idClicked.connect(lambda _: self.changed.emit())
        self._list = QVBoxLayout()
        self._list.setSpacing(theme.spacing(2))
        self.note = Field(text_area(name="case.visa_note"), name="case.visa_note", parent=self)
        self._page.column.addWidget(self.title)
        self._page.column.addLayout(self._list)
        self._page.column.addWidget(self.problem)
        self._page.column.addWidget(self.note)
        self._page.column.addStretch(1)
        column(self).addWidget(self._page)
        theme.mark(self.problem, tone="late")
        self.problem.hide()

    def show_card(self, card: CaseCard) -> None:
        super().show_card(card)
        role = next((item.assigns for item in card.outcomes if item.assigns is not None), None)
        if role is not None:
            self.title.setText(self.tr("Who does the next step: {role}").format(role=words.role(role)))
            self._role = role
            self.desk.read(self._read, then=self._show_people, latest="assignees", role=role)

    def _show_people(self, people: tuple[PersonRow, ...]) -> None:
        wanted = self.person_id()
        self._people = people
        for button in self._group.buttons():
            self._group.removeButton(button)
            self._list.removeWidget(button)
            button.deleteLater()
        for person in people:
            button = ChoiceButton(self, name=f"case.person.{person.person_id}")
            load = self.tr("%n open case(s)", "", person.open_cases)
            name, position = self.language.text(person.name), self.language.text(person.position)
            button.set_words(name, f"{position} · {load}" if position else load)
            self._group.addButton(button, person.person_id)
            self._list.addWidget(button)
            if person.person_id == wanted:
                button.setChecked(True)
        if len(people) == 1:
            self._group.buttons()[0].setChecked(True)
        self.problem.setText(
            "" if people else self.tr("Nobody has this role. The administrator can give it.")
        )
        self.problem.setVisible(not people)
        if self.note.editor.hasFocus() and not self.note.editor.toPlainText():
            self.focus_first()  # the keys came here before there was anybody to choose
        self.changed.emit()

    def person_id(self) -> int:
        """Return who is chosen, 0 for nobody."""
        return max(self._group.checkedId(), 0) or self._wanted

    def why_not(self, outcome: OpenOutcome) -> str:
        if outcome.assigns is not None and self._group.checkedId() < 0:
            return self.tr("Choose who does the next step")
        return ""

    def take(self, outcome: OpenOutcome) -> None:
        if outcome.assigns is None:
            self.act_on(approve, said=self.tr("The case was sent on"), outcome=outcome.id)
            return
        chosen = self._group.checkedId()
        name = next((self.language.text(one.name) for one in self._people if one.person_id == chosen), "")
        said = self.tr("Visa put, the case was sent to {name}").format(name=name)
        note = self.note.editor.toPlainText()
        self.act_on(assign, said=said, outcome=outcome.id, person_id=chosen, note=note)

    def typed(self) -> dict[str, Any]:
        chosen, note = self._group.checkedId(), self.note.editor.toPlainText()
        return {"person_id": chosen, "note": note} if note else {}

    def restore(self, typed: dict[str, Any]) -> None:
        self.note.editor.setPlainText(str(typed.get("note", "")))
        self._wanted = max(int(typed.get("person_id", 0)), 0)

    def show_error(self, error: BaseException) -> bool:
        if getattr(error, "field", "") != "person_id":
            return False
        from desktop.ui.messages import sentence

        self.problem.setText(sentence(error, self.language))
        self.problem.show()
        self.desk.read(self._read, then=self._show_people, latest="assignees", role=self._role)
        return True

    def retranslate(self) -> None:
        self.note.set_label(self.tr("Instruction (goes into the history)"))

    def focus_first(self) -> None:
        """Put the keys on who is chosen already, else on the first."""
        buttons = self._group.buttons()
        if buttons:
            (self._group.checkedButton() or buttons[0]).setFocus(Qt.FocusReason.TabFocusReason)


class ApprovePanel(ActPanel):
    """Nothing to choose: read the papers, agree."""

    def __init__(self, desk, act_on, parent=None) -> None:
        super().__init__(desk, act_on, parent)
        self.text = PlainLabel(parent=self, wrap=True)
        whole = column(self)
        whole.addWidget(self.text)
        whole.addStretch(1)

    def show_card(self, card: CaseCard) -> None:
        super().show_card(card)
        if sum(item.open for item in card.outcomes) > 1:
            self.text.setText(self.tr("Look through the papers, then choose below which way the case goes."))
        else:
            self.text.setText(
                self.tr("Look through the papers, then agree: the case goes on to the next step.")
            )

    def take(self, outcome: OpenOutcome) -> None:
        self.act_on(approve, said=self.tr("The case was sent on"), outcome=outcome.id)

    def retranslate(self) -> None:
        if self.card is not None:
            self.show_card(self.card)
