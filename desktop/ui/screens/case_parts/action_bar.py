"""The foot of the case: one primary action, the other outcomes beside it, the office's moves behind "⋯"."""

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication, QPoint, Signal
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QMenu, QWidget

from desktop.queries.rows import CaseCard, OpenMove, OpenOutcome
from desktop.regulation.model import Act, Effect
from desktop.ui import case_words as words
from desktop.ui import theme
from desktop.ui.screens.case_parts.part import ActPanel, Part, column, sentence_of
from desktop.ui.widgets.flow import Flow
from desktop.ui.widgets.keys import Shortcut
from desktop.ui.widgets.plain import Button, PlainLabel, rule, set_tip

NEVER = "role-may-not"  # what a person may never do is absent; anything else is there, grey, and says why

SHORT: dict[tuple[Act | None, Effect], str] = {
    (Act.ASSIGN, Effect.FORWARD): QT_TRANSLATE_NOOP("Outcome", "Put the visa and send on"),
    (Act.APPROVE, Effect.FORWARD): QT_TRANSLATE_NOOP("Outcome", "Agree and send on"),
    (Act.HEAR, Effect.FORWARD): QT_TRANSLATE_NOOP("Outcome", "Record the hearing"),
    (None, Effect.FORWARD): QT_TRANSLATE_NOOP("Outcome", "Send on"),
    (None, Effect.COMPLETE): QT_TRANSLATE_NOOP("Outcome", "Complete: send on"),
    (None, Effect.INCOMPLETE): QT_TRANSLATE_NOOP("Outcome", "Incomplete: terminate"),
    (None, Effect.CONFORMS): QT_TRANSLATE_NOOP("Outcome", "Record: conforms"),
    (None, Effect.DOES_NOT_CONFORM): QT_TRANSLATE_NOOP("Outcome", "Record: does not conform"),
    (None, Effect.NO_ANSWER): QT_TRANSLATE_NOOP("Outcome", "No answer in time: deemed agreed"),
    (None, Effect.GRANT): QT_TRANSLATE_NOOP("Outcome", "Draft the licence"),
    (None, Effect.REFUSE): QT_TRANSLATE_NOOP("Outcome", "Draft the refusal"),
    (None, Effect.PROPOSE_REFUSAL): QT_TRANSLATE_NOOP("Outcome", "Propose a refusal: hear the applicant"),
    (None, Effect.PASSED): QT_TRANSLATE_NOOP("Outcome", "Attested"),
    (None, Effect.FAILED): QT_TRANSLATE_NOOP("Outcome", "Not attested"),
    (None, Effect.ACCEPTED): QT_TRANSLATE_NOOP("Outcome", "Accept the request"),
    (None, Effect.DECLINED): QT_TRANSLATE_NOOP("Outcome", "Decline with the reason"),
    (None, Effect.SIGNED): QT_TRANSLATE_NOOP("Outcome", "Sign and send on"),
    (None, Effect.DELIVERED): QT_TRANSLATE_NOOP("Outcome", "Hand over and close the case"),
}


def outcome_title(outcome: OpenOutcome, card: CaseCard, language) -> str:
    """Return what the button says: the program's short word, or the act's own title when it would be ambiguous."""
    alike = [item for item in card.outcomes if item.effect == outcome.effect]
    source = SHORT.get((card.act, outcome.effect)) or SHORT.get((None, outcome.effect))
    if source is None or len(alike) > 1:
        return language.text(outcome.title)
    return QCoreApplication.translate("Outcome", source)


class ActionBar(Part):
    """``chosen`` gives the outcome, ``move_chosen`` the office move; Ctrl+Enter is the primary one."""

    chosen = Signal(object)
    move_chosen = Signal(object)

    def __init__(self, desk, parent: QWidget | None = None) -> None:
        super().__init__(desk, parent)
        self.setObjectName("case.actions")
        self._panel: ActPanel | None = None
        self._primary: OpenOutcome | None = None
        self.why = PlainLabel(parent=self, role="muted", wrap=True, name="case.why_not")
        self.primary = Button(parent=self, kind="primary", name="case.primary", shortcut="Ctrl+Return")
        self.primary.clicked.connect(self._take_primary)
        self.primary.setShortcut(
            QKeySequence()
        )  # held down, a button's own keys would do the next case's step too
        for keys in ("Ctrl+Return", "Ctrl+Enter"):  # the second of the number pad
            Shortcut(QKeySequence(keys), self.primary, self.primary.click, repeats=False)
        self.more = Button(parent=self, kind="quiet", icon="more", name="case.more", shortcut="Ctrl+M")
        self.menu = QMenu(self)
        self.menu.setObjectName("case.moves")
        self.menu.setToolTipsVisible(True)
        self.more.clicked.connect(self._open_menu)
        self._others: list[Button] = []
        self._buttons = QWidget(self)
        self._flow = Flow(self._buttons)
        self._flow.addWidget(self.primary)
        self._flow.addWidget(self.more)
        whole = column(self, gap=2)
        whole.addWidget(rule(self))
        whole.addWidget(self.why)
        whole.addWidget(self._buttons)

    def show_actions(self, card: CaseCard, panel: ActPanel | None) -> None:
        """Show what can be done now; called again whenever the panel says that it changed."""
        self.card, self._panel = card, panel
        outcomes = tuple(item for item in card.outcomes if item.why_not != NEVER)
        self._primary = panel.primary(outcomes) if panel is not None else (outcomes[0] if outcomes else None)
        others = [item for item in outcomes if item is not self._primary]
        why = self._show_primary()
        self._show_others(others)
        moves = [move for move in card.moves if move.why_not != NEVER]
        self._show_moves(moves)
        if card.closed_at is None and not outcomes:
            names = ", ".join(self.language.text(name) for name in card.waits_for)
            why = self.tr("Waits for: {names}").format(names=names) if names else ""
        self.why.setText(why)
        self.why.setVisible(bool(why))
        self.setVisible(card.closed_at is None)

    def _show_primary(self) -> str:
        outcome = self._primary
        self.primary.setVisible(outcome is not None)
        if outcome is None:
            return ""
        self.primary.set_text(self._title(outcome))
        why = self._why_not(outcome)
        self.primary.set_why_not(why)
        if not why:
            set_tip(self.primary, self.language.text(outcome.title), "Ctrl+Return")
        return why

    def _show_others(self, outcomes: list[OpenOutcome]) -> None:
        while len(self._others) < len(outcomes):
            button = Button(parent=self._buttons)
            button.clicked.connect(self._take_other)
            self._flow.insert(1 + len(self._others), button)
            self._others.append(button)
        for number, button in enumerate(self._others):
            button.setVisible(number < len(outcomes))
            if number >= len(outcomes):
                continue
            outcome = outcomes[number]
            button.setObjectName(f"case.outcome.{outcome.effect.value}")
            button.setProperty("outcome", outcome.id)
            button.set_text(self._title(outcome))
            why = self._why_not(outcome)
            button.set_why_not(why)
            if not why:
                set_tip(button, self.language.text(outcome.title))
        self._shown = outcomes
        self._flow.invalidate()

    def _show_moves(self, moves: list[OpenMove]) -> None:
        self.menu.clear()
        for move in moves:
            action = self.menu.addAction(words.move(move.move).replace("&", "&&"))
            action.setObjectName(f"case.move.{move.move.value}")
            action.setEnabled(move.open)
            if not move.open:
                action.setToolTip(theme.plain_tip(sentence_of(move.why_not, self.desk)))
            action.triggered.connect(lambda _=False, chosen=move: self.move_chosen.emit(chosen))
        self.more.setVisible(bool(moves))

    def _title(self, outcome: OpenOutcome) -> str:
        return outcome_title(outcome, self.card, self.language)

    def _why_not(self, outcome: OpenOutcome) -> str:
        if not outcome.open:
            return sentence_of(outcome.why_not, self.desk)
        return self._panel.why_not(outcome) if self._panel is not None else ""

    def _take_primary(self) -> None:
        if self._primary is not None:
            self.chosen.emit(self._primary)

    def _take_other(self) -> None:
        wanted = self.sender().property("outcome")
        for outcome in self._shown:
            if outcome.id == wanted:
                self.chosen.emit(outcome)
                return

    def _open_menu(self) -> None:
        self.menu.popup(self.more.mapToGlobal(QPoint(0, -self.menu.sizeHint().height())))

    def retranslate(self) -> None:
        self.more.set_text(self.tr("Other moves"))
