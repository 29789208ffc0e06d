"""The two ways work can fail that a user must be told of; anything else is our defect.

Lowest layer: every package may import this one, and it imports nothing.
A code is a stable word in kebab-case; ``ui/messages.py`` holds its sentence in each language,
and a test fails when a code has none.
"""

from typing import Any


class Told(Exception):
    """A failure with a ``code`` and the ``facts`` its sentence needs."""

    def __init__(self, code: str, **facts: Any) -> None:
        super().__init__(code, facts)
        self.code = code
        self.facts = facts

    def __str__(self) -> str:
        told = ", ".join(f"{name}={value}" for name, value in self.facts.items())
        return f"{self.code} ({told})" if told else self.code

    def __reduce__(self) -> Any:
        return _rebuild, (type(self), self.code, self.facts)


def _rebuild(kind: type[Told], code: str, facts: dict[str, Any]) -> Told:
    return kind(code, **facts)


class NotAllowed(Told):
    """The rules, or a colleague's earlier step, say no. Nothing was changed."""


class Unavailable(Told):
    """Something outside failed: database, token, disk, printer. What was typed is kept."""


class BadInput(Told):
    """A field holds something that cannot be accepted; ``field`` names it."""

    def __init__(self, code: str, *, field: str, **facts: Any) -> None:
        super().__init__(code, field=field, **facts)
        self.field = field
