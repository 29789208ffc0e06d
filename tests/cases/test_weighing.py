"""An answer of another system that names another than the applicant confirms nothing until somebody says that it does."""

from typing import Any

import pytest
from sqlalchemy import select

from desktop.cases import checking, correcting, systems
from desktop.cases.weighing import weigh_answer
from desktop.errors import BadInput, NotAllowed
from desktop.models import ExchangeRecord, JournalEntry
from desktop.queries.case_card import case_card
from desktop.queries.exchange import case_systems
from desktop.regulation.model import Act, Effect
from desktop.regulation.systems import Answer, Heard, System, Way, asks_about
from tests import story
from tests.cases.world import world
from tests.story import Teller

OTHER = "880712300121"


@pytest.fixture
def case_id(case_at: Teller) -> int:
    return case_at(Act.CHECK)


def heard(case_at: Teller, case_id: int, told: dict[str, str], system: System = System.GBD_UL) -> int:
    """Keep an answer about the applicant."""
    question = asks_about(system, identifier=case_at.case(case_id).identifier)
    answer = Answer(question, Heard.ANSWERED, Way.BY_HAND, told=tuple(told.items()))
    return systems.record_answer_of_system(
        case_at.store,
        case_at.people.executor,
        answer=answer,
        note="seen on the screen",
        draw=story.draw,
        **case_at.seen(case_id),
    )


def check(case_at: Teller, case_id: int, effect: Effect = Effect.COMPLETE) -> None:
    operation = case_at.operation(case_id)
    verdicts = story.good_verdicts(operation)
    if effect is Effect.INCOMPLETE:
        verdicts[operation.papers[0].id] = checking.PaperVerdict("missing")
    checking.check_papers(
        case_at.store,
        case_at.people.executor,
        outcome=case_at.outcome(case_id, Act.CHECK, effect),
        verdicts=verdicts,
        draw=story.draw,
        **case_at.seen(case_id),
    )


def weigh(case_at: Teller, case_id: int, record_id: int, **changes: Any) -> int:
    facts = {"counts": True, "reason": "The centre mistyped a digit"} | changes
    return weigh_answer(
        case_at.store, case_at.people.executor, record_id=record_id, **facts, **case_at.seen(case_id)
    )


def test_the_card_warns_and_the_check_waits_for_a_word(any_store, case_at, case_id, people):
    record_id = heard(case_at, case_id, {"identifier": OTHER, "name_ru": "ТОО «Чужое»"})
    assert case_card(any_store, people.executor, case_id=case_id).names_others == (("gbd_ul", (OTHER,)),)
    before = world(any_store)
    with pytest.raises(NotAllowed, match="answer-names-another") as refused:
        check(case_at, case_id)
    assert refused.value.facts["others"] == OTHER
    assert world(any_store) == before

    said = weigh(case_at, case_id, record_id)
    assert case_card(any_store, people.executor, case_id=case_id).names_others == ()
    newest, oldest = case_systems(any_store, people.executor, case_id=case_id).records
    assert (newest.record_id, newest.reason, newest.note) == (
        said,
        "answer-counted",
        "The centre mistyped a digit",
    )
    assert (oldest.others, oldest.unweighed) == ((OTHER,), False)
    with any_store.reading() as session:
        entry = session.scalars(select(JournalEntry).where(JournalEntry.event == "answer-weighed")).one()
        assert session.get_one(ExchangeRecord, record_id).reason == "", "what was heard never changes"
    assert (entry.facts["others"], entry.facts["counts"]) == ([OTHER], True)
    check(case_at, case_id)


def test_set_aside_the_case_goes_on_too(any_store, case_at, case_id):
    record_id = heard(case_at, case_id, {"holder": f"ТОО «Чужое», БИН {OTHER}"})
    weigh(case_at, case_id, record_id, counts=False)
    check(case_at, case_id)


def test_a_newer_answer_of_the_same_system_takes_its_place(any_store, case_at, case_id, people):
    heard(case_at, case_id, {"identifier": OTHER})
    heard(case_at, case_id, {"status": "active"}, System.RPN)
    assert case_card(any_store, people.executor, case_id=case_id).names_others
    heard(case_at, case_id, {"identifier": case_at.case(case_id).identifier})
    assert not case_card(any_store, people.executor, case_id=case_id).names_others
    check(case_at, case_id)


def test_to_end_the_consideration_no_word_is_needed(any_store, case_at, case_id):
    heard(case_at, case_id, {"identifier": OTHER})
    check(case_at, case_id, Effect.INCOMPLETE)
    assert case_at.case(case_id).result == "termination"


def test_the_decision_waits_as_well(store, case_at, people):
    case_id = case_at(Act.DECIDE)
    record_id = heard(case_at, case_id, {"identifier": OTHER})
    with pytest.raises(NotAllowed, match="answer-names-another"):
        case_at.go_on(case_id, "licence")
    weigh(case_at, case_id, record_id)
    case_at.go_on(case_id, "licence")


def test_whose_it_is_goes_by_the_particulars_as_they_are_now(any_store, case_at, case_id, people):
    heard(case_at, case_id, {})
    assert not case_card(any_store, people.executor, case_id=case_id).names_others
    correcting.correct(
        any_store,
        people.clerk,
        changes={"identifier": "990540001236", "identifier_confirmed": "yes"},
        reason="mistyped",
        **case_at.seen(case_id),
    )
    others = case_card(any_store, people.executor, case_id=case_id).names_others
    assert others == (("gbd_ul", ("210440038887",)),), "it was asked about another than the applicant is now"


def test_what_there_is_nothing_to_say_of(store, case_at, case_id):
    good = heard(case_at, case_id, {"head": f"Жүнісов А., {OTHER}"})
    other = heard(case_at, case_id, {"identifier": OTHER})
    with pytest.raises(BadInput, match="field-required"):
        weigh(case_at, case_id, other, reason=" ")
    for record_id in (good, other + 100):
        with pytest.raises(NotAllowed, match="answer-weighed"):
            weigh(case_at, case_id, record_id)
    weigh(case_at, case_id, other)
    with pytest.raises(NotAllowed, match="answer-weighed"):
        weigh(case_at, case_id, other)
