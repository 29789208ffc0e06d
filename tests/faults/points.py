"""The points at which a process may die: before and after every statement, commit, rollback and token call.

They are found by hooks in the engine and around the key, never by time. What happens at a point is the
caller's: count it, end the process, wait for a word.
"""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any

from sqlalchemy import Engine, event

from desktop.eds import tokens

Reached = Callable[[str], None]


class Points:
    """Calls ``reached`` with the name of each point passed."""

    def __init__(self, reached: Reached) -> None:
        self._reached = reached

    def watch(self, engine: Engine) -> None:
        """Stop at the statements of ``engine``, BEGIN among them, and at the driver's own COMMIT and ROLLBACK."""
        event.listen(engine, "before_cursor_execute", self._statement("before"))
        event.listen(engine, "after_cursor_execute", self._statement("after"))
        dialect: Any = engine.dialect
        dialect.do_commit = self.around("COMMIT", dialect.do_commit)
        dialect.do_rollback = self.around("ROLLBACK", dialect.do_rollback)

    def watch_keys(self) -> None:
        """Stop at every call of a key: looked at, opened, signing, closed."""
        keys: Any = tokens
        keys.certificates_on = self.around("the certificates on the token", keys.certificates_on)
        keys.open_pkcs11 = self._opening("the token", keys.open_pkcs11)
        keys.open_pkcs12 = self._opening("the key file", keys.open_pkcs12)

    def around(self, name: str, call: Callable[..., Any]) -> Callable[..., Any]:
        def watched(*positional: Any, **named: Any) -> Any:
            self._reached(f"before {name}")
            given = call(*positional, **named)
            self._reached(f"after {name}")
            return given

        return watched

    def _statement(self, side: str) -> Callable[..., None]:
        def reached(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
            self._reached(f"{side} {' '.join(statement.split())[:60]}")

        return reached

    def _opening(
        self, name: str, opened: Callable[..., AbstractContextManager[Any]]
    ) -> Callable[..., AbstractContextManager[Any]]:
        @contextmanager
        def watched(*positional: Any, **named: Any) -> Iterator[Any]:
            self._reached(f"before opening {name}")
            with opened(*positional, **named) as signer:
                self._reached(f"after opening {name}")
                signer._raw = self.around(f"the signature of {name}", signer._raw)
                signer.sign = self.around("signing the page", signer.sign)
                yield signer
                self._reached(f"before closing {name}")
            self._reached(f"after closing {name}")

        return watched
