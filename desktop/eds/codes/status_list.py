"""The status list: one signed file that says of every licence of the register whether it is in force, and since when not.

``KZS1`` and the compressed COSE_Sign1 of ``README.md``, sealed by the same key as the codes. Whoever has it needs no
network to learn that a genuine code is of a licence that was suspended, stopped or replaced; its own date says how old
that knowledge is.
"""

import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import IntEnum, StrEnum
from typing import Any, Protocol

from desktop.eds.codes import cbor, cose
from desktop.eds.codes.claims import CodeFacts
from desktop.eds.codes.making import CodeSigner
from desktop.eds.codes.reading import CodeReason, inflated, judge
from desktop.eds.codes.trust import OFFICES_AHEAD, CodeCertificate, CodeTrust

MAGIC = b"KZS1"
VERSION = 1
MOST_BYTES = 32 * 1024 * 1024  # of a file
MOST_INSIDE = 128 * 1024 * 1024
_MOST_ITEMS = 8_000_000
_VERSION, _BIN, _LICENSOR, _MADE, _UNTIL, _ENTRIES = range(1, 7)


class State(IntEnum):
    """Of a licence, as the list writes it."""

    IN_FORCE = 1
    SUSPENDED = 2
    STOPPED = 3
    REPLACED = 4


@dataclass(frozen=True, slots=True)
class Entry:
    """``issued_on``: of the page in force, or the last that was. ``since`` is None where the register keeps no day."""

    state: State
    issued_on: date
    since: date | None = None
    replaced_by: str = ""  # number of the licence that took its place


@dataclass(frozen=True, slots=True)
class StatusList:
    """What a list says. ``valid``: a key of the trust list signed it; its age is another matter (:func:`told_of`)."""

    valid: bool
    reason: CodeReason
    licensor: str = ""
    licensor_bin: str = ""
    made_at: datetime | None = None
    valid_until: datetime | None = None
    entries: dict[str, Entry] | None = None
    certificate: CodeCertificate | None = None


class Told(StrEnum):
    """What a list tells of one paper; each has its sentence in the messages."""

    IN_FORCE = "status-in-force"
    SUSPENDED = "status-suspended"
    STOPPED = "status-stopped"
    REPLACED = "status-replaced"
    UNKNOWN = "status-unknown"  # the list does not know the number, and need not
    NOT_LISTED = "status-not-listed"  # nor does one that must: fresh, and of a later day than the paper
    ANOTHER_OFFICE = "status-another-office"  # the list is of another department
    NOT_A_LICENCE = "status-not-a-licence"  # refusals and notices are in no list


@dataclass(frozen=True, slots=True)
class StatusSeen:
    """``old``: the list's own validity is over, or it was made before the paper was."""

    told: Told
    since: date | None = None
    replaced_by: str = ""
    made_at: datetime | None = None
    old: bool = False

    @property
    def refuses(self) -> bool:
        """Whether the paper must not be relied on."""
        return self.told in (Told.SUSPENDED, Told.STOPPED, Told.REPLACED, Told.NOT_LISTED)


def make(
    signer: CodeSigner,
    entries: Iterable[tuple[str, Entry]],
    *,
    licensor: str,
    licensor_bin: str,
    made_at: datetime,
    valid_until: datetime,
) -> bytes:
    """Return the file. Moments are aware; NotAllowed and Unavailable as the key says."""
    payload = cbor.dumps(
        {
            _VERSION: VERSION,
            _BIN: licensor_bin,
            _LICENSOR: licensor,
            _MADE: int(made_at.timestamp()),
            _UNTIL: int(valid_until.timestamp()),
            _ENTRIES: {number: _written(entry) for number, entry in entries},
        }
    )
    return MAGIC + zlib.compress(signer.seal(payload), 9)


class Standing(Protocol):
    """What the register says of a number; ``status`` as the register writes it."""

    @property
    def number(self) -> str: ...
    @property
    def status(self) -> str: ...
    @property
    def issued_on(self) -> date: ...
    @property
    def since(self) -> date | None: ...
    @property
    def replaced_by(self) -> str: ...


_STATES = {
    "issued": State.IN_FORCE,
    "resumed": State.IN_FORCE,
    "suspended": State.SUSPENDED,
    "terminated": State.STOPPED,
    "reissued": State.REPLACED,
}


def entries_of(rows: Iterable[Standing]) -> Iterator[tuple[str, Entry]]:
    """Give the rows of the register as entries of a list."""
    for row in rows:
        yield row.number, Entry(_STATES[row.status], row.issued_on, row.since, row.replaced_by)


def read(content: bytes, trust: CodeTrust) -> StatusList:
    """Return what a list says and whether a key of ``trust`` signed it; never raises, whatever it holds."""
    if not content.startswith(MAGIC):
        return StatusList(False, CodeReason.NOT_OURS)
    try:
        if len(content) > MOST_BYTES:
            raise ValueError("too large")
        sealed = cose.opened(inflated(content[len(MAGIC) :], MOST_INSIDE))
        told = cbor.loads(sealed.payload, items=_MOST_ITEMS)
        if not isinstance(told, dict) or told.get(_VERSION) != VERSION:
            raise ValueError("another version")
        made_at, valid_until = (datetime.fromtimestamp(_whole(told[name]), UTC) for name in (_MADE, _UNTIL))
        entries = {_text(number): _entry(one) for number, one in told[_ENTRIES].items()}
        names = _text(told[_LICENSOR]), _text(told[_BIN])
    except (ValueError, KeyError, TypeError, AttributeError, IndexError, OverflowError, OSError):
        return StatusList(False, CodeReason.BROKEN)
    reason, certificate = judge(sealed, trust)
    if certificate is not None and not certificate.in_date(made_at.date()):
        reason = CodeReason.KEY_OUT_OF_DATE
    if reason is CodeReason.VALID and certificate is not None and certificate.demo:
        reason = CodeReason.VALID_DEMO
    valid = reason in (CodeReason.VALID, CodeReason.VALID_DEMO)
    return StatusList(valid, reason, *names, made_at, valid_until, entries, certificate)


def told_of(facts: CodeFacts, known: StatusList, *, at: datetime) -> StatusSeen:
    """Return what a valid list tells of the paper a code speaks of, at the aware moment ``at``."""
    made_at = known.made_at
    old = made_at is None or known.valid_until is None or at > known.valid_until
    old = old or (made_at is not None and (made_at + OFFICES_AHEAD).date() < facts.dated)
    if facts.paper != "licence":
        return StatusSeen(Told.NOT_A_LICENCE, made_at=made_at, old=old)
    if known.licensor_bin != facts.licensor_bin:
        return StatusSeen(Told.ANOTHER_OFFICE, made_at=made_at, old=old)
    entry = (known.entries or {}).get(facts.number)
    issued = facts.issued_on or facts.dated
    if entry is None:
        must_know = not old and made_at is not None and issued < made_at.date()
        return StatusSeen(Told.NOT_LISTED if must_know else Told.UNKNOWN, made_at=made_at, old=old)
    if entry.state is State.IN_FORCE and entry.issued_on > issued:  # another page under the same number
        return StatusSeen(Told.REPLACED, entry.issued_on, facts.number, made_at, old)
    told = {
        State.IN_FORCE: Told.IN_FORCE,
        State.SUSPENDED: Told.SUSPENDED,
        State.STOPPED: Told.STOPPED,
        State.REPLACED: Told.REPLACED,
    }[entry.state]
    return StatusSeen(told, entry.since, entry.replaced_by, made_at, old)


def _written(entry: Entry) -> list[Any]:
    since = entry.since.isoformat() if entry.since else ""
    full = [int(entry.state), entry.issued_on.isoformat(), since, entry.replaced_by]
    while full[-1] == "":
        full.pop()
    return full


def _entry(value: Any) -> Entry:
    if not isinstance(value, list) or not 2 <= len(value) <= 4:
        raise ValueError("not an entry")
    state, issued, since, by = (*value, "", "")[:4]
    return Entry(
        State(_whole(state)),
        date.fromisoformat(_text(issued)),
        date.fromisoformat(_text(since)) if since else None,
        _text(by),
    )


def _whole(value: Any) -> int:
    if not isinstance(value, int) or isinstance(value, bool):
        raise ValueError("not a number")
    return value


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise ValueError("not a text")
    return value
