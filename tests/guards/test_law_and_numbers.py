"""What the database knows of the law and of numbers is what the program knows, word for word."""

import psycopg
import pytest
from sqlalchemy import text

from desktop.cases.numbers import template_problem, written
from desktop.store.authority import laws
from tests.guards.ground import Ground

FORGED = {
    "a move more": (
        "INSERT INTO law_move (regulation_sha256, service, operation, step, outcome, effect, next, needs_answer,"
        " signed_later) SELECT sha256, 'medical', 'issue', 'visa', 'on', 'forward', 'delivery', '', false"
        " FROM regulation_text WHERE regulation = 'wko-2018-139'",
        "unexpected: law_move",
    ),
    "a move less": ("DELETE FROM law_move WHERE outcome = 'grant'", "missing: law_move"),
    "another performer": (
        "UPDATE law_step SET performer = 'clerk' WHERE act = 'sign'",
        "unexpected: law_step",
    ),
    "a role more": (
        "INSERT INTO law_office_move SELECT regulation_sha256, service, operation, move, step, 'auditor', next"
        " FROM law_office_move WHERE move = 'withdraw'",
        "unexpected: law_office_move",
    ),
    "another beginning": ("UPDATE law_start SET step = 'signature'", "unexpected: law_start"),
    "no signature needed": (
        "UPDATE law_move SET signed_later = false WHERE signed_later",
        "unexpected: law_move",
    ),
    "another text": ("UPDATE regulation_text SET content = content || ' '", "the text is another"),
}


@pytest.mark.parametrize(("words", "told"), FORGED.values(), ids=FORGED.keys())
def test_moves_that_are_not_the_texts_own_are_seen_by_anybody(ground: Ground, words: str, told: str) -> None:
    with ground.store.engine.connect() as connection:
        assert list(laws.differences(connection)) == []
        connection.execute(text(words))
        connection.execute(text(f"SET LOCAL SESSION AUTHORIZATION {ground.store.prefix}_clerk"))
        found = list(laws.differences(connection))
        connection.rollback()
    assert any(told in line for line in found), found


TEMPLATES = (
    "{year}-{sequence:06d}",
    "{sequence}/{year}",
    "{year2}{sequence:06d}",
    "№ {sequence:d} ({year2})",
    "{sequence:4d}-{year}",
    "{sequence:0d}/{year2}",
    "{sequence:01d}{year}{sequence:03d}",
    "КЗ-%s-{year}.{sequence}\\{year2}",
)


@pytest.mark.parametrize("template", TEMPLATES)
def test_a_number_is_written_alike(ground: Ground, template: str) -> None:
    assert template_problem(template) is None
    with psycopg.connect(ground.url) as connection:
        for year in (2009, 2018, 2100):
            for sequence in (1, 42, 999_999, 1_234_567):
                told = connection.execute("SELECT number_written(%s, %s, %s)", (template, year, sequence))
                assert told.fetchone() == (written(template, year, sequence),)
