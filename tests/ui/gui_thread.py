"""Sees what the GUI thread waits for: statements, tokens, programs, and every file of the person or the office.

Python itself tells of opened files (``sys.addaudithook``), SQLAlchemy of statements; what neither tells is watched
by name. Files count when they lie under a folder of the test: scans, keys, drafts, settings, the database, tokens.
What Qt reads itself (window geometry, its fonts) and the program's own resources are not looked at.
"""

import os
import sys
import threading
import traceback
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, event

from desktop import settings
from desktop.cases import signing_in
from desktop.documents import drawing
from desktop.eds import pdf_signature, tokens
from desktop.store import blobs
from desktop.store.database import Store
from desktop.ui.tasks import watched_calls

CALLS = (
    (Store, "reading"),
    (Store, "writing"),
    (Store, "now"),
    (blobs, "put"),
    (blobs, "put_file"),
    (blobs, "get"),
    (tokens, "list_modules"),
    (tokens, "list_tokens"),
    (tokens, "certificates_on"),
    (tokens, "open_pkcs11"),
    (tokens, "open_pkcs12"),
    (pdf_signature, "verify"),
    (drawing, "draw"),
    (settings, "load"),
    (settings, "save"),
    (signing_in, "sign_in"),
)
_ALWAYS = {"subprocess.Popen", "sqlite3.connect", "socket.connect", "os.system"}


@dataclass
class _Watch:
    folder: str
    thread: int
    seen: list[str] = field(default_factory=list)

    def note(self, what: str) -> None:
        passed = [
            f"{Path(frame.filename).name}:{frame.lineno} {frame.name}"
            for frame in traceback.extract_stack()
            if "/desktop/" in frame.filename
        ]
        self.seen.append(f"{what}: {' > '.join(passed[-4:])}")

    def is_mine(self, path: object) -> bool:
        if isinstance(path, bytes):
            path = os.fsdecode(path)
        return isinstance(path, str | os.PathLike) and os.fspath(path).startswith(self.folder)


_watch: _Watch | None = None
_hooked = False


def _audited(name: str, arguments: tuple[Any, ...]) -> None:
    watch = _watch
    if watch is None or threading.get_ident() != watch.thread:
        return
    if name in _ALWAYS:
        watch.note(name)
    elif name == "open" or name.startswith(("os.", "shutil.", "tempfile.")):
        for path in arguments[:2]:
            if watch.is_mine(path):
                watch.note(f"{name} {path}")
                break


@contextmanager
def gui_thread_watched(folder: Path) -> Iterator[list[str]]:
    """Yield a list that fills with what the calling thread waits for; ``folder``: where the test's files lie."""
    global _watch, _hooked
    if not _hooked:  # an audit hook stays for the life of the process
        sys.addaudithook(_audited)
        _hooked = True
    watch = _watch = _Watch(str(folder), threading.get_ident())
    stat = os.stat

    def watched_stat(path: Any, *args: Any, **kwargs: Any) -> os.stat_result:
        if threading.get_ident() == watch.thread and watch.is_mine(path):
            watch.note(f"stat {path}")
        return stat(path, *args, **kwargs)

    def stated(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        if threading.get_ident() == watch.thread:
            watch.note(f"statement {statement[:40]}")

    with ExitStack() as stack:
        calls = stack.enter_context(watched_calls(*CALLS))
        event.listen(Engine, "before_cursor_execute", stated)
        stack.callback(event.remove, Engine, "before_cursor_execute", stated)
        os.stat = watched_stat
        try:
            yield watch.seen
        finally:
            os.stat = stat
            _watch = None
            watch.seen += calls
