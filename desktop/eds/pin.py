"""A PIN or password between the dialog that asked for it and the key that takes it.

Python cannot overwrite a ``str``; the one Qt hands out dies with the dialog's own call. From there on the
letters lie in one ``bytearray``, which the libraries read in place and which is overwritten at the end.
"""

from typing import NoReturn


class Pin:
    """What was typed, until :meth:`wipe`. It shows itself nowhere: no ``repr``, no copy, no pickle."""

    __slots__ = ("_held",)

    def __init__(self, typed: str) -> None:
        self._held = bytearray(typed.encode())

    def __bool__(self) -> bool:
        return bool(self._held)

    def __repr__(self) -> str:
        return "Pin"

    def __reduce__(self) -> NoReturn:
        raise TypeError("a PIN is not copied")

    def encode(self, encoding: str = "utf-8") -> bytearray:
        """Return the letters themselves, no copy: python-pkcs11 calls this on whatever it is given as a PIN."""
        if encoding != "utf-8":
            raise ValueError(encoding)
        return self._held

    def again(self) -> "Pin":
        """Return the same letters once more, for an opener that wipes what it is given."""
        other = Pin("")
        other._held = bytearray(self._held)
        return other

    def wipe(self) -> None:
        """Overwrite what was typed; harmless to repeat."""
        for place in range(len(self._held)):
            self._held[place] = 0
        self._held.clear()


def taken(secret: "str | Pin") -> Pin:
    """Return ``secret`` as a Pin."""
    return secret if isinstance(secret, Pin) else Pin(secret)
