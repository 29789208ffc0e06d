"""What a benchmark tells, and how it is taken: medians, the program and its floor by turns."""

import gc
import json
import statistics
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

Work = Callable[[], object]
_UNITS = {"ms": "median_ms", "s": "seconds", "MB": "megabytes"}


@dataclass(frozen=True, slots=True)
class Figure:
    """One line of the report. ``goal`` is in the same unit; ``judged`` is what the goal is about ("median" or "p95")."""

    name: str
    value: float
    floor: float | None
    floor_is: str
    n: int
    engine: str = ""
    unit: str = "ms"
    goal: float | None = None
    p95: float | None = None
    judged: str = "median"
    note: str = ""

    @property
    def met(self) -> bool | None:
        """Whether the goal is met, None without one."""
        if self.goal is None:
            return None
        measured = self.p95 if self.judged == "p95" and self.p95 is not None else self.value
        return measured <= self.goal

    @property
    def ratio(self) -> float | None:
        """How many times the floor."""
        return self.value / self.floor if self.floor else None

    def as_json(self) -> dict[str, Any]:
        told: dict[str, Any] = {
            "name": self.name,
            "engine": self.engine or None,
            _UNITS[self.unit]: round(self.value, 3),
            "floor": None if self.floor is None else round(self.floor, 3),
            "floor_is": self.floor_is,
            "ratio": None if self.ratio is None else round(self.ratio, 2),
            "goal": self.goal,
            "met": self.met,
            "n": self.n,
        }
        if self.p95 is not None:
            told["p95_ms"] = round(self.p95, 3)
        if self.goal is not None:
            told["judged"] = self.judged
        return told | ({"note": self.note} if self.note else {})


def by_turns(
    work: Work, floor: Work, n: int, *, after: Work | None = None
) -> tuple[list[float], list[float]]:
    """Return the milliseconds of ``n`` runs of each, taken alternately after one of each to warm up.

    A busy machine then slows both alike. ``after`` tidies up behind each run and is not timed.
    """
    told: tuple[list[float], list[float]] = ([], [])
    for turn in range(n + 1):
        for kept, run in zip(told, (work, floor), strict=True):
            taken = milliseconds(run)
            if after is not None:
                after()
            if turn:
                kept.append(taken)
    return told


def milliseconds(work: Work) -> float:
    gc.collect()
    started = time.perf_counter()
    work()
    return (time.perf_counter() - started) * 1000


def median(taken: Iterable[float]) -> float:
    return statistics.median(taken)


def p95(taken: Sequence[float]) -> float:
    """The value that nineteen runs of twenty do not exceed."""
    ordered = sorted(taken)
    return ordered[min(len(ordered) - 1, round(0.95 * len(ordered)))]


HEADING = f"{'':46} {'':10} {'median':>10} {'p95':>8} {'floor':>9} {'ratio':>6} {'goal':>9}  {'':7} n"


def line(figure: Figure) -> str:
    """One line of the report for a person."""
    verdict = {True: "met", False: "MISSED", None: ""}[figure.met]
    goal = "" if figure.goal is None else f"{figure.goal:g} {figure.unit}"
    if figure.goal is not None and figure.judged == "p95":
        goal = f"p95 {figure.goal:g}"
    said = (
        f"{figure.name:46} {figure.engine:10} {_number(figure.value)} {figure.unit:2}"
        f" {_number(figure.p95)} {_number(figure.floor)}"
        f" {'' if figure.ratio is None else f'{figure.ratio:.1f}x':>6} {goal:>9}  {verdict:7} {figure.n}"
    )
    below = "; ".join(text for text in (figure.floor_is and f"floor: {figure.floor_is}", figure.note) if text)
    return f"{said}\n{'':4}{below}" if below else said


def _number(value: float | None) -> str:
    if value is None:
        return f"{'':>8}"
    return f"{value:8.3f}" if value < 10 else f"{value:8.1f}"


def write_json(path: Path, figures: Iterable[Figure]) -> None:
    told = [figure.as_json() for figure in figures]
    path.write_text(json.dumps(told, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
