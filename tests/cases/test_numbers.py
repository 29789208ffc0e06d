"""Numbers without gaps, whatever fails and whoever writes at the same time."""

import threading
from datetime import datetime

import pytest
from sqlalchemy import select

from desktop.cases import numbers, registering, routing
from desktop.cases.numbers import Register
from desktop.errors import BadInput
from desktop.models import Office, RegisterCounter, RegisterNumber
from desktop.store.database import Store
from tests import story
from tests.clock import OFFICE_ZONE


def _broken_printer(*_arguments: object) -> bytes:
    raise RuntimeError("no page")


def _sequences(store: Store, register: Register) -> list[int]:
    with store.reading() as session:
        return list(
            session.scalars(
                select(RegisterNumber.sequence)
                .where(RegisterNumber.register == register.value)
                .order_by(RegisterNumber.sequence)
            )
        )


def test_a_registration_that_fails_gives_its_number_back(any_store: Store, people):
    for number in range(4):
        registering.register_application(
            any_store, people.clerk, application=story.application(any_store), draw=story.draw
        )
        with pytest.raises(RuntimeError, match="no page"):
            registering.register_application(
                any_store,
                people.clerk,
                application=story.application(any_store, site=f"{number}"),
                draw=_broken_printer,
            )
    assert _sequences(any_store, Register.INCOMING) == [1, 2, 3, 4]


def test_two_writers_at_once_leave_no_gap_and_no_twin(any_store: Store, people, clock):
    """The first number of a year among them: nobody has made the counter's row yet."""
    other = Store(any_store.url.render_as_string(hide_password=False), clock=clock, exclusive=False)
    form = story.application(any_store)
    start = threading.Barrier(2)
    faults: list[Exception] = []

    def register(store: Store) -> None:
        start.wait()
        for turn in range(8):
            try:
                registering.register_application(
                    store,
                    people.clerk,
                    application=form,
                    draw=_broken_printer if turn % 3 == 2 else story.draw,
                )
            except RuntimeError:
                continue
            except Exception as error:
                faults.append(error)

    threads = [threading.Thread(target=register, args=(store,)) for store in (any_store, other)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    other.dispose()
    assert faults == []
    assert _sequences(any_store, Register.INCOMING) == list(range(1, 13))
    with any_store.reading() as session:
        assert session.get_one(RegisterCounter, ("incoming", 2018)).last == 12


@pytest.mark.parametrize(
    ("moment", "number"),
    [("2018-12-31T23:59:59.999", "2018-000001"), ("2019-01-01T00:00:00", "2019-000001")],
)
def test_the_year_of_a_number_turns_at_the_offices_midnight(store: Store, people, clock, moment, number):
    clock.set(moment)  # 18:59:59 and 19:00 of 31 December in UTC
    registered = registering.register_application(
        store, people.clerk, application=story.application(store), draw=story.draw
    )
    assert registered.number == number


def test_each_year_begins_with_one(store: Store, people, clock):
    given = []
    for moment in ("2018-12-31T12:00", "2018-12-31T12:01", "2019-01-03T12:00"):
        clock.set(moment)
        given.append(
            registering.register_application(
                store, people.clerk, application=story.application(store), draw=story.draw
            ).number
        )
    assert given == ["2018-000001", "2018-000002", "2019-000001"]


def test_a_reserved_number_is_used_by_the_signature(store: Store, case_at):
    case_id = case_at("sign")
    with store.reading() as session:
        row = session.scalars(select(RegisterNumber).where(RegisterNumber.register == "licence")).one()
        assert (row.text, row.state, row.case_id) == ("18000001", "reserved", case_id)

    case_at("licence")

    with store.reading() as session:
        rows = session.scalars(select(RegisterNumber).where(RegisterNumber.register == "licence")).all()
        assert {row.text: row.state for row in rows} == {"18000001": "reserved", "18000002": "used"}


def test_a_number_whose_draft_came_to_nothing_is_voided_with_a_reason(store: Store, case_at, people):
    case_id = case_at("sign")
    routing.withdraw(store, people.clerk, reason="өз еркімен", **case_at.seen(case_id))
    with store.reading() as session:
        row = session.scalars(select(RegisterNumber).where(RegisterNumber.register == "licence")).one()
        assert (row.state, row.reason) == ("voided", "ended-as-withdrawn")
    case_at("licence")
    assert _sequences(store, Register.LICENCE) == [1, 2]


def test_a_draft_made_anew_keeps_its_number(store: Store, case_at):
    case_id = case_at("returned")
    case_at_sign = story._Case(case_at, case_id, {})
    case_at_sign.until("licence")
    with store.reading() as session:
        rows = session.scalars(select(RegisterNumber).where(RegisterNumber.register == "licence")).all()
    assert [(row.text, row.state) for row in rows] == [("18000001", "used")]


@pytest.mark.parametrize(
    ("template", "written"),
    [
        ("{year}-{sequence:06d}", "2018-000007"),
        ("{sequence}/{year}", "7/2018"),
        ("{year2}{sequence:06d}", "18000007"),
        ("03-12/{sequence}-{year}-И", "03-12/7-2018-И"),
    ],
)
def test_a_template_writes_the_number(store: Store, template, written):
    assert numbers.template_problem(template) is None
    with store.writing() as session:
        for _ in range(7):
            taken = numbers.take(
                session, Register.OUTGOING, datetime(2018, 6, 1, tzinfo=OFFICE_ZONE), template, None
            )
        assert taken.text == written


@pytest.mark.parametrize(
    "template",
    [
        "",
        "{sequence}",
        "{year}",
        "{year}-{sequence.__class__}",
        "{year}{sequence:999999d}",
        "{0}-{year}-{sequence}",
        "{{year}}-{sequence}",
        "{year}-{sequence}{",
        "{sequence}\n{year}",
        "x" * 60 + "{year}{sequence}",
    ],
)
def test_a_template_that_cannot_tell_numbers_apart_is_refused(template):
    assert numbers.template_problem(template) == "template-wrong"


class TestOutsideNumbers:
    """Where the central database numbers licences (B2), the executor enters what it gave."""

    @pytest.fixture(autouse=True)
    def _not_the_numbering_authority(self, any_store: Store):
        with any_store.writing() as session:
            session.get_one(Office, 1).numbers_licences = False

    def _draft(self, any_store, case_at, case_id, number, **more):
        from desktop.cases import deciding
        from desktop.regulation.model import Act, Effect

        return deciding.draft(
            any_store,
            case_at.people.executor,
            outcome=case_at.outcome(case_id, Act.DECIDE, Effect.GRANT),
            checks=story.good_checks(case_at.operation(case_id)),
            licence_number=number,
            draw=story.draw,
            **more,
            **case_at.seen(case_id),
        )

    @pytest.mark.parametrize("number", ["25016124", "KZ18LAA00032760", " kz18laa00032760 "])
    def test_takes_the_forms_the_database_uses(self, any_store, case_at, number):
        case_id = case_at("decide")
        self._draft(any_store, case_at, case_id, number)
        with any_store.reading() as session:
            row = session.scalars(select(RegisterNumber).where(RegisterNumber.register == "outside")).one()
        assert (row.text, row.state) == (number.strip().upper(), "reserved")

    @pytest.mark.parametrize(
        ("number", "code"),
        [
            (None, "licence-number-required"),
            ("  ", "licence-number-required"),
            ("001638DF", "licence-number-form"),
            ("1" * 81, "too-long"),
        ],
    )
    def test_refuses(self, any_store, case_at, number, code):
        case_id = case_at("decide")
        with pytest.raises(BadInput) as caught:
            self._draft(any_store, case_at, case_id, number)
        assert (caught.value.code, caught.value.field) == (code, "licence_number")

    def test_an_older_form_is_taken_when_confirmed(self, any_store, case_at):
        case_id = case_at("decide")
        self._draft(any_store, case_at, case_id, "001638DF", licence_number_confirmed=True)
        assert case_at.case(case_id).draft_kind == "licence"

    def test_one_number_is_one_licence(self, any_store, case_at):
        self._draft(any_store, case_at, case_at("decide"), "25016124")
        with pytest.raises(BadInput, match="licence-number-taken"):
            self._draft(any_store, case_at, case_at("decide"), "25016124")

    def test_a_number_given_up_is_free_for_its_true_case(self, any_store, case_at, people):
        mistaken = case_at("decide")
        self._draft(any_store, case_at, mistaken, "25016124")
        routing.return_for_rework(any_store, people.head, reason="нөмірі басқа", **case_at.seen(mistaken))
        self._draft(any_store, case_at, mistaken, "25016125")
        other = case_at("decide")
        self._draft(any_store, case_at, other, "25016124")
        with any_store.reading() as session:
            rows = session.scalars(select(RegisterNumber).where(RegisterNumber.register == "outside")).all()
        assert {row.text: row.case_id for row in rows} == {"25016125": mistaken, "25016124": other}
