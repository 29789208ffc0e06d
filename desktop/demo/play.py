"""One case played by the office's people at the program's windows, from the counter to its end."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel

from desktop.demo.facts import CaseFacts
from desktop.demo.hands import Hands
from desktop.demo.story import Clock
from desktop.queries.rows import CaseCard
from desktop.regulation import identifiers
from desktop.regulation.model import Act, Channel, Effect, Paper
from desktop.regulation.terms import WorkingCalendar

if TYPE_CHECKING:
    from desktop.ui.main_window import MainWindow

_SLACK = timedelta(minutes=5)  # a signature this far ahead of the world's clock still counts as made now
_HASTE = timedelta(seconds=5)


@dataclass(kw_only=True)
class Stage:
    """The windows, the clock and the things the play needs. ``cards()`` reads a case behind the scenes, to know
    what the law calls an outcome; everything is *done* by hand."""

    hands: Hands
    clock: Clock
    calendar: WorkingCalendar
    window: "MainWindow"
    read_card: Callable[[int], CaseCard]
    fee_due: Callable[[date], int]
    executor_id: int
    papers: tuple[Paper, ...]
    scans: tuple[Path, ...]
    pictures: Path
    passwords: str | Mapping[str, str]  # one for all, or one by login
    pin: str
    present: datetime  # the world's own time: a signature stated after it would not be valid yet
    taken: int = 0

    def picture(self, name: str) -> None:
        self.taken += 1
        self.hands.picture(self.pictures / f"{self.taken:02d}-{name}.png")

    def wait_until(self, moment: datetime, *, hurry: bool = True) -> None:
        """Let the office's time pass to the next working moment at or after ``moment``.

        With ``hurry`` a case received of late is carried on at once instead of running ahead of the present.
        """
        wanted = self.calendar.next_working_moment(max(moment, self.clock.now))
        if hurry and self.clock.now <= self.present + _SLACK and wanted > self.present:
            wanted = self.clock.now + _HASTE
        self.clock.now = wanted

    def sit_down(self, login: str) -> None:
        """Give the desk up if somebody sits there, and sign in as ``login``."""
        if self.window.desk.actor is not None:
            if self.window.desk.actor.login == login:
                return
            self.hands.click("navigation.sign_out")
        self.hands.write("start.login", login)
        own = self.passwords if isinstance(self.passwords, str) else self.passwords[login]
        self.hands.write("start.password", own)
        self.hands.click("start.sign_in")
        self.hands.wait(lambda: self.window.desk.actor is not None, f"{login} to be signed in")
        self.hands.settle()

    def go(self, place: str) -> None:
        self.hands.settle()
        self.hands.click(f"navigation.{place}")
        self.hands.see(f"screen.{place}")
        self.hands.settle()


@dataclass
class Played:
    """What came of a case."""

    case_id: int
    case_number: str
    due: datetime
    steps: list[dict[str, str]] = field(default_factory=list)


class Play:
    """Carries one case through the windows; ``name`` leads its pictures' names."""

    def __init__(
        self, stage: Stage, told: CaseFacts, sub_types: tuple[str, ...], name: str, channel: Channel
    ) -> None:
        self.stage, self.told, self.sub_types = stage, told, sub_types
        self.name, self.channel = name, channel
        self.case_id = 0

    def run(self) -> Played:
        """Play every step the case comes to, whatever the law calls it, until it is closed."""
        self._register()
        played = None
        for _turn in range(20):
            card = self._card()
            played = played or Played(card.case_id, card.number, card.due_at)
            if card.act is None:
                break
            step = card.step.kk if card.step else ""
            {
                Act.ASSIGN: self._assign,
                Act.CHECK: self._check,
                Act.ASK: self._answer,
                Act.DECIDE: self._decide,
                Act.SIGN: self._sign,
                Act.DELIVER: self._deliver,
            }[card.act](card)
            self.stage.hands.wait(partial(self._moved_on, card), f"{step} to be done")
        assert played is not None
        card = self._card()
        played.steps = [
            {
                "step": stop.title.kk,
                "act": stop.act.value,
                "by": stop.done_by.kk if stop.done_by else "",
                "at": _iso(stop.done_at),
            }
            for stop in card.route
            if stop.state == "done"
        ]
        return played

    # the steps

    def _register(self) -> None:
        stage, hands, told = self.stage, self.stage.hands, self.told
        stage.clock.now = max(stage.clock.now, told.received)
        stage.sit_down("clerk")
        stage.go("register")
        hands.choose("register.channel", lambda data: data == self.channel.value)
        if self.channel is not Channel.OFFICE:
            hands.write("register.received_date", f"{told.received:%d.%m.%Y}")
            hands.write("register.received_time", f"{told.received:%H:%M}")
            hands.write("register.outside_number", f"{told.received:%y%m%d}-0147")
        hands.choose("register.kind", lambda data: bool(data) == told.is_legal_entity)
        hands.write("register.identifier", told.identifier)
        hands.leave("register.identifier")
        if identifiers.problem(told.identifier) is not None:
            hands.tick("register.identifier_confirmed")
        hands.write("register.holder_kk", told.holder_kk)
        hands.write("register.holder_ru", told.holder_ru)
        hands.write("register.holder_address", told.site)
        hands.write("register.phone", "+7 7112 50 11 39")
        hands.write("register.site", told.site)
        chosen = hands.tick_items(
            "register.sub_types", lambda item: item.data(Qt.ItemDataRole.UserRole) in self.sub_types
        )
        if chosen != len(self.sub_types):
            raise ValueError(f"{chosen} of {len(self.sub_types)} sub-types could be chosen")
        hands.write("register.fee_receipt", f"{told.received:%H%M%S%f}"[:10])
        hands.write("register.fee_paid_on", f"{told.received:%d.%m.%Y}")
        hands.write("register.fee_tenge", str(stage.fee_due(told.received.date())))
        self._bring_papers()
        hands.tick("register.consent")
        stage.picture(f"{self.name}-register")
        if hands.find("register.duplicates.confirm") is not None:
            hands.tick("register.duplicates.confirm")
        hands.click("register.save")
        done = hands.see("register.done.number")
        assert isinstance(done, QLabel)
        hands.wait(lambda: bool(done.text()), "the incoming number")
        screen = stage.hands.see("screen.register")
        self.case_id = screen.done.registered.case_id
        stage.picture(f"{self.name}-registered")
        hands.click("register.done.next")

    def _bring_papers(self) -> None:
        """Tick the required papers, give their sheets and terms, and drop the scans on the form all at once."""
        hands, later = self.stage.hands, self.told.received.date() + timedelta(days=400)
        for paper in self.stage.papers:
            if not paper.required:
                continue
            name = f"register.paper.{paper.id}"
            hands.tick(name)
            hands.write(f"{name}.sheets", "1")
            if paper.expires:
                hands.write(f"{name}.expires", f"{later:%d.%m.%Y}")
        screen = hands.see("screen.register")
        hands.drop(screen, [str(path) for path in self.stage.scans])
        hands.wait(lambda: len(screen.page.scans.scans) == len(self.stage.scans), "the scans")

    def _assign(self, card: CaseCard) -> None:
        self.stage.wait_until(self.stage.clock.now + timedelta(minutes=7))
        self._open(card, "head")
        self.stage.hands.click(f"case.person.{self.stage.executor_id}")
        self._take(Effect.FORWARD, "visa")

    def _check(self, card: CaseCard) -> None:
        self.stage.wait_until(self.stage.clock.now + timedelta(hours=2))
        self._open(card, "executor")
        for row in card.inventory:
            self.stage.hands.key(f"case.check.{row.paper.id}", Qt.Key.Key_1 if row.brought else Qt.Key.Key_2)
        self._take(Effect.COMPLETE, "completeness")

    def _answer(self, card: CaseCard) -> None:
        request = card.requests[-1]
        silent = self.told.answer is Effect.NO_ANSWER
        if silent:
            self.stage.wait_until(request.due_at + timedelta(minutes=1), hurry=False)
        else:
            self.stage.wait_until(self.stage.clock.now + timedelta(days=3))
        self._open(card, "executor")
        if not silent:
            self.stage.hands.write("case.answer_number", f"24-11/{self.case_id}")
            self.stage.hands.write("case.answer_date", f"{self._today():%d.%m.%Y}")
        self._take(self.told.answer, "answer")

    def _decide(self, card: CaseCard) -> None:
        self.stage.wait_until(self.stage.clock.now + timedelta(hours=1))
        self._open(card, "executor")
        refused = self.told.answer is Effect.DOES_NOT_CONFORM
        for number, row in enumerate(card.requirements):
            unmet = refused and number == 1
            self.stage.hands.key(
                f"case.requirement_check.{row.requirement.id}", Qt.Key.Key_2 if unmet else Qt.Key.Key_1
            )
        if refused:
            for ground in card.grounds[:2]:  # a requirement is not met, and the authority has said so
                self.stage.hands.tick(f"case.ground.{ground.id}")
        self._take(Effect.REFUSE if refused else Effect.GRANT, "decision")

    def _sign(self, card: CaseCard) -> None:
        self.stage.wait_until(self.stage.clock.now + timedelta(minutes=40))
        hands = self.stage.hands
        self._open(card, "head")
        hands.see("case.to_sign")
        self._take(Effect.SIGNED, "signature")
        hands.write("pin.pin", self.stage.pin)
        self.stage.picture(f"{self.name}-pin")
        hands.click("pin.sign")

    def _deliver(self, card: CaseCard) -> None:
        self.stage.wait_until(self.stage.clock.now + timedelta(minutes=30))
        self._open(card, "clerk")
        self.stage.hands.write("case.receiver", self.told.holder_kk)
        self.stage.hands.write("case.identity_document", "№ 041234567")
        self._take(Effect.DELIVERED, "delivery")

    # how

    def _open(self, card: CaseCard, login: str) -> None:
        """Sign in as who the step waits for, find the case on the desk by its number and open it."""
        stage, hands = self.stage, self.stage.hands
        stage.sit_down(login)
        stage.go("desk")
        hands.write("desk.filter", card.number)
        listed = hands.see("desk.list")
        hands.wait(lambda: _first_case(listed) == card.case_id, f"case {card.number} on the desk of {login}")
        hands.key("desk.list", Qt.Key.Key_Home)
        hands.key("desk.list", Qt.Key.Key_Return)
        screen = hands.see("screen.case")
        hands.wait(
            lambda: (
                screen.card is not None
                and (screen.card.case_id, screen.card.version) == (card.case_id, card.version)
            ),
            f"case {card.number} to be shown",
        )
        hands.settle()

    def _take(self, effect: Effect, name: str) -> None:
        """Take the outcome that means ``effect``: the primary button's, or the one beside it."""
        hands = self.stage.hands
        hands.settle()
        beside = f"case.outcome.{effect.value}"
        button = beside if hands.find(beside) is not None else "case.primary"
        hands.wait(lambda: hands.see(button).isEnabled(), f"{button} to be enabled")
        self.stage.picture(f"{self.name}-{name}")
        hands.click(button)

    def _moved_on(self, before: CaseCard) -> bool:
        """A page that goes to the signature makes a new version too; the step is done when the case stands elsewhere."""
        now = self._card()
        return now.version != before.version and (now.step, now.act) != (before.step, before.act)

    def _card(self) -> CaseCard:
        return self.stage.read_card(self.case_id)

    def _today(self) -> date:
        return self.stage.calendar.local(self.stage.clock.now).date()


def _first_case(listed: Any) -> int | None:
    """Return the case in the first line of the desk's list that holds one, if it is the only one."""
    from desktop.ui.screens.desk import ROW

    model = listed.model()
    rows = [model.index(row, 0).data(ROW) for row in range(model.rowCount())]
    found = [row.case_id for row in rows if hasattr(row, "case_id")]
    return found[0] if len(found) == 1 else None


def _iso(moment: datetime | None) -> str:
    return moment.isoformat(timespec="minutes") if moment else ""
