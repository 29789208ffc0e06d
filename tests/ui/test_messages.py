"""A code becomes a sentence."""

from datetime import UTC, date, datetime

from desktop.errors import Unavailable
from desktop.regulation.model import Text
from desktop.ui.messages import say, sentence


def test_a_sentence_carries_its_facts(language):
    error = Unavailable("database-in-use", path="/srv/office.sqlite", who="WS-2")
    assert "/srv/office.sqlite" in sentence(error)
    assert "WS-2" in sentence(error, "ru")
    assert "открыта" in sentence(error, "ru")


def test_the_windows_language_is_used_when_none_is_named(language):
    language.switch("kk")
    assert "сақталған жоқ" in say("defect")


def test_values_that_look_like_formats_stay_as_they_are(language):
    assert "{path}" in say("database-in-use", {"path": "{path}{0.__class__}", "who": "%s"})


def test_dates_moments_and_legal_texts_read_as_words(language):
    said = say(
        "case-moved-on",
        {"number": 1, "who": Text("Айгүл", "Айгуль"), "when": datetime(2018, 7, 2, 9, 5, tzinfo=UTC)},
        "ru",
    )
    assert "Айгуль" in said
    assert "02.07.2018 09:05" in said
    assert "02.07.2018" in say("no-working-hours", {"day": date(2018, 7, 2)}, "kk")


def test_a_missing_fact_and_a_missing_sentence_do_not_break_the_window(language):
    assert "…" in say("database-in-use", {"path": "x"})
    assert "brand-new-code" in say("brand-new-code")


def test_our_defect_says_no_more_than_the_person_needs(language):
    assert "KeyError" not in sentence(KeyError("x"))


def test_sums_are_grouped_as_money_is_written(language):
    said = say("fee-too-low", {"paid": 3250, "due": 43250}, "en")
    assert said == "3\u00a0250 tenge were paid, 43\u00a0250 are due."
