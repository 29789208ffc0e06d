"""The state of the sealed journal: where it stands, whether it was verified here, and the button that verifies it."""

from dataclasses import dataclass, field

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QProgressBar, QVBoxLayout, QWidget

from desktop.regulation.rights import Command
from desktop.ui import theme
from desktop.ui.messages import sentence
from desktop.ui.widgets.plain import Button, PlainLabel

_LOOK_MS = 200
_SHOWN = 5  # findings said in words; the command line has all


@dataclass(slots=True)
class Progress:
    """Written by the lane that verifies, read by the window; ``whole`` is 0 until it is known."""

    done: int = 0
    whole: int = field(default=0)

    def watch(self, done: int, whole: int) -> None:
        self.done, self.whole = done, whole


def read_seal(store, actor):
    """Ask the query; imported where it runs."""
    from desktop.queries import journal_state

    return journal_state.seal(store, actor)


def verify(*, store, actor, progress: Progress):
    """Prove journal, files and signatures, on the lane of files: the store lane stays free for work."""
    from desktop.eds.report import judge_of
    from desktop.queries import journal_state

    judge = judge_of(journal_state.trust_roots(store))
    proof, moment = journal_state.verify(store, actor, judge=judge, watch=progress.watch)
    proof.signatures, proof.not_asked = judge.held, judge.not_asked
    return proof, moment


class SealPanel(QFrame):
    """``checkpoints_wanted`` opens their list."""

    checkpoints_wanted = Signal()

    def __init__(self, desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "card")
        self._desk = desk
        self._state = None  # JournalSealRow
        self._proved = None  # (Proof, moment)
        self._progress: Progress | None = None
        self.text = PlainLabel(parent=self, wrap=True, name="journal.seal").make_selectable()
        self.bar = QProgressBar(self)
        self.bar.setObjectName("journal.verifying")
        self.verify = Button(parent=self, icon="verify", name="journal.verify")
        self.list = Button(parent=self, icon="sign", name="journal.checkpoints")
        self.verify.setVisible(desk.may(Command.READ_CASES))
        self.verify.clicked.connect(self.start)
        self.list.clicked.connect(self.checkpoints_wanted.emit)
        words = QVBoxLayout()
        words.addWidget(self.text)
        words.addWidget(self.bar)
        whole = QHBoxLayout(self)
        whole.setContentsMargins(*[theme.spacing(3)] * 4)
        whole.addLayout(words, 1)
        whole.addWidget(self.verify, 0, Qt.AlignmentFlag.AlignTop)
        whole.addWidget(self.list, 0, Qt.AlignmentFlag.AlignTop)
        self._timer = QTimer(self, interval=_LOOK_MS, timeout=self._show_progress)
        self.bar.hide()
        self.retranslate()

    def refresh(self) -> None:
        """Ask where the journal stands."""
        self._desk.read(read_seal, then=self._show_state, on_error=lambda _error: True, latest="seal")

    def start(self) -> None:
        """Verify in the background; work goes on meanwhile."""
        if self._progress is not None:
            return
        self._progress = Progress()
        self.bar.setRange(0, 0)
        self.bar.show()
        self._timer.start()
        self.retranslate()
        self._desk.files(
            verify,
            then=self._verified,
            on_error=self._failed,
            store=self._desk.store,
            actor=self._desk.actor,
            progress=self._progress,
        )

    def _verified(self, proved) -> None:
        self._proved = proved
        found = proved[0].findings
        self._desk.alarms.set("journal-proof", [one.told for one in found[:_SHOWN]])
        self._end()

    def _failed(self, _error: BaseException) -> bool:
        self._end()
        return False

    def _end(self) -> None:
        self._progress = None
        self._timer.stop()
        self.bar.hide()
        self.retranslate()

    def _show_state(self, state) -> None:
        self._state = state
        self.retranslate()

    def _show_progress(self) -> None:
        if self._progress is not None and self._progress.whole:
            self.bar.setRange(0, self._progress.whole)
            self.bar.setValue(self._progress.done)

    def retranslate(self) -> None:
        language = self._desk.language
        words = []
        if self._state is not None:
            at = language.format_short_moment(self._state.at) if self._state.at is not None else "–"
            told = self.tr("The journal is sealed up to position {position}, {when}.")
            words.append(told.format(position=self._state.position, when=at))
        if self._progress is not None:
            words.append(self.tr("Verifying chain, records, files and signatures…"))
        elif self._proved is not None:
            proof, moment = self._proved
            told = (
                self.tr("Verified up to position {position}, {when}: everything holds.")
                if proof.holds
                else self.tr("Verified up to position {position}, {when}. Does not hold: {number}.")
            )
            words.append(
                told.format(
                    position=proof.position, when=language.format_short_moment(moment), number=proof.number
                )
            )
            if proof.not_asked:
                told = self.tr(
                    "Signatures that hold: {count}. Of {number} nobody was asked about revocation."
                )
                words.append(told.format(count=proof.signatures, number=proof.not_asked))
            words += [sentence(one.told, language) for one in proof.findings[:_SHOWN]]
        else:
            words.append(self.tr("Not yet verified at this workstation today."))
        self.text.setText("\n".join(words))
        theme.mark(self.text, tone="late" if self._proved and not self._proved[0].holds else "")
        self.verify.set_text(self.tr("Verify the journal"))
        self.verify.set_why_not(self.tr("It is being verified") if self._progress is not None else "")
        self.list.set_text(self.tr("Checkpoints…"))
        self.bar.setAccessibleName(self.tr("How far the journal is verified"))
