"""Rows 6 to 8: the server dies, or throws everybody out, while an office works. Everything acknowledged is there.

Nobody works twice: what lost its answer is sent again under the same id.
"""

import os
import random
import signal

import pytest
from sqlalchemy.engine import make_url

from tests.faults import proof
from tests.faults.cluster import backends, terminate_all
from tests.faults.crew import Crew, lines, registrations


@pytest.fixture
def crew(own_office, history, people, clock, plain_begin) -> Crew:
    plain_begin(own_office)
    return Crew(own_office, history, people, clock)


def test_everybody_is_thrown_out_again_and_again(own, own_office, crew, whole, record_property):
    database = str(make_url(own_office).database)
    cut = 0
    with crew.at_work(20 if whole else 6, registrations(20 if whole else 4)):
        for storm in range(40 if whole else 6):
            crew.until(lambda storm=storm: lines(crew.history, "ok") > storm * (15 if whole else 6))
            cut += terminate_all(own.address, database)
    assert cut > 5
    assert proof.faults(crew.history, own_office) == []
    record_property("told", f"terminated {cut} sessions under {crew.acknowledged} acknowledged commands")


@pytest.mark.parametrize(
    "way", [signal.SIGQUIT, signal.SIGINT, signal.SIGKILL], ids=["crash", "fast", "kill"]
)
def test_the_server_ends_and_comes_back(own, own_office, crew, whole, way, record_property):
    deaths = 3 if whole else 1
    with crew.at_work(20 if whole else 5, registrations(12 if whole else 3)):
        for death in range(deaths):
            crew.until(lambda death=death: lines(crew.history, "ok") > 5 + death * 60)
            own.stop(way)
            before = lines(crew.history, "fail") + lines(crew.history, "info")
            crew.until(
                lambda before=before: lines(crew.history, "fail") + lines(crew.history, "info") > before
            )
            own.start()
    assert proof.faults(crew.history, own_office) == []
    record_property("told", f"{deaths} ends by {way.name} under {crew.acknowledged} acknowledged commands")


def test_one_backend_is_killed_and_all_recover(own, own_office, crew, whole):
    """kill -9 of one backend makes the server throw everybody out and recover by itself."""
    database = str(make_url(own_office).database)
    chosen = random.Random(8)
    with crew.at_work(12 if whole else 4, registrations(8 if whole else 3)):
        crew.until(lambda: lines(crew.history, "ok") > 4)
        os.kill(chosen.choice(backends(own.address, database)), signal.SIGKILL)
    assert proof.faults(crew.history, own_office) == []
