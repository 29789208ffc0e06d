"""What the database itself refuses, whoever writes."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from sqlalchemy.exc import IntegrityError

from desktop.models import (
    ActingHead,
    Assignment,
    Base,
    Blob,
    BlobChunk,
    Case,
    CaseSubType,
    HandOver,
    JournalEntry,
    Licence,
    Office,
    Person,
    RegisterNumber,
)
from desktop.regulation import loader
from desktop.store.database import Store

NOW = datetime(2018, 6, 11, 4, 30, tzinfo=UTC)


def case(number: str = "2018-000001", **changes: Any) -> Case:
    name, content = next(item for item in loader.shipped() if item[0].startswith("wko-2018-139"))
    facts: dict[str, Any] = {
        "number": number,
        "received_at": NOW,
        "registered_at": NOW,
        "registered_by": 2,
        "channel": "office",
        "regulation_sha256": loader.load_text(content, name=name).sha256,
        "service": "medical",
        "operation": "issue",
        "step": None,
        "step_entered_at": NOW,
        "due_at": NOW,
        "is_legal_entity": True,
        "identifier": "050140003412",
        "holder_kk": "а",
        "holder_ru": "а",
        "site": "б",
    }
    return Case(**(facts | changes))


def _number(**changes: Any) -> RegisterNumber:
    facts: dict[str, Any] = {"register": "incoming", "year": 2018, "sequence": 1, "text": "1", "state": "used",
                             "given_at": NOW}  # fmt: skip
    return RegisterNumber(**(facts | changes))


def _licence(**changes: Any) -> Licence:
    facts: dict[str, Any] = {
        "case_id": 1, "document_id": 1, "number": "1", "annex_number": "001", "issued_on": NOW.date(),
        "first_issued_on": NOW.date(), "holder_kk": "а", "holder_ru": "а", "identifier": "1", "holder_address": "б",
        "site": "в", "service": "medical", "sub_types_kk": "", "sub_types_ru": "",
    }  # fmt: skip
    return Licence(**(facts | changes))


@pytest.mark.parametrize(
    "broken",
    [
        lambda: [case(), case()],
        lambda: [case(registered_by=999)],
        lambda: [case(regulation_sha256="0" * 64)],
        lambda: [case(holder_ru=None)],
        lambda: [Person(login="clerk", name_kk="а", name_ru="а", password_hash="-")],
        lambda: [Office(id=2, name_kk="а", name_ru="а", bin="1", address_kk="", address_ru="", place_kk="",
                        place_ru="", status_address="", created_at=NOW)],
        lambda: [ActingHead(person_id=3, order_number="1", order_date=date(2018, 6, 1),
                            first_day=date(2018, 6, 2), last_day=date(2018, 6, 1))],
        lambda: [Blob(sha256="0" * 64, size=-1, media_type="x", created_at=NOW)],
        lambda: [BlobChunk(sha256="0" * 64, position=0, content=b"")],
        lambda: [Assignment(case_id=999, role="executor", person_id=1)],
        lambda: [CaseSubType(case_id=999, sub_type="x")],
        lambda: [HandOver(case_id=999, document_id=999, receiver="", identity_document="", handed_at=NOW, handed_by=1)],
        lambda: [JournalEntry(at=NOW, actor="", actor_name="", workstation="", event="x", case_id=999)],
        lambda: [_number(), _number(text="2")],
        lambda: [_number(), _number(sequence=2)],
        lambda: [_licence(case_id=999)],
    ],
    ids=[
        "case-number-twice", "registrar-unknown", "law-unknown", "no-holder", "login-twice", "second-office",
        "acting-days-reversed", "negative-size", "chunk-without-blob", "assignment-without-case",
        "sub-type-without-case", "handed-over-nothing", "journal-of-no-case", "sequence-twice", "number-twice",
        "licence-without-case",
    ],
)  # fmt: skip
def test_it_is_refused(any_store: Store, broken: Any) -> None:
    with pytest.raises(IntegrityError), any_store.writing() as session:
        session.add_all(broken())


def test_a_version_counts_up_and_a_stale_one_is_noticed(any_store: Store) -> None:
    with any_store.writing() as session:
        session.add(case())
    with any_store.writing() as session:
        stored = session.query(Case).one()
        stored.site = "г"
        session.flush()
        assert stored.version == 2


def test_every_table_says_what_it_is_called_in() -> None:
    """A constraint without a name cannot be dropped by a later revision."""
    for table in Base.metadata.sorted_tables:
        assert all(item.name for item in table.constraints), table.name
