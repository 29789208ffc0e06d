"""Rows 3 to 5, 10 and 13: the connection is cut around COMMIT, and in the middle of a long answer.

Before COMMIT nothing was saved and the same command goes out again; after it the truth is found out; nobody is told
of an error or of success before it is known.
"""

import itertools
import random
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from desktop.cases import filing
from desktop.cases.application import IncomingFile
from desktop.errors import Unavailable
from desktop.queries import case_card, papers
from desktop.store.database import Store
from tests import story
from tests.clock import Clock
from tests.faults import offices, pages, proof, proxy
from tests.faults.crew import Crew, lines, registrations
from tests.faults.day import Day
from tests.faults.history import History
from tests.faults.zygote import ROOT
from tests.office import people as office_people


@pytest.mark.parametrize("where", [proxy.BEFORE, proxy.AFTER, proxy.ANSWERED])
def test_a_day_in_which_every_commit_is_cut(
    postgres_url, people, clock, history, plain_begin, where, record_property
):
    """From the application to the licence handed out: each command is cut once, and each is done once."""
    plain_begin(postgres_url)
    with proxy.before(postgres_url) as network:
        passing = itertools.cycle((where, proxy.PASS) if where == proxy.BEFORE else (where,))
        network.on_commit = lambda: next(passing)
        store = offices.workstation(network.url, clock, "WS-01")
        day = Day(history, story.teller(store, people, clock), worker="WS-01", patience=60)
        registered = day.register("Орал қ., Абай даңғ., 1")
        assert registered.type == "ok"
        outcomes = day.carry(registered.result.case_id)
        store.dispose()
        assert [outcome.type for outcome in outcomes] == ["ok"] * 6
        assert network.cuts >= 7
    assert proof.faults(history, postgres_url) == []
    record_property("told", f"a licence over {network.cuts} connections cut {where} COMMIT")


def test_many_workstations_and_random_cuts(
    postgres_url, people, clock, history, plain_begin, whole, record_property
):
    plain_begin(postgres_url)
    chosen = random.Random(5)
    crew = Crew(postgres_url, history, people, clock)
    with proxy.before(postgres_url) as network:
        network.on_commit = lambda: chosen.choices(
            (proxy.PASS, proxy.BEFORE, proxy.AFTER, proxy.ANSWERED), (6, 1, 1, 1)
        )[0]
        crew.url = network.url
        with crew.at_work(25 if whole else 6, registrations(10 if whole else 4)):
            pass
        assert network.cuts > (50 if whole else 5)
    assert proof.faults(history, postgres_url) == []
    record_property(
        "told", f"{crew.acknowledged} commands acknowledged over {network.cuts} connections cut around COMMIT"
    )


@pytest.mark.parametrize("share", [0.1, 0.5, 0.99])
def test_an_answer_cut_in_the_middle_of_a_scan_is_no_scan(
    postgres_store: Store, postgres_url, case_at: Callable[..., int], people, clock, tmp_path, whole, share
):
    """The half that came is not taken for the whole; asked again, the very bytes come."""
    content = pages.pdf_of(b"% " + random.Random(13).randbytes(60_000_000 if whole else 3_000_000))
    (tmp_path / "scan.pdf").write_bytes(content)
    case_id = case_at("check")
    filing.attach_files(
        postgres_store, people.executor, files=[IncomingFile(tmp_path / "scan.pdf")], **case_at.seen(case_id)
    )
    card = case_card.case_card(postgres_store, people.executor, case_id=case_id)
    (wanted,) = (row.attachment_id for row in card.attachments)
    with proxy.before(postgres_url) as network:
        store = offices.workstation(network.url, clock, "WS-01")
        network.cut_after = int(len(content) * share)
        with pytest.raises(Unavailable, match="database-gone"):
            papers.attachment_bytes(store, people.executor, attachment_id=wanted)
        network.cut_after = None
        assert papers.attachment_bytes(store, people.executor, attachment_id=wanted)[1] == content
        store.dispose()


def cut_off_for_a_while(url: str, history: str, seconds: float) -> None:
    """In a network of its own (``unshare --net``): people work over its loopback, which then goes down and comes back."""
    subprocess.run(["ip", "link", "set", "lo", "up"], check=True)
    clock, told = Clock(), History(Path(history))
    crew = Crew(url, told, office_people(), clock, patience=180)
    with proxy.before(url) as network:
        crew.url = network.url
        with crew.at_work(4, registrations(5)):
            crew.until(lambda: lines(told, "ok") > 8)
            subprocess.run(["ip", "link", "set", "lo", "down"], check=True)
            began = time.monotonic()
            before = lines(told, "fail") + lines(told, "info")
            while lines(told, "fail") + lines(told, "info") < before + 4:
                assert time.monotonic() - began < 60, "a worker is held for ever"
                time.sleep(0.1)
            freed = time.monotonic() - began
            time.sleep(max(0.0, seconds - freed))
            subprocess.run(["ip", "link", "set", "lo", "up"], check=True)
    sys.stdout.write(f"{freed:.1f} {crew.acknowledged}")


@pytest.mark.whole_lane
def test_packets_are_lost_for_a_while(postgres_url, history, plain_begin, record_property):
    """Row 10; needs root. Nobody answers and nobody refuses: what TCP itself does about it takes minutes."""
    plain_begin(postgres_url)
    program = (
        "import sys; from tests.faults import test_network as t; t.cut_off_for_a_while(*sys.argv[1:3], 40.0)"
    )
    done = subprocess.run(
        ["unshare", "--net", sys.executable, "-c", program, postgres_url, str(history.path)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=400,
    )
    assert done.returncode == 0, done.stderr
    freed, acknowledged = done.stdout.split()
    assert int(acknowledged) == 40
    assert float(freed) < 30
    assert proof.faults(history, postgres_url) == []
    record_property(
        "told", f"packets lost for 40 s: all workers were freed after {freed} s, {acknowledged} commands"
    )
