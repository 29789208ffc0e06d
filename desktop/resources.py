"""Finds a resource in the source tree, in the wheel and in the frozen program."""

import sys
from functools import cache
from pathlib import Path


def path(*parts: str) -> Path:
    """Return where the resource lies; FileNotFoundError when there is none (a defect of the build)."""
    for root in _roots():
        found = root.joinpath(*parts)
        if found.exists():
            return found
    raise FileNotFoundError("/".join(parts))


@cache
def _roots() -> list[Path]:
    package = Path(__file__).resolve().parent
    frozen = getattr(sys, "_MEIPASS", None)
    roots = [Path(frozen) / "resources"] if frozen else []
    return [*roots, package / "_resources", package.parent / "resources"]
