"""What is open at a step: the same answer for the button and for the guard."""

from dataclasses import replace

import pytest

from desktop.errors import NotAllowed
from desktop.regulation import engine
from desktop.regulation.loader import load_text, shipped
from desktop.regulation.model import Act, Channel, Effect, OfficeMove, Operation, Role
from tests.regulation.randomised import randomised_pack

TEXT = dict(shipped())["wko-2018-139.toml"]
EXECUTOR = frozenset({Role.EXECUTOR})


@pytest.fixture(params=["as shipped", "randomised"])
def operation(request: pytest.FixtureRequest) -> Operation:
    text = TEXT if request.param == "as shipped" else randomised_pack(TEXT, 7)
    return load_text(text, name="wko").service("medical").operation("issue")


def _at(operation: Operation, act: Act) -> str:
    return next(step.id for step in operation.steps if step.act is act)


def _open(
    operation: Operation,
    act: Act,
    roles: frozenset[Role],
    *,
    assigned: bool = True,
    answer: Effect | None = None,
) -> dict[Effect, str]:
    openings = engine.open_outcomes(
        operation, _at(operation, act), roles=roles, assigned=assigned, answer=answer
    )
    assert all(opening.open == (not opening.why_not) for opening in openings)
    return {opening.outcome.effect: opening.why_not for opening in openings}


@pytest.mark.parametrize(
    ("answer", "why_not"),
    [
        (Effect.CONFORMS, ""),
        (Effect.NO_ANSWER, ""),
        (Effect.DOES_NOT_CONFORM, "answer-forbids"),
        (None, "answer-forbids"),
    ],
)
def test_the_answer_opens_or_shuts_the_licence_never_the_refusal(
    operation: Operation, answer: Effect | None, why_not: str
) -> None:
    told = _open(operation, Act.DECIDE, EXECUTOR, answer=answer)
    assert told == {Effect.GRANT: why_not, Effect.REFUSE: ""}


def test_another_role_may_not(operation: Operation) -> None:
    told = _open(operation, Act.CHECK, frozenset({Role.HEAD, Role.CLERK, Role.ADMINISTRATOR}))
    assert set(told.values()) == {"role-may-not"}


def test_another_executor_may_not(operation: Operation) -> None:
    assert set(_open(operation, Act.CHECK, EXECUTOR, assigned=False).values()) == {"not-assigned-to-you"}


def test_the_state_bodys_answer_is_recorded_by_the_executor(operation: Operation) -> None:
    assert set(_open(operation, Act.ASK, EXECUTOR).values()) == {""}
    assert set(_open(operation, Act.ASK, frozenset({Role.STATE_BODY})).values()) == {"role-may-not"}


def test_a_visa_asks_for_the_performer_of_the_next_step(operation: Operation) -> None:
    for step in operation.steps:
        openings = engine.open_outcomes(
            operation, step.id, roles=frozenset({step.performer}), assigned=True, answer=None
        )
        for opening in openings:
            following = opening.outcome.next and operation.step(opening.outcome.next).performer
            assert opening.assigns == (following if step.act is Act.ASSIGN else None)


def test_the_guard_refuses_with_the_code_the_button_showed(operation: Operation) -> None:
    for step in operation.steps:
        for roles in (frozenset({role}) for role in Role):
            for assigned in (True, False):
                for opening in engine.open_outcomes(
                    operation, step.id, roles=roles, assigned=assigned, answer=None
                ):
                    _guard_agrees(operation, step.id, opening, roles, assigned)


def _guard_agrees(
    operation: Operation, step_id: str, opening: engine.Opening, roles: frozenset[Role], assigned: bool
) -> None:
    outcome_id = opening.outcome.id
    if opening.open:
        chosen = engine.choose(operation, step_id, outcome_id, roles=roles, assigned=assigned, answer=None)
        assert chosen is opening.outcome
        return
    with pytest.raises(NotAllowed) as caught:
        engine.choose(operation, step_id, outcome_id, roles=roles, assigned=assigned, answer=None)
    assert caught.value.code == opening.why_not


def test_an_unknown_outcome_or_step_is_a_defect(operation: Operation) -> None:
    with pytest.raises(KeyError):
        engine.choose(
            operation, _at(operation, Act.SIGN), "nothing", roles=frozenset(), assigned=True, answer=None
        )
    with pytest.raises(KeyError):
        engine.open_outcomes(operation, "nowhere", roles=frozenset(), assigned=True, answer=None)
    with pytest.raises(KeyError):
        engine.open_moves(operation, "nowhere", roles=frozenset())


def test_office_moves_are_open_where_the_pack_says(operation: Operation) -> None:
    head = frozenset({Role.HEAD})
    sign = _at(operation, Act.SIGN)
    move = engine.choose_move(operation, sign, OfficeMove.RETURN_FOR_REWORK, roles=head)
    assert move.next == _at(operation, Act.DECIDE)
    with pytest.raises(NotAllowed, match="role-may-not"):
        engine.choose_move(operation, sign, OfficeMove.RETURN_FOR_REWORK, roles=EXECUTOR)
    with pytest.raises(NotAllowed, match="move-not-open-here"):
        engine.choose_move(operation, _at(operation, Act.CHECK), OfficeMove.RETURN_FOR_REWORK, roles=head)
    assert engine.open_moves(operation, _at(operation, Act.DELIVER), roles=head) == ()
    openings = engine.open_moves(operation, _at(operation, Act.ASK), roles=EXECUTOR)
    assert {opening.move.move: opening.why_not for opening in openings} == {
        OfficeMove.WITHDRAW: "role-may-not",
        OfficeMove.CORRECT: "",
        OfficeMove.REASSIGN: "role-may-not",
    }


def test_a_channel_that_is_not_offered_has_no_first_step() -> None:
    whole = load_text(TEXT, name="wko").service("medical").operation("issue")
    operation = replace(
        whole,
        channels=(Channel.PORTAL, Channel.OFFICE),
        total_terms=tuple(
            total for total in whole.total_terms if Channel.STATE_CORPORATION not in total.channels
        ),
    )
    assert engine.first_step(operation, Channel.PORTAL).act is Act.ACCEPT
    assert engine.total_term(operation, Channel.STATE_CORPORATION) is None
    with pytest.raises(KeyError):
        engine.first_step(operation, Channel.STATE_CORPORATION)


def test_notes_stand_where_they_bite(operation: Operation) -> None:
    told = {step.act: len(engine.notes_at(operation, step.id, Channel.PORTAL)) for step in operation.steps}
    assert told[Act.SIGN] == 2  # who signs (28), and that others have one hour for it (3)
    assert told[Act.ASK] == 1


def test_a_note_of_one_channel_is_told_there_alone(operation: Operation) -> None:
    """Of the whole: the counter rests on items 2 and 3; the day before is the State corporation's; the reserve is all's."""
    words = {
        channel: " ".join(note.text.ru for note in engine.notes_at(operation, None, channel))
        for channel in operation.channels
    }
    counter, handed, all_of_them = "Канал «канцелярия»", "за один день до срока", "остаётся запас"
    assert {channel for channel in words if counter in words[channel]} == {Channel.OFFICE}
    assert {channel for channel in words if handed in words[channel]} == {Channel.STATE_CORPORATION}
    assert {channel for channel in words if all_of_them in words[channel]} == set(operation.channels)
    told = {note: operation.step(note.where).channels for note in operation.notes if note.where}
    for channel in operation.channels:
        here = {note for note in engine.notes_of(operation, channel) if note.where}
        assert here == {
            note
            for note, channels in told.items()
            if channel in (channels or operation.channels)
            and channel in (note.channels or operation.channels)
        }
    assert {channels for channels in told.values() if channels} == {
        (Channel.STATE_CORPORATION,),
        (Channel.PORTAL,),
    }
