"""A result nobody fetches from the centre (001 item 10), and what the applicant answers when he gets it."""

import tomllib
from datetime import datetime

import pytest
from sqlalchemy import select

from desktop.cases import custody, office
from desktop.errors import BadInput, NotAllowed
from desktop.models import Case, ResultCustody, SurveyAnswer
from desktop.queries.case_card import case_card
from desktop.queries.custody import at_centre
from desktop.queries.desk import counts
from desktop.queries.surveys import summary
from desktop.regulation.custody import kept_until
from desktop.regulation.model import Act, Channel, Role, Term, Unit
from desktop.regulation.model import Custody as Rule
from desktop.regulation.rights import Actor
from desktop.regulation.survey import survey
from desktop.regulation.terms import default_calendar
from tests import story
from tests.cases.commands import COMMANDS
from tests.cases.office_commands import shipped_pack
from tests.clock import OFFICE_ZONE
from tests.office import PASSWORD, WORKSTATION
from tests.regulation.randomised import write_toml


def at(written: str) -> datetime:
    return datetime.fromisoformat(written).replace(tzinfo=OFFICE_ZONE)


@pytest.fixture
def tell(any_store, people, clock):
    return story.teller(any_store, people, clock)


@pytest.fixture
def law(tell) -> str:
    """The decree, whose item 10 says how long the State corporation keeps a result."""
    pack = tomllib.loads(shipped_pack())
    pack["version"] += "-kept"
    for service in pack["service"]:
        for operation in service["operation"]:
            operation["custody"] = {
                "channels": ["state_corporation"],
                "keep_months": 1,
                "send_again": {"value": 1, "unit": "working_day"},
                "clause": "10",
            }
    return office.load_regulation(
        tell.store, tell.people.administrator, text=write_toml(pack), name="kept.toml"
    )


@pytest.fixture
def operator(tell) -> Actor:
    person = office.PersonFacts(
        "operator", "Оператор", "Оператор", "Маман", "Специалист", "", frozenset({Role.CENTRE_OPERATOR})
    )
    person_id = office.save_person(tell.store, tell.people.administrator, person=person, password=PASSWORD)
    return Actor(person_id, "operator", "Оператор", "Оператор", frozenset(person.roles), WORKSTATION)


def _delivered(tell, law: str, channel: Channel = Channel.STATE_CORPORATION) -> int:
    case_id = tell(Act.DELIVER, channel=channel, regulation_sha256=law)
    tell.clock.set("2018-07-02T10:00")
    COMMANDS["hand_over"].run(tell, tell.people.clerk, tell.seen(case_id))
    return case_id


def _kept(tell, case_id: int) -> list[ResultCustody]:
    with tell.store.reading() as session:
        return list(
            session.scalars(
                select(ResultCustody).where(ResultCustody.case_id == case_id).order_by(ResultCustody.id)
            )
        )


def test_a_result_sent_to_the_centre_is_kept_there_one_month(tell, law, operator) -> None:
    case_id = _delivered(tell, law)
    row = at_centre(tell.store, operator)[0]
    assert (row.case_id, row.state, row.channel) == (case_id, "at_centre", Channel.STATE_CORPORATION)
    assert (row.sent_at, row.kept_until) == (at("2018-07-02T10:00"), at("2018-08-02T18:30"))
    assert row.due_at == row.kept_until
    assert at_centre(tell.store, tell.people.clerk) == (row,)
    assert case_card(tell.store, operator, case_id=case_id).number == row.case_number


def test_what_is_handed_over_here_is_kept_nowhere(tell, law, operator) -> None:
    case_id = _delivered(tell, law, Channel.OFFICE)
    assert at_centre(tell.store, tell.people.clerk, whole=True) == ()
    with pytest.raises(NotAllowed, match="case-not-found"):
        case_card(tell.store, operator, case_id=case_id)


def test_the_operator_hands_it_out_with_what_the_applicant_answers(tell, law, operator) -> None:
    case_id = _delivered(tell, law)
    custody_id = _kept(tell, case_id)[0].id
    tell.clock.set("2018-07-10T11:00")
    with pytest.raises(BadInput, match="field-required"):
        custody.hand_out(tell.store, operator, custody_id=custody_id, receiver=" ", identity_document="1")
    with pytest.raises(BadInput, match="survey-answer-unknown"):
        custody.hand_out(
            tell.store,
            operator,
            custody_id=custody_id,
            receiver="Ж",
            identity_document="1",
            survey={"process": "delighted"},
        )
    with pytest.raises(BadInput, match="survey-answered"):
        custody.hand_out(
            tell.store,
            operator,
            custody_id=custody_id,
            receiver="Ж",
            identity_document="1",
            survey={"process": "satisfied"},
        )
    custody.hand_out(
        tell.store,
        operator,
        custody_id=custody_id,
        receiver="Жүнісов А.",
        identity_document="ЖК № 1",
        survey={"information": "not_satisfied"},
    )
    assert at_centre(tell.store, operator) == ()
    row = at_centre(tell.store, operator, whole=True)[0]
    assert (row.state, row.receiver, row.handed_at) == ("handed_out", "Жүнісов А.", at("2018-07-10T11:00"))
    last = case_card(tell.store, tell.people.clerk, case_id=case_id).history[-1]
    assert (last.event, last.facts["survey"]) == ("handed-out", {"information": "not_satisfied"})
    with pytest.raises(NotAllowed, match="custody-moved-on"):
        custody.hand_out(tell.store, operator, custody_id=custody_id, receiver="Х", identity_document="2")


def test_after_its_month_it_comes_back_and_is_sent_again_when_asked_for(tell, law, operator) -> None:
    case_id = _delivered(tell, law)
    custody_id = _kept(tell, case_id)[0].id
    clerk, store = tell.people.clerk, tell.store

    def counted() -> tuple[int, int]:
        found = counts(store, operator)
        return found.at_centre, found.late_there

    assert counted() == (1, 0)
    tell.clock.set("2018-08-02T18:30")
    with pytest.raises(NotAllowed, match="custody-runs") as caught:
        custody.take_back(store, operator, custody_id=custody_id)
    assert caught.value.facts["kept_until"] == at("2018-08-02T18:30")
    with pytest.raises(NotAllowed, match="custody-moved-on"):
        custody.request_again(store, operator, custody_id=custody_id)
    tell.clock.set("2018-08-03T10:00")
    assert counted() == (1, 1)
    custody.take_back(store, operator, custody_id=custody_id)
    assert counted() == (0, 0)  # in storage it waits for nobody
    assert at_centre(store, clerk)[0].state == "stored"
    with pytest.raises(NotAllowed, match="custody-moved-on"):
        custody.send_again(store, clerk, custody_id=custody_id)
    tell.clock.set("2018-08-17T16:00")  # a Friday
    custody.request_again(store, operator, custody_id=custody_id)
    row = at_centre(store, clerk)[0]
    assert (row.state, row.send_again_by, row.due_at) == (
        "asked",
        at("2018-08-20T18:30"),
        at("2018-08-20T18:30"),
    )
    assert counted() == (1, 0)
    with pytest.raises(NotAllowed, match="role-may-not"):
        custody.send_again(store, operator, custody_id=custody_id)
    tell.clock.set("2018-08-20T09:00")
    custody.send_again(store, clerk, custody_id=custody_id)
    with pytest.raises(NotAllowed, match="custody-moved-on"):
        custody.send_again(store, clerk, custody_id=custody_id)
    assert [(row.state, row.kept_until) for row in at_centre(store, operator)] == [
        ("at_centre", at("2018-09-20T18:30"))
    ]
    assert {row.state for row in at_centre(store, operator, whole=True)} == {"sent_again", "at_centre"}
    events = [entry.event for entry in case_card(store, clerk, case_id=case_id).history]
    assert events[-4:] == ["handed-over", "taken-back", "asked-again", "sent-again"]


def test_nobody_else_touches_it(tell, law) -> None:
    case_id = _delivered(tell, law)
    custody_id = _kept(tell, case_id)[0].id
    for work, facts in (
        (custody.hand_out, {"receiver": "Х", "identity_document": "1"}),
        (custody.take_back, {}),
        (custody.request_again, {}),
        (custody.send_again, {}),
    ):
        with pytest.raises(NotAllowed, match="role-may-not"):
            work(tell.store, tell.people.executor, custody_id=custody_id, **facts)
    with pytest.raises(NotAllowed, match="custody-not-found"):
        custody.take_back(tell.store, tell.people.clerk, custody_id=custody_id + 7)


@pytest.mark.parametrize(
    ("sent", "until"),
    [
        ("2018-01-31T10:00", "2018-02-28T18:30"),  # there is no 31 February
        ("2018-07-30T10:00", "2018-09-03T18:30"),  # 30 and 31 August are off, then a weekend
        ("2018-12-03T10:00", "2019-01-03T18:30"),
        ("2018-11-30T23:00", "2019-01-03T18:30"),  # 30 December is a Sunday, then the New Year
    ],
)
def test_a_month_ends_on_its_day(sent: str, until: str) -> None:
    rule = Rule((Channel.STATE_CORPORATION,), 1, Term(Unit.WORKING_DAY, 1), "10")
    assert kept_until(default_calendar(OFFICE_ZONE), rule, at(sent)) == at(until)


def test_the_survey_is_summed_up_by_service_and_period(tell, law) -> None:
    for _ in range(2):
        _delivered(tell, law)
    title = summary(tell.store, tell.people.head)[0].service
    with tell.store.reading() as session:
        assert session.scalars(select(SurveyAnswer.answer)).all() == ["satisfied", "satisfied"]
        assert session.scalars(select(Case.result)).all() == ["licence", "licence"]
    rows = summary(tell.store, tell.people.head)
    assert [(row.service, row.question, row.counts, row.total) for row in rows] == [
        (title, survey().questions["process"], (0, 0, 2), 2),
        (title, survey().questions["information"], (0, 0, 0), 0),
    ]
    day = at("2018-07-02T10:00").date()
    assert summary(tell.store, tell.people.head, first_day=day, last_day=day) == rows
    assert summary(tell.store, tell.people.head, last_day=day.replace(day=1)) == ()
    assert summary(tell.store, tell.people.head, first_day=day.replace(day=3)) == ()


def test_the_form_is_the_acts() -> None:
    assert len(survey().questions) == 2
    assert [words.ru for words in survey().answers.values()] == [
        "не удовлетворен",
        "частично удовлетворен",
        "удовлетворен",
    ]
