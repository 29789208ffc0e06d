"""A sitting of the commission, a request resolved, a hearing: what is refused, and what is drawn and kept."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from desktop.cases import attesting, hearing, resolving
from desktop.errors import BadInput, NotAllowed
from desktop.models import CaseDocument, Hearing, Sitting
from desktop.regulation.model import Act, DocumentKind, Effect
from desktop.regulation.papers import CommissionFacts, NoticeFacts, from_json
from desktop.store.database import Store
from tests import story
from tests.clock import OFFICE_ZONE
from tests.story import Teller


def _papers(store: Store, case_id: int) -> dict[str, CaseDocument]:
    with store.reading() as session:
        found = session.scalars(select(CaseDocument).where(CaseDocument.case_id == case_id)).all()
    return {paper.kind: paper for paper in found}


def _sitting(tell: Teller, *votes: str) -> attesting.Sitting:
    people = (tell.people.commission, tell.people.commission2, tell.people.commission3)
    given = tuple(attesting.Vote(person.person_id, vote) for person, vote in zip(people, votes, strict=False))
    day = tell.clock.moment.astimezone(OFFICE_ZONE).date()
    return attesting.Sitting(day, 71, 100, "Жақсы", "Хорошо", given)


def _attest(tell: Teller, case_id: int, effect: Effect, sitting: attesting.Sitting) -> int:
    return attesting.attest(
        tell.store,
        tell.people.secretary,
        outcome=tell.outcome(case_id, Act.ATTEST, effect),
        sitting=sitting,
        draw=story.draw,
        **tell.seen(case_id),
    )


def test_the_commission_decides_by_more_votes(any_store: Store, case_at):
    case_id = case_at("attest")
    document_id = _attest(case_at, case_id, Effect.PASSED, _sitting(case_at, "for", "abstained"))

    papers = _papers(any_store, case_id)
    protocol, decision = papers["protocol"], papers["attestation"]
    assert document_id == decision.id
    assert (protocol.state, decision.state, decision.number) == ("issued", "issued", protocol.number)
    page: CommissionFacts = from_json(DocumentKind.PROTOCOL, protocol.facts)
    assert [(member.name.kk, member.vote) for member in page.members] == [
        (case_at.people.commission.name_kk, "for"),
        (case_at.people.commission2.name_kk, "abstained"),
    ]
    assert (page.test_score, page.test_most, page.passed) == (71, 100, True)
    assert page.secretary.kk == case_at.people.secretary.name_kk
    with any_store.reading() as session:
        kept = session.scalars(select(Sitting).where(Sitting.case_id == case_id)).one()
    assert [vote["vote"] for vote in kept.votes] == ["for", "abstained"]
    case_at.go_on(case_id, "attestation")
    assert case_at.case(case_id).result == "attestation"


@pytest.mark.parametrize("votes", [("for", "against"), ("against",), ("abstained",)])
def test_votes_that_do_not_outweigh_are_no_pass(store: Store, case_at, votes):
    case_id = case_at("attest")
    with pytest.raises(NotAllowed, match="votes-say-otherwise"):
        _attest(case_at, case_id, Effect.PASSED, _sitting(case_at, *votes))
    _attest(case_at, case_id, Effect.FAILED, _sitting(case_at, *votes))


def test_what_is_wrong_with_a_sitting(store: Store, case_at, people):
    case_id = case_at("attest")
    good = _sitting(case_at, "for")
    day = good.held_on
    assert day is not None
    member = good.votes[0]
    clerk = attesting.Vote(people.clerk.person_id, "for")
    for code, field, changes in (
        ("field-required", "held_on", {"held_on": None}),
        ("date-in-future", "held_on", {"held_on": day + timedelta(days=1)}),
        ("sitting-before-application", "held_on", {"held_on": day - timedelta(days=1)}),
        ("test-score-wrong", "test_score", {"test_score": 101}),
        ("test-score-wrong", "test_score", {"test_score": -1}),
        ("test-score-wrong", "test_score", {"test_score": 0, "test_max": 0}),
        ("field-required", "interview_kk", {"interview_kk": " "}),
        ("field-required", "interview_ru", {"interview_ru": ""}),
        ("vote-required", "votes", {"votes": ()}),
        ("vote-required", "votes", {"votes": (replace(member, vote="perhaps"),)}),
        ("vote-twice", "votes", {"votes": (member, member)}),
        ("person-cannot-do", "votes", {"votes": (member, clerk)}),
    ):
        with pytest.raises(BadInput, match=code) as caught:
            _attest(case_at, case_id, Effect.PASSED, replace(good, **changes))
        assert caught.value.field == field
    assert case_at.step(case_id).act == Act.ATTEST


def test_a_request_is_declined_with_its_reason(any_store: Store, case_at, people):
    case_id = case_at("resolve")
    declined = case_at.outcome(case_id, Act.RESOLVE, Effect.DECLINED)
    facts = {"outcome": declined, "draw": story.draw, **case_at.seen(case_id)}
    for given, missing in (({}, "reason_kk"), ({"reason_kk": "Басқа аймақ"}, "reason_ru")):
        with pytest.raises(BadInput, match="field-required") as caught:
            resolving.resolve(any_store, people.phc, **given, **facts)
        assert caught.value.field == missing
    resolving.resolve(any_store, people.phc, reason_kk="Басқа аймақ", reason_ru="Другой район", **facts)

    paper = _papers(any_store, case_id)["notice"]
    page: NoticeFacts = from_json(DocumentKind.NOTICE, paper.facts)
    assert (page.why.kk, page.why.ru, page.by_hand) == ("Басқа аймақ", "Другой район", True)
    assert case_at.case(case_id).result == "notice"


def test_a_request_accepted_waits_for_the_department_and_ends_in_its_notice(
    any_store: Store, case_at, people
):
    case_id = case_at("resolve")
    for person, effect in ((people.phc, Effect.ACCEPTED), (people.employee, Effect.ACCEPTED)):
        step = case_at.step(case_id)
        outcome = story.outcome_of(step, effect).id
        resolving.resolve(any_store, person, outcome=outcome, draw=story.draw, **case_at.seen(case_id))
    page: NoticeFacts = from_json(DocumentKind.NOTICE, _papers(any_store, case_id)["notice"].facts)
    assert page.body.kk == "Тіркелдіңіз"
    assert case_at.case(case_id).result == "notice"


def test_who_is_going_to_be_refused_is_told_why_and_heard(any_store: Store, case_at, people):
    case_id = case_at("hear")
    page: NoticeFacts = from_json(DocumentKind.NOTICE, _papers(any_store, case_id)["notice"].facts)
    assert page.why.ru == "Обоснование"
    assert len(page.items) == 2
    day = case_at.clock.moment.astimezone(OFFICE_ZONE).date()
    facts = {"outcome": case_at.outcome(case_id, Act.HEAR, Effect.FORWARD), "came": False}
    for code, field, changes in (
        ("field-required", "held_on", {"held_on": None}),
        ("date-in-future", "held_on", {"held_on": day + timedelta(days=1)}),
        ("hearing-before-application", "held_on", {"held_on": day - timedelta(days=1)}),
        ("field-required", "minutes", {"minutes": " "}),
    ):
        told = {"held_on": day, "minutes": "келмеді", **changes}
        with pytest.raises(BadInput, match=code) as caught:
            hearing.hear(any_store, people.executor, **told, **facts, **case_at.seen(case_id))
        assert caught.value.field == field
    hearing.hear(any_store, people.executor, held_on=day, minutes="келмеді", **facts, **case_at.seen(case_id))
    with any_store.reading() as session:
        kept = session.scalars(select(Hearing).where(Hearing.case_id == case_id)).one()
    assert (kept.came, kept.minutes) == (False, "келмеді")
    case_at.go_on(case_id, "refusal")
    assert case_at.case(case_id).result == "refusal"
