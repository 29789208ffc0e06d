"""The signature: the same bytes again after a crash, and every way it is refused."""

import multiprocessing
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from desktop.cases import checkpoints, correcting, office, signing
from desktop.errors import NotAllowed
from desktop.models import CaseDocument, JournalEntry, Licence, RegisterNumber
from desktop.regulation.model import DocumentKind
from desktop.store import doubts
from desktop.store.database import Store
from tests import story
from tests.cases.world import ASKED, changed, world
from tests.clock import Clock
from tests.office import People, confirm_all


def _prepared(store: Store, case_at: Any, actor: Any, case_id: int) -> signing.Prepared:
    return signing.prepare(store, actor, draw=story.draw, **case_at.seen(case_id))


def _record(store: Store, case_at: Any, actor: Any, case_id: int, prepared: signing.Prepared, **changes: Any):
    told: dict[str, Any] = {
        "case_id": case_id,
        "seen_version": prepared.version,
        "document_id": prepared.document_id,
        "signed": story.sign(prepared.pdf, case_at.iin(actor)),
        "verify": story.verify,
    }
    signing.record(store, actor, **{**told, **changes})


class TestPrepare:
    def test_gives_the_draft_the_executor_saw(self, store: Store, case_at, people):
        case_id = case_at("sign")
        before = world(store)
        prepared = _prepared(store, case_at, people.head, case_id)
        assert (prepared.kind, prepared.number) == (DocumentKind.LICENCE, "18000001")
        assert prepared.version == case_at.version(case_id)
        assert b'"issued_on": "2018-06-11"' in prepared.pdf
        assert changed(before, world(store)) == ASKED

    def test_gives_the_same_bytes_after_a_crash(self, any_store: Store, case_at, people):
        case_id = case_at("sign")
        first = _prepared(any_store, case_at, people.head, case_id)
        assert _prepared(any_store, case_at, people.head, case_id) == first

    def test_draws_anew_on_another_day_under_the_same_number(self, any_store: Store, case_at, people, clock):
        case_id = case_at("sign")
        first = _prepared(any_store, case_at, people.head, case_id)
        clock.forward(days=1)
        second = _prepared(any_store, case_at, people.head, case_id)
        assert (second.number, second.document_id != first.document_id) == (first.number, True)
        assert b'"issued_on": "2018-06-12"' in second.pdf
        with any_store.reading() as session:
            states = {row.id: row.state for row in session.scalars(select(CaseDocument))}
            assert (states[first.document_id], states[second.document_id]) == ("replaced", "draft")
            numbers = session.scalars(
                select(RegisterNumber).where(RegisterNumber.register == "licence")
            ).all()
            events = session.scalars(select(JournalEntry.event)).all()
        assert len(numbers) == 1
        assert events[-1] == "signing-prepared"

    def test_draws_anew_after_a_correction(self, store: Store, case_at, people):
        case_id = case_at("sign")
        correcting.correct(
            store, people.clerk, changes={"holder_ru": "ТОО «Жайық»"}, reason="қате", **case_at.seen(case_id)
        )
        prepared = _prepared(store, case_at, people.head, case_id)
        assert "ТОО «Жайық»".encode() in prepared.pdf
        assert prepared.number == "18000001"

    def test_draws_anew_when_the_seal_changed(self, store: Store, case_at, people, seal):
        case_id = case_at("sign")
        office.set_seal(store, people.administrator, png=seal)
        assert b"no seal" not in _prepared(store, case_at, people.head, case_id).pdf

    def test_names_the_acting_head_and_the_order(self, store: Store, case_at, people):
        case_id = case_at("sign")
        office.appoint_acting_head(
            store,
            people.administrator,
            person_id=people.department_head.person_id,
            order_number="15-ө",
            order_date=date(2018, 6, 8),
            first_day=date(2018, 6, 11),
            last_day=date(2018, 6, 12),
        )
        confirm_all(store)
        prepared = _prepared(store, case_at, people.department_head, case_id)
        assert "№ 15-ө, 08.06.2018".encode() in prepared.pdf
        _record(store, case_at, people.department_head, case_id, prepared)
        with store.reading() as session:
            entry = session.scalars(select(JournalEntry).where(JournalEntry.event == "signed")).one()
        assert entry.on_behalf == f"{people.head.name_kk} (№ 15-ө, 08.06.2018)"


class TestRecord:
    @pytest.mark.parametrize(
        ("changes", "code"),
        [
            ({"signed": b"%PDF another page" + story._SIGNATURE + b"700520350035"}, "signature-other-bytes"),
            (
                {"verify": lambda _: signing.SignerSeen("700520350035", "c", False, why="x")},
                "signature-not-valid",
            ),
            ({"verify": lambda _: signing.SignerSeen("850101450018", "c", True)}, "signature-other-person"),
            ({"verify": lambda _: signing.SignerSeen("", "c", True)}, "signature-other-person"),
            ({"document_id": 10_000}, "draft-replaced"),
        ],
    )
    def test_refuses_and_changes_nothing(self, any_store: Store, case_at, people, changes, code):
        case_id = case_at("sign")
        prepared = _prepared(any_store, case_at, people.head, case_id)
        before = world(any_store)
        with pytest.raises(NotAllowed, match=code):
            _record(any_store, case_at, people.head, case_id, prepared, **changes)
        assert world(any_store) == before

    @pytest.mark.parametrize("days", [(-3, -1), (1, 3)])
    def test_refuses_a_certificate_out_of_date(self, store: Store, case_at, people, clock, days):
        case_id = case_at("sign")
        prepared = _prepared(store, case_at, people.head, case_id)
        seen = replace(
            story.verify(story.sign(prepared.pdf, case_at.iin(people.head))),
            not_before=clock.moment + timedelta(days=days[0]),
            not_after=clock.moment + timedelta(days=days[1]),
        )
        with pytest.raises(NotAllowed, match="certificate-not-in-date"):
            _record(store, case_at, people.head, case_id, prepared, verify=lambda _: seen)

    def test_refuses_the_prepared_bytes_without_a_signature(self, store: Store, case_at, people):
        case_id = case_at("sign")
        prepared = _prepared(store, case_at, people.head, case_id)
        seen = story.verify(story.sign(prepared.pdf, case_at.iin(people.head)))
        with pytest.raises(NotAllowed, match="signature-other-bytes"):
            _record(
                store, case_at, people.head, case_id, prepared, signed=prepared.pdf, verify=lambda _: seen
            )

    def test_refuses_a_page_prepared_for_the_other_head(self, store: Store, case_at, people):
        case_id = case_at("sign")
        office.appoint_acting_head(
            store,
            people.administrator,
            person_id=people.executor2.person_id,
            order_number="1",
            order_date=date(2018, 6, 8),
            first_day=date(2018, 6, 11),
            last_day=date(2018, 6, 12),
        )
        confirm_all(store)
        prepared = _prepared(store, case_at, people.executor2, case_id)
        with pytest.raises(NotAllowed, match="prepared-for-another"):
            _record(store, case_at, people.head, case_id, prepared)

    def test_refuses_a_page_prepared_before_a_correction(self, store: Store, case_at, people):
        case_id = case_at("sign")
        prepared = _prepared(store, case_at, people.head, case_id)
        correcting.correct(
            store, people.clerk, changes={"site": "Ақсай"}, reason="қате", **case_at.seen(case_id)
        )
        with pytest.raises(NotAllowed, match="case-moved-on"):
            _record(store, case_at, people.head, case_id, prepared)

    def test_refuses_an_acting_head_after_the_last_day(self, store: Store, case_at, people, clock):
        case_id = case_at("sign")
        office.appoint_acting_head(
            store,
            people.administrator,
            person_id=people.executor2.person_id,
            order_number="1",
            order_date=date(2018, 6, 8),
            first_day=date(2018, 6, 11),
            last_day=date(2018, 6, 11),
        )
        confirm_all(store)
        prepared = _prepared(store, case_at, people.executor2, case_id)
        clock.set("2018-06-12T00:00")
        with pytest.raises(NotAllowed, match="role-may-not"):
            _record(store, case_at, people.executor2, case_id, prepared)

    def test_keeps_the_signed_bytes_and_says_by_what_they_were_signed(
        self, any_store: Store, case_at, people
    ):
        case_id = case_at("sign")
        prepared = _prepared(any_store, case_at, people.head, case_id)
        _record(any_store, case_at, people.head, case_id, prepared)
        with any_store.reading() as session:
            document = session.get_one(CaseDocument, prepared.document_id)
            assert story.content(session, document) == story.sign(prepared.pdf, "700520350035")
            assert (document.signer_certificate, document.signer_id) == (story.CERTIFICATE, 3)
            licence = session.scalars(select(Licence)).one()
        assert licence.issued_on == licence.first_issued_on == date(2018, 6, 11)
        assert licence.sub_types_ru.count(";") == 1

    def test_a_signed_refusal_voids_the_licence_number_of_an_earlier_draft(self, store: Store, case_at):
        case_id = case_at("returned")
        story._Case(case_at, case_id, {}).until("refusal")
        with store.reading() as session:
            states = {
                (row.register, row.state, row.reason)
                for row in session.scalars(select(RegisterNumber).where(RegisterNumber.case_id == case_id))
            }
            assert session.scalars(select(Licence)).all() == []
        assert ("licence", "voided", "ended-as-refusal") in states
        assert {register for register, state, _ in states if state == "used"} == {"incoming", "outgoing"}


def test_nothing_is_signed_while_the_records_are_in_doubt(store: Store, case_at, people):
    """Whoever asks: the window's own stop is not the only one."""
    case_id = case_at("sign")
    prepared = _prepared(store, case_at, people.head, case_id)
    doubts.keep(store, "journal", [NotAllowed("journal-missing")])
    with pytest.raises(NotAllowed, match="signing-stopped"):
        _prepared(store, case_at, people.head, case_id)
    with pytest.raises(NotAllowed, match="signing-stopped"):
        _record(store, case_at, people.head, case_id, prepared)
    with pytest.raises(NotAllowed, match="signing-stopped"):
        checkpoints.prepare(store, people.head, reason="asked", draw=story.draw_checkpoint)
    doubts.keep(store, "journal", [])
    _record(store, case_at, people.head, case_id, prepared)


def _sign_in_a_process(url: str, case_id: int, prepared: signing.Prepared, iin: str, start: Any, told: Any):
    """Sign as the head on another machine: all this process knows is the address and the case."""
    from tests import office as test_office

    people: People = test_office.people()
    store = Store(url, clock=Clock(), workstation="WS-2", exclusive=False)
    start.wait(60)
    try:
        signing.record(
            store,
            people.head,
            case_id=case_id,
            seen_version=prepared.version,
            document_id=prepared.document_id,
            signed=story.sign(prepared.pdf, iin),
            verify=story.verify,
        )
        told.put("done")
    except NotAllowed as error:
        told.put(error.code)
    finally:
        store.dispose()


def test_of_two_processes_that_sign_at_once_one_is_told(postgres_store: Store, case_at, people):
    case_id = case_at("sign")
    prepared = _prepared(postgres_store, case_at, people.head, case_id)
    url = postgres_store.url.render_as_string(hide_password=False)
    context = multiprocessing.get_context("spawn")
    start, told = context.Barrier(2), context.Queue()
    arguments = (url, case_id, prepared, case_at.iin(people.head), start, told)
    processes = [context.Process(target=_sign_in_a_process, args=arguments) for _ in range(2)]
    for process in processes:
        process.start()
    answers = sorted(told.get(timeout=60) for _ in processes)
    for process in processes:
        process.join(30)
    assert answers == ["case-moved-on", "done"]
    with postgres_store.reading() as session:
        assert len(session.scalars(select(Licence)).all()) == 1
