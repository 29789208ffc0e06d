"""A sitting and a hearing written past the program: taken when they are right, refused by the database when not."""

import pytest

from tests.guards import honest
from tests.guards.ground import Ground, entry

_SITTING = {
    "case_id": "%(attest_case)s",
    "held_on": "'2018-06-11'",
    "test_score": "80",
    "test_max": "100",
    "interview_kk": "'x'",
    "interview_ru": "'x'",
    "votes": "json_build_array(json_build_object('person_id', %(commission)s, 'vote', 'for'))",
    "passed": "true",
    "note_kk": "''",
    "note_ru": "''",
    "recorded_at": "%(at)s",
    "recorded_by": "%(secretary)s",
}
_HEARING = {
    "case_id": "%(hear_case)s",
    "held_on": "'2018-06-11'",
    "came": "false",
    "minutes": "'x'",
    "recorded_at": "%(at)s",
    "recorded_by": "%(executor)s",
}


@pytest.mark.parametrize(
    ("column", "value", "code"),
    [
        ("passed", "true", "LC047"),  # right so far; the case did not move
        ("passed", "false", "LC056"),
        ("test_score", "-1", "LC056"),
        ("test_max", "0", "LC056"),
        ("held_on", "'2018-06-12'", "LC056"),
        ("held_on", "'2017-06-12'", "LC056"),
        ("votes", "'[]'", "LC056"),
        ("case_id", "%(decide_case)s", "LC015"),
        ("recorded_by", "%(executor)s", "LC017"),
        ("recorded_at", "%(at)s::timestamptz - interval '1 day'", "LC045"),
    ],
)
def test_one_wrong_thing_of_a_sitting(ground: Ground, column: str, value: str, code: str) -> None:
    row = honest.insert("sitting", {**_SITTING, column: value})
    claim = ("attest", ground.cases["attest"])
    assert ground.attempt("secretary", claim, row, entry("attested", "attest_case")) == code


@pytest.mark.parametrize(
    ("column", "value", "code"),
    [
        ("came", "true", "LC047"),
        ("minutes", "''", "LC057"),
        ("held_on", "'2018-06-12'", "LC057"),
        ("case_id", "%(decide_case)s", "LC015"),
        ("recorded_by", "%(head)s", "LC017"),
    ],
)
def test_one_wrong_thing_of_a_hearing(ground: Ground, column: str, value: str, code: str) -> None:
    row = honest.insert("hearing", {**_HEARING, column: value})
    claim = ("hear", ground.cases["hear"])
    assert ground.attempt("executor", claim, row, entry("heard", "hear_case")) == code
