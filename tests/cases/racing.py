"""Two windows, two connections, the same moment: what each of the two is told."""

import threading
from collections.abc import Callable

from desktop.errors import NotAllowed
from desktop.store.database import Store
from tests.clock import Clock


def two_at_once(store: Store, url: str, clock: Clock, act: Callable[[Store], object]) -> list[str]:
    """Run ``act`` on ``store`` and on a second one of the same file; return "done" or the refusal of each, sorted."""
    other = Store(url, clock=clock, workstation="WS-2", exclusive=False)
    start = threading.Barrier(2)
    told: list[str] = []

    def run(through: Store) -> None:
        start.wait()
        try:
            act(through)
            told.append("done")
        except NotAllowed as refused:
            told.append(refused.code)

    threads = [threading.Thread(target=run, args=(each,)) for each in (store, other)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    other.dispose()
    return sorted(told)
