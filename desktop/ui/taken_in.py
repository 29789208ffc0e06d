"""Applications taken in at the counter while the server was away: kept on this computer until they are registered.

One folder an application, under the user's data: what the form says, and copies of its scans. A folder appears at
once or not at all. What lies here has no number and is no registration; nothing is ever registered from two places,
because each is registered under an intent made of its own id.
"""

import dataclasses
import logging
import os
import shutil
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from desktop import settings
from desktop.errors import Unavailable
from desktop.regulation.model import Text

if TYPE_CHECKING:
    from desktop.cases.application import Application

log = logging.getLogger(__name__)

WAITING, REGISTERED, REFUSED = "waiting", "registered", "refused"
_RECORD = "record.json"


@dataclass(frozen=True, slots=True)
class TakenIn:
    """``application`` as JSON; ``values`` of the form, with its scans as they are kept here.

    ``state``: waiting; registered (``number``, ``case_id``); refused (``why`` by language).
    """

    id: str
    taken_at: datetime  # aware, by this computer's clock
    clerk_id: int
    clerk: Text
    service: Text
    application: dict[str, Any]
    values: dict[str, Any]
    intent: tuple[str, str] = (
        "",
        "",
    )  # id and digest, where it had been sent before and its outcome is unknown
    confirmed: bool = False  # the clerk has looked: it is no duplicate
    state: str = WAITING
    number: str = ""
    case_id: int = 0
    why: dict[str, str] = field(default_factory=dict)

    @property
    def holder(self) -> Text:
        return Text(self.application["holder_kk"], self.application["holder_ru"])

    def made(self) -> "Application":
        """Return the application as it will be registered."""
        from desktop.cases.application import from_json

        moment = self.taken_at
        return dataclasses.replace(from_json(self.application), taken_in_at=moment)


def place_of(url: str) -> str:
    """Return by what the applications of a database are known: its address without who connects and how."""
    return url.partition("://")[2].rpartition("@")[2].partition("?")[0]


def keep(*, place: str, entry: TakenIn) -> TakenIn:
    """Keep an application and copies of its scans; Unavailable "taken-in-not-kept": the form still has it."""
    target = _folder(place) / entry.id
    part = target.with_name(f"{entry.id}.part")
    try:
        part.mkdir(parents=True, mode=0o700)
        files = []
        for number, one in enumerate(entry.values.get("files", [])):
            source = Path(one["path"])
            scans = part / f"{number:03}"
            scans.mkdir(mode=0o700)
            shutil.copyfile(source, scans / source.name)
            files.append({**one, "path": str(target / scans.name / source.name)})
        kept = dataclasses.replace(entry, values={**entry.values, "files": files})
        _write(part, kept)
        os.replace(part, target)
    except OSError as error:
        shutil.rmtree(part, ignore_errors=True)
        raise Unavailable("taken-in-not-kept", reason=error.strerror or "") from error
    return kept


def load_all(*, place: str) -> tuple[TakenIn, ...]:
    """Return what lies here for a database, in the order of taking in; what cannot be read is left alone."""
    found = []
    for folder in sorted(_folder(place).glob("*")):
        if folder.suffix == ".part" or not folder.is_dir():
            continue
        try:
            found.append(_read(folder))
        except (OSError, ValueError, KeyError, TypeError):
            log.warning("an application taken in cannot be read: %s", folder.name)
    return tuple(sorted(found, key=lambda one: (one.taken_at, one.id)))


def settle(*, place: str, entry: TakenIn, number: str, case_id: int) -> None:
    """Note that it was registered; its scans are with the case now and go from here."""
    folder = _folder(place) / entry.id
    _write(folder, dataclasses.replace(entry, state=REGISTERED, number=number, case_id=case_id, why={}))
    for scans in folder.iterdir():
        if scans.is_dir():
            shutil.rmtree(scans, ignore_errors=True)


def refuse(*, place: str, entry: TakenIn, why: dict[str, str]) -> None:
    """Note why it was not registered; it stays until somebody puts it right or removes it."""
    _write(_folder(place) / entry.id, dataclasses.replace(entry, state=REFUSED, why=why))


def remove(*, place: str, entries: tuple[TakenIn, ...]) -> None:
    """Let go of what was registered, given back into the form or given up."""
    for entry in entries:
        shutil.rmtree(_folder(place) / entry.id, ignore_errors=True)


def new_id() -> str:
    import uuid

    return uuid.uuid4().hex


def _folder(place: str) -> Path:
    import hashlib

    return settings.data_folder() / "taken-in" / hashlib.sha256(place.encode()).hexdigest()[:16]


def _write(folder: Path, entry: TakenIn) -> None:
    told = {one.name: getattr(entry, one.name) for one in dataclasses.fields(entry)}
    for name in ("clerk", "service"):
        told[name] = [told[name].kk, told[name].ru]
    told["taken_at"] = entry.taken_at.isoformat()
    import json

    part = folder / f"{_RECORD}.part"
    try:
        with part.open("w", encoding="utf-8") as file:
            json.dump(told, file, ensure_ascii=False)
            file.flush()
            os.fsync(file.fileno())
        part.chmod(0o600)
        os.replace(part, folder / _RECORD)
    except OSError as error:
        raise Unavailable("taken-in-not-kept", reason=error.strerror or "") from error


def _read(folder: Path) -> TakenIn:
    import json

    told = json.loads((folder / _RECORD).read_text(encoding="utf-8"))
    for name in ("clerk", "service"):
        told[name] = Text(*told[name])
    told["taken_at"] = datetime.fromisoformat(told["taken_at"])
    told["intent"] = tuple(told["intent"])
    return TakenIn(**told)
