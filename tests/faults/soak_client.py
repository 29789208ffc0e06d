"""Some workstations of the soak, each a thread with a connection of its own person's: ``python -m tests.faults.soak_client``.

One JSON object on standard input says where, who and until when. A process may be killed at any moment; what it wrote
to the history by then stands. Work goes on until the file ``stop`` is there.
"""

import json
import os
import random
import sys
import threading
import time
import traceback
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import NoResultFound

from desktop.errors import Told, Unavailable
from desktop.models import Case, JournalHead
from desktop.queries import desk, registers
from desktop.queries.rows import RegisterFilter
from desktop.regulation.model import Role
from desktop.regulation.rights import Actor
from desktop.store.database import Store
from tests import office
from tests.clock import OFFICE_ZONE
from tests.faults import pages
from tests.faults.day import Day
from tests.faults.history import History
from tests.story import Teller

SILENCE = 6.0
PATIENCE = 150.0


class Now:
    """A clock nobody holds: it is now."""

    @property
    def moment(self) -> datetime:
        return datetime.now(UTC).astimezone(OFFICE_ZONE)

    def set(self, _moment: object) -> None:
        """Time goes by itself."""


class Workstation:
    """One person at work: chooses what to do next from what he sees, as people do."""

    def __init__(self, told: dict[str, Any], who: dict[str, Any], seed: int) -> None:
        self.chosen = random.Random(seed)
        role = Role(who["role"])
        self.actor = Actor(
            who["id"], who["login"], who["name"], who["name"], frozenset({role}), who["workstation"]
        )
        self.role = role
        self.store = Store(who["url"], workstation=who["workstation"], exclusive=False, silence=SILENCE)
        slot = {Role.EXECUTOR: "executor"}.get(role, role.value)
        people = replace(office.people(), **{slot: self.actor})
        self.executors = [
            Actor(one["id"], one["login"], one["name"], one["name"], frozenset({Role.EXECUTOR}), "")
            for one in told["executors"]
        ]
        self.history = History(Path(told["history"]))
        tell = Teller(self.store, people, Now())  # type: ignore[arg-type]
        self.day = Day(self.history, tell, worker=who["workstation"], patience=PATIENCE)
        self.day.options = {"draw": pages.draw, "executor": self.actor}
        self.stop = Path(told["stop"])
        self.think = told["think"]

    def work(self) -> None:
        turn = 0
        while not self.stop.exists():
            turn += 1
            try:
                self._something(turn)
            except (Unavailable, NoResultFound):
                pass  # still away, or the case went to a colleague between two looks
            except Told as told:
                self.history.write("defect", id="", kind="look", error=f"{self.actor.login}: {told}")
            except Exception:
                self.history.write("defect", id="", kind="client", error=traceback.format_exc()[-1500:])
            time.sleep(self.chosen.uniform(0, 2 * self.think))
        self.store.dispose()

    def _something(self, turn: int) -> None:
        if turn % 20 == 5:
            self._remember()
        doing: list[tuple[Callable[[int], object], int]] = {
            Role.CLERK: [(self._register, 5), (self._step("delivery"), 4), (self._use("correct"), 1),
                         (self._use("attach_files"), 1), (self._use("withdraw"), 1), (self._look, 1)],
            Role.HEAD: [(self._visa, 6), (self._step("signature"), 6), (self._use("reassign"), 1),
                        (self._use("return_for_rework", "signature"), 1), (self._look, 1)],
            Role.EXECUTOR: [(self._step("completeness"), 4), (self._step("sanitary-answer"), 4),
                            (self._step("decision"), 4), (self._use("save_checks", "decision"), 1),
                            (self._use("attach_files"), 1), (self._look, 1)],
        }.get(self.role, [(self._look, 1)])  # fmt: skip
        work = self.chosen.choices([one for one, _ in doing], [weight for _, weight in doing])[0]
        work(turn)

    def _register(self, turn: int) -> None:
        self.day.register(f"Орал қ., Абай даңғ., {self.actor.login}-{os.getpid()}-{turn}")

    def _visa(self, _turn: int) -> None:
        case_id = self._one_of("visa")
        if case_id is not None:
            self.day.options["executor"] = self.chosen.choice(self.executors)
            self.day.advance(case_id)

    def _step(self, step: str) -> Callable[[int], None]:
        def work(_turn: int) -> None:
            case_id = self._one_of(step)
            if case_id is not None:
                self.day.advance(case_id)

        return work

    def _use(self, name: str, step: str | None = None) -> Callable[[int], None]:
        def work(_turn: int) -> None:
            case_id = self._one_of(step)
            if case_id is not None:
                self.day.use(name, case_id, by=self.actor)

        return work

    def _look(self, _turn: int) -> None:
        if self.role is not Role.ADMINISTRATOR:
            registers.applications(self.store, self.actor, filter=RegisterFilter())
            desk.my_desk(self.store, self.actor)

    def _one_of(self, step: str | None) -> int | None:
        """Return a case this person sees at the step, any open one for None."""
        wanted = select(Case.id).where(Case.step == step if step else Case.step.is_not(None))
        with self.store.reading() as session:
            found = session.scalars(wanted.order_by(Case.id.desc()).limit(12)).all()
        return self.chosen.choice(found) if found else None

    def _remember(self) -> None:
        with self.store.reading() as session:
            head = session.execute(select(JournalHead.position, JournalHead.hash)).one()
        self.history.witness(self.day.worker, head.position, head.hash)


def main() -> int:
    told = json.loads(sys.stdin.readline())
    stations = [Workstation(told, who, told["seed"] + number) for number, who in enumerate(told["people"])]
    threads = [threading.Thread(target=station.work) for station in stations]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return 0


if __name__ == "__main__":
    sys.exit(main())
