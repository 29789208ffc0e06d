"""What a system said and what became of a package, written past the program: refused by the database itself."""

import pytest

from tests.guards import honest
from tests.guards.ground import Ground, entry

_RECORD = {
    "case_id": "%(check_case)s",
    "system": "'rpn'",
    "question": "'{}'",
    "heard": "'answered'",
    "way": "'by_hand'",
    "answer": "'{}'",
    "number": "''",
    "reason": "''",
    "note": "''",
    "evidence_name": "''",
    "evidence_sha256": "NULL",
    "document_id": "NULL",
    "recorded_at": "%(at)s",
    "recorded_by": "%(clerk)s",
}


def _recorded(ground: Ground, **changes: str) -> str:
    row = honest.insert("exchange_record", {**_RECORD, **changes})
    touch = "UPDATE case_file SET version = version + 1, step_entered_at = step_entered_at WHERE id = %(check_case)s"
    claim = ("record_system", ground.cases["check"])
    return ground.attempt("clerk", claim, row, touch, entry("system-answered", "check_case"))


def test_an_answer_by_hand_is_taken(ground: Ground) -> None:
    assert _recorded(ground) == ""


@pytest.mark.parametrize(
    ("column", "value", "code"),
    [
        ("heard", "'perhaps'", "LC060"),
        ("way", "'dream'", "LC060"),
        ("document_id", "(SELECT min(id) FROM case_document)", "LC060"),
        ("case_id", "%(decide_case)s", "LC015"),
        ("recorded_by", "%(head)s", "LC017"),
        ("recorded_at", "%(at)s::timestamptz - interval '1 day'", "LC045"),
        ("evidence_sha256", "%(request_sha256)s", "LC035"),
    ],
)
def test_one_wrong_thing_of_an_answer(ground: Ground, column: str, value: str, code: str) -> None:
    assert _recorded(ground, **{column: value}) == code


def _package(**changes: str) -> list[str]:
    words = "PK of a package"
    row = {
        "package_id": "'p-1'",
        "content_sha256": honest.content(words)["sha256"],
        "file_name": "'p.zip'",
        "regulation_sha256": "(SELECT sha256 FROM regulation_text WHERE regulation = 'wko-2018-139' LIMIT 1)",
        "service": "'medical'",
        "operation": "'issue'",
        "channel": "'portal'",
        "identifier": "'210440038887'",
        "holder_kk": "'x'",
        "holder_ru": "'x'",
        "request": "'{}'",
        "sender": "'{}'",
        "checks": "'[]'",
        "checked_at": "%(at)s",
        "came_at": "%(at)s",
        "came_by": "%(clerk)s",
        "state": "'waiting'",
        "settled_at": "NULL",
        "settled_by": "NULL",
        "case_id": "NULL",
        "document_id": "NULL",
        **changes,
    }
    kept = [honest.insert(table, values) for table, values in honest.blob(words).values()]
    return [*kept, honest.insert("incoming_package", row)]


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({}, ""),
        ({"state": "'refused'"}, "LC061"),
        ({"case_id": "%(check_case)s"}, "LC061"),
        ({"came_by": "%(head)s"}, "LC017"),
        ({"came_at": "%(at)s::timestamptz - interval '1 day'"}, "LC045"),
        ({"content_sha256": "%(request_sha256)s"}, "LC035"),
    ],
)
def test_a_package_comes_whole_and_waits(ground: Ground, changes: dict[str, str], code: str) -> None:
    steps = _package(**changes)
    assert ground.attempt("clerk", ("receive_package", None), *steps, entry("package-received")) == code


def test_a_package_is_not_settled_by_the_command_that_brings_it(ground: Ground) -> None:
    settled = "UPDATE incoming_package SET state = 'refused'"
    steps = [*_package(), settled, entry("package-received")]
    assert ground.attempt("clerk", ("receive_package", None), *steps) == "LC014"
