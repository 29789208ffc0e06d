"""What goes wrong during the soak, one thing at a time, chosen by a seed."""

import contextlib
import os
import random
import signal
import time
from collections import Counter
from collections.abc import Callable

import psycopg

from tests.faults import proxy
from tests.faults.cluster import Cluster, backends, terminate_all


class Nemesis:
    """Does harm to the server, to the network and to the clients; ``done`` counts what it did."""

    def __init__(
        self,
        chosen: random.Random,
        own: Cluster,
        database: str,
        network: proxy.Network,
        kill_a_client: Callable[[], None],
    ) -> None:
        self.chosen = chosen
        self.done: Counter[str] = Counter()
        self._own, self._database, self._network = own, database, network
        self._kill_a_client = kill_a_client
        self._ways: list[tuple[Callable[[], None], int]] = [
            (self.terminate_some, 4),
            (self.terminate_all, 2),
            (self.crash, 1),
            (self.fast_restart, 1),
            (self.kill_a_backend, 1),
            (self.freeze_a_backend, 2),
            (self.stall, 3),
            (self.cut, 3),
            (self.network_away, 2),
            (self.slow, 1),
            (self.kill_a_client, 3),
            (self.hold_a_case, 2),
        ]

    def strike(self) -> str:
        """Do one thing; return its name."""
        way = self.chosen.choices([one for one, _ in self._ways], [weight for _, weight in self._ways])[0]
        way()
        self.done[way.__name__] += 1
        return way.__name__

    def around_commit(self) -> str:
        """What happens to a COMMIT that passes the network: now and then it is cut."""
        return self.chosen.choices((proxy.PASS, proxy.BEFORE, proxy.AFTER, proxy.ANSWERED), (60, 1, 1, 1))[0]

    def terminate_some(self) -> None:
        pids = backends(self._own.address, self._database)
        with psycopg.connect(self._own.address, autocommit=True) as connection:
            for pid in self.chosen.sample(pids, min(len(pids), self.chosen.randint(1, 10))):
                connection.execute("SELECT pg_terminate_backend(%s)", (pid,))

    def terminate_all(self) -> None:
        terminate_all(self._own.address, self._database)

    def crash(self) -> None:
        self._own.stop(signal.SIGQUIT)
        time.sleep(self.chosen.uniform(0, 3))
        self._own.start()

    def fast_restart(self) -> None:
        self._own.stop(signal.SIGINT)
        time.sleep(self.chosen.uniform(0, 3))
        self._own.start()

    def kill_a_backend(self) -> None:
        """The server throws everybody out and recovers."""
        self._signal(signal.SIGKILL)
        self._wait_for_the_server()

    def freeze_a_backend(self) -> None:
        frozen = self._signal(signal.SIGSTOP)
        time.sleep(self.chosen.uniform(2, 9))
        if frozen is not None:
            with contextlib.suppress(ProcessLookupError):
                os.kill(frozen, signal.SIGCONT)

    def stall(self) -> None:
        self._network.stall()
        time.sleep(self.chosen.uniform(1, 9))
        self._network.flow()

    def cut(self) -> None:
        self._network.cut_all()

    def network_away(self) -> None:
        self._network.go_away()
        time.sleep(self.chosen.uniform(1, 6))
        self._network.come_back()

    def slow(self) -> None:
        self._network.delay = 0.1
        time.sleep(self.chosen.uniform(2, 6))
        self._network.delay = 0.0

    def kill_a_client(self) -> None:
        self._kill_a_client()

    def hold_a_case(self) -> None:
        """An administrator's session forgets its transaction for a while."""
        with psycopg.connect(self._own.address, dbname=self._database) as connection:
            connection.execute("SELECT id FROM case_file ORDER BY random() LIMIT 3 FOR UPDATE")
            time.sleep(self.chosen.uniform(1, 6))
            connection.rollback()

    def _signal(self, what: signal.Signals) -> int | None:
        pids = backends(self._own.address, self._database)
        if not pids:
            return None
        pid = self.chosen.choice(pids)
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, what)
        return pid

    def _wait_for_the_server(self) -> None:
        deadline = time.monotonic() + 60
        while True:
            try:
                psycopg.connect(self._own.address).close()
                return
            except psycopg.OperationalError:
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.05)
