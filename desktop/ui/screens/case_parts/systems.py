"""What other systems said of the case, with the evidence; ask one more, or record by hand what it said."""

from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from desktop.queries.rows import CaseCard
from desktop.regulation.model import CENTRES, Channel
from desktop.regulation.rights import Command
from desktop.regulation.whose_answers import COUNTED, WEIGHED
from desktop.ui import asking_systems, exchange_words, theme
from desktop.ui.messages import say
from desktop.ui.screens.case_parts.asking import AskDialog, read_systems
from desktop.ui.screens.case_parts.records import Records
from desktop.ui.screens.case_parts.weighing import WeighDialog
from desktop.ui.widgets.chip import Chip
from desktop.ui.widgets.flow import Flow
from desktop.ui.widgets.plain import Button, PlainLabel


def read_evidence(store, actor, *, record_id: int) -> tuple[str, bytes]:
    """Ask the query; imported where it runs."""
    from desktop.queries.exchange import evidence_bytes

    return evidence_bytes(store, actor, record_id=record_id)


def read_result(store, actor, *, case_id: int):
    """Ask the query; imported where it runs."""
    from desktop.queries.exchange import result_papers

    return result_papers(store, actor, case_id=case_id)


class SystemsPart(Records):
    """The newest answer first; each says who asked, how, and what the evidence is."""

    evidence_read = Signal(bytes, str, str)  # content, media type, title

    def __init__(self, desk, act_on, parent: QWidget | None = None) -> None:
        super().__init__(desk, parent)
        self._act_on = act_on
        self._told = None
        self.bar = QWidget(self)
        buttons = Flow(self.bar, gap=2)
        self.ask = Button(parent=self.bar, icon="link", name="case.ask_system")
        self.send = Button(parent=self.bar, icon="export", name="case.send_result")
        self.ask.clicked.connect(self._ask)
        self.send.clicked.connect(self._send)
        buttons.addWidget(self.ask)
        buttons.addWidget(self.send)
        self.layout().insertWidget(0, self.bar)
        self.retranslate()

    def show_card(self, card: CaseCard) -> None:
        other = self.card is None or self.card.case_id != card.case_id
        ended = not other and self.card.closed_at is None and card.closed_at is not None
        super().show_card(card)
        if other:
            self._told = None
        self.ask.setVisible(card.closed_at is None and self.desk.may(Command.RECORD_SYSTEM))
        sent = Channel(card.channel) in {*CENTRES, Channel.PORTAL}
        self.send.setVisible(sent and card.closed_at is not None and self.desk.may(Command.DELIVER))
        if ended and self.send.isVisibleTo(self) and self.desk.settings.results_folder:
            self._send()  # handed over through the portal or a centre: its package goes with it
        self._show()
        self.desk.read(
            read_systems, then=self._hear, on_error=self._failed, latest="systems", case_id=card.case_id
        )

    def _failed(self, error: BaseException) -> bool:
        return getattr(error, "code", "") == "case-not-found"  # the screen itself says so

    def _hear(self, told) -> None:
        self._told = told
        self._show()

    def _show(self) -> None:
        rows = self._told.records if self._told is not None else ()
        self._begin(bool(rows), self.tr("No other system was asked yet") if self._told is not None else "…")
        for row in rows:
            self._show_record(row)
        self._end()

    def _show_record(self, row) -> None:
        language, name = self.language, f"case.system.{row.record_id}"
        card = self._card(name)
        first = QHBoxLayout()
        first.addWidget(PlainLabel(exchange_words.system(row.system, language), card, wrap=True), 1)
        chip = Chip(parent=card)
        chip.show_state(exchange_words.heard(row.heard), exchange_words.HEARD_TONES.get(row.heard, "calm"))
        first.addWidget(chip, 0, Qt.AlignmentFlag.AlignTop)
        card.layout().addLayout(first)
        self._line(card, pairs_in_words(row.question), role="muted")
        self._line(card, pairs_in_words(row.answer))
        if row.reason in WEIGHED:
            tone = "done" if row.reason == COUNTED else "paused"
            chip.show_state(exchange_words.weighed(row.reason), tone)
        elif row.reason:
            why = say(row.reason, {}, language).partition(". ")[0]  # what to do next is for who was asking
            self._line(card, why, role="muted")
        self._line(card, row.note)
        if row.others:
            self._show_others(card, row, name)
        who = f"{language.format_moment(row.recorded_at)} · {language.text(row.who)}"
        self._line(card, f"{who} · {exchange_words.way(row.way)}", role="small")
        if row.evidence_name:
            button = Button(row.evidence_name, card, kind="quiet", icon="file", name=f"{name}.evidence")
            button.clicked.connect(partial(self._read, row.record_id))
            card.layout().addWidget(button, 0, Qt.AlignmentFlag.AlignLeft)

    def _show_others(self, card: QWidget, row, name: str) -> None:
        """What the answer names besides the applicant, and while nobody has said it: whether it counts."""
        told = self.tr("It names another than the applicant ({identifier}): {others}")
        line = PlainLabel(
            told.format(identifier=self.card.identifier, others=", ".join(row.others)), card, wrap=True
        )
        theme.mark(line, tone="late")
        card.layout().addWidget(line)
        if not row.unweighed or self.card.closed_at is not None or not self.desk.may(Command.RECORD_SYSTEM):
            return
        bar = QWidget(card)
        buttons = Flow(bar, gap=2)
        for counts, words, key in (
            (True, self.tr("It counts all the same…"), "counts"),
            (False, self.tr("Set it aside…"), "set_aside"),
        ):
            button = Button(words, bar, name=f"{name}.{key}")
            button.clicked.connect(partial(self._weigh, row, counts))
            buttons.addWidget(button)
        card.layout().addWidget(bar)

    def _weigh(self, row, counts: bool, *_: object) -> None:
        self.dialog = WeighDialog(self.desk, self._act_on, self.card, self.window(), row=row, counts=counts)
        self.dialog.finished.connect(self.dialog.deleteLater)
        self.dialog.open()

    def _read(self, record_id: int, *_: object) -> None:
        self.desk.read(read_evidence, then=self._open, latest="evidence", record_id=record_id)

    def _open(self, found: tuple[str, bytes]) -> None:
        from desktop.cases.filing import media_type_of

        name, content = found
        media_type = media_type_of(content)
        if media_type is None:  # the answer of a system is text: it is shown letter by letter
            EvidenceDialog(name, content.decode("utf-8", "replace"), self.window()).open()
        else:
            self.evidence_read.emit(content, media_type, name)

    def _ask(self) -> None:
        if self._told is None:
            return
        self.dialog = AskDialog(self.desk, self._act_on, self.card, self._told, self.window())
        self.dialog.finished.connect(self.dialog.deleteLater)
        self.dialog.open()

    # the result as a package

    def _send(self) -> None:
        folder = self.desk.settings.results_folder or choose_folder(self, self.send.accessibleName())
        if folder:
            self.desk.read(
                read_result, then=partial(self._write, folder), case_id=self.card.case_id, latest="result"
            )

    def _write(self, folder: str, papers) -> None:
        self.desk.files(asking_systems.write_result, then=self._written, papers=papers, folder=folder)

    def _written(self, path: str) -> None:
        self.desk.notices.done(self.tr("The result was written as {file}").format(file=path))

    def retranslate(self) -> None:
        self.ask.set_text(self.tr("Ask a system, or record what it said…"))
        self.send.set_text(self.tr("Write the result as a package…"))


def pairs_in_words(pairs: tuple[tuple[str, str], ...]) -> str:
    """Return fields and values in a line each reads: "Address: …; Head: …"."""
    return "; ".join(f"{exchange_words.field(name)}: {value}" for name, value in pairs)


def choose_folder(parent: QWidget, title: str) -> str:
    """Ask for a folder; "" when none was chosen."""
    from PySide6.QtWidgets import QFileDialog

    return QFileDialog.getExistingDirectory(parent, title)


class EvidenceDialog:
    """The text a system sent, as it came."""

    def __init__(self, name: str, text: str, parent: QWidget) -> None:
        from PySide6.QtWidgets import QDialog

        from desktop.ui import theme
        from desktop.ui.widgets.plain import PlainView

        self.dialog = QDialog(parent)
        self.dialog.setObjectName("case.evidence")
        self.dialog.setWindowTitle(name)
        self.dialog.setMinimumWidth(theme.spacing(130))
        whole = QVBoxLayout(self.dialog)
        view = PlainView(text, self.dialog, name="case.evidence.text")
        view.setAccessibleName(name)
        whole.addWidget(view)

    def open(self) -> None:
        """Show it; closing lets it go."""
        self.dialog.finished.connect(self.dialog.deleteLater)
        self.dialog.open()
