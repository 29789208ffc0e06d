"""Verify what is signed: drop it, learn who signed it and when, whether it is unchanged, trusted, revoked, real or a demo."""

from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QCheckBox, QFrame, QGridLayout, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from desktop.eds.verdict import Kind, Reason, SignatureSeen, Verdict
from desktop.regulation.rights import Command
from desktop.ui import theme
from desktop.ui.messages import say, sentence
from desktop.ui.screens.verify_parts.judging import (
    Checked,
    Known,
    in_register,
    judge_file,
    known,
    pair_of,
)
from desktop.ui.screens.verify_parts.protocol import ProtocolDialog
from desktop.ui.screens.verify_parts.signature import Line, lines_of
from desktop.ui.widgets.drop_area import DropArea
from desktop.ui.widgets.plain import Button, ElidedLabel, PlainLabel
from desktop.ui.widgets.screen import Screen

_AGREE = frozenset({"code-register-issued", "code-register-resumed"})


class VerifyScreen(Screen):
    """The answer in one head no one can mistake; the facts below it; certificate and chain folded."""

    def __init__(self, desk, parent: QWidget | None = None) -> None:
        super().__init__(desk, parent)
        self.setObjectName("screen.verify")
        self.setAcceptDrops(True)
        self._checked: Checked | None = None
        self._asked = 0
        self._text = ""  # of a code, pasted in place of a file
        self._paths = ("", "")  # what is judged, and what it signs where that stands apart
        self.title = PlainLabel(parent=self, role="title", name="verify.title")
        self.drop = DropArea(
            self, name="verify.drop", filters="(*)", tall=True, primary=True, shortcut="Ctrl+Return"
        )
        self.drop.several.connect(self.check_together)
        self.online = QCheckBox(self)
        self.online.setObjectName("verify.online")
        self.online.toggled.connect(lambda _: self._again())
        self.paste = Button(parent=self, icon="copy", name="verify.paste")
        self.paste.clicked.connect(lambda: self.check_text(QGuiApplication.clipboard().text()))
        self.register = PlainLabel(parent=self, wrap=True, name="verify.register").make_selectable()
        self.register.hide()
        self.beside = DropArea(self, name="verify.document", filters="(*)")
        self.beside.chosen.connect(self._with_document)
        self.beside.hide()
        self.busy = PlainLabel(parent=self, role="muted", name="verify.busy")
        self.busy.hide()
        self.result = QWidget(self)
        self._build_result()
        page = QWidget()
        page.setObjectName("page")
        page.setMaximumWidth(theme.spacing(220))
        column = QVBoxLayout(page)
        column.setContentsMargins(theme.spacing(6), theme.spacing(5), theme.spacing(6), theme.spacing(6))
        column.setSpacing(theme.spacing(4))
        pasted = QHBoxLayout()
        pasted.addWidget(self.paste)
        pasted.addStretch(1)
        column.addWidget(self.title)
        column.addWidget(self.drop)
        column.addLayout(pasted)
        for widget in (self.online, self.busy, self.beside, self.result, self.register):
            column.addWidget(widget)
        column.addStretch(1)
        self.scroll = scroll = QScrollArea(self)
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setWidget(page)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(scroll)
        self.setFocusProxy(self.drop)
        self.result.hide()
        self.retranslate()

    def _build_result(self) -> None:
        self.head = QFrame(self.result)
        self.head.setObjectName("verify.head")
        self.head_icon = PlainLabel(parent=self.head)
        self.head_word = PlainLabel(parent=self.head, role="display", wrap=True, name="verify.answer")
        self.head_text = PlainLabel(parent=self.head, wrap=True, name="verify.sentence").make_selectable()
        self.head_file = ElidedLabel(parent=self.head, role="muted", name="verify.file")
        words = QVBoxLayout()
        words.setSpacing(theme.spacing(1))
        for widget in (self.head_word, self.head_text, self.head_file):
            words.addWidget(widget)
        head = QHBoxLayout(self.head)
        head.setContentsMargins(*[theme.spacing(5)] * 4)
        head.setSpacing(theme.spacing(5))
        head.addWidget(self.head_icon, 0, Qt.AlignmentFlag.AlignTop)
        head.addLayout(words, 1)
        self.facts = _card([], self.result)
        self.unfold = Button(parent=self.result, kind="link", name="verify.details")
        self.unfold.clicked.connect(self._unfold)
        self.protocol = Button(parent=self.result, icon="print", name="verify.protocol")
        self.protocol.clicked.connect(self._show_protocol)
        self.details = _card([], self.result)
        self.details.hide()
        column = QVBoxLayout(self.result)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.spacing(4))
        column.addWidget(self.head)
        column.addWidget(self.facts)
        row = QHBoxLayout()
        row.addWidget(self.unfold)
        row.addStretch(1)
        row.addWidget(self.protocol)
        column.addLayout(row)
        column.addWidget(self.details)
        self.technical = PlainLabel(parent=self.result, role="muted", wrap=True, name="verify.technical")
        column.addWidget(self.technical)

    # checking

    def check_together(self, paths: list[str]) -> None:
        """Judge files dropped together: a signature and what it signs, else the first."""
        if len(paths) == 1:
            self.check(paths[0])
            return
        self.desk.files(pair_of, paths=paths, then=lambda pair: self.check(*pair), latest="pair")

    def check(self, path: str, document: str = "") -> None:
        """Read and judge a file; the roots come from the office, where there is one."""
        self._asked += 1
        self._paths, self._text = (path, document), ""
        self._look()

    def _answer_first(self) -> None:
        """On a low screen the answer with what it stands on comes up; what was asked goes out of sight."""
        below = self.result.y() + self.result.height() - self.scroll.viewport().height()
        bar = self.scroll.verticalScrollBar()
        bar.setValue(min(self.result.y() - theme.spacing(5), max(below, bar.value())))

    def check_text(self, text: str) -> None:
        """Judge the text of a code, as a telephone shows it."""
        if text.strip():
            self._asked += 1
            self._paths, self._text = (self.tr("Text of a code"), ""), text.strip()
            self._look()

    def _look(self) -> None:
        path, document = self._paths
        self.result.hide()
        self.register.hide()
        self.beside.hide()
        self.busy.setText(self.tr("Checking {file}…").format(file=Path(path).name))
        self.busy.show()
        if self.desk.store is None:
            self._judge(path, document, Known())
        else:
            self.desk.read(
                known, then=partial(self._judge, path, document), on_error=self._failed, latest="roots"
            )

    def _judge(self, path: str, document: str, known: Known) -> None:
        lane = self.desk.systems if self.online.isChecked() else self.desk.files
        lane(
            judge_file, path=path, known=known, at=self.desk.now(), document=document, text=self._text, online=self.online.isChecked(),
            then=self._show, on_error=self._failed, latest="verdict",
        )  # fmt: skip

    def _again(self) -> None:
        if self._text:
            self.check_text(self._text)
        elif self._paths[0]:
            self.check(*self._paths)

    def _with_document(self, document: str) -> None:
        self.check(self._paths[0], document)

    def _show_protocol(self) -> None:
        if self._checked is not None and self._checked.verdict is not None:
            ProtocolDialog(self.desk, self._checked, self).show()

    def _failed(self, _error: BaseException) -> bool:
        self.busy.hide()
        return False

    def _show(self, checked: Checked) -> None:
        self._checked = checked
        self.busy.hide()
        self.details.hide()
        self._say_result()
        self.result.show()
        QTimer.singleShot(0, self.result, self._answer_first)
        self.beside.setVisible(checked.wants_document)
        self.protocol.setVisible(checked.verdict is not None)
        self.unfold.setFocus() if self.unfold.isVisible() else None
        papers = checked.verdict.papers if checked.verdict is not None else ()
        if papers and self.desk.store is not None and self.desk.may(Command.READ_CASES):
            self.desk.read(in_register, papers=papers, then=self._say_register, latest="register")

    def _say_register(self, told: tuple[tuple[str, str], ...]) -> None:
        """Say what the register of this office holds under the numbers of the codes."""
        lines = [f"{say(code, {}, self.desk.language)} ({fact})" for code, fact in told]
        good = all(code in _AGREE for code, _ in told)
        theme.mark(self.register, tone="done" if good else "late")
        self.register.setText("\n".join(lines))
        self.register.setVisible(bool(lines))

    # words

    def _say_result(self) -> None:
        checked = self._checked
        if checked is None:
            return
        tone, icon = {
            "valid": ("done", "done"),
            "invalid": ("late", "late"),
            "unknown": ("paused", "paused"),
        }[checked.answer]
        demo = checked.verdict is not None and checked.verdict.valid and checked.verdict.demo
        word = {
            "valid": self.tr("The signature is valid"),
            "invalid": self.tr("The signature is not valid"),
            "unknown": self.tr("This cannot be checked"),
        }[checked.answer]
        if checked.verdict is not None and checked.verdict.kind is Kind.CODE:
            word = (
                self.tr("The code is genuine") if checked.answer == "valid" else self.tr("Do not rely on it")
            )
        if checked.wants_document:
            word = self.tr("The signed file is wanted too")
        if checked.verdict is not None and checked.verdict.reason is Reason.NO_SIGNATURE:
            word = self.tr("There is no signature")
        if demo:
            tone, icon, word = "soon", "demo", self.tr("Valid, but only a demonstration")
        theme.mark(self.head, notice=tone)
        theme.mark(self.head_word, tone=tone)
        self.head_icon.setPixmap(theme.pixmap(icon, theme.colour(tone), theme.spacing(14)))
        self.head_word.setText(word)
        self.head_file.setText(checked.name)
        language = self.desk.language
        if checked.verdict is None:
            self.head_text.setText(sentence(checked.error, language))
        else:
            self.head_text.setText(say(checked.verdict.reason.value, {}, language))
        self.head.setAccessibleName(f"{word}. {self.head_text.text()}")
        self._say_facts(checked.verdict)

    def _say_facts(self, verdict: Verdict | None) -> None:
        seen: tuple[SignatureSeen, ...] = verdict.signatures if verdict else ()
        brief, full = lines_of(seen, verdict, self.desk.language)
        folded = self.details.isHidden()
        self.facts = self._replaced(self.facts, brief)
        self.details = self._replaced(self.details, full)
        self.details.setVisible(bool(full) and not folded)
        self.facts.setVisible(bool(brief))
        self.unfold.setVisible(bool(full))
        self._say_unfold()

    def _replaced(self, old: QFrame, lines: list[Line]) -> QFrame:
        new = _card(lines, self.result)
        self.result.layout().replaceWidget(old, new)
        old.hide()
        old.deleteLater()
        return new

    def _say_unfold(self) -> None:
        hidden = self.details.isHidden()
        self.unfold.set_text(
            self.tr("Show the certificate and the chain") if hidden else self.tr("Hide the details")
        )

    def _unfold(self) -> None:
        self.details.setVisible(self.details.isHidden())
        self._say_unfold()

    def retranslate(self) -> None:
        self.title.setText(self.tr("Verify a paper"))
        self.drop.set_texts(
            self.tr(
                "Drop what is signed here: a PDF, a signature with its file, a picture of a code, a package"
            ),
            self.tr("Choose a file…"),
        )
        self.beside.set_texts(self.tr("Drop the file that was signed here"), self.tr("Choose the file…"))
        self.online.setText(self.tr("Ask the authorities over the network about revocation"))
        self.technical.setText(
            self.tr("This is a technical check; it does not stand for one by certified means.")
        )
        self.paste.set_text(self.tr("Check the copied text of a code"))
        self.protocol.set_text(self.tr("Protocol of the check…"))
        self._say_result()

    def dragEnterEvent(self, event) -> None:
        self.drop.dragEnterEvent(event)

    def dropEvent(self, event) -> None:
        self.drop.dropEvent(event)


def _card(lines: list[Line], owner: QWidget) -> QFrame:
    """Return a card of (label, text, tone) lines; a label alone is a heading."""
    card = QFrame(owner)
    card.setProperty("role", "card")
    grid = QGridLayout(card)
    grid.setContentsMargins(*[theme.spacing(4)] * 4)
    grid.setHorizontalSpacing(theme.spacing(6))
    grid.setVerticalSpacing(theme.spacing(2))
    grid.setColumnStretch(1, 1)
    for number, (label, text, tone) in enumerate(lines):
        if not text:
            grid.addWidget(PlainLabel(label, card, role="heading", wrap=True), number, 0, 1, 2)
            continue
        told = PlainLabel(text, card, wrap=True).make_selectable()
        if tone:
            told.setProperty("tone", tone)
        told.setAccessibleName(f"{label}: {text}")
        grid.addWidget(PlainLabel(label, card, role="label"), number, 0, Qt.AlignmentFlag.AlignTop)
        grid.addWidget(told, number, 1)
    return card
