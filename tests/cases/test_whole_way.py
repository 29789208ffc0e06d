"""A case from the counter to its end, through every command of the office."""

import pytest
from sqlalchemy import select

from desktop.cases import office
from desktop.models import Case, CaseDocument, JournalEntry, Licence, RegisterNumber
from desktop.regulation import loader
from desktop.store.database import Store
from tests.regulation.randomised import randomised_pack


@pytest.mark.parametrize("result", ["licence", "refusal", "termination", "withdrawn"])
def test_a_case_reaches_each_of_its_ends(any_store: Store, case_at, result):
    case_id = case_at(result)

    with any_store.reading() as session:
        case = session.get_one(Case, case_id)
        assert (case.step, case.result) == (None, result)
        assert case.closed_at is not None
        assert case.draft_kind is None
        states = set(session.scalars(select(RegisterNumber.state).where(RegisterNumber.case_id == case_id)))
        assert "reserved" not in states


def test_the_licence_stands_in_the_register_with_the_signed_page(any_store: Store, case_at):
    case_id = case_at("licence", holder_kk="«Жайық» ЖШС")

    with any_store.reading() as session:
        licence = session.scalars(select(Licence)).one()
        document = session.get_one(CaseDocument, licence.document_id)
        assert (licence.case_id, licence.number, licence.annex_number) == (case_id, "18000001", "001")
        assert licence.holder_kk == "«Жайық» ЖШС"
        assert (document.state, document.number) == ("signed", "18000001")


def test_the_journal_tells_the_whole_way(any_store: Store, case_at):
    case_id = case_at("licence")

    with any_store.reading() as session:
        events = session.scalars(
            select(JournalEntry.event).where(JournalEntry.case_id == case_id).order_by(JournalEntry.id)
        ).all()
    assert list(events) == [
        "registered",
        "assigned",
        "papers-complete",
        "answer-recorded",
        "drafted",
        "signed",
        "handed-over",
    ]


def test_a_pack_with_other_step_ids_is_carried_by_the_guards_of_the_database(
    postgres_store: Store, case_at, people
):
    name, text = next(item for item in loader.shipped() if item[0].startswith("wko-2018-139"))
    other = randomised_pack(text, seed=13, act="assign", role="department_head")
    sha256 = office.load_regulation(postgres_store, people.administrator, text=other, name=name)
    for result in ("licence", "refusal", "termination", "withdrawn"):
        assert case_at.case(case_at(result, regulation_sha256=sha256)).result == result


@pytest.mark.parametrize("act", ["assign", "approve"])
@pytest.mark.parametrize("result", ["licence", "refusal", "termination"])
def test_a_pack_with_other_step_ids_and_one_step_more_is_carried_as_well(
    store: Store, case_at, people, act, result
):
    name, text = next(item for item in loader.shipped() if item[0].startswith("wko-2018-139"))
    other = randomised_pack(text, seed=7, act=act, role="department_head")
    sha256 = office.load_regulation(store, people.administrator, text=other, name=name)
    case_id = case_at(result, regulation_sha256=sha256)
    assert case_at.case(case_id).result == result
    with store.reading() as session:
        doers = session.scalars(select(JournalEntry.actor).where(JournalEntry.case_id == case_id)).all()
    assert "department_head" in doers
