"""The case card: what it shows at each step, to whom which buttons are open, at what cost."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import Engine, event, update

from desktop.errors import NotAllowed
from desktop.models import Person
from desktop.queries.case_card import case_card
from desktop.regulation.model import Act, DocumentKind, Effect, OfficeMove, Role
from desktop.store.database import Store
from tests.office import People

STEPS = (Act.ASSIGN, Act.CHECK, Act.ASK, Act.DECIDE, Act.SIGN, Act.DELIVER)
PERFORMERS = {
    Act.ASSIGN: "head",
    Act.CHECK: "executor",
    Act.ASK: "executor",
    Act.DECIDE: "executor",
    Act.SIGN: "head",
    Act.DELIVER: "clerk",
}


@contextmanager
def statements(engine: Engine) -> Iterator[list[str]]:
    """Collect what is sent to the database in the block, without the beginnings of transactions."""
    told: list[str] = []

    def hear(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if statement.lstrip().upper().startswith(("SELECT", "WITH")):
            told.append(statement)

    event.listen(engine, "before_cursor_execute", hear)
    try:
        yield told
    finally:
        event.remove(engine, "before_cursor_execute", hear)


SEE_ALL = {"clerk", "head", "department_head", "auditor"}


@pytest.mark.parametrize("act", STEPS)
def test_only_its_performer_may_go_on(any_store: Store, people: People, case_at: Any, act: Act) -> None:
    case_id = case_at(act)
    for login in people.__slots__:
        seen = login in SEE_ALL or (login == "executor" and act is not Act.ASSIGN)
        if not seen:  # the case is not assigned to him, or he sees none at all
            with pytest.raises(NotAllowed, match=r"role-may-not|case-not-found"):
                case_card(any_store, getattr(people, login), case_id=case_id)
            continue
        card = case_card(any_store, getattr(people, login), case_id=case_id)
        performs = login == PERFORMERS[act]
        assert card.act is act
        assert card.mine is performs, login
        opened = [item.open for item in card.outcomes]
        assert any(opened) is performs, login
        assert all(item.open or item.why_not for item in card.outcomes)
        assert all(item.open or item.why_not for item in card.moves)
        assert card.waits_for == (card_name(people, PERFORMERS[act]),)


def card_name(people: People, login: str) -> Any:
    from desktop.regulation.model import Text

    actor = getattr(people, login)
    return Text(actor.name_kk, actor.name_ru)


def test_a_colleague_of_the_same_role_is_told_that_it_is_not_his(
    store: Store, people: People, case_at: Any
) -> None:
    """An executor alone does not even see it; one who looks on as well does."""
    colleague = replace(people.executor2, roles=frozenset({Role.EXECUTOR, Role.AUDITOR}))
    card = case_card(store, colleague, case_id=case_at(Act.CHECK))
    assert {item.why_not for item in card.outcomes} == {"not-assigned-to-you"}
    assert card.assignees == ((Role.EXECUTOR, card_name(people, "executor")),)


def test_the_visa_asks_for_an_executor(store: Store, people: People, case_at: Any) -> None:
    card = case_card(store, people.head, case_id=case_at(Act.ASSIGN))
    assert [item.assigns for item in card.outcomes] == [Role.EXECUTOR]


def test_an_unfavourable_answer_closes_the_way_to_a_licence(
    store: Store, people: People, case_at: Any
) -> None:
    card = case_card(store, people.executor, case_id=case_at(Act.DECIDE, answer=Effect.DOES_NOT_CONFORM))
    assert card.answer is Effect.DOES_NOT_CONFORM
    opened = {item.effect: (item.open, item.why_not) for item in card.outcomes}
    assert opened == {Effect.GRANT: (False, "answer-forbids"), Effect.REFUSE: (True, "")}


def test_office_moves_are_open_to_their_roles(store: Store, people: People, case_at: Any) -> None:
    case_id = case_at(Act.SIGN)
    head = {item.move: item.open for item in case_card(store, people.head, case_id=case_id).moves}
    clerk = {item.move: item.open for item in case_card(store, people.clerk, case_id=case_id).moves}
    assert head[OfficeMove.RETURN_FOR_REWORK]
    assert not clerk[OfficeMove.RETURN_FOR_REWORK]
    assert clerk[OfficeMove.WITHDRAW]
    assert not head[OfficeMove.WITHDRAW]


def test_the_route_tells_what_is_done_and_by_whom(store: Store, people: People, case_at: Any) -> None:
    card = case_card(store, people.head, case_id=case_at(Act.ASK))
    assert [stop.act for stop in card.route] == [Act.ACCEPT, *STEPS]
    assert [stop.state for stop in card.route] == ["done", "done", "done", "here", "ahead", "ahead", "ahead"]
    assert [stop.done_by for stop in card.route[:3]] == [
        card_name(people, login) for login in ("clerk", "head", "executor")
    ]
    assert all(stop.done_at is not None and stop.done_at.tzinfo for stop in card.route[:3])
    assert all(stop.done_at is None for stop in card.route[3:])
    assert card.route[0].term == "15 minute"


def test_after_a_return_the_signature_lies_ahead_again(store: Store, people: People, case_at: Any) -> None:
    card = case_card(store, people.executor, case_id=case_at("returned"))
    assert [stop.state for stop in card.route] == [*["done"] * 4, "here", "ahead", "ahead"]
    assert card.return_reason
    assert card.mine


@pytest.mark.parametrize(
    ("ending", "states"),
    [
        ("licence", ["done"] * 7),
        ("refusal", ["done"] * 7),
        ("termination", [*["done"] * 3, *["ahead"] * 4]),
        ("withdrawn", ["done", *["ahead"] * 6]),
    ],
)
def test_a_closed_case(store: Store, people: People, case_at: Any, ending: str, states: list[str]) -> None:
    card = case_card(store, people.auditor, case_id=case_at(ending))
    assert card.result == ending
    assert card.step is None
    assert card.act is None
    assert card.closed_at is not None
    assert (card.outcomes, card.moves, card.waits_for, card.mine) == ((), (), (), False)
    assert [stop.state for stop in card.route] == states


def test_the_papers_of_a_licence(any_store: Store, people: People, case_at: Any) -> None:
    card = case_card(any_store, people.clerk, case_id=case_at("licence"))
    kinds = [(row.kind, row.state) for row in card.documents]
    assert (DocumentKind.RECEIPT, "issued") in kinds
    assert (DocumentKind.REQUEST, "issued") in kinds
    (licence,) = [row for row in card.documents if (row.kind, row.state) == (DocumentKind.LICENCE, "signed")]
    assert licence.signer == card_name(people, "head")
    assert licence.handed_to
    assert licence.signed_at is not None
    assert card.requests[0].answer is Effect.CONFORMS
    assert {row.verdict for row in card.requirements} == {"met"}
    assert {row.verdict for row in card.inventory if row.paper.required} == {"ok"}
    assert card.sub_types
    assert card.history[0].event == "registered"
    assert card.history[0].step is not None
    assert card.act_title == "№ 139, 07.06.2018"


def test_a_blocked_person_is_not_waited_for(store: Store, people: People, case_at: Any) -> None:
    case_id = case_at(Act.DELIVER)
    with store.writing() as session:
        session.execute(update(Person).where(Person.login == "clerk").values(active=False))
    assert case_card(store, people.head, case_id=case_id).waits_for == ()


def test_a_card_costs_a_fixed_number_of_statements(any_store: Store, people: People, case_at: Any) -> None:
    bare, full = case_at(Act.ASSIGN), case_at("licence")
    case_card(any_store, people.clerk, case_id=bare)  # the law is read once in a program's life
    for case_id in (bare, full):
        with statements(any_store.engine) as told:
            case_card(any_store, people.clerk, case_id=case_id)
        assert len(told) <= 15, told


def test_a_case_that_is_not_there_is_told(store: Store, people: People) -> None:
    with pytest.raises(NotAllowed, match="case-not-found"):
        case_card(store, people.clerk, case_id=999)
    with pytest.raises(NotAllowed, match="role-may-not"):
        case_card(store, people.administrator, case_id=999)
