"""What other systems said of a case, and how they are reached."""

import json

import pytest
from sqlalchemy import select

from desktop.cases import systems
from desktop.errors import BadInput, NotAllowed
from desktop.models import CaseDocument, ConnectedSystem, ExchangeRecord
from desktop.regulation.model import Channel
from desktop.regulation.systems import Answer, Connection, Heard, System, Way, asks_about
from desktop.store import blobs
from tests import story
from tests.cases.office_commands import mapped
from tests.cases.world import world
from tests.exchange.packs import HEADINGS

QUESTION = asks_about(System.GBD_UL, identifier="210440038887")
HEARD = Answer(
    QUESTION,
    Heard.ANSWERED,
    Way.HTTP,
    told=(("head", "Жүнісов\x00 А."), ("address", "")),
    number="118/4",
    evidence=b'{"result": "answered"}',
    media_type="application/json",
)
NO_DATA = Answer(QUESTION, Heard.NO_DATA, Way.HTTP, evidence=b'{"result": "no_data"}')


def record(case_at, case_id, answer=HEARD, *, by="executor", **facts):
    actor = getattr(case_at.people, by)
    return systems.record_answer_of_system(
        case_at.store, actor, answer=answer, draw=story.draw, **case_at.seen(case_id), **facts
    )


def test_an_answer_is_kept_with_its_very_bytes(any_store, case_at, people, clock):
    case_id = case_at("check")
    kept = record(case_at, case_id)
    with any_store.reading() as session:
        row = session.get_one(ExchangeRecord, kept)
        assert blobs.get(session, row.evidence_sha256) == HEARD.evidence
    assert (row.case_id, row.system, row.heard, row.way) == (case_id, "gbd_ul", "answered", "http")
    assert row.question == {"identifier": "210440038887"}
    assert row.answer == {"head": "Жүнісов А."}
    assert (row.number, row.evidence_name) == ("118/4", "gbd_ul-answered.json")
    assert (row.recorded_at, row.recorded_by) == (clock.moment, people.executor.person_id)


def test_by_hand_the_print_out_is_the_evidence(any_store, case_at, tmp_path):
    case_id = case_at("check")
    scan = tmp_path / "экран.pdf"
    scan.write_bytes(b"%PDF-1.4\n%as it stood on the screen\n%%EOF\n")
    by_hand = Answer(QUESTION, Heard.ANSWERED, Way.BY_HAND, told=(("head", "Жүнісов А."),))
    with pytest.raises(BadInput, match="evidence-required"):
        record(case_at, case_id, by_hand)
    kept = record(case_at, case_id, by_hand, print_out=scan)
    with any_store.reading() as session:
        row = session.get_one(ExchangeRecord, kept)
        assert blobs.get(session, row.evidence_sha256) == scan.read_bytes()
    assert (row.evidence_name, row.way) == ("экран.pdf", "by_hand")
    assert record(case_at, case_id, by_hand, note="Қаралды: egov.kz") > kept


def test_no_data_leads_to_the_notice_the_regulation_names(any_store, case_at, people):
    case_id = case_at("check", regulation_sha256=mapped(case_at), channel=Channel.PORTAL)
    kept = record(case_at, case_id, NO_DATA, notify=True)
    with any_store.reading() as session:
        row = session.get_one(ExchangeRecord, kept)
        paper = session.get_one(CaseDocument, row.document_id)
        drawn = blobs.get(session, paper.unsigned_sha256)
    assert (paper.kind, paper.case_id, paper.state) == ("notice", case_id, "issued")
    told = json.loads(drawn.split(b"\n")[2][1:])
    assert told["heading"]["kk"] == HEADINGS["look_up"]
    assert told["signer"]["name"]["kk"] == people.executor.name_kk
    assert told["case_number"] == case_at.case(case_id).number
    assert paper.number == "1/2018" or paper.number.endswith("/2018")


def test_no_notice_where_the_law_names_none(store, case_at):
    case_id = case_at("check")
    before = world(store)
    with pytest.raises(NotAllowed, match="no-notice-named"):
        record(case_at, case_id, NO_DATA, notify=True)
    mapped_case = case_at("check", regulation_sha256=mapped(case_at), channel=Channel.PORTAL)
    with pytest.raises(NotAllowed, match="no-notice-named"):
        record(case_at, mapped_case, HEARD, notify=True)
    assert world(store)["case_document"] != before["case_document"]  # of the second case's own papers
    assert world(store)["exchange_record"] == []


def test_a_question_about_nobody_is_none(store, case_at):
    case_id = case_at("check")
    with pytest.raises(BadInput, match="field-required"):
        record(case_at, case_id, Answer(asks_about(System.GBD_UL), Heard.NO_DATA, Way.BY_HAND))


def test_that_it_is_out_of_reach_is_evidence_too(store, case_at):
    case_id = case_at("check")
    kept = record(case_at, case_id, Answer(QUESTION, Heard.UNREACHABLE, Way.HTTP, reason="exchange-slow"))
    with store.reading() as session:
        row = session.get_one(ExchangeRecord, kept)
    assert (row.heard, row.reason, row.evidence_sha256) == ("unreachable", "exchange-slow", None)


def test_the_administrator_sets_how_a_system_is_reached(any_store, people):
    def put(**facts):
        connection = Connection(
            System.RPN, **{"address": " https://rpn.example/ask ", "active": True, **facts}
        )
        systems.set_system(any_store, people.administrator, connection=connection)

    put()
    put(timeout_seconds=20, attempts=1)
    with any_store.reading() as session:
        (row,) = session.scalars(select(ConnectedSystem)).all()
    assert (row.system, row.address, row.active) == ("rpn", "https://rpn.example/ask", True)
    assert (row.timeout_seconds, row.attempts) == (20, 1)
    for wrong, code in (
        ({"address": "rpn"}, "system-address-wrong"),
        ({"timeout_seconds": 0}, "system-seconds-wrong"),
        ({"attempts": 5}, "system-attempts-wrong"),
        ({"authority_pem": "-----BEGIN"}, "certificate-unreadable"),
    ):
        with pytest.raises(BadInput, match=code):
            put(**wrong)
    with pytest.raises(BadInput, match="system-address-open"):
        systems.set_system(
            any_store,
            people.administrator,
            connection=Connection(System.RPN, "http://rpn.example/ask", active=True),
            with_token=True,
        )
    with pytest.raises(NotAllowed, match="role-may-not"):
        systems.set_system(any_store, people.clerk, connection=Connection(System.RPN, ""))
