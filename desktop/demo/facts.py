"""The case to carry, as told in JSON (``ruqsat demo --facts FILE``), and the regulation with its sub-types."""

import json
from dataclasses import dataclass
from datetime import datetime
from difflib import get_close_matches
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from desktop.errors import NotAllowed
from desktop.models.folding import fold
from desktop.regulation import loader
from desktop.regulation.model import Effect

_ANSWERS = {
    "conforms": Effect.CONFORMS,
    "does_not_conform": Effect.DOES_NOT_CONFORM,
    "none": Effect.NO_ANSWER,
}
_ALIKE = 0.85


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


def read(path: Path, zone: ZoneInfo, now: datetime) -> CaseFacts:
    """Read the facts; NotAllowed "facts-unreadable" with the reason when they cannot be understood."""
    try:
        told = json.loads(path.read_text(encoding="utf-8"))
        return _facts(told, zone, now)
    except (OSError, UnicodeDecodeError, ValueError, TypeError, KeyError) as error:
        raise NotAllowed(
            "facts-unreadable", file=path.name, reason=f"{type(error).__name__}: {error}"
        ) from error


def _facts(told: dict[str, Any], zone: ZoneInfo, now: datetime) -> CaseFacts:
    legal = "bin" in told
    received = datetime.fromisoformat(told["received"]) if told.get("received") else now
    received = received.astimezone(zone) if received.tzinfo else received.replace(tzinfo=zone)
    sub_types = told["subtypes"]
    if not isinstance(sub_types, list) or not sub_types:
        raise ValueError("subtypes must be a list of at least one")
    return CaseFacts(
        holder_kk=str(told["holder_kk"]),
        holder_ru=str(told["holder_ru"]),
        is_legal_entity=legal,
        identifier=str(told["bin"] if legal else told["iin"]),
        site=str(told["site"]),
        sub_types=tuple(str(item) for item in sub_types),
        received=received,
        answer=_ANSWERS[told.get("sanitary_answer", "conforms")],
    )


def pack_with(sub_types: tuple[str, ...]) -> tuple[str, str, tuple[str, ...]]:
    """Return the shipped regulation (file name, text) and the ids of ``sub_types`` in it.

    A sub-type is told by its id or its wording; one the regulation does not list is added to this office's copy
    (sub-types are data, and the list we ship is unverified), so that the paper says what was told.
    """
    name, text = loader.shipped()[0]
    service = loader.load_text(text, name=name).services[0]
    known = {
        fold(word): item.id for item in service.sub_types for word in (item.id, item.title.kk, item.title.ru)
    }
    ids: list[str] = []
    added = ""
    for number, wanted in enumerate(sub_types):
        close = get_close_matches(fold(wanted), known, n=1, cutoff=_ALIKE)
        if not close:
            known[fold(wanted)] = f"told-{number}"
            words = json.dumps(wanted, ensure_ascii=False)
            added += f'[[service.sub_type]]\nid = "told-{number}"\ntitle.kk = {words}\ntitle.ru = {words}\nunverified = true\n\n'
        ids.append(known[close[0] if close else fold(wanted)])
    before, mark, after = text.partition("[[service.operation]]")
    return name, before + added + mark + after, tuple(dict.fromkeys(ids))
