"""A code becomes a sentence here, once: what happened, whether anything was saved, what to do next.

Our own defects get one dialog with a report number; everything else is a notice.
"""

import logging
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime

from PySide6.QtCore import QCoreApplication, QObject, Signal

from desktop.errors import BadInput, NotAllowed, Told, Unavailable
from desktop.regulation.model import Text
from desktop.ui.language import current_code
from desktop.ui.sentences import sentences

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Notice:
    """``kind``: done, info, refused (the rules say no), failed, or waiting (not known yet: it stays until it is).

    ``action`` names what ``act`` does.
    """

    text: str
    kind: str = "info"
    action: str = ""
    act: Callable[[], None] | None = None
    code: str = ""


class Notices(QObject):
    """The one way to speak to the person; the window's bar listens, tests record."""

    told = Signal(object)  # Notice
    defect_told = Signal(str, str)  # report number, details
    found_out = Signal()  # nothing is being found out any more
    overtaken = Signal()  # what was refused has been done after all

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.language = None  # set by Desk, for dates and names among the facts

    def show(
        self, text: str, kind: str = "info", *, action: str = "", act: Callable[[], None] | None = None
    ) -> None:
        """Say a sentence that is already in the reader's language."""
        self.told.emit(Notice(text, kind, action, act))

    def done(self, text: str) -> None:
        """Say that something was done, in the office's words."""
        self.show(text, "done")

    def finding_out(self, ask: Callable[[], None]) -> None:
        """Say that it is not known yet whether something was saved; ``ask`` asks the server now."""
        action = QCoreApplication.translate("Notices", "Ask now")
        code = "save-unknown"
        self.told.emit(Notice(say(code, {}, self.language), "waiting", action, ask, code))

    def tell(self, error: BaseException, *, retry: Callable[[], None] | None = None) -> None:
        """Say an error: a notice for what the person can act on, the defect dialog for the rest."""
        if isinstance(error, NotAllowed | BadInput):
            log.info("not allowed: %s", error.code)
            self.told.emit(Notice(sentence(error, self.language), "refused", code=error.code))
        elif isinstance(error, Unavailable):
            log.warning("unavailable: %s", error.code, exc_info=error)
            action = QCoreApplication.translate("Notices", "Try again") if retry else ""
            self.told.emit(Notice(sentence(error, self.language), "failed", action, retry, error.code))
        else:
            number = report_number()
            log.error("report %s", number, exc_info=error)
            self.defect_told.emit(number, details_of(error, number))


def report_number() -> str:
    """Return the number under which a defect stands in the log: eight letters and digits."""
    import secrets  # brings OpenSSL with it: 3 MB

    return secrets.token_hex(4).upper()


def details_of(error: BaseException, number: str) -> str:
    """Return what *Copy details* copies: where it went wrong, without the values (they may hold names)."""
    lines = [f"{number} {type(error).__name__}"]
    for frame in traceback.extract_tb(error.__traceback__):
        place = frame.filename.replace("\\", "/").split("/desktop/")[-1]
        lines.append(f"  {place}:{frame.lineno} {frame.name}")
    return "\n".join(lines)


def sentence(error: BaseException, language=None) -> str:
    """Return the sentence for an error in the language in use; a defect gets the general one."""
    if isinstance(error, Told):
        return say(error.code, error.facts, language)
    return say("defect", {}, language)


def say(code: str, facts: dict | None = None, language=None) -> str:
    """Return the sentence of a code with its facts, in a Language, in "kk", "ru" or "en", or in that of the windows.

    Facts a sentence needs but did not get are shown as "…".
    """
    known = sentences()
    if code not in known:
        log.error("no sentence for code %s", code)
        code, facts = "unknown-code", {"code": code}
    facts = facts or {}
    if code == "regulation-broken" and f"regulation-fault-{facts.get('reason')}" in known:
        facts = facts | {"reason": say(f"regulation-fault-{facts['reason']}", facts, language)}
    if code == "case-moved-on" and f"did-{facts.get('what')}" in known:
        facts = facts | {"what": say(f"did-{facts['what']}", {}, language)}
    in_use = language if isinstance(language, str) else getattr(language, "code", None) or current_code()
    shown = _Facts({name: _shown(value, in_use, money=name in _MONEY) for name, value in facts.items()})
    return known[code][in_use].format_map(shown)


_MONEY = frozenset({"due", "paid", "tenge"})  # facts that are sums when they are numbers


class _Facts(dict):
    def __missing__(self, name: str) -> str:
        log.error("a sentence lacks the fact %s", name)
        return "…"


def _shown(value: object, code: str, *, money: bool = False) -> str:
    if money and isinstance(value, int):
        return f"{value:,}".replace(",", "\u00a0")
    if isinstance(value, Text):
        return value.in_language(code)
    if isinstance(value, datetime):
        return f"{value:%d.%m.%Y %H:%M}"
    if isinstance(value, date):
        return f"{value:%d.%m.%Y}"
    if isinstance(value, list | tuple | set | frozenset):
        return ", ".join(_shown(one, code) for one in value)
    return str(value)
