"""The office to found, as an administrator writes it in JSON: the fields of ``cases.office.NewOffice``.

``administrator`` and ``head`` are objects with the fields of a person (without ``roles``); ``seal`` and ``trust_roots``
are paths beside the file. No password is read from it.
"""

import json
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

from desktop.cases.office import NewOffice, PersonFacts
from desktop.errors import NotAllowed

_WORDS = frozenset({"login", "name_kk", "name_ru", "position_kk", "position_ru", "iin"})
_NOT_IN_IT = frozenset({"administrator_password", "head_password", "regulations", "hours"})


def read(path: Path) -> NewOffice:
    """Read the file; NotAllowed "office-file-unreadable" with the reason. Nothing of the office is proved here."""
    try:
        told = json.loads(path.read_text(encoding="utf-8-sig"))
        if not isinstance(told, dict):
            raise ValueError("an object with the facts of the office is wanted")
        return _office(told, path.parent)
    except (OSError, ValueError, TypeError, RecursionError) as error:
        reason = error.strerror if isinstance(error, OSError) else str(error)
        raise NotAllowed(
            "office-file-unreadable", file=path.name, reason=reason or type(error).__name__
        ) from error


def with_password(office: NewOffice, password: str) -> NewOffice:
    """Return the office with the first administrator's password; the head, if told, gets it too until he sets his own."""
    return replace(
        office, administrator_password=password, head_password=password if office.head is not None else ""
    )


def _office(told: dict[str, Any], folder: Path) -> NewOffice:
    known = {one.name: one for one in fields(NewOffice)}
    unknown = sorted(set(told) - set(known) | set(told) & _NOT_IN_IT)
    if unknown:
        raise ValueError(f"{', '.join(unknown)}: not a field of an office")
    values: dict[str, Any] = {}
    for name, value in told.items():
        if name in {"administrator", "head"}:
            values[name] = _person(value, name)
        elif name == "seal":
            values[name] = (folder / _text(value, name)).read_bytes()
        elif name == "trust_roots":
            values[name] = tuple((folder / _text(one, name)).read_text(encoding="ascii") for one in value)
        elif name in {"numbers_licences", "is_demo"}:
            if not isinstance(value, bool):
                raise ValueError(f"{name} must be true or false")
            values[name] = value
        else:
            values[name] = _text(value, name)
    return NewOffice(**values, administrator_password="")


def _person(told: object, name: str) -> PersonFacts:
    if not isinstance(told, dict) or not set(told) <= _WORDS:
        raise ValueError(f"{name} must be an object of {', '.join(sorted(_WORDS))}")
    texts: dict[str, Any] = {word: _text(told.get(word, ""), f"{name}.{word}") for word in _WORDS}
    return PersonFacts(**texts, roles=frozenset())


def _text(value: object, name: str) -> str:
    if not isinstance(value, str):
        raise ValueError(f"{name} must be a text")
    return value
