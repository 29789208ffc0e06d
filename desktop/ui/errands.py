"""One press of a button until its outcome is known: sent, sent again, found out.

An errand keeps the intent of the press, so that however often it is sent it is done once. While its outcome
is unknown nothing is said but that it is being found out; the server is asked again and again, farther and farther
apart, until it answers. Nothing waits on the GUI thread: between two tries there is a timer and no worker is held.
"""

import functools
from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication, QObject, QTimer

from desktop.errors import Unavailable

UNKNOWN = "save-unknown"
BACK_OFF_S = (1, 2, 5, 10)  # between two tries to find out; the last one for as long as it takes


class Errand(QObject):
    """``work(store, actor)`` done for who sits at the desk, under one intent.

    ``answered(result)`` or ``refused(error)`` is called once for every time it is sent and settled; ``news()``
    whenever its outcome became unknown, is still unknown after another try, or is known at last.
    """

    def __init__(
        self,
        desk,
        work: Callable[[Any, Any], Any],
        intent: Any,
        *,
        answered: Callable[[Any], None],
        refused: Callable[[BaseException], None],
        news: Callable[["Errand"], None],
    ) -> None:
        super().__init__(desk)
        self._desk, self._work, self.intent = desk, work, intent
        self._answered, self._refused, self._news = answered, refused, news
        self._actor = desk.actor
        self._tries = 0
        self._sent = False
        self.was_unknown = False
        self._timer = QTimer(self, singleShot=True)
        self._timer.timeout.connect(self.send)

    @property
    def tries(self) -> int:
        """How often the server was asked in vain what came of it; 0: nothing is unknown."""
        return self._tries

    def send(self) -> None:
        """Send it, or ask after it; does nothing while it is under way or its person is not at the desk."""
        if self._sent or not self._is_mine():
            return
        self._timer.stop()
        store, actor = self._desk.store, self._desk.actor
        bound = store.intending(self.intent) if hasattr(store, "intending") else store
        self._sent = True
        self._desk.tasks.run(functools.partial(self._work, bound, actor), self._done, on_error=self._failed)

    def give_up(self) -> bool:
        """Ask no more: another goes on with its intent. False while it is being asked."""
        if self._sent:
            return False
        self._timer.stop()
        self._tries = 0
        return True

    def _is_mine(self) -> bool:
        """What one person did is not sent in the name of the next; it waits for its own."""
        if self._actor is None:
            return True
        here = self._desk.actor
        return here is not None and here.person_id == self._actor.person_id and self._desk.store is not None

    def _done(self, result: Any) -> None:
        self._sent = False
        self._settle()
        self._answered(result)

    def _failed(self, error: BaseException) -> None:
        self._sent = False
        # also what fails on the way to asking after an unknown outcome leaves it unknown
        lost = isinstance(error, Unavailable) and self.intent.course.unknown
        if lost or getattr(error, "code", "") == UNKNOWN:
            pause = BACK_OFF_S[min(self._tries, len(BACK_OFF_S) - 1)]
            self._tries += 1
            self.was_unknown = True
            self._timer.start(pause * 1000)
            self._news(self)
            return
        self._settle()
        self._refused(error)

    def _settle(self) -> None:
        if self._tries:
            self._tries = 0
            self._news(self)


_LEAVE = QT_TRANSLATE_NOOP(
    "Errand",
    "It is not known yet whether the last change was saved. After closing, look at the case before you repeat it. "
    "Close now?",
)


def may_leave_unknown(desk) -> bool:
    """Return whether the program may close: whoever closes it before the truth is known has to know that he does."""
    if not desk.finding_out:
        return True
    close = QCoreApplication.translate("Notices", "Close")
    return desk.ask(QCoreApplication.translate("Errand", _LEAVE), yes=close, danger=True)
