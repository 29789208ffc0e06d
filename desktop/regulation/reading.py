"""One table of a regulation file, read key by key; every fault names file, line and reason."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from re import compile as pattern
from typing import Any, TypeVar

from desktop.errors import NotAllowed
from desktop.regulation.model import Text
from desktop.regulation.toml_lines import Lines, Path

Closed = TypeVar("Closed", bound=StrEnum)

_ID = pattern(r"[A-Za-z0-9][A-Za-z0-9_-]*")
END = "end"  # how a file writes that an outcome closes the case


class BrokenRegulation(NotAllowed):
    """The file cannot be used: ``file``, ``line`` (from 1), ``reason`` (a code) and ``what`` is at fault."""

    def __init__(
        self, code: str = "regulation-broken", *, file: str, line: int, reason: str, what: str = ""
    ) -> None:
        super().__init__(code, file=file, line=line, reason=reason, what=what)
        self.file = file
        self.line = line
        self.reason = reason
        self.what = what

    def __str__(self) -> str:
        told = f"{self.file}:{self.line}: {self.reason}"
        return f"{told}: {self.what}" if self.what else told


class Table:
    """A table of the file; keys that nobody asked for are a fault (``close``)."""

    def __init__(self, values: Mapping[str, Any], path: Path, *, file: str, lines: Lines) -> None:
        self._values = values
        self._path = path
        self._file = file
        self._lines = lines
        self._asked: set[str] = set()

    def broken(self, reason: str, key: str = "", what: str = "") -> BrokenRegulation:
        """Return the exception for a fault at ``key`` (or at the table as a whole)."""
        path = self._path
        for part in key.split(".") if key else ():
            path = (*path, part)
        return BrokenRegulation(file=self._file, line=self._lines.of(path), reason=reason, what=what or key)

    def has(self, key: str) -> bool:
        return key in self._values

    def holds_list(self, key: str) -> bool:
        return isinstance(self._values.get(key), list)

    def close(self) -> None:
        for key in self._values:
            if key not in self._asked:
                raise self.broken("unknown-key", key)

    def word(self, key: str, default: str | None = None) -> str:
        """Return a non-empty string; ``default`` when the key is absent."""
        value = self._take(key, default)
        if not isinstance(value, str):
            raise self.broken("wrong-kind", key)
        if not value.strip() and default is None:
            raise self.broken("empty", key)
        return value

    def name(self, key: str = "id") -> str:
        """Return an id: letters, digits, ``-`` and ``_``."""
        value = self.word(key)
        if not _ID.fullmatch(value) or value == END:
            raise self.broken("bad-id", key, value)
        return value

    def legal(self, key: str) -> Text:
        """Return a text that must stand in both languages."""
        value = self._take(key, None)
        if not isinstance(value, dict):
            raise self.broken("wrong-kind", key)
        for language in ("kk", "ru"):
            text = value.get(language)
            if not isinstance(text, str) or not text.strip():
                raise self.broken(f"text-missing-{language}", f"{key}.{language}", key)
        for language in value:
            if language not in ("kk", "ru"):
                raise self.broken("unknown-key", f"{key}.{language}", language)
        return Text(kk=value["kk"], ru=value["ru"])

    def legal_if_any(self, key: str) -> Text | None:
        return self.legal(key) if self.has(key) else None

    def flag(self, key: str, default: bool) -> bool:
        value = self._take(key, default)
        if not isinstance(value, bool):
            raise self.broken("wrong-kind", key)
        return value

    def number(self, key: str, default: int | None = None, *, least: int = 0) -> int:
        value = self._take(key, default)
        if not isinstance(value, int) or isinstance(value, bool):
            raise self.broken("wrong-kind", key)
        if value < least:
            raise self.broken("number-too-small", key, str(value))
        return value

    def amount(self, key: str, *, least: int) -> int | float:
        """Return a whole number, or a whole number and a half as acts write it (1,5 minutes)."""
        value = self._take(key, None)
        if not isinstance(value, int | float) or isinstance(value, bool) or value * 2 % 1:
            raise self.broken("wrong-kind", key)
        if value < least:
            raise self.broken("number-too-small", key, str(value))
        return value

    def decimal(self, key: str) -> str:
        value = self.word(key)
        try:
            if Decimal(value) < 0:
                raise self.broken("number-too-small", key, value)
        except InvalidOperation:
            raise self.broken("wrong-kind", key, value) from None
        return value

    def day(self, key: str) -> date:
        value = self._take(key, None)
        if type(value) is not date:
            raise self.broken("wrong-kind", key)
        return value

    def day_if_any(self, key: str) -> date | None:
        return self.day(key) if self.has(key) else None

    def one_of(self, key: str, kind: type[Closed]) -> Closed:
        return self._closed(key, kind, self.word(key))

    def one_of_if_any(self, key: str, kind: type[Closed]) -> Closed | None:
        return self.one_of(key, kind) if self.has(key) else None

    def some_of(self, key: str, kind: type[Closed], default: list[str] | None = None) -> tuple[Closed, ...]:
        return tuple(self._closed(key, kind, word) for word in self.words(key, default))

    def words(self, key: str, default: list[str] | None = None) -> tuple[str, ...]:
        value = self._take(key, default)
        if not isinstance(value, list) or not all(isinstance(word, str) for word in value):
            raise self.broken("wrong-kind", key)
        if len(set(value)) != len(value):
            raise self.broken("said-twice", key)
        return tuple(value)

    def names(self, kind: type[Closed]) -> tuple[Closed, ...]:
        """Return the keys of a table whose keys are words of a closed list."""
        return tuple(self._closed(key, kind, key) for key in self._values)

    def table(self, key: str) -> "Table":
        return self._below(key, self._take(key, None), (*self._path, key))

    def tables(self, key: str, *, least: int = 0) -> list["Table"]:
        value = self._take(key, [] if least == 0 else None)
        if not isinstance(value, list):
            raise self.broken("wrong-kind", key)
        return [self._below(key, item, (*self._path, key, index)) for index, item in enumerate(value)]

    def _below(self, key: str, value: Any, path: Path) -> "Table":
        if not isinstance(value, dict):
            raise self.broken("wrong-kind", key)
        return Table(value, path, file=self._file, lines=self._lines)

    def _closed(self, key: str, kind: type[Closed], word: str) -> Closed:
        try:
            return kind(word)
        except ValueError:
            raise self.broken(f"unknown-{_WORDS[kind.__name__]}", key, word) from None

    def _take(self, key: str, default: Any) -> Any:
        self._asked.add(key)
        if key in self._values:
            return self._values[key]
        if default is None:
            raise self.broken("missing-key", "", key)
        return default


_WORDS = {
    "Act": "act",
    "Role": "role",
    "Effect": "effect",
    "Unit": "unit",
    "Channel": "channel",
    "OfficeMove": "office-move",
    "DocumentKind": "document",
    "ServiceKind": "service-kind",
    "OperationKind": "operation-kind",
    "FieldKind": "field-kind",
    "Oddity": "oddity",
    "ProvisionKind": "provision-kind",
}
