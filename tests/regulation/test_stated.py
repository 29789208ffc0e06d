"""What is stated in both state languages: each of the closed lists is worded, and both languages state the same facts."""

import re

import pytest

from desktop.regulation.model import Channel
from desktop.regulation.package_checks import Check, Found, Verdict, worded
from desktop.regulation.stated import all_stated, stated
from desktop.regulation.systems import System


@pytest.mark.parametrize(("about", "codes"), [("channel", Channel), ("system", System)])
def test_every_item_of_a_closed_list_is_worded(about, codes):
    assert set(all_stated()[about]) == {one.value for one in codes}


def test_both_languages_state_the_same_facts():
    for about, texts in all_stated().items():
        for code, text in texts.items():
            if (about, code) == ("day", "off"):  # the calendar's own name is Kazakh, and tells the day
                continue
            assert text.kk.strip()
            assert text.ru.strip()
            assert re.findall(r"\{\w+\}", text.kk) == re.findall(r"\{\w+\}", text.ru), (about, code)


def test_a_fact_with_braces_stays_as_it_is():
    assert stated("package", "package-file-changed", file="{due}.pdf").ru.endswith("{due}.pdf.")


def test_what_no_paper_tells_is_not_worded():
    assert worded(Found(Check.FEE, Verdict.FAILED, "something-else", ())) is None
    assert (
        "теңге"
        in worded(Found(Check.FEE, Verdict.FAILED, "package-fee-too-low", (("paid", "1"), ("due", "2")))).kk
    )
