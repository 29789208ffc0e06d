"""The counter goes on while the server is away: what was taken in meanwhile is registered once when it is back.

In the order of taking in, one after another, each under an intent of its own; what came of each is written down
beside it. What the rules refuse stays with its reason; a line lost again only means later.
"""

import datetime as clock
from typing import Any

from PySide6.QtCore import QObject, Signal

from desktop.errors import BadInput, NotAllowed, Told, Unavailable
from desktop.regulation.model import Text
from desktop.regulation.rights import Command
from desktop.ui import taken_in
from desktop.ui.language import LANGUAGES
from desktop.ui.messages import say
from desktop.ui.taken_in import TakenIn


def register_entry(store, actor, *, entry: TakenIn, draw) -> Any:
    """Register one, unless it may be a duplicate nobody has looked at; runs on the store lane."""
    from desktop.cases.persisting import done_before
    from desktop.cases.registering import register_application
    from desktop.queries.duplicates import possible
    from desktop.ui.screens.register_parts.entry import files_of

    application = entry.made()
    if not entry.confirmed and done_before(store) is None:
        found = possible(store, actor, application=application)
        if found:
            raise NotAllowed("taken-in-duplicate", number=found[0].number)
    return register_application(
        store, actor, application=application, files=files_of(entry.values), draw=draw
    )


class Intake(QObject):
    """What lies on this computer for the database at hand; ``changed`` whenever that is something else."""

    changed = Signal()

    def __init__(self, desk) -> None:
        super().__init__(desk)
        self._desk = desk
        self._working = False
        self._results = [0, 0]  # registered and refused since it began
        self.entries: tuple[TakenIn, ...] = ()
        desk.signed_in.connect(self.load)
        desk.link.away_changed.connect(self._away_changed)

    @property
    def place(self) -> str:
        url = getattr(self._desk.store, "url", None)
        return taken_in.place_of(url.render_as_string()) if url is not None else ""

    @property
    def unregistered(self) -> tuple[TakenIn, ...]:
        return tuple(one for one in self.entries if one.state != taken_in.REGISTERED)

    def load(self) -> None:
        """Read what lies here; whoever took it in has it registered as soon as that can be done."""
        if self.place and self._desk.may(Command.REGISTER):
            self._desk.files(taken_in.load_all, then=self._loaded, place=self.place)

    def take_in(
        self, made, *, values: dict[str, Any], service: Text, now: clock.datetime, then, failed, intent=None
    ) -> None:
        """Keep an application without a number; ``then(entry)`` once it and its scans are on disk."""
        from desktop.cases.application import to_json

        actor = self._desk.actor
        entry = TakenIn(
            id=taken_in.new_id(),
            taken_at=now,
            clerk_id=actor.person_id,
            clerk=Text(actor.name_kk, actor.name_ru),
            service=service,
            application=to_json(made.application),
            values=values,
            intent=(intent.id, intent.digest) if intent is not None else ("", ""),
        )

        def kept(one: TakenIn) -> None:
            self.entries = (*self.entries, one)
            self.changed.emit()
            then(one)

        self._desk.files(taken_in.keep, then=kept, on_error=failed, place=self.place, entry=entry)

    def register_all(self, *, anybodys: bool = False) -> None:
        """Register what waits: one's own, or (asked to) every clerk's of this workstation."""
        if self._working or self._desk.link.is_away or not self._desk.may(Command.REGISTER):
            return
        mine = self._desk.actor.person_id
        waiting = (one for one in self.entries if one.state == taken_in.WAITING)
        entry = next((one for one in waiting if anybodys or one.clerk_id == mine), None)
        if entry is None:
            self._tell_results()
            return
        self._working = self._desk.do(
            register_entry,
            then=lambda registered: self._registered(entry, registered, anybodys),
            on_error=lambda error: self._refused(entry, error, anybodys),
            intent=_intent_of(entry),
            entry=entry,
            draw=self._desk.draw,
        )

    def remove(self, *entries: TakenIn) -> None:
        """Let go of some of them."""
        self._desk.files(taken_in.remove, then=lambda _: self.load(), place=self.place, entries=entries)

    # one after another

    def _away_changed(self, away: bool) -> None:
        if not away:
            self.register_all()
        self.changed.emit()

    def _loaded(self, entries: tuple[TakenIn, ...]) -> None:
        self.entries = entries
        self.changed.emit()
        self.register_all()

    def _registered(self, entry: TakenIn, registered: Any, anybodys: bool) -> None:
        self._results[0] += 1
        told = {"number": registered.number, "case_id": registered.case_id}
        self._note(taken_in.settle, anybodys, entry=entry, **told)

    def _refused(self, entry: TakenIn, error: BaseException, anybodys: bool) -> bool:
        if isinstance(error, Unavailable):
            self._working = False  # the line is lost again: later
            return True
        if not isinstance(error, NotAllowed | BadInput):
            self._working = False
            return False
        self._results[1] += 1
        self._note(taken_in.refuse, anybodys, entry=entry, why=_why(error))
        return True

    def _note(self, fn, anybodys: bool, **facts: Any) -> None:
        def noted(_: Any) -> None:
            self._working = False
            self._desk.files(taken_in.load_all, then=read, place=self.place)

        def read(entries: tuple[TakenIn, ...]) -> None:
            self.entries = entries
            self.changed.emit()
            self.register_all(anybodys=anybodys)

        self._desk.files(fn, then=noted, on_error=self._not_noted, place=self.place, **facts)

    def _not_noted(self, _error: BaseException) -> bool:
        self._working = False  # sent again later, its intent finds that it was done
        return False

    def _tell_results(self) -> None:
        registered, refused = self._results
        self._results = [0, 0]
        if registered:
            self._desk.notices.done(
                self.tr("%n application(s) taken in without the server: registered", "", registered)
            )
        if refused:
            self._desk.notices.show(
                self.tr("%n application(s) taken in could not be registered: see the list", "", refused),
                "refused",
            )


def _intent_of(entry: TakenIn) -> Any:
    """The intent of its registration: of its first sending, or its own id."""
    from uuid import UUID

    from desktop.cases.intents import Intent

    return Intent(*entry.intent) if entry.intent[0] else Intent(str(UUID(entry.id)))


def _why(error: Told) -> dict[str, str]:
    """The reason by language, with everything else that is wrong."""
    wrong = [error, *error.facts.get("also", ())]
    return {code: " ".join(say(one.code, one.facts, code) for one in wrong) for code in LANGUAGES}
