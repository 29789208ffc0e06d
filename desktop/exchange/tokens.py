"""Where the words of access to other systems lie: on this workstation, each in a file of its owner's alone.

They are never in the database: whoever can read it, or a copy of it, could speak in the office's name.
"""

import os
import tempfile
from pathlib import Path

from desktop.errors import BadInput, Unavailable
from desktop.regulation.systems import System

_LONGEST = 8192


class TokenFolder:
    """One file a system."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def read(self, system: System) -> str:
        """Return the token, "" when there is none; Unavailable "exchange-token-unreadable"."""
        try:
            return self._file(system).read_text(encoding="ascii").strip()
        except FileNotFoundError:
            return ""
        except (OSError, UnicodeDecodeError) as error:
            raise Unavailable("exchange-token-unreadable", file=self._file(system).name) from error

    def has(self, system: System) -> bool:
        return self._file(system).exists()

    def keep(self, system: System, token: str) -> None:
        """Keep the token, or forget it when it is ""; BadInput "exchange-token-wrong"."""
        token = token.strip()
        if (
            not token.isascii()
            or len(token) > _LONGEST
            or any(sign <= " " or sign == "\x7f" for sign in token)
        ):
            raise BadInput("exchange-token-wrong", field="token")
        try:
            if not token:
                self._file(system).unlink(missing_ok=True)
                return
            self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            handle, part = tempfile.mkstemp(dir=self._folder)  # readable by its owner alone
            with os.fdopen(handle, "w", encoding="ascii") as file:
                file.write(token)
            os.replace(part, self._file(system))
        except OSError as error:
            raise Unavailable("exchange-token-unwritable", reason=error.strerror or "") from error

    def _file(self, system: System) -> Path:
        return self._folder / f"{system.value}.token"
