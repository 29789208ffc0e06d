"""Visa, check, answer, decision, hand-over and the office's own moves, each with what it refuses."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from desktop.cases import asking, checking, correcting, deciding, delivering, routing
from desktop.cases.application import InventoryEntry
from desktop.cases.checking import PaperVerdict
from desktop.cases.deciding import RequirementVerdict
from desktop.errors import BadInput, NotAllowed
from desktop.models import (
    Case,
    CaseDocument,
    HandOver,
    InventoryItem,
    JournalEntry,
    OutsideRequest,
    Person,
)
from desktop.queries.case_card import case_card
from desktop.regulation.model import Act, DocumentKind, Effect, OfficeMove, Role
from desktop.regulation.papers import from_json
from tests import story
from tests.cases.world import world


def _last(store, event):
    with store.reading() as session:
        return session.scalars(
            select(JournalEntry).where(JournalEntry.event == event).order_by(JournalEntry.id.desc())
        ).first()


class TestAssign:
    def _assign(self, store, case_at, people, case_id, person, **more):
        outcome = case_at.outcome(case_id, Act.ASSIGN, Effect.FORWARD)
        routing.assign(
            store, people.head, outcome=outcome, person_id=person.person_id, **more, **case_at.seen(case_id)
        )

    def test_sends_the_case_to_the_chosen_person_alone(self, any_store, case_at, people):
        case_id = case_at("assign")
        self._assign(any_store, case_at, people, case_id, people.executor2, note="Шұғыл")
        entry = _last(any_store, "assigned")
        assert (entry.facts["person_kk"], entry.facts["note"]) == (people.executor2.name_kk, "Шұғыл")
        # nobody else even sees it; the server's guard says first whose it is
        with pytest.raises(NotAllowed, match=r"case-not-found|not-assigned-to-you"):
            checking.check_papers(
                any_store,
                people.executor,
                outcome=case_at.outcome(case_id, Act.CHECK, Effect.COMPLETE),
                verdicts=story.good_verdicts(case_at.operation(case_id)),
                draw=story.draw,
                **case_at.seen(case_id),
            )

    def test_the_steps_own_term_begins_now(self, store, case_at, people, clock):
        case_id = case_at("assign")
        clock.set("2018-06-14T17:00")
        due_at = case_at.case(case_id).due_at
        self._assign(store, case_at, people, case_id, people.executor)
        case = case_at.case(case_id)
        assert (case.step_entered_at, case.due_at) == (clock.moment, due_at)
        assert case.step_due_at.astimezone(clock.moment.tzinfo).isoformat() == "2018-06-15T18:30:00+05:00"

    def test_refuses_a_person_who_cannot_do_it(self, store, case_at, people):
        case_id = case_at("assign")
        for person in (people.clerk, people.auditor):
            with pytest.raises(BadInput, match="person-cannot-do"):
                self._assign(store, case_at, people, case_id, person)
        with store.writing() as session:
            session.get_one(Person, people.executor.person_id).active = False
        with pytest.raises(BadInput, match="person-cannot-do"):
            self._assign(store, case_at, people, case_id, people.executor)

    def test_refuses_at_another_step(self, store, case_at, people):
        case_id = case_at("check")
        with pytest.raises(NotAllowed, match="step-is-another"):
            self._assign(store, case_at, people, case_id, people.executor)

    def test_an_unknown_outcome_is_a_defect(self, store, case_at, people):
        case_id = case_at("assign")
        with pytest.raises(KeyError):
            routing.assign(store, people.head, outcome="nothing", person_id=5, **case_at.seen(case_id))


class TestReassign:
    def test_moves_the_work_and_not_the_step(self, any_store, case_at, people):
        case_id = case_at("ask")
        before = case_at.case(case_id)
        routing.reassign(
            any_store,
            people.head,
            role=Role.EXECUTOR,
            person_id=people.executor2.person_id,
            reason="демалыс",
            **case_at.seen(case_id),
        )
        after = case_at.case(case_id)
        assert (after.step, after.step_due_at, after.step_entered_at) == (
            before.step,
            before.step_due_at,
            before.step_entered_at,
        )
        facts = _last(any_store, "reassigned").facts
        assert (facts["from_kk"], facts["person_kk"]) == (people.executor.name_kk, people.executor2.name_kk)

    @pytest.mark.parametrize(
        ("person", "reason", "code"),
        [
            ("executor", "демалыс", "already-assigned"),
            ("clerk", "демалыс", "person-cannot-do"),
            ("executor2", " ", "field-required"),
        ],
    )
    def test_refuses(self, store, case_at, people, person, reason, code):
        case_id = case_at("check")
        with pytest.raises(BadInput, match=code):
            routing.reassign(
                store,
                people.head,
                role=Role.EXECUTOR,
                person_id=getattr(people, person).person_id,
                reason=reason,
                **case_at.seen(case_id),
            )

    def test_is_not_open_everywhere(self, store, case_at, people):
        case_id = case_at("assign")
        with pytest.raises(NotAllowed, match="move-not-open-here"):
            routing.reassign(
                store, people.head, role=Role.EXECUTOR, person_id=6, reason="x", **case_at.seen(case_id)
            )


class TestCheckPapers:
    def _check(self, store, case_at, people, case_id, effect, **verdicts):
        given = story.good_verdicts(case_at.operation(case_id))
        given.update({name.replace("_", "-"): verdict for name, verdict in verdicts.items()})
        return checking.check_papers(
            store,
            people.executor,
            outcome=case_at.outcome(case_id, Act.CHECK, effect),
            verdicts={name: verdict for name, verdict in given.items() if verdict is not None},
            draw=story.draw,
            **case_at.seen(case_id),
        )

    def test_complete_sends_the_request_with_its_own_clock(self, any_store, case_at, people):
        case_id = case_at("check")
        document_id = self._check(any_store, case_at, people, case_id, Effect.COMPLETE)
        with any_store.reading() as session:
            (request,) = session.scalars(select(OutsideRequest))
            document = session.get_one(CaseDocument, document_id)
            case = session.get_one(Case, case_id)
        facts = from_json(DocumentKind.REQUEST, document.facts)
        assert (request.number, request.due_at) == ("1/2018", case.step_due_at)
        assert facts.answer_by == date(2018, 6, 25)
        assert (document.state, facts.addressee.kk, facts.site) == ("issued", request.addressee_kk, case.site)
        assert facts.signer.name.kk == people.head.name_kk

    def test_what_was_not_brought_is_in_order_only_as_handed_in_later(self, any_store, case_at, people):
        form = story.application(any_store)
        inventory = tuple(
            InventoryEntry(line.paper, False) if line.paper == "diplomas" else line for line in form.inventory
        )
        case_id = case_at("check", inventory=inventory)
        with pytest.raises(BadInput, match="paper-not-handed-in"):
            self._check(any_store, case_at, people, case_id, Effect.COMPLETE)
        how = "12.06.2018 өтініш берушінің өзі әкелді"
        later = PaperVerdict("later", note=how)
        self._check(any_store, case_at, people, case_id, Effect.COMPLETE, diplomas=later)
        with any_store.reading() as session:
            line = session.get_one(InventoryItem, (case_id, "diplomas"))
        assert (line.brought, line.verdict, line.note) == (False, "later", how)
        assert _last(any_store, "papers-complete").facts["handed_in_later"] == ["diplomas"]

    def test_incomplete_ends_with_a_notice_of_the_unmet_papers(self, any_store, case_at, people):
        case_id = case_at("check")
        document_id = self._check(
            any_store,
            case_at,
            people,
            case_id,
            Effect.INCOMPLETE,
            diplomas=PaperVerdict("missing", note="екеуі жоқ"),
            specialist_certificates=PaperVerdict("expired", date(2018, 6, 10)),
        )
        with any_store.reading() as session:
            document = session.get_one(CaseDocument, document_id)
        facts = from_json(DocumentKind.TERMINATION, document.facts)
        assert [(item.verdict, item.expired_on, item.note) for item in facts.unmet] == [
            ("missing", None, "екеуі жоқ"),
            ("expired", date(2018, 6, 10), ""),
        ]
        assert (case_at.case(case_id).result, document.state) == ("termination", "issued")
        assert facts.by_hand  # no step of this law signs it: the page must not say that it was
        assert _last(any_store, "papers-incomplete").facts["unmet"] == ["diplomas", "specialist-certificates"]

    @pytest.mark.parametrize(
        ("effect", "verdicts", "code"),
        [
            (Effect.COMPLETE, {"diplomas": None}, "verdict-required"),
            (Effect.COMPLETE, {"diplomas": PaperVerdict("")}, "verdict-required"),
            (Effect.COMPLETE, {"diplomas": PaperVerdict("missing")}, "papers-unmet"),
            (
                Effect.COMPLETE,
                {"power_of_attorney": PaperVerdict("expired", date(2018, 1, 1))},
                "papers-unmet",
            ),
            (Effect.INCOMPLETE, {}, "papers-all-met"),
            (Effect.INCOMPLETE, {"diplomas": PaperVerdict("expired")}, "expiry-date-required"),
            (
                Effect.INCOMPLETE,
                {"diplomas": PaperVerdict("expired", date(2018, 6, 11))},
                "paper-not-expired",
            ),
            (Effect.COMPLETE, {"diplomas": PaperVerdict("ok", date(2018, 6, 10))}, "paper-has-expired"),
            (Effect.COMPLETE, {"power_of_attorney": PaperVerdict("ok")}, "paper-not-handed-in"),
            (Effect.COMPLETE, {"power_of_attorney": PaperVerdict("later", note=" ")}, "handing-in-required"),
            (Effect.COMPLETE, {"diplomas": PaperVerdict("later", note="x")}, "paper-handed-in-before"),
            (
                Effect.COMPLETE,
                {"power_of_attorney": PaperVerdict("later", date(2018, 6, 10), "x")},
                "paper-has-expired",
            ),
        ],
    )
    def test_refuses(self, store, case_at, people, effect, verdicts, code):
        case_id = case_at("check")
        before = world(store)
        with pytest.raises((BadInput, NotAllowed), match=code):
            self._check(store, case_at, people, case_id, effect, **verdicts)
        assert world(store) == before


class TestAnswer:
    def _answer(self, store, case_at, people, case_id, effect, **told):
        asking.record_answer(
            store,
            people.executor,
            outcome=case_at.outcome(case_id, Act.ASK, effect),
            **told,
            **case_at.seen(case_id),
        )

    def test_silence_counts_as_agreement_once_the_term_has_passed(self, any_store, case_at, people, clock):
        case_id = case_at("ask")
        due_at = case_at.case(case_id).step_due_at
        for moment in (due_at - timedelta(days=1), due_at):
            clock.set(moment)
            with pytest.raises(NotAllowed, match="answer-term-runs"):
                self._answer(any_store, case_at, people, case_id, Effect.NO_ANSWER)
        clock.set(due_at + timedelta(seconds=1))
        self._answer(any_store, case_at, people, case_id, Effect.NO_ANSWER)
        assert case_at.case(case_id).answer == "no_answer"
        story._Case(case_at, case_id, {}).until("licence")

    @pytest.mark.parametrize(
        ("told", "field", "code"),
        [
            ({"answer_date": date(2018, 6, 11)}, "answer_number", "field-required"),
            ({"answer_number": "1"}, "answer_date", "field-required"),
            ({"answer_number": "1", "answer_date": date(2018, 6, 12)}, "answer_date", "date-in-future"),
            (
                {"answer_number": "1", "answer_date": date(2018, 6, 10)},
                "answer_date",
                "answer-before-request",
            ),
            ({"answer_number": "1" * 81, "answer_date": date(2018, 6, 11)}, "answer_number", "too-long"),
        ],
    )
    def test_refuses(self, store, case_at, people, told, field, code):
        case_id = case_at("ask")
        with pytest.raises(BadInput) as caught:
            self._answer(store, case_at, people, case_id, Effect.CONFORMS, **told)
        assert (caught.value.field, caught.value.code) == (field, code)

    def test_a_negative_answer_closes_the_way_to_a_licence(self, any_store, case_at, people):
        case_id = case_at("decide", answer=Effect.DOES_NOT_CONFORM)
        with pytest.raises(NotAllowed, match="answer-forbids"):
            deciding.draft(
                any_store,
                people.executor,
                outcome=case_at.outcome(case_id, Act.DECIDE, Effect.GRANT),
                checks=story.good_checks(case_at.operation(case_id)),
                draw=story.draw,
                **case_at.seen(case_id),
            )


class TestDecide:
    def _draft(self, store, case_at, people, case_id, effect, **told):
        return deciding.draft(
            store,
            people.executor,
            outcome=case_at.outcome(case_id, Act.DECIDE, effect),
            draw=story.draw,
            **{"checks": story.good_checks(case_at.operation(case_id)), **told},
            **case_at.seen(case_id),
        )

    def test_fixes_number_and_bytes_of_the_draft(self, any_store, case_at, people):
        case_id = case_at("decide")
        document_id = self._draft(any_store, case_at, people, case_id, Effect.GRANT)
        with any_store.reading() as session:
            document = session.get_one(CaseDocument, document_id)
            assert story.content(session, document).startswith(b"%PDF")
        facts = from_json(DocumentKind.LICENCE, document.facts)
        assert (facts.number, facts.annex_number, document.state) == ("18000001", "001", "draft")
        assert facts.status_url == "https://licence.example.invalid/18000001"
        assert case_at.case(case_id).draft_kind == "licence"

    def test_a_refusal_names_grounds_and_unmet_requirements(self, any_store, case_at, people):
        case_id = case_at("decide")
        document_id = self._draft(
            any_store,
            case_at,
            people,
            case_id,
            Effect.REFUSE,
            checks={"staff": RequirementVerdict("unmet")},
            grounds=("qualification",),
            note_kk="Дәрігер жоқ",
            note_ru="Нет врача",
        )
        with any_store.reading() as session:
            facts = from_json(DocumentKind.REFUSAL, session.get_one(CaseDocument, document_id).facts)
        assert [ground.clause for ground in facts.grounds] == ["7(5)"]
        assert [item.title.ru for item in facts.unmet] == [
            "Нет медицинских работников по заявленным подвидам деятельности"
        ]
        assert facts.note.kk == "Дәрігер жоқ"

    def test_a_refusal_names_the_letter_that_says_no(self, store, case_at, people):
        case_id = case_at("decide", answer=Effect.DOES_NOT_CONFORM)
        document_id = self._draft(
            store, case_at, people, case_id, Effect.REFUSE, checks={}, grounds=("qualification",)
        )
        with store.reading() as session:
            facts = from_json(DocumentKind.REFUSAL, session.get_one(CaseDocument, document_id).facts)
            request = session.scalars(select(OutsideRequest)).one()
        (answer,) = facts.answers
        # who answered (001 item 7(3)), in the nominative: the request itself was addressed to it
        assert answer.authority.ru.startswith(
            "территориальное подразделение ведомства государственного органа"
        )
        assert (answer.number, answer.dated) == (request.answer_number, request.answer_date)
        assert answer.number

    def test_keeps_checks_and_who_made_them(self, store, case_at, people, clock):
        case_id = case_at("decide")
        deciding.save_checks(
            store,
            people.executor,
            checks={"staff": RequirementVerdict("unmet", "жоқ")},
            **case_at.seen(case_id),
        )
        first = clock.moment
        clock.forward(hours=1)
        deciding.save_checks(
            store,
            people.executor,
            checks={"staff": RequirementVerdict("unmet", "жоқ"), "premises": RequirementVerdict("met")},
            **case_at.seen(case_id),
        )
        with store.reading() as session:
            kept = {item.requirement: item for item in session.get_one(Case, case_id).requirement_checks}
        assert (kept["staff"].checked_at, kept["premises"].checked_at) == (first, clock.moment)
        assert kept["staff"].checked_by == people.executor.person_id

    @pytest.mark.parametrize(
        ("effect", "told", "code"),
        [
            (Effect.GRANT, {"checks": {}}, "check-required"),
            (Effect.GRANT, {"checks": {"staff": RequirementVerdict("maybe")}}, "check-required"),
            (Effect.REFUSE, {}, "ground-required"),
            (Effect.REFUSE, {"grounds": ("qualification",), "note_kk": "я" * 4001}, "too-long"),
        ],
    )
    def test_refuses(self, store, case_at, people, effect, told, code):
        case_id = case_at("decide")
        before = world(store)
        with pytest.raises(BadInput, match=code):
            self._draft(store, case_at, people, case_id, effect, **told)
        assert world(store) == before

    def test_refuses_a_licence_with_an_unmet_requirement(self, store, case_at, people):
        case_id = case_at("decide")
        checks = story.good_checks(case_at.operation(case_id))
        checks["staff"] = RequirementVerdict("unmet")
        with pytest.raises(NotAllowed, match="requirements-unmet"):
            self._draft(store, case_at, people, case_id, Effect.GRANT, checks=checks)

    def test_an_office_without_a_head_drafts_nothing(self, store, case_at, people):
        case_id = case_at("decide")
        with store.writing() as session:
            session.get_one(Person, people.head.person_id).active = False
        with pytest.raises(NotAllowed, match="no-head"):
            self._draft(store, case_at, people, case_id, Effect.GRANT)


class TestReturn:
    def test_goes_back_with_a_reason_while_the_clock_runs_on(self, any_store, case_at, people, clock):
        case_id = case_at("sign")
        due_at = case_at.case(case_id).due_at
        clock.forward(hours=1)
        routing.return_for_rework(any_store, people.head, reason="Мекенжай қате", **case_at.seen(case_id))
        case = case_at.case(case_id)
        assert case_at.step(case_id).act == Act.DECIDE
        assert (case.return_reason, case.draft_kind, case.due_at) == ("Мекенжай қате", None, due_at)
        assert case.step_entered_at == clock.moment
        with any_store.reading() as session:
            states = session.scalars(select(CaseDocument.state).where(CaseDocument.kind == "licence")).all()
        assert states == ["replaced"]

    def test_needs_a_reason(self, store, case_at, people):
        case_id = case_at("sign")
        with pytest.raises(BadInput, match="field-required"):
            routing.return_for_rework(store, people.head, reason="\n", **case_at.seen(case_id))

    def test_a_new_draft_forgets_the_reason(self, store, case_at):
        case_id = case_at("returned")
        story._Case(case_at, case_id, {}).until("sign")
        assert case_at.case(case_id).return_reason == ""


class TestWithdraw:
    @pytest.mark.parametrize("act", ["assign", "check", "ask", "decide", "sign"])
    def test_closes_the_case_wherever_it_is(self, store, case_at, people, act):
        case_id = case_at(act)
        routing.withdraw(store, people.clerk, reason="өз еркімен", **case_at.seen(case_id))
        case = case_at.case(case_id)
        assert (case.step, case.step_due_at, case.result) == (None, None, "withdrawn")
        with store.reading() as session:
            assert "draft" not in session.scalars(select(CaseDocument.state)).all()
            waiting = select(OutsideRequest).where(OutsideRequest.answered_at.is_(None))
            assert session.scalars(waiting).all() == []

    def test_not_after_the_signature(self, store, case_at, people):
        case_id = case_at("deliver")
        with pytest.raises(NotAllowed, match="move-not-open-here"):
            routing.withdraw(store, people.clerk, reason="x", **case_at.seen(case_id))


class TestCorrect:
    def test_is_not_for_an_executor_whose_case_it_is_not(self, store, case_at, people):
        case_id = case_at("check")
        told = {"changes": {"site": "Ақсай қ."}, "reason": "қате терілген"}
        colleague = replace(people.executor2, roles=frozenset({Role.EXECUTOR, Role.AUDITOR}))  # who looks on
        card = case_card(store, colleague, case_id=case_id)
        (move,) = [item for item in card.moves if item.move is OfficeMove.CORRECT]
        assert (move.open, move.why_not) == (False, "not-assigned-to-you")
        with pytest.raises(NotAllowed, match="case-not-found"):
            correcting.correct(store, people.executor2, **told, **case_at.seen(case_id))
        correcting.correct(store, people.clerk, **told, **case_at.seen(case_id))
        assert case_at.case(case_id).site == "Ақсай қ."

    def test_keeps_the_old_value_in_the_journal(self, any_store, case_at, people):
        case_id = case_at("ask", holder_ru="ТОО «Жаек»")
        correcting.correct(
            any_store,
            people.executor,
            changes={"holder_ru": "ТОО «Жайық»", "phone": "", "site": case_at.case(case_id).site},
            reason="қате терілген",
            **case_at.seen(case_id),
        )
        facts = _last(any_store, "corrected").facts
        assert facts["changes"] == {
            "holder_ru": ["ТОО «Жаек»", "ТОО «Жайық»"],
            "phone": ["+7 7112 50 00 00", ""],
        }
        case = case_at.case(case_id)
        assert "жаиык" in case.search or "жайык" in case.search
        assert "жаек" not in case.search

    @pytest.mark.parametrize(
        ("changes", "reason", "field", "code"),
        [
            ({"site": ""}, "x", "site", "field-required"),
            ({"site": "Ақсай"}, "", "reason", "field-required"),
            ({"identifier": "210440038888"}, "x", "identifier", "identifier-check-digit"),
            ({"identifier": "1"}, "x", "identifier", "identifier-length"),
            ({"email": "нет"}, "x", "email", "email-wrong"),
            ({"holder_kk": "«Ақ жайық» ЖШС "}, "x", "holder_kk", "nothing-changed"),
            ({}, "x", "reason", "nothing-changed"),
            ({"representative": "Жүнісов"}, "x", "power_of_attorney", "power-of-attorney-required"),
        ],
    )
    def test_refuses(self, store, case_at, people, changes, reason, field, code):
        case_id = case_at("check")
        before = world(store)
        with pytest.raises(BadInput) as caught:
            correcting.correct(store, people.clerk, changes=changes, reason=reason, **case_at.seen(case_id))
        assert (caught.value.field, caught.value.code) == (field, code)
        assert world(store) == before

    def test_takes_a_confirmed_identifier(self, store, case_at, people):
        case_id = case_at("check")
        changes = {"identifier": "210440038888", "identifier_confirmed": "yes"}
        correcting.correct(store, people.clerk, changes=changes, reason="x", **case_at.seen(case_id))
        case = case_at.case(case_id)
        assert (case.identifier, case.identifier_confirmed) == ("210440038888", True)

    def test_not_after_the_signature(self, store, case_at, people):
        case_id = case_at("deliver")
        with pytest.raises(NotAllowed, match="move-not-open-here"):
            correcting.correct(
                store, people.clerk, changes={"site": "x"}, reason="x", **case_at.seen(case_id)
            )

    def test_what_is_no_particular_is_a_defect(self, store, case_at, people):
        case_id = case_at("check")
        with pytest.raises(KeyError):
            correcting.correct(
                store, people.clerk, changes={"result": "licence"}, reason="x", **case_at.seen(case_id)
            )


class TestHandOver:
    def test_records_to_whom_and_on_which_document(self, any_store, case_at, people, clock):
        case_id = case_at("deliver")
        delivering.hand_over(
            any_store,
            people.clerk,
            outcome=case_at.outcome(case_id, Act.DELIVER, Effect.DELIVERED),
            receiver="Жүнісов А.\u202e",
            identity_document="ЖК № 041234567",
            power_of_attorney="№ 7, 01.06.2018",
            **case_at.seen(case_id),
        )
        with any_store.reading() as session:
            (given,) = session.scalars(select(HandOver))
            document = session.get_one(CaseDocument, given.document_id)
        assert (given.receiver, given.identity_document) == ("Жүнісов А.", "ЖК № 041234567")
        assert (document.kind, document.state) == ("licence", "signed")
        assert case_at.case(case_id).closed_at == clock.moment

    def test_the_longest_name_and_power_of_attorney_of_the_application_can_receive(
        self, store, case_at, people
    ):
        holder, proxy = "Ә" * 1000, "№" * 1000
        case_id = case_at("deliver", holder_kk=holder, representative="Ж", power_of_attorney=proxy)
        delivering.hand_over(
            store,
            people.clerk,
            outcome=case_at.outcome(case_id, Act.DELIVER, Effect.DELIVERED),
            receiver=holder,
            identity_document="ЖК № 041234567",
            power_of_attorney=proxy,
            **case_at.seen(case_id),
        )
        assert case_at.case(case_id).step is None

    @pytest.mark.parametrize("field", ["receiver", "identity_document"])
    def test_needs(self, store, case_at, people, field):
        case_id = case_at("deliver")
        told = {"receiver": "А", "identity_document": "Б", field: " "}
        with pytest.raises(BadInput) as caught:
            delivering.hand_over(
                store,
                people.clerk,
                outcome=case_at.outcome(case_id, Act.DELIVER, Effect.DELIVERED),
                **told,
                **case_at.seen(case_id),
            )
        assert (caught.value.field, caught.value.code) == (field, "field-required")


class TestPrinted:
    def _document(self, store, kind):
        with store.reading() as session:
            return session.scalars(select(CaseDocument).where(CaseDocument.kind == kind)).one()

    def test_counts_copies_and_asks_why_a_second_time(self, any_store, case_at, people, clock):
        case_id = case_at("deliver")
        version = case_at.version(case_id)
        document = self._document(any_store, "licence")
        delivering.mark_printed(any_store, people.clerk, document_id=document.id, copies=2)
        with pytest.raises(BadInput, match="reprint-reason-required"):
            delivering.mark_printed(any_store, people.clerk, document_id=document.id, copies=1)
        delivering.mark_printed(any_store, people.clerk, document_id=document.id, copies=1, reason="бүлінді")
        printed = self._document(any_store, "licence")
        assert (printed.copies, printed.printed_at) == (3, clock.moment)
        assert case_at.version(case_id) == version
        assert _last(any_store, "printed").facts["reason"] == "бүлінді"

    def test_refuses_a_draft_and_wrong_counts(self, store, case_at, people):
        case_at("sign")
        document = self._document(store, "licence")
        with pytest.raises(NotAllowed, match="not-signed-yet"):
            delivering.mark_printed(store, people.clerk, document_id=document.id, copies=1)
        receipt = self._document(store, "receipt")
        for copies in (0, -1, 100):
            with pytest.raises(BadInput, match="copies-wrong"):
                delivering.mark_printed(store, people.clerk, document_id=receipt.id, copies=copies)
        with pytest.raises(NotAllowed, match="role-may-not"):
            delivering.mark_printed(store, people.auditor, document_id=receipt.id, copies=1)
