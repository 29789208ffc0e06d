"""A case from the counter to its end, through every command of the office."""

import pytest
from sqlalchemy import select

from desktop.models import Case, CaseDocument, JournalEntry, Licence, RegisterNumber
from desktop.store.database import Store


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
