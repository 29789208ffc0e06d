"""What happened, as those who did it saw it: one JSON object a line, for :mod:`tests.faults.checker` to judge.

Lines by ``type``. ``begin``: the commands already there, and whether signatures are real (``pades``) or the tests'
own (``stand-in``). ``invoke``, then ``ok``, ``fail`` (nothing was saved) or ``info`` (not known): a command with its id,
kind, login, case, digest of what was asked, result or code. ``shown``: what the person was told of it (``done``,
``not-done``, ``finding-out``). ``saw``: which cases a login saw while nobody worked. ``witness``: a link of the
journal a workstation remembers. ``stall``: how long the window answered nothing. ``defect``: an error of ours.
"""

import hashlib
import json
import os
import time
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass, is_dataclass
from datetime import date
from enum import Enum
from pathlib import Path
from typing import Any

from sqlalchemy import select

from desktop.errors import Told
from desktop.models import Claim
from desktop.regulation.rights import Actor
from desktop.store.database import Store
from desktop.store.intent import Intent

UNKNOWN = frozenset({"save-unknown"})
"""Codes after which nobody knows whether anything was saved."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """``type``: ok, fail, info or defect. ``intent`` sends the same command again."""

    type: str
    intent: Intent
    result: Any = None
    error: BaseException | None = None


class History:
    """A file several threads and processes may write to: a line is one write to its end."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def begin(self, store: Store, *, signatures: str = "stand-in") -> None:
        """Say what is there before anything happens."""
        with store.reading() as session:
            known = sorted(session.scalars(select(Claim.id)))
        self.write("begin", commands=known, signatures=signatures)

    def run(
        self,
        store: Store,
        actor: Actor,
        kind: str,
        work: Callable[[Store], Any],
        *,
        asked: str = "",
        case_id: int | None = None,
        intent: Intent | None = None,
        worker: str = "",
    ) -> Outcome:
        """Do ``work`` with the store bound to an intent; write what was asked, what came of it and what it tells.

        ``asked`` says in words what is wanted, so that the same thing done under two ids is found out.
        """
        intent = intent or Intent.new(asked)
        about = {"id": intent.id, "kind": kind, "login": actor.login, "worker": worker or actor.login}
        self.write("invoke", **about, case=case_id, digest=intent.digest)
        try:
            result = work(store.intending(intent))
        except Told as told:
            unknown = told.code in UNKNOWN
            facts = {name: plain(value) for name, value in told.facts.items()}
            self.write("info" if unknown else "fail", **about, code=told.code)
            self.shown(
                intent, "finding-out" if unknown else "not-done", code=told.code, case=case_id, facts=facts
            )
            return Outcome("info" if unknown else "fail", intent, error=told)
        except Exception as error:
            self.write("defect", **about, error=repr(error)[:500])
            return Outcome("defect", intent, error=error)
        self.write("ok", **about, result=plain(result))
        self.shown(intent, "done", number=getattr(result, "number", None))
        return Outcome("ok", intent, result)

    def shown(self, intent: Intent, said: str, **facts: Any) -> None:
        """``said``: done, not-done or finding-out; ``number``, ``code``, ``case`` and ``facts`` as they were shown."""
        self.write("shown", id=intent.id, said=said, **facts)

    def saw(self, login: str, cases: Iterable[int]) -> None:
        """A login's whole list of cases, while nobody works."""
        self.write("saw", login=login, cases=sorted(cases))

    def witness(self, workstation: str, position: int, digest: str) -> None:
        self.write("witness", workstation=workstation, position=position, hash=digest)

    def stall(self, milliseconds: float, *, worker: str = "") -> None:
        self.write("stall", milliseconds=milliseconds, worker=worker)

    def write(self, line_type: str, /, **facts: Any) -> None:
        line = json.dumps(
            {"t": time.time(), "pid": os.getpid(), "type": line_type, **facts}, ensure_ascii=False
        )
        file = os.open(self.path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        try:
            os.write(file, line.encode() + b"\n")
        finally:
            os.close(file)


def plain(value: Any) -> Any:
    """Return ``value`` as JSON holds it: moments as ISO 8601, bytes as their SHA-256."""
    if is_dataclass(value) and not isinstance(value, type):
        return plain(asdict(value))
    if isinstance(value, dict):
        return {str(name): plain(item) for name, item in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [plain(item) for item in value]
    if isinstance(value, bytes):
        return hashlib.sha256(value).hexdigest()
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, date):
        return value.isoformat()
    return value if isinstance(value, str | int | float | bool | None) else str(value)
