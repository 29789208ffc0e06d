"""Signing many papers by one PIN: each is read to its end before it can be ticked; the list says what became of each."""

from functools import partial

from PySide6.QtCore import QT_TRANSLATE_NOOP, QSize, Qt, QTimer, Signal
from PySide6.QtWidgets import QDialog, QHBoxLayout, QProgressBar, QSizePolicy, QSplitter, QVBoxLayout, QWidget

from desktop.errors import Told
from desktop.queries.rows import DeskRow
from desktop.ui import case_words as words
from desktop.ui import theme
from desktop.ui.batch_flow import FAILED, NOT_TRIED, READ, SIGNED, UNREAD, WAITING, BatchFlow, Entry
from desktop.ui.messages import sentence
from desktop.ui.rows_model import Column, RowsModel
from desktop.ui.screens.case_parts.keys import KeyChooser, PinDialog
from desktop.ui.screens.case_parts.part import Scrolling
from desktop.ui.screens.register_parts.fields import Tick
from desktop.ui.signing_work import NCALAYER, Key
from desktop.ui.widgets.plain import Button, PlainLabel
from desktop.ui.widgets.rows_table import RowsTable
from desktop.ui.widgets.tab_order import TabsByEye
from desktop.ui.widgets.viewer import DocumentViewer

_LIST = 48  # of a hundred parts of the width; the paper has the rest
_TONES = {SIGNED: "done", FAILED: "late", NOT_TRIED: "late"}


class _Papers(RowsTable):
    """The list; Space does not select, it goes on reading."""

    went_on = Signal()

    def keyPressEvent(self, event) -> None:
        if event.key() == Qt.Key.Key_Space and not event.modifiers():
            self.went_on.emit()
            return
        super().keyPressEvent(event)


class _Whole(Scrolling):
    """As tall as what it holds while there is room; it scrolls only when the list cannot give way any more."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.column.setContentsMargins(0, theme.spacing(2), theme.spacing(3), 0)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Maximum)

    def show_way(self, keys: KeyChooser) -> None:
        """What belongs to the way just chosen comes into sight."""
        shown = keys.look if keys.by_token.isChecked() else keys.choose if keys.by_file.isChecked() else keys
        QTimer.singleShot(0, shown, lambda: self.ensureWidgetVisible(shown, 0, 0))

    def sizeHint(self) -> QSize:
        width = max(self.viewport().width(), 1)
        tall = self.column.totalHeightForWidth(width) if self.column.hasHeightForWidth() else 0
        return QSize(self.page.sizeHint().width(), max(tall, self.column.sizeHint().height()))


class BatchDialog(TabsByEye, QDialog):
    """The list at the left, the paper at the right, the key below."""

    def __init__(
        self, desk, rows: tuple[DeskRow, ...], parent: QWidget | None = None, *, choose_file=None
    ) -> None:
        super().__init__(parent)
        self.setObjectName("batch")
        self.setModal(True)
        self.desk = desk
        self.flow = BatchFlow(desk, rows, self)
        self._seen: dict[int, set[int]] = {}  # pages shown, by case
        self._trouble: BaseException | None = None
        self._dialog: PinDialog | None = None
        self.title = PlainLabel(parent=self, role="heading", wrap=True)
        self.explained = PlainLabel(parent=self, role="muted", wrap=True)
        self.table = _Papers(RowsModel(self._columns(), self), self, name="batch.list")
        self.table.keep_whole("state", "number")
        self.why = PlainLabel(parent=self, role="small", wrap=True, name="batch.why").make_selectable()
        self.left = PlainLabel(parent=self, wrap=True, name="batch.left").make_selectable()
        theme.mark(self.left, tone="soon")
        self.viewer = DocumentViewer(self, name="batch.viewer")
        self.tick = Tick(name="batch.tick", parent=self)
        self.keys = KeyChooser(desk, self, choose_file=choose_file, compact=True)
        self.bar = QProgressBar(self)
        self.bar.setObjectName("batch.progress")
        self.told = PlainLabel(parent=self, wrap=True, name="batch.told")
        self.problem = PlainLabel(parent=self, wrap=True, name="batch.problem").make_selectable()
        theme.mark(self.problem, tone="late")
        self.stop = Button(parent=self, name="batch.stop")
        self.leave = Button(parent=self, name="batch.close")
        self.sign = Button(
            parent=self, kind="primary", icon="sign", name="batch.sign", shortcut="Ctrl+Return"
        )
        self._lay_out()
        self._connect()
        self.problem.hide()
        self.resize(theme.spacing(280), theme.spacing(180))
        self.retranslate()
        self._show()
        if self.flow.entries:
            self.table.put_cursor(0)
        self.table.setFocus()
        self.flow.ledger.recall()

    def _columns(self) -> tuple[Column, ...]:
        language = self.desk.language
        return (
            Column("state", QT_TRANSLATE_NOOP("Column", "State"), self._state_words, width=26,
                   tone=lambda entry: _TONES.get(entry.state, ""), tip=self._state_words),
            Column("number", QT_TRANSLATE_NOOP("Column", "Number"), lambda entry: entry.row.number, width=26),
            Column("holder", QT_TRANSLATE_NOOP("Column", "Holder"),
                   lambda entry: language.text(entry.row.holder),
                   tip=lambda entry: language.text(entry.row.holder)),
        )  # fmt: skip

    def _lay_out(self) -> None:
        left, right, keys = QWidget(self), QWidget(self), _Whole(self)
        keys.column.addWidget(self.keys)
        keys.column.addStretch(1)
        self.keys.changed.connect(keys.updateGeometry)
        self.keys.chosen_anew.connect(lambda: keys.show_way(self.keys))
        left.setMinimumWidth(theme.spacing(90))
        self.table.setMinimumHeight(theme.spacing(36))
        first, second = QVBoxLayout(left), QVBoxLayout(right)
        for column, widgets in (
            (first, (self.table, self.why, keys)),
            (second, (self.viewer, self.tick)),
        ):
            column.setContentsMargins(0, 0, 0, 0)
            column.setSpacing(theme.spacing(2))
            for widget in widgets:
                column.addWidget(widget, 1 if widget in (self.table, self.viewer) else 0)
        parts = QSplitter(Qt.Orientation.Horizontal, self)
        parts.setChildrenCollapsible(False)
        parts.addWidget(left)
        parts.addWidget(right)
        for place, share in enumerate((_LIST, 100 - _LIST)):
            parts.setStretchFactor(place, share)
        parts.setSizes([theme.spacing(10 * _LIST), theme.spacing(10 * (100 - _LIST))])
        whole = QVBoxLayout(self)
        whole.setContentsMargins(*[theme.spacing(5)] * 4)
        whole.setSpacing(theme.spacing(3))
        for widget in (self.title, self.explained, self.left):
            whole.addWidget(widget)
        whole.addWidget(parts, 1)
        for widget in (self.problem, self.bar):
            whole.addWidget(widget)
        buttons = QHBoxLayout()
        buttons.addWidget(self.told, 1)
        for button in (self.stop, self.leave, self.sign):
            buttons.addWidget(button)
        whole.addLayout(buttons)

    def _connect(self) -> None:
        self.table.row_chosen.connect(self._choose)
        self.table.row_opened.connect(lambda _entry: self.viewer.setFocus())
        self.table.went_on.connect(self._go_on)
        self.viewer.shown.connect(self._page_shown)
        self.tick.toggled.connect(self._ticked)
        self.keys.changed.connect(self._show)
        self.keys.chosen_anew.connect(lambda: self._tell(None))
        self.stop.clicked.connect(self._stop)
        self.leave.clicked.connect(self.reject)
        self.sign.clicked.connect(self._sign)
        self.flow.changed.connect(self._show)
        self.flow.stage_changed.connect(lambda _stage: self._show())
        self.flow.opened.connect(self._opened)
        self.flow.pin_needed.connect(self._ask_pin)
        self.flow.pin_again.connect(partial(self._ask_pin, last_try=True))
        self.flow.refused.connect(self._tell)
        self.flow.finished.connect(self._finished)

    # reading

    @property
    def entry(self) -> Entry | None:
        """The line the cursor is on."""
        return self.table.current_row()

    def _choose(self, entry: Entry | None) -> None:
        if entry is not None:
            self.viewer.show_loading(entry.row.number)
            self.flow.open(entry)
        self._show()

    def _opened(self, entry: Entry) -> None:
        if entry is self.entry:
            if entry.prepared is not None:
                paper = self.tr("{kind} No {number}").format(
                    kind=words.document(entry.prepared.kind), number=entry.prepared.number
                )
                self.viewer.show_pdf(entry.prepared.pdf, paper)
            elif entry.kept:
                self.viewer.show_pdf(entry.kept, entry.row.number)
            else:
                self.viewer.show_nothing()
            self._show()

    def _page_shown(self) -> None:
        entry = self.entry
        if entry is None or entry.prepared is None or self.viewer.content != entry.prepared.pdf:
            return
        seen = self._seen.setdefault(entry.prepared.document_id, set())
        seen.add(self.viewer.page)
        if len(seen) == self.viewer.page_count:
            self.flow.was_read(entry)
        self._show()

    def pages_seen(self, entry: Entry) -> int:
        """How many pages of a paper were on the screen."""
        return len(self._seen.get(entry.prepared.document_id, ())) if entry.prepared is not None else 0

    def _go_on(self) -> None:
        """Space in the list: the next page; behind the last one the paper is ticked and the next paper shown.

        A page that is still being drawn is waited for: nothing is ticked that was not on the screen.
        """
        entry = self.entry
        if entry is None or self.flow.stage:
            return
        if self.viewer.page < self.viewer.page_count:
            if self.viewer.page in self._seen.get(getattr(entry.prepared, "document_id", 0), ()):
                self.viewer.step_page(1)
            return
        if entry.read and entry.state != SIGNED and entry.prepared is not None:
            self.flow.tick(entry, True)
        elif entry.state != SIGNED:
            return
        place = self.flow.entries.index(entry) + 1
        if place < len(self.flow.entries):
            self.table.put_cursor(place)

    def _ticked(self, ticked: bool) -> None:
        entry = self.entry
        if entry is not None and ticked != entry.ticked:
            self.flow.tick(entry, ticked)

    # signing

    def _sign(self) -> None:
        key = self.keys.key()
        if key is not None:
            self._trouble = None
            self.flow.start(key)

    def _ask_pin(self, key: Key, *, last_try: bool = False) -> None:
        if key.has_pin_pad or key.kind == NCALAYER:
            self.flow.go_on(None, last_try=last_try)
            return
        paper = self.tr("%n paper(s) to be signed", "", len(self.flow.wanted))
        self._dialog = PinDialog(key, paper, self)
        self._dialog.given.connect(lambda pin: self.flow.go_on(pin, last_try=last_try))
        self._dialog.rejected.connect(self.flow.give_up)
        self._dialog.finished.connect(self._dialog.deleteLater)
        self._dialog.open()

    def _stop(self) -> None:
        self.flow.stop()
        self._show()

    def _tell(self, error: BaseException | None) -> None:
        self._trouble = error if isinstance(error, Told) else None
        self._show()

    def _finished(self) -> None:
        key = self.keys.key()
        if key is not None and self.flow.count(SIGNED):
            self.keys.keep(self.flow.key or key)
        if not self.flow.wanted and self._trouble is None:
            self.desk.notices.done(self.tr("%n paper(s) signed and kept", "", self.flow.count(SIGNED)))
        self._show()

    def reject(self) -> None:
        """Nothing closes while the key works: stop first."""
        if not self.flow.stage:
            self.flow.leave()
            super().reject()

    # words

    def _state_words(self, entry: Entry) -> str:
        if entry.state == READ and entry.ticked:
            return self.tr("to be signed")
        return {
            UNREAD: self.tr("not read"),
            READ: self.tr("read"),
            WAITING: self.tr("waiting"),
            SIGNED: self.tr("signed"),
            FAILED: self.tr("failed"),
            NOT_TRIED: self.tr("not tried"),
        }[entry.state]

    def _why(self, entry: Entry | None) -> str:
        if entry is None:
            return ""
        if entry.state == SIGNED and entry.prepared is None:
            return self.tr("Signed and kept before the program was interrupted.")
        return sentence(entry.error, self.desk.language) if isinstance(entry.error, Told) else ""

    def _left_words(self) -> str:
        left = self.flow.broken_off
        counts = [
            sum(entry.state in states for entry in left) for states in ((SIGNED,), (FAILED,), (NOT_TRIED,))
        ]
        return self.tr(
            "The last signing did not come to its end. Of its papers {signed} are signed and kept, {failed} failed, "
            "{open} were not signed: the list says where each stands. Read again what is left, then sign."
        ).format(signed=counts[0], failed=counts[1], open=counts[2])

    def _show(self) -> None:
        entries, entry, busy = self.flow.entries, self.entry, bool(self.flow.stage)
        self.table.show_rows(entries, same=lambda old, new: old is new)
        if entry is not None and self.entry is None:
            self.table.put_cursor(entries.index(entry))
        error = entry.error if entry is not None else None
        self.why.setText(self._why(entry))
        self.why.setVisible(bool(self.why.text()) and (error is None or error is not self._trouble))
        told_of = bool(self.flow.broken_off) and not busy
        if told_of:
            self.left.setText(self._left_words())
        self.left.setVisible(told_of)
        self.explained.setVisible(not told_of)  # a low window holds the list, the key and one of them
        blocked = self.tick.blockSignals(True)
        self.tick.set_checked(entry is not None and entry.ticked)
        self.tick.blockSignals(blocked)
        may_tick = entry is not None and entry.read and entry.prepared is not None and entry.state != SIGNED
        self.tick.setEnabled(may_tick and not busy)
        self.tick.set_text(self._tick_words(entry))
        wanted, signed = len(self.flow.wanted), self.flow.count(SIGNED)
        self.told.setText(
            self.tr("{signed} signed and kept, {wanted} to be signed, {all} in the list").format(
                signed=signed, wanted=wanted, all=len(entries)
            )
        )
        self.bar.setRange(0, signed + wanted)
        self.bar.setValue(signed)
        self.bar.setVisible(busy)
        self.stop.setVisible(self.flow.stage == "token")
        self.stop.setEnabled(not self.flow.is_stopping)
        self.leave.setEnabled(not busy)
        self.keys.setEnabled(not busy)
        self.sign.set_why_not(self._why_not(wanted))
        if self._trouble is not None:
            self.problem.setText(sentence(self._trouble, self.desk.language))
        self.problem.setVisible(self._trouble is not None and not busy)

    def _tick_words(self, entry: Entry | None) -> str:
        if entry is not None and entry.prepared is not None and not entry.read and self.viewer.page_count:
            return self.tr("Look at every page first: {seen} of {count}").format(
                seen=self.pages_seen(entry), count=self.viewer.page_count
            )
        return self.tr("I have read this paper; sign it")

    def _why_not(self, wanted: int) -> str:
        if self.flow.stage:
            return self.tr("The key is signing…")
        if not wanted:
            return self.tr("Read a paper to its end and tick it")
        if self.keys.key() is None:
            return self.tr("Choose the key file or the token")
        return ""

    def retranslate(self) -> None:
        self.setWindowTitle(self.tr("Sign several papers"))
        self.title.setText(self.tr("Sign several papers by one PIN"))
        self.explained.setText(
            self.tr(
                "Every paper is read to its last page; exactly what you read is signed. "
                "Space in the list: next page, then the next paper."
            )
        )
        self.table.rows.retranslate()
        self.table.setAccessibleName(self.tr("Papers that wait for the signature"))
        self.bar.setAccessibleName(self.tr("How many are signed"))
        self.stop.set_text(self.tr("Stop after this paper"))
        self.leave.set_text(self.tr("Close"))
        self.sign.set_text(self.tr("Sign the ticked ones"))
        self.keys.retranslate()
        self._show()
