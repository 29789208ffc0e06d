"""The guard of what becomes of a licence: a decision with its day, or nothing."""

import pytest

from tests.guards.ground import Ground, Step, entry

_CLAIMED = "UPDATE command SET case_id = %(licence_case)s WHERE id = %(command)s"
_OF_CASE = "(SELECT id FROM licence WHERE case_id = %(licence_case)s)"


def _steps(**changes: str) -> list[Step]:
    facts = {
        "licence_id": _OF_CASE,
        "case_id": "%(licence_case)s",
        "status": "'terminated'",
        "ground": "'term-expired'",
        "decided_by": "'law'",
        "decision_number": "''",
        "from_on": "(%(at)s::timestamptz AT TIME ZONE 'Asia/Oral')::date",
        "note": "''",
        "recorded_at": "%(at)s",
        "recorded_by": "%(department_head)s",
        **changes,
    }
    return [
        _CLAIMED,
        f"INSERT INTO licence_change ({', '.join(facts)}) VALUES ({', '.join(facts.values())})",
        f"UPDATE licence SET status = 'terminated' WHERE id = {_OF_CASE}",
        entry("licence-terminated", "licence_case"),
    ]


def _attempt(ground: Ground, steps: list[Step], by: str = "department_head") -> str:
    return ground.attempt(by, ("change_licence", None), *steps)


def test_a_right_decision_by_hand_is_taken(ground: Ground) -> None:
    ground.tried("department_head", ("change_licence", None), *_steps())


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"ground": "'revoked'", "decided_by": "'licensor'"}, "LC066"),  # no decision behind it
        ({"ground": "'whim'"}, "LC066"),
        ({"decided_by": "'court'"}, "LC066"),
        ({"status": "'resumed'"}, "LC066"),
        ({"from_on": "(%(at)s::timestamptz AT TIME ZONE 'Asia/Oral')::date + 1"}, "LC067"),
        ({"from_on": "(%(at)s::timestamptz AT TIME ZONE 'Asia/Oral')::date - 1"}, "LC067"),
        ({"recorded_at": "%(at)s::timestamptz - interval '1 hour'"}, "LC045"),
        ({"recorded_by": "%(head)s"}, "LC017"),
        ({"case_id": "%(sign_case)s"}, "LC015"),
    ],
)
def test_one_wrong_thing_is_refused_for_that_thing(ground: Ground, changes, code) -> None:
    assert _attempt(ground, _steps(**changes)) == code


def test_the_register_and_the_journal_agree_with_it(ground: Ground) -> None:
    learnt, row, state, told = _steps()
    assert _attempt(ground, [learnt, row, told]) == "LC066"
    assert _attempt(ground, [learnt, state, told]) == "LC066"
    assert _attempt(ground, [learnt, told]) == "LC047"
    assert _attempt(ground, [learnt, row, state]) == "LC043"
