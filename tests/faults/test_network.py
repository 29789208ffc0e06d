"""Rows 3 to 5 and 13: the connection is cut around COMMIT, and in the middle of a long answer.

Before COMMIT nothing was saved and the same command goes out again; after it the truth is found out; nobody is told
of an error or of success before it is known.
"""

import itertools
import random
from collections.abc import Callable

import pytest

from desktop.cases import filing
from desktop.cases.application import IncomingFile
from desktop.errors import Unavailable
from desktop.queries import case_card, papers
from desktop.store.database import Store
from tests import story
from tests.faults import offices, pages, proof, proxy
from tests.faults.crew import Crew, registrations
from tests.faults.day import Day


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
