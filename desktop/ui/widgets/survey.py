"""The survey of quality and availability beside a hand-over: two questions of the act, each may stay unanswered."""

from PySide6.QtWidgets import QComboBox, QVBoxLayout, QWidget

from desktop.regulation.survey import survey
from desktop.ui import theme
from desktop.ui.widgets.form import Field, choice
from desktop.ui.widgets.plain import PlainLabel


class SurveyPart(QWidget):
    """What the applicant answers, if he likes to."""

    def __init__(self, language, parent: QWidget | None = None, *, name: str) -> None:
        super().__init__(parent)
        self._language = language
        self.heading = PlainLabel(parent=self, role="heading", wrap=True, name=f"{name}.survey")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, theme.spacing(2), 0, 0)
        layout.setSpacing(theme.spacing(2))
        layout.addWidget(self.heading)
        self._fields: dict[str, Field] = {}
        for question in survey().questions:
            field = self._fields[question] = Field(choice(), name=f"{name}.survey.{question}")
            layout.addWidget(field)

    def editor(self, question: str) -> QComboBox:
        return self._fields[question].editor

    def answers(self) -> dict[str, str]:
        """Return what was answered, by question."""
        given = {question: field.editor.currentData() for question, field in self._fields.items()}
        return {question: answer for question, answer in given.items() if answer}

    def restore(self, answers: dict[str, str]) -> None:
        """Show these answers; questions that are not among them are unanswered."""
        for question, field in self._fields.items():
            field.editor.setCurrentIndex(max(0, field.editor.findData(answers.get(question, ""))))

    def retranslate(self) -> None:
        self.heading.setText(self.tr("What the applicant thinks of it (may be left out)"))
        given = self.answers()
        for question, words in survey().questions.items():
            field = self._fields[question]
            field.set_label(self._language.text(words))
            field.editor.clear()
            field.editor.addItem(self.tr("not asked"), "")
            for answer, told in survey().answers.items():
                field.editor.addItem(self._language.text(told), answer.value)
        self.restore(given)
