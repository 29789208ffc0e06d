"""Bytes of papers, the print queue, requests, the journal, and why a date is that date."""

from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest

from desktop.cases import delivering, office, registering
from desktop.cases.application import IncomingFile
from desktop.errors import NotAllowed
from desktop.queries import clock as clock_queries
from desktop.queries import journal, papers
from desktop.queries.case_card import case_card
from desktop.regulation.model import Act, Channel, DocumentKind
from desktop.store.database import Store
from tests import story
from tests.clock import OFFICE_ZONE, Clock
from tests.office import People


def test_the_bytes_of_a_document_are_the_signed_ones_once_it_is_signed(
    any_store: Store, people: People, case_at: Any
) -> None:
    draft = _document(any_store, people, case_at(Act.SIGN), DocumentKind.LICENCE)
    signed = _document(any_store, people, case_at("licence"), DocumentKind.LICENCE)
    name, content = papers.document_bytes(any_store, people.clerk, document_id=draft)
    assert b"signature" not in content
    name, content = papers.document_bytes(any_store, people.clerk, document_id=signed)
    assert content.startswith(b"%PDF-")
    assert b"signature" in content
    assert name == "licence-18000002.pdf"


def _document(store: Store, people: People, case_id: int, kind: DocumentKind) -> int:
    rows = case_card(store, people.clerk, case_id=case_id).documents
    return next(row.document_id for row in reversed(rows) if row.kind is kind)


def test_an_attachment_comes_back_as_it_was(
    store: Store, people: People, case_at: Any, tmp_path: Path
) -> None:
    file = tmp_path / "диплом.pdf"
    file.write_bytes(b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer <<>>\n%%EOF\n")
    case_id = case_at(Act.ASSIGN, files=(IncomingFile(file),))
    (row,) = case_card(store, people.clerk, case_id=case_id).attachments
    found = papers.attachment_bytes(store, people.auditor, attachment_id=row.attachment_id)
    assert found == ("диплом.pdf", file.read_bytes())


def test_what_is_not_there_is_told(store: Store, people: People) -> None:
    with pytest.raises(NotAllowed, match="document-not-found"):
        papers.document_bytes(store, people.clerk, document_id=999)
    with pytest.raises(NotAllowed, match="attachment-not-found"):
        papers.attachment_bytes(store, people.clerk, attachment_id=999)


def test_the_print_queue_is_what_nobody_printed(any_store: Store, people: People, case_at: Any) -> None:
    case_at(Act.SIGN)  # a draft is not to be printed
    queue = papers.print_queue(any_store, people.clerk)
    assert [row.kind for row in queue] == [DocumentKind.RECEIPT, DocumentKind.REQUEST]
    delivering.mark_printed(any_store, people.clerk, document_id=queue[0].document_id, copies=2)
    assert [row.kind for row in papers.print_queue(any_store, people.clerk)] == [DocumentKind.REQUEST]


def test_a_refusal_at_the_counter_is_in_the_queue_with_its_applicant(
    any_store: Store, people: People
) -> None:
    registering.refuse_acceptance(
        any_store,
        people.clerk,
        application=story.application(any_store, holder_kk="«Сәуле» ЖШС"),
        reason="Құжаттар топтамасы толық емес",
        draw=story.draw,
    )
    (row,) = papers.print_queue(any_store, people.clerk)
    assert row.kind is DocumentKind.ACCEPTANCE_REFUSAL
    assert row.case_id is None
    assert row.holder.kk == "«Сәуле» ЖШС"


def test_requests_wait_until_they_are_answered_or_nobody_waits(
    any_store: Store, people: People, case_at: Any
) -> None:
    waiting = case_at(Act.ASK)
    case_at(Act.DECIDE)
    rows = papers.requests(any_store, people.executor)
    assert [row.case_id for row in rows] == [waiting]
    assert rows[0].answer is None
    assert rows[0].due_at == datetime(2018, 6, 25, 18, 30, tzinfo=OFFICE_ZONE)
    assert len(papers.requests(any_store, people.executor, waiting_only=False)) == 2


def test_the_journal_is_paged_newest_first(any_store: Store, people: People, case_at: Any) -> None:
    case_at("licence")
    rows, after = [], None
    while True:
        page = journal.entries(any_store, people.auditor, after=after, limit=4)
        rows += page.rows
        if page.after is None:
            break
        after = page.after
    ids = [row.entry_id for row in rows]
    assert ids == sorted(set(ids), reverse=True)
    assert {"registered", "signed", "handed-over", "office-created"} <= {row.event for row in rows}


def test_the_journal_is_searched_by_case_actor_event_and_day(
    any_store: Store, people: People, case_at: Any, clock: Clock
) -> None:
    case_id = case_at(Act.ASK, holder_kk="«Ғажайып» ЖШС")
    clock.forward(days=1)
    case_at(Act.ASSIGN)

    def events(**asked: Any) -> list[str]:
        return [row.event for row in journal.entries(any_store, people.auditor, **asked).rows]

    whole = ["papers-complete", "assigned", "registered"]
    assert events(case_id=case_id) == whole
    assert events(text="гажайып") == whole
    assert events(text="сауле маратовна") == ["papers-complete"]  # the executor's own name
    assert events(text="papers-") == ["papers-complete"]
    assert events(first_day=date(2018, 6, 12)) == ["registered"]
    assert "office-created" in events(last_day=date(2018, 6, 1))


def test_who_reads_the_journal(store: Store, people: People, case_at: Any) -> None:
    case_id = case_at(Act.ASSIGN)
    assert journal.entries(store, people.clerk, case_id=case_id).rows
    with pytest.raises(NotAllowed, match="role-may-not"):
        journal.entries(store, people.clerk)


def test_a_due_date_says_why(any_store: Store, people: People, case_at: Any, clock: Clock) -> None:
    clock.set("2018-06-29T16:50")
    case_id = case_at(Act.CHECK, channel=Channel.STATE_CORPORATION, outside_number="ЦОН-1")
    total = clock_queries.explain_due(any_store, people.clerk, case_id=case_id)
    assert total.due_at == datetime(2018, 7, 23, 18, 30, tzinfo=OFFICE_ZONE)
    assert total.reasons[0].code == "receipt-day"
    assert total.reasons[0].clause == "5"
    assert sum(reason.counted for reason in total.reasons) == 15
    assert [reason.text.kk for reason in total.reasons if reason.code == "holiday" and reason.text]

    step = clock_queries.explain_due(any_store, people.clerk, case_id=case_id, which="step")
    assert step.due_at == case_card(any_store, people.clerk, case_id=case_id).step_due_at


def test_a_calendar_edited_later_does_not_move_a_date_given(
    store: Store, people: People, case_at: Any
) -> None:
    case_id = case_at(Act.CHECK)
    before = clock_queries.explain_due(store, people.clerk, case_id=case_id)
    office.set_override(
        store, people.administrator, day=date(2018, 6, 20), intervals=(), reason_kk="Апат", reason_ru="Авария"
    )
    after = clock_queries.explain_due(store, people.clerk, case_id=case_id)
    assert after.due_at == before.due_at
    assert after.reasons[-1].code == "calendar-changed"


def test_a_closed_case_has_no_step_to_explain(store: Store, people: People, case_at: Any) -> None:
    with pytest.raises(NotAllowed, match="no-term"):
        clock_queries.explain_due(store, people.clerk, case_id=case_at("withdrawn"), which="step")
    with pytest.raises(NotAllowed, match="case-not-found"):
        clock_queries.explain_due(store, people.clerk, case_id=999)
