"""Every event of the journal is a sentence in each language, and nothing unknown is hidden."""

from dataclasses import replace
from datetime import datetime

import pytest

from desktop.cases.journal import Event
from desktop.queries.case_card import case_card
from desktop.queries.rows import JournalRow
from desktop.ui import journal_sentences
from tests.clock import OFFICE_ZONE

ROW = JournalRow(
    entry_id=1,
    at=datetime(2018, 7, 2, 10, 0, tzinfo=OFFICE_ZONE),
    actor="clerk",
    actor_name="Кеңсебаева Гүлнәр",
    on_behalf="",
    workstation="WS-1",
    event=Event.REGISTERED,
    case_id=1,
    case_number="2018-000001",
    step=None,
    facts={},
)


@pytest.mark.parametrize("code", ["kk", "ru", "en"])
@pytest.mark.parametrize("event", list(Event))
def test_every_event_has_a_sentence(language, event, code):
    language.switch(code)
    told = journal_sentences.sentence(replace(ROW, event=event), language)
    assert told
    assert "{" not in told


def test_an_event_of_a_newer_program_is_shown_as_it_is(language):
    told = journal_sentences.sentence(replace(ROW, event="flown-away", facts={"to": "Мars"}), language)
    assert told == "flown-away to: Мars"


def test_changes_are_told_old_and_new(language):
    facts = {"changes": {"site": ["Абай, 1", "Абай, 7"], "brand_new": ["a", "b"]}, "reason": "қате"}
    told = journal_sentences.sentence(replace(ROW, event=Event.CORRECTED, facts=facts), language)
    assert told == (
        "Particulars corrected. Site of the activity: “Абай, 1” → “Абай, 7”; brand_new: “a” → “b”. Reason: қате"
    )


def test_a_change_of_what_the_act_asks_for_is_told_in_its_words(language):
    facts = {
        "changes": {"details.why": ["", "name"], "details.since": ["2018-06-01", "2018-06-02"]},
        "titles": {
            "details.why": ["Негіздеме", "Основание"],
            "name": ["атауы өзгерді", "смена наименования"],
            "details.since": ["Қашан", "Когда"],
        },
        "reason": "қате",
    }
    language.switch("ru")
    told = journal_sentences.sentence(replace(ROW, event=Event.CORRECTED, facts=facts), language)
    assert "Основание: «» → «смена наименования»" in told
    assert "Когда: «1 июня 2018" in told
    assert "2018-06" not in told


def test_who_stands_in_for_the_head_is_told(language):
    row = replace(ROW, on_behalf="Басшыбаев (№ 5, 01.07.2018)")
    assert journal_sentences.who(row, language) == (
        "Кеңсебаева Гүлнәр, in the stead of Басшыбаев (№ 5, 01.07.2018) · WS-1"
    )


@pytest.mark.parametrize("end", ["licence", "refusal", "termination", "withdrawn"])
@pytest.mark.parametrize("code", ["kk", "ru", "en"])
def test_the_story_of_a_case_has_every_fact_its_sentences_need(store, people, case_at, language, end, code):
    language.switch(code)
    history = case_card(store, people.auditor, case_id=case_at(end)).history
    told = [journal_sentences.sentence(row, language) for row in history]
    assert len(told) >= 2
    assert not [one for one in told if "…" in one or "{" in one], told


@pytest.mark.parametrize("event", [Event.SIGNED, Event.CHECKPOINT_SIGNED])
def test_who_told_of_revocation_is_read_with_the_signature(language, event):
    """Signed with a note: why nobody told stands in the journal, in words."""
    language.switch("ru")

    def told(**facts):
        return journal_sentences.sentence(replace(ROW, event=event, facts=facts), language)

    assert "центр не ответил" in told(revocation="revocation-unreached")
    assert "OCSP" in told(revocation="ocsp")
    assert "отзыв" not in told(revocation="")
