"""The dialog in which another system is asked of a case, or what it said is recorded by hand."""

from pathlib import Path

from PySide6.QtWidgets import QDialog, QHBoxLayout, QVBoxLayout, QWidget

from desktop.errors import BadInput, Told
from desktop.queries.rows import CaseCard
from desktop.regulation.systems import SYSTEMS, Answer, Connection, Heard, Question, System, Way
from desktop.ui import asking_systems, exchange_words, theme
from desktop.ui.messages import say, sentence
from desktop.ui.screens.case_parts.part import Scrolling
from desktop.ui.screens.case_parts.visas import text_area
from desktop.ui.screens.register_parts.fields import Tick
from desktop.ui.widgets.file_picker import FilePicker
from desktop.ui.widgets.form import Field, Form, choice, line_edit
from desktop.ui.widgets.plain import Button, PlainLabel
from desktop.ui.widgets.tab_order import TabsByEye

_MOST_ASKED = max(len(about.asks) for about in SYSTEMS.values())
_MOST_TOLD = max(len(about.tells) for about in SYSTEMS.values())


def read_systems(store, actor, *, case_id: int):
    """Ask the query; imported where it runs."""
    from desktop.queries.exchange import case_systems

    return case_systems(store, actor, case_id=case_id)


def read_reach(store, actor) -> tuple[str, int, dict[System, Connection]]:
    """Ask the query; imported where it runs."""
    from desktop.queries.exchange import office_reach

    return office_reach(store, actor)


def record_answer(store, actor, *, print_out: str, **facts) -> int:
    """Run the command; imported where it runs."""
    from desktop.cases.systems import record_answer_of_system

    path = Path(print_out) if print_out else None
    return record_answer_of_system(store, actor, print_out=path, **facts)


class AskDialog(TabsByEye, QDialog):
    """Choose the system, fill the question in; asked over the network or answered by hand, it is kept with the case."""

    def __init__(self, desk, act_on, card: CaseCard, told, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.desk, self._act_on, self._card, self._told = desk, act_on, card, told
        self._reach: tuple[str, dict[System, Connection]] | None = None
        self._answer: Answer | None = None
        self.setObjectName("case.ask")
        self.setModal(True)
        self.setMinimumWidth(theme.spacing(140))
        self._build()
        self._lay_out()
        self.retranslate()
        first = System.GBD_UL if card.is_legal_entity else System.GBD_FL
        self.system.editor.setCurrentIndex(self.system.editor.findData(first))
        self._choose()
        desk.read(read_reach, then=self._hear_reach)

    def _build(self) -> None:
        asked_by_hand = [system for system in System if SYSTEMS[system].asks]
        self.title = PlainLabel(parent=self, role="title", wrap=True)
        self.form = Form(self, columns=2)
        self.system = self.form.add(
            "system", Field(choice([("", system) for system in asked_by_hand]), name="case.ask.system")
        )
        self.asked = [
            self.form.add(f"asked{number}", Field(line_edit(limit=300), name=f"case.ask.asked{number}"))
            for number in range(_MOST_ASKED)
        ]
        self.now = Button(parent=self, icon="link", name="case.ask.now")
        self.outcome = PlainLabel(parent=self, wrap=True, name="case.ask.outcome").make_selectable()
        self.heard = self.form.add(
            "heard", Field(choice([("", one) for one in Heard]), name="case.ask.heard")
        )
        self.number = self.form.add("number", Field(line_edit(limit=120), name="case.ask.number"))
        self.facts = [
            self.form.add(f"told{number}", Field(line_edit(limit=2000), name=f"case.ask.told{number}"))
            for number in range(_MOST_TOLD)
        ]
        self.note = self.form.add(
            "note", Field(text_area(name="case.ask.note", lines=2), name="case.ask.note")
        )
        self.file = FilePicker(
            "case.ask.file", "PDF, JPEG, PNG, TIFF (*.pdf *.jpg *.jpeg *.png *.tif *.tiff)"
        )
        self.print_out = self.form.add("files", Field(self.file, name="case.ask.print_out"))
        self.notify = Tick(name="case.ask.notify", parent=self)
        self.problem = PlainLabel(parent=self, wrap=True, name="case.ask.problem")
        theme.mark(self.problem, tone="late")
        self.problem.hide()
        self.keep = Button(parent=self, kind="primary", name="case.ask.keep", shortcut="Ctrl+Return")
        self.cancel = Button(parent=self, name="case.ask.cancel")
        self.system.editor.currentIndexChanged.connect(self._choose)
        self.heard.editor.currentIndexChanged.connect(self._show_state)
        for field in self.asked:
            field.editor.textEdited.connect(self._asked_anew)
        self.now.clicked.connect(self._ask)
        self.keep.clicked.connect(self._keep)
        self.cancel.clicked.connect(self.reject)

    def _lay_out(self) -> None:
        form = self.form
        form.add_row(self.system)
        form.add_row(*self.asked[:2])
        for field in self.asked[2:]:
            form.add_row(field)
        form.add_row(self.now)
        form.add_row(self.outcome)
        form.add_row(self.heard, self.number)
        for at in range(0, _MOST_TOLD, 2):
            form.add_row(*self.facts[at : at + 2])
        form.add_row(self.note)
        form.add_row(self.print_out)
        form.add_row(self.notify)
        buttons = QHBoxLayout()
        buttons.addStretch(1)
        buttons.addWidget(self.cancel)
        buttons.addWidget(self.keep)
        scrolling = Scrolling(self)
        scrolling.column.addWidget(form)
        scrolling.column.addStretch(1)
        scrolling.setMinimumHeight(theme.spacing(95))
        whole = QVBoxLayout(self)
        whole.setContentsMargins(*[theme.spacing(6)] * 4)
        whole.setSpacing(theme.spacing(3))
        whole.addWidget(self.title)
        whole.addWidget(scrolling, 1)
        whole.addWidget(self.problem)
        whole.addLayout(buttons)

    # what is asked

    def chosen(self) -> System:
        return System(self.system.editor.currentData())

    def _choose(self, *_: object) -> None:
        """Another system: its own fields, with what the case says filled in."""
        about = SYSTEMS[self.chosen()]
        for field, name in zip(self.asked, (*about.asks, *[""] * _MOST_ASKED), strict=False):
            field.setVisible(bool(name))
            field.set_label(exchange_words.field(name) if name else "")
            field.editor.setText(self._told.hints.get(name, ""))
        for field, name in zip(self.facts, (*about.tells, *[""] * _MOST_TOLD), strict=False):
            field.set_label(exchange_words.field(name) if name else "")
            field.editor.clear()
        self._asked_anew()

    def _asked_anew(self, *_: object) -> None:
        self._answer = None
        self._show_state()

    def _question(self) -> Question:
        names = SYSTEMS[self.chosen()].asks
        values = [(name, field.editor.text().strip()) for name, field in zip(names, self.asked, strict=False)]
        return Question(self.chosen(), tuple((name, value) for name, value in values if value))

    def _hear_reach(self, told: tuple[str, int, dict[System, Connection]]) -> None:
        self._reach = told[0], told[2]
        self._show_state()

    def _connection(self) -> Connection | None:
        found = self._reach[1].get(self.chosen()) if self._reach else None
        return found if found is not None and found.active else None

    def _ask(self) -> None:
        connection = self._connection()
        if connection is None or self._reach is None:
            return
        self.outcome.setText(self.tr("Asking…"))
        self.outcome.show()
        self.desk.systems(
            asking_systems.ask_system,
            connection=connection,
            question=self._question(),
            office_bin=self._reach[0],
            then=self._hear,
            on_error=self._show_error,
            latest="ask",
        )

    def _hear(self, answer: Answer) -> None:
        if answer.question == self._question():
            self._answer = answer
            self._show_state()

    # what is shown

    def _show_state(self, *_: object) -> None:
        by_hand = self._answer is None
        connected = self._connection() is not None
        self.now.setVisible(connected)
        self.outcome.setVisible(not by_hand)
        if self._answer is not None:
            self.outcome.setText(self._said(self._answer))
        heard = self._heard()
        about = SYSTEMS[self.chosen()]
        for field in (self.heard, self.number, self.print_out):
            field.setVisible(by_hand)
        for number, field in enumerate(self.facts):
            field.setVisible(by_hand and heard is Heard.ANSWERED and number < len(about.tells))
        self.notify.setVisible(heard is Heard.NO_DATA and self._told.notice is not None)

    def _said(self, answer: Answer) -> str:
        told = exchange_words.heard(answer.heard)
        if answer.reason:
            return f"{told}. {say(answer.reason, {}, self.desk.language)}"
        facts = "; ".join(f"{exchange_words.field(name)}: {value}" for name, value in answer.told)
        return f"{told}. {facts}" if facts else told

    def _heard(self) -> Heard:
        return self._answer.heard if self._answer is not None else Heard(self.heard.editor.currentData())

    # keeping

    def _keep(self) -> None:
        self.form.clear_problems()
        self.problem.hide()
        answer = self._answer or self._by_hand()
        by_hand = answer.way is Way.BY_HAND
        self._act_on(
            record_answer,
            said=self.tr("Kept with the case"),
            then=lambda _: self.accept(),
            on_error=self._show_error,
            stays=True,
            answer=answer,
            note=self.note.editor.toPlainText(),
            print_out=self.file.text() if by_hand else "",
            notify=answer.heard is Heard.NO_DATA
            and self._told.notice is not None
            and self.notify.is_checked(),
            draw=self.desk.draw,
        )

    def _by_hand(self) -> Answer:
        heard = self._heard()
        told = tuple(
            (name, field.editor.text().strip())
            for name, field in zip(SYSTEMS[self.chosen()].tells, self.facts, strict=False)
            if heard is Heard.ANSWERED and field.editor.text().strip()
        )
        return Answer(
            self._question(), heard, Way.BY_HAND, told=told, number=self.number.editor.text().strip()
        )

    def _show_error(self, error: BaseException) -> bool:
        asked = SYSTEMS[self.chosen()].asks
        if isinstance(error, BadInput) and error.field in asked:
            self.asked[asked.index(error.field)].set_problem(sentence(error, self.desk.language))
            return True
        if self.form.show_error(error):
            return True
        if isinstance(error, Told):
            self.problem.setText(sentence(error, self.desk.language))
            self.problem.show()
            return True
        return False

    def retranslate(self) -> None:
        self.title.setText(self.tr("What another system says of the case"))
        self.setWindowTitle(self.title.text())
        self.system.set_label(self.tr("System"))
        editor = self.system.editor
        for index in range(editor.count()):
            editor.setItemText(index, exchange_words.system(editor.itemData(index), self.desk.language))
        self.heard.set_label(self.tr("Its answer"))
        for index, one in enumerate(Heard):
            self.heard.editor.setItemText(index, exchange_words.heard(one))
        self.now.set_text(self.tr("Ask it now"))
        self.number.set_label(self.tr("Number of the answer"))
        self.note.set_label(self.tr("Note: where and how it was seen"))
        self.print_out.set_label(self.tr("Print-out of the answer"))
        self.file.retranslate(self.tr("Print-out of the answer"))
        if self._told.notice is not None:
            heading = self.desk.language.text(self._told.notice)
            self.notify.set_text(
                self.tr("Draw the notice the regulation names: {heading}").format(heading=heading)
            )
        self.keep.set_text(self.tr("Keep with the case"))
        self.cancel.set_text(self.tr("Cancel"))
