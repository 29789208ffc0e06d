"""Measures everything and says it: a table for a person, with ``--json FILE`` the same for a program.

Nothing here fails for being slow: a missed goal is said. Only something broken ends with another status than 0.
"""

import argparse
import os
import platform
import sys
import tempfile
from collections.abc import Iterator
from itertools import chain
from pathlib import Path

from tests.benchmarks.figures import HEADING, Figure, line, write_json


def main() -> None:
    parser = argparse.ArgumentParser(prog="installer/test --benchmarks", description=__doc__)
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures there as well")
    chosen = parser.parse_args()
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    figures: list[Figure] = []
    with tempfile.TemporaryDirectory() as folder:
        os.environ.update({f"RUQSAT_{name}": folder for name in ("STATE", "DATA", "CONFIG")})
        _say(f"Python {platform.python_version()}, {os.cpu_count()} cores, load {_load()}")
        _say(HEADING)
        for figure in _all():
            figures.append(figure)
            _say(line(figure))
    missed = [figure for figure in figures if figure.met is False]
    judged = [figure for figure in figures if figure.met is not None]
    _say(f"{len(judged) - len(missed)} of {len(judged)} goals met; load at the end {_load()}")
    for figure in missed:
        _say(f"missed: {figure.name.strip()} {figure.engine}".rstrip())
    if chosen.json is not None:
        write_json(chosen.json, figures)


def _all() -> Iterator[Figure]:
    from tests.benchmarks import (
        commands,
        export,
        gost,
        million,
        papers,
        readiness,
        registers,
        restricted,
        signing,
        window,
    )

    yield from window.measure()
    yield from gost.measure()
    yield from chain(papers.measure(), signing.measure(), readiness.measure())
    with million.registers() as urls:
        yield from registers.measure(urls)
        yield from restricted.measure(urls)
        yield from commands.measure(urls)
        yield from export.measure(urls)


def _load() -> str:
    return " ".join(f"{value:.1f}" for value in os.getloadavg()) if hasattr(os, "getloadavg") else "unknown"


def _say(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
