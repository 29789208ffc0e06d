"""Packages that came: kept once, and each becomes a case or is refused in the words of the regulation."""

import json
import threading
from dataclasses import replace

import pytest
from sqlalchemy import func, select

from desktop.cases import packages, registering
from desktop.cases.application import from_json
from desktop.cases.packages import PackageTaken
from desktop.errors import BadInput, NotAllowed
from desktop.models import Case, CaseDocument, IncomingPackage, JournalEntry
from desktop.regulation.model import Channel
from desktop.regulation.package_checks import ACTS, Check, Found, Verdict
from desktop.regulation.stated import all_stated
from desktop.store import blobs
from tests import story
from tests.cases.office_commands import BROKEN, SOUND, mapped, package
from tests.cases.world import world
from tests.exchange.packs import HEADINGS
from tests.story import teller


@pytest.fixture
def tell(any_store, people, clock):
    return teller(any_store, people, clock)


def came(tell, tmp_path, *found, **facts):
    return package(tell, *found, path=tmp_path / "келген топтама.zip", **facts)


def receive(tell, one):
    return packages.receive(tell.store, tell.people.clerk, came=one)


def row_of(tell, row_id):
    with tell.store.reading() as session:
        return session.get_one(IncomingPackage, row_id)


def paper_of(tell, document_id):
    with tell.store.reading() as session:
        row = session.get_one(CaseDocument, document_id)
        return row, json.loads(blobs.get(session, row.unsigned_sha256).split(b"\n")[2][1:])


def test_a_package_is_kept_once(tell, tmp_path):
    one = came(tell, tmp_path, SOUND)
    first = receive(tell, one)
    before = world(tell.store)
    assert receive(tell, one) == first
    assert world(tell.store) == before
    row = row_of(tell, first)
    assert (row.package_id, row.state, row.file_name) == (one.package_id, "waiting", "келген топтама.zip")
    assert row.checks == [SOUND.as_json()]
    assert from_json(row.request) == one.application
    with tell.store.reading() as session:
        assert blobs.get(session, row.content_sha256) == one.path.read_bytes()


def test_another_package_under_the_same_id_is_refused(tell, tmp_path):
    one = came(tell, tmp_path, SOUND)
    receive(tell, one)
    one.path.write_bytes(b"PK another")
    before = world(tell.store)
    with pytest.raises(BadInput, match="package-id-taken"):
        receive(tell, one)
    assert world(tell.store) == before


def test_two_workstations_take_the_same_package_at_once(postgres_store, people, clock, tmp_path):
    tell = teller(postgres_store, people, clock)
    one = came(tell, tmp_path, SOUND)
    start, got = threading.Barrier(4), []

    def take() -> None:
        start.wait(20)
        got.append(receive(tell, one))

    threads = [threading.Thread(target=take) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert len(got) == 4
    assert len(set(got)) == 1
    with postgres_store.reading() as session:
        assert session.scalar(select(func.count()).select_from(IncomingPackage)) == 1


def register(tell, row_id, **facts):
    application = from_json(row_of(tell, row_id).request)
    return registering.register_application(
        tell.store,
        tell.people.clerk,
        application=application,
        draw=story.draw,
        package=PackageTaken(row_id, **facts),
    )


def test_a_good_package_becomes_a_case_once(tell, tmp_path, clock):
    row_id = receive(tell, came(tell, tmp_path, SOUND))
    clock.forward(minutes=1)
    case = register(tell, row_id)
    row = row_of(tell, row_id)
    assert (row.state, row.case_id, row.settled_by) == (
        "registered",
        case.case_id,
        tell.people.clerk.person_id,
    )
    with tell.store.reading() as session:
        entry = session.scalars(
            select(JournalEntry).where(JournalEntry.event == "registered").order_by(JournalEntry.id.desc())
        ).first()
    assert entry.facts["package"] == row.package_id
    before = world(tell.store)
    for again in (
        lambda: register(tell, row_id),
        lambda: packages.refuse_package(tell.store, tell.people.clerk, package=row_id, draw=story.draw),
        lambda: packages.keep_checks(tell.store, tell.people.clerk, package=row_id, found=(), sender=()),
    ):
        with pytest.raises(NotAllowed, match="package-settled"):
            again()
    assert world(tell.store) == before


def test_a_package_whose_condition_failed_never_becomes_a_case(tell, tmp_path):
    row_id = receive(
        tell, came(tell, tmp_path, SOUND, Found(Check.FEE, Verdict.FAILED, "package-fee-not-paid"))
    )
    with pytest.raises(NotAllowed, match="package-refused-by-law"):
        register(tell, row_id)
    with tell.store.reading() as session:
        assert session.scalar(select(func.count()).select_from(Case)) == 0


def test_what_could_not_be_checked_is_proved_by_a_person(tell, tmp_path):
    gost = Found(Check.SIGNATURE, Verdict.UNCHECKED, "package-signature-not-here")
    row_id = receive(tell, came(tell, tmp_path, gost))
    with pytest.raises(BadInput, match="field-required"):
        register(tell, row_id)
    register(tell, row_id, proved="ezsigner.kz сайтында тексерілді")
    with tell.store.reading() as session:
        entry = session.scalars(select(JournalEntry).where(JournalEntry.event == "registered")).one()
    assert entry.facts["note"] == "ezsigner.kz сайтында тексерілді"


@pytest.mark.parametrize("failed", list(Check))
def test_each_condition_is_refused_in_the_words_of_the_regulation(tell, tmp_path, failed):
    mapped(tell)
    code = next(
        code
        for code in all_stated()["package"]
        if code.startswith(f"package-{ {'papers': 'papers', 'fee': 'fee'}.get(failed, 'signature') }")
    )
    one = came(tell, tmp_path, replace(BROKEN, check=failed, code=code))
    document = packages.refuse_package(
        tell.store, tell.people.clerk, package=receive(tell, one), draw=story.draw
    )
    paper, told = paper_of(tell, document)
    assert (paper.kind, paper.case_id, paper.state) == ("notice", None, "issued")
    assert told["heading"]["kk"] == HEADINGS[ACTS[failed].value]
    words = all_stated()["package"][code]
    assert told["items"][0] == {"kk": words.kk, "ru": words.ru}
    assert told["signer"]["name"]["ru"] == tell.people.clerk.name_ru
    row = row_of(tell, 1)
    assert (row.state, row.document_id, row.case_id) == ("refused", document, None)


def test_the_missing_papers_stand_on_the_refusal(tell, tmp_path):
    mapped(tell)
    operation = came(tell, tmp_path).application.inventory
    first = operation[0].paper
    one = came(
        tell,
        tmp_path,
        Found(Check.PAPERS, Verdict.FAILED, "package-papers-missing", (("papers", first),)),
        SOUND,
    )
    document = packages.refuse_package(
        tell.store, tell.people.clerk, package=receive(tell, one), draw=story.draw
    )
    assert len(paper_of(tell, document)[1]["items"]) == 2


def test_where_the_law_names_no_refusal_acceptance_is_refused(tell, tmp_path):
    plain = came(tell, tmp_path, BROKEN, channel=Channel.STATE_CORPORATION)
    document = packages.refuse_package(
        tell.store, tell.people.clerk, package=receive(tell, plain), draw=story.draw
    )
    paper, told = paper_of(tell, document)
    assert paper.kind == "acceptance_refusal"
    assert all_stated()["package"]["package-signature-broken"].kk in told["reason"]


def test_a_package_in_order_is_not_refused(tell, tmp_path):
    row_id = receive(tell, came(tell, tmp_path, SOUND))
    with pytest.raises(NotAllowed, match="package-in-order"):
        packages.refuse_package(tell.store, tell.people.clerk, package=row_id, draw=story.draw)


def test_judged_again_it_is_what_was_found_last(tell, tmp_path, clock):
    row_id = receive(tell, came(tell, tmp_path, BROKEN))
    clock.forward(minutes=5)
    packages.keep_checks(
        tell.store, tell.people.clerk, package=row_id, found=(SOUND,), sender=(("name", "Б"),)
    )
    row = row_of(tell, row_id)
    assert row.checks == [SOUND.as_json()]
    assert row.sender == {"name": "Б"}
    assert row.checked_at > row.came_at
    assert register(tell, row_id).case_id


def test_only_the_clerk_receives(tell, tmp_path):
    one = came(tell, tmp_path, SOUND)
    for other in ("head", "executor", "auditor", "administrator"):
        with pytest.raises(NotAllowed, match="role-may-not"):
            packages.receive(tell.store, getattr(tell.people, other), came=one)
