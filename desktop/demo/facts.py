"""The case to carry, as told in JSON (``ruqsat demo --facts FILE``), and the regulation with its sub-types."""

import json
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from desktop.cases import particulars
from desktop.documents.lettering import printable
from desktop.errors import BadInput, NotAllowed
from desktop.models.folding import fold
from desktop.regulation import calendar_data, identifiers, loader
from desktop.regulation.model import Effect
from desktop.ui.messages import say

_PLAYED = "wko-2018-139.toml"  # the demo office is of West Kazakhstan
_ANSWERS = {
    "conforms": Effect.CONFORMS,
    "does_not_conform": Effect.DOES_NOT_CONFORM,
    "none": Effect.NO_ANSWER,
}
_KEYS = ("holder_kk", "holder_ru", "bin", "iin", "site", "subtypes", "received", "sanitary_answer")
_STORY = timedelta(days=110)  # the demo office is so old when the case comes in, and has taken fees since
_LAST = date(2200, 1, 1)


@dataclass(frozen=True, slots=True)
class CaseFacts:
    """``received`` is aware, in the office's time; ``sub_types`` are words as told, not yet the regulation's."""

    holder_kk: str
    holder_ru: str
    is_legal_entity: bool
    identifier: str
    site: str
    sub_types: tuple[str, ...]
    received: datetime
    answer: Effect


def read(path: Path, zone: ZoneInfo, usual: datetime) -> CaseFacts:
    """Read the facts; NotAllowed "facts-unreadable" with the reason when they cannot be understood.

    ``usual`` is the moment of receipt where none is told.
    """
    try:
        told = json.loads(path.read_text(encoding="utf-8-sig"))
        if not isinstance(told, dict):
            raise ValueError("an object with the facts of one case is wanted")
        return _facts(told, zone, usual)
    except (OSError, ValueError, RecursionError) as error:
        reason = error.strerror if isinstance(error, OSError) else str(error)
        if isinstance(error, UnicodeDecodeError):
            reason = "it is no text in UTF-8"
        raise NotAllowed("facts-unreadable", file=path.name, reason=reason or type(error).__name__) from error


def _facts(told: dict[str, Any], zone: ZoneInfo, usual: datetime) -> CaseFacts:
    strange = [name for name in told if name not in _KEYS]
    if strange:
        raise ValueError(f"{strange[0]!r} is none of {', '.join(_KEYS)}")
    legal = told.get("bin") is not None
    if legal == (told.get("iin") is not None):
        raise ValueError("either bin or iin is wanted" + (", not both" if legal else ""))
    answer = _text(told.get("sanitary_answer", "conforms"), "sanitary_answer")
    if answer not in _ANSWERS:
        raise ValueError(f"sanitary_answer must be one of {', '.join(_ANSWERS)}")
    sub_types = told.get("subtypes")
    if not isinstance(sub_types, list) or not sub_types:
        raise ValueError("subtypes must be a list of at least one")
    received = told.get("received")
    return CaseFacts(
        holder_kk=_printed(told.get("holder_kk"), "holder_kk"),
        holder_ru=_printed(told.get("holder_ru"), "holder_ru"),
        is_legal_entity=legal,
        identifier=_identifier(told, "bin" if legal else "iin"),
        site=_printed(told.get("site"), "site"),
        sub_types=tuple(_printed(item, "subtypes", field="site") for item in sub_types),
        received=usual if received is None else _received(_text(received, "received"), zone),
        answer=_ANSWERS[answer],
    )


def _text(value: object, name: str, *, field: str = "") -> str:
    """Return the text as the form would keep it (``field``: the form's); ValueError when there is none."""
    text = particulars.clean_text(field or name, value) if isinstance(value, str) else ""
    if not text:
        raise ValueError(f"{name} must be a text that is not empty")
    return text


def _printed(value: object, name: str, *, field: str = "") -> str:
    """Return a text that the form takes and the papers can print; ValueError otherwise."""
    text = _text(value, name, field=field)
    fault = particulars.text_problem(field or name, text)
    if fault is not None:
        raise ValueError(f"{name} has {len(text)} letters, {fault.facts.get('limit')} fit")
    try:
        printable(text)
    except BadInput as error:
        raise ValueError(f"{name} has a letter that cannot be printed, {error.facts['point']}") from error
    return text


def _identifier(told: dict[str, Any], name: str) -> str:
    digits = _text(told.get(name), name, field="identifier")
    fault = identifiers.problem(digits)
    if fault is not None and identifiers.is_impossible(fault):
        raise ValueError(f"{name} {digits!r} cannot be one: {say(fault, {}, 'en').rstrip('.')}")
    kind = identifiers.kind_of(digits)
    if kind != name:
        raise ValueError(f"{name} {digits!r} cannot be one: by its fifth digit it is the other kind, {kind}")
    return digits


def _received(text: str, zone: ZoneInfo) -> datetime:
    first = min(rate.valid_from for rate in calendar_data.index_rates()) + _STORY
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise ValueError(f"received must be a moment like 2018-06-29T16:50, not {text!r}") from error
    if not first <= moment.date() <= _LAST:
        raise ValueError(f"received must be from {first} to {_LAST}")
    return moment.astimezone(zone) if moment.tzinfo else moment.replace(tzinfo=zone)


def pack_with(sub_types: tuple[str, ...]) -> tuple[str, str, tuple[str, ...]]:
    """Return the shipped regulation (file name, text) and the ids of ``sub_types`` in it.

    A sub-type is told by its id or its wording; one the regulation does not list is added to this office's copy
    (sub-types are data, and the list we ship is unverified), so that the paper says what was told.
    """
    name, text = next(item for item in loader.shipped() if item[0] == _PLAYED)
    service = loader.load_text(text, name=name).services[0]
    known = {
        fold(word): item.id for item in service.sub_types for word in (item.id, item.title.kk, item.title.ru)
    }
    ids: list[str] = []
    added = ""
    for number, wanted in enumerate(sub_types):
        if fold(wanted) not in known:
            known[fold(wanted)] = f"told-{number}"
            words = json.dumps(wanted, ensure_ascii=False)
            added += f'[[service.sub_type]]\nid = "told-{number}"\ntitle.kk = {words}\ntitle.ru = {words}\nunverified = true\n\n'
        ids.append(known[fold(wanted)])
    before, mark, after = text.partition("[[service.operation]]")
    return name, before + added + mark + after, tuple(dict.fromkeys(ids))
