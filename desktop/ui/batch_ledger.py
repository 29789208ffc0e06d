"""The ledger of a batch on this workstation's disk, so that a program that died leaves nobody in the dark.

Before the key is opened the list is written: which papers are to be signed. What is signed the database says; here
stands what it cannot know: which of the others failed and why, and which were not begun. It holds no PIN, no password
and no byte of a paper, and is let go of when everything in it is signed and was seen to be.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from PySide6.QtCore import QObject, Signal

from desktop.errors import NotAllowed, Told, Unavailable
from desktop.queries.rows import BatchStand, PaperStand
from desktop.ui import drafts

WAITING, FAILED, NOT_TRIED = "waiting", "failed", "not-tried"
_ERRORS: dict[str, type[Told]] = {"NotAllowed": NotAllowed, "Unavailable": Unavailable}


@dataclass(frozen=True, slots=True)
class Line:
    """A paper that was to be signed. ``error``: why it is not; None while the key worked on it."""

    case_id: int
    document_id: int
    state: str
    error: Told | None = None


@dataclass(frozen=True, slots=True)
class Recalled:
    """A line of a batch that was broken off, beside what the database says of its paper."""

    line: Line
    stand: PaperStand


def is_kept(*, person_id: int) -> bool:
    """Whether a batch of this person was left unfinished on this workstation."""
    return drafts.load(_key(person_id)) is not None


def where_it_stands(store, actor, *, lines: tuple[Line, ...]) -> BatchStand:
    """Run the query; imported where it runs."""
    from desktop.queries.batch import batch_stand

    return batch_stand(store, actor, papers={line.case_id: line.document_id for line in lines})


class BatchLedger(QObject):
    """Reads and writes it on the lane of files."""

    recalled = Signal(object)  # tuple[Recalled, ...]: () when nothing was left

    def __init__(self, desk, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self._database = ""
        self._key = _key(desk.actor.person_id if desk.actor is not None else 0)

    def recall(self) -> None:
        """Read what was left, and ask the database what became of it."""
        self._desk.files(drafts.load, then=self._read, on_error=self._untold, key=self._key)

    def _read(self, values: dict[str, Any] | None) -> None:
        lines = lines_of(values or {})
        self._desk.read(
            where_it_stands,
            then=lambda told: self._told(str((values or {}).get("database", "")), lines, told),
            on_error=self._untold,
            latest="batch-ledger",
            lines=lines,
        )

    def _told(self, database: str, lines: tuple[Line, ...], told: BatchStand) -> None:
        self._database = told.database
        stands = {paper.case_id: paper for paper in told.papers} if database == told.database else {}
        self.recalled.emit(
            tuple(Recalled(line, stands[line.case_id]) for line in lines if line.case_id in stands)
        )

    def _untold(self, error: BaseException) -> bool:
        self.recalled.emit(())
        return isinstance(error, Told)

    def keep(self, lines: Iterable[Line], then: Callable[[], None] | None = None) -> None:
        """Write the lines, or let go of the ledger when there are none; ``then``, whatever the disk says."""
        held = tuple(lines)
        after = then or _nothing

        def failed(error: BaseException) -> bool:
            self._desk.notices.tell(error)
            after()
            return True

        if held:
            values = values_of(self._database, held)
            self._desk.files(
                drafts.save, then=lambda _: after(), on_error=failed, key=self._key, values=values
            )
        else:
            self._desk.files(drafts.forget, then=lambda _: after(), on_error=failed, key=self._key)


def values_of(database: str, lines: Iterable[Line]) -> dict[str, Any]:
    """Return the ledger as plain JSON."""
    return {
        "database": database,
        "papers": [
            {
                "case": line.case_id,
                "document": line.document_id,
                "state": line.state,
                "error": _error_values(line.error),
            }
            for line in lines
        ],
    }


def lines_of(values: dict[str, Any]) -> tuple[Line, ...]:
    """Return what :func:`values_of` wrote; whatever is not of that form is no ledger."""
    try:
        return tuple(
            Line(int(one["case"]), int(one["document"]), str(one["state"]), _error_of(one["error"]))
            for one in values.get("papers", [])
        )
    except (KeyError, TypeError, ValueError):
        return ()


def _error_values(error: Told | None) -> dict[str, Any] | None:
    if error is None:
        return None
    kind = "Unavailable" if isinstance(error, Unavailable) else "NotAllowed"
    facts = {name: _plain(value) for name, value in error.facts.items() if not isinstance(value, bytes)}
    return {"kind": kind, "code": error.code, "facts": facts}


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return {"moment": value.isoformat()}
    return value if isinstance(value, str | int | bool) or value is None else str(value)


def _error_of(values: Any) -> Told | None:
    if values is None:
        return None
    facts = {
        str(name): datetime.fromisoformat(value["moment"]) if isinstance(value, dict) else value
        for name, value in values["facts"].items()
    }
    return _ERRORS[values["kind"]](str(values["code"]), **facts)


def _key(person_id: int) -> str:
    return f"batch-{person_id}"


def _nothing() -> None:
    """Nobody waits for the disk."""
