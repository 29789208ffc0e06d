"""kill -9 before and after every statement, commit and token call of registering and of signing.

The points are counted by hooks in a dry run; then a process dies at each of them (the whole lane) or at every fourth and
all next to a COMMIT (the ordinary run, which has to stay short). After each death the office
stands exactly where a step left it, its books are in order, and doing it again gives what doing it once gives.
"""

import signal
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from desktop.cases import registering, signing
from desktop.cases.application import IncomingFile
from desktop.errors import NotAllowed
from desktop.models import Case, Licence
from desktop.queries import duplicates, registers
from desktop.queries.rows import RegisterFilter
from desktop.store.database import Store
from tests import story
from tests.clock import Clock
from tests.faults import pages, proof
from tests.faults.conftest import PIN
from tests.faults.grounds import Ground
from tests.faults.state import State, books, faults, state
from tests.faults.zygote import Zygote

MORNING = "2018-06-11T09:30+05:00"
NEXT_DAY = "2018-06-12T10:00+05:00"


def _die_everywhere(
    ground: Ground,
    zygote: Zygote,
    job: dict[str, Any],
    again: Callable[[Store], None],
    whole: bool,
    **warm: Any,
) -> list[str]:
    """Let a process die at the points of ``job``, then do the step ``again``; return where it died.

    ``whole``: at every single one; else at every fourth, and at each that stands next to a COMMIT. As many COMMITs
    as the process lived to see, so far the office has come: never a row further. ``warm``: what the first, unwatched
    turn does otherwise.
    """
    stages = [state(ground.store)]
    zygote.run(url=ground.url, warm=True, **(job | warm))
    ground.renew()
    lived = zygote.run(url=ground.url, **job)
    assert (lived["ended"], "done" in lived) == (0, True), lived
    names: list[str] = lived["points"]
    commits = [number for number, name in enumerate(names, 1) if name == "after COMMIT"]
    last = state(ground.store)
    assert faults(ground.store) == []
    stages += [_die(ground, zygote, job, names, number) for number in commits[:-1]] + [last]
    assert all(one != other for one, other in pairwise(stages))
    chosen = [
        number
        for number in range(1, len(names) + 1)
        if whole or number % 4 == 1 or any(abs(number - commit) <= 2 for commit in commits)
    ]
    for number in chosen:
        name = names[number - 1]
        left = _die(ground, zygote, job, names, number)
        assert left == stages[sum(number >= commit for commit in commits)], f"{number}: {name}"
        again(ground.store)
        assert books(state(ground.store)) == books(last), f"{number}: {name}"
    return [names[number - 1] for number in chosen]


def _die(ground: Ground, zygote: Zygote, job: dict[str, Any], names: list[str], number: int) -> State:
    """Die at a point; return the office as it is left, proved whole and in order."""
    ground.renew()
    said = zygote.run(url=ground.url, kill_at=number, **job)
    assert (said["ended"], said.get("killed")) == (signal.SIGKILL, names[number - 1])
    assert ground.fault() == ""
    assert faults(ground.store) == []
    return state(ground.store)


@pytest.mark.parametrize("engine", ["sqlite", "postgresql"])
def test_a_registration_killed_anywhere(engine, ground_of, zygote, people, tmp_path, whole, record_property):
    ground = ground_of(engine, lambda store: None)
    application = story.application(ground.store)
    files = _scans(tmp_path)

    def again(store: Store) -> None:
        """The form is still there, and before it is saved the counter is shown a possible twin."""
        known = duplicates.possible(
            store,
            people.clerk,
            application=application,
        )
        if not known:
            registering.register_application(
                store,
                people.clerk,
                application=application,
                files=[IncomingFile(Path(path), paper) for path, paper in files.items()],
                draw=pages.draw,
            )
        found = RegisterFilter(text="2018-000001")
        assert registers.count_applications(store, people.clerk, filter=found) == 1

    job = {"do": "register", "moment": MORNING, "site": application.site, "files": files}
    names = _die_everywhere(ground, zygote, job, again, whole)
    record_property("told", f"registering on {engine}: killed at {len(names)} points")


def _scans(folder: Path) -> dict[str, str]:
    """Two papers, one of them longer than a chunk of the database."""
    long, short = folder / "дипломдар.pdf", folder / "өтініш.pdf"
    long.write_bytes(pages.pdf_of(b"% " + b"x" * 1_100_000))
    short.write_bytes(pages.pdf_of(b"% short"))
    return {str(long): "diplomas", str(short): "application"}


@pytest.mark.parametrize(("engine", "key"), [("sqlite", "token"), ("postgresql", "key_file")])
def test_a_signature_killed_anywhere(
    engine, key, key_file, request, ground_of, trusted, clock: Clock, people, whole, record_property
):
    """On the day after the draft, so that the page is drawn anew: preparing commits, and recording commits."""
    hand = request.getfixturevalue(key)
    told: list[int] = []

    def before(store: Store) -> None:
        trusted(store)
        told.append(story.teller(store, people, clock)("sign", draw=pages.draw))

    ground = ground_of(engine, before)
    (case_id,) = told
    clock.set(NEXT_DAY)
    with ground.store.reading() as session:
        case = session.get_one(Case, case_id)
        seen, number = case.version, case.documents[-1].number

    def again(store: Store) -> None:
        """The head, who saw nothing happen, signs again; if it had happened he is told that he had done it."""
        tell = story.teller(store, people, clock)
        if tell.case(case_id).result or tell.step(case_id).act != "sign":
            with pytest.raises(NotAllowed) as moved:
                signing.prepare(store, people.head, case_id=case_id, seen_version=seen, draw=pages.draw)
            assert (moved.value.code, moved.value.facts["what"]) == ("case-moved-on", "signed")
        else:
            prepared = signing.prepare(store, people.head, draw=pages.draw, **tell.seen(case_id))
            assert prepared.number == number
            signing.record(
                store,
                people.head,
                case_id=case_id,
                seen_version=prepared.version,
                document_id=prepared.document_id,
                signed=story.sign(prepared.pdf, tell.iin(people.head)),
                verify=story.verify,
            )
        with store.reading() as session:
            assert session.scalars(select(Licence.number)).all() == [number]

    job = {
        "do": "sign",
        "moment": NEXT_DAY,
        "case_id": case_id,
        "seen_version": seen,
        "key": hand,
        "pin": PIN,
    }
    with Zygote() as zygote:  # after the token is there
        names = _die_everywhere(ground, zygote, job, again, whole, key=key_file)
    record_property("told", f"signing on {engine} with a {hand['kind']}: killed at {len(names)} points")


@pytest.mark.parametrize("engine", ["sqlite", "postgresql"])
def test_workstations_that_die_leave_nothing_the_checker_finds(
    engine, ground_of, zygote, people, clock, history, whole, record_property
):
    """Dying again and again in the same office: what was acknowledged is there, what was not is there whole or not at all."""
    waiting: list[int] = []

    def before(store: Store) -> None:
        waiting.append(story.teller(store, people, clock)("sign", draw=pages.draw))

    ground = ground_of(engine, before)
    history.begin(ground.store)
    shared = {"do": "recorded", "url": ground.url, "moment": MORNING, "history": str(history.path)}
    deaths = 0
    for job in ({"site": "Орал қ., Абай даңғ., {}"}, {"case_id": waiting[0]}):
        asked = [{**job, "site": job["site"].format(turn)} if "site" in job else job for turn in range(400)]
        names = zygote.run(**shared, **asked[0])["points"] if "site" in job else [""] * 90
        for turn, number in enumerate(range(2, len(names), 1 if whole else len(names) // 6), 1):
            said = zygote.run(**shared, **asked[turn], kill_at=number)
            deaths += "killed" in said
        assert zygote.run(**shared, **asked[-1])["done"] in {"ok", "closed"}
    assert ground.fault() == ""
    assert proof.faults(history, ground.url) == []
    record_property(
        "told", f"{engine}: {deaths} workstations died in one office, and the checker finds nothing"
    )
