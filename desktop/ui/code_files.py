"""The department's key of codes in the windows' questions: what there is, what a new one bears, files for outsiders.

Functions of the store lane, imported where they run; nothing here knows Qt.
"""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from desktop.errors import Unavailable


@dataclass(frozen=True, slots=True)
class Grounds:
    """What a new key bears: the office, and the moment by its clock."""

    name: str
    bin: str
    is_demo: bool
    now: datetime


def known_keys(store, actor):
    """Return the office's keys of codes, the one in use first, and what a new one would bear."""
    from desktop.queries import office
    from desktop.queries.code_keys import code_keys

    own = office.office(store)
    return code_keys(store, actor), Grounds(own.name.kk, own.bin, own.is_demo, store.now())


def set_code_key(store, actor, **facts) -> str:
    """Run the command; imported where it runs."""
    from desktop.cases import code_keys

    return code_keys.set_code_key(store, actor, **facts)


def retire_code_key(store, actor) -> None:
    """Run the command; imported where it runs."""
    from desktop.cases import code_keys

    code_keys.retire_code_key(store, actor)


def trust_list(store, actor) -> bytes:
    """Return the trust list for outsiders."""
    from desktop.eds.codes import trust
    from desktop.queries.code_keys import code_keys

    rows = code_keys(store, actor)
    return trust.trust_list(trust.of_office(row.pem for row in rows), made_at=store.now()).encode()


def write_file(*, path: str, content: bytes) -> str:
    """Write a file for outsiders; Unavailable("file-not-written") leaves what was there."""
    part = Path(f"{path}.part")
    try:
        part.write_bytes(content)
        part.replace(path)
    except OSError as error:
        raise Unavailable("file-not-written", path=path, reason=error.strerror or "") from error
    return path
