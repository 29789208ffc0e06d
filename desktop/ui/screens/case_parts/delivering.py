"""The result leaves the office: print it, save it, hand it over to whom, with which document."""

from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from desktop.errors import BadInput
from desktop.queries.rows import CaseCard, DocumentRow, OpenOutcome
from desktop.regulation.model import CENTRES, DocumentKind
from desktop.ui import case_words as words
from desktop.ui.screens.case_parts.part import ActPanel, Scrolling, column
from desktop.ui.widgets.flow import Flow
from desktop.ui.widgets.form import Field, Form, line_edit
from desktop.ui.widgets.plain import Button, PlainLabel
from desktop.ui.widgets.survey import SurveyPart

RESULTS = frozenset(
    {
        DocumentKind.LICENCE,
        DocumentKind.REFUSAL,
        DocumentKind.TERMINATION,
        DocumentKind.ATTESTATION,
        DocumentKind.NOTICE,
    }
)


def hand_over(store, actor, **facts) -> None:
    """Run the command; imported where it runs."""
    from desktop.cases.delivering import hand_over as hand

    hand(store, actor, **facts)


def result_of(card: CaseCard) -> DocumentRow | None:
    """Return the paper that ends the case, once it is signed or issued; a notice where there is no other."""
    found = [one for one in card.documents if one.kind in RESULTS and one.state in ("signed", "issued")]
    found.sort(key=lambda one: (one.kind is not DocumentKind.NOTICE, one.document_id))
    return found[-1] if found else None


class DeliverPanel(ActPanel):
    """Print, save, hand over."""

    print_asked = Signal(object)  # DocumentRow
    save_asked = Signal(object)

    def __init__(self, desk, act_on, parent=None) -> None:
        super().__init__(desk, act_on, parent)
        self._page = Scrolling(self)
        self.title = PlainLabel(parent=self, role="heading", wrap=True, name="case.result")
        self.printed = PlainLabel(parent=self, role="muted", wrap=True, name="case.printed")
        self.print = Button(parent=self, icon="print", name="case.print", shortcut="Ctrl+P")
        self.save = Button(parent=self, icon="save", name="case.save", shortcut="Ctrl+S")
        self.print.clicked.connect(lambda: self.print_asked.emit(result_of(self.card)))
        self.save.clicked.connect(lambda: self.save_asked.emit(result_of(self.card)))
        self.form = Form(self, columns=1)
        for key, name, needed in (
            ("receiver", "case.receiver", True),
            ("identity_document", "case.identity_document", True),
            ("power_of_attorney", "case.handed_power_of_attorney", False),
        ):
            field = self.form.add(key, Field(line_edit(limit=1000), name=name, required=needed))
            field.editor.textEdited.connect(self.changed)
            self.form.add_row(field)
        row = QWidget(self)
        buttons = Flow(row)
        buttons.addWidget(self.print)
        buttons.addWidget(self.save)
        self._page.column.addWidget(self.title)
        self._page.column.addWidget(self.printed)
        self._page.column.addWidget(row)
        self._page.column.addWidget(self.form)
        self.survey = SurveyPart(desk.language, self, name="case")
        self._page.column.addWidget(self.survey)
        self._page.column.addStretch(1)
        column(self).addWidget(self._page)

    def show_card(self, card: CaseCard) -> None:
        first = self.card is None or self.card.case_id != card.case_id
        super().show_card(card)
        self.survey.setVisible(not self._goes_to_centre())
        if first:
            self.survey.restore({})
        document = result_of(card)
        for button in (self.print, self.save):
            button.setVisible(document is not None)
        if document is not None:
            kind, number = words.document(document.kind), document.number
            self.title.setText(self.tr("{kind} No {number}").format(kind=kind, number=number))
            if document.printed_at is None:
                self.printed.setText(self.tr("Not printed yet"))
            else:
                printed = self.language.format_moment(document.printed_at)
                told = self.tr("printed {moment}, copies: {copies}")
                self.printed.setText(told.format(moment=printed, copies=document.copies))
        if first and not self._text("receiver"):
            given = card.representative or ("" if card.is_legal_entity else self.language.text(card.holder))
            self.form.field("receiver").editor.setText(given)
            if card.representative:
                self.form.field("power_of_attorney").editor.setText(card.power_of_attorney)

    def _goes_to_centre(self) -> bool:
        """The applicant is not here then: who hands it out there asks him."""
        return self.card.channel in CENTRES

    def _text(self, key: str) -> str:
        return self.form.field(key).editor.text().strip()

    def why_not(self, outcome: OpenOutcome) -> str:
        if result_of(self.card) is None:
            return self.tr("There is no signed result yet")
        if not self._text("receiver"):
            return self.tr("Write who receives the result")
        if not self._text("identity_document"):
            return self.tr("Write the identity document of the receiver")
        return ""

    def take(self, outcome: OpenOutcome) -> None:
        self.form.clear_problems()
        receiver = self._text("receiver")
        self.act_on(
            hand_over,
            said=self.tr("Handed over to {name}; the case is closed").format(name=receiver),
            outcome=outcome.id,
            receiver=receiver,
            identity_document=self._text("identity_document"),
            power_of_attorney=self._text("power_of_attorney"),
            survey={} if self._goes_to_centre() else self.survey.answers(),
        )

    def show_error(self, error: BaseException) -> bool:
        return isinstance(error, BadInput) and self.form.show_error(error)

    def typed(self) -> dict[str, Any]:
        typed = {key: self._text(key) for key in ("receiver", "identity_document", "power_of_attorney")}
        return typed if typed["identity_document"] else {}

    def restore(self, typed: dict[str, Any]) -> None:
        for key, text in typed.items():
            self.form.field(key).editor.setText(str(text))

    def retranslate(self) -> None:
        self.survey.retranslate()
        self.print.set_text(self.tr("Print…"))
        self.save.set_text(self.tr("Save as…"))
        self.form.field("receiver").set_label(self.tr("Handed over to"))
        self.form.field("identity_document").set_label(self.tr("Identity document: kind, number, date"))
        self.form.field("power_of_attorney").set_label(
            self.tr("Power of attorney, if a representative receives it")
        )
