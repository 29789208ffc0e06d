"""Marks beside an item: what a paper cites, what the summary tells apart, and what no sum is made by."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from desktop.regulation import marks
from desktop.regulation.loader import load_text, shipped
from desktop.regulation.summary import as_json, due_as_json
from desktop.regulation.terms import default_calendar

ZHAMBYL = dict(shipped())["zhambyl-2015-173.toml"]
KEY = "other_law = true\n"


@pytest.mark.parametrize(
    ("clause", "cited", "inferred"),
    [
        ("7(3)", "7(3)", False),
        ("5(4); [K]", "5(4)", True),
        ("4; [K] Стандарт 9", "4; Стандарт 9", True),
        ("[K] Салық кодексі", "Салық кодексі", True),
        ("5(5), 6(5) [I]", "5(5), 6(5)", True),
        ("202-V, 25(3)", "202-V, 25(3)", True),
        ("9 [F]", "9", True),
        ("[I]", "", True),
    ],
)
def test_what_a_clause_says(clause: str, cited: str, inferred: bool) -> None:
    assert marks.cited(clause) == cited
    assert marks.inferred(clause) is inferred


def due(text: str) -> str:
    told = due_as_json(
        [load_text(text, name="zhambyl")],
        default_calendar(ZoneInfo("Asia/Oral")),
        regulation="zhambyl-2015-173",
        service="medical",
        operation="issue",
        channel="portal",
        received=datetime(2015, 10, 5, 10, 0),
    )
    assert told["of_steps"]
    return str(told["due"])


def test_the_term_of_another_law_is_left_out_of_the_sum_by_its_key_alone() -> None:
    """By hand: 15 min, 3 h, 3 h on the 5th; days 6 and 7; 8 to 27; three hours of the 28th. Ten days more: 11 November."""
    assert ZHAMBYL.count(KEY) == 2
    assert due(ZHAMBYL) == "2015-10-28T12:00"
    assert due(ZHAMBYL.replace("202-V, 25(2) [K]", "5(4)")) == "2015-10-28T12:00"
    assert due(ZHAMBYL.replace(KEY, "")) == "2015-11-11T12:00"


def test_the_summary_tells_it() -> None:
    (told,) = as_json([load_text(ZHAMBYL, name="zhambyl")])
    steps = [step for operation in told["services"][0]["operations"] for step in operation["steps"]]
    assert [step["act"] for step in steps if step.get("other_law")] == ["ask"]
