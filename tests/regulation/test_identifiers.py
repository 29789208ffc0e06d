"""ИИН and БИН: the kind, the faults that cannot be, and the faults that may be confirmed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.regulation.identifiers import check_digit, is_impossible, kind_of, problem


def test_numbers_known_to_be_right() -> None:
    assert (kind_of("210440038887"), problem("210440038887")) == ("bin", None)
    assert (kind_of("061211600012"), problem("061211600012")) == ("iin", None)


@pytest.mark.parametrize(
    ("digits", "code", "impossible"),
    [
        ("", "identifier-length", True),
        ("21044003888", "identifier-length", True),
        ("2104400388877", "identifier-length", True),
        ("21044003888a", "identifier-digits", True),
        ("２１０４４００３８８８７", "identifier-digits", True),
        ("²10440038887", "identifier-digits", True),
        (" 10440038887", "identifier-digits", True),
        ("210470038887", "identifier-kind", True),
        ("061311600012", "identifier-date", True),
        ("060230600012", "identifier-date", True),
        ("211340038887", "identifier-date", True),
        ("123456789012", "identifier-date", True),
        ("210440038886", "identifier-check-digit", False),
        ("970740002414", "identifier-check-digit", False),
        ("061211600013", "identifier-check-digit", False),
    ],
)
def test_a_fault_has_its_code(digits: str, code: str, impossible: bool) -> None:
    assert problem(digits) == code
    assert is_impossible(code) is impossible


def test_leap_days_follow_the_century() -> None:
    assert problem(_with_check("00022950000")) is None
    assert problem(_with_check("00022930000")) == "identifier-date"  # 1900 was no leap year


def test_odd_centuries_and_units_are_only_to_be_confirmed() -> None:
    for body, code in (("85010101234", "identifier-century"), ("21044903888", "identifier-unit")):
        assert problem(_with_check(body)) == code
        assert not is_impossible(code)


def test_a_body_without_a_control_digit_is_to_be_confirmed() -> None:
    body = next(
        body for body in (f"9001013{serial:04d}" for serial in range(10000)) if check_digit(body) is None
    )
    assert {problem(f"{body}{digit}") for digit in range(10)} == {"identifier-check-digit"}


@given(st.text(max_size=14))
def test_any_text_gets_an_answer(text: str) -> None:
    assert (kind_of(text) is None) <= is_impossible(problem(text))


def _with_check(body: str) -> str:
    return f"{body}{check_digit(body)}"


@given(st.integers(0, 9))
def test_a_wrong_control_digit_is_always_noticed(digit: int) -> None:
    assert (problem(f"21044003888{digit}") is None) == (digit == 7)
