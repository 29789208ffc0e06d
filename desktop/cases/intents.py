"""What was asked, in words: by them the same wish is known again, so that it is sent under the same id."""

import dataclasses
import functools
import hashlib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from desktop.errors import BadInput, NotAllowed
from desktop.store.intent import Intent

__all__ = ["Intent", "Intents", "asked"]


class Intents:
    """The intents of one desk: the same thing asked again after an accident keeps its id."""

    def __init__(self) -> None:
        self._open: dict[str, Intent] = {}

    def of(self, fn: Callable[..., Any], facts: Mapping[str, Any]) -> Intent:
        """Return the intent of running ``fn`` with ``facts``: a fresh one, unless an accident left it open."""
        fresh = Intent.new(asked(fn, facts))
        return self._open.setdefault(fresh.digest, fresh)

    def close(self, intent: Intent, error: BaseException | None = None) -> None:
        """Forget an intent that was done or refused; an accident outside leaves it open."""
        if error is None or isinstance(error, NotAllowed | BadInput):
            self._open.pop(intent.digest, None)


def asked(fn: Callable[..., Any], facts: Mapping[str, Any]) -> str:
    """Return in words what is asked: equal words for equal wishes. Contents stand as their SHA-256."""
    told = ", ".join(f"{name}={_told(facts[name])}" for name in sorted(facts))
    return f"{_name(fn)}({told})"


def _told(value: Any) -> str:
    if isinstance(value, bytes | bytearray):
        return hashlib.sha256(value).hexdigest()
    if isinstance(value, Path):
        return repr(str(value))
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        facts = {one.name: getattr(value, one.name) for one in dataclasses.fields(value)}
        return asked(type(value), facts)
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{key!r}: {_told(value[key])}" for key in sorted(value, key=str)) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(map(_told, value)) + "]"
    if isinstance(value, set | frozenset):
        return "{" + ", ".join(sorted(map(_told, value))) + "}"
    return _name(value) if callable(value) else repr(value)


def _name(fn: Any) -> str:
    while isinstance(fn, functools.partial):
        fn = fn.func
    return f"{getattr(fn, '__module__', '')}.{getattr(fn, '__qualname__', type(fn).__qualname__)}"
