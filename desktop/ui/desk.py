"""The desk a person sits at: who is signed in, what is open, and the one way for screens to read and to act.

A screen asks ``desk.read`` for rows and ``desk.do`` for a command. Both run off the GUI thread; the answer comes
back to the asking screen, or nowhere when that screen is gone. A slot therefore has one line and no ``try``.
"""

import functools
from collections import deque
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import shiboken6
from PySide6.QtCore import QObject, Signal

from desktop import settings as settings_file
from desktop.errors import NotAllowed
from desktop.regulation.rights import Actor, Command, may
from desktop.ui.alarms import Alarms
from desktop.ui.arriving import Arriving
from desktop.ui.changes import Changed
from desktop.ui.entering import Door
from desktop.ui.errands import Errand
from desktop.ui.intake import Intake
from desktop.ui.link import Link
from desktop.ui.messages import Notices
from desktop.ui.tasks import Tasks

__all__ = ["Changed", "Desk"]

Then = Callable[[Any], None]
OnError = Callable[[BaseException], bool | None]


class Desk(QObject):
    """Everything a screen is handed. ``store`` is opaque to the windows; ``actor`` is None until sign-in."""

    changed = Signal(object)  # Changed
    signed_in = Signal()
    signed_out = Signal()
    busy_changed = Signal(int)
    finding_out_changed = Signal(int)  # of how many commands it is not known yet whether they were saved

    def __init__(
        self,
        *,
        tasks: Tasks,
        language,
        settings,
        notices: Notices | None = None,
        store: Any = None,
        actor: Actor | None = None,
        ask: Callable[..., bool] | None = None,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self.tasks, self.language, self.settings = tasks, language, settings
        self.notices = notices or Notices(self)
        self.notices.language = language
        self.store, self.actor = store, actor
        self.door: Door | None = (
            None  # where the database lets each in by himself: his way to a store of his own
        )
        self.alarms = Alarms(self)
        self.to_keep: Callable[[Any], Any] = lambda settings: settings  # what of them belongs into the file
        self._ask = ask
        self._doing: dict[object, Errand] = {}
        self._intents: Any = None  # made with the first command: the window opens without what it needs
        self._own_ids: deque[str] = deque(maxlen=500)  # of the commands sent from here
        self._latest: dict[object, int] = {}
        self._ahead = timedelta(0)  # of the office's clock before this computer's
        tasks.busy_changed.connect(self.busy_changed)
        self.link = Link(self, self)
        self.intake = Intake(self)
        self.arriving = Arriving(self)

    # who

    def sign_in(self, actor: Actor) -> None:
        """Begin the day of ``actor``; every screen hears ``signed_in``."""
        self.actor = actor
        self.signed_in.emit()
        self.ask_again()

    def sign_out(self) -> None:
        self.actor = None
        self.signed_out.emit()

    def may(self, *commands: Command) -> bool:
        """Return whether the person signed in may ever use one of the commands (for showing, not for guarding)."""
        return self.actor is not None and any(may(self.actor.roles, command) for command in commands)

    # when

    def hear_time(self, now: datetime) -> None:
        """Take over the office's time, as its database just told it."""
        self._ahead = now - datetime.now(UTC)

    def now(self) -> datetime:
        """Return the office's time (aware), which is the database's and not this computer's; nothing is asked."""
        return datetime.now(UTC) + self._ahead

    # what

    def read(
        self, fn, *, then: Then, on_error: OnError | None = None, latest: str = "", **kwargs: Any
    ) -> None:
        """Run ``fn(store, actor, **kwargs)`` on the store lane, then ``then(result)`` here.

        ``latest`` names a question of which only the newest answer matters (a search as it is typed).
        ``on_error`` may return True: it has shown the error itself.
        """
        self._run("store", self._with_store(fn, kwargs), then, on_error, latest, retry=None)

    def do(
        self,
        fn,
        *,
        then: Then | None = None,
        on_error: OnError | None = None,
        said: str = "",
        changes: Changed | None = None,
        about: tuple[object, ...] = (),
        intent: Any = None,
        **kwargs: Any,
    ) -> bool:
        """Run the command ``fn(store, actor, **kwargs)``; afterwards say ``said`` and emit ``changed``.

        False when the same command for the same case is still under way: a double click does nothing twice.
        ``changes`` replaces what is worked out from ``case_id``, the result and the command's module. ``about``
        names an act that can be done once only (the signature of a document), whoever sends it and from where;
        ``intent`` goes on with one that was handed over.
        Whatever happens to the connection, it is done once, and the person is told the truth when it is known.
        """
        key = (fn, kwargs.get("case_id"))
        if key in self._doing:
            return False

        def finish(result: Any) -> None:
            self._end(key, errand)
            if said or errand.was_unknown:
                self.notices.done(said or self.tr("It was saved"))
            if then is not None and _alive(then):
                then(result)
            self.changed.emit(changes or _changes_of(fn, kwargs, result))

        def fail(error: BaseException) -> None:
            self._end(key, errand, error)
            self._doubt(error)
            if not (on_error is not None and _alive(on_error) and on_error(error)):
                self.notices.tell(error, retry=lambda: self._send(key, errand))
            if isinstance(error, NotAllowed) and error.code == "case-moved-on":
                self.changed.emit(_changes_of(fn, kwargs, None))

        errand = Errand(
            self,
            lambda store, actor: fn(store, actor, **kwargs),
            self._intent(fn, kwargs, about, intent),
            answered=finish,
            refused=fail,
            news=self._hear_of,
        )
        self._send(key, errand)
        return True

    def _intent(self, fn, kwargs: dict[str, Any], about: tuple[object, ...], given: Any) -> Any:
        from desktop.cases.intents import Intent, Intents

        if self._intents is None:
            self._intents = Intents()
        intent = given or (Intent.about(*about) if about else self._intents.of(fn, kwargs))
        self._own_ids.append(intent.id)
        return intent

    def hand_over(self, fn) -> Any:
        """Return the intent of a command on no case that is being found out, and leave finding out to who takes it.

        None when there is none, or it is just being asked after.
        """
        errand = self._doing.get((fn, None))
        if errand is None or not errand.tries or not errand.give_up():
            return None
        self._doing.pop((fn, None))
        self._hear_of(errand)
        return errand.intent

    def is_own(self, command_id: str) -> bool:
        """Return whether a command was sent from this desk; asked from another thread."""
        return command_id in tuple(self._own_ids)

    def _send(self, key: object, errand: Errand) -> None:
        if key not in self._doing:
            self._doing[key] = errand
            errand.send()

    def _end(self, key: object, errand: Errand, error: BaseException | None = None) -> None:
        self._doing.pop(key, None)
        self._intents.close(errand.intent, error)

    def _hear_of(self, errand: Errand) -> None:
        if errand.tries == 1:
            self.notices.finding_out(errand.send)
        unknown = self.finding_out
        if not unknown:
            self.notices.found_out.emit()
        self.finding_out_changed.emit(unknown)

    @property
    def finding_out(self) -> int:
        """Of how many commands it is not known yet whether they were saved."""
        return sum(errand.tries > 0 for errand in self._doing.values())

    def ask_again(self) -> None:
        """Ask now after every command whose outcome is unknown: the server is back, or its person is."""
        for errand in list(self._doing.values()):
            errand.send()

    def is_doing(self) -> bool:
        """Return whether a command is under way."""
        return bool(self._doing)

    def files(
        self, fn, *, then: Then, on_error: OnError | None = None, latest: str = "", **kwargs: Any
    ) -> None:
        """Run ``fn(**kwargs)`` on the lane of files: disk, rendering, printing, workbooks."""
        self._run("files", functools.partial(fn, **kwargs), then, on_error, latest, retry=None)

    def token(self, fn, *, then: Then, on_error: OnError | None = None, **kwargs: Any) -> None:
        """Run ``fn(**kwargs)`` on the lane of the signing token."""
        self._run("token", functools.partial(fn, **kwargs), then, on_error, "", retry=None)

    def systems(
        self, fn, *, then: Then, on_error: OnError | None = None, latest: str = "", **kwargs: Any
    ) -> None:
        """Run ``fn(**kwargs)`` on the lane of other systems: what waits for somebody else's answer."""
        self._run("systems", functools.partial(fn, **kwargs), then, on_error, latest, retry=None)

    def keep_settings(self, *, then: Then = lambda _: None, **values: Any) -> None:
        """Change settings of this workstation; where that changes anything, write the file and call ``then``."""
        changed = settings_file.changed(self.settings, **values)
        if changed != self.settings:
            self.settings = changed
            self.files(settings_file.save, then=then, settings=self.to_keep(changed))

    def ask(self, text: str, *, yes: str, title: str = "", danger: bool = False) -> bool:
        """Ask a question over the window; True for ``yes``. Tests hand in their own answer."""
        if self._ask is None:
            from desktop.ui.widgets.plain import ask

            return ask(_active_window(), text, title=title or yes, yes=yes, danger=danger)
        return self._ask(text, yes=yes, title=title or yes, danger=danger)

    @staticmethod
    def draw(kind, facts, seal: bytes | None) -> bytes:
        """Draw a paper: what commands take as ``draw``. The typesetter is loaded where it is called."""
        from desktop.documents.drawing import draw

        return draw(kind, facts, seal)

    # how

    def _with_store(self, fn, kwargs: dict[str, Any]):
        store, actor = self.store, self.actor
        return lambda: fn(store, actor, **kwargs)

    def _run(self, lane: str, work, then: Then, on_error: OnError | None, latest: str, retry) -> None:
        key = (id(_owner(then)), latest)
        turn = 0
        if latest:
            turn = self._latest[key] = self._latest.get(key, 0) + 1

        asked_by = self.actor

        def wanted() -> bool:
            # what one person asked is not shown to the next, nor to an empty chair
            same = asked_by is None or (self.actor is not None and self.actor.person_id == asked_by.person_id)
            return same and _alive(then) and (not latest or self._latest.get(key) == turn)

        def finish(result: Any) -> None:
            if wanted():
                then(result)

        def fail(error: BaseException) -> None:
            self._doubt(error)
            if wanted() and not (on_error is not None and on_error(error)) and not self._is_told(error):
                self.notices.tell(error)

        self.tasks.run(work, finish, on_error=fail, lane=lane)

    def _is_told(self, error: BaseException) -> bool:
        """The banner says already that the server is away."""
        return self.link.is_away and getattr(error, "code", "") == "database-gone"

    def _doubt(self, error: BaseException) -> None:
        if getattr(error, "code", "") == "database-gone":
            self.link.doubt()


def _changes_of(fn, kwargs: dict[str, Any], result: Any) -> Changed:
    case_id = kwargs.get("case_id") or getattr(result, "case_id", None)
    office = getattr(fn, "__module__", "").startswith(("desktop.cases.office", "desktop.cases.confirming"))
    return Changed(cases=frozenset({case_id} if case_id else ()), office=office)


def _owner(answer: Callable[..., Any]) -> QObject | None:
    """Return the QObject an answer belongs to: of a bound method, of a partial, or what a lambda holds."""
    while isinstance(answer, functools.partial):
        answer = answer.func
    holder = getattr(answer, "__self__", None)
    if isinstance(holder, QObject):
        return holder
    for cell in getattr(answer, "__closure__", None) or ():
        try:
            held = cell.cell_contents
        except ValueError:  # a name not bound yet
            continue
        if isinstance(held, QObject):
            return held
        if callable(held) and (found := _owner(held)) is not None:
            return found
    return None


def _alive(answer: Callable[..., Any]) -> bool:
    owner = _owner(answer)
    return owner is None or shiboken6.isValid(owner)


def _active_window():
    from PySide6.QtWidgets import QApplication

    return QApplication.activeWindow()
