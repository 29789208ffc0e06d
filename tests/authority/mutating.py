"""Removes every restriction of a database, one at a time, and finds who notices: the table ``killers.tsv``.

``python -m tests.authority.mutating`` (``./installer/test --mutation``) makes the table anew from nothing, on a server
of its own, and ends with 1 when nobody notices something. The ordinary run (test_mutations) asks only the probe the
table names for each, which takes seconds.
"""

import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack
from pathlib import Path

import psycopg
from sqlalchemy.engine import make_url

from tests import servers
from tests.authority import mutations, probes
from tests.authority import scene as scenes
from tests.authority.attempts import Connection
from tests.authority.mutations import Mutation
from tests.authority.probes import Probe
from tests.authority.scene import Scene

TABLE = Path(__file__).with_name("killers.tsv")

EQUAL = {
    "trigger journal_entry.tell_of_change disabled": "takes no right from anybody: it calls the others to look anew",
    # an INSERT needs a policy, and dropping it is noticed; what it says, the guard before it has proved already
    "policy blob.keep true": "guard_blob comes first",
    "policy blob_chunk.keep true": "guard_chunk comes first",
    "policy journal_entry.write true": "guard_entry writes the actor itself",
    "check 1 of guard_case_begins (LC015) gone": "guard_claim_kept refuses the second case for the same reason",
    "check 4 of guard_request_answered (LC037) gone": "the decree asks once; another command has no such column",
    "check 5 of guard_signature (LC029) gone": "the claim has proved that the signer is the head now",
    "refusal 1 of keep_login gone": "the server itself refuses a name that is taken, with the same code",
    "check 2 of prove_paper (LC047) gone": "prove_work says the same of every command",
    "check 4 of guard_claim_of_move (LC010) gone": "the decree gives the move to the performer: check 3 says it",
    "check 3 of guard_claim_of_move (LC010) gone": "who has another's case out of his sight is refused before",
    "policy case_file.new_case dropped": "it takes a right from those who register and see no other case",
    "is_staff says yes": "who is no person claims nothing, and without a claim nothing is written",
    "at_own_counter says yes": "yes is the stricter answer",
    **{
        f"check {number} of guard_total_term (LC046) gone": "no law of the scene pauses the total term: check 1 comes"
        " first (tests/guards/test_rows has a law that does)"
        for number in (2, 3, 4)
    },
}
"""What is no restriction of its own, and why."""

TO_BE_ATTACKED: frozenset[str] = frozenset()
"""Restrictions without an attack yet: honest runs prove that they let the right thing through, nothing that they stop."""


class Laboratory:
    """A scene that may be spoilt: connections as everybody, every mutation and every probe."""

    def __init__(self, scene: Scene) -> None:
        self.scene = scene
        self._kept: dict[str | None, Connection] = {}
        self._stack = ExitStack()
        self.superuser = self.connect(None)
        scene.names["head_backend"] = self.connect("head").info.backend_pid
        self.superuser.execute(mutations.NEVER.encode())
        self.mutations = mutations.every(self.superuser, scene.prefix)
        found = [*probes.attacks(scene, self.connect, probes.HELD), *probes.reads(self.connect, probes.HELD)]
        self.probes = {probe.name: probe for probe in found}

    def connect(self, login: str | None) -> Connection:
        """That person's connection, made anew when it was ended."""
        found = self._kept.get(login)
        if found is None or found.closed:
            found = self._kept[login] = self._stack.enter_context(self.scene.connect(login))
        return found

    def noticed_by(self, mutation: Mutation, asked: Iterable[Probe]) -> str:
        """Do it, ask the probes until one notices, undo it; the name of that one, or "".

        Who still notices something when all is undone has noticed something else, and counts for nothing.
        """
        left = iter(asked)
        while probe := self._first_to_notice(mutation, left):
            if not probe.notices():
                return probe.name
        return ""

    def _first_to_notice(self, mutation: Mutation, asked: Iterator[Probe]) -> Probe | None:
        for words in mutation.do:
            self.superuser.execute(words.encode())
        try:
            return next((probe for probe in asked if probe.notices()), None)
        finally:
            for words in mutation.undo:
                self.superuser.execute(words.encode())

    def close(self) -> None:
        self._stack.close()


def read() -> dict[str, str]:
    """The table: mutation -> the probe that notices it."""
    lines = TABLE.read_text("utf-8").splitlines()
    return dict(line.split("\t") for line in lines if line and not line.startswith("#"))


def find(laboratory: Laboratory, tell: Callable[[str], object]) -> tuple[dict[str, str], list[str]]:
    """Ask probe after probe, the likeliest first; the table, and what nobody notices."""
    sound = [probe for probe in laboratory.probes.values() if not probe.notices()]
    found: dict[str, str] = {}
    unseen: list[str] = []
    for number, mutation in enumerate(laboratory.mutations, 1):
        if mutation.name in EQUAL or mutation.name in TO_BE_ATTACKED:
            continue
        asked = probes.relevant(sound, mutation.table, mutation.code, mutation.name)
        name = laboratory.noticed_by(mutation, asked)
        if name:
            found[mutation.name] = name
        else:
            unseen.append(mutation.name)
            tell(f"nobody notices: {mutation.name}")
        if number % 100 == 0:
            tell(f"{number} of {len(laboratory.mutations)}")
    return found, unseen


def main() -> int:
    """Make the table anew."""
    with servers.postgresql() as address:
        with psycopg.connect(address, autocommit=True) as connection:
            connection.execute("CREATE DATABASE mutated TEMPLATE template0 ENCODING 'UTF8'")
        url = make_url(address).set(database="mutated").render_as_string(hide_password=False)
        laboratory = Laboratory(scenes.build(url))
        found, unseen = find(laboratory, lambda words: print(words, flush=True))  # noqa: T201
        laboratory.close()
    told = "".join(f"{mutation}\t{probe}\n" for mutation, probe in sorted(found.items()))
    TABLE.write_text("# a restriction removed, and the probe that notices\n" + told, "utf-8")
    print(f"{len(found)} noticed, {len(unseen)} not")  # noqa: T201
    return 1 if unseen else 0


if __name__ == "__main__":
    sys.exit(main())
