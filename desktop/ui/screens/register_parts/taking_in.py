"""While the server is away: applications are taken in without a number; here is what waits, and what came of it."""

from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QDialog, QFrame, QHBoxLayout, QVBoxLayout, QWidget

from desktop.cases.registering import register_application
from desktop.ui import taken_in, theme
from desktop.ui.screens.case_parts.part import Scrolling, clear
from desktop.ui.screens.register_parts.slip import SlipDialog
from desktop.ui.taken_in import TakenIn
from desktop.ui.widgets.plain import Button, PlainLabel
from desktop.ui.widgets.tab_order import TabsByEye

_TONES = {taken_in.WAITING: "soon", taken_in.REGISTERED: "done", taken_in.REFUSED: "late"}


class Strip(QFrame):
    """Over the form: that nothing can be registered now, or that something waits."""

    def __init__(self, desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self.setObjectName("register.taken_in")
        theme.mark(self, notice="soon")
        self.text = PlainLabel(parent=self, wrap=True, name="register.taken_in.text")
        self.show_list = Button(parent=self, name="register.taken_in.show")
        layout = QHBoxLayout(self)
        layout.setContentsMargins(theme.spacing(4), theme.spacing(1), theme.spacing(2), theme.spacing(1))
        layout.addWidget(self.text, 1)
        layout.addWidget(self.show_list)

    def say(self) -> None:
        away, waiting = self._desk.link.is_away, len(self._desk.intake.unregistered)
        words = []
        if away:
            words.append(
                self.tr(
                    "The server is away: applications are taken in without a number and registered when it is back."
                )
            )
        if waiting:
            words.append(self.tr("Taken in, NOT YET REGISTERED: %n", "", waiting))
        if not words:
            words.append(self.tr("What was taken in without the server is registered"))
        self.text.setText(" ".join(words))
        self.show_list.set_text(self.tr("Show"))
        self.show_list.setVisible(bool(self._desk.intake.entries))
        self.setVisible(away or bool(self._desk.intake.entries))


class TakenInPage(QWidget):
    """The list. ``may_act``: the server knows who sits here; else it can be read and printed, no more."""

    back_asked = Signal()
    correct_asked = Signal(object)  # TakenIn: back into the form
    case_chosen = Signal(int)

    def __init__(self, desk, parent: QWidget | None = None, *, may_act: bool = True) -> None:
        super().__init__(parent)
        self.setObjectName("taken_in")
        self._desk, self._may_act = desk, may_act
        self._entries: tuple[TakenIn, ...] = ()
        self._cards: list[QWidget] = []
        self.title = PlainLabel(parent=self, role="title", wrap=True, name="taken_in.title")
        self.text = PlainLabel(parent=self, wrap=True, name="taken_in.text")
        self.back = Button(parent=self, icon="back", name="taken_in.back")
        self.register = Button(parent=self, kind="primary", icon="register", name="taken_in.register")
        self.tidy = Button(parent=self, kind="quiet", name="taken_in.tidy")
        self.back.clicked.connect(self.back_asked)
        self.register.clicked.connect(lambda: desk.intake.register_all(anybodys=True))
        self.tidy.clicked.connect(self._tidy)
        self.register.setVisible(may_act)
        self.area = Scrolling(self)
        buttons = QHBoxLayout()
        for button in (self.back, self.register, self.tidy):
            buttons.addWidget(button)
        buttons.addStretch(1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(*[theme.spacing(4)] * 4)
        layout.setSpacing(theme.spacing(3))
        layout.addWidget(self.title)
        layout.addWidget(self.text)
        layout.addLayout(buttons)
        layout.addWidget(self.area, 1)
        self.retranslate()

    def show_entries(self, entries: tuple[TakenIn, ...]) -> None:
        self._entries = entries
        clear(self.area.column)
        for card in self._cards:
            card.setParent(None)  # hidden already; what is found by its name is the new one
        self._cards = [self._card(number, entry) for number, entry in enumerate(entries)]
        for card in self._cards:
            self.area.column.addWidget(card)
        self.area.column.addStretch(1)
        away = self._desk.link.is_away
        some = any(one.state == taken_in.WAITING for one in entries)
        why = self.tr("The server is away") if away else "" if some else self.tr("Nothing waits")
        self.register.set_why_not(why)
        settled = any(one.state == taken_in.REGISTERED for one in entries)
        self.tidy.setVisible(self._may_act and settled)

    def _card(self, number: int, entry: TakenIn) -> QWidget:
        language = self._desk.language
        card = QFrame(self)
        card.setObjectName(f"taken_in.{number}")
        card.setProperty("role", "card")
        name = PlainLabel(language.text(entry.holder), card, role="heading", wrap=True)
        facts = PlainLabel(
            f"{entry.application['identifier']} · {language.text(entry.service)}", card, wrap=True
        )
        taken = self.tr("Taken in {moment}, {clerk}").format(
            moment=language.format_moment(entry.taken_at.astimezone()), clerk=language.text(entry.clerk)
        )
        when = PlainLabel(taken, card, role="small", wrap=True)
        state = PlainLabel(self._state_words(entry), card, wrap=True, name=f"taken_in.{number}.state")
        theme.mark(state, tone=_TONES[entry.state])
        words = QVBoxLayout()
        for label in (name, facts, when, state):
            words.addWidget(label)
        row = QHBoxLayout(card)
        row.setContentsMargins(*[theme.spacing(3)] * 4)
        row.addLayout(words, 1)
        for button in self._buttons(number, entry, card):
            row.addWidget(button)
        return card

    def _buttons(self, number: int, entry: TakenIn, card: QWidget) -> list[Button]:
        wanted = []
        if entry.state != taken_in.REGISTERED:
            wanted.append(("slip", self.tr("Provisional slip…"), partial(self._show_slip, entry)))
        if self._may_act and entry.state == taken_in.REFUSED:
            wanted += [
                ("correct", self.tr("Back into the form"), partial(self.correct_asked.emit, entry)),
                ("remove", self.tr("Remove…"), partial(self._remove, entry)),
            ]
        if self._may_act and entry.case_id:
            wanted.append(("open", self.tr("Open the case"), partial(self.case_chosen.emit, entry.case_id)))
        made = []
        for key, text, act in wanted:
            button = Button(text, card, name=f"taken_in.{number}.{key}")
            button.clicked.connect(lambda _=False, act=act: act())
            made.append(button)
        return made

    def _state_words(self, entry: TakenIn) -> str:
        if entry.state == taken_in.REGISTERED:
            return self.tr("Registered under No {number}").format(number=entry.number)
        if entry.state == taken_in.REFUSED:
            told = self.tr("Not registered: {reason}")
            return told.format(reason=entry.why.get(self._desk.language.code, ""))
        return self.tr("NOT YET REGISTERED: no number, and no term has begun")

    def _show_slip(self, entry: TakenIn) -> None:
        SlipDialog(self._desk, entry, self.window()).open()

    def _remove(self, entry: TakenIn) -> None:
        question = self.tr("Remove this application and its scans? It was not registered.")
        if self._desk.ask(question, yes=self.tr("Remove"), danger=True):
            self._desk.intake.remove(entry)

    def _tidy(self) -> None:
        self._desk.intake.remove(*[one for one in self._entries if one.state == taken_in.REGISTERED])

    def retranslate(self) -> None:
        self.title.setText(self.tr("Taken in while the server was away"))
        self.text.setText(
            self.tr(
                "Each is registered once, in this order, when the server is back; the day of registration is the "
                "server's. Until then there is no number and no receipt."
            )
        )
        self.back.set_text(self.tr("Back to the form") if self._may_act else self.tr("Close"))
        self.register.set_text(self.tr("Register now"))
        self.tidy.set_text(self.tr("Clear those registered"))
        self.show_entries(self._entries)


class TakenInDialog(TabsByEye, QDialog):
    """The list before anybody has signed in: to be read and printed."""

    def __init__(self, desk, entries: tuple[TakenIn, ...], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("taken_in_list")
        self.page = TakenInPage(desk, self, may_act=False)
        self.page.show_entries(entries)
        self.page.back_asked.connect(self.accept)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.page)
        self.setWindowTitle(self.page.title.text())
        self.resize(theme.spacing(220), theme.spacing(140))
        self.finished.connect(self.deleteLater)


class TakingIn(QWidget):
    """Joins strip, list and form of the registration screen."""

    def __init__(self, screen) -> None:
        super().__init__(screen)
        self.hide()
        self._screen, self._desk = screen, screen.desk
        self._given_back: TakenIn | None = None  # stands in the form again
        self.strip, self.list = Strip(screen.desk, screen), TakenInPage(screen.desk, screen)
        screen.pages.addWidget(self.list)
        screen.layout().insertWidget(0, self.strip)
        self.strip.show_list.clicked.connect(self._show_list)
        self.list.back_asked.connect(screen._next)
        self.list.correct_asked.connect(self._correct)
        self.list.case_chosen.connect(screen.case_chosen)
        self._desk.intake.changed.connect(self.say)
        self._desk.link.away_changed.connect(self.say)
        self._desk.link.away_changed.connect(self._free)
        self._desk.finding_out_changed.connect(self._free)
        self.say()

    def say(self, *_: object) -> None:
        """Say again what can be done: register, or take in."""
        self.strip.say()
        self.list.show_entries(self._desk.intake.entries)
        away = self._desk.link.is_away
        side = self._screen.side
        side.save.set_text(self.tr("Take in, not yet registered") if away else self.tr("Register"))
        side.refuse.set_why_not(self.tr("The server is away") if away else "")

    def _free(self, *_: object) -> None:
        """An application whose registration is being found out joins the list: the next person is waiting."""
        if self._desk.link.is_away and self._desk.actor is not None:
            intent = self._desk.hand_over(register_application)
            if intent is not None:
                self.take_in(self._screen.made(), self._screen.page.values(), intent)

    def take_in(self, made, values, intent=None) -> None:
        """Keep what stands in the form on this computer; the form is free for the next one."""
        chosen = self._screen.page.service.chosen()
        self._screen._hold(self.tr("Taking in…"))
        self._desk.intake.take_in(
            made,
            values=values,
            service=chosen.service_title,
            now=self._desk.now(),
            then=self._taken,
            failed=self._not_taken,
            intent=intent,
        )

    def let_go(self) -> None:
        """What was given back into the form has been registered, or taken in anew."""
        entry, self._given_back = self._given_back, None
        if entry is not None:
            self._desk.intake.remove(entry)

    def _taken(self, entry: TakenIn) -> None:
        self.let_go()
        self._screen._empty()
        self._screen._hold("")
        self._desk.notices.show(
            self.tr("Taken in without a number: {name}. It is registered when the server is back.").format(
                name=self._desk.language.text(entry.holder)
            ),
            "info",
        )
        self._show_list()

    def _not_taken(self, _error: BaseException) -> bool:
        self._screen._hold("")
        return False

    def _show_list(self) -> None:
        self.list.show_entries(self._desk.intake.entries)
        self._screen.pages.setCurrentWidget(self.list)

    def _correct(self, entry: TakenIn) -> None:
        """Put a refused one back into the form; it leaves the list when the form is registered or taken in anew."""
        self._screen.page.show_values(entry.values)
        self._screen._service_changed()
        self._screen.page.show_values(entry.values)
        self._given_back = entry
        self._screen._next()
        self._screen.check()

    def retranslate(self) -> None:
        self.list.retranslate()
        self.say()
