"""The signature: the exact paper on the right, the key on the left, one PIN."""

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QProgressBar

from desktop.cases.signing import Prepared
from desktop.errors import Told
from desktop.queries.rows import CaseCard, OpenOutcome
from desktop.ui import case_words as words
from desktop.ui import theme
from desktop.ui.messages import sentence
from desktop.ui.screens.case_parts.codes import CodeNote
from desktop.ui.screens.case_parts.keys import KeyChooser, PinDialog
from desktop.ui.screens.case_parts.part import ActPanel, Scrolling, column
from desktop.ui.signing_flow import NCALAYER, Key, SigningFlow
from desktop.ui.widgets.plain import PlainLabel


class SignPanel(ActPanel):
    """Shows what will be signed before anything is asked."""

    def __init__(self, desk, act_on, parent=None, *, choose_file=None, find_tokens=None) -> None:
        super().__init__(desk, act_on, parent)
        self.flow = SigningFlow(desk, self)
        self.ready: Prepared | None = None
        self._asked_for = (0, 0)
        self._dialog: PinDialog | None = None
        self._trouble: BaseException | None = None
        self._page = Scrolling(self)
        self.title = PlainLabel(parent=self, role="heading", wrap=True, name="case.to_sign")
        self.text = PlainLabel(parent=self, wrap=True)
        self.code = CodeNote(desk, self)
        self.code.opened.connect(self._prepare_anew)
        self.key_title = PlainLabel(parent=self, role="heading", wrap=True)
        finder = {"find_tokens": find_tokens} if find_tokens is not None else {}
        self.keys = KeyChooser(desk, self, choose_file=choose_file, **finder)
        self.keys.changed.connect(self.changed)
        self.keys.changed.connect(lambda: self._bring(self.keys.problem))
        self.keys.chosen_anew.connect(self._clear_problem)
        self.stage = PlainLabel(parent=self, role="muted", wrap=True, name="case.signing_stage")
        self.bar = QProgressBar(self)
        self.bar.setRange(0, 0)
        self.problem = PlainLabel(parent=self, wrap=True, name="case.signing_problem").make_selectable()
        theme.mark(self.problem, tone="late")
        for widget in (
            self.title,
            self.text,
            self.code,
            self.key_title,
            self.keys,
            self.stage,
            self.bar,
            self.problem,
        ):
            self._page.column.addWidget(widget)
        self._page.column.addStretch(1)
        column(self).addWidget(self._page)
        self.flow.prepared.connect(self._show_prepared)
        self.flow.drawn_anew.connect(self._tell_drawn_anew)
        self.flow.pin_needed.connect(self._ask_pin)
        self.flow.pin_again.connect(lambda key: self._ask_pin(key, last_try=True))
        self.flow.stage_changed.connect(self._show_stage)
        self.flow.refused.connect(self._show_refusal)
        self.flow.signed.connect(self._tell_signed)
        self._show_stage("")
        self.problem.hide()

    def show_card(self, card: CaseCard) -> None:
        super().show_card(card)
        if self._asked_for != (card.case_id, card.version):
            self._asked_for = (card.case_id, card.version)
            self.flow.show(card)
        self._say()

    def _show_prepared(self, prepared: Prepared) -> None:
        self.ready = prepared
        self._say()
        title = self.title.text()
        self.paper_wanted.emit(prepared.pdf, "application/pdf", title)
        self.changed.emit()

    def _prepare_anew(self) -> None:
        """The key of codes is open now: the page gets its code, and is looked at again."""
        if self.card is not None:
            self.flow.show(self.card)

    def _say(self) -> None:
        if self.ready is not None:
            self.code.show_state(self.ready.code)
            told = self.tr("{kind} No {number}")
            self.title.setText(told.format(kind=words.document(self.ready.kind), number=self.ready.number))
        if self._trouble is not None:
            self.problem.setText(sentence(self._trouble, self.language))

    # what can be done

    def why_not(self, outcome: OpenOutcome) -> str:
        if self.flow.stage:
            return self._stage_words(self.flow.stage)
        if self.ready is None:
            return self.tr("The paper to be signed is not ready")
        if self.keys.key() is None:
            return self.tr("Choose the key file or the token")
        return ""

    def take(self, outcome: OpenOutcome) -> None:
        key = self.keys.key()
        if key is not None:
            self._clear_problem()
            self.flow.start(self.card, key)

    def _ask_pin(self, key: Key, *, last_try: bool = False) -> None:
        if key.has_pin_pad or key.kind == NCALAYER:
            self.flow.go_on(None, last_try=last_try)
            return
        self._dialog = PinDialog(key, self.title.text(), self.window())
        self._dialog.given.connect(lambda pin: self.flow.go_on(pin, last_try=last_try))
        self._dialog.rejected.connect(self.flow.give_up)
        self._dialog.finished.connect(self._dialog.deleteLater)
        self._dialog.open()

    # what happens

    def _show_stage(self, stage: str) -> None:
        self.stage.setText(self._stage_words(stage))
        self.stage.setVisible(bool(stage))
        self.bar.setVisible(bool(stage))
        self.keys.setEnabled(not stage)
        self.changed.emit()

    def _stage_words(self, stage: str) -> str:
        return {
            "prepare": self.tr("Preparing the exact paper…"),
            "token": self.tr("The key is signing…"),
            "record": self.tr("Checking the signature and writing it down…"),
        }.get(stage, "")

    def _tell_drawn_anew(self) -> None:
        self.problem.setText(
            self.tr("The paper was drawn anew (its date or particulars changed). Read it again, then sign.")
        )
        self.problem.show()

    def _show_refusal(self, error: BaseException) -> None:
        if isinstance(error, Told):
            self._trouble = error
            self.problem.setText(sentence(error, self.language))
            self.problem.show()
            self._bring(self.problem)

    def _bring(self, told: PlainLabel) -> None:
        """A low window shows what went wrong, not only that nothing happened."""
        if told.isVisible():
            QTimer.singleShot(0, told, lambda: self._page.ensureWidgetVisible(told))

    def _clear_problem(self) -> None:
        self._trouble = None
        self.problem.hide()

    def _tell_signed(self, number: str) -> None:
        key = self.keys.key()
        if key is not None:
            self.keys.keep(self.flow.key or key)
        self.desk.notices.done(
            self.tr("No {number} was signed; the case went on to be handed over").format(number=number)
        )

    def retranslate(self) -> None:
        self.keys.retranslate()
        self.code.retranslate()
        self.text.setText(self.tr("Read the paper on the right: exactly these bytes will be signed."))
        self.key_title.setText(self.tr("Sign with"))
