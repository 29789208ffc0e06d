"""The log file of this workstation: what happened and where, never about whom.

Ids and case numbers may stand in it. IIN, names, passwords, PIN and file contents may not: long runs of digits are
masked, and a traceback is written without the values and messages of foreign exceptions, which may quote data.
"""

import contextlib
import logging
import os
import re
import sys
import threading
import traceback
from collections.abc import Callable
from pathlib import Path
from types import TracebackType

from desktop.errors import Told

FILE_NAME = "ruqsat.log"
_SIZE = 1024 * 1024
_KEPT = 5
_DIGITS = re.compile(r"\d{9,}")
_UNSEEN = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\u200b-\u200f\u202a-\u202e\u2066-\u2069]")

log = logging.getLogger(__name__)


class _Discreet(logging.Formatter):
    """One line per record; digits of identifiers masked, direction marks and line breaks of data taken out."""

    def format(self, record: logging.LogRecord) -> str:
        own = logging.makeLogRecord(record.__dict__ | {"exc_text": None})  # another handler's may hold values
        own.msg, own.args = " ".join(record.getMessage().splitlines()), None
        return _UNSEEN.sub(" ", _DIGITS.sub("#", super().format(own)))

    def formatException(self, info: object) -> str:
        error = info[1] if isinstance(info, tuple) else None
        return places(error) if isinstance(error, BaseException) else ""


class _LogFile(logging.FileHandler):
    """The file; when it is full it becomes ``.1``, that one ``.2``, and the oldest goes.

    The library's own brings network and pickle with it, and the first window waits for them.
    """

    def emit(self, record: logging.LogRecord) -> None:
        # where another program holds the file (Windows), it grows until it can be renamed
        with contextlib.suppress(OSError):
            if self.stream is not None and self.stream.tell() >= _SIZE:
                self.stream.close()
                self.stream = None  # the next record opens it
                self._make_room()
        super().emit(record)

    def _make_room(self) -> None:
        names = [self.baseFilename, *(f"{self.baseFilename}.{number}" for number in range(1, _KEPT + 1))]
        for older, newer in zip(names[:0:-1], names[-2::-1], strict=True):
            if os.path.exists(newer):
                os.replace(newer, older)


def places(error: BaseException) -> str:
    """Return where an exception and its causes passed, without any value they carried."""
    lines: list[str] = []
    passed: set[int] = set()
    seen: BaseException | None = error
    while seen is not None and id(seen) not in passed:  # an exception may be its own cause
        passed.add(id(seen))
        said = f" {seen.code}" if isinstance(seen, Told) else ""
        said = f" {seen.errno}" if isinstance(seen, OSError) else said
        lines.append(f"{type(seen).__module__}.{type(seen).__name__}{said}")
        lines += [
            f"  {Path(frame.filename).as_posix().rpartition('site-packages/')[2]}:{frame.lineno} {frame.name}"
            for frame in traceback.extract_tb(seen.__traceback__)
        ]
        seen = seen.__cause__ or (None if seen.__suppress_context__ else seen.__context__)
    return "\n".join(lines)


def start(folder: Path) -> Path | None:
    """Write the log into ``folder`` (made when missing) and return its file; None when the disk refuses."""
    root = logging.getLogger()
    root.setLevel(logging.INFO)
    for noisy in ("sqlalchemy", "alembic", "pyhanko", "pyhanko_certvalidator", "fontTools"):
        logging.getLogger(noisy).setLevel(logging.WARNING)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / FILE_NAME
        handler = _LogFile(path, encoding="utf-8")
    except OSError:
        root.addHandler(logging.NullHandler())  # a full disk must not keep the office from working
        return None
    handler.setFormatter(_Discreet("%(asctime)s %(levelname)s %(name)s %(message)s"))
    root.addHandler(handler)
    return path


def stop() -> None:
    """Close the log's files (the end of the program, or of a test)."""
    root = logging.getLogger()
    for handler in list(root.handlers):
        if isinstance(handler, _LogFile):
            root.removeHandler(handler)
            handler.close()


def catch_the_rest(tell: Callable[[BaseException], None]) -> None:
    """Hand every exception nobody caught, of any thread, to ``tell``; KeyboardInterrupt still ends the program."""

    def of_main(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        if issubclass(kind, KeyboardInterrupt):
            sys.__excepthook__(kind, error, trace)
        else:
            tell(error)

    def of_thread(found: threading.ExceptHookArgs) -> None:
        if found.exc_value is not None and not issubclass(found.exc_type, SystemExit):
            log.error("a thread ended by an exception", exc_info=found.exc_value)

    sys.excepthook = of_main
    threading.excepthook = of_thread
