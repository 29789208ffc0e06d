"""Row 55: a department at work for as long as wanted while things go wrong: ``python -m tests.faults.soak``.

Sixty workstations, each with its own person's connection, on a PostgreSQL of our own; something bad every few seconds,
chosen by a seed that is printed. Then everybody finishes, and the checker has the last word. Exit status 0 or 1.
"""

import argparse
import json
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.engine import make_url

from desktop.cases import office_people
from desktop.cases.office import PersonFacts
from desktop.models import Case, Person
from desktop.regulation.model import Role
from desktop.store.authority.names import login_role
from desktop.store.database import Store
from tests import office
from tests.faults import offices, proof, proxy
from tests.faults.cluster import cluster
from tests.faults.history import History
from tests.faults.nemesis import Nemesis
from tests.faults.zygote import ROOT
from tests.seats import SeatedStore

PROCESSES = 6
SHARES = {
    Role.CLERK: 0.4,
    Role.EXECUTOR: 0.4,
    Role.DEPARTMENT_HEAD: 0.05,
    Role.AUDITOR: 0.05,
}  # the rest: the head


class Department:
    """The people, their addresses and their processes."""

    def __init__(self, url: str, network: proxy.Network, folder: Path, chosen: random.Random) -> None:
        self.url, self.network, self.folder, self.chosen = url, network, folder, chosen
        self.history = History(folder / "history.jsonl")
        self.stop = folder / "stop"
        self.people: list[dict[str, Any]] = []
        self._processes: dict[int, subprocess.Popen[bytes]] = {}
        self._seeds = 0

    def hire(self, number: int) -> None:
        """Give every workstation a person of its own; several of the head's are the head's."""
        store = SeatedStore(self.url, clock=None, workstation="WS-ADM", exclusive=False)
        for role, share in SHARES.items():
            for turn in range(max(1, int(number * share))):
                facts = PersonFacts(
                    f"{role.value}{turn:02d}".replace("_", "")[:20],
                    f"Қызметкер {role.value} {turn}",
                    f"Сотрудник {role.value} {turn}",
                    "Маман",
                    "Специалист",
                    "",
                    frozenset({role}),
                )
                office_people.save_person(
                    store, office.people().administrator, person=facts, password=office.PASSWORD
                )
        with store.reading() as session:
            known = session.scalars(select(Person).order_by(Person.id)).all()
            rows = [(one.id, one.login, one.name_kk, next(iter(one.roles)).role) for one in known]
        self.prefix = store.prefix
        store.dispose()
        rows = [row for row in rows if row[3] != Role.ADMINISTRATOR.value]
        head = next(row for row in rows if row[3] == Role.HEAD.value)
        rows += [head] * max(0, min(number - len(rows), 4))
        self.people = [
            {"id": row[0], "login": row[1], "name": row[2], "role": row[3], "workstation": f"WS-{place:02d}",
             "url": self.address(row[1], far=place % 2 == 0)}
            for place, row in enumerate(rows)
        ]  # fmt: skip

    def address(self, login: str, *, far: bool = False) -> str:
        """A person's own address: through the bad network, or beside the server."""
        through = make_url(self.network.url if far else self.url)
        return through.set(username=login_role(self.prefix, login)).render_as_string(hide_password=False)

    def begin(self, think: float) -> None:
        store = SeatedStore(self.url, clock=None, workstation="WS-ADM", exclusive=False)
        self.history.begin(store)
        store.dispose()
        self.think = think
        for number in range(PROCESSES):
            self._start(number)

    def _start(self, number: int) -> None:
        self._seeds += 1000
        told = {
            "people": self.people[number::PROCESSES],
            "executors": [one for one in self.people if one["role"] == Role.EXECUTOR.value],
            "history": str(self.history.path),
            "stop": str(self.stop),
            "seed": self.chosen.randrange(2**31) + self._seeds,
            "think": self.think,
        }
        with (self.folder / f"client-{number}.log").open("ab") as log:
            process = subprocess.Popen(
                [sys.executable, "-W", "error", "-m", "tests.faults.soak_client"],
                cwd=ROOT,
                stdin=subprocess.PIPE,
                stderr=log,
            )
        assert process.stdin is not None
        process.stdin.write(json.dumps(told).encode() + b"\n")
        process.stdin.close()
        self._processes[number] = process

    def kill_one(self) -> None:
        """kill -9 of the process of ten workstations; they are switched on again."""
        number = self.chosen.randrange(PROCESSES)
        self._processes[number].kill()
        self._processes[number].wait()
        self._start(number)

    def end(self) -> None:
        """Let everybody finish what he is doing."""
        self.stop.touch()
        for process in self._processes.values():
            process.wait(300)

    def kill_all(self) -> None:
        for process in self._processes.values():
            process.kill()
            process.wait()

    def look(self) -> None:
        """Write down what everybody sees now that nobody works."""
        for login in sorted({one["login"] for one in self.people}):
            store = Store(self.address(login), exclusive=False)
            with store.reading() as session:
                self.history.saw(login, session.scalars(select(Case.id)).all())
            store.dispose()


def run(seconds: float, seed: int, clients: int, every: float, think: float, keep: Path | None) -> list[str]:
    """Return what the checker found; everything else is printed."""
    say = sys.stdout.write
    say(f"seed {seed}: {clients} workstations for {seconds:.0f} s\n")
    chosen = random.Random(seed)
    folder = Path(tempfile.mkdtemp(prefix="ruqsat-soak-"))
    try:
        with ExitStack() as stack:
            own = stack.enter_context(cluster({"max_connections": "300"}))
            url = stack.enter_context(offices.founded(own.address))
            network = stack.enter_context(proxy.before(url))
            department = Department(url, network, folder, chosen)
            stack.callback(department.kill_all)
            department.hire(clients)
            nemesis = Nemesis(chosen, own, str(make_url(url).database), network, department.kill_one)
            network.on_commit = nemesis.around_commit
            department.begin(think)
            began = time.monotonic()
            while time.monotonic() - began < seconds:
                time.sleep(chosen.uniform(0.5 * every, 1.5 * every))
                did = nemesis.strike()
                say(f"{time.monotonic() - began:7.1f} s  {did}\n")
                sys.stdout.flush()
            network.on_commit = lambda: proxy.PASS
            department.end()
            department.look()
            faults = proof.faults(department.history, url)
            _summary(department.history, nemesis.done, network.cuts, faults, seed)
        return faults
    finally:
        if keep is not None:
            shutil.copytree(folder, keep, dirs_exist_ok=True)
        shutil.rmtree(folder, ignore_errors=True)


def _summary(history: History, done: Counter[str], cuts: int, faults: list[str], seed: int) -> None:
    lines = [json.loads(line) for line in history.path.read_text(encoding="utf-8").splitlines()]
    ended = Counter(line["type"] for line in lines)
    kinds = Counter(line["kind"] for line in lines if line["type"] == "ok")
    refused = Counter(line.get("code") for line in lines if line["type"] == "fail")
    say = sys.stdout.write
    say(f"acknowledged {ended['ok']}: {dict(kinds.most_common())}\n")
    say(f"not done {ended['fail']}: {dict(refused.most_common())}\n")
    say(f"unknown at first {ended['info']}, witnesses {ended['witness']}, looks {ended['saw']}\n")
    say(f"done to them: {dict(done.most_common())}, {cuts} connections cut by the network\n")
    say(f"seed {seed}: the checker found {len(faults)} faults\n")
    for fault in faults[:40]:
        say(f"  {fault}\n")


def main() -> int:
    asked = argparse.ArgumentParser(prog="installer/test --soak", description=__doc__)
    asked.add_argument("--seconds", type=float, default=300)
    asked.add_argument("--seed", type=int, default=random.SystemRandom().randrange(2**31))
    asked.add_argument("--clients", type=int, default=60)
    asked.add_argument("--every", type=float, default=5, help="seconds between two bad things")
    asked.add_argument(
        "--think", type=float, default=1.0, help="seconds a person thinks between two commands"
    )
    asked.add_argument("--keep", type=Path, help="where history and logs are kept")
    told = asked.parse_args()
    return 1 if run(told.seconds, told.seed, told.clients, told.every, told.think, told.keep) else 0


if __name__ == "__main__":
    sys.exit(main())
