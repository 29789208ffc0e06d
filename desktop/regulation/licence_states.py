"""How the state of a licence in the register changes, read from ``resources/licence_states.toml``.

The five states are closed (002 item 5(5)); which ground leads from which to which, who may have decided it and for how
long a licence may be suspended is data. The program's guard, the windows and the database's guard ask the same table.
"""

import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache
from typing import Any, Protocol

from desktop import resources
from desktop.regulation.model import Text
from desktop.regulation.working_calendar import months_later


class LicenceState(StrEnum):
    """What stands of a licence in the register."""

    ISSUED = "issued"
    REISSUED = "reissued"  # another took its place
    SUSPENDED = "suspended"
    RESUMED = "resumed"
    TERMINATED = "terminated"


IN_FORCE: frozenset[str] = frozenset({LicenceState.ISSUED.value, LicenceState.RESUMED.value})

BROUGHT = (LicenceState.SUSPENDED, LicenceState.RESUMED, LicenceState.TERMINATED)
"""The states that come of a decision; the others come of issuing."""


_OUT_OF_FORCE = {
    LicenceState.SUSPENDED.value: "licence-suspended",
    LicenceState.TERMINATED.value: "licence-terminated",
}


def out_of_force(status: str) -> str:
    """Return the code that says why a licence in this state, none in force, gives nothing to re-issue or copy."""
    return _OUT_OF_FORCE.get(status, "licence-not-in-force")


@dataclass(frozen=True, slots=True)
class Decider:
    id: str
    title: Text


@dataclass(frozen=True, slots=True)
class Ground:
    """``after``: the states it may follow; ``decided``: a decision with its number, day and scan stands behind it."""

    id: str
    title: Text
    brings: LicenceState
    after: tuple[LicenceState, ...]
    deciders: tuple[str, ...]
    clause: str
    decided: bool = True
    unverified: bool = False


@dataclass(frozen=True, slots=True)
class LicenceLaw:
    """``months``: the longest suspension; ``clause`` and ``unverified`` are of that."""

    deciders: tuple[Decider, ...]
    grounds: tuple[Ground, ...]
    months: int
    clause: str
    unverified: bool

    def ground(self, ground_id: str) -> Ground | None:
        return next((item for item in self.grounds if item.id == ground_id), None)

    def decider(self, decider_id: str) -> Decider | None:
        return next((item for item in self.deciders if item.id == decider_id), None)

    def ground_title(self, ground_id: str) -> Text:
        """Return its title; an id of a newer program stays as it is."""
        found = self.ground(ground_id)
        return found.title if found else Text(ground_id, ground_id)

    def decider_title(self, decider_id: str) -> Text:
        found = self.decider(decider_id)
        return found.title if found else Text(decider_id, decider_id)

    def open_grounds(self, status: str, brings: LicenceState | None = None) -> tuple[Ground, ...]:
        """Return the grounds that may follow ``status``, those that lead to ``brings`` where one is wanted."""
        return tuple(item for item in self.grounds if status in item.after and brings in (None, item.brings))

    def suspended_until(self, first: date) -> date:
        """Return the last day a suspension that begins on ``first`` may have."""
        return months_later(first, self.months)


class Changed(Protocol):
    """One change of a licence: the state it brought, and its first day."""

    @property
    def status(self) -> str: ...
    @property
    def from_on(self) -> date: ...


def state_on(
    day: date, *, issued_on: date, changes: Iterable[Changed], replaced_on: date | None = None
) -> LicenceState | None:
    """Return the state of a licence on ``day``; None before it was issued.

    ``changes`` in the order they were recorded; of several of one day the last one holds. A change and a new licence
    hold from the beginning of their day.
    """
    if day < issued_on:
        return None
    if replaced_on is not None and day >= replaced_on:
        return LicenceState.REISSUED
    state = LicenceState.ISSUED
    for change in changes:
        if change.from_on <= day:
            state = LicenceState(change.status)
    return state


@cache
def licence_law() -> LicenceLaw:
    """Return what the program ships."""
    return read(resources.path("licence_states.toml").read_text("utf-8"))


def read(text: str) -> LicenceLaw:
    """Read the file; ValueError for one that contradicts itself."""
    told = tomllib.loads(text)
    deciders = tuple(Decider(item["id"], Text(item["kk"], item["ru"])) for item in told["decider"])
    law = LicenceLaw(
        deciders,
        tuple(_ground(item) for item in told["ground"]),
        int(told["suspension"]["months"]),
        told["suspension"]["clause"],
        bool(told["suspension"].get("unverified", False)),
    )
    for fault in _faults(law):
        raise ValueError(fault)
    return law


def _ground(item: dict[str, Any]) -> Ground:
    return Ground(
        id=item["id"],
        title=Text(item["kk"], item["ru"]),
        brings=LicenceState(item["brings"]),
        after=tuple(map(LicenceState, item["after"])),
        deciders=tuple(item["deciders"]),
        clause=item["clause"],
        decided=not item.get("without_decision", False),
        unverified=bool(item.get("unverified", False)),
    )


def _faults(law: LicenceLaw) -> Iterator[str]:
    ids = [item.id for item in law.grounds]
    known = {item.id for item in law.deciders}
    yield from (f"{one}: named twice" for one in sorted({one for one in ids if ids.count(one) > 1}))
    for item in law.grounds:
        if item.brings not in BROUGHT or not item.after or LicenceState.REISSUED in item.after:
            yield f"{item.id}: no such change"
        if item.brings in item.after or (item.brings is LicenceState.RESUMED and set(item.after) & IN_FORCE):
            yield f"{item.id}: changes nothing"
        if not item.deciders or not set(item.deciders) <= known:
            yield f"{item.id}: nobody decides it"
    if not 1 <= law.months <= 120:
        yield "suspension: months"
