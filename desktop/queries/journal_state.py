"""The state of the sealed journal, as a workstation and the journal's screen ask for it."""

from pathlib import Path

from desktop.errors import Told
from desktop.regulation.rights import Actor
from desktop.store import witness
from desktop.store.database import Store


def look(store: Store, _actor: Actor, *, path: Path) -> list[Told]:
    """Compare the journal with what this workstation remembers in the file ``path``, and remember how it is now."""
    return witness.look(store, witness.Witness(path))
