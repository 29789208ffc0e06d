"""While the office's rights or its journal are in doubt nothing is signed: whatever window or script asks.

Whoever looks (at sign-in, every minute) leaves with the store what he found, and the commands that sign ask it. The
server itself cannot refuse for it: whoever could change its rights could change that guard too, and what a client says
of its own comparison is worth nothing there.
"""

from collections.abc import Sequence

from desktop.errors import NotAllowed, Told
from desktop.store.database import Store


def keep(store: Store, source: str, told: Sequence[Told]) -> None:
    """Let ``source`` ("rights", "journal") say what is wrong now; an empty list takes it back."""
    store.doubts[source] = tuple(told)


def rights(store: Store) -> tuple[Told, ...]:
    """Compare the rights in the catalogue with this program's and keep what differs; return it."""
    from desktop.store import health  # only who compares needs it

    keep(store, "rights", health.rights_alarms(store))
    return store.doubts["rights"]


def refuse(store: Store) -> None:
    """Raise NotAllowed "signing-stopped" while anything that was found is in doubt."""
    if any(store.doubts.values()):
        raise NotAllowed("signing-stopped")
