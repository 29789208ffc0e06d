"""What has been made of the case so far: requests, examined requirements, documents, and its history."""

from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QWidget

from desktop.queries.rows import CaseCard, DocumentRow, RequestRow
from desktop.ui import case_words as words
from desktop.ui import journal_sentences
from desktop.ui.screens.case_parts.part import Part, Scrolling, clear, column
from desktop.ui.widgets.chip import Chip
from desktop.ui.widgets.empty import Empty
from desktop.ui.widgets.flow import Flow
from desktop.ui.widgets.plain import Button, PlainLabel

STATE_TONES = {"draft": "paused", "issued": "done", "signed": "done", "replaced": "calm"}
_REQUIREMENT_TONES = {"met": "done", "unmet": "late", "not_applicable": "paused"}


class Records(Part):
    """A scrolling list of cards, or one sentence when there is none."""

    def __init__(self, desk, parent: QWidget | None = None) -> None:
        super().__init__(desk, parent)
        self._page = Scrolling(self)
        self._empty = Empty(self)
        whole = column(self)
        whole.addWidget(self._page)
        whole.addWidget(self._empty)

    def _begin(self, some: bool, sentence: str) -> None:
        clear(self._page.column)
        self._page.setVisible(some)
        self._empty.setVisible(not some)
        self._empty.say(sentence)

    def _card(self, name: str) -> QFrame:
        card = QFrame(self)
        card.setProperty("role", "choice")
        card.setObjectName(name)
        column(card, margins=2, gap=1)
        self._page.column.addWidget(card)
        return card

    def _line(self, card: QFrame, text: str, *, role: str = "", name: str = "") -> None:
        if text:
            label = PlainLabel(text, card, role=role, wrap=True, name=name).make_selectable()
            card.layout().addWidget(label)

    def _end(self) -> None:
        self._page.column.addStretch(1)


class RequestsPart(Records):
    """What other authorities were asked, and what they answered."""

    def show_card(self, card: CaseCard) -> None:
        super().show_card(card)
        self._begin(bool(card.requests), self.tr("Nobody was asked yet"))
        for request in card.requests:
            self._show(request)
        self._end()

    def _show(self, request: RequestRow) -> None:
        card, language = self._card(f"case.request.{request.request_id}"), self.language
        self._line(card, self.tr("Request No {number}").format(number=request.number), role="number")
        self._line(card, language.text(request.addressee))
        sent, due = language.format_moment(request.sent_at), language.format_moment(request.due_at)
        self._line(card, self.tr("Sent {sent}, answer due {due}").format(sent=sent, due=due), role="muted")
        if request.answer is None:
            self._line(card, self.tr("No answer yet"), role="muted")
            return
        told = self.tr("Answer: {answer}").format(answer=words.answer(request.answer))
        if request.answer_number:
            letter = self.tr("letter No {number} of {day}").format(
                number=request.answer_number, day=language.format_short(request.answer_date)
            )
            told = f"{told} ({letter})"
        self._line(card, told)
        self._line(card, request.answer_note, role="muted")


class RequirementsPart(Records):
    """The qualification requirements as they were examined."""

    def show_card(self, card: CaseCard) -> None:
        super().show_card(card)
        examined = [row for row in card.requirements if row.verdict]
        self._begin(bool(examined), self.tr("The requirements were not examined yet"))
        for row in examined:
            shown = self._card(f"case.requirement.{row.requirement.id}")
            self._line(shown, self.language.text(row.requirement.title))
            chip = Chip(parent=shown)
            chip.show_state(words.verdict(row.verdict), _REQUIREMENT_TONES.get(row.verdict, "calm"))
            shown.layout().addWidget(chip, 0, Qt.AlignmentFlag.AlignLeft)
            self._line(shown, row.note, role="muted")
        self._end()


class DocumentsPart(Records):
    """The papers the office has drawn for the case; the newest first."""

    document_chosen = Signal(object)  # DocumentRow
    print_asked = Signal(object)
    save_asked = Signal(object)

    def show_card(self, card: CaseCard) -> None:
        super().show_card(card)
        self._begin(bool(card.documents), self.tr("No paper was drawn yet"))
        for document in reversed(card.documents):
            self._show(document)
        self._end()

    def _show(self, document: DocumentRow) -> None:
        name = f"case.document.{document.document_id}"
        card = self._card(name)
        title = self.tr("{kind} No {number}").format(
            kind=words.document(document.kind), number=document.number
        )
        first = QHBoxLayout()
        heading = PlainLabel(title, card, role="number", wrap=True)
        chip = Chip(parent=card)
        chip.show_state(words.document_state(document.state), STATE_TONES.get(document.state, "calm"))
        first.addWidget(heading, 1)
        first.addWidget(chip, 0, Qt.AlignmentFlag.AlignTop)
        card.layout().addLayout(first)
        self._line(card, " · ".join(self._facts(document)), role="small")
        row = QWidget(card)
        buttons = Flow(row, gap=1)
        for word, signal, tail in (
            (self.tr("Show"), self.document_chosen, "show"),
            (self.tr("Save as…"), self.save_asked, "save"),
            (self.tr("Print…"), self.print_asked, "print"),
        ):
            if tail != "show" and document.state not in ("issued", "signed"):
                continue
            button = Button(word, row, kind="quiet", name=f"{name}.{tail}")
            button.setAccessibleDescription(title)
            button.clicked.connect(partial(_emit, signal, document))
            buttons.addWidget(button)
        card.layout().addWidget(row)

    def _facts(self, document: DocumentRow) -> list[str]:
        language = self.language
        facts = [language.format_date(document.dated)]
        if document.signed_at is not None:
            facts.append(
                self.tr("signed by {name}, {moment}").format(
                    name=language.text(document.signer), moment=language.format_moment(document.signed_at)
                )
            )
        if document.printed_at is not None:
            printed = language.format_moment(document.printed_at)
            facts.append(
                self.tr("printed {moment}, copies: {copies}").format(moment=printed, copies=document.copies)
            )
        if document.handed_to:
            facts.append(self.tr("handed over to {name}").format(name=document.handed_to))
        return facts


def _emit(signal, document: DocumentRow, *_: object) -> None:
    signal.emit(document)


class HistoryPart(Records):
    """Every step in plain sentences: what, who, when, from which workstation; the newest first."""

    def show_card(self, card: CaseCard) -> None:
        super().show_card(card)
        self._begin(bool(card.history), self.tr("Nothing is written in the journal yet"))
        for row in sorted(card.history, key=lambda entry: entry.entry_id, reverse=True):
            shown = self._card(f"case.history.{row.entry_id}")
            self._line(shown, journal_sentences.sentence(row, self.language))
            moment = self.language.format_moment(row.at)
            who = journal_sentences.who(row, self.language)
            self._line(shown, f"{moment} · {who}", role="small")
        self._end()
