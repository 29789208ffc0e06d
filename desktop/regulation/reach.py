"""What is come to from where: the one walk over steps."""

from collections.abc import Callable, Iterable


def reach(first: Iterable[str], onward: Callable[[str], Iterable[str]]) -> tuple[str, ...]:
    """Return the steps come to from ``first``, those included, each once; ``onward`` is asked of each of them once."""
    found: dict[str, None] = {}
    ahead = list(first)
    while ahead:
        step_id = ahead.pop()
        if step_id not in found:
            found[step_id] = None
            ahead += onward(step_id)
    return tuple(found)
